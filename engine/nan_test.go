package engine

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// nanFile writes a Parquet file with NaN as most writers do: its bounds leave NaN out.
func nanFile(t *testing.T, path string) {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "x", Type: arrow.PrimitiveTypes.Float64}, {Name: "f", Type: arrow.PrimitiveTypes.Float32},
		{Name: "s", Type: arrow.StructOf(arrow.Field{Name: "x", Type: arrow.PrimitiveTypes.Float64})}, {Name: "l", Type: arrow.ListOf(arrow.PrimitiveTypes.Float64)},
	}, nil)
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(`[
		{"x": 1, "f": 1, "s": {"x": 1}, "l": [1]}, {"x": 2, "f": 2, "s": {"x": 2}, "l": [2]}, {"x": -0.0, "f": 0, "s": {"x": 3}, "l": [3]}]`))
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Release()
	nan := func(a arrow.Array) { // JSON has no NaN: the last row gets it
		switch a := a.(type) {
		case *array.Float64:
			v := a.Float64Values()
			v[len(v)-1] = math.NaN()
		case *array.Float32:
			a.Float32Values()[2] = float32(math.NaN())
		}
	}
	nan(rec.Column(0))
	nan(rec.Column(1))
	nan(rec.Column(2).(*array.Struct).Field(0).(*array.Float64))
	nan(rec.Column(3).(*array.List).ListValues())
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(schema, out, nil, pqarrow.DefaultWriterProps())
	if err == nil {
		err = w.Write(rec)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestHiddenNaN looks for NaN where the bounds of a Parquet file do not tell of it.
func TestHiddenNaN(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "t"), 0o755); err != nil {
		t.Fatal(err)
	}
	nanFile(t, filepath.Join(dir, "t", "a.parquet"))
	nanFile(t, filepath.Join(dir, "t", "b.parquet"))
	nanFile(t, filepath.Join(dir, "one.parquet"))
	s := openSession(t, openDir(t, dir))
	for sql, want := range map[string]string{
		"SELECT count(*) FROM one WHERE x > 50": "1", "SELECT count(*) FROM t WHERE x > 50": "2", "SELECT count(*) FROM one WHERE f >= 50": "1",
		"SELECT x FROM one WHERE x = 'NaN'::DOUBLE": "nan", "SELECT count(*) FROM t WHERE NOT (f < 50)": "2", "SELECT count(*) FROM t WHERE l[1] > 50": "2",
		"SELECT count(*) FROM one WHERE x <> 1": "2", "SELECT count(*) FROM one WHERE s.x > 50": "1", "SELECT count(*) FROM t WHERE x IN (5, 'NaN'::DOUBLE)": "2", "SELECT max(x) FROM t": "nan",
		"SELECT x FROM t ORDER BY x DESC LIMIT 1": "nan", "SELECT count(*) FROM one WHERE x <= 1": "1",
		"SELECT count(*) FROM one a JOIN t b ON a.x = b.x WHERE b.x > 2": "2",
	} {
		if got := answer(s, sql); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}
