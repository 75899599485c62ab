package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// viewScript is run statement by statement in one session over cutLake; each answers what stands behind it.
var viewScript = []struct{ sql, want string }{
	{"CREATE VIEW late AS SELECT id, name, day, year FROM t WHERE id >= 20", "CREATE VIEW"},
	{"SELECT min(id), max(id) FROM late", "20|59"},
	{"SELECT count(*) FROM public.late l WHERE l.year = 2021", "20"},
	{"SELECT public.late.id, late.id FROM public.late WHERE id = 21", "21|21"},
	{"SELECT x.a, x.name FROM late AS x(a) WHERE a = 21", "21|c1"},
	{"CREATE SCHEMA marts", "CREATE SCHEMA"},
	{"CREATE SCHEMA marts", `ERROR SCHEMATWICE: schema "marts" already exists`},
	{"CREATE SCHEMA IF NOT EXISTS public", "CREATE SCHEMA"},
	{"CREATE VIEW marts.years (y, \"N\") AS SELECT year, count(*) FROM late GROUP BY ALL", "CREATE VIEW"},
	{"SELECT y, \"N\" FROM years ORDER BY 1", "2021|20\n2022|20"},
	{"SELECT column_name FROM (DESCRIBE SELECT * FROM marts.years)", "y\nN"},
	{"DESCRIBE years", "y|BIGINT|YES|NULL|NULL|NULL\nN|BIGINT|YES|NULL|NULL|NULL"},
	{"SET search_path = 'marts'", "SET"},
	{"SELECT sum(y) FROM years", "4043"},
	{"RESET search_path", "RESET"},
	{"WITH late AS (SELECT * FROM late WHERE id > 57) SELECT count(*) FROM late", "2"},
	{"WITH t AS (SELECT 1 AS id) SELECT count(*) FROM late, t", "40"},
	{"SELECT id, (SELECT count(*) FROM late l WHERE l.year = t.year) FROM t WHERE id IN (1, 21) ORDER BY 1", "1|0\n21|20"},
	{"CREATE TEMP TABLE copied AS SELECT * FROM late WHERE id < 22", "SELECT 2"},
	{"INSERT INTO copied SELECT * FROM late WHERE id = 59", "INSERT 0 1"},
	{"SELECT count(*) FROM copied", "3"},
	{"DELETE FROM copied USING late WHERE copied.id = late.id", "ERROR TABLE: table with name late does not exist"},
	{"CREATE VIEW mine AS SELECT * FROM copied", "CREATE VIEW"},
	{"SELECT table_name FROM tarn.views ORDER BY 1", "late\nyears"},
	{"SELECT count(*) FROM mine", "3"},
	{"SELECT count(*) FROM pg_temp.mine", "3"},
	{"CREATE TEMP VIEW dim AS SELECT 7 AS k", "CREATE VIEW"},
	{"SELECT k FROM dim", "7"},
	{"SELECT count(k) FROM public.dim", "2"},
	{"DROP VIEW dim", "DROP VIEW"},
	{"SELECT count(k) FROM dim", "2"},
	{"CREATE VIEW lines AS SELECT _file, _line, id FROM t WHERE id = 42", "CREATE VIEW"},
	{"SELECT * FROM lines", "t/year=2022/p4.csv|4|42"},
	{"CREATE OR REPLACE VIEW late AS SELECT * FROM years", "ERROR VALUE: view marts.years is made of itself"},
	{"CREATE VIEW late AS SELECT 1 AS one", `ERROR TWICE: relation "late" already exists`},
	{"CREATE VIEW t AS SELECT 1 AS one", `ERROR TWICE: relation "t" already exists`},
	{"CREATE VIEW IF NOT EXISTS late AS SELECT 1 AS one", "CREATE VIEW"},
	{"CREATE VIEW two AS SELECT id, id FROM t", `ERROR COLUMNTWICE: column "id" is there twice`},
	{"CREATE VIEW many (a, b) AS SELECT id FROM t", "ERROR SYNTAX: the view names 2 columns, its query has 1"},
	{"CREATE VIEW p AS SELECT * FROM t WHERE id = $1", "ERROR UNSUPPORTED: a view takes no parameters"},
	{"CREATE VIEW nowhere.x AS SELECT 1 AS a", `ERROR SCHEMA: schema "nowhere" does not exist`},
	{"CREATE VIEW tarn.x AS SELECT 1 AS a", "ERROR PERMISSION: schema tarn is Tarn's own"},
	{"CREATE MATERIALIZED VIEW x AS SELECT 1 AS a", "ERROR UNSUPPORTED: CREATE MATERIALIZED VIEW is not supported"},
	{"DROP VIEW late", "ERROR DEPENDENT: cannot drop the view because view marts.years depends on it"},
	{"DROP SCHEMA marts", "ERROR DEPENDENT: cannot drop schema marts because view marts.years is in it"},
	{"DROP VIEW t", `ERROR OBJECT: "t" is not a view`},
	{"DROP VIEW nope", `ERROR TABLE: view "nope" does not exist`},
	{"DROP VIEW IF EXISTS nope", "DROP VIEW"},
	{"ALTER VIEW late RENAME TO later", "ALTER VIEW"},
	{"SELECT count(*) FROM late", "ERROR TABLE: table with name late does not exist"},
	{"SELECT * FROM years", "ERROR TABLE: table with name late does not exist"},
	{"ALTER TABLE later RENAME TO late", "ALTER TABLE"},
	{"ALTER VIEW late SET SCHEMA marts", "ALTER VIEW"},
	{"SELECT count(*) FROM marts.late", "40"},
	{"COMMENT ON VIEW marts.late IS 'it''s late'", "COMMENT"},
	{"SELECT table_schema, comment FROM tarn.views WHERE table_name = 'late'", "marts|it's late"},
	{"BEGIN", "BEGIN"},
	{"DROP VIEW marts.late CASCADE", "DROP VIEW"},
	{"CREATE VIEW fresh AS SELECT count(*) AS n FROM t", "CREATE VIEW"},
	{"SELECT n FROM fresh", "60"},
	{"SELECT * FROM years", "ERROR TABLE: table with name years does not exist"},
	{"ROLLBACK", "ROLLBACK"},
	{"SELECT count(*) FROM years", "2"},
	{"SELECT n FROM fresh", "ERROR TABLE: table with name fresh does not exist"},
	{"BEGIN", "BEGIN"},
	{"CREATE VIEW fresh AS SELECT count(*) AS n FROM t", "CREATE VIEW"},
	{"CREATE TEMP VIEW own AS SELECT n FROM fresh", "CREATE VIEW"},
	{"COMMIT", "COMMIT"},
	{"SELECT n FROM own", "60"},
	{"DROP SCHEMA marts CASCADE", "DROP SCHEMA"},
	{"SELECT count(*) FROM years", "ERROR TABLE: table with name years does not exist"},
}

