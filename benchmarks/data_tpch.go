package main

import (
	"context"
	"fmt"
	"path/filepath"
)

var tpchTables = []string{"customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"}

// tpchDates are the columns that JSON has as text.
var tpchDates = map[string]map[string]string{
	"orders":   {"o_orderdate": "DATE"},
	"lineitem": {"l_shipdate": "DATE", "l_commitdate": "DATE", "l_receiptdate": "DATE"},
}

// tpch is TPC-H at a scale factor: Parquet and CSV of tpchgen, and newline-delimited JSON made of that Parquet.
func (m maker) tpch(ctx context.Context, format string, factor float64) (lake, error) {
	name := fmt.Sprintf("tpch-%g-%s", factor, format)
	dir, err := m.make(ctx, name, func(dir string) error {
		if format == "json" {
			return m.tpchJSON(ctx, dir, factor)
		}
		_, err := execute(ctx, "", m.tools.tpchgen(), format, "--quiet", "-s", fmt.Sprint(factor), "--output-dir", dir)
		return err
	})
	if err != nil {
		return lake{}, err
	}
	l := lake{dir: dir, format: format}
	for _, t := range tpchTables {
		l.tables = append(l.tables, fileTable(dir, t, format, tpchDates[t]))
	}
	return measured(l)
}

func (m maker) tpchJSON(ctx context.Context, dir string, factor float64) error {
	from, err := m.tpch(ctx, "parquet", factor)
	if err != nil {
		return err
	}
	var statements []string
	for _, t := range from.tables {
		to := filepath.Join(dir, t.Name+"."+suffixes["json"])
		statements = append(statements, fmt.Sprintf("COPY (FROM read_parquet(%s)) TO %s (%s)", quote(t.Path), quote(to), copyOptions["json"]))
	}
	return m.duckdb(ctx, statements...)
}
