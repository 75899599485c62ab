package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
)

var resultLake = map[string]string{
	"sales/year=2023/a.csv": "id,n\n1,a\n2,b\n",
	"sales/year=2024/a.csv": "id,n\n3,c\n",
	"stamps.csv":            "t\n2024-01-02 03:04:05+00\n2024-06-02 03:04:05+00\n",
	"bad.csv":               metaLake["bad.csv"],
}

// returned runs a statement and tells its rows, names and notices, and whether they were kept from an earlier run.
func returned(s *Session, sql string, args ...Arg) (text string, again bool) {
	st, err := s.Prepare(ctx, sql, nil)
	if err != nil {
		return failure(err), false
	}
	defer st.Close()
	rows, err := st.Run(ctx, args)
	if err != nil {
		return failure(err), false
	}
	defer rows.Close()
	_, again = rows.stream.(*replayed)
	text, err = drain(rows)
	if err != nil {
		text += failure(err)
	}
	return fmt.Sprint(text, rows.Columns(), st.Columns(), rows.Notices()), again
}

// TestResultsKept runs pairs of statements: is the second's result the first's?
func TestResultsKept(t *testing.T) {
	db, _ := openLake(t, resultLake)
	for _, c := range []struct {
		first, second string
		again         bool
	}{
		{"select sum(id) from sales", "", true},
		{"select sum(id) from sales", "select  sum ( id )\n\tfrom -- the\nsales ; ", true},
		{"select sum(id) from sales where id>1", "SELECT sum(id) FROM sales WHERE id > 1", true},
		{"select sum(id) from sales where id in (1,2)", "select sum(id) from sales where id in ( 1, 2 )", true},
		{"select sum(id) from sales where id < 2", "select sum(id) from sales where id <-2", false},
		{"select sum(id) from sales where n='a'", "select sum(id) from sales where n='A'", false},
		{"select sum(id) as \"s\" from sales", "select sum(id) as \"S\" from sales", false},
		{"select sum(id) from sales", "select sum(id) as s from sales", false},
		{"select * from sales order by id", "", true},
		{"select s.n, row_number() over (order by id) as r from sales s", "", true},
		{"with recursive r as (select min(id) as n from sales union all select n + 1 from r where n < 4) select count(*) from r", "", true},
		{"select id, t.u from sales, unnest([1, 2]) t(u) order by all", "", true},
		{"select count(*) from sales", "", true},
		{"select _file, _line from sales order by all", "", true},
		{"select * from bad", "", true},
		{"select upper(n), id + 1, id::varchar, case when id > 1 then 'x' end from sales", "", true},
		{"select list_transform([id], lambda x: x + 1) from sales", "", true},
		{"select sum(id), count(*) from sales where id < 1e400 and n <> '\"value\":Infinity'", "", true},
		{"select 1 where exists (select * from sales where id = 77)", "", true},
		{"select median(id), string_agg(n, ',' order by n), approx_count_distinct(n) from sales", "", true},
		{"select id from sales limit 1", "", true},

		{"select age(timestamp '2024-01-01', timestamp '2023-01-01') from sales", "", true},
		{"select t at time zone 'Asia/Tokyo' from stamps", "", true},

		{"select 1", "", false},
		{"select age(timestamp '2024-01-01') from sales", "", false},
		{"select current_localtimestamp() from sales", "", false},
		{"select localtime from sales", "", false},
		{"select time '01:00:00'::timetz from sales", "", false},
		{"select random() from sales", "", false},
		{"select id from sales where id > random()", "", false},
		{"select now(), id from sales", "", false},
		{"select current_date, id from sales", "", false},
		{"select today() from sales", "", false},
		{"select CURRENT_TIMESTAMP from sales", "", false},
		{"select uuid() from sales", "", false},
		{"select * from (select id, (select random()) as r from sales)", "", false},
		{"with r as (select gen_random_uuid() as u) select * from r, sales", "", false},
		{"select current_setting('TimeZone') from sales", "", false},
		{"select getvariable('x') from sales", "", false},
		{"select * from sales using sample 1 rows", "", false},
		{"select * from sales tablesample reservoir(1 rows)", "", false},
		{"select * from query('from sales')", "", false},
		{"select * from query_table('sales')", "", false},
		{"select count(*) from tarn.tables, sales", "", false},
		{"select count(*) from information_schema.tables t, sales", "", false},
		{"select count(*) from pg_catalog.pg_class, sales", "", false},
		{"select count(*) from duckdb_settings(), sales", "", false},
		{"show tables", "", false},
		{"describe sales", "", false},
		{"summarize sales", "", false},
		{"explain select sum(id) from sales", "", false},
		{"explain analyze select sum(id) from sales", "", false},
		{"select * from glob('*'), sales", "", false},
		{"pivot sales on n using count(*)", "", false},
		{"select list_sort_of(id) from sales", "", false},
	} {
		t.Run(c.first, func(t *testing.T) {
			db.results.clear()
			s := openSession(t, db)
			if c.second == "" {
				c.second = c.first
			}
			want, again := returned(s, c.first)
			if again {
				t.Fatal("the first run finds a result")
			}
			got, again := returned(s, c.second)
			if again != c.again {
				t.Errorf("the second run finds the result: %t, want %t\n%s", again, c.again, got)
			}
			if again && got != want {
				t.Errorf("kept: %s\nat first: %s", got, want)
			}
		})
	}
}

