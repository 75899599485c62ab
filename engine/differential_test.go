package engine

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

var (
	differentialRuns = flag.Int("differential.queries", 80, "random queries of TestDifferential for each format")
	differentialSeed = flag.Uint64("differential.seed", 1, "seed of TestDifferential")
)

// differentialColumns are the columns of the random table and the SQL that makes one, from i, the number of the row, f, the
// number of the file, and h, a hash of both. Most grow from file to file, so that files can be told apart by them.
var differentialColumns = []struct{ name, sql string }{
	{"id", "f * 100 + i"},
	{"k", "CASE WHEN h % 11 = 0 THEN NULL ELSE CAST(f * 3 + h % 4 AS BIGINT) END"},
	{"big", "CASE h % 9 WHEN 0 THEN NULL WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775808 ELSE CAST(h % 1000 AS BIGINT) - 500 END"},
	{"s", "CASE h % 8 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'größer' ELSE chr(CAST(97 + f % 20 AS INT)) || 'b' || (h % 50) END"},
	{"d", "CASE WHEN h % 13 = 0 THEN NULL ELSE DATE '2023-12-20' + CAST(f * 5 + h % 4 AS INT) END"},
	{"ts", "TIMESTAMP '2024-01-01' + INTERVAL (f * 1000 + h % 1000) MINUTE + INTERVAL (h % 3) MICROSECOND"},
	{"x", "CASE h % 10 WHEN 0 THEN NULL WHEN 1 THEN -0.0::DOUBLE WHEN 2 THEN ODD ELSE f + (h % 1000) / 1000.0::DOUBLE END"},
	{"m", "CAST(f * 10 + (h % 1000) / 100.0 AS DECIMAL(12,2))"},
	{"b", "CASE f % 3 WHEN 0 THEN true WHEN 1 THEN false ELSE CASE WHEN h % 2 = 0 THEN NULL ELSE true END END"},
	{"tm", "TIME '08:00:00' + INTERVAL (f * 7 + h % 7) MINUTE"},
	{"late", "CASE WHEN f < 6 THEN NULL ELSE f * 2 END"},
}

// differentialFiles is how many files each table has.
const differentialFiles = 12

