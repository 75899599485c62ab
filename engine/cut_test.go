package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// cutLake has files whose ids grow, in folders of years, and one that lacks a column.
func cutLake() map[string]string {
	files := map[string]string{"dim.csv": "k,name\n1,one\n31,two\n"}
	for i := range 6 {
		var b strings.Builder
		b.WriteString("id,name,day,note\n")
		for r := range 10 {
			fmt.Fprintf(&b, "%d,%c%d,2024-%02d-%02d,\n", i*10+r, 'a'+i, r, i+1, r+1)
		}
		files[fmt.Sprintf("t/year=%d/p%d.csv", 2020+i/2, i)] = b.String()
	}
	return files
}

// TestCut checks which files EXPLAIN says that a statement reads, and that its answer is right.
func TestCut(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s, plain := openSession(t, db), openSession(t, db)
	answer(plain, "SET tarn.pruning = off")
	for _, c := range []struct {
		sql  string
		read int // files of t
		args []Arg
	}{
		{"SELECT sum(length(name)) FROM t", 6, nil},
		{"SELECT id FROM t WHERE year = 2021", 2, nil},
		{"SELECT id FROM t WHERE year = 2021 AND id > 30", 1, nil},
		{"SELECT id FROM t WHERE id IN (5, 55)", 2, nil},
		{"SELECT id FROM t WHERE id = $1", 1, []Arg{{Text: "23"}}},
		{"SELECT id FROM t WHERE id BETWEEN $1 AND $2", 2, []Arg{{Text: "25"}, {Text: "35"}}},
		{"SELECT id FROM t WHERE name LIKE 'c%'", 1, nil},
		{"SELECT id FROM t WHERE name LIKE $1", 1, []Arg{{Text: "c%"}}},
		{"SELECT id FROM t WHERE name LIKE 'c' || '%'", 1, nil},
		{"SELECT id FROM t WHERE day >= DATE '2024-05-03' - INTERVAL 1 MONTH", 3, nil},
		{"SELECT id FROM t WHERE month(day) = 3", 1, nil},
		{"SELECT id FROM t WHERE date_trunc('month', day) = DATE '2024-03-01'", 1, nil},
		{"SELECT id FROM t WHERE note IS NOT NULL", 0, nil},
		{"SELECT id FROM t WHERE id < 0", 0, nil},
		{"SELECT max(id) + 0 FROM t WHERE id < 0", 0, nil},
		{"WITH c AS (SELECT * FROM t) SELECT id FROM c WHERE id > 52", 1, nil},
		{"SELECT t.id FROM t JOIN dim ON t.id = dim.k WHERE dim.k = 31", 1, nil},
		{"SELECT t.id FROM t JOIN dim ON t.id = dim.k WHERE dim.k IN (1, 2, 31)", 2, nil},
		{"SELECT t.id FROM t WHERE id IN (SELECT k FROM dim WHERE k > 30)", 1 + 2, nil},
		{"SELECT t.id, dim.name FROM t LEFT JOIN dim ON t.id = dim.k WHERE t.id < 10", 1, nil},
		{"SELECT id FROM t WHERE id < 5 UNION ALL SELECT id FROM t WHERE id > 55", 2, nil},
		{"SELECT count(*) FROM (SELECT id FROM t LIMIT 15)", 2, nil},
		{"SELECT id FROM t ORDER BY id DESC LIMIT 12", 2, nil},
		{"SELECT id FROM t ORDER BY id LIMIT 3 OFFSET 9", 2, nil},
		{"SELECT id FROM t ORDER BY note NULLS FIRST, id LIMIT 3", 6, nil},
		{"SELECT id FROM t WHERE id > 3 ORDER BY id LIMIT 1", 2, nil},
		{"SELECT id, _file FROM t WHERE id = 42", 1, nil},
		{"SELECT id FROM t WHERE _file = 't/year=2021/p3.csv'", 1, nil},
		{"SELECT id, _file FROM t WHERE _file LIKE 't/year=2021/%'", 2, nil},
		{"SELECT id FROM t WHERE id < CAST(current_setting('threads') AS BIGINT)", 6, nil},
		{"SELECT id, _line FROM t WHERE year = 2020 AND id > 12", 1, nil},
		{"SELECT id FROM t WHERE CAST(id AS VARCHAR) = '42'", 6, nil},
		{"SELECT id FROM t WHERE name COLLATE NOCASE = 'C1'", 6, nil},
		{"SELECT id FROM t WHERE day < now()", 6, nil},
		{"SELECT id FROM t WHERE day > current_date", 0, nil},
	} {
		if got, want := sortedAnswer(s, c.sql, c.args...), sortedAnswer(plain, c.sql, c.args...); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.sql, got, want)
		}
		plan := answer(s, "EXPLAIN "+c.sql, c.args...)
		if want := fmt.Sprintf("table public.t: %d of 6 files read", c.read); !strings.Contains(plan, want) {
			_, tail, _ := strings.Cut(plan, "tarn|")
			t.Errorf("%s: not %q: %s", c.sql, want, tail)
		}
	}
	if got := answer(plain, "EXPLAIN SELECT id FROM t WHERE id = 1"); !strings.Contains(got, "6 of 6 files read (tarn.pruning is off)") {
		t.Error(got)
	}
}

// TestCutSeesChanges changes a file that was left out, so that it holds what is looked for.
func TestCutSeesChanges(t *testing.T) {
	db, dir := openLake(t, cutLake())
	s := openSession(t, db)
	const sql = "SELECT count(id) + 0 FROM t WHERE id = 3"
	if got := answer(s, sql); got != "1" {
		t.Fatal(got)
	}
	writeFile(t, filepath.Join(dir, "t/year=2022/p5.csv"), "id,name,day,note\n3,x,2024-01-01,\n3,y,2024-01-01,\n")
	if got := answer(s, sql); got != "3" {
		t.Errorf("after a file that was left out changed: %s", got)
	}
}