// TestResultsSessions shares results between sessions, as far as their settings allow.
func TestResultsSessions(t *testing.T) {
	for _, c := range []struct {
		script string
		again  bool
	}{
		{"", true},
		{"SET TimeZone = 'UTC'; SET TimeZone = 'Asia/Tokyo'", false},
		{"SET integer_division = false", false},
		{"SET preserve_identifier_case = true", false},
		{"SET search_path = 'public'", false},
		{"BEGIN", false},
		{"CREATE TEMP TABLE x AS SELECT 1", true},
		{"CREATE TEMP TABLE stamps AS SELECT 1 AS t", false},
		{"CREATE TEMP MACRO year(x) AS 5", false},
		{"SET tarn.result_cache = off", false},
		{"SET tarn.result_cache = off; SET tarn.result_cache = on", true},
		{"SET tarn.pruning = off", false},
		{"CREATE TEMP TABLE stamps AS SELECT 1 AS t; DROP TABLE stamps", false},
		{"CREATE TEMP VIEW x AS SELECT 1", true},
		{"CREATE TEMP VIEW stamps AS SELECT TIMESTAMP '2020-01-01' AS t", false},
	} {
		db, _ := openLake(t, resultLake)
		sql := "select t, year(t), extract(hour from t) / 2, CAST(t AS VARCHAR) from stamps order by all"
		returned(openSession(t, db), sql)
		s, plain := openSession(t, db), openSession(t, db)
		plain.switches.resultCache = false
		for _, each := range strings.Split(c.script, "; ") {
			answer(s, each)
			if !strings.Contains(each, "tarn.") {
				answer(plain, each)
			}
		}
		got, again := returned(s, sql)
		if again != c.again {
			t.Errorf("%s: the result is found: %t, want %t", c.script, again, c.again)
		}
		for range 2 {
			if want, _ := returned(plain, sql); got != want {
				t.Errorf("%s: %s, want %s", c.script, got, want)
			}
			got, _ = returned(s, sql)
		}
	}
}

