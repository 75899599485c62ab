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

	"tarn/catalog"
	"tarn/catalog/sqltype"
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
		// Uses that the names of the columns do not show.
		"SELECT count(*) FROM one AS o(a, b, c, d) WHERE a > 50": "1", "SELECT count(*) FROM one o (a, b, c, d) WHERE a > 50": "1", "SELECT count(*) FROM one(a, b) WHERE a > 50": "ERROR",
		"SELECT count(*) FROM (FROM one) q(a, b, c, d) WHERE a > 50": "1", "SELECT count(*) FROM (SELECT * FROM one) q(a, b, c, d) WHERE a > 50": "1",
		"SELECT count(*) FROM (SELECT one.* FROM one) q(a, b, c, d) WHERE a > 50": "1", "WITH q(a, b, c, d) AS (TABLE one) SELECT count(*) FROM q WHERE a > 50": "1",
		"WITH q(a, b, c, d) AS (FROM one) SELECT count(*) FROM q WHERE a > 50": "1", "SELECT count(*) FROM (SELECT NULL, NULL, NULL, NULL UNION ALL FROM one) q(a, b, c, d) WHERE a > 50": "1",
		"SELECT count(*) FROM one NATURAL JOIN (SELECT 'NaN'::DOUBLE AS x) y": "1", "SELECT count(*) FROM one o WHERE struct_extract(o, 'x') > 50": "1",
		"SELECT count(*) FROM (UNPIVOT one ON x INTO NAME n VALUE v) WHERE v > 50": "1", "SELECT count(*) FROM (SELECT sum(x) AS y, x FROM one GROUP BY x) WHERE y > 50": "1",
		"SELECT sum(x) FROM one": "nan", "SELECT avg(o.x), count(*), count(x) FROM one o": "nan|3|3", "SELECT sum(f) FROM t HAVING sum(f) > 50": "nan",
	} {
		if got := answer(s, sql); got != want && !(want == "ERROR" && strings.HasPrefix(got, want)) {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}

// TestOnlySummed tells where nothing is compared with the bounds of floating-point columns x and y of table t.
func TestOnlySummed(t *testing.T) {
	double := sqltype.Of(sqltype.Double)
	table := &catalog.Table{Name: "t", Columns: []catalog.Column{{Name: "x", Type: double}, {Name: "Y", Type: double}, {Name: "n", Type: sqltype.Of(sqltype.BigInt)}}}
	for sql, want := range map[string]bool{
		"select sum(x), avg(t.y), n * 2, count(*) from t where n > 5 group by n": true, "select count(\"X\") from public.t as u join t on u.n = t.n": true,
		"select n from t where (n > 1)": true, "select stddev(public.t.x) from t": true, "select 3 * 4, 'x is' from t /* x * */": true, "select sum(x) from t order by 1 limit 3": true,
		"select tarndb.tarn_typed.avg_as(x, avg(x), sum(x), count(x)) from t": true, "select least(x, 1) from t": false,
		"select x from t": false, "select sum(x) from t where y > 1": false, "select sum(x * 2) from t": false, "select sum(x + y) from t": false, "select avg(distinct x) from t": false,
		"select * from t": false, "select t.* from t": false, "select n, * from t": false, "select max(x) from t": false, "select count(*) from t u(a)": false, "select count(*) from t as u (a)": false,
		"from t": false, "select 1 from (from t)": false, "select count(*) from a natural join t": false, "select struct_extract(t, 'X') from t": false, "select columns('n') from t": false,
		"summarize t": false, "select sum(t.x::int) from t": false, "select count(*) filter (where x > 1) from t": false, "select sum(x) over (order by y) from t": false,
	} {
		if got := onlySummed(sql, table); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
	if onlySummed("select n from t", &catalog.Table{Name: "t", Columns: []catalog.Column{{Name: "n", Type: sqltype.Of(sqltype.BigInt)}}}) {
		t.Error("a table without such columns is read in two ways")
	}
}
