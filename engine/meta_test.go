package engine

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tarn/catalog/sqltype"
)

var ctx = context.Background()

var metaLake = map[string]string{
	"sales/year=2023/region=north/a.csv": "id,n,price,day,Big\n1,a,1.5,2023-01-02,x\n2,b,,2023-05-06,y\n",
	"sales/year=2023/region=south/a.csv": "id,n,price,day,Big\n3,,-2.25,,z\n",
	"sales/year=2024/region=north/a.csv": "id,n,price,day,Big\n10,zz,7,2024-12-31,q\n9,é,0.125,2024-02-29,\n",
	"sales/year=2024/a.csv":              "id,n,price,day,Big\n4,d,3.5,2020-01-01,a\n",
	"sales/year=2025/region=west/a.csv":  "id,n,price,day,Big\n",
	"ev.ndjson":                          "{\"id\":1,\"s\":{\"a\":1},\"t\":\"2024-01-02T03:04:05\"}\n{\"id\":2,\"u\":null}\n",
	"drift/1.csv":                        "k,v\n1,5\n2,7\n",
	"drift/2.csv":                        "k,v,w\n3,5.25,true\n",
	"drift/3.csv":                        "k,v,w\nx,6,false\n",
	"zero/z.csv":                         "f,t\n0.0,N/A\n1.5,3\n2.5,\n",
	"bad.csv":                            "a,b\n1,2\n3,4,5,6\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n19,20\n21,22\n23,24\n25,26\n27,28\n",
	"mod.csv":                            "a;b\n1;2\n",
	"aux/mod.csv":                        "a;b\n1;2\n3;4\n",
}