func TestResultsParameters(t *testing.T) {
	db, _ := openLake(t, resultLake)
	s := openSession(t, db)
	run := func(types []sqltype.Type, args ...Arg) string {
		st, err := s.Prepare(ctx, "select $1, sum(id) from sales where id = $2 or $2 is null", types)
		if err != nil {
			return failure(err)
		}
		defer st.Close()
		rows, err := st.Run(ctx, args)
		if err != nil {
			return failure(err)
		}
		defer rows.Close()
		_, again := rows.stream.(*replayed)
		text, err := drain(rows)
		return fmt.Sprintf("%s %s%v%v%t", text, rows.Columns()[0].Type, st.Params(), err, again)
	}
	text, number := []sqltype.Type{sqltype.Of(sqltype.Varchar), sqltype.Of(sqltype.BigInt)}, []sqltype.Type{sqltype.Of(sqltype.BigInt), sqltype.Of(sqltype.BigInt)}
	var got []string
	for _, types := range [][]sqltype.Type{text, text, number, number} {
		got = append(got, run(types, Arg{Text: "1"}, Arg{Text: "2"}), run(types, Arg{Text: "12"}, Arg{Null: true}), run(types, Arg{Text: "12"}, Arg{Text: ""}))
	}
	wrong := "ERROR 10: could not convert string '' to INT64"
	want := []string{"1|2 VARCHAR[VARCHAR BIGINT]<nil>false", "12|6 VARCHAR[VARCHAR BIGINT]<nil>false", wrong,
		"1|2 VARCHAR[VARCHAR BIGINT]<nil>true", "12|6 VARCHAR[VARCHAR BIGINT]<nil>true", wrong,
		"1|2 BIGINT[BIGINT BIGINT]<nil>false", "12|6 BIGINT[BIGINT BIGINT]<nil>false", wrong,
		"1|2 BIGINT[BIGINT BIGINT]<nil>true", "12|6 BIGINT[BIGINT BIGINT]<nil>true", wrong}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestResultsChanges changes files between runs: a result is never stale.
func TestResultsChanges(t *testing.T) {
	db, dir := openLake(t, resultLake)
	s := openSession(t, db)
	file := func(name string) string { return filepath.Join(dir, name) }
	for i, change := range []func(){
		func() {},
		func() { writeFile(t, file("sales/year=2024/a.csv"), "id,n\n30,c\n") },
		func() { writeFile(t, file("sales/year=2025/a.csv"), "id,n\n40,c\n"); answer(s, "refresh") },
		func() { os.Remove(file("sales/year=2023/a.csv")) },
		func() { writeFile(t, file("sales/year=2025/a.csv"), "id,n\n4.5,c\n") },
		func() { os.RemoveAll(file("sales")); answer(s, "refresh") },
	} {
		change()
		for k := range 3 {
			got, again := returned(s, "select sum(id), max(n) from sales")
			want := []string{"6|c[", "33|c[", "73|c[", "70|c[", "34.5|c[", "ERROR"}[i]
			if !strings.HasPrefix(got, want) || again != (k > 0 && want != "ERROR") {
				t.Errorf("change %d, run %d: %s, found %t, want %s", i, k, got, again, want)
			}
		}
	}
}

// TestResultsPolicy forbids malformed rows that were passed over before.
func TestResultsPolicy(t *testing.T) {
	db, dir := openLake(t, resultLake)
	s := openSession(t, db)
	returned(s, "select max(a + 0) from bad")
	if got, again := returned(s, "select max(a + 0) from bad"); !again || !strings.Contains(got, "1 malformed row of 1 file was passed over") {
		t.Error(got, again)
	}
	writeFile(t, filepath.Join(dir, "lake.yaml"), "tables:\n  bad:\n    on_reject: error\n")
	answer(s, "refresh")
	if got, _ := returned(s, "select max(a + 0) from bad"); !strings.Contains(got, "on_reject policy is error") {
		t.Error(got)
	}
}

// TestResultsElsewhere changes files that a statement does not read.
func TestResultsElsewhere(t *testing.T) {
	db, dir := openLake(t, resultLake)
	s := openSession(t, db)
	sql := "select max(t) from stamps"
	returned(s, sql)
	writeFile(t, filepath.Join(dir, "sales/year=2024/a.csv"), "id,n\n30,c\n")
	answer(s, "refresh")
	if got, again := returned(s, sql); !again {
		t.Error(got)
	}
}

// TestResultsMemory counts what holds batches: results that are kept, and rows that are being read.
func TestResultsMemory(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	made := func(key string, n int) *result {
		b := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil))
		defer b.Release()
		for i := range n {
			b.Field(0).(*array.Int64Builder).Append(int64(i))
		}
		rec := b.NewRecordBatch()
		return &result{key: resultKey(key), batches: []arrow.RecordBatch{rec}, bytes: sizeOf(rec)}
	}
	r := &results{limit: 100 << 10}
	put := func(key string, n int) bool {
		kept := made(key, n)
		defer kept.release()
		return r.put(kept)
	}
	if !put("a", 100) || put("large", 1000) {
		t.Error("room for what is too large, or none for what is not")
	}
	reading := r.get("a")
	for i := range 300 {
		put(fmt.Sprint(i%150), 100)
	}
	if r.has("a") || !r.has("149") || mem.CurrentAlloc() > 200<<10 {
		t.Error("the least recently used result is still there, or", mem.CurrentAlloc(), "bytes")
	}
	rows := &replayed{batches: reading.batches}
	rec, err := rows.Next(ctx)
	if err != nil || rec.Column(0).(*array.Int64).Value(99) != 99 {
		t.Error("a result was freed while it was read", err)
	}
	rec.Release()
	left := &replayed{batches: r.get("149").batches}
	left.Close()
	left.Close()
	r.clear()
}

// TestResultsShadow makes a name mean another table.
func TestResultsShadow(t *testing.T) {
	db, dir := openLake(t, map[string]string{"east/stock.csv": "v\n1\n", "east/other.csv": "w\n1\n"})
	s := openSession(t, db)
	returned(s, "select max(v) from stock")
	writeFile(t, filepath.Join(dir, "stock.csv"), "v\n2\n")
	answer(s, "refresh")
	if got, _ := returned(s, "select max(v) from stock"); !strings.HasPrefix(got, "2[") {
		t.Error(got)
	}
}