// writeDifferentialLake writes the same rows as Parquet, CSV and JSON. JSON holds no NaN and no infinities. The types of some
// Parquet files are narrower than those of the others.
func writeDifferentialLake(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	var db duck.Database
	if duck.Open(":memory:", &db) != duck.StateSuccess {
		t.Fatal("DuckDB does not start")
	}
	defer duck.Close(&db)
	c := &conn{}
	if duck.Connect(db, &c.c) != duck.StateSuccess {
		t.Fatal("DuckDB does not connect")
	}
	defer duck.Disconnect(&c.c)
	for f := range differentialFiles {
		for format, options := range map[string]string{"parquet": "FORMAT parquet, ROW_GROUP_SIZE 2048", "csv": "FORMAT csv, HEADER", "json": "FORMAT json"} {
			var exprs []string
			for _, col := range differentialColumns {
				sql := col.sql
				if strings.Contains(sql, "ODD") {
					odd := "CASE h % 3 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END"
					if format == "json" {
						odd = "1e300::DOUBLE"
					}
					sql = strings.ReplaceAll(sql, "ODD", odd)
				}
				if format == "parquet" && f%4 == 1 && (col.name == "id" || col.name == "k") {
					sql = "CAST(" + sql + " AS INTEGER)"
				}
				if format == "parquet" && f%2 == 0 { // no copy keeps the sign of a zero
					sql = strings.ReplaceAll(sql, "-0.0", "0.0")
				}
				if format == "csv" && f == 3 && col.name == "late" {
					continue // a column that one file lacks
				}
				exprs = append(exprs, sql+" AS "+col.name)
			}
			if format != "csv" {
				exprs = append(exprs, "CASE WHEN h % 5 = 0 THEN NULL ELSE [f, h % 3] END AS l", "{'p': f, 'q': 'x' || (h % 4)} AS st")
			}
			path := filepath.Join(dir, format, "t", fmt.Sprintf("year=%d", 2020+f/3), fmt.Sprintf("part%02d.%s", f, format))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := c.exec(fmt.Sprintf("COPY (SELECT %s FROM (SELECT i, %d AS f, hash(i * 1000 + %d) %% 100000 AS h FROM range(%d) r(i))) TO %s (%s)",
				strings.Join(exprs, ", "), f, f, 40+f*7, sqltype.QuoteText(path), options)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// differentialValues are constants near what the columns hold.
func differentialValue(r *rand.Rand, column string) string {
	f := r.IntN(differentialFiles + 2)
	switch column {
	case "id":
		return fmt.Sprint(f*100 + r.IntN(120) - 10)
	case "k":
		return fmt.Sprint(f*3 + r.IntN(5))
	case "big":
		return []string{"9223372036854775807", "-9223372036854775808", "0", "-100", "99999999999999999999", "250"}[r.IntN(6)]
	case "s":
		return []string{"''", "'größer'", fmt.Sprintf("'%cb%d'", 'a'+f, r.IntN(50)), fmt.Sprintf("'%c'", 'a'+f), "'zzz'", "'B'"}[r.IntN(6)]
	case "d":
		return []string{fmt.Sprintf("DATE '2023-12-20' + %d", f*5), fmt.Sprintf("'2024-01-%02d'", 1+r.IntN(28)),
			"DATE '2024-02-01' - INTERVAL 5 DAY", "'infinity'::DATE", "TIMESTAMP '2024-01-10 12:00:00'"}[r.IntN(5)]
	case "ts":
		return []string{fmt.Sprintf("TIMESTAMP '2024-01-01' + INTERVAL %d MINUTE", f*1000), "'2024-01-05'", "DATE '2024-01-03'"}[r.IntN(3)]
	case "x":
		return []string{fmt.Sprint(f), fmt.Sprintf("%d.5", f), "'NaN'::DOUBLE", "'Infinity'::DOUBLE", "'-Infinity'::DOUBLE", "0", "-0.0::DOUBLE", "1e300"}[r.IntN(8)]
	case "m":
		return []string{fmt.Sprint(f * 10), fmt.Sprintf("%d.25", f*10), fmt.Sprintf("%d.255", f*10), fmt.Sprintf("%d.5::DOUBLE", f*10)}[r.IntN(4)]
	case "b":
		return []string{"true", "false"}[r.IntN(2)]
	case "tm":
		return fmt.Sprintf("TIME '%02d:%02d:00'", 8+r.IntN(3), r.IntN(60))
	case "late":
		return fmt.Sprint(f * 2)
	}
	return fmt.Sprint(2019 + r.IntN(6)) // year
}

// differentialAtom is one condition.
func differentialAtom(r *rand.Rand) string {
	name := "year"
	if n := r.IntN(len(differentialColumns) + 2); n < len(differentialColumns) {
		name = differentialColumns[n].name
	}
	v := func() string { return differentialValue(r, name) }
	op := []string{"=", "<", "<=", ">", ">=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"}[r.IntN(8)]
	switch r.IntN(12) {
	case 0:
		return name + " IS NULL"
	case 1:
		return name + " IS NOT NULL"
	case 2:
		return fmt.Sprintf("%s IN (%s, %s, %s)", name, v(), v(), v())
	case 3:
		return fmt.Sprintf("%s BETWEEN %s AND %s", name, v(), v())
	case 4:
		return fmt.Sprintf("s LIKE '%cb%%'", 'a'+r.IntN(differentialFiles))
	case 5:
		return []string{"year(d) = 2024", "date_trunc('month', d) = '2024-01-01'", "CAST(ts AS DATE) = '2024-01-02'", "id % 7 = 3",
			"upper(s) = 'CB1'", "length(s) > 2", "id + 0 > 500", "-id > -300", "CAST(id AS VARCHAR) = '310'", "coalesce(k, 5) = 5",
			"extract(year FROM ts) = 2024", "x + 1 > 5", "NOT b", "b", "s COLLATE NOCASE = 'AB1'", "CAST(x AS BIGINT) = 3", "CAST(ts AS DATE) > d"}[r.IntN(17)]
	case 6:
		return fmt.Sprintf("NOT (%s)", differentialAtom(r))
	case 7:
		return fmt.Sprintf("(%s OR %s)", differentialAtom(r), differentialAtom(r))
	case 8:
		return fmt.Sprintf("%s %s %s", v(), op, name)
	}
	return fmt.Sprintf("%s %s %s", name, op, v())
}

// differentialQuery is a random query whose rows, as a set, are the same however it is run.
func differentialQuery(r *rand.Rand) string {
	var atoms []string
	for range r.IntN(4) {
		atoms = append(atoms, differentialAtom(r))
	}
	where := ""
	if len(atoms) > 0 {
		where = " WHERE " + strings.Join(atoms, " AND ")
	}
	col := func() string { return differentialColumns[r.IntN(len(differentialColumns))].name }
	order := []string{"", " DESC", " NULLS FIRST", " DESC NULLS LAST", " ASC NULLS LAST"}[r.IntN(5)]
	switch c := col(); r.IntN(14) {
	case 0:
		return "SELECT count(*) FROM t" + where
	case 1:
		return fmt.Sprintf("SELECT min(%[1]s), max(%[1]s), count(%[1]s), count(*) FROM t%[2]s", c, where)
	case 2:
		return fmt.Sprintf("SELECT year, count(*), min(%s), max(%s) FROM t%s GROUP BY year", c, col(), where)
	case 3:
		return fmt.Sprintf("SELECT %[1]s FROM t%[2]s ORDER BY %[1]s%[3]s LIMIT %[4]d", c, where, order, r.IntN(30))
	case 4:
		return fmt.Sprintf("SELECT %[1]s FROM t ORDER BY %[1]s%[2]s LIMIT %[3]d OFFSET %[4]d", c, order, r.IntN(30), r.IntN(20))
	case 5:
		return fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM t LIMIT %d)", r.IntN(900))
	case 6:
		return fmt.Sprintf("WITH c AS (SELECT * FROM t%s) SELECT a.id, b.id FROM c a JOIN t b ON a.id = b.id + 1 WHERE b.%s", where, []string{"id < 450", "k > 12", "year = 2021", "s > 'c'"}[r.IntN(4)])
	case 7:
		return fmt.Sprintf("SELECT id, _file FROM t%s", where)
	case 8:
		return fmt.Sprintf("SELECT id FROM t%s UNION ALL SELECT k FROM t WHERE %s", where, differentialAtom(r))
	case 9:
		return fmt.Sprintf("SELECT t.id, u.id FROM t LEFT JOIN (SELECT * FROM t WHERE %s) u ON t.k = u.id%s", differentialAtom(r), strings.NewReplacer(" id", " t.id").Replace(qualify(where)))
	case 10:
		return fmt.Sprintf("SELECT id FROM t WHERE k IN (SELECT %s FROM t WHERE %s)", []string{"k", "late", "year - 2000"}[r.IntN(3)], differentialAtom(r))
	case 11:
		return fmt.Sprintf("SELECT id, (SELECT max(u.id) FROM t u WHERE u.k = t.k AND u.id < %d) FROM t%s", r.IntN(1200), where)
	case 12:
		return fmt.Sprintf("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.id = t.id + %d AND %s)", r.IntN(3), qualifyWith("u", differentialAtom(r)))
	}
	return "SELECT * FROM t" + where
}

// qualify writes the columns of a condition as those of t.
func qualify(where string) string { return qualifyWith("t", where) }

func qualifyWith(name, condition string) string {
	words := strings.FieldsFunc(condition, func(r rune) bool { return strings.ContainsRune(" (),-+%", r) })
	for _, w := range slices.Compact(slices.Sorted(slices.Values(words))) {
		known := w == "year" || slices.ContainsFunc(differentialColumns, func(c struct{ name, sql string }) bool { return c.name == w })
		if !known {
			continue
		}
		for _, ends := range [][2]string{{" ", " "}, {"(", " "}, {"(", ")"}, {" ", ")"}, {" ", ","}, {"(", ","}, {"-", " "}} {
			condition = strings.ReplaceAll(" "+condition+" ", ends[0]+w+ends[1], ends[0]+name+"."+w+ends[1])
		}
	}
	return " " + strings.TrimSpace(condition)
}

// sortedAnswer is the answer with its rows in order.
func sortedAnswer(s *Session, sql string, args ...Arg) string {
	rows := strings.Split(answer(s, sql, args...), "\n")
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}

// parameterised puts something in the places of a query's constants, and returns those.
func parameterised(sql string, name func(n int) string) (text string, values []string) {
	end, last := 0, ""
	for _, tok := range sqltext.Tokens(sql) {
		// A type in front makes a constant of the text behind it, and an INTERVAL of the number.
		if kind := strings.ToUpper(last); (tok.Kind == sqltext.Number || tok.Kind == sqltext.String) && !slices.Contains([]string{"DATE", "TIMESTAMP", "TIME", "INTERVAL"}, kind) {
			text += sql[end:tok.Start] + name(len(values))
			values, end = append(values, tok.Text(sql)), tok.End
		}
		last = tok.Text(sql)
	}
	return text + sql[end:], values
}

// conditional is how EXPLAIN says that a condition left files out, and not only that a table of the name is not read at all.
var conditional = regexp.MustCompile(`left out \((\d+ by [^f]|\d+ by f[^a])`)

// asPrepared runs a query by PREPARE and EXECUTE, with its constants as values.
func asPrepared(s *Session, sql string) (string, string) {
	text, values := parameterised(sql, func(n int) string { return fmt.Sprintf("$%d", n+1) })
	if got := answer(s, "PREPARE q AS "+text); got != "PREPARE" {
		return got, ""
	}
	run := "EXECUTE q(" + strings.Join(values, ", ") + ")"
	return sortedAnswer(s, run), answer(s, "EXPLAIN "+run)
}

// asMacro runs a query by a table macro of which the constants are the arguments.
func asMacro(s *Session, sql string) (string, string) {
	text, values := parameterised(sql, func(n int) string { return fmt.Sprintf("arg_%d", n) })
	var names []string
	for n := range values {
		names = append(names, fmt.Sprintf("arg_%d", n))
	}
	if got := answer(s, "CREATE OR REPLACE TEMP MACRO q("+strings.Join(names, ", ")+") AS TABLE "+text); got != "CREATE MACRO" {
		return got, ""
	}
	run := "SELECT * FROM q(" + strings.Join(values, ", ") + ")"
	return sortedAnswer(s, run), answer(s, "EXPLAIN "+run)
}

// TestDifferential runs random queries with everything that makes them fast on, off, and in between: the rows are the same.
func TestDifferential(t *testing.T) {
	dir := writeDifferentialLake(t)
	db := openDir(t, dir)
	plain, all := openSession(t, db), openSession(t, db)
	for _, name := range switchNames {
		if got := answer(plain, "SET tarn."+name+" = off"); got != "SET" {
			t.Fatal(got)
		}
	}
	var modes []*Session
	for _, off := range switchNames {
		s := openSession(t, db)
		if got := answer(s, "SET tarn."+off+" = off"); got != "SET" {
			t.Fatal(got)
		}
		modes = append(modes, s)
	}
	indirect := openSession(t, db) // reads them through EXECUTE and macros
	by := [2]int{}                 // how many of them left files out
	viewed := openSession(t, db)   // reads the tables through views of their names
	r := rand.New(rand.NewPCG(*differentialSeed, 7))
	failed, pruned, copied, rows := 0, 0, map[string]int{}, 0
	for _, schema := range []string{"parquet", "csv", "json"} {
		for _, s := range slices.Concat(modes, []*Session{plain, all, indirect}) {
			if got := answer(s, "USE "+schema); got != "USE" && got != "SET" {
				t.Fatal(got)
			}
		}
		if got := answer(viewed, "CREATE OR REPLACE TEMP VIEW t AS SELECT * FROM "+schema+".t"); got != "CREATE VIEW" {
			t.Fatal(got)
		}
		for n := range *differentialRuns {
			if n == *differentialRuns/3 || n == *differentialRuns*2/3 {
				copyFiles(t, db, schema, n > *differentialRuns/2) // half of the files have copies, then all
			}
			sql := differentialQuery(r)
			want := sortedAnswer(plain, sql)
			if strings.HasPrefix(want, "ERROR") {
				failed++
			} else {
				rows += strings.Count(want, "\n") + 1
			}
			for i, s := range slices.Concat(modes, []*Session{all, all}) {
				if got := sortedAnswer(s, sql); got != want && !(strings.HasPrefix(want, "ERROR") && strings.HasPrefix(got, "ERROR")) {
					t.Errorf("%s, mode %d, %s:\n got %s\nwant %s\n%s", schema, i, sql, clip(got), clip(want), answer(s, "EXPLAIN "+sql))
				}
			}
			if got := sortedAnswer(viewed, sql); got != want && !strings.Contains(sql, "_file") && !(strings.HasPrefix(want, "ERROR") && strings.HasPrefix(got, "ERROR")) {
				t.Errorf("%s, through a view, %s:\n got %s\nwant %s\n%s", schema, sql, clip(got), clip(want), answer(viewed, "EXPLAIN "+sql))
			}
			got, plan := []func(s *Session, sql string) (string, string){asPrepared, asMacro}[n%2](indirect, sql)
			if conditional.MatchString(plan) {
				by[n%2]++
			}
			if hidden := n%2 == 1 && strings.Contains(sql, "_file"); got != want && !hidden && !(strings.HasPrefix(want, "ERROR") && strings.HasPrefix(got, "ERROR")) {
				t.Errorf("%s, by EXECUTE or a macro, %s:\n got %s\nwant %s\n%s", schema, sql, clip(got), clip(want), plan)
			}
			if plan := answer(all, "EXPLAIN "+sql); strings.Contains(plan, "left out") {
				pruned++
			} else if strings.Contains(plan, "from the columnar cache") {
				copied[schema]++
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d queries failed, %d left files out, %d by EXECUTE, %d by macros, %v others read copies, %d rows", failed, pruned, by[0], by[1], copied, rows)
	least := min(copied["parquet"], copied["csv"], copied["json"])
	if n := 3 * *differentialRuns; failed > n/10 || pruned < n/5 || min(by[0], by[1]) < n/10 || least < n/40 || rows < n {
		t.Errorf("of %d queries %d failed and %d left files out, %d and %d by EXECUTE and macros, %v others read copies, with %d rows: the test tests too little", n, failed, pruned, by[0], by[1], copied, rows)
	}
}

// copyFiles makes columnar copies of every second file of a table, or of all.
func copyFiles(t *testing.T, db *DB, schema string, all bool) {
	t.Helper()
	c, err := db.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	table := db.cat.Snapshot().Lookup(schema, "t")
	for i, f := range table.Files {
		if uncopied(table, f) != "" || i%2 == 1 && !all {
			continue
		}
		var by *notCopied
		if err := db.makeCopy(t.Context(), c, table, f); err != nil && !errors.As(err, &by) {
			t.Fatal(err)
		}
	}
	if schema == "parquet" {
		if err := db.copies.cache.Mark(parquetMark(table)); err != nil {
			t.Fatal(err)
		}
	}
}

func clip(s string) string {
	if len(s) > 2000 {
		return s[:2000] + "..."
	}
	return s
}
