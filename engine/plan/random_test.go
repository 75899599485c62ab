package plan

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

var (
	randomCases = flag.Int("random.cases", 400, "statements of TestRandom")
	randomSeed  = flag.Uint64("random.seed", 1, "seed of TestRandom")
)

// randomColumn is a column of random tables: its values, ascending, as literals of its type, and types that a file may have instead.
type randomColumn struct {
	name, typ string
	values    []string
	narrower  []string
	tests     []string // conditions; $ is one of the values
}

var (
	numbers = []string{"-9007199254740993", "-300", "-7", "-1", "0", "1", "2", "3", "7", "11", "120", "5000", "9007199254740992", "9007199254740993"}
	days    = []string{"0044-03-15 (BC)", "0001-01-01", "1969-12-31", "1970-01-01", "2023-12-31", "2024-01-01", "2024-01-15", "2024-02-29", "2024-03-01",
		"2024-12-30", "2025-01-01", "9999-12-31", "infinity"}
	moments = []string{"-infinity", "1969-12-31 23:59:59.999999", "1970-01-01 00:00:00", "2023-12-31 23:30:00", "2024-01-01 00:00:00", "2024-01-01 00:00:00.5",
		"2024-01-31 12:00:00", "2024-02-29 23:59:59", "2024-03-01 00:00:00", "2024-12-31 23:59:59.999999", "2025-06-01 08:00:00"}
	compared = []string{"# = $", "# <> $", "# < $", "# <= $", "# > $", "# >= $", "# IN ($, $, $)", "# NOT IN ($, $)", "# BETWEEN $ AND $", "# IS NULL",
		"# IS NOT NULL", "# IS DISTINCT FROM $", "# IS NOT DISTINCT FROM $", "NOT (# > $)", "# = $ OR # IS NULL", "coalesce(# < $, true)"}
)

