package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var hiddenLake = map[string]string{
	"sales/y=1/a.csv": "id,n\n1,a\n2,\"b\nb\"\n",
	"sales/y=2/b.csv": "id;n;extra\n3;c;2024-01-02\n\n4;;\n",
	"people.json":     "[{\"id\": 1, \"tags\": [\"x\"]},\n\n {\"id\": 3, \"tags\": null}]",
	"ev.ndjson":       "{\"id\":1,\"s\":{\"a\":1}}\n\n{\"id\":2,\"s\":{\"b\":\"x\"}}\n",
	"own.csv":         "_file,v,_LINE\nmine,5,7\n",
	"east/stock.csv":  "item,count\nbolt,5\n",
	"west/stock.csv":  "item,count\nnut,7\n",
}

// hiddenStatements are run in the order given, in a session of their own each: statements with a semicolon between, and what the
// last one answers.
var hiddenStatements = []struct{ sql, want string }{
	{"select *, _file, _line from sales order by id", "1|a|NULL|1|sales/y=1/a.csv|2\n2|b\nb|NULL|1|sales/y=1/a.csv|3\n3|c|2024-01-02|2|sales/y=2/b.csv|2\n4|NULL|NULL|2|sales/y=2/b.csv|4"},
	{"select *, _line from people", "1|[x]|1\n3|NULL|3"},
	{"select _line, _file, s from ev", "1|ev.ndjson|{'a': 1, 'b': NULL}\n3|ev.ndjson|{'a': NULL, 'b': x}"},
	{"select count(*), _file from sales group by all order by 2", "2|sales/y=1/a.csv\n2|sales/y=2/b.csv"},
	{"select * from sales where _file = 'sales/y=1/a.csv' and _line = 2", "1|a|NULL|1"},
	{"select * from sales where _line < 4 order by _file desc, _line desc limit 1", "3|c|2024-01-02|2"},
	{"select a.*, b._file from sales a join sales b using (id) where a.id = 4", "4|NULL|NULL|2|sales/y=2/b.csv"},
	{"select * from sales a join people b on a.id = b.id where a._line = b._line + 1", "1|a|NULL|1|1|[x]"},
	{"with c as (select *, _file from ev) select * from c join people p on c.id = p.id where p._line = 1", "1|{'a': 1, 'b': NULL}|ev.ndjson|1|[x]"},
	{"with sales as (select 1 as id, 'x' as _file) select * from sales where _file = 'x'", "1|x"},
	{"with sales as (select id, _file from sales) select max(_file), count(*) from sales", "sales/y=2/b.csv|4"},
	{"with recursive r as (select min(_line) as n from sales union all select n + 1 from r where n < 4) select count(*) from r", "3"},
	{"select (select max(_line) from sales s where s.id = p.id), id from people p order by id", "2|1\n2|3"},
	{"select id from sales where id in (select id from people where _line = 3)", "3"},
	{"select public.sales.id, sales._line from public.sales where tarndb.public.sales.id = 3", "3|2"},
	{"select distinct _file from sales union all select _file from people order by 1", "people.json\npeople.json\nsales/y=1/a.csv\nsales/y=2/b.csv"},
	{"select x, _line from sales as t(x, y) where y = 'c'", "3|2"},
	{"select _FILE, \"_Line\" from ev limit 1", "ev.ndjson|1"},
	{"select * exclude (n), _file from sales where id = 1", "1|NULL|1|sales/y=1/a.csv"},
	{"select * replace (_line as n) from sales where id = 4", "4|4|NULL|2"},
	{"select row_number() over (partition by _file order by _line desc), id from sales order by all", "1|2\n1|4\n2|1\n2|3"},
	{"select 123456789012345678901234567890, 0.1, 'it''s', _line from ev limit 1", "123456789012345678901234567890|0.1|it's|1"},
	{"from sales select max(_line)", "4"},
	{"select column_name from (describe select *, _line from ev)", "id\ns\n_line"},
	{"select _file, _line, v from own", "mine|7|5"},
	{"select * from own where _file = 'mine'", "mine|5|7"},
	{"select own._file, ev._file from own, ev limit 1", "mine|ev.ndjson"},
	{"select id as _line from ev order by _line desc", "2\n1"},
	{"select _file from east.stock union all select _file from west.stock", "east/stock.csv\nwest/stock.csv"},
	{"create temp table t as select _file, count(*) as n from sales group by 1; insert into t (_file, n) select _file, _line from ev; select * from t order by all",
		"ev.ndjson|1\nev.ndjson|3\nsales/y=1/a.csv|2\nsales/y=2/b.csv|2"},
	{"create temp table ev as select 8 as _line; select _line from ev", "8"},
	{"begin; select max(_line) from sales; commit; begin; select _file from ev limit 1", "ev.ndjson"},
	{"select count(*) from information_schema.columns where column_name in ('_file', '_line') and table_name <> 'own'", "0"},
	{"select count(*) from tarn.columns where column_name = '_file' and table_name <> 'own'", "0"},
	// DuckDB writes an infinite number into its tree, and does not read it again.
	{"select count(_file), count(*) filter (where id < 1e400), max(-1e400 + id) as low from sales where id > -1e400 and id <> 1e400", "4|4|-inf"},
	// What is refused.
	{"select _file from east.stock, west.stock", "ERROR UNSUPPORTED: two tables are called stock where _file is named"},
	{"select * from (select * from sales) where _file is not null", "ERROR COLUMN: referenced column \"_file\" not found in FROM clause"},
	{"select _file from sales natural join people", "ERROR UNSUPPORTED: NATURAL JOIN does not go together with _file and _line"},
	{"select 1 from sales join people using (_file)", "ERROR UNSUPPORTED: USING does not take _file"},
	{"select columns('i.*'), _file from sales", "ERROR UNSUPPORTED: COLUMNS with a pattern or a list does not go together with _file and _line"},
	{"select sales, _file from sales", "ERROR UNSUPPORTED: the whole row of sales as one value does not go together with _file and _line"},
	{"select #1, _file from sales", "ERROR UNSUPPORTED: #1, #2, ... do not go together with _file and _line"},
	{"select _file from sales pivot (count(*) for n in ('a'))", "ERROR UNSUPPORTED: PIVOT and UNPIVOT of a table do not take _file and _line"},
	{"create temp view v as select _file from sales", "CREATE VIEW"},
	{"select _file from range(3)", "ERROR COLUMN: referenced column \"_file\" not found in FROM clause"},
	{"select _file from stock", "ERROR AMBIGUOUS: table name \"stock\" is ambiguous"},
	{"select _file, 1 / from sales", "ERROR SYNTAX: syntax error at or near \"from\""},
}

