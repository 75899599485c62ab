package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// table is one table of a data set, as every program is told of it. The JSON is what driver.py reads.
type table struct {
	Name      string            `json:"name"`
	Format    string            `json:"format"`
	Path      string            `json:"path"`                // the file, or the folder of many
	Glob      string            `json:"glob"`                // the file, or a pattern for many
	Suffix    string            `json:"suffix"`              // without the dot
	Partition string            `json:"partition,omitempty"` // key of the folders, a date
	Casts     map[string]string `json:"casts,omitempty"`     // types of columns that JSON has as text
}

// lake is a data set of one format: a directory for Tarn, tables for the others.
type lake struct {
	dir    string
	format string
	tables []table
	bytes  int64
	files  int
}

// suffixes are those of the formats' files.
var suffixes = map[string]string{"parquet": "parquet", "csv": "csv", "json": "ndjson"}

// fileTable is a table of one file in dir.
func fileTable(dir, name, format string, casts map[string]string) table {
	path := filepath.Join(dir, name+"."+suffixes[format])
	t := table{Name: name, Format: format, Path: path, Glob: path, Suffix: suffixes[format]}
	if format == "json" {
		t.Casts = casts
	}
	return t
}

// duckdbSetup makes the views that a user of DuckDB would make.
func duckdbSetup(tables []table) []string {
	readers := map[string]string{"parquet": "read_parquet", "csv": "read_csv", "json": "read_json"}
	var setup []string
	for _, t := range tables {
		hive := ""
		if t.Partition != "" {
			hive = ", hive_partitioning = true"
		}
		setup = append(setup, fmt.Sprintf("CREATE VIEW %s AS SELECT * FROM %s(%s%s)", t.Name, readers[t.Format], quote(t.Glob), hive))
	}
	return setup
}

// chdbSetup makes views, with the settings that make ClickHouse's joins and aggregates those of standard SQL.
func chdbSetup(tables []table) []string {
	formats := map[string]string{"parquet": "Parquet", "csv": "CSVWithNames", "json": "JSONEachRow"}
	setup := []string{"SET join_use_nulls = 1", "SET aggregate_functions_null_for_empty = 1",
		"SET input_format_try_infer_datetimes_only_datetime64 = 1"} // the others come out as numbers in Arrow
	for _, t := range tables {
		setup = append(setup, fmt.Sprintf("CREATE VIEW %s AS SELECT * FROM file(%s, '%s')", t.Name, quote(t.Glob), formats[t.Format]))
	}
	return setup
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
