package engine

import (
	"path/filepath"
	"testing"
	"time"
)

// TestParked runs texts again that a session keeps ready, after what must not be kept.
func TestParked(t *testing.T) {
	db, dir := openLake(t, map[string]string{"t.csv": "a\n1\n", "u/1.csv": "b\n1\n", "u/2.csv": "b\n2\n"})
	s := openSession(t, db)
	now := answer(s, "SELECT now()")
	time.Sleep(2 * time.Millisecond)
	if again := answer(s, "SELECT now()"); again == now {
		t.Errorf("now() stands still: %s", again)
	}
	if a, b := answer(s, "SELECT random()"), answer(s, "SELECT random()"); a == b {
		t.Errorf("random() is always %s", a)
	}
	check := func(sql, want string, args ...Arg) {
		t.Helper()
		if got := answer(s, sql, args...); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
	const sum = "SELECT sum(a) FROM t"
	check(sum, "1")
	if len(s.parked) == 0 {
		t.Error("nothing is kept")
	}
	writeFile(t, filepath.Join(dir, "t.csv"), "a\n1\n2\n")
	check(sum, "3")
	check("SELECT b FROM u WHERE b = $1", "1", Arg{Text: "1"})
	check("SELECT b FROM u WHERE b = $1", "2", Arg{Text: "2"})
	check("SELECT timestamptz '2024-01-01 00:00:00+00'", answer(s, "SELECT timestamptz '2024-01-01 00:00:00+00' "))
	check("SET TimeZone = 'Asia/Tokyo'", "SET")
	check("SELECT timestamptz '2024-01-01 00:00:00+00'", "2024-01-01 09:00:00+09")
	check("SET VARIABLE x = 1", "SET")
	check("SELECT getvariable('x')", "1")
	check("SET VARIABLE x = 2", "SET")
	check("SELECT getvariable('x')", "2")
	check("CREATE TEMP TABLE t AS SELECT 10 AS a", "SELECT 1")
	check(sum, "10")
	check("DROP TABLE temp.t", "DROP TABLE")
	check(sum, "3")
	for range maxParked + 5 {
		check("SELECT "+time.Now().Format("150405.000000000")+" IS NULL", "false")
	}
	if len(s.parked) > maxParked {
		t.Errorf("%d statements are kept", len(s.parked))
	}
}

// TestMadeAgain runs prepared statements that make something a second time: DuckDB takes what is to be made out of them.
func TestMadeAgain(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t.csv": "a\n1\n"})
	s := openSession(t, db)
	for _, c := range []struct{ make, ask, want, drop string }{
		{"CREATE TEMP TABLE x (a INTEGER, b VARCHAR DEFAULT 'd' CHECK (b <> 'e'))", "SELECT count(*) FROM (DESCRIBE x)", "2", "DROP TABLE x"},
		{"CREATE TEMP TABLE x AS SELECT a + 1 AS one FROM t", "SELECT one FROM x", "2", "DROP TABLE x"},
		{"CREATE TEMP MACRO half(x) AS x / 2", "SELECT half(8)", "4", "DROP MACRO half"},
		{"CREATE TEMP VIEW v AS SELECT a FROM t", "SELECT a FROM v", "1", "DROP VIEW v"},
		{"CREATE TEMP SEQUENCE q START 5", "SELECT nextval('q')", "5", "DROP SEQUENCE q"},
	} {
		st, err := s.Prepare(t.Context(), c.make, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			rows, err := st.Run(t.Context(), nil)
			if err != nil {
				t.Fatalf("%s: %v", c.make, err)
			}
			rows.Close()
			if got := answer(s, c.ask); got != c.want {
				t.Errorf("%s after %s: %q, want %q", c.ask, c.make, got, c.want)
			}
			answer(s, c.drop)
		}
		st.Close()
	}
}
