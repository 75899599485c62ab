package catalog

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/storage"
)

// spoil runs SQL on the store of a lake.
func spoil(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, stateName, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedStore spoils the store in several ways; each time it is made again, with a notice.
func TestDamagedStore(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir, file string){
		"another file": func(t *testing.T, _, file string) {
			if err := os.WriteFile(file, []byte(strings.Repeat("no database\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"cut short": func(t *testing.T, _, file string) {
			if err := os.Truncate(file, 5000); err != nil {
				t.Fatal(err)
			}
		},
		"a record": func(t *testing.T, dir, _ string) {
			spoil(t, dir, "UPDATE files SET record = zeroblob(50) WHERE path = 'b.json'")
		},
		"a form":   func(t *testing.T, dir, _ string) { spoil(t, dir, "UPDATE forms SET form = '{' || id") },
		"no forms": func(t *testing.T, dir, _ string) { spoil(t, dir, "DELETE FROM forms") },
		"a table":  func(t *testing.T, dir, _ string) { spoil(t, dir, "DROP TABLE history", "DROP TABLE tables") },
		"older":    func(t *testing.T, dir, _ string) { spoil(t, dir, "PRAGMA user_version = 0") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := newLake(t, map[string]string{"a.csv": idName, "b.json": idDay})
			c, _ := mustOpen(t, dir, Options{})
			want := dump(c.Snapshot())
			c.Close()
			damage(t, dir, filepath.Join(dir, stateName, storeFile))
			c, k := mustOpen(t, dir, Options{})
			if d := cmp.Diff(want, dump(c.Snapshot())); d != "" {
				t.Errorf("tables differ (-before +after):\n%s", d)
			}
			if n := k.taken(); n != 2 {
				t.Errorf("looked into %d files, want 2", n)
			}
			if n := c.Notices(); len(n) != 1 || !strings.Contains(n[0], "read again") {
				t.Errorf("notices %q", n)
			}
			checkReloaded(t, c)
		})
	}
}

// TestRefusedStore checks that no other data is lost to the catalog.
func TestRefusedStore(t *testing.T) {
	for name, test := range map[string]struct {
		sql  []string
		want string
	}{
		"newer":   {[]string{"PRAGMA user_version = 99"}, "newer version"},
		"foreign": {[]string{"PRAGMA application_id = 5"}, "another program"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newLake(t, map[string]string{"a.csv": idName})
			c, _ := mustOpen(t, dir, Options{})
			c.Close()
			spoil(t, dir, test.sql...)
			if _, _, err := tryOpen(t, dir, Options{}); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--state") {
				t.Errorf("open returned %v", err)
			}
		})
	}
}

// TestStateDir checks where the catalog goes.
func TestStateDir(t *testing.T) {
	t.Run("in the lake", func(t *testing.T) {
		dir := newLake(t, map[string]string{"a.csv": idName})
		c, _ := mustOpen(t, dir, Options{})
		info, err := os.Stat(filepath.Join(dir, ".tarn"))
		if err != nil || info.Mode().Perm() != 0o700 || c.StateDir() != filepath.Join(c.Root().Dir(), ".tarn") {
			t.Errorf("state directory %s: %v %v", c.StateDir(), info, err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, ".tarn", ".gitignore")); string(text) != "*\n" {
			t.Errorf(".gitignore holds %q, %v", text, err)
		}
	})
	t.Run("cannot be in the lake", func(t *testing.T) {
		t.Setenv("XDG_CACHE_HOME", t.TempDir())
		t.Setenv("HOME", t.TempDir())
		dir := newLake(t, map[string]string{"a.csv": idName, ".tarn": "a file is in the way"})
		c, _ := mustOpen(t, dir, Options{})
		if n := c.Notices(); len(n) != 1 || !strings.Contains(n[0], c.StateDir()) || isInside(c.root, c.dir) {
			t.Errorf("kept in %s, notices %q", c.StateDir(), n)
		}
		checkReloaded(t, c)
	})
	t.Run("nowhere", func(t *testing.T) {
		t.Setenv("XDG_CACHE_HOME", "")
		t.Setenv("HOME", "")
		dir := newLake(t, map[string]string{"a.csv": idName, ".tarn": "a file is in the way"})
		if _, _, err := tryOpen(t, dir, Options{}); err == nil || !strings.Contains(err.Error(), "--state") {
			t.Errorf("open returned %v", err)
		}
	})
	t.Run("named", func(t *testing.T) {
		dir, state := newLake(t, map[string]string{"a.csv": idName}), filepath.Join(t.TempDir(), "x?y#z %41", "s")
		c, _ := mustOpen(t, dir, Options{StateDir: state})
		if _, err := os.Stat(filepath.Join(state, storeFile)); err != nil || c.StateDir() != state {
			t.Errorf("kept in %s, %v", c.StateDir(), err)
		}
		if _, err := os.Stat(filepath.Join(dir, stateName)); err == nil {
			t.Error("the lake has a state directory, too")
		}
		other := newLake(t, map[string]string{"b.csv": idName})
		if _, _, err := tryOpen(t, other, Options{StateDir: state}); err == nil || !strings.Contains(err.Error(), "another lake") {
			t.Errorf("a second lake with the same state directory: %v", err)
		}
	})
	t.Run("named inside the lake", func(t *testing.T) {
		dir := newLake(t, map[string]string{"a.csv": idName})
		for _, state := range []string{dir, filepath.Join(dir, "state")} {
			c, _ := mustOpen(t, dir, Options{StateDir: state})
			before := c.Snapshot()
			if r := refresh(t, c); !r.same || c.Snapshot() != before || r.Files != 1 {
				t.Errorf("state in %s: %s", state, r)
			}
			c.Close()
		}
	})
	t.Run("cannot be named", func(t *testing.T) {
		dir := newLake(t, map[string]string{"a.csv": idName, "b": "a file"})
		if _, _, err := tryOpen(t, dir, Options{StateDir: filepath.Join(dir, "b")}); err == nil || !strings.Contains(err.Error(), "--state") {
			t.Errorf("open returned %v", err)
		}
	})
}

