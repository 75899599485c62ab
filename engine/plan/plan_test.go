package plan

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tarn/catalog/sqltype"
)

var rewrite = flag.Bool("rewrite", false, "write what is got into the files of testdata")

// tablesOf reads tables: a line each, with the schema, the name and columns: public.t a BIGINT, b VARCHAR.
func tablesOf(t testing.TB, text string) []Table {
	t.Helper()
	var out []Table
	for line := range strings.Lines(text) {
		name, columns, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		table := Table{Version: 1}
		table.Schema, table.Name, _ = strings.Cut(name, ".")
		for _, c := range strings.Split(columns, ", ") {
			name, typ, _ := strings.Cut(c, " ")
			parsed, err := sqltype.Parse(typ)
			if err != nil {
				t.Fatalf("column %s: %v", c, err)
			}
			table.Columns = append(table.Columns, Column{name, parsed})
		}
		out = append(out, table)
	}
	return out
}

func openPlanner(t testing.TB) *Planner {
	t.Helper()
	p := &Planner{}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// outcome is what a case of testdata expects: the scans, or the error.
func outcome(t testing.TB, p *Planner, r Request) string {
	t.Helper()
	scans, err := p.Plan(t.Context(), r)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "plan the statement: ") {
			t.Fatal(err)
		}
		message, _, _ := strings.Cut(err.Error(), "\n")
		return "error: " + message + "\n"
	}
	var lines []string
	for _, s := range scans {
		lines = append(lines, s.String()+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// TestPlan runs the cases of testdata/*.test. Each file begins with its tables; cases are parted by empty lines, and have a
// statement, a line of dashes and the scans.
func TestPlan(t *testing.T) {
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, rest, _ := strings.Cut(string(text), "\n\n")
			tables, p := tablesOf(t, head), openPlanner(t)
			out := head + "\n"
			for _, c := range strings.Split(strings.TrimSpace(rest), "\n\n") {
				sql, want, _ := strings.Cut(c, "\n----")
				var asked []Table
				for _, table := range tables {
					if strings.Contains(sql, table.Name) {
						asked = append(asked, table)
					}
				}
				got := outcome(t, p, Request{Tables: asked, Settings: []string{"SET TimeZone = 'UTC'"}, Path: "tarndb.public,tarndb.other", SQL: sql})
				if strings.TrimSpace(got) != strings.TrimSpace(want) && !*rewrite {
					t.Errorf("%s\ngives\n%swant\n%s", sql, got, want)
				}
				out += "\n" + sql + "\n----\n" + got
			}
			if *rewrite {
				if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
