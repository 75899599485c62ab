package repl

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocs checks that docs/repl.md lists the commands as \? does.
func TestDocs(t *testing.T) {
	var out bytes.Buffer
	r, err := New(&fakeSession{}, Options{Out: &out, Err: &out})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Exec(t.Context(), `\?`); err != nil {
		t.Fatal(err)
	}
	const file = "../docs/repl.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin = "-rewrite renews it -->\n```text\n"
	before, rest, ok := strings.Cut(string(text), begin)
	if !ok {
		t.Fatal("docs/repl.md has no place for the commands")
	}
	_, after, _ := strings.Cut(rest, "```\n")
	want := before + begin + out.String() + "```\n" + after
	if *rewrite {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, string(text)); d != "" {
		t.Errorf("docs/repl.md lacks what \\? says; go test ./repl -run TestDocs -rewrite\n%s", d)
	}
}
