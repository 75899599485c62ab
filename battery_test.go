package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"tarn/catalog"
	"tarn/engine"
)

var batterySummary = flag.Bool("battery.summary", false, "list the failing cases of the battery with their first differences")

// TestBattery crawls and reads the small lakes of testdata/battery, whose README says how a case is written. Every case
// says what a sensible person expects of its files; there is no way to rewrite them by what Tarn does.
func TestBattery(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "battery", "*.txtar"))
	if err != nil || len(paths) < 200 {
		t.Fatalf("found %d cases, %v", len(paths), err)
	}
	var mu sync.Mutex
	failed := map[string]string{}
	t.Cleanup(func() { // after all parallel cases
		if !*batterySummary {
			return
		}
		for _, path := range paths {
			if why := failed[path]; why != "" {
				fmt.Printf("%s\n\t%s\n", path, strings.ReplaceAll(why, "\n", "\n\t"))
			}
		}
		fmt.Printf("battery: %d of %d cases pass\n", len(paths)-len(failed), len(paths))
	})
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			c := readCase(t, path)
			c.run(t)
			if len(c.problems) == 0 {
				return
			}
			mu.Lock()
			failed[path] = strings.Join(c.problems, "\n")
			mu.Unlock()
			t.Errorf("%s\n%s", strings.TrimSpace(c.comment), strings.Join(c.problems, "\n"))
		})
	}
}

// batteryCase is one case of the battery.
type batteryCase struct {
	comment  string
	dir      string
	want     []section
	problems []string
}

// section is one expectation.
type section struct{ name, text string }

// lines are the section's lines that are not empty.
func (s section) lines() (out []string) {
	for line := range strings.Lines(s.text) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// get returns the section of a name.
func (c *batteryCase) get(name string) (s section, ok bool) {
	i := slices.IndexFunc(c.want, func(s section) bool { return s.name == name })
	if i < 0 {
		return section{name: name}, false
	}
	return c.want[i], true
}

func (c *batteryCase) problem(format string, args ...any) {
	c.problems = append(c.problems, strings.TrimRight(fmt.Sprintf(format, args...), "\n"))
}

// differ notes the difference between lists of lines: those that lack, those that are too many, or their order.
func (c *batteryCase) differ(what string, want, got []string) {
	if slices.Equal(want, got) {
		return
	}
	var lines []string
	rest := slices.Clone(got)
	for _, line := range want {
		if i := slices.Index(rest, line); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		} else {
			lines = append(lines, "\t- "+line)
		}
	}
	for _, line := range rest {
		lines = append(lines, "\t+ "+line)
	}
	if len(lines) == 0 {
		lines = []string{"\twant the order " + strings.Join(want, " / "), "\tgot            " + strings.Join(got, " / ")}
	}
	c.problem("%s (-want +got)\n%s", what, strings.Join(lines[:min(len(lines), 40)], "\n"))
}

// readCase writes the files of a case into a folder.
func readCase(t *testing.T, path string) *batteryCase {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &batteryCase{comment: string(a.Comment), dir: t.TempDir()}
	for _, f := range a.Files {
		name, data, err := batteryFile(f.Name, f.Data)
		if err != nil {
			t.Fatalf("%s: %s: %v", path, f.Name, err)
		}
		if want, ok := strings.CutPrefix(name, "want/"); ok {
			c.want = append(c.want, section{want, string(data)})
			continue
		}
		writeBatteryFile(t, filepath.Join(c.dir, filepath.FromSlash(name)), data)
	}
	if c.comment == "" || len(c.want) == 0 {
		t.Fatalf("%s has no comment or no expectation", path)
	}
	return c
}

// run opens the lake and compares it with the expectations.
func (c *batteryCase) run(t *testing.T) {
	state := t.TempDir()
	p := &program{stdout: t.Output(), stderr: t.Output(), state: state}
	l, err := p.openLake(t.Context(), c.dir)
	if err != nil {
		c.problem("open: %v", err)
		return
	}
	defer func() {
		if err := l.close(); err != nil {
			c.problem("close: %v", err)
		}
	}()
	b := &batteryRun{batteryCase: c, t: t, db: l.db, snap: l.cat.Snapshot(), notices: l.cat.Notices()}
	b.session = newLocal(t, l.db)
	b.checkTables()
	for _, table := range b.snap.Tables {
		b.readTable(table)
	}
	b.checkRejects()
	b.checkSkipped()
	b.checkNotices()
	b.checkSections()
}

// batteryRun is a case whose lake is open.
type batteryRun struct {
	*batteryCase
	t       *testing.T
	db      *engine.DB
	session *local
	snap    *catalog.Snapshot
	notices []string // of the catalog, tables, files and results
}

// query runs a statement; ok is false if it failed, which is a problem then.
func (b *batteryRun) query(sql string) (got *answer, ok bool) {
	got = b.session.run(b.t.Context(), sql)
	if got.state != "" {
		b.problem("%s: %s %s", sql, got.state, got.message)
	}
	return got, got.state == ""
}

// checkTables compares the tables and their numbers of rows.
func (b *batteryRun) checkTables() {
	want, ok := b.get("tables")
	if !ok {
		return
	}
	var got []string
	for _, t := range b.snap.Tables {
		got = append(got, fmt.Sprintf("%s.%s %d", t.Schema, t.Name, t.Rows()))
	}
	lines := want.lines()
	slices.Sort(lines)
	slices.Sort(got)
	b.differ("tables", lines, got)
}

// checkSections finds expectations that nothing was compared with, and runs those that are queries.
func (b *batteryRun) checkSections() {
	for _, s := range b.want {
		name, kind, _ := cutLast(s.name, ".")
		switch {
		case kind == "columns", kind == "rows":
			if b.lookup(name) == nil {
				b.problem("there is no table %s", name)
			}
		case strings.HasPrefix(s.name, "query"):
			b.checkQuery(s)
		case !slices.Contains([]string{"tables", "rejects", "aside", "notices", "skipped"}, s.name):
			b.problem("want/%s is no expectation", s.name)
		}
	}
}

func (b *batteryRun) lookup(name string) *catalog.Table {
	schema, table, ok := cutLast(name, ".")
	if !ok {
		schema, table = "public", name
	}
	return b.snap.Lookup(schema, table)
}

// cutLast slices s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
