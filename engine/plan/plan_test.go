package plan

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
				got := outcome(t, p, Request{Tables: asked, Settings: []string{"SET TimeZone = 'UTC'"}, Path: "tarndb.public,tarndb.other,tarndb.s", SQL: sql})
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

// TestSettings checks that the settings of one session do not reach another's plan, and that a table of a new version is seen as
// it is now.
func TestSettings(t *testing.T) {
	p := openPlanner(t)
	tables := tablesOf(t, "s.t a BIGINT, tz TIMESTAMP WITH TIME ZONE")
	plan := func(settings ...string) string {
		return outcome(t, p, Request{Tables: tables, Settings: settings, Path: `tarndb.public,tarndb."s"`, SQL: "SELECT a FROM t WHERE tz >= '2024-01-01 00:00:00'"})
	}
	utc, tokyo := plan("SET TimeZone = 'UTC'"), plan("SET TimeZone = 'Asia/Tokyo'")
	if utc != "s.t: tz >= '2024-01-01 00:00:00+00'\n" || tokyo != "s.t: tz >= '2023-12-31 15:00:00+00'\n" || plan("SET TimeZone = 'UTC'") != utc {
		t.Errorf("UTC %q, Tokyo %q", utc, tokyo)
	}
	if _, err := p.Plan(t.Context(), Request{Settings: []string{"SET no_such_setting = 1"}, SQL: "SELECT 1"}); err == nil {
		t.Error("a setting that does not exist is taken")
	}
	tables = tablesOf(t, "s.t a BIGINT, tz VARCHAR")
	tables[0].Version = 2
	if got := plan("SET TimeZone = 'UTC'"); got != "s.t: tz >= '2024-01-01 00:00:00'\n" {
		t.Errorf("a table of another version: %s", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Plan(ended, Request{SQL: "SELECT 1"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended gives %v", err)
	}
}

// TestConcurrent plans from many goroutines, with more settings than connections are kept.
func TestConcurrent(t *testing.T) {
	p := openPlanner(t)
	tables := tablesOf(t, "s.t a BIGINT")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 2 * maxConns {
				r := Request{Tables: tables, Settings: []string{fmt.Sprintf("SET VARIABLE x = %d", n)}, Path: "tarndb.s",
					SQL: fmt.Sprintf("SELECT a FROM t WHERE a = %d + getvariable('x')", i)}
				scans, err := p.Plan(t.Context(), r)
				if want := fmt.Sprintf("[s.t: a = %d]", i+n); err != nil || fmt.Sprint(scans) != want {
					t.Errorf("%v, %v, want %s", scans, err, want)
				}
			}
		})
	}
	wg.Wait()
}

// TestClosed plans after Close.
func TestClosed(t *testing.T) {
	p := &Planner{}
	if err := errors.Join(p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	if _, err := p.Plan(t.Context(), Request{SQL: "SELECT 1"}); !errors.Is(err, errClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// BenchmarkPlan plans the statements of TPC-H; the unit is all of them.
func BenchmarkPlan(b *testing.B) {
	file, err := os.ReadFile("testdata/tpch.test")
	if err != nil {
		b.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(file), "\n\n")
	tables, p := tablesOf(b, head), openPlanner(b)
	for b.Loop() {
		for _, c := range strings.Split(strings.TrimSpace(rest), "\n\n") {
			sql, _, _ := strings.Cut(c, "\n----")
			if _, err := p.Plan(b.Context(), Request{Tables: tables, SQL: sql}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
