package users

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tarn/server/scram"
)

const good = "SCRAM-SHA-256$4096:DQqPhPp8fsRBZMiPzxPpbQ==$oXCfQKHa+OD/GAW9qpldDioPiRxE7/tthjvvUsCOoCY=:9uLcNTQtdiXIhjnhax0nlC0JkHS194JM/qndJl4t3lM="

func verifier(t *testing.T) *scram.Verifier {
	t.Helper()
	v, err := scram.ParseVerifier(good)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse(t *testing.T) {
	list, err := parse("# people\n\nann:" + good + "\r\n  # a machine\nbi tool: " + good + "\n")
	if err != nil || !slices.Equal(list.Names(), []string{"ann", "bi tool"}) {
		t.Fatalf("%v, %v", list.Names(), err)
	}
	if want := "# people\n\nann:" + good + "\n  # a machine\nbi tool:" + good + "\n"; list.String() != want {
		t.Errorf("written as\n%s", list)
	}
	_, err = parse("ann\n:" + good + "\nbob:md5abc\nann:" + good + "\nann:" + good + "\n é:" + good + "\n" + strings.Repeat("x", 64) + ":" + good)
	for _, want := range []string{"line 1: no colon", "line 2: a user needs a name", `line 3: user "bob"`, "tarn user passwd bob", `line 5: user "ann" is in line 4`, "line 6", "line 7: the user name"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}

func TestEdit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	add := func(name string) error {
		return Edit(path, func(l *List) error { l.Set(name, verifier(t)); return nil })
	}
	if err := errors.Join(add("ann"), add("bob"), add("ann")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	refuse := errors.New("no")
	if err := Edit(path, func(l *List) error { l.Remove("ann"); return refuse }); err != refuse {
		t.Errorf("a change that fails: %v", err)
	}
	list, err := Read(path)
	if err != nil || !slices.Equal(list.Names(), []string{"ann", "bob"}) {
		t.Fatalf("%v, %v", list, err)
	}
	if !list.Remove("ann") || list.Remove("ann") || list.Find("ann") != nil || list.Find("bob") == nil {
		t.Error("Remove does not remove")
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others may read: %v", err)
	}
	if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := add("eve"); err == nil || !strings.Contains(err.Error(), "users.new") {
		t.Errorf("two edits at once: %v", err)
	}
}

// TestLive changes the file under a server's hands.
func TestLive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	if _, err := Open(path, true, nil, log); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "tarn user add") {
		t.Errorf("a file that is named must be there: %v", err)
	}
	l, err := Open(path, false, []byte("secret"), log)
	if err != nil || l.Asked() {
		t.Fatalf("%v; without a file nobody is asked", err)
	}
	edit := func(change func(l *List)) {
		t.Helper()
		if err := Edit(path, func(l *List) error { change(l); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	edit(func(l *List) { l.Set("ann", verifier(t)) })
	if !l.Asked() || l.Find("ann").String() != good {
		t.Error("a new user is not seen")
	}
	if a, b := l.Find("eve").String(), l.Find("eve").String(); a != b || a == good {
		t.Errorf("an unknown user: %s, then %s", a, b)
	}
	if err := os.WriteFile(path, []byte("ann:nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.Find("ann")
	if l.Find("ann").String() != good || strings.Count(said.String(), "stay as they were") != 1 {
		t.Errorf("a wrong file: said %s", said.String())
	}
	if err := os.WriteFile(path, []byte("# nobody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if !l.Asked() || l.Find("ann").String() == good {
		t.Error("with the last user gone everyone is let in, or ann still is")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if !l.Asked() || !strings.Contains(said.String(), "nobody can log in") {
		t.Errorf("without the file: said %s", said.String())
	}
}

// FuzzParse reads arbitrary files; what is taken is written so that it is read again.
func FuzzParse(f *testing.F) {
	f.Add("# people\nann:" + good + "\r\n\nbob: " + good)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parse(text)
		if err != nil {
			return
		}
		again, err := parse(list.String())
		if err != nil || !slices.Equal(again.Names(), list.Names()) {
			t.Errorf("%q is written as %q, which is read as %v, %v", text, list, again, err)
		}
	})
}
