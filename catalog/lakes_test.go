package catalog

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var rewrite = flag.Bool("rewrite", false, "write what the tests get into testdata")

// goldenLakes runs a test for each archive that a pattern finds: its last part, want, is what got must return for a lake of the
// other parts, the files.
func goldenLakes(t *testing.T, pattern string, got func(t *testing.T, files map[string]string) string) {
	archives, err := filepath.Glob(pattern)
	if err != nil || len(archives) == 0 {
		t.Fatal("no lakes in testdata", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := &a.Files[len(a.Files)-1]
			if want.Name != "want" {
				t.Fatalf("the last part of %s is %q, not want", name, want.Name)
			}
			files := map[string]string{}
			for _, f := range a.Files[:len(a.Files)-1] {
				files[f.Name] = string(f.Data)
			}
			text := got(t, files)
			if *rewrite {
				want.Data = []byte(text)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(string(want.Data), text); d != "" {
				t.Errorf("the lake differs (-want +got):\n%s", d)
			}
		})
	}
}

// TestLakes crawls the lakes of testdata/lakes, whose files are as fake reads them, and compares their tables.
func TestLakes(t *testing.T) {
	goldenLakes(t, "testdata/lakes/*.txtar", func(t *testing.T, files map[string]string) string {
		c, _ := mustOpen(t, newLake(t, files), Options{})
		checkReloaded(t, c)
		checkShuffled(t, c)
		return dump(c.Snapshot())
	})
}

// checkReloaded compares the snapshot with what a new process makes of the store.
func checkReloaded(t *testing.T, c *Catalog) {
	t.Helper()
	again, k := mustOpen(t, c.root.Dir(), Options{})
	if n := k.taken(); n > 0 {
		t.Errorf("opening an unchanged lake looked into %d files", n)
	}
	if d := cmp.Diff(dump(c.Snapshot()), dump(again.Snapshot())); d != "" {
		t.Errorf("the store holds other tables (-crawled +loaded):\n%s", d)
	}
	if a, b := c.Snapshot().Version, again.Snapshot().Version; a != b {
		t.Errorf("crawling made version %d, loading gave %d", a, b)
	}
	for i, x := range c.Snapshot().Tables {
		y := again.Snapshot().Tables[i]
		if x.ID != y.ID || x.Version != y.Version || x.ID == 0 {
			t.Errorf("table %s: ID %d version %d, loaded as %d and %d", x.Name, x.ID, x.Version, y.ID, y.Version)
		}
	}
}

// checkShuffled builds the tables from the records in other orders of creation.
func checkShuffled(t *testing.T, c *Catalog) {
	t.Helper()
	records := append([]*record(nil), c.now.Load().stored.records...)
	rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	sortRecords(records)
	s := &Snapshot{Tables: buildTables(records, "lake", c.now.Load().config), Skipped: c.Snapshot().Skipped}
	if d := cmp.Diff(dump(c.Snapshot()), dump(s)); d != "" {
		t.Errorf("the tables depend on the order of reading (-first +shuffled):\n%s", d)
	}
}
