package plan

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

var rewrite = flag.Bool("rewrite", false, "write what the planner finds into testdata")

// planTables are the tables of the statements in testdata.
func planTables(t testing.TB) []Table {
	t.Helper()
	var out []Table
	for name, columns := range map[string][]string{
		"t": {"a BIGINT", "b VARCHAR", "d DATE", "ts TIMESTAMP", "x DOUBLE", "m DECIMAL(10,2)", "f BOOLEAN", "st STRUCT(q INTEGER)", "h HUGEINT",
			"tz TIMESTAMP WITH TIME ZONE", "u UUID", "year BIGINT"},
		"u": {"k BIGINT", "v VARCHAR", "w INTEGER"},
	} {
		table := Table{Schema: "s", Name: name, Version: 1}
		for _, c := range columns {
			column, typ, _ := strings.Cut(c, " ")
			parsed, err := sqltype.Parse(typ)
			if err != nil {
				t.Fatal(err)
			}
			table.Columns = append(table.Columns, Column{column, parsed})
		}
		out = append(out, table)
	}
	return out
}

// describe writes the scans of a plan.
func describe(scans []prune.Scan, err error) string {
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, s := range scans {
		fmt.Fprintf(&b, "%s.%s", s.Schema, s.Table)
		for _, f := range s.Filters {
			fmt.Fprintf(&b, " | %s", f)
		}
		if s.Limit >= 0 {
			fmt.Fprintf(&b, " | limit %d", s.Limit)
		}
		if s.Top != nil {
			fmt.Fprintf(&b, " | top %+v", *s.Top)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestPlans plans the statements of testdata/plans.txt, each with what is expected below it. -rewrite writes what is found.
func TestPlans(t *testing.T) {
	const path = "testdata/plans.txt"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var p Planner
	defer p.Close()
	tables := planTables(t)
	var got strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		sql, _, _ := strings.Cut(block, "\n----")
		scans, err := p.Plan(t.Context(), Request{Tables: tables, Path: "tarndb.public,tarndb.s", SQL: sql})
		fmt.Fprintf(&got, "%s\n----\n%s\n", sql, describe(scans, err))
	}
	if *rewrite {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSettings checks that the settings of one session do not reach another's plan, and that a table of a new version is
// seen as it is now.
func TestSettings(t *testing.T) {
	var p Planner
	defer p.Close()
	tables := planTables(t)
	plan := func(settings ...string) string {
		return describe(p.Plan(t.Context(), Request{Tables: tables, Settings: settings, Path: "tarndb.s", SQL: "SELECT a FROM t WHERE tz >= '2024-01-01 00:00:00'"}))
	}
	utc, tokyo := plan("SET TimeZone = 'UTC'"), plan("SET TimeZone = 'Asia/Tokyo'")
	if utc == tokyo || plan("SET TimeZone = 'UTC'") != utc {
		t.Errorf("UTC %q, Tokyo %q", utc, tokyo)
	}
	if got := plan("SET no_such_setting = 1"); !strings.HasPrefix(got, "error: ") {
		t.Error(got)
	}
	for i := range tables {
		tables[i].Version++
		if tables[i].Name == "t" {
			tables[i].Columns = []Column{{"a", sqltype.Of(sqltype.BigInt)}, {"tz", sqltype.Of(sqltype.Varchar)}}
		}
	}
	if got := plan(); got != "s.t | tz >= '2024-01-01 00:00:00'\n" {
		t.Error(got)
	}
}

// TestConcurrentPlans plans from many goroutines, with more settings than connections are kept.
func TestConcurrentPlans(t *testing.T) {
	var p Planner
	defer p.Close()
	tables := planTables(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 20 {
				r := Request{Tables: tables, Settings: []string{fmt.Sprintf("SET VARIABLE x = %d", n%(maxSessions+2))}, Path: "tarndb.s",
					SQL: fmt.Sprintf("SELECT a FROM t WHERE a = %d + getvariable('x')", i)}
				if got, want := describe(p.Plan(t.Context(), r)), fmt.Sprintf("s.t | a = %d\n", i+n%(maxSessions+2)); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
	wg.Wait()
}
