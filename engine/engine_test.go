package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// openLake writes files (path to content) and opens an engine over them.
func openLake(t testing.TB, files map[string]string) (*DB, string) {
	t.Helper()
	dir := t.TempDir()
	for path, content := range files {
		writeFile(t, filepath.Join(dir, path), content)
	}
	return openDir(t, dir), dir
}

func openDir(t testing.TB, dir string) *DB {
	t.Helper()
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(t.Context(), root, catalog.Options{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), cat.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(filepath.Dir(path), ".part") // renamed, so that no crawl sees half of it
	if err := errors.Join(os.WriteFile(part, []byte(content), 0o644), os.Rename(part, path)); err != nil {
		t.Fatal(err)
	}
}

func openSession(t testing.TB, db *DB) *Session {
	t.Helper()
	s, err := db.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// answer runs one statement and returns its rows as text: cells with a bar between, rows with a newline. For a
// statement without rows it is the tag, for one that fails the error's kind and message.
func answer(s *Session, sql string, args ...Arg) string {
	st, err := s.Prepare(context.Background(), sql, nil)
	if err != nil {
		return failure(err)
	}
	defer st.Close()
	rows, err := st.Run(context.Background(), args)
	if err != nil {
		return failure(err)
	}
	defer rows.Close()
	text, err := drain(rows)
	if err != nil {
		return text + failure(err)
	}
	if rows.Columns() == nil {
		return rows.Tag()
	}
	return text
}

func drain(rows *Rows) (string, error) {
	var lines []string
	for {
		rec, err := rows.Next(context.Background())
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return strings.Join(lines, "\n"), err
		}
		for r := range int(rec.NumRows()) {
			var line []byte
			for c, col := range rows.Columns() {
				if c > 0 {
					line = append(line, '|')
				}
				line = rows.Style().Append(line, col.Type, rec.Column(c), r)
			}
			lines = append(lines, string(line))
		}
		rec.Release()
	}
}

func failure(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return "not an *Error: " + err.Error()
	}
	return fmt.Sprintf("ERROR %d: %s", e.Kind, e.Error())
}

var smallLake = map[string]string{
	"sales/y=1/a[1].csv": "id,n\n1,a\n2,b\n",
	"sales/b.csv":        "id;n;extra\n3;c;2024-01-02\n",
	"people.json":        `[{"id": 1, "tags": ["x", "y"]}, {"id": 3, "tags": null}]`,
	"east/stock.csv":     "item,count\nbolt,5\n",
	"west/stock.csv":     "item,count\nnut,7\n",
	"east/lonely.csv":    "v\n42\n",
}

