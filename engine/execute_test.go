package engine

import (
	"fmt"
	"strings"
	"testing"
)

// TestExecute runs statements of PREPARE and with macros, and checks which files EXPLAIN says that they read, and that their answers are
// those of the statements that they stand for, with every file read.
func TestExecute(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s, plain := openSession(t, db), openSession(t, db)
	answer(plain, "SET tarn.pruning = off")
	for _, sql := range []string{
		"CREATE VIEW late AS SELECT * FROM t WHERE id >= 20", "CREATE TEMP MACRO half(x) AS x / 2", "CREATE TEMP MACRO above(n) AS TABLE SELECT id, name FROM t WHERE id > n",
		"CREATE TEMP MACRO aboveTwice(n) AS TABLE SELECT * FROM above(n * 2)", "CREATE TEMP MACRO how_many(n) AS (SELECT count(*) FROM t WHERE id > n)",
		`CREATE TEMP MACRO "Odd Name"(a, b := 51) AS TABLE SELECT id FROM t WHERE id BETWEEN a AND b`, "CREATE TEMP MACRO listed() AS TABLE SELECT k FROM dim",
		"CREATE TEMP MACRO aged() AS TABLE SELECT id FROM t WHERE day > current_date",
		"PREPARE one AS SELECT id, name FROM t WHERE id = $1", "PREPARE span (int, int) AS SELECT id FROM t WHERE id BETWEEN $1 AND $2", "PREPARE marks AS SELECT id FROM t WHERE id > ? AND name LIKE ?",
		"PREPARE named AS SELECT id FROM t WHERE id > $low AND id < $high AND id <> $low", "PREPARE day AS SELECT id FROM t WHERE day >= $1", "PREPARE most AS SELECT id FROM late ORDER BY id DESC LIMIT $1;",
		"PREPARE whole AS SELECT count(*), max(id) FROM t", "PREPARE hidden AS SELECT id, _file FROM t WHERE id = $1", "PREPARE by AS SELECT id FROM above($1)", "PREPARE many AS SELECT id FROM t WHERE id IN (SELECT unnest($1))",
	} {
		if got := answer(s, sql); strings.HasPrefix(got, "ERROR") {
			t.Fatal(sql, got)
		}
	}
	for _, c := range []struct {
		sql  string
		read int // files of t; -1 if the catalog answers
		want string
	}{
		{"EXECUTE one(23)", 1, "SELECT id, name FROM t WHERE id = 23"},
		{"EXECUTE one(20 + 3)", 1, "SELECT id, name FROM t WHERE id = 23"},
		{"EXECUTE one((SELECT min(k) FROM dim WHERE k > 1))", 1, "SELECT id, name FROM t WHERE id = 31"},
		{"EXECUTE one(NULL)", 0, "SELECT id, name FROM t WHERE id = NULL"},
		{"EXECUTE one('23')", 1, "SELECT id, name FROM t WHERE id = 23"},
		{"EXECUTE span(25, 35);", 2, "SELECT id FROM t WHERE id BETWEEN 25 AND 35"},
		{"EXECUTE span('25', 34.6)", 2, "SELECT id FROM t WHERE id BETWEEN 25 AND 35"},
		{"EXECUTE marks(5, 'c%')", 1, "SELECT id FROM t WHERE id > 5 AND name LIKE 'c%'"},
		{"EXECUTE named(high := 25, low := 12)", 2, "SELECT id FROM t WHERE id > 12 AND id < 25"},
		{"EXECUTE day('2024-04-03')", 3, "SELECT id FROM t WHERE day >= DATE '2024-04-03'"},
		{"EXECUTE day(DATE '2024-05-03' - INTERVAL 1 MONTH)", 3, "SELECT id FROM t WHERE day >= DATE '2024-04-03'"},
		{"EXECUTE most(5)", 1, "SELECT id FROM t ORDER BY id DESC LIMIT 5"},
		{"EXECUTE whole", -1, "SELECT count(*), max(id) FROM t"},
		{"EXECUTE hidden(42)", 1, "SELECT id, _file FROM t WHERE id = 42"},
		{"EXECUTE by(45)", 2, "SELECT id FROM t WHERE id > 45"},
		{"EXECUTE many([5, 55])", 6, "SELECT id FROM t WHERE id IN (5, 55)"},
		{"SELECT * FROM above(45)", 2, "SELECT id, name FROM t WHERE id > 45"},
		{"SELECT * FROM above(30 + 15) WHERE name LIKE 'f%'", 1, "SELECT id, name FROM t WHERE id > 45 AND name LIKE 'f%'"},
		{"SELECT * FROM ABOVEtwice(25)", 1, "SELECT id, name FROM t WHERE id > 50"},
		{"SELECT a.id FROM above(45) a JOIN above(55) b ON a.id = b.id", 1, "SELECT id FROM t WHERE id > 55"},
		{"SELECT a.id FROM above(55) a JOIN t ON a.id = t.id + 50", 6, "SELECT id FROM t WHERE id > 55"},
		{"SELECT how_many(45)", 2, "SELECT count(*) FROM t WHERE id > 45"},
		{`SELECT id FROM "Odd Name"(25)`, 4, "SELECT id FROM t WHERE id BETWEEN 25 AND 51"},
		{"SELECT id FROM t WHERE id IN (SELECT * FROM listed()) AND id > 20", 4, "SELECT id FROM t WHERE id = 31"},
		{"SELECT * FROM aged()", 0, "SELECT id FROM t WHERE day > current_date"},
		{"SELECT id FROM t WHERE half(id) < 5", 6, "SELECT id FROM t WHERE id < 10"},
		{"SELECT id FROM late WHERE id < half(60)", 1, "SELECT id FROM t WHERE id BETWEEN 20 AND 29"},
	} {
		for range 2 {
			if got, want := sortedAnswer(s, c.sql), sortedAnswer(plain, c.want); got != want {
				t.Errorf("%s:\n got %s\nwant %s", c.sql, got, want)
			}
		}
		want := fmt.Sprintf("table public.t: %d of 6 files read", c.read)
		if c.read < 0 {
			want = "table public.t: the catalog answers"
		}
		if plan := answer(s, "EXPLAIN "+c.sql); !strings.Contains(plan, want) {
			_, tail, _ := strings.Cut(plan, "tarn|")
			t.Errorf("%s: not %q: %s", c.sql, want, tail)
		}
	}
}

