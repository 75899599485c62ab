package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
)

// BenchmarkCSVOut writes 10 million rows as CSV into a file, by tarn -o and by DuckDB's own COPY. The target is 1.5 times DuckDB's time.
func BenchmarkCSVOut(b *testing.B) {
	const rows = "SELECT i AS id, i * 0.25 AS price, 'name ' || i % 1000 AS name, DATE '2020-01-01' + (i % 1500)::INT AS day FROM range(10000000) t(i)"
	b.Run("tarn", func(b *testing.B) {
		dir, state := b.TempDir(), b.TempDir()
		for b.Loop() {
			var errs bytes.Buffer
			if code := run(context.Background(), []string{dir, "--state", state, "--no-rc", "-o", filepath.Join(state, "out.csv"), "-c", rows}, nil, &errs, &errs); code != 0 {
				b.Fatal(errs.String())
			}
		}
	})
	b.Run("duckdb", func(b *testing.B) {
		var db duck.Database
		if duck.Open(":memory:", &db) != duck.StateSuccess {
			b.Fatal("DuckDB does not start")
		}
		defer duck.Close(&db)
		var c duck.Connection
		if duck.Connect(db, &c) != duck.StateSuccess {
			b.Fatal("DuckDB refuses a connection")
		}
		defer duck.Disconnect(&c)
		copyOut := "COPY (" + rows + ") TO " + sqltype.QuoteText(filepath.Join(b.TempDir(), "out.csv")) + " (HEADER)"
		for b.Loop() {
			var res duck.Result
			if duck.Query(c, copyOut, &res) != duck.StateSuccess {
				b.Fatal(duck.ResultError(&res))
			}
			duck.DestroyResult(&res)
		}
	})
}