// metaStatements are run in the order given, in a session of their own each, with the catalog's answers and without. catalog says
// whether the last one may be answered by the catalog.
var metaStatements = []struct {
	catalog bool
	sql     string
}{
	{true, "select count(*) from sales"},
	{true, "SELECT Count ( * ) , MIN(sales.id), max( \"Big\" ) FROM public.sales"},
	{true, "select count(*) as n, count(n), count(1), count(price), min(price) lo, max(day) from sales"},
	{true, "select max(id) - min(id) + 1/2, min(n) || 'x' from sales"},
	{true, "select year, count(*), min(id) from sales group by year order by 1"},
	{true, "select YEAR, \"region\", max(\"n\") AS \"N\" from sales as S group by all order by all"},
	{true, "select s.year, count(s.n) from sales s where s.region = 'north' group by s.year having count(*) > 1 order by count(*) desc, 1"},
	{true, "select count(*) from sales where region is null"},
	{true, "select count(*), min(id) from sales where year = 1999"},
	{true, "select year, count(*) from sales where year = 1999 group by year"},
	{true, "select distinct year from sales order by year"},
	{true, "select distinct region, upper(region) from sales where year > 2023 order by 1"},
	{true, "select year from sales group by year order by year limit 2 offset 1"},
	{true, "select min(year), max(region), count(region), count(distinct_) from (select count(*) as distinct_, min(year) as year, max(region) as region from sales)"},
	{true, "with c as (select count(*) as n from sales) select n, (select max(k) from (select 1 as k)) as k from c"},
	{true, "select 'sales' as t, count(*) from sales union all select 'ev', count(*) from ev order by 1"},
	{true, "select id from sales where id = (select max(id) from sales)"},
	{true, "select count(*) from sales where year in (select 2023 union select 2025)"},
	{true, "select count(*) from sales where year = (select max(year) from sales)"},
	{true, "select case when count(*) > 3 then 'many' else 'few' end as c from sales"},
	{true, "select count(*) /* all */ from -- the table\n sales;"},
	{true, "select count(*) filter_ from sales"},
	{true, "select e.n from sales s join (select count(*) as n from ev) e on e.n = s.id"},
	{true, "select count(*) from ev"},
	{true, "select count(id), min(id), max(t), count(u) from ev"},
	{true, "select count(*), count(w), min(w) from drift"},
	{true, "select max(v) from drift"},
	{true, "select max(f), count(t), max(t) from z"},
	{true, "select count(*) from bad"},
	{true, "create temp table c as select count(*) as n from sales; select * from c"},
	{true, "select count(*), date_trunc('year', current_date) > date '2000-01-01' as later from sales"},
	{true, "explain select count(*) from sales"},
	{true, "select count(*) from aux.mod"},
	{true, "select count(*) from sales limit 0"},
	{true, "select count(*) c, year from sales group by 2 order by c desc, 2"},
	{true, "select -min(id) as id, year from sales group by year order by year"},
	{true, "select distinct count(*) from sales"},
	{true, "select [count(*), 2] as l, {'a': max(id)} as s from sales"},
	{true, "select [count(*), 2][1] from sales"},

	{false, "select count(*), sum(id) from sales"},
	{false, "select count(distinct id) from sales"},
	{false, "select count(*) filter (where year = 2023) from sales"},
	{false, "select count(*) from sales where id > 1"},
	{false, "select id, count(*) from sales group by id order by 1"},
	{false, "select count(*) over () from sales"},
	{false, "select year, count(*) from sales group by rollup (year) order by 1"},
	{false, "select year, count(*) from sales group by grouping sets ((year), ()) order by all"},
	{false, "select count(*) from sales, ev"},
	{false, "select count(*) from sales s join ev using (id)"},
	{false, "select count(*) from sales tablesample reservoir(2 rows)"},
	{false, "select count(*) from sales using sample 2 rows"},
	{false, "select distinct on (year) year, region from sales order by year, region"},
	{false, "select year from sales order by year"},
	{false, "select count(*) from sales where random() < 2"},
	{false, "select min(id + 1) from sales"},
	{false, "select min(id, 2) from sales"},
	{false, "select count(null) from sales"},
	{false, "select count(s) from ev"},
	{false, "select min(f) from z"},
	{false, "select min(k), count(k) from drift"},
	{false, "with sales as (select 5 as id union all select 6) select count(*), max(id) from sales"},
	{false, "create temp table sales as select 7 as id; select count(*) from sales"},
	{false, "create temp macro abs(x) as 5; select count(*) from sales where abs(year) = 5"},
	{true, "select (select count(*) from sales)"},
	{false, "select s.id, (select count(*) from sales t where t.id = s.id) as n from sales s order by 1"},
	{false, "select p.id, (select count(*) from sales where year = p.id + 2022) from ev p order by 1"},
	{false, "select count(*) from (from sales)"},
	{true, "from sales select count(*)"},
	{false, "select count(*) from sales as s(a)"},
	{false, "select list(year order by year) from sales"},
	{false, "select count(nothing) from sales"},
	{false, "select count(*), nothing from sales"},
	{false, "select count(*) from sales where nothing = 1"},
	{false, "select count(*) from nowhere"},
	{false, "select count(*) from sales where count(*) > 1"},
	{false, "select count(*) from sales group by year order by region"},
	{true, "select count(*) from sales where year = 'abc'"},
	{false, "select year, count(*) n from sales qualify n > 1"},
	{false, "select columns('year'), count(*) from sales group by all"},
	{false, "select count(*), _file from sales group by all order by 2"},
	{false, "select count(sales) from sales"},
	{false, "select count(columns(*)) from sales"},
	{false, "select #1, count(*) from sales group by 1 order by 1"},
}

// told is all that a client learns from statements run one after another.
func told(s *Session, script string) string {
	var out string
	for _, sql := range strings.Split(script, "; ") {
		st, err := s.Prepare(ctx, sql, nil)
		if err != nil {
			return place(err)
		}
		out = fmt.Sprintln(st.Columns())
		rows, err := st.Run(ctx, nil)
		if err != nil {
			return place(err)
		}
		text, err := drain(rows)
		if out += text; err != nil {
			out += place(err)
		}
		out += fmt.Sprint(rows.Columns(), rows.Notices())
		rows.Close()
		st.Close()
	}
	return out
}

func place(err error) string {
	if e, ok := err.(*Error); ok {
		return fmt.Sprintf("%s at %d, hint %q", failure(err), e.Position, e.Hint)
	}
	return failure(err)
}

func TestMetaStatements(t *testing.T) {
	db, _ := openLake(t, metaLake)
	for _, c := range metaStatements {
		with, without := openSession(t, db), openSession(t, db)
		without.switches, with.switches.resultCache = switches{}, false
		last := c.sql[strings.LastIndex(c.sql, "; ")+1:]
		want, got := told(without, c.sql), told(with, c.sql)
		if strings.HasPrefix(c.sql, "explain") {
			want = got
		}
		if got != want {
			t.Errorf("%s\nfrom the catalog: %s\nfrom the files: %s", c.sql, got, want)
		}
		st, err := with.Prepare(ctx, last, nil)
		if err != nil {
			if c.catalog {
				t.Errorf("%s: %v", last, err)
			}
			continue
		}
		if answered := st.target != nil && st.target.answer != nil; answered != c.catalog && !strings.HasPrefix(c.sql, "create temp table c ") {
			t.Errorf("%s: answered by the catalog is %t, want %t", last, answered, c.catalog)
		}
	}
}