// TestExecuteErrors tries what PREPARE and EXECUTE refuse, and what they leave behind.
func TestExecuteErrors(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	syntax, missing, unsupported := fmt.Sprint(KindSyntax), fmt.Sprint(KindPrepared), fmt.Sprint(KindUnsupported)
	for _, c := range [][2]string{
		{"EXECUTE q", "ERROR " + missing},
		{"DEALLOCATE q", "ERROR " + missing},
		{"PREPARE q AS SELECT id FROM nowhere", "ERROR " + fmt.Sprint(KindUndefinedTable)},
		{"PREPARE q AS", "ERROR " + syntax},
		{"PREPARE q AS BEGIN", "ERROR " + syntax},
		{"PREPARE q AS REFRESH", "ERROR " + syntax},
		{"PREPARE q AS SET threads = 1", "ERROR " + syntax},
		{"PREPARE q AS EXECUTE r", "ERROR " + syntax},
		{"PREPARE q AS SELECT 1; SELECT 2", "ERROR " + syntax},
		{"PREPARE q AS CREATE TABLE x AS SELECT 1", "ERROR " + fmt.Sprint(KindReadOnly)},
		{"EXPLAIN PREPARE q AS SELECT 1", "ERROR " + syntax},
		{"EXPLAIN ANALYZE PREPARE q AS ATTACH 'x'", "ERROR " + syntax},
		{"EXPLAIN EXECUTE q(1)", "ERROR " + missing},
		{"EXPLAIN DEALLOCATE q", "ERROR " + syntax},
		{"PREPARE q AS COPY t TO '/tmp/x.csv'", "ERROR " + unsupported},
		{"PREPARE q AS SELECT $1 AS a, $2 + 1 AS b", "PREPARE"},
		{"EXECUTE q(1)", "ERROR " + syntax},
		{"EXECUTE q(1, 2) x", "ERROR " + syntax},
		{"EXECUTE q(nope, 2)", "ERROR"},
		{`EXECUTE q('\x00\xAAB'::blob, 0)`, `\x00\xAAB|1`},
		{"EXECUTE q(INTERVAL '-1 month 2 days 00:00:01.5', 0)", "-1 month 2 days 00:00:01.5|1"},
		{"EXECUTE q('0044-03-15 (BC)'::date, 0)", "0044-03-15 (BC)|1"},
		{"EXECUTE q(TIMESTAMPTZ 'infinity', 'NaN'::double)", "infinity|nan"},
		{"EXECUTE q(x := 2, 1)", "ERROR " + syntax},
		{"EXECUTE q(1, 1.5)", "1|2.5"},
		{"EXECUTE q('it''s ; $1', 1)", "it's ; $1|2"},
		{"EXECUTE q(chr(0), 1)", "ERROR " + unsupported},
		{"EXECUTE q([1, NULL], 41)", "[1, NULL]|42"},
		{"EXECUTE q({'a': 'x, y', 'b': TIMESTAMP '2024-01-01 10:00:00'}, 0)", "{'a': 'x, y', 'b': '2024-01-01 10:00:00'}|1"},
		{"PREPARE q AS INSERT INTO x VALUES ($1, $2)", "ERROR " + fmt.Sprint(KindUndefinedTable)},
		{"CREATE TEMP TABLE x (a DATE, b DECIMAL(9,2))", "CREATE TABLE"},
		{"PREPARE q AS INSERT INTO x VALUES ($1, $2)", "PREPARE"},
		{"EXECUTE q('2024-01-01', 1.5)", "INSERT 0 1"},
		{"EXECUTE q(NULL, 2)", "INSERT 0 1"},
		{"SELECT sum(b), max(a) FROM x", "3.50|2024-01-01"},
		{"PREPARE make AS CREATE TEMP TABLE y AS SELECT $1 AS n", "PREPARE"},
		{"EXECUTE make(7)", "SELECT 1"},
		{"SELECT n FROM y", "7"},
		{"PREPARE r AS SELECT random() < 2 AND $1 = $1", "PREPARE"},
		{"EXECUTE r(random())", "true"}, // evaluated once
		{"BEGIN", "BEGIN"},
		{"PREPARE late AS SELECT 1 / $1", "PREPARE"},
		{"EXECUTE late('x')", "ERROR"},
		{"EXECUTE late(1)", "ERROR " + fmt.Sprint(KindAborted)},
		{"ROLLBACK", "ROLLBACK"},
		{"EXECUTE late(1)", "1"}, // PREPARE is no part of transactions
		{"DEALLOCATE PREPARE late", "DEALLOCATE"},
		{"EXECUTE late(1)", "ERROR " + missing},
		{"DEALLOCATE ALL", "DEALLOCATE"},
		{"EXECUTE r(1)", "ERROR " + missing},
	} {
		if got := answer(s, c[0]); got != c[1] && !(strings.HasPrefix(c[1], "ERROR") && strings.HasPrefix(got, c[1])) {
			t.Errorf("%s: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestMacrosChange replaces, drops and rolls back macros: statements with them read what they mean now.
func TestMacrosChange(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	for _, c := range [][2]string{
		{"CREATE TEMP MACRO m() AS TABLE SELECT max(id) + 0 FROM t WHERE id < 15", "CREATE MACRO"}, {"SELECT * FROM m()", "14"},
		{"CREATE TEMP MACRO m() AS 5", "CREATE MACRO"}, {"SELECT m(), * FROM m()", "5|14"},
		{"CREATE TEMP MACRO IF NOT EXISTS m() AS TABLE SELECT 1", "CREATE MACRO"}, {"SELECT * FROM m()", "14"},
		{"CREATE OR REPLACE TEMP MACRO m() AS TABLE SELECT max(id) + 0 FROM t WHERE id < 55", "CREATE MACRO"}, {"SELECT * FROM m()", "54"},
		{"BEGIN", "BEGIN"}, {"CREATE OR REPLACE TEMP MACRO m() AS TABLE SELECT max(k) + 0 FROM dim", "CREATE MACRO"}, {"SELECT * FROM m()", "31"}, {"ROLLBACK", "ROLLBACK"},
		{"SELECT * FROM m()", "54"}, {"SELECT m()", "5"},
		{"BEGIN", "BEGIN"}, {"DROP MACRO TABLE m", "DROP MACRO"}, {"CREATE TEMP MACRO m() AS TABLE SELECT min(id) + 0 FROM t WHERE id > 40", "CREATE MACRO"}, {"COMMIT", "COMMIT"},
		{"SELECT * FROM m()", "41"},
		{"DROP MACRO m", "DROP MACRO"}, {"SELECT * FROM m()", "41"},
		{"CREATE TEMP TABLE t2 AS SELECT 100 AS id", "SELECT 1"},
		{"CREATE TEMP MACRO pair(n) AS TABLE SELECT id FROM t WHERE id > n UNION ALL SELECT id FROM t2", "CREATE MACRO"}, {"SELECT sum(id) FROM pair(58)", "159"},
		{"CREATE TEMP TABLE t AS SELECT 7 AS id", "SELECT 1"}, {"SELECT sum(id) FROM pair(5)", "107"}, {"DROP TABLE temp.t", "DROP TABLE"}, {"SELECT sum(id) FROM pair(58)", "159"},
	} {
		got := answer(s, c[0])
		if strings.HasPrefix(c[0], "DROP MACRO") && !strings.HasPrefix(got, "ERROR") {
			continue
		}
		if got != c[1] {
			t.Errorf("%s: %q, want %q", c[0], got, c[1])
		}
	}
	s = openSession(t, db)
	const shadow = "CREATE TEMP MACRO upper(x) AS lower(x)"
	if got := answer(s, shadow); got != "CREATE MACRO" {
		t.Fatal(got)
	}
	if plan := answer(s, "EXPLAIN SELECT id FROM t WHERE id = 3"); !strings.Contains(plan, "6 of 6 files read (the session has a macro with the name of a function)") {
		t.Error(plan)
	}
}