func TestStatements(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{"select * from sales order by id", "1|a|NULL|1\n2|b|NULL|1\n3|c|2024-01-02|NULL"},
		{"select n from sales where y = 1 order by 1 desc", "b\na"},
		{"select s.n, p.tags from sales s join people p using (id) order by 1", "a|[x, y]\nc|NULL"},
		{"select * from east.stock", "bolt|5"},
		{"select * from lonely", "42"},
		{"select * from stock", `ERROR 7: table name "stock" is ambiguous`},
		{"with stock as (select 1 a) select * from stock", "1"},
		{"select s.item from lonely, stock s", `ERROR 7: table name "stock" is ambiguous`},
		{"select count(*) from sales where exists (select 1 from stock)", `ERROR 7: table name "stock" is ambiguous`},
		{"select w.item, stock from west.stock w, (select 3 as stock) x, lonely", "nut|3"},
		{"select count from west.stock, lonely", "7"},
		{"select 7/2, 7.0/2", "3|3.5"},
		{"select * from (values (1),(null)) t(a) order by a", "1\nNULL"},
		{"select * from salse", "ERROR 2: table with name salse does not exist"},
		{"select idd from sales", `ERROR 3: referenced column "idd" not found in FROM clause`},
		{"selec 1", `ERROR 1: syntax error at or near "selec"`},
		{"select 1; select 2", "ERROR 1: cannot prepare several statements at once"},
		{"", ""}, {" -- nothing", ""}, {"select 1;", "1"},
		{"copy sales to 'x.csv'", "ERROR 16: COPY is not supported"},
		{"explain analyze copy sales to 'x.csv'", "ERROR 16: COPY is not supported"},
		{"prepare p as copy sales to 'x.csv'", "ERROR 16: COPY is not supported"},
		{"attach 'x.db'", "ERROR 15: ATTACH is not allowed: Tarn reads only the lake it was opened on"},
		{"load httpfs", "ERROR 15: LOAD is not allowed: Tarn reads only the lake it was opened on"},
		{"select * from read_csv('/etc/passwd')", `ERROR 15: cannot access file "/etc/passwd" - file system operations are disabled by configuration (/etc/passwd)`},
		{"set threads = 1", `ERROR 6: cannot change configuration option "threads" - the configuration has been locked`},
		{"create table x (i int)", "ERROR 14: cannot run CREATE: the lake is read-only"},
		{"create table temp (i int)", "ERROR 14: cannot run CREATE: the lake is read-only"},
		{"create or replace view v as select 1", "CREATE VIEW"}, {"drop view v", "DROP VIEW"},
		{"create or replace temp view v as select 1", "CREATE VIEW"}, {"drop view v", "DROP VIEW"},
		{"explain analyze with x as (select 1) delete from tarn.tables", "ERROR 14: cannot run a change: the lake is read-only"},
		{"prepare p as with x as (select 1) delete from tarn.tables", "ERROR 14: cannot run a change: the lake is read-only"},
		{"alter database tarndb set alias to foo", "ERROR 14: cannot run ALTER: the lake is read-only"},
		{"set global timezone = 'Asia/Tokyo'", "ERROR 15: SET GLOBAL is not allowed"},
		{"use tarn", "ERROR 15: schema tarn cannot be on the search path"},
		{"set search_path = 'public,tarn'", "ERROR 15: schema tarn cannot be on the search path"},
		{`set search_path = 'public, "tarn"'`, "ERROR 15: schema tarn cannot be on the search path"},
		{"set search_path = 'tarndb.tarn,public'", "ERROR 15: schema tarn cannot be on the search path"},
		{"set search_path = 'tarndb.public,tarndb.east'", "SET"}, {"reset search_path", "RESET"},
		{"set variable tarn_1_1_0 = []", "ERROR 15: variables whose names begin with tarn_ are Tarn's own"},
		{"call enable_logging('QueryLog', storage_path = 'x')", "ERROR 15: enable_logging is not allowed"},
		{"select * from query('call enable_' || 'x; enable_logging()')", "ERROR 15: enable_logging is not allowed"},
		{"pragma import_database('x')", "ERROR 15: import_database is not allowed"},
		{"create\u00a0table foo (i int)", "ERROR 14: cannot run CREATE: the lake is read-only"},
		{"select count(*) from 'sales'", "3"}, {"select count(*) from query('select * from sales')", "3"},
		{"select count(*) from tarndb.sales", "3"}, {"select count(*) from public/*c*/.sales", "3"},
		{"select count(*) from pragma_table_info('people')", "2"},
		{"select column_name from (describe \"people\") limit 1", "id"},
		{"set search_path = 'east'", "SET"}, {"select * from stock", "bolt|5"}, {"reset search_path", "RESET"},
		{"select count(*) from sales", "3"},
		{"drop view sales", "ERROR 27: \"sales\" is not a view"},
		{"insert into sales values (1)", "ERROR 14: cannot run INSERT: the lake is read-only"},
		{"update tarn.tables set table_name = 'x'", "ERROR 14: cannot run UPDATE: the lake is read-only"},
		{"with x as (select 1) insert into tarn.skipped select 'a', 'b'", "ERROR 14: cannot run a change: the lake is read-only"},
		{"create temp table x as select id from sales", "SELECT 3"},
		{"insert into x values (9)", "INSERT 0 1"},
		{"select sum(id) from x", "15"},
		{"update x set id = id + 1", "UPDATE 4"},
		{"delete from x where id > 3 returning id", "4\n10"},
		{"drop table x", "DROP TABLE"},
		{"set TimeZone = 'Asia/Tokyo'", "SET"},
		{"select timestamptz '2024-01-01 00:00:00+00'", "2024-01-01 09:00:00+09"},
		{"select table_schema, table_name from information_schema.tables where table_schema not in ('tarn', 'pg_catalog', 'information_schema') order by all",
			"east|lonely\neast|stock\npublic|people\npublic|sales\nwest|stock"},
		{"select table_name, row_count, format, partition_columns from tarn.tables where table_schema = 'public' order by 1",
			"people|2|json|[]\nsales|3|csv|[y]"},
		{"select path, partition_value from tarn.partitions", "sales/y=1/a[1].csv|1"},
		{"select variant_test from (select ''::variant as variant_test)", `ERROR 16: column "variant_test" has the type VARIANT, which results cannot carry`},
	} {
		if got := answer(s, c.sql); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || !strings.HasPrefix(c.want, "ERROR") && got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.sql, got, c.want)
		}
	}
}

