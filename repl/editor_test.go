package repl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "history")
	h, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	entries := []string{`\dt`, "select 1,\n  'a\\nb'\n;", "select 2;"}
	for _, e := range append(entries, "select 2;") {
		if err := h.add(e); err != nil {
			t.Fatal(err)
		}
	}
	again, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(entries, again.entries); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %o", info.Mode().Perm())
	}
}

func TestHistoryIsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte(strings.Repeat("a;\nb;\n", historyLimit+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from the file that was cut
		h, err := openHistory(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.entries) != historyLimit || h.entries[historyLimit-1] != "b;" {
			t.Errorf("%d entries", len(h.entries))
		}
	}
	if _, err := openHistory(filepath.Join(path, "below-a-file")); err == nil {
		t.Error("no error for a folder that cannot be made")
	}
}