func TestMetaParameters(t *testing.T) {
	db, _ := openLake(t, metaLake)
	s := openSession(t, db)
	st, err := s.Prepare(ctx, "select count(*), max(id) + $2 from sales where year = $1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(st.Params(), st.Columns(), st.target.answer != nil); got != "[BIGINT BIGINT] [{count BIGINT  0 0} {?column? BIGINT  0 0}] true" {
		t.Error(got)
	}
	for year, want := range map[string]string{"2023": "3|103", "2024": "3|110", "1999": "0|NULL"} {
		if got := answer(s, "select count(*), max(id) + $2 from sales where year = $1", Arg{Text: year}, Arg{Text: "100"}); got != want {
			t.Errorf("%s: %s, want %s", year, got, want)
		}
	}
}

// TestMetaChanges lets files change: what the catalog knew is then no answer.
func TestMetaChanges(t *testing.T) {
	db, dir := openLake(t, metaLake)
	s := openSession(t, db)
	s.switches.resultCache = false
	st, err := s.Prepare(ctx, "select count(*), max(id) from sales", nil)
	if err != nil {
		t.Fatal(err)
	}
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
	got := []string{run()}
	writeFile(t, filepath.Join(dir, "sales/year=2024/a.csv"), "id,n,price,day,Big\n4,d,3.5,2020-01-01,a\n400,d,3.5,2020-01-01,a\n")
	got = append(got, run())
	if err := os.Remove(filepath.Join(dir, "sales/year=2023/region=south/a.csv")); err != nil {
		t.Fatal(err)
	}
	got = append(got, run())
	if diff := cmp.Diff([]string{"6|10", "7|400", "6|400"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestMetaExplain tells who answers.
func TestMetaExplain(t *testing.T) {
	db, _ := openLake(t, metaLake)
	s := openSession(t, db)
	var got []string
	numbers := regexp.MustCompile("of [0-9]+ (bytes|B)|bytes read: [0-9.]+ k?B?.*")
	for _, sql := range []string{"explain select count(*) from sales where year = 2023", "explain select * from sales where id < 0", "explain analyze select max(id) from sales",
		"select sum(id) from sales", "EXPLAIN (ANALYZE) SELECT sum(id) FROM sales"} {
		_, tail, found := strings.Cut(answer(s, sql), "\ntarn|")
		if !found && strings.HasPrefix(strings.ToLower(sql), "explain") {
			t.Errorf("%s has no row of Tarn's", sql)
		}
		got = append(got, numbers.ReplaceAllString(tail, "N bytes"))
	}
	if diff := cmp.Diff([]string{"table public.sales: the catalog answers, none of its 5 files read",
		"table public.sales: 1 of 5 files read, 4 left out (4 by id < 0), files N bytes",
		"table public.sales: the catalog answers, none of its 5 files read\nresult cache: no result is kept; one of up to 4194304 bytes would be\nN bytes",
		"",
		"result cache: a result N bytes is kept; without EXPLAIN ANALYZE the statement returns it and reads no file\ntable public.sales: 5 of 5 files read, files N bytes\nN bytes"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestMetaRejects keeps the policy for malformed rows.
func TestMetaRejects(t *testing.T) {
	db, _ := openLake(t, map[string]string{"bad.csv": metaLake["bad.csv"], "lake.yaml": "tables:\n  bad:\n    on_reject: error\n"})
	if got := answer(openSession(t, db), "select count(*) from bad"); !strings.Contains(got, "on_reject policy is error") {
		t.Error(got)
	}
}

// differ asks a lake for the numbers of every column of every table, with the catalog's answers and without, and returns how many
// were answered.
func differ(t *testing.T, db *DB) (answered int) {
	t.Helper()
	with, without := openSession(t, db), openSession(t, db)
	without.switches, with.switches.resultCache = switches{}, false
	for _, table := range db.cat.Snapshot().Tables {
		from := " FROM " + sqltype.QuoteName(table.Schema) + "." + sqltype.QuoteName(table.Name)
		queries := []string{"SELECT count(*)" + from}
		for _, c := range table.Columns {
			name := sqltype.QuoteName(c.Name)
			for _, f := range []string{"count", "min", "max"} {
				queries = append(queries, "SELECT "+f+"("+name+") AS v"+from)
			}
		}
		for _, q := range queries {
			if got, want := told(with, q), told(without, q); got != want {
				t.Errorf("%s\nfrom the catalog: %s\nfrom the files: %s", q, got, want)
			}
			st, err := with.Prepare(ctx, q, nil)
			if err != nil {
				continue
			}
			if st.target.answer != nil {
				answered++
			}
			st.Close()
		}
	}
	return answered
}

var every = flag.Int("every", 15, "which of the lakes of testdata/battery TestMetaBattery asks; 1 for all")

// TestMetaBattery asks lakes of troublesome files.
func TestMetaBattery(t *testing.T) {
	names, err := filepath.Glob("../testdata/battery/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no lakes", err)
	}
	answered := 0
	for i, name := range names {
		if i%*every != 0 {
			continue
		}
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range a.Files {
			if path, ok := strings.CutPrefix(f.Name, "lake/"); ok {
				files[path] = string(f.Data)
			} else {
				files[f.Name] = string(f.Data)
			}
		}
		db, _ := openLake(t, files)
		answered += differ(t, db)
	}
	if answered < len(names) / *every {
		t.Errorf("the catalog answered only %d questions about %d lakes", answered, len(names) / *every)
	}
	t.Logf("%d answers about %d lakes", answered, len(names) / *every)
}

// TestMetaRandom asks random tables.
func TestMetaRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	answered := 0
	for range 3 {
		files := map[string]string{}
		for i := range 12 {
			files[fmt.Sprintf("t%d/a.csv", i)] = randomCSV(r).text
		}
		db, _ := openLake(t, files)
		answered += differ(t, db)
	}
	if answered < 100 {
		t.Errorf("the catalog answered only %d questions", answered)
	}
}

// TestMetaParquet asks Parquet files with values that statistics leave out or spell differently, and files whose types differ.
func TestMetaParquet(t *testing.T) {
	dir := t.TempDir()
	for path, query := range map[string]string{
		"floats/a": "SELECT 1.5::DOUBLE AS d, 0.1::FLOAT AS f, -0.0::DOUBLE AS z UNION ALL SELECT 'nan', 'nan', 0.0 UNION ALL SELECT 'inf', NULL, NULL",
		"floats/b": "SELECT 2.5::DOUBLE AS d, 0.2::FLOAT AS f, 5::DOUBLE AS z",
		"wide/a":   "SELECT 1::TINYINT AS i, 0.1::FLOAT AS f, 1.25::DECIMAL(5,2) AS c, DATE '2024-01-02' AS d",
		"wide/b":   "SELECT 70000::INTEGER AS i, 0.3::DOUBLE AS f, 0.125::DECIMAL(9,3) AS c, TIMESTAMP '2024-01-02 03:04:05' AS d",
		"wide/c":   "SELECT NULL::BIGINT AS i, NULL::DOUBLE AS f, NULL::DECIMAL(9,3) AS c, NULL::DATE AS d",
		"kinds/a": "SELECT i::UBIGINT AS u, i::HUGEINT AS h, i % 2 = 0 AS b, 'k' || i AS s, ('\\x0' || i)::BLOB AS x, TIME '01:02:03' + INTERVAL (i) SECOND AS t, " +
			"TIMESTAMP_NS '2024-01-02 03:04:05.000000001' AS n, TIMESTAMPTZ '1960-01-02 03:04:05+02' + INTERVAL (i) YEAR AS z, uuid() AS g, INTERVAL (i) DAY AS v, " +
			"DATE '4000-01-01' + i::INTEGER AS d, [i] AS l, {'a': i} AS r, (-i * 1000)::DECIMAL(38, 5) AS c, '12:00:00+03'::TIMETZ AS w FROM range(9) r(i)",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(path)), 0o755); err != nil {
			t.Fatal(err)
		}
		runFree(t, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet)", query, filepath.Join(dir, path+".parquet")))
	}
	if answered := differ(t, openDir(t, dir)); answered < 40 {
		t.Errorf("the catalog answered only %d questions", answered)
	}
}