func TestParameters(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	for _, c := range []struct {
		sql, want string
		args      []Arg
	}{
		{"select n from sales where id = $1", "b", []Arg{{Text: "2"}}},
		{"select n from sales where extra = $1", "c", []Arg{{Text: "2024-01-02"}}},
		{"select n from sales where id > $1 order by id limit $2", "b", []Arg{{Text: "1"}, {Text: "1"}}},
		{"select $1", "it's", []Arg{{Text: "it's"}}},
		{"select $1 + 1", "6", []Arg{{Text: "5"}}},
		{"select $1::date + 1", "2024-03-01", []Arg{{Text: "2024-02-29"}}},
		{"select coalesce($1, 'none')", "none", []Arg{{Null: true}}},
		{"select id from people where list_contains(tags, $1)", "1", []Arg{{Text: "y"}}},
		{"select n from sales where id = $1", "ERROR 10: could not convert string 'zz' to INT64", []Arg{{Text: "zz"}}},
		{"select $1, $2", "ERROR 10: the statement has 2 parameters, 1 values were given", []Arg{{Text: "a"}}},
	} {
		if got := answer(s, c.sql, c.args...); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.sql, got, c.want)
		}
	}
	st, err := s.Prepare(t.Context(), "select $1, id from sales", []sqltype.Type{sqltype.Of(sqltype.Date)})
	if err != nil {
		t.Fatal(err)
	}
	if got := st.Params()[0].String() + st.Columns()[0].Type.String() + st.Columns()[1].Type.String(); got != "DATEDATEBIGINT" {
		t.Errorf("types are %s", got)
	}
}

// TestErrorPlace checks that an error points into the client's own text, in characters.
func TestErrorPlace(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	for sql, want := range map[string]int{"  select 'é', nocol from sales": 15, "select $1::date, nocol": 18, "selec 1": 1} {
		_, err := s.Prepare(t.Context(), sql, nil)
		var e *Error
		if !errors.As(err, &e) || e.Position != want {
			t.Errorf("%q: %+v, want position %d", sql, e, want)
		}
	}
}

// TestAllTypes compares every value of every type with DuckDB's own spelling.
func TestAllTypes(t *testing.T) {
	db, _ := openLake(t, nil)
	s := openSession(t, db)
	if got := answer(s, "set TimeZone = 'UTC'"); got != "SET" {
		t.Fatal(got)
	}
	for _, column := range strings.Split(answer(s, "select column_name from (describe from test_all_types())"), "\n") {
		if column == "variant" {
			continue
		}
		q, from := sqltype.QuoteName(column), " from test_all_types()"
		if column == "blob" { // its cast to text is PostgreSQL's
			continue
		}
		if column == "timestamp_tz" {
			from += " limit 1" // DuckDB spells its own largest value wrong
		}
		got := answer(s, "select "+q+from)
		want := answer(s, "select try_cast("+q+" as varchar)"+from)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-DuckDB +Tarn)\n%s", column, d)
		}
	}
}

func TestListsOutOfOrder(t *testing.T) {
	db, _ := openLake(t, nil)
	s := openSession(t, db)
	got := answer(s, "select l from (select i, case when i % 3 = 0 then null else range(i) end l from range(7) r(i)) where i <> 4 order by i desc")
	if want := "NULL\n[0, 1, 2, 3, 4]\nNULL\n[0, 1]\n[0]\nNULL"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestTransaction(t *testing.T) {
	db, dir := openLake(t, smallLake)
	s, other := openSession(t, db), openSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{"begin", "BEGIN"}, {"begin", "BEGIN"}, {"select count(*) from people", "2"},
		{"select nope", "ERROR 3: "}, {"select 1", "ERROR 23: "}, {"commit", "ROLLBACK"}, {"rollback", "ROLLBACK"},
		{"begin", "BEGIN"},
	} {
		if got := answer(s, c.sql); !strings.HasPrefix(got, c.want) {
			t.Fatalf("%s: got %q, want %q", c.sql, got, c.want)
		}
	}
	writeFile(t, filepath.Join(dir, "new.csv"), "a,b\n1,2\n")
	writeFile(t, filepath.Join(dir, "sales/c.csv"), "id;n;extra\n4;d;2024-01-03\n")
	if _, err := db.cat.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := answer(other, "select count(*) from sales"); got != "4" {
		t.Errorf("outside the transaction: %q", got)
	}
	if got := answer(s, "select count(*) from sales"); got != "3" {
		t.Errorf("inside the transaction: %q", got)
	}
	if got := answer(s, "commit"); got != "COMMIT" {
		t.Error(got)
	}
	if got := answer(s, "select count(*) from sales, new"); got != "4" {
		t.Errorf("after the transaction: %q", got)
	}
}

