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
	check("CREATE TEMP TABLE t AS SELECT 10 AS a", "CREATE TABLE")
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
