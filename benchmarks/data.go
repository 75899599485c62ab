package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// duckdbVersion is the version that is inside tarn.
const duckdbVersion = "1.5.6"

// duckdbCommand returns the path of the DuckDB command line; without one it installs it from the Python package index,
// which is the one place that has it for every platform, into a virtual environment below the work directory.
func duckdbCommand(ctx context.Context, opts options) (string, error) {
	if opts.duckdb != "" {
		return opts.duckdb, nil
	}
	venv := filepath.Join(opts.work, "venv")
	command := filepath.Join(venv, "bin", "duckdb")
	if out, err := exec.CommandContext(ctx, command, "--version").Output(); err == nil && strings.Contains(string(out), duckdbVersion) {
		return command, nil
	}
	for _, args := range [][]string{
		{"python3", "-m", "venv", venv},
		{filepath.Join(venv, "bin", "pip"), "install", "--quiet", "duckdb-cli==" + duckdbVersion},
	} {
		if out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("installing the DuckDB command line with %q (-duckdb names one that is there): %w\n%s", args, err, out)
		}
	}
	return command, nil
}

// extensions are the suffixes of the formats' files.
var extensions = map[string]string{"parquet": "parquet", "csv": "csv", "json": "ndjson"}

// tripsSQL makes the table: keys, a timestamp that grows, a few and many distinct texts, whole and broken numbers, and
// NULLs. hash() keeps it the same every time.
const tripsSQL = `
SELECT i AS trip_id,
       TIMESTAMP '2023-01-01' + to_seconds((i * 63072000) // %[1]d) AS started_at,
       ['Bergen', 'Oslo', 'Stavanger', 'Tromsø', 'Trondheim'][1 + (hash(i) %% 5)::BIGINT] AS city,
       'rider-' || (hash(i * 7) %% 50000)::VARCHAR AS rider,
       (hash(i * 11) %% 90000)::BIGINT + 100 AS cents,
       CASE WHEN hash(i * 13) %% 20 > 0 THEN (hash(i * 17) %% 4000)::DOUBLE / 100 END AS km
FROM range(%[1]d) t(i)`

// copyOptions write each format as its users find it.
var copyOptions = map[string]string{
	"parquet": "FORMAT parquet, COMPRESSION zstd",
	"csv":     "FORMAT csv, HEADER",
	"json":    "FORMAT json",
}

// makeData returns a directory with trips in the format, generated with the DuckDB command line unless it is there.
func makeData(ctx context.Context, duckdb, work, format string, rows int) (string, error) {
	dir := filepath.Join(work, fmt.Sprintf("data-%d", rows), format)
	file := filepath.Join(dir, "trips."+extensions[format])
	if _, err := os.Stat(file); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "generating %s\n", file)
	unfinished := filepath.Join(dir, "_unfinished")
	sql := fmt.Sprintf("COPY (%s) TO '%s' (%s)", fmt.Sprintf(tripsSQL, rows), strings.ReplaceAll(unfinished, "'", "''"), copyOptions[format])
	if out, err := exec.CommandContext(ctx, duckdb, "-c", sql).CombinedOutput(); err != nil {
		return "", fmt.Errorf("generating %s: %w\n%s", file, err, out)
	}
	return dir, os.Rename(unfinished, file)
}
