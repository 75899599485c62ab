package server

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestCatalogStatements runs the statements about the catalog in all of a driver's ways, and a query that passes over
// malformed rows, which a client hears of as a notice.
func TestCatalogStatements(t *testing.T) {
	ctx := context.Background()
	cfg, err := pgx.ParseConfig("postgres://ann@" + startLake(t, Options{}) + "/lake")
	if err != nil {
		t.Fatal(err)
	}
	var heard []*pgconn.Notice
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { heard = append(heard, n) }
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
		for sql, want := range map[string]struct {
			columns int
			tag     string
			notices int
		}{
			"REFRESH":               {3, "REFRESH", 0},
			"REFRESH TABLE damaged": {3, "REFRESH", 0},
			"EXPLAIN CRAWL damaged": {5, "EXPLAIN", 0},
			"SELECT * FROM damaged": {3, "SELECT 2", 1},
			"SELECT * FROM items":   {4, "SELECT 3", 0},
			"CREATE OR REPLACE TEMP TABLE copy AS FROM damaged": {0, "SELECT 2", 1},
		} {
			heard = nil
			rows, err := conn.Query(ctx, sql, mode)
			if err != nil {
				t.Errorf("%s, %v: %v", sql, mode, err)
				continue
			}
			for rows.Next() {
				if values, err := rows.Values(); err != nil || len(values) != want.columns {
					t.Errorf("%s, %v: %v, %v", sql, mode, values, err)
				}
			}
			if rows.Err() != nil || len(rows.FieldDescriptions()) != want.columns || rows.CommandTag().String() != want.tag || len(heard) != want.notices {
				t.Errorf("%s, %v: %v, %d columns, %s, %d notices", sql, mode, rows.Err(), len(rows.FieldDescriptions()), rows.CommandTag(), len(heard))
			}
			if len(heard) > 0 && (heard[0].Severity != "WARNING" || heard[0].Hint != "SELECT * FROM tarn.rejects lists them." ||
				heard[0].Message != "table public.damaged: 1 malformed row of 1 file was passed over, first damaged.csv line 3: expected 3 columns, found 5") {
				t.Errorf("%s, %v: %+v", sql, mode, heard[0])
			}
		}
	}
}
