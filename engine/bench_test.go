package engine

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// benchRows is the size of the benchmarks' table.
const benchRows = "300000"

// writeBenchLake writes the same table in the three formats, with DuckDB.
func writeBenchLake(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	rows := `SELECT i AS id, i % 1000 AS k, i * 7919 % 1000003 AS v, i * 0.5::DOUBLE AS d, DATE '2020-01-01' + (i % 1500)::INT AS day,
		'name-' || i % 5000 AS name FROM range(` + benchRows + `) t(i)`
	for _, format := range []string{"parquet", "csv", "json"} {
		path := filepath.Join(dir, format+"_rows."+format)
		runFree(b, "COPY ("+rows+") TO '"+path+"'")
	}
	return dir
}

// runFree runs SQL in a DuckDB that is not shut in.
func runFree(t testing.TB, sql string) {
	t.Helper()
	var db duck.Database
	if duck.Open(":memory:", &db) != duck.StateSuccess {
		t.Fatal("DuckDB does not start")
	}
	defer duck.Close(&db)
	c := &conn{}
	if duck.Connect(db, &c.c) != duck.StateSuccess {
		t.Fatal("DuckDB refuses a connection")
	}
	defer c.close()
	if err := c.exec(sql); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkScan measures the way from a file to Arrow batches, per format: all columns to the caller, and an
// aggregate of one.
func BenchmarkScan(b *testing.B) {
	dir := writeBenchLake(b)
	db := openDir(b, dir)
	s := openSession(b, db)
	for _, format := range []string{"parquet", "csv", "json"} {
		info, err := os.Stat(filepath.Join(dir, format+"_rows."+format))
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range []struct{ name, sql string }{
			{"all", "SELECT * FROM " + format + "_rows"},
			{"sum", "SELECT sum(v) FROM " + format + "_rows"},
		} {
			b.Run(format+"/"+q.name, func(b *testing.B) {
				b.SetBytes(info.Size())
				for b.Loop() {
					readAll(b, s, q.sql)
				}
			})
		}
	}
}

// BenchmarkCSVCopy is DuckDB's own writing of the rows of tarn's BenchmarkCSVOut.
func BenchmarkCSVCopy(b *testing.B) {
	const rows = "SELECT i AS id, i * 0.25 AS price, 'name ' || i % 1000 AS name, DATE '2020-01-01' + (i % 1500)::INT AS day FROM range(10000000) t(i)"
	path := filepath.Join(b.TempDir(), "out.csv")
	for b.Loop() {
		runFree(b, "COPY ("+rows+") TO '"+path+"' (HEADER)")
	}
}

// BenchmarkSelectOne measures what a statement costs besides its scan.
func BenchmarkSelectOne(b *testing.B) {
	s := openSession(b, openDir(b, writeBenchLake(b)))
	for b.Loop() {
		readAll(b, s, "SELECT 1")
	}
}

func readAll(b *testing.B, s *Session, sql string) {
	rows, err := s.Query(b.Context(), sql)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for {
		rec, err := rows.Next(b.Context())
		if err == io.EOF {
			return
		}
		if err != nil {
			b.Fatal(err)
		}
		rec.Release()
	}
}

// BenchmarkOwnReader compares Tarn's own reader, which naming _line forces, with DuckDB's on the same files.
func BenchmarkOwnReader(b *testing.B) {
	dir := writeBenchLake(b)
	s := openSession(b, openDir(b, dir))
	for _, format := range []string{"csv", "json"} {
		info, err := os.Stat(filepath.Join(dir, format+"_rows."+format))
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range []struct{ name, sql string }{
			{"all/duckdb", "SELECT * FROM "},
			{"all/own", "SELECT *, _line FROM "},
			{"sum/duckdb", "SELECT sum(v) FROM "},
			{"sum/own", "SELECT sum(v), max(_line) FROM "},
		} {
			b.Run(format+"/"+q.name, func(b *testing.B) {
				b.SetBytes(info.Size())
				for b.Loop() {
					readAll(b, s, q.sql+format+"_rows")
				}
			})
		}
	}
}