// randomColumns are the columns of both tables.
var randomColumns = []randomColumn{
	{"i", "BIGINT", numbers, []string{"INTEGER", "SMALLINT"}, []string{"#::DOUBLE > $", "# > 2.5", "# + 1 = $", "#::DECIMAL(20,1) = $", "- # < 3", "#::INTEGER = 3"}},
	{"h", "HUGEINT", append([]string{"-170141183460469231731687303715884105728"}, numbers...), []string{"BIGINT"}, []string{"# > 1e20::HUGEINT"}},
	{"n", "DECIMAL(30,3)", append([]string{"-123456789012345678.125", "-0.5"}, numbers[3:]...), []string{"DECIMAL(12,2)", "INTEGER"}, []string{"#::DOUBLE = 120", "# > 0.0005", "# = 7"}},
	{"f", "DOUBLE", []string{"-infinity", "-1e300", "-2.5", "-0.0", "0", "1e-320", "0.1", "2.5", "16777217", "1e300", "infinity", "nan"}, []string{"FLOAT", "INTEGER"}, []string{"# > 0", "isnan(#)"}},
	{"s", "VARCHAR", []string{"", " ", "A", "B", "Zebra", "a", "ab", "abc", "abd", "b", "groß", "größer", "ä", "日本", "\U0001F600"}, nil, []string{"# LIKE 'ab%'", "# NOT LIKE 'a%'",
		"starts_with(#, $)", "left(#, 2) = 'ab'", "substring(#, 1, 1) IN ('a', 'g')", "# COLLATE NOCASE = $", "lower(#) = 'a'", "# LIKE 'g%er'", "# ILIKE 'AB%'", "length(#) > 2"}},
	{"b", "BLOB", []string{`\x00`, `\x00\x01`, "A", "a", `\x80`, `\xFF\x00`}, nil, nil},
	{"u", "UUID", []string{"00000000-0000-0000-0000-000000000001", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"}, nil, []string{"#::VARCHAR > '7'"}},
	{"o", "BOOLEAN", []string{"false", "true"}, nil, []string{"#", "NOT #", "# > false"}},
	{"d", "DATE", days, nil, []string{"year(#) = 2024", "month(#) = 1", "quarter(#) IN (1, 2)", "day(#) > 29", "date_trunc('month', #) = '2024-01-01'", "date_trunc('week', #) IN ('2023-12-25', '2024-12-30')",
		"#::VARCHAR LIKE '2024%'", "strftime(#, '%Y-%m') = '2024-01'", "# - 3 > DATE '2023-12-29'", "#::TIMESTAMP > '2024-01-01 10:00:00'", "#::TIMESTAMPTZ > '2024-01-01'", "# > '2024-01-01'::TIMESTAMPTZ", "extract(year FROM #) > 2024", "dayofweek(#) = 1"}},
	{"t", "TIMESTAMP", moments, []string{"DATE", "TIMESTAMP_S", "TIMESTAMP_MS"}, []string{"#::DATE = '2024-01-01'", "year(#) = 2024", "month(#) IN (1, 12)", "date_trunc('hour', #) = '2024-01-01'",
		"date_trunc('year', #) IN ('2024-01-01', '2025-01-01')", "strftime(#, '%Y%m') > '202402'", "#::TIMESTAMPTZ >= '2024-01-01 00:00:00+09'", "#::TIMESTAMP_S = '2024-01-01 00:00:01'", "hour(#) = 23"}},
	{"z", "TIMESTAMP WITH TIME ZONE", moments, nil, []string{"#::DATE = '2024-01-01'", "year(#) = 2024", "month(#) = 12", "#::TIMESTAMP > '2024-01-01'", "date_trunc('day', #) IN ('2024-01-01', '2024-03-01')", "date_trunc('month', #) > '2024-01-01'"}},
	{"c", "TIME", []string{"00:00:00", "00:00:00.000001", "11:59:59.999999", "12:00:00", "23:59:59"}, nil, nil},
	{"p", "BIGINT", numbers[2:10], nil, []string{"# % 2 = 0"}},
	{"q", "VARCHAR", []string{"2023-12", "2024-01", "2024-02", "eu", "us"}, nil, []string{"# LIKE '2024%'", "left(#, 4) = '2024'"}},
}

// randomLake is two tables of random files, in the catalog's form and in a DuckDB of its own.
type randomLake struct {
	t      *testing.T
	r      *rand.Rand
	c      *conn
	tables []*catalog.Table
	asked  []Table
}

// one returns the text of a query's only value; ok is false if the query fails.
func (l *randomLake) one(sql string) (value string, ok bool) {
	var res duck.Result
	defer duck.DestroyResult(&res)
	if duck.Query(l.c.c, "SELECT coalesce(("+sql+")::VARCHAR, 'NULL')", &res) != duck.StateSuccess {
		return duck.ResultError(&res), false
	}
	chunk := duck.FetchChunk(res)
	if chunk.Ptr == nil {
		return "", false
	}
	defer duck.DestroyDataChunk(&chunk)
	return string(text(duck.VectorGetData(duck.DataChunkGetVector(chunk, 0)))), true
}

func (l *randomLake) must(sql string) string {
	l.t.Helper()
	v, ok := l.one(sql)
	if !ok {
		l.t.Fatalf("%s: %s", sql, v)
	}
	return v
}

func (l *randomLake) exec(sql string) {
	l.t.Helper()
	if err := l.c.exec(sql); err != nil {
		l.t.Fatalf("%s: %v", sql, err)
	}
}

func parsed(t *testing.T, typ string) sqltype.Type {
	out, err := sqltype.Parse(typ)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// addTable makes a table of random files.
func (l *randomLake) addTable(name string, files int) {
	table, asked := &catalog.Table{Schema: "public", Name: name}, Table{Schema: "public", Name: name, Version: 1}
	columns := []string{"file BIGINT"}
	for _, c := range randomColumns {
		t := parsed(l.t, c.typ)
		table.Columns = append(table.Columns, catalog.Column{Name: c.name, Type: t, Partition: c.name == "p" || c.name == "q"})
		asked.Columns = append(asked.Columns, Column{c.name, t})
		columns = append(columns, c.name+" "+c.typ)
	}
	l.exec("CREATE TABLE all_" + name + " (" + strings.Join(columns, ", ") + ")")
	for i := range files {
		table.Files = append(table.Files, l.addFile("all_"+name, i))
	}
	l.tables, l.asked = append(l.tables, table), append(l.asked, asked)
}

// addFile adds the rows of a file, and says what a catalog would know of it.
func (l *randomLake) addFile(table string, number int) *catalog.File {
	f := &catalog.File{Path: fmt.Sprint(number)}
	f.Rows = int64(l.r.IntN(6))
	cells := make([][]string, f.Rows)
	for i := range cells {
		cells[i] = []string{fmt.Sprint(number)}
	}
	for _, c := range randomColumns {
		typ, from := c.typ, l.r.IntN(len(c.values))
		to := min(len(c.values), from+1+l.r.IntN(4))
		if len(c.narrower) > 0 && l.r.IntN(3) == 0 {
			typ = c.narrower[l.r.IntN(len(c.narrower))]
		}
		partition, null := c.name == "p" || c.name == "q", l.r.IntN(6)
		lacks, one := null == 0 && l.r.IntN(2) == 0, l.r.IntN(len(c.values))
		for i := range cells {
			v := "NULL"
			switch n := l.r.IntN(5); {
			case partition && null > 0:
				v = sqltype.QuoteText(c.values[one])
			case !partition && null > 1 && (n > 0 || null > 3):
				v = fmt.Sprintf("TRY_CAST(%s AS %s)", sqltype.QuoteText(c.values[from+l.r.IntN(to-from)]), typ)
			}
			cells[i] = append(cells[i], "CAST("+v+" AS "+c.typ+")")
		}
		if partition {
			if null > 0 {
				f.Partition = append(f.Partition, catalog.PartitionValue{Key: c.name, Value: c.values[one]})
			}
		} else if !lacks {
			f.Columns = append(f.Columns, infer.Column{Name: c.name, Type: parsed(l.t, typ)})
		} else {
			for i := range cells {
				cells[i][len(cells[i])-1] = "NULL"
			}
		}
	}
	for _, row := range cells {
		l.exec("INSERT INTO " + table + " VALUES (" + strings.Join(row, ", ") + ")")
	}
	for i := range f.Columns {
		l.statistics(&f.Columns[i], fmt.Sprintf("FROM %s WHERE file = %d", table, number))
	}
	return f
}

// statistics computes what the catalog would know of a column, of which it may know nothing.
func (l *randomLake) statistics(c *infer.Column, from string) {
	c.Stats.Nulls = -1
	if l.r.IntN(8) > 0 {
		fmt.Sscan(l.must("SELECT count(*) - count("+c.Name+") "+from), &c.Stats.Nulls)
	}
	if l.r.IntN(8) == 0 {
		return
	}
	bound := func(f string) string {
		v := fmt.Sprintf("CAST(%s(%s) AS %s)", f, c.Name, c.Type)
		if c.Type.Kind == sqltype.Blob {
			v = `regexp_replace(hex(` + v + `), '(..)', '\\x\1', 'g')`
		}
		return l.must("SELECT " + v + "::VARCHAR " + from)
	}
	low, high := bound("min"), bound("max")
	if low == "NULL" || strings.Contains(low+high, "inf") || strings.Contains(high, "nan") {
		return
	}
	c.Stats.HasMinMax, c.Stats.Min, c.Stats.Max = true, low, high
}

// condition returns a random condition on the columns of a table.
func (l *randomLake) condition(table string, depth int) string {
	switch n := l.r.IntN(8); {
	case depth > 0 && n == 0:
		return "NOT (" + l.condition(table, depth-1) + ")"
	case depth > 0 && n == 1:
		return "(" + l.condition(table, depth-1) + " OR " + l.condition(table, depth-1) + ")"
	case depth > 0 && n < 4:
		return l.condition(table, depth-1) + " AND " + l.condition(table, depth-1)
	}
	c := randomColumns[l.r.IntN(len(randomColumns))]
	tests := compared
	if len(c.tests) > 0 && l.r.IntN(2) == 0 {
		tests = c.tests
	}
	test := strings.ReplaceAll(tests[l.r.IntN(len(tests))], "#", table+"."+c.name)
	for strings.Contains(test, "$") {
		v := sqltype.QuoteText(c.values[l.r.IntN(len(c.values))])
		test = strings.Replace(test, "$", v+"::"+c.typ, 1)
	}
	return test
}

// statement returns a random statement of one number, which does not depend on which rows a LIMIT takes.
func (l *randomLake) statement() string {
	c, d := randomColumns[l.r.IntN(len(randomColumns))].name, randomColumns[l.r.IntN(len(randomColumns))].name
	where := " WHERE " + l.condition("t", 2)
	all := "SELECT count(*) || ' ' || coalesce(sum(hash(t::VARCHAR) % 1000000), 0) FROM "
	join := []string{"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"}[l.r.IntN(4)]
	on := fmt.Sprintf(" ON t.%s = u.%s", c, c)
	if l.r.IntN(3) == 0 {
		on += " AND " + l.condition("u", 1)
	}
	order := []string{"", " DESC"}[l.r.IntN(2)] + []string{"", " NULLS FIRST", " NULLS LAST"}[l.r.IntN(3)]
	switch l.r.IntN(12) {
	case 0, 1, 2, 3:
		return all + "t" + where
	case 4, 5:
		return "SELECT count(*) || ' ' || count(t.i) || ' ' || count(u.i) FROM t " + join + " u" + on + where
	case 6:
		return "SELECT count(*) || ' ' || count(t.i) || ' ' || count(u.i) FROM t " + join + " u" + on + " WHERE " + l.condition("u", 1)
	case 7:
		return all + "t " + []string{"SEMI", "ANTI"}[l.r.IntN(2)] + " JOIN u" + on + where
	case 8:
		in := []string{"IN", "NOT IN"}[l.r.IntN(2)]
		return all + fmt.Sprintf("t WHERE t.%s %s (SELECT u.%s FROM u WHERE %s)", c, in, c, l.condition("u", 1))
	case 9:
		return all + fmt.Sprintf("t WHERE %s EXISTS (SELECT 1 FROM u WHERE u.%s = t.%s AND %s)", []string{"", "NOT"}[l.r.IntN(2)], c, c, l.condition("u", 1)) + " AND " + l.condition("t", 1)
	case 10:
		return fmt.Sprintf("SELECT list(x) FROM (SELECT t.%s AS x FROM t%s ORDER BY t.%s%s LIMIT %d OFFSET %d)", c, []string{"", where}[l.r.IntN(2)], c, order, l.r.IntN(9), l.r.IntN(3))
	}
	if l.r.IntN(2) == 0 {
		return fmt.Sprintf("SELECT count(*) FROM (SELECT t.%s FROM t%s LIMIT %d)", d, []string{"", where}[l.r.IntN(2)], l.r.IntN(12))
	}
	return fmt.Sprintf("SELECT count(*) FROM (SELECT %s, count(*) FROM t GROUP BY %s) g JOIN u ON g.%s = u.%s WHERE %s", c, c, c, c, l.condition("u", 1))
}

// show makes the views t and u, of all files or of those that a cut leaves.
func (l *randomLake) show(scans []prune.Scan, cut bool) (left int) {
	for _, table := range l.tables {
		var own []prune.Scan
		for _, s := range scans {
			if s.Table == table.Name {
				own = append(own, s)
			}
		}
		where := ""
		if cut && own != nil {
			files := prune.Cut(table, own).Files
			left += len(table.Files) - len(files)
			where = " WHERE file IN (-1"
			for _, f := range files {
				where += fmt.Sprintf(", %d", f)
			}
			where += ")"
		}
		l.exec("CREATE OR REPLACE TEMP VIEW " + table.Name + " AS SELECT * EXCLUDE (file) FROM all_" + table.Name + where)
	}
	return left
}

// TestRandom runs random statements over random files, all of them and those that are left of them: the answers must be the same.
// DuckDB itself evaluates both.
func TestRandom(t *testing.T) {
	p := openPlanner(t)
	if _, err := p.Plan(t.Context(), Request{SQL: "SELECT 1"}); err != nil {
		t.Fatal(err)
	}
	l := &randomLake{t: t, r: rand.New(rand.NewPCG(*randomSeed, 0)), c: &conn{}}
	var db duck.Database
	if duck.Open(":memory:", &db) != duck.StateSuccess || duck.Connect(db, &l.c.c) != duck.StateSuccess {
		t.Fatal("DuckDB does not start")
	}
	defer duck.Close(&db)
	defer l.c.close()
	zone := "SET TimeZone = '" + []string{"UTC", "Asia/Tokyo", "America/St_Johns"}[l.r.IntN(3)] + "'"
	for _, sql := range []string{"SET threads = 1", "SET integer_division = true", "SET default_null_order = 'postgres'", "SET TimeZone = 'UTC'"} {
		l.exec(sql)
	}
	l.addTable("t", 24)
	l.addTable("u", 9)
	l.exec(zone)
	answered, cut, out := 0, 0, 0
	for range *randomCases {
		sql := l.statement()
		scans, err := p.Plan(t.Context(), Request{Tables: l.asked, Settings: []string{zone}, SQL: sql})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "plan the statement: ") {
				t.Errorf("%s: %v", sql, err)
			}
			continue
		}
		l.show(nil, false)
		want, ok := l.one(sql)
		if !ok { // such as a number that does not fit
			if testing.Verbose() {
				t.Log(sql, want)
			}
			continue
		}
		answered++
		if left := l.show(scans, true); left > 0 {
			cut++
			out += left
			if got, _ := l.one(sql); got != want {
				t.Errorf("%s; %s\ngives %s, not %s, with %v", zone, sql, got, want, scans)
			}
		}
	}
	if answered < *randomCases*3/4 || cut < *randomCases/4 {
		t.Errorf("of %d statements %d were answered and %d cut", *randomCases, answered, cut)
	}
	t.Logf("of %d statements %d were answered and %d cut, by %d files", *randomCases, answered, cut, out)
}
