package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestExplainExecute asks which files an EXECUTE reads: those that its values, which may be parameters themselves, leave.
func TestExplainExecute(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.MkdirAll(filepath.Join(dir, "t"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		if err := os.WriteFile(filepath.Join(dir, "t", fmt.Sprintf("%d.csv", i)), fmt.Appendf(nil, "id\n%d\n%d\n", i*10, i*10+1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, addr := startLakeIn(t, dir, Options{})
	c, ctx := pgxConn(t, addr, "?sslmode=disable"), t.Context()
	for _, sql := range []string{"PREPARE q (int) AS SELECT id FROM t WHERE id > $1", "PREPARE all_of_them AS SELECT id FROM t", "CREATE TEMP MACRO above(n) AS TABLE SELECT id FROM t WHERE id > n"} {
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []struct {
		sql  string
		want string
		args []any
	}{
		{"EXPLAIN EXECUTE q(20)", "2 of 4 files read", nil},
		{"EXPLAIN EXECUTE q(10 + 11)", "1 of 4 files read", nil},
		{"explain (verbose) EXECUTE q($1)", "3 of 4 files read", []any{"10"}},
		{"EXPLAIN ANALYZE EXECUTE q(30)", "1 of 4 files read", nil},
		{"EXPLAIN EXECUTE all_of_them", "4 of 4 files read", nil},
		{"EXPLAIN SELECT * FROM above(30)", "1 of 4 files read", nil},
	} {
		rows, err := c.Query(ctx, e.sql, e.args...)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if text := strings.Join(lines, "\n"); err != nil || !strings.Contains(text, e.want) {
			t.Errorf("%s: not %q: %v\n%s", e.sql, e.want, err, text)
		}
	}
	if _, err := c.Exec(ctx, "EXPLAIN EXECUTE q(1, 2)"); code(err) != "42601" {
		t.Errorf("too many values: %v", err)
	}
	if _, err := c.Exec(ctx, "EXPLAIN EXECUTE nothing"); code(err) != "26000" {
		t.Errorf("no such statement: %v", err)
	}
}
