package catalog

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/storage"
)

// configParts are entries of which TestConfigLikeFresh makes files, by the section they are of.
var configParts = map[string][]string{
	"exclude":  {"- b/**", "- '**/*.json'", "- a/2.csv"},
	"include":  {"- '**'", "- '{a,b}/*'"},
	"defaults": {"csv: {nulls: ['', x]}", "on_reject: error"},
	"files":    {"- {glob: 'a/*', csv: {header: false}}", "- {glob: b/1.csv, csv: {delimiter: ';'}}", "- {glob: 'b/*', csv: {names: [u, v]}}", "- {glob: notes, csv: {delimiter: ' '}}"},
	"tables": {"a: {columns: {n: VARCHAR, zip: {name: code}}}", "b: {columns: {v: VARCHAR}}", "_1: {columns: {v: {type: INTEGER}}}", "c: {name: s.d, columns: {k: VARCHAR}}",
		"both: {files: ['a/1.csv', 'b/*.csv'], columns: {n: {name: m, type: INTEGER}, zip: BIGINT}}", "odd: {files: [c/**], on_reject: error}", "a._1: {columns: {n: DOUBLE}}"},
}

// randomConfig makes the text of a lake.yaml.
func randomConfig(r *rand.Rand) string {
	var b strings.Builder
	for _, section := range []string{"exclude", "include", "defaults", "files", "tables"} {
		if r.IntN(3) == 0 {
			continue
		}
		b.WriteString(section + ":\n")
		for _, part := range configParts[section] {
			if r.IntN(2) == 0 {
				b.WriteString("  " + part + "\n")
			}
		}
	}
	return b.String()
}

// TestConfigLikeFresh edits lake.yaml again and again, and moves and changes files: what the catalog then has must be what one
// that never saw the lake before makes of it.
func TestConfigLikeFresh(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	dir := newLake(t, map[string]string{
		"a/1.csv": "n,zip\n1,0150\n2,9000\n", "a/2.csv": "n,zip\n3,1\nx,2\n", "b/1.csv": "u;v\n1;2\n3;4\n", "b/2.csv": "5,6\n7,8\n", "b/3.csv": "9,x\n1,2\n",
		"c/k=1/x.json": `{"v": 1}`, "c/k=2/x.json": `{"v": "a"}`, "notes": "some words\nmore words\n",
	})
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var c *Catalog
	crawl := func(state string) (*Catalog, error) { return Open(t.Context(), root, Options{StateDir: state}) }
	state, wrong, rejected := t.TempDir(), 0, 0
	for step := range 60 {
		text := randomConfig(r)
		put(t, dir, map[string]string{"lake.yaml": text})
		if from, to := filepath.Join(dir, "a", "2.csv"), filepath.Join(dir, "b", "2.csv"); step%7 == 3 {
			for _, move := range [][2]string{{from, from + ".tmp"}, {to, from}, {from + ".tmp", to}} {
				if err := os.Rename(move[0], move[1]); err != nil {
					t.Fatal(err)
				}
			}
		}
		if c != nil && step%5 == 4 {
			c.Close()
			c = nil
		}
		fresh, err := crawl(t.TempDir())
		if err != nil {
			wrong++ // two tables of one file
			continue
		}
		if c == nil {
			if c, err = crawl(state); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
		} else {
			refresh(t, c)
		}
		if d := cmp.Diff(dump(fresh.Snapshot()), dump(c.Snapshot())); d != "" {
			t.Fatalf("step %d, lake.yaml:\n%s\ntables (-fresh +edited):\n%s", step, text, d)
		}
		mine, err := c.Rejects(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		its, err := fresh.Rejects(t.Context())
		if d := cmp.Diff(its, mine); d != "" || err != nil {
			t.Fatalf("step %d, lake.yaml:\n%s\nerror %v, rejects (-fresh +edited):\n%s", step, text, err, d)
		}
		rejected += len(its)
		fresh.Close()
	}
	if wrong > 30 || rejected == 0 {
		t.Errorf("%d of 60 files were wrong, %d rows were rejected", wrong, rejected)
	}
}
