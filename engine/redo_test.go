package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestOnce tells changes that come out the same a second time from those that need not.
func TestOnce(t *testing.T) {
	db, _ := openLake(t, map[string]string{"lake.csv": "n,f\n1,1.5\n2,2e300\n"})
	for _, c := range []struct {
		sql  string
		once bool
	}{
		{"INSERT INTO x VALUES (1, 'now()')", false},
		{"INSERT INTO x SELECT n, upper('a') FROM lake WHERE n IN (1, 2)", false},
		{"INSERT INTO x SELECT sum(n), 'a' FROM lake", true}, // of a table with floating numbers
		{"INSERT INTO x SELECT sum(i), count(*) FROM range(10) r(i)", false},
		{"INSERT INTO x SELECT 1, string_agg(s, '') FROM x", true},
		{"INSERT INTO x VALUES (random() * 9, 'a')", true},
		{"INSERT INTO x VALUES (1, now())", true},
		{"INSERT INTO x VALUES (1, current_date)", true},
		{"INSERT INTO x SELECT n, 'a' FROM lake USING SAMPLE 1", true},
		{"INSERT INTO x SELECT 1, table_name FROM duckdb_tables()", true},
		{"INSERT INTO x SELECT 1, relname FROM pg_class", true},
		{"INSERT INTO x SELECT 1, table_name FROM tarn.tables", true},
		{"INSERT INTO x SELECT dice(), 'a'", true},
		{"INSERT INTO x SELECT one(), 'a'", false},
		{"INSERT INTO stamped (i) VALUES (1)", true}, // whose default is now()
	} {
		s := openSession(t, db)
		for _, sql := range []string{"CREATE TEMP TABLE x (n BIGINT, s VARCHAR)", "CREATE TEMP TABLE stamped (i INTEGER, made TIMESTAMPTZ DEFAULT now())", "CREATE TEMP MACRO dice() AS random()",
			"CREATE TEMP MACRO one() AS 1", "BEGIN"} {
			if got := answer(s, sql); strings.HasPrefix(got, "ERROR") {
				t.Fatalf("%s: %s", sql, got)
			}
		}
		if got := answer(s, c.sql); strings.HasPrefix(got, "ERROR") {
			t.Errorf("%s: %s", c.sql, got)
			continue
		}
		answer(s, "SAVEPOINT a")
		before := answer(s, "SELECT * FROM x ORDER BY ALL")
		answer(s, "INSERT INTO x VALUES (0, 'z')")
		got := answer(s, "ROLLBACK TO a")
		if strings.HasPrefix(got, "ERROR") != c.once {
			t.Errorf("back over %s: %s", c.sql, got)
		} else if c.once && !strings.Contains(got, "cannot be repeated") {
			t.Errorf("back over %s: %s does not say why", c.sql, got)
		} else if now := answer(s, "SELECT * FROM x ORDER BY ALL"); !c.once && now != before {
			t.Errorf("back over %s: %s, want %s", c.sql, now, before)
		}
	}
}

// temporaries are the temporary tables of TestRandomSavepoints: the rows of each by its name, in order.
type temporaries map[string][]string

func (t temporaries) clone() temporaries {
	c := temporaries{}
	for name, rows := range t {
		c[name] = slices.Clone(rows)
	}
	return c
}

// TestRandomSavepoints changes temporary tables at random, with savepoints and errors in between, and compares them with a model.
func TestRandomSavepoints(t *testing.T) {
	db, _ := openLake(t, cutLake())
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := openSession(t, db)
		var said []string
		say := func(sql, want string) {
			said = append(said, sql)
			if got := answer(s, sql); got != want && (want != "ERROR" || !strings.HasPrefix(got, want)) {
				t.Fatalf("seed %d: %s\n got %s\nwant %s", seed, strings.Join(said, ";\n"), got, want)
			}
		}
		now := temporaries{}
		for range 4 {
			begun := now.clone()
			points := []temporaries{}
			names := []string{}
			failed := false
			say("BEGIN", "BEGIN")
			for range 25 {
				switch act := r.IntN(10); {
				case failed || act == 0 && len(points) > 0:
					if len(points) == 0 {
						break
					}
					at := r.IntN(len(points))
					say("ROLLBACK TO "+names[at], "ROLLBACK")
					now, points, names, failed = points[at].clone(), points[:at+1], names[:at+1], false
				case act == 1:
					names, points = append(names, fmt.Sprintf("p%d", len(points))), append(points, now.clone())
					say("SAVEPOINT "+names[len(names)-1], "SAVEPOINT")
				case act == 2 && len(points) > 0:
					at := r.IntN(len(points))
					say("RELEASE "+names[at], "RELEASE")
					points, names = points[:at], names[:at]
				case act == 3:
					say([]string{"SELECT CAST('x' AS INTEGER)", "SELECT * FROM nosuch", "INSERT INTO nosuch VALUES (1)"}[r.IntN(3)], "ERROR")
					failed = true
				default:
					now.change(r, say)
				}
				if !failed {
					now.compare(say)
				}
			}
			if failed || r.IntN(3) == 0 {
				say("ROLLBACK", "ROLLBACK")
				now = begun
			} else {
				say("COMMIT", "COMMIT")
			}
			now.compare(say)
		}
	}
}

// change does something to one of the tables.
func (t temporaries) change(r *rand.Rand, say func(sql, want string)) {
	name := fmt.Sprintf("t%d", r.IntN(3))
	rows, there := t[name]
	value := fmt.Sprint(r.IntN(1000))
	switch act := r.IntN(6); {
	case !there:
		say("CREATE TEMP TABLE "+name+" AS SELECT "+value+" AS v", "SELECT 1")
		t[name] = []string{value}
	case act == 0:
		say("DROP TABLE "+name, "DROP TABLE")
		delete(t, name)
	case act == 1:
		say("DELETE FROM "+name, fmt.Sprintf("DELETE %d", len(rows)))
		t[name] = []string{}
	case act == 2:
		say("UPDATE "+name+" SET v = "+value, fmt.Sprintf("UPDATE %d", len(rows)))
		for i := range rows {
			rows[i] = value
		}
	default:
		say("INSERT INTO "+name+" VALUES ("+value+")", "INSERT 0 1")
		t[name] = append(rows, value)
	}
}

// compare asks for all tables.
func (t temporaries) compare(say func(sql, want string)) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		rows := slices.Sorted(slices.Values(t[name]))
		say("SELECT CAST(v AS VARCHAR) FROM "+name+" ORDER BY 1", strings.Join(rows, "\n"))
	}
}
