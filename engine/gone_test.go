package engine

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestCopiesGoneWhileRead damages copies and removes them when rows have been given out. The rows end with an error that says what to
// do, and the statement is right when it comes again.
func TestCopiesGoneWhileRead(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"removed": os.Remove,
		"damaged": func(p string) error {
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return overwrite(p, 4, strings.Repeat("\xff", len(text)/2))
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for i := range 20 {
				files[fmt.Sprintf("t/%02d.csv", i)] = lines(20_000, "name")
			}
			db, _ := openLake(t, files)
			warmLake(t, db)
			s := uncachedSession(t, db)
			rows, err := s.Query(t.Context(), "SELECT id, name FROM t")
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range copiesIn(t, db.cat.StateDir()) {
				if err := damage(path); err != nil {
					t.Fatal(err)
				}
				if name == "damaged" {
					fitNote(t, db, path)
				}
			}
			_, err = drain(rows)
			rows.Close()
			var e *Error
			if !errors.As(err, &e) || e.Kind != KindFileChanged || e.Hint == "" {
				t.Errorf("the rows end with %v", err)
			}
			for range 25 { // a copy after the other may turn out to be damaged
				rows, err := s.Query(t.Context(), "SELECT id, name FROM t")
				if err != nil {
					t.Fatal(err)
				}
				text, err := drain(rows)
				rows.Close()
				if err == nil {
					if n := strings.Count(text, "\n") + 1; n != 400_000 {
						t.Errorf("%d rows", n)
					}
					return
				}
			}
			t.Error("the statement never succeeds")
		})
	}
}

// TestErrorsAmidRows tells errors that come up after the first rows as those before.
func TestErrorsAmidRows(t *testing.T) {
	db, dir := openLake(t, map[string]string{"t.csv": lines(50_000, "name"), "u/a.csv": lines(50_000, "more"), "u/b.csv": lines(50_000, "more"), "u/c.csv": lines(50_000, "more")})
	s := openSession(t, db)
	for sql, want := range map[string]string{
		"SELECT CASE WHEN id > 40000 THEN CAST('x' || (id - id) AS INT) ELSE id END FROM t": "ERROR 10: could not convert string 'x0' to INT32",
		"SELECT CASE WHEN id > 40000 THEN error('stop') ELSE id END FROM t":                 "ERROR 10: stop",
	} {
		got := answer(s, sql)
		if _, got, _ = strings.Cut(got, "ERROR"); "ERROR"+got != want {
			t.Errorf("%s: %q, want %q", sql, "ERROR"+got, want)
		}
	}
	rows, err := s.Query(t.Context(), "SELECT * FROM u")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if err := os.Remove(dir + "/u/" + name + ".csv"); err != nil {
			t.Fatal(err)
		}
	}
	_, err = drain(rows)
	var e *Error
	if rows.Close(); !errors.As(err, &e) || e.Kind != KindFileChanged {
		t.Errorf("the files are gone: %v", err)
	}
}

// TestLinkedCache keeps copies in a folder elsewhere.
func TestLinkedCache(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	writeFile(t, dir+"/t.csv", lines(100, "name"))
	if err := os.Symlink(t.TempDir(), state+"/cache"); err != nil {
		t.Fatal(err)
	}
	db := openWith(t, dir, state, Options{})
	warmLake(t, db)
	s := uncachedSession(t, db)
	if got := answer(s, "SELECT count(*), sum(id) FROM t"); got != "100|4950" {
		t.Error(got)
	}
	if plan := answer(s, "EXPLAIN SELECT * FROM t"); !strings.Contains(plan, "READ_PARQUET") {
		t.Errorf("the copy is not read:\n%s", plan)
	}
}