func TestStatementBesideOpenRows(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	answer(s, "set TimeZone = 'Asia/Tokyo'")
	rows, err := s.Query(t.Context(), "select * from range(100000)")
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(s, "select count(*), current_setting('TimeZone') from sales"); got != "3|Asia/Tokyo" {
		t.Errorf("beside: %q", got)
	}
	for _, sql := range []string{"set TimeZone = 'UTC'", "create temp table t (i int)"} {
		if got := answer(s, sql); !strings.HasPrefix(got, "ERROR 22:") {
			t.Errorf("%s beside: %q", sql, got)
		}
	}
	text, err := drain(rows)
	if n := strings.Count(text, "\n") + 1; err != nil || n != 100000 {
		t.Errorf("%d rows, %v", n, err)
	}
	rows.Close()
}

func TestCancel(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	const long = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if _, err := s.Query(ctx, long); failure(err) != "ERROR 20: the statement was cancelled" {
		t.Errorf("context: %v", err)
	}
	go func() {
		for s.cancelOnce() == 0 {
			time.Sleep(time.Millisecond)
		}
	}()
	if got := answer(s, long); got != "ERROR 20: the statement was cancelled" {
		t.Errorf("Cancel: %q", got)
	}
	if got := answer(s, "select 1"); got != "1" {
		t.Errorf("after: %q", got)
	}
}

// cancelOnce is Cancel that tells how much it stopped.
func (s *Session) cancelOnce() int {
	time.Sleep(50 * time.Millisecond)
	s.mu.Lock()
	n := len(s.cancels)
	s.mu.Unlock()
	s.Cancel()
	return n
}