// TestResultsBound fills the cache.
func TestResultsBound(t *testing.T) {
	var rows strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&rows, "%d\n", i)
	}
	db, _ := openLake(t, map[string]string{"t.csv": "id\n" + rows.String()})
	db.results.limit = 160 << 10 // 10 KiB each
	s := openSession(t, db)
	for i := range 100 {
		returned(s, fmt.Sprintf("select * from t where id < %d", i))
		if db.results.bytes > db.results.limit || db.results.bytes == 0 || int(db.results.used.Len()) != len(db.results.byKey) {
			t.Fatalf("%d bytes, %d and %d results", db.results.bytes, db.results.used.Len(), len(db.results.byKey))
		}
	}
	if _, again := returned(s, "select * from t where id < 99"); !again {
		t.Error("the last result is gone")
	}
	if _, again := returned(s, "select * from t where id < 0"); again {
		t.Error("the first result is still there")
	}
	for range 2 {
		if _, again := returned(s, "select * from t where id < 15000"); again {
			t.Error("a large result was kept")
		}
	}
	db.results.clear()
	if db.results.bytes != 0 || db.results.used.Len() != 0 {
		t.Error(db.results.bytes, "bytes are left")
	}
}

// TestResultsUnread leaves a result before its end: nothing is kept.
func TestResultsUnread(t *testing.T) {
	var rows strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&rows, "%d\n", i)
	}
	db, _ := openLake(t, map[string]string{"t.csv": "id\n" + rows.String()})
	s := openSession(t, db)
	r, err := s.Query(ctx, "select * from t")
	if err != nil {
		t.Fatal(err)
	}
	rec, err := r.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	rec.Release()
	r.Close()
	if _, again := returned(s, "select * from t"); again {
		t.Error("a result that was not read to its end was kept")
	}
	if text, again := returned(s, "select * from t"); !again || strings.Count(text, "\n") != 19999 {
		t.Error("the whole result was not kept")
	}
}

// TestResultsConcurrent runs sessions beside each other while files change; run it with -race.
func TestResultsConcurrent(t *testing.T) {
	db, dir := openLake(t, resultLake)
	db.results.limit = 64 << 10
	var wg sync.WaitGroup
	for k := range 4 {
		s := openSession(t, db)
		wg.Go(func() {
			for i := range 60 {
				got, _ := returned(s, fmt.Sprintf("select sum(id), %d from sales", i%7))
				if !strings.HasPrefix(got, fmt.Sprintf("6|%d[", i%7)) && !strings.HasPrefix(got, fmt.Sprintf("7|%d[", i%7)) {
					t.Error(got)
				}
				if k == 0 && i == 30 {
					writeFile(t, filepath.Join(dir, "sales/year=2024/a.csv"), "id,n\n4,c\n")
				}
			}
			if got, _ := returned(s, "select sum(id), 0 from sales"); k == 0 && !strings.HasPrefix(got, "7|0[") {
				t.Error(got)
			}
		})
	}
	wg.Wait()
}

func TestResultNote(t *testing.T) {
	db, _ := openLake(t, resultLake)
	s := openSession(t, db)
	note := func(sql string) string {
		st, err := s.Prepare(ctx, sql, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		text, err := st.resultNote(s.main, s.Snapshot(), sql, nil)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	got := []string{note("select sum(id) from sales"), note("select random() from sales")}
	returned(s, "select sum(id) from sales")
	got = append(got, strings.Join(strings.Fields(note("SELECT sum(id) FROM sales"))[4:], " "))
	s.switches.resultCache = false
	got = append(got, note("select sum(id) from sales"))
	if diff := cmp.Diff([]string{"no result is kept; one of up to 4194304 bytes would be", "not kept: random() may give another value the next time",
		"bytes is kept; without EXPLAIN ANALYZE the statement returns it and reads no file", "off (tarn.result_cache)"}, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkResultAgain(b *testing.B) {
	db, _ := openLake(b, resultLake)
	s := openSession(b, db)
	const sql = "select n, count(*), sum(id) from sales where year = $1 group by n order by 2 desc"
	returned(s, sql, Arg{Text: "2023"})
	for b.Loop() {
		if _, again := returned(s, sql, Arg{Text: "2023"}); !again {
			b.Fatal("not kept")
		}
	}
}
