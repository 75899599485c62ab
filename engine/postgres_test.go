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
