package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestHotParquet makes copies of Parquet files on which statements have spent long, in the background, and of no others.
func TestHotParquet(t *testing.T) {
	dir := t.TempDir()
	const rows = " FROM range(1200000) r(i)" // of which a column of hashes takes 9.6 MB
	writeParquet(t, dir, "packed.parquet", "SELECT hash(i) AS h, i"+rows)
	writeParquet(t, dir, "small.parquet", "SELECT i AS few FROM range(1000) r(i)")
	runFree(t, "COPY (SELECT hash(i) AS plain"+rows+") TO '"+filepath.Join(dir, "plain.parquet")+"' (FORMAT parquet, COMPRESSION uncompressed)")
	past := time.Now().Add(-time.Hour)
	for _, name := range []string{"packed", "small", "plain"} {
		if err := os.Chtimes(filepath.Join(dir, name+".parquet"), past, past); err != nil {
			t.Fatal(err)
		}
	}
	const query = "SELECT max(h), sum(i) FROM packed"
	want := answer(uncachedSession(t, openWith(t, dir, t.TempDir(), Options{})), query)
	for name, c := range map[string]struct {
		opts    Options
		perByte float64 // ns that a statement took
		copies  int
	}{
		"long":       {Options{Background: true, CopyParquet: true}, 25, 1},
		"short":      {Options{Background: true, CopyParquet: true}, 15, 0},
		"not wanted": {Options{Background: true}, 25, 0},
		"no room":    {Options{Background: true, CopyParquet: true, CacheBytes: 12 << 20}, 25, 0},
	} {
		state := t.TempDir()
		db := openWith(t, dir, state, c.opts)
		s := uncachedSession(t, db)
		if name == "long" {
			got := answer(s, query)
			w := db.copies.work
			w.mu.Lock()
			noted := len(w.spent) + len(w.waiting) // on a busy machine the query alone may take long enough
			w.mu.Unlock()
			if got != want || noted+len(copiesIn(t, state)) == 0 {
				t.Errorf("%s: %s, want %s; the time that the file took was noted: %v", name, got, want, noted > 0)
			}
		}
		for _, table := range db.cat.Snapshot().Tables {
			db.wantCached(table, table.Files, c.perByte)
		}
		db.copies.work.wait()
		if got := copiesIn(t, state); len(got) != c.copies {
			t.Errorf("%s: copies %v, want %d", name, got, c.copies)
		}
		if got := strings.Contains(answer(s, "EXPLAIN "+query), "1 from the columnar cache"); got != (c.copies > 0) {
			t.Errorf("%s: the copy is read: %v", name, got)
		}
		if got := answer(s, query); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
