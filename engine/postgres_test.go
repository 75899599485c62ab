package engine

import (
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
		{"commit", "COMMIT"},
	} {
		if got := answer(s, c.sql); got != c.want {
			t.Errorf("%s: %s, want %s", c.sql, got, c.want)
		}
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