// TestFilesChange checks that no answer mixes versions of a file or uses an old one.
func TestFilesChange(t *testing.T) {
	db, dir := openLake(t, smallLake)
	s := openSession(t, db)
	st, err := s.Prepare(t.Context(), "select max(count) from east.stock", nil)
	if err != nil {
		t.Fatal(err)
	}
	run := func() string {
		rows, err := st.Run(t.Context(), nil)
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
	if got := run(); got != "5" {
		t.Fatal(got)
	}
	writeFile(t, filepath.Join(dir, "east/stock.csv"), "item,count\nbolt,5\nscrew,66\n")
	if got := run(); got != "66" {
		t.Errorf("changed: %q", got)
	}
	if err := os.Remove(filepath.Join(dir, "east/stock.csv")); err != nil {
		t.Fatal(err)
	}
	if got := run(); !strings.HasPrefix(got, "ERROR 2:") {
		t.Errorf("gone: %q", got)
	}
	if got := answer(s, "select count(*) from west.stock"); got != "1" {
		t.Errorf("another table: %q", got)
	}
}

// TestManySessions runs statements while the lake changes; an answer is always one of a whole version.
func TestManySessions(t *testing.T) {
	db, dir := openLake(t, smallLake)
	var wg sync.WaitGroup
	for range 4 {
		s := openSession(t, db)
		wg.Go(func() {
			for range 30 {
				got := answer(s, "select count(*) = sum(k), count(*) in (2, 3) from (select 1 as k, * from west.stock union all select 1, v::varchar, v from lonely)")
				if got != "true|true" && !strings.HasPrefix(got, "ERROR 19: ") {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	for i := range 10 {
		text := "item,count\nnut,7\n"
		if i%2 == 0 {
			text += "washer,8\n"
		}
		writeFile(t, filepath.Join(dir, "west/stock.csv"), text)
		if _, err := db.cat.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}

// TestLeftOut checks that an answer without the rows of a broken file says so.
func TestLeftOut(t *testing.T) {
	db, _ := openLake(t, map[string]string{
		"log/1.csv": "id,v\n1,a\n", "log/2.csv": strings.Repeat("x,", 1<<14+1) + "x\n", "log/3.csv": "id,v\n3,c\n", "other.csv": "x\n1\n"})
	s := openSession(t, db)
	for sql, want := range map[string]int{"select count(*) from log": 1, "select * from other": 0} {
		rows, err := s.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := drain(rows); err != nil || len(rows.Notices()) != want {
			t.Errorf("%s: %v, notices %v", sql, err, rows.Notices())
		} else if want > 0 && !strings.Contains(rows.Notices()[0].Message, "log/2.csv: line 1: the table has 16386 columns") {
			t.Error(rows.Notices()[0].Message)
		}
		rows.Close()
	}
}

// TestKeysInAnotherCase checks that JSON keys which differ in case between files are one column, and none is lost.
func TestKeysInAnotherCase(t *testing.T) {
	db, _ := openLake(t, map[string]string{
		"ev/1.json": `{"id": 1, "pos": {"x": 1}}`, "ev/2.json": `{"ID": 2, "pos": {"X": 2}}`, "ev/3.json": `{"id": 3, "pos": null}`})
	s := openSession(t, db)
	if got := answer(s, "select id, pos->>'$.x', pos->>'$.X' from ev order by 1"); got != "1|1|NULL\n2|NULL|2\n3|NULL|NULL" {
		t.Errorf("got %q", got)
	}
}

// TestRowsEndWithTransaction checks that rows cut off by COMMIT do not look complete.
func TestRowsEndWithTransaction(t *testing.T) {
	db, _ := openLake(t, nil)
	s := openSession(t, db)
	answer(s, "begin")
	rows, err := s.Query(t.Context(), "select * from range(1000000)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if got := answer(s, "commit"); got != "COMMIT" {
		t.Fatal(got)
	}
	if _, err := drain(rows); err == nil || !strings.HasPrefix(failure(err), "ERROR 22:") {
		t.Errorf("got %v", err)
	}
}

// TestMissingTableHints checks what is said of a table that is not there.
func TestMissingTableHints(t *testing.T) {
	files := map[string]string{"broken.parquet": "PAR1 and no end"}
	for k, v := range smallLake {
		files[k] = v
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	for name, want := range map[string]string{
		"broken": "broken.parquet is in no table: the Parquet file is cut short",
		"salse":  "Did you mean public.sales?",
		"zzzzzz": "SHOW TABLES lists the tables of the lake.",
	} {
		_, err := s.Prepare(t.Context(), "select * from "+name, nil)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Hint, want) {
			t.Errorf("%s: %+v, want hint %q", name, e, want)
		}
	}
}

// TestResultTypesAreTheDatas checks that a statement whose table changed its columns since Prepare describes its rows as
// they are.
func TestResultTypesAreTheDatas(t *testing.T) {
	db, dir := openLake(t, map[string]string{"ev/e.csv": "a,b\n1,2\n3,4\n"})
	s := openSession(t, db)
	st, err := s.Prepare(t.Context(), "select * from ev.e", nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"a,b\nlonger text,x\n": "longer text|x",
		"a,b\n369229998778435576150555015249933,-369229998778435576150555015249933\n": "369229998778435576150555015249933|-369229998778435576150555015249933",
		"a\n7\n": "7",
	} {
		writeFile(t, filepath.Join(dir, "ev/e.csv"), text)
		rows, err := st.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := drain(rows); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
		rows.Close()
	}
}

// TestEnumSizes reads enumerations around the sizes at which DuckDB stores them wider.
func TestEnumSizes(t *testing.T) {
	db, _ := openLake(t, nil)
	s := openSession(t, db)
	for _, n := range []int{255, 256, 257, 65535, 65536} {
		answer(s, fmt.Sprintf("create or replace temp table e as select i::varchar v from range(%d) r(i)", n))
		sql := fmt.Sprintf("select string_agg(x, ',') from (select x from (select unnest(['3', '4', '%d']) v) t, lateral (select v x))", n-1)
		if got := answer(s, sql); !strings.HasSuffix(got, fmt.Sprint(n-1)) {
			t.Fatal(got)
		}
		if got := answer(s, "create temp type big_enum as enum (select v from e)"); got != "CREATE TYPE" {
			t.Fatal(got)
		}
		got := answer(s, fmt.Sprintf("select unnest(['3', '4', '%d'])::big_enum", n-1))
		if want := fmt.Sprintf("3\n4\n%d", n-1); got != want {
			t.Errorf("%d values: got %q", n, got)
		}
		answer(s, "drop type big_enum")
	}
}

// TestBeginAfterAFileIsGone checks that a vanished file does not keep transactions from beginning.
func TestBeginAfterAFileIsGone(t *testing.T) {
	db, dir := openLake(t, smallLake)
	s := openSession(t, db)
	if err := os.Remove(filepath.Join(dir, "east/lonely.csv")); err != nil {
		t.Fatal(err)
	}
	if got := answer(s, "begin"); got != "BEGIN" {
		t.Error(got)
	}
}