func TestHiddenColumns(t *testing.T) {
	db, _ := openLake(t, hiddenLake)
	kinds := strings.NewReplacer("UNSUPPORTED", fmt.Sprint(KindUnsupported), "COLUMN:", fmt.Sprint(KindUndefinedColumn)+":",
		"AMBIGUOUS", fmt.Sprint(KindAmbiguous), "SYNTAX", fmt.Sprint(KindSyntax))
	for _, c := range hiddenStatements {
		s := openSession(t, db)
		got, want := "", c.want
		for sql := range strings.SplitSeq(c.sql, ";") {
			got = answer(s, sql)
		}
		if strings.HasPrefix(want, "ERROR") {
			want = kinds.Replace(want)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", c.sql, d)
		}
	}
}

// TestHiddenColumnsKeepParameters binds values, and runs one prepared statement again after the lake has changed.
func TestHiddenColumnsKeepParameters(t *testing.T) {
	db, dir := openLake(t, hiddenLake)
	s := openSession(t, db)
	st, err := s.Prepare(t.Context(), "select id + $2, _line from sales where _file like $1 and id > $2 order by 1", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run := func(args ...Arg) string {
		rows, err := st.Run(context.Background(), args)
		if err != nil {
			return failure(err)
		}
		text, err := drain(rows)
		if err != nil {
			return failure(err)
		}
		return text
	}
	if got, want := run(Arg{Text: "%b.csv"}, Arg{Text: "2"}), "5|2\n6|4"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	writeFile(t, filepath.Join(dir, "sales/y=2/b.csv"), "id;n;extra\n9;c;2024-01-02\n")
	if got, want := run(Arg{Text: "%b.csv"}, Arg{Text: "1"}), "10|2"; got != want {
		t.Errorf("after a change: got\n%s\nwant\n%s", got, want)
	}
}

// TestHiddenColumnsHaveNoWrongPlace checks that errors of reshaped statements point nowhere, and those of others still do.
func TestHiddenColumnsHaveNoWrongPlace(t *testing.T) {
	db, _ := openLake(t, hiddenLake)
	s := openSession(t, db)
	for sql, want := range map[string]int{
		"select _file, nix from sales":     0,
		"select  nix from sales":           9,
		"select _file from range(3)":       8,
		"select _file from sales order by": 33,
	} {
		_, err := s.Prepare(t.Context(), sql, nil)
		if e, ok := err.(*Error); !ok || e.Position != want {
			t.Errorf("%s: %#v, want position %d", sql, err, want)
		}
	}
}
