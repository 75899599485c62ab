package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tarn/catalog"
)

// badRows is a lake with malformed rows in one table, of two files.
var badRows = map[string]string{
	"orders/1.csv": "id,name,n\n1,a,2\n2,b,3\n3,c,4\n4,d,5,6\n5,e,6\n", "orders/2.csv": "id,name,n\n7,f,8\n8,g,9\n9,h,1,2,3\n10,i,1\n",
	"good.csv": "id,orders\n1,x\n2,y\n3,z\n",
}

// TestRejectNotices checks which statements say that rows are missing, and how.
func TestRejectNotices(t *testing.T) {
	db, _ := openLake(t, badRows)
	total := db.cat.Snapshot().Lookup("public", "orders").Rejected()
	if total == 0 {
		t.Fatal("no row of orders is rejected")
	}
	for sql, want := range map[string]bool{
		"select * from orders":                                                 true,
		"select id from public.orders limit 1":                                 true,
		"select count(*) from good join orders using (id)":                     true,
		"select (select count(*) from orders)":                                 true,
		"create temp table copy as select * from orders":                       true,
		"create temp table t (id bigint); insert into t select id from orders": true,
		"create temp view v as select * from orders; select 1 from v":          true,
		"create temp macro m() as table select * from orders; from m()":        true,
		"from query('select * from orders')":                                   true,
		"prepare p as select * from orders; execute p":                         true,
		"from orders pivot (count(*) for id in (1))":                           true,
		"summarize orders":                                                     true,
		"explain analyze select * from orders":                                 true,
		"select orders from good":                                              false,
		"with orders as (select 1 as a) select * from orders":                  false,
		"select id as orders from good":                                        false,
		"create temp table orders as select 1 as a; select * from orders":      false,
		"create temp table copy as select * from orders; select * from copy":   false,
		"create temp view v as select * from orders; select orders from good":  false,
		"explain select * from orders":                                         false,
		"describe orders":                                                      false,
		"prepare p as select * from orders":                                    false,
		"select table_name from tarn.tables where table_name = 'orders'":       false,
	} {
		s := openSession(t, db)
		statements := strings.Split(sql, "; ")
		for _, one := range statements[:len(statements)-1] {
			if got := answer(s, one); strings.HasPrefix(got, "ERROR") {
				t.Fatalf("%s: %s", one, got)
			}
		}
		rows, err := s.Query(t.Context(), statements[len(statements)-1])
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if _, err := drain(rows); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
		notices := slices.DeleteFunc(rows.Notices(), func(n Notice) bool { return strings.HasPrefix(n.Message, "result cache: ") })
		rows.Close()
		if (len(notices) == 1) != want || len(notices) > 1 {
			t.Errorf("%s: notices %v", sql, notices)
		} else if want && (!strings.HasPrefix(notices[0].Message, "table public.orders: 2 malformed rows of 2 files were passed over, first orders/1.csv line 5: ") ||
			notices[0].Hint != "SELECT * FROM tarn.rejects lists them.") {
			t.Errorf("%s: %v", sql, notices)
		}
	}
}

// TestRejectPolicy checks that a table whose policy is error is not read, and that others are.
func TestRejectPolicy(t *testing.T) {
	db, _ := openLake(t, badRows)
	db.cat.Snapshot().Lookup("public", "orders").OnReject = catalog.OnRejectError
	s := openSession(t, db)
	_, err := s.Query(t.Context(), "select count(*) from orders")
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindCorruptFile || e.File != "orders/1.csv" || e.Line != 5 || !strings.Contains(e.Hint, "on_reject") {
		t.Errorf("%#v", err)
	}
	if got := answer(s, "select orders from good limit 1"); got != "x" {
		t.Errorf("another table: %s", got)
	}
	if got := answer(s, "describe orders"); !strings.HasPrefix(got, "id|BIGINT") {
		t.Errorf("describe: %s", got)
	}
}

// TestStoredRelations checks the relations that are filled only when they are named.
func TestStoredRelations(t *testing.T) {
	db, _ := openLake(t, badRows)
	s := openSession(t, db)
	if got := answer(s, "select path, line, column_name is null, text from tarn.rejects order by path, line"); got !=
		"orders/1.csv|5|true|4,d,5,6\norders/2.csv|4|true|9,h,1,2,3" {
		t.Errorf("rejects: %s", got)
	}
	if got := answer(s, "select rejected_rows, row_count, why is not null from tarn.tables where table_name = 'orders'"); got != "2|7|true" {
		t.Errorf("tables: %s", got)
	}
	if got := answer(s, "select sum(rejected_rows), bool_and(own_reader), min(encoding) from tarn.files where table_name = 'orders'"); got != "2|true|utf-8" {
		t.Errorf("files: %s", got)
	}
	other := openSession(t, db)
	answer(other, "begin")
	if got := answer(other, "select count(*) > 1, min(version), max(crawled_at) <= now() from tarn.history"); got != "true|1|true" {
		t.Errorf("history: %s", got)
	}
	answer(other, "create temp view r as select * from tarn.rejects")
	if got := answer(other, "select count(*) from r"); got != "2" {
		t.Errorf("a view of rejects: %s", got)
	}
}

// TestColumnStatistics checks what tarn.columns says over several files.
func TestColumnStatistics(t *testing.T) {
	db, _ := openLake(t, map[string]string{
		"t/year=2023/a.csv": "id,v,w,d\n1,9,b,2024-01-02\n2,10,a,2023-12-31\n", "t/year=2024/b.csv": "id,v,w,d\n3,-1,c,\n4,2.5,a,2024-02-01\n",
		"odd/1.csv": "k,m\n1,2\n", "odd/2.csv": "k,m\nx,3\n"})
	want := "k|NULL|NULL\nm|2|3\nid|1|4\nv|-1|10\nw|a|c\nd|2023-12-31|2024-02-01\nyear|2023|2024"
	if got := answer(openSession(t, db), "select column_name, min, max from tarn.columns order by table_name, ordinal_position"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := answer(openSession(t, db), "select distinct_estimate, proof from tarn.columns where column_name in ('id', 'k') order by column_name"); got != "4|NULL\n2|odd/2.csv:2" {
		t.Errorf("got %s", got)
	}
}
