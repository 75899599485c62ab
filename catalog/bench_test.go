package catalog

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// wide is a looker that finds 14 columns with statistics in every file, without reading it.
func wide(_ context.Context, _ *storage.Root, path string, _ *saying) (storage.Kind, *infer.File, error) {
	f := &infer.File{Rows: 1000, CSV: &infer.Dialect{Delimiter: ",", Header: true, MaxLine: int64(len(path))}}
	for i := range 14 {
		f.Columns = append(f.Columns, infer.Column{Name: fmt.Sprintf("column_%d", i), Type: sqltype.Of(sqltype.BigInt),
			Stats: infer.Stats{HasMinMax: true, Min: "-12345", Max: "1234567"}})
	}
	return storage.Kind{Format: storage.CSV}, f, nil
}

// makeFiles makes a lake of n files in partition folders of a hundred.
func makeFiles(b *testing.B, n int) *storage.Root {
	b.Helper()
	dir := b.TempDir()
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("events/day=%d", i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("part-%d.csv", i)), []byte("x"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	root, err := storage.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	return root
}

func benchmarkLake(b *testing.B, files int, run func(c *Catalog, root *storage.Root)) {
	root := makeFiles(b, files)
	c, err := open(b.Context(), root, Options{}, wide)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if len(c.Snapshot().Tables) != 1 || len(c.Snapshot().Tables[0].Files) != files {
		b.Fatal(dump(c.Snapshot())[:1000])
	}
	for b.Loop() {
		run(c, root)
	}
}

var lakeSizes = []int{10, 100_000}

// BenchmarkRecrawl crawls a lake in which nothing changed.
func BenchmarkRecrawl(b *testing.B) {
	for _, n := range lakeSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			benchmarkLake(b, n, func(c *Catalog, _ *storage.Root) {
				if r, err := c.Refresh(b.Context()); err != nil || !r.same {
					b.Fatal(r, err)
				}
			})
		})
	}
}

// BenchmarkOpen opens a lake in which nothing changed: it loads the store and crawls.
func BenchmarkOpen(b *testing.B) {
	for _, n := range lakeSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			benchmarkLake(b, n, func(_ *Catalog, root *storage.Root) {
				c, err := open(b.Context(), root, Options{}, wide)
				if err != nil || !c.Opened().same {
					b.Fatal(err)
				}
				c.Close()
			})
		})
	}
}

// BenchmarkAddOne crawls a lake in which one file was added.
func BenchmarkAddOne(b *testing.B) {
	for _, n := range lakeSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			i := 0
			benchmarkLake(b, n, func(c *Catalog, root *storage.Root) {
				i++
				if err := os.WriteFile(root.Abs(fmt.Sprintf("events/day=0/more-%d.csv", i)), []byte("x"), 0o644); err != nil {
					b.Fatal(err)
				}
				if r, err := c.Refresh(b.Context()); err != nil || len(r.Added) != 1 {
					b.Fatal(r, err)
				}
			})
		})
	}
}

// BenchmarkSync looks whether another process changed the catalog.
func BenchmarkSync(b *testing.B) {
	benchmarkLake(b, 10, func(c *Catalog, _ *storage.Root) {
		if changed, err := c.Sync(b.Context()); changed || err != nil {
			b.Fatal(changed, err)
		}
	})
}

// BenchmarkGroup sorts 100,000 files of one folder into tables: two schemas under names that are no series, and as many
// schemas as files.
func BenchmarkGroup(b *testing.B) {
	for name, schemas := range map[string]int{"two schemas": 2, "all different": 100_000} {
		b.Run(name, func(b *testing.B) {
			forms, records := forms{}, []*record{}
			for i := range 100_000 {
				in := infer.File{CSV: &infer.Dialect{Header: true}}
				for c := range 8 {
					in.Columns = append(in.Columns, infer.Column{Name: fmt.Sprintf("column_%d_%d", i%schemas, c), Type: sqltype.Of(sqltype.BigInt)})
				}
				fm, err := forms.of(&in)
				if err != nil {
					b.Fatal(err)
				}
				path := fmt.Sprintf("d/%x-%x.csv", uint32(i)*2654435761, uint32(i)*40503)
				records = append(records, newRecord(path, storage.Identity{}, storage.Kind{Format: storage.CSV}, &in, fm))
			}
			sortRecords(records)
			for b.Loop() {
				if got := len(groupFiles(records, "lake")); got != schemas {
					b.Fatal(got, "tables")
				}
			}
		})
	}
}
