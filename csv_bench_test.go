package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
)

// BenchmarkCSVOut writes 10 million rows as CSV into a file. The target is 1.5 times what DuckDB's own COPY takes, engine's BenchmarkCSVCopy.
func BenchmarkCSVOut(b *testing.B) {
	const rows = "SELECT i AS id, i * 0.25 AS price, 'name ' || i % 1000 AS name, DATE '2020-01-01' + (i % 1500)::INT AS day FROM range(10000000) t(i)"
	dir, state := b.TempDir(), b.TempDir()
	for b.Loop() {
		var errs bytes.Buffer
		if code := run(context.Background(), []string{dir, "--state", state, "--no-rc", "-o", filepath.Join(state, "out.csv"), "-c", rows}, nil, &errs, &errs); code != 0 {
			b.Fatal(errs.String())
		}
	}
}
