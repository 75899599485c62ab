package engine

import "testing"

// TestSavepoints runs statements one by one in a session over cutLake; each answers what stands behind it.
func TestSavepoints(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{"SAVEPOINT a", "ERROR"},
		{"BEGIN", "BEGIN"},
		{"SAVEPOINT a", "SAVEPOINT"},
		{"CREATE TEMP VIEW v AS SELECT 1 AS one", "CREATE VIEW"},
		{"SAVEPOINT \"B\"", "SAVEPOINT"},
		{"SELECT CAST('x' AS INTEGER)", "ERROR"}, // which ends DuckDB's transaction
		{"SELECT 1 AS one", "ERROR"},
		{"SAVEPOINT c", "ERROR"},
		{"ROLLBACK TO SAVEPOINT \"B\"", "ROLLBACK"},
		{"SELECT one FROM v", "1"},
		{"SELECT count(*) FROM t", "60"},
		{"RELEASE \"B\"", "RELEASE"},
		{"ROLLBACK TO \"B\"", "ERROR"},
		{"ROLLBACK TRANSACTION TO a", "ROLLBACK"},
		{"SELECT one FROM v", "ERROR"},
		{"ROLLBACK TO a", "ROLLBACK"}, // it is there still
		{"CREATE TEMP TABLE x AS SELECT 1 AS one", "SELECT 1"},
		{"ROLLBACK TO a", "ERROR"}, // that cannot be taken back
		{"ROLLBACK", "ROLLBACK"},
		{"BEGIN", "BEGIN"},
		{"CREATE TEMP TABLE x AS SELECT 1 AS one", "SELECT 1"},
		{"SAVEPOINT a", "SAVEPOINT"},
		{"SELECT * FROM nosuch", "ERROR"}, // this leaves DuckDB's transaction whole
		{"ROLLBACK TO a", "ROLLBACK"},
		{"SELECT one FROM x", "1"},
		{"SELECT CAST('x' AS INTEGER)", "ERROR"},
		{"ROLLBACK TO a", "ERROR"}, // the table is gone with DuckDB's transaction
		{"SELECT one FROM x", "ERROR"},
		{"COMMIT", "ROLLBACK"},
		{"SELECT one FROM x", "ERROR"},
		{"RELEASE a", "ERROR"},
	} {
		got := answer(s, c.sql)
		if len(c.want) >= 5 && c.want[:5] == "ERROR" && len(got) > 5 && got[:5] == "ERROR" {
			continue
		}
		if got != c.want {
			t.Fatalf("%s\n got %q\nwant %q", c.sql, got, c.want)
		}
	}
}
