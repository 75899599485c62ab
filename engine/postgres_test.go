package engine

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tarn/engine/pgcatalog"
)

// Every relation of PostgreSQL's catalog is there, with PostgreSQL's columns in PostgreSQL's order, and can be read.
func TestPostgresRelations(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	relations, err := pgcatalog.Relations()
	if err != nil {
		t.Fatal(err)
	}
	if len(relations) < 200 {
		t.Fatalf("%d relations", len(relations))
	}
	for _, r := range relations {
		st, err := s.Prepare(ctx, "SELECT * FROM "+r.Name, nil)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		var got []string
		for _, c := range st.Columns() {
			got = append(got, c.Name)
		}
		if !slices.Equal(got, r.Columns) {
			t.Errorf("%s has the columns %v, not %v", r.Name, got, r.Columns)
		}
		st.Close()
		if got := answer(s, "SELECT count(*) FROM (SELECT * FROM "+r.Name+") x"); strings.Trim(got, "0123456789") != "" {
			t.Errorf("%s: %s", r.Name, got)
		}
	}
}

// A transaction that began before anyone asked for the catalog finds it.
func TestPostgresInTransaction(t *testing.T) {
	db, _ := openLake(t, smallLake)
	s := openSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{"begin", "BEGIN"},
		{"select count(*) from sales", "3"},
		{"select 'sales'::regclass::text, count(*) from pg_tables where schemaname = 'public'", "sales|2"},
		{"select table_name from information_schema.tables where table_schema = 'public' order by 1", "people\nsales"},
		{"select count(*) > 20 from pg_settings", "true"},
		{"commit", "COMMIT"},
	} {
		if got := answer(s, c.sql); got != c.want {
			t.Errorf("%s: %s, want %s", c.sql, got, c.want)
		}
	}
}

// A transaction that has looked at the catalog goes on seeing what it saw, whatever other sessions make of it.
func TestPostgresInOldTransaction(t *testing.T) {
	db, dir := openLake(t, smallLake)
	a, b := openSession(t, db), openSession(t, db)
	const tables = "select count(*) from pg_tables where schemaname = 'public'"
	answer(a, "begin")
	if got := answer(a, tables); got != "2" {
		t.Error(got)
	}
	writeFile(t, filepath.Join(dir, "new.csv"), "a\n1\n")
	answer(b, "refresh")
	if got := answer(b, tables); got != "3" {
		t.Errorf("another session: %s", got)
	}
	for _, sql := range []string{tables, "select count(*) from information_schema.tables where table_schema = 'public'"} {
		if got := answer(a, sql); got != "2" {
			t.Errorf("%s: %s", sql, got)
		}
	}
	answer(a, "commit")
	if got := answer(a, tables); got != "3" {
		t.Errorf("afterwards: %s", got)
	}
}

// What was asked in vain is in tarn.compat; what a table of the lake is called stays that table's.
func TestPostgresCompat(t *testing.T) {
	db, _ := openLake(t, map[string]string{"pg_class.csv": "a\n1\n"})
	s := openSession(t, db)
	answer(s, "select nope from pg_catalog.pg_type")
	answer(s, "select * from pg_publication")
	if got := answer(s, "select statement, relation, error is not null from tarn.compat"); got != "select nope from pg_catalog.pg_type|NULL|true\nselect * from pg_publication|pg_catalog.pg_publication|false" {
		t.Error(got)
	}
	if got := answer(s, "select a from pg_class"); got != "1" {
		t.Error(got)
	}
	if got := answer(s, "select relname, reltuples from pg_catalog.pg_class where oid = 'public.pg_class'::regclass"); got != "pg_class|1.0" && got != "pg_class|1" {
		t.Error(got)
	}
}

// Tools show the columns of information_schema.columns as they come, often without ORDER BY.
func TestPostgresColumnsInOrder(t *testing.T) {
	var want []string
	for i := range 40 {
		want = append(want, fmt.Sprintf("c%02d", (i*17)%40))
	}
	db, _ := openLake(t, map[string]string{"wide.csv": strings.Join(want, ",") + "\n" + strings.Repeat("1,x,", 20)[:79] + "\n", "a.csv": "b,a\n1,2\n"})
	s := openSession(t, db)
	for _, sql := range []string{
		"select column_name from information_schema.columns where table_name = 'wide'",
		"select column_name from information_schema.columns where table_schema = 'public' and table_name = 'wide' and data_type in ('bigint', 'text')",
		"select column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name) where table_name = 'wide'",
	} {
		if got := answer(s, sql); got != strings.Join(want, "\n") {
			t.Errorf("%s gives the columns in the order %s", sql, strings.ReplaceAll(got, "\n", " "))
		}
	}
}
