package catalog

import (
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/storage"
)

// orderFiles are what lakes of random order are made of: tables that drift, series, partitions, dates, files without a
// header line and broken ones.
var orderFiles = map[string]string{
	"orders/2023.csv": "id,price\n1,10\n2,20\n", "orders/2024.csv": "id,price,shop\n3,1.50\n4,2.25,b\n", "orders/2025.csv": "5,7,c\n6,8,d\n",
	"logs/2024/01/30/a.csv": "at,n\n2024-01-30,1\n", "logs/2024/02/01/a.csv": "at,n\n2024-02-01,x\n", "logs/2024/03/a.csv": "at,n\n2024-03-01,3\n",
	"mixed/people.csv": "name,age\nAnn,3\n", "mixed/sales_1.csv": "id,day\n1,01/02/2024\n", "mixed/sales_2.csv": "id,day\n2,13/02/2024\n",
	"part/k=1/a.jsonl": `{"id":1,"v":{"a":1}}` + "\n", "part/k=2/a.jsonl": `{"id":2,"v":{"b":"x"}}` + "\n{broken\n", "part/b.jsonl": `{"id":3}` + "\n",
	"bad/cut.parquet": "PAR1", "bad/x.csv": "a,b\n1,2\n3,4,5\n6,7\n",
}

// TestOrderOfCrawls puts the same files in place in random orders, in random portions with a crawl between, some first with
// other content, and expects the catalog that one crawl of all of them gives.
func TestOrderOfCrawls(t *testing.T) {
	fresh := openReal(t, newLake(t, nil))
	put(t, fresh.root.Dir(), orderFiles)
	refresh(t, fresh)
	want := dump(fresh.Snapshot())
	for round := range 12 {
		if d := cmp.Diff(want, dump(crawledInPortions(t, orderFiles).Snapshot())); d != "" {
			t.Fatalf("round %d (-one crawl +many)\n%s", round, d)
		}
	}
}

// orderRand makes random orders that are the same in every run.
var orderRand = rand.New(rand.NewPCG(5, 6))

// crawledInPortions puts files in place in a random order, in random portions with a crawl between, some first with other
// content and some first elsewhere.
func crawledInPortions(t *testing.T, all map[string]string) *Catalog {
	t.Helper()
	dir := newLake(t, nil)
	c := openReal(t, dir)
	paths := slices.Sorted(maps.Keys(all))
	orderRand.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	for len(paths) > 0 {
		n := 1 + orderRand.IntN(len(paths))
		files := map[string]string{}
		elsewhere := ""
		for _, p := range paths[:n] {
			switch files[p] = all[p]; {
			case orderRand.IntN(4) == 0:
				files[p] = "other,columns,here\n1,2,3\n"
				paths = append(paths, p)
			case orderRand.IntN(8) == 0 && elsewhere == "":
				delete(files, p)
				elsewhere = p
				files["elsewhere/"+path.Base(p)] = all[p]
			}
		}
		paths = paths[n:]
		put(t, dir, files)
		refresh(t, c)
		if elsewhere != "" {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, elsewhere)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(dir, "elsewhere", path.Base(elsewhere)), filepath.Join(dir, elsewhere)); err != nil {
				t.Fatal(err)
			}
			refresh(t, c)
		}
	}
	return c
}

// openReal opens the catalog of dir with the looker that reads files.
func openReal(t *testing.T, dir string) *Catalog {
	t.Helper()
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), root, Options{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