// TestMovedLake moves a lake with its catalog: nothing is read again, and what is named after the root is renamed.
func TestMovedLake(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName, "b.csv": idName})
	c, _ := mustOpen(t, dir, Options{})
	c.Close()
	to := filepath.Join(filepath.Dir(dir), "pond")
	if err := os.Rename(dir, to); err != nil {
		t.Fatal(err)
	}
	c, k := mustOpen(t, to, Options{})
	if n := k.taken(); n != 0 || c.Snapshot().Lookup("public", "pond") == nil || len(c.Snapshot().Tables) != 1 {
		t.Errorf("looked into %d files, tables %s", n, dump(c.Snapshot()))
	}
	checkReloaded(t, c)
}

// TestSingleFile opens lakes of one file.
func TestSingleFile(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := newLake(t, map[string]string{"My Cities.csv": idName, "other.csv": idName, "bad.csv": "broken no end\n"})
	c, _ := mustOpen(t, filepath.Join(dir, "My Cities.csv"), Options{})
	if s := c.Snapshot(); len(s.Tables) != 1 || s.Lookup("public", "my_cities") == nil || len(c.Notices()) != 0 {
		t.Errorf("tables %s, notices %q", dump(s), c.Notices())
	}
	if _, err := os.Stat(filepath.Join(dir, stateName)); err == nil {
		t.Error("a state directory beside the file")
	}
	checkReloadedSingle(t, c)
	if _, _, err := tryOpen(t, filepath.Join(dir, "bad.csv"), Options{}); err == nil || !strings.Contains(err.Error(), "bad.csv") || !strings.Contains(err.Error(), "line 3: no end; mend it") {
		t.Errorf("a broken file opened with %v", err)
	}
}

func checkReloadedSingle(t *testing.T, c *Catalog) {
	t.Helper()
	root, err := storage.Open(lakePath(c.root))
	if err != nil {
		t.Fatal(err)
	}
	k := &fake{}
	again, err := open(t.Context(), root, Options{}, k.look)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if k.taken() != 0 || dump(again.Snapshot()) != dump(c.Snapshot()) {
		t.Errorf("loaded %s", dump(again.Snapshot()))
	}
}

// TestClosed uses a catalog after its end.
func TestClosed(t *testing.T) {
	c, _ := mustOpen(t, newLake(t, map[string]string{"a.csv": idName}), Options{})
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.Sync(t.Context()); err == nil {
		t.Error("Sync worked")
	}
	if _, err := c.Refresh(t.Context()); err == nil {
		t.Error("Refresh worked")
	}
	if len(c.Snapshot().Tables) != 1 {
		t.Error("the snapshot is gone")
	}
}