// viewKinds are the words for kinds of errors in viewScript.
var viewKinds = strings.NewReplacer("SCHEMATWICE", fmt.Sprint(KindDuplicateSchema), "COLUMNTWICE", fmt.Sprint(KindDuplicateColumn),
	"TWICE", fmt.Sprint(KindDuplicate), "TABLE:", fmt.Sprint(KindUndefinedTable)+":", "VALUE", fmt.Sprint(KindInvalidValue), "SYNTAX", fmt.Sprint(KindSyntax),
	"UNSUPPORTED", fmt.Sprint(KindUnsupported), "SCHEMA:", fmt.Sprint(KindUndefinedSchema)+":", "PERMISSION", fmt.Sprint(KindPermission),
	"DEPENDENT", fmt.Sprint(KindDependent), "OBJECT", fmt.Sprint(KindWrongObject))

func TestViews(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	for _, c := range viewScript {
		want := c.want
		if strings.HasPrefix(want, "ERROR") {
			want = viewKinds.Replace(want)
		}
		if got := answer(s, c.sql); got != want {
			t.Errorf("%s\n got %q\nwant %q", c.sql, got, want)
		}
	}
}

// TestViewsOfOthers has one session see what another makes, also with a prepared statement, with a result that is kept, and inside a
// transaction that began before.
func TestViewsOfOthers(t *testing.T) {
	db, _ := openLake(t, cutLake())
	a, b, c := openSession(t, db), openSession(t, db), openSession(t, db)
	const sql = "SELECT sum(id) FROM v"
	answer(a, "CREATE VIEW v AS SELECT * FROM t WHERE id < 10")
	st, err := b.Prepare(ctx, sql, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run := func() string {
		rows, err := st.Run(ctx, nil)
		if err != nil {
			return failure(err)
		}
		defer rows.Close()
		text, err := drain(rows)
		if err != nil {
			return failure(err)
		}
		return text
	}
	answer(c, "BEGIN")
	for range 3 {
		if got := run() + answer(b, sql) + answer(c, sql); got != "454545" {
			t.Fatal(got)
		}
	}
	answer(a, "CREATE OR REPLACE VIEW v AS SELECT * FROM t WHERE id < 3")
	if got := run() + " " + answer(b, sql) + " " + answer(c, sql); got != "3 3 45" {
		t.Error(got)
	}
	answer(a, "DROP VIEW v")
	if got := answer(b, sql) + run(); !strings.Contains(got, "does not exist") || strings.Contains(got, "45") {
		t.Error(got)
	}
	answer(c, "CREATE OR REPLACE VIEW v AS SELECT 1 AS id")
	answer(c, "COMMIT")
	if got := run() + answer(b, sql); got != "11" {
		t.Error(got)
	}
}

// TestViewsPrune checks which files EXPLAIN says that statements with views and temporary tables read.
func TestViewsPrune(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	for _, sql := range []string{"CREATE VIEW late AS SELECT *, id * 2 AS twice FROM t WHERE id >= 20", "CREATE TEMP VIEW later AS SELECT * FROM late WHERE year > 2021",
		"CREATE TEMP TABLE other AS SELECT 1 AS a", "CREATE TEMP MACRO half(x) AS x / 2"} {
		if got := answer(s, sql); strings.HasPrefix(got, "ERROR") {
			t.Fatal(got)
		}
	}
	for _, c := range []struct {
		sql  string
		read int
	}{
		{"SELECT id FROM late", 4}, {"SELECT id FROM late WHERE id < 35", 2}, {"SELECT id FROM later", 2}, {"SELECT sum(twice) FROM later WHERE name LIKE 'f%'", 1},
		{"SELECT id FROM t WHERE id < 5", 1}, {"SELECT id FROM t, other WHERE id < 5", 6}, {"SELECT id FROM t WHERE half(id) < 2", 6},
	} {
		plan := answer(s, "EXPLAIN "+c.sql)
		if want := fmt.Sprintf("table public.t: %d of 6 files read", c.read); !strings.Contains(plan, want) {
			_, tail, _ := strings.Cut(plan, "tarn|")
			t.Errorf("%s: not %q: %s", c.sql, want, tail)
		}
	}
	answer(s, "CREATE VIEW whole AS SELECT * FROM t")
	if plan := answer(s, "EXPLAIN SELECT count(*), max(w.id) FROM whole AS w"); !strings.Contains(plan, "the catalog answers") {
		t.Errorf("count through a view: %s", plan)
	}
	if got := answer(s, "SELECT max(w.id), max(_file) FROM public.whole AS w"); got != "59|t/year=2022/p5.csv" {
		t.Error(got)
	}
	if plan := answer(s, "EXPLAIN ANALYZE SELECT sum(id) FROM late"); !strings.Contains(plan, "would be") {
		t.Errorf("a result through a view: %s", plan)
	}
	answer(s, "CREATE TEMP TABLE t AS SELECT 3 AS id")
	if got := answer(s, "SELECT max(id) FROM t"); got != "3" {
		t.Errorf("a temporary table of the name of a table: %s", got)
	}
}

// TestViewsHidden has a crawl find a table of a view's name: the table comes first, and who reads it is told.
func TestViewsHidden(t *testing.T) {
	db, dir := openLake(t, cutLake())
	s := openSession(t, db)
	answer(s, "CREATE VIEW fresh AS SELECT 1 AS a")
	writeFile(t, filepath.Join(dir, "fresh.csv"), "a\n5\n6\n")
	if _, err := db.cat.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Query(ctx, "SELECT sum(a) FROM fresh")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	text, err := drain(rows)
	if notices := fmt.Sprint(rows.Notices()); err != nil || text != "11" || !strings.Contains(notices, "hides the view") {
		t.Errorf("%s, %v, notices %s", text, err, notices)
	}
	if got := answer(s, "ALTER VIEW fresh RENAME TO stale") + answer(s, "SELECT a FROM stale"); got != "ALTER VIEW1" {
		t.Error(got)
	}
}
