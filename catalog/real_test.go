package catalog

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tarn/storage"
)

// TestRealFiles crawls files of each text format with the inference that users get.
func TestRealFiles(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, "{\"id\": 1, \"stars\": 5}\n{\"id\": 2, \"stars\": null}\n")
	z.Close()
	dir := newLake(t, map[string]string{
		"cities.csv":                 "city,founded\nOslo,1040-01-01\nBergen,1070-01-01\n",
		"products.json":              `[{"id": 1, "price": 2.5}, {"id": 2, "price": 3}]`,
		"web/reviews.jsonl.gz":       packed.String(),
		"prices/2023.csv":            "id,price\n1,5\n2,7\n",
		"prices/2024.csv":            "id,price,shop\n3,5.25,a\n4,,b\n",
		"orders/year=2024/a.csv":     "id,day\n1,2024-05-06\n",
		"orders/year=2025/a.csv":     "id,day\n2,2025-05-06\n",
		"dump/routes.dat":            "1,\\N,x\n2,5,y\n",
		"broken/quote.csv":           "id,text\n1,fine\n2,\"never closed\n3,more\n4,lines\n",
		"broken/half.json":           `[{"id": 1}, {"id"`,
		"broken/cut.csv.gz":          packed.String()[:packed.Len()-12],
		"broken/cut.parquet":         "PAR1 and no end",
		"broken/binary.csv":          "a,b\n1,2\x00\x01\x02\n",
		"names/it's \"a\" [x]*?.csv": "n\n1\n2\n",
	})
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), root, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for name, want := range map[string]string{
		"public.cities":   "city VARCHAR, founded DATE; 2 rows",
		"public.products": "id BIGINT, price DOUBLE; 2 rows",
		"web.reviews":     "id BIGINT, stars BIGINT; 2 rows",
		"public.prices":   "id BIGINT, price DECIMAL(18,2), shop VARCHAR; 4 rows",
		"public.orders":   "id BIGINT, day DATE, year BIGINT; 2 rows",
		"dump.routes":     "column0 BIGINT, column1 BIGINT, column2 VARCHAR; 2 rows",
		"names.it_s_a_x":  "n BIGINT; 2 rows",
	} {
		schema, table, _ := strings.Cut(name, ".")
		tb := c.Snapshot().Lookup(schema, table)
		if tb == nil {
			t.Errorf("no table %s", name)
			continue
		}
		var columns []string
		for _, col := range tb.Columns {
			columns = append(columns, col.Name+" "+col.Type.String())
		}
		if got := fmt.Sprintf("%s; %d rows", strings.Join(columns, ", "), tb.Rows()); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if n := len(c.Snapshot().Tables); n != 9 {
		t.Errorf("%d tables:\n%s", n, dump(c.Snapshot()))
	}
	checkSkipped(t, c.Snapshot(), map[string]string{"broken/cut.csv.gz": "cut short",
		"broken/cut.parquet": "PAR1", "broken/binary.csv": ""})
	if r := refresh(t, c); r.Read != 0 || !r.same {
		t.Errorf("the second crawl: %s", r)
	}
	if err := os.Remove(filepath.Join(dir, "cities.csv")); err != nil {
		t.Fatal(err)
	}
	if r := refresh(t, c); len(r.Removed) != 1 || len(r.Dropped) != 1 {
		t.Errorf("after one file is gone: %s", r)
	}
}

// checkSkipped compares skipped files with parts of their reasons.
func checkSkipped(t *testing.T, s *Snapshot, reasons map[string]string) {
	t.Helper()
	for _, k := range s.Skipped {
		want, ok := reasons[k.Path]
		if !ok || !strings.Contains(k.Reason, want) || k.Reason == "" {
			t.Errorf("skipped %s: %q, want %q", k.Path, k.Reason, want)
		}
		delete(reasons, k.Path)
	}
	if len(reasons) > 0 {
		t.Errorf("not skipped: %v", reasons)
	}
}
