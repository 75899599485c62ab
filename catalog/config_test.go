package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tarn/storage"
)

// setConfig writes a lake.yaml so that its identity differs from the one before.
func setConfig(t *testing.T, c *Catalog, lines ...string) {
	t.Helper()
	put(t, c.root.Dir(), map[string]string{"lake.yaml": strings.Join(lines, "\n") + "\n"})
}

// TestConfigRereads counts the files that an edit of lake.yaml makes a crawl look into again.
func TestConfigRereads(t *testing.T) {
	c, k := mustOpen(t, newLake(t, map[string]string{
		"a/1.csv": "zip BIGINT\nn BIGINT", "a/2.csv": "zip BIGINT\nn BIGINT", "b.csv": "zip BIGINT", "c.json": "zip BIGINT\nx BIGINT", "d.parquet": "zip BIGINT\ny BIGINT",
	}), Options{})
	k.taken()
	for _, step := range []struct {
		what  string
		text  []string
		reads int
		types string // of zip in a, b, c, d
	}{
		{"a comment", []string{"# nothing"}, 0, "BIGINT BIGINT BIGINT BIGINT"},
		{"a type of a table with files", []string{"tables:", "  a: {files: a/*.csv, columns: {zip: VARCHAR}}"}, 2, "VARCHAR BIGINT BIGINT BIGINT"},
		{"nothing", nil, 0, "VARCHAR BIGINT BIGINT BIGINT"},
		{"other lines", []string{"# moved", "tables:", "  a: {files: a/*.csv, columns: {zip: VARCHAR}}"}, 0, "VARCHAR BIGINT BIGINT BIGINT"},
		{"the same of the table that is found", []string{"tables:", "  a: {columns: {zip: VARCHAR}}"}, 4, "VARCHAR BIGINT BIGINT BIGINT"}, // as they are, then with the type
		{"a policy", []string{"tables:", "  a: {columns: {zip: VARCHAR}, on_reject: error}"}, 0, "VARCHAR BIGINT BIGINT BIGINT"},
		{"tables that are found", []string{"tables:", "  b: {columns: {zip: VARCHAR}}", "  c: {columns: {zip: VARCHAR}}", "  d: {columns: {zip: INTEGER}}"}, 1,
			"BIGINT VARCHAR VARCHAR INTEGER"},
		{"options of a glob", []string{"files:", "  - {glob: b.csv, csv: {delimiter: ';'}}"}, 1, "BIGINT BIGINT BIGINT BIGINT"},
		{"options of all", []string{"defaults: {csv: {nulls: [NA]}}"}, 3, "BIGINT BIGINT BIGINT BIGINT"},
	} {
		if step.text != nil {
			setConfig(t, c, step.text...)
		}
		refresh(t, c)
		if n := k.taken(); n != step.reads {
			t.Errorf("%s: %d files were looked into, want %d", step.what, n, step.reads)
		}
		var types []string
		for _, name := range []string{"a", "b", "c", "d"} {
			types = append(types, findColumn(c.Snapshot().Lookup("public", name).Columns, "zip").Type.String())
		}
		if got := strings.Join(types, " "); got != step.types {
			t.Errorf("%s: types %s, want %s", step.what, got, step.types)
		}
		checkReloaded(t, c)
	}
	os.Remove(filepath.Join(c.root.Dir(), "lake.yaml"))
	refresh(t, c)
	if n := k.taken(); n != 3 {
		t.Errorf("without lake.yaml: %d files were looked into, want 3", n)
	}
}

// TestConfigNewFile gives a type to a table that exists only once its second file came.
func TestConfigNewFile(t *testing.T) {
	c, k := mustOpen(t, newLake(t, map[string]string{
		"lake.yaml": "tables: {a: {columns: {zip: VARCHAR}}}", "a/1.csv": "zip BIGINT\nn BIGINT",
	}), Options{})
	if got := dump(c.Snapshot()); !strings.Contains(got, "zip BIGINT\n") {
		t.Errorf("the table a._1 has the type of the table a:\n%s", got)
	}
	k.taken()
	put(t, c.root.Dir(), map[string]string{"a/2.csv": "zip BIGINT\nn BIGINT"})
	refresh(t, c)
	if got := dump(c.Snapshot()); !strings.Contains(got, "public.a\n\tzip VARCHAR by lake.yaml line 1") {
		t.Errorf("the table a does not have the type that is given:\n%s", got)
	}
	if n := k.taken(); n != 3 { // the new one, and then both with the type
		t.Errorf("%d files were looked into", n)
	}
	refresh(t, c)
	if n := k.taken(); n != 0 {
		t.Errorf("%d files were looked into although nothing changed", n)
	}
	checkReloaded(t, c)
}

// TestConfigVersion changes a policy, a name and a type: each makes a new version of the table concerned, and of no other.
func TestConfigVersion(t *testing.T) {
	c, _ := mustOpen(t, newLake(t, map[string]string{"a.json": "x BIGINT", "b/c.json": "x BIGINT"}), Options{})
	other := c.Snapshot().Lookup("b", "c").Version
	last := c.Snapshot().Lookup("public", "a").Version
	for _, line := range []string{
		"tables: {a: {on_reject: error}}", "tables: {a: {columns: {x: {name: y}}}}", "tables: {a: {columns: {x: {name: y, type: INTEGER}}}}", "defaults: {on_reject: skip}",
	} {
		setConfig(t, c, line)
		refresh(t, c)
		v := c.Snapshot().Lookup("public", "a").Version
		if v <= last {
			t.Errorf("%s: version %d follows %d", line, v, last)
		}
		last = v
	}
	if v := c.Snapshot().Lookup("b", "c").Version; v != other {
		t.Errorf("the other table's version became %d from %d", v, other)
	}
}

// TestConfigWrong opens lakes with a wrong lake.yaml, and breaks that of an open one.
func TestConfigWrong(t *testing.T) {
	for want, files := range map[string]map[string]string{
		`lake.yaml:1: lake.yaml has no key "tabels"; did you mean tables?`: {"lake.yaml": "tabels: {}"},
		"there is a lake.yml beside it":                                    {"lake.yaml": "", "lake.yml": ""},
		"lake.yml:2: the schema pg_x is taken":                             {"lake.yml": "tables:\n  pg_x.t: {files: a.csv}"},
		"lake.yaml:1: the schema main is taken":                            {"lake.yaml": "tables: {t: {name: main.t}}"},
		"lake.yaml: it cannot be read":                                     {"lake.yaml/x": ""},
		"lake.yaml:3: the file a.csv is among the files of the tables public.t (line 2) and public.u (line 3)": {
			"lake.yaml": "tables:\n  t: {files: a*}\n  u: {files: '*.csv'}", "a.csv": "x BIGINT"},
	} {
		_, _, err := tryOpen(t, newLake(t, files), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	c, k := mustOpen(t, newLake(t, map[string]string{"lake.yaml": "tables: {t: {files: a*}, u: {files: b*}}", "a.csv": "x BIGINT", "b.csv": "x BIGINT"}), Options{})
	before := dump(c.Snapshot())
	k.taken()
	for _, broken := range []string{"tables: [", "tables: {t: {files: a*}, u: {files: '*.csv'}}"} {
		setConfig(t, c, broken)
		r := refresh(t, c)
		if len(r.Notices) != 1 || !strings.Contains(r.Notices[0], "stay in force") || k.taken() > 0 {
			t.Errorf("%s: notices %q", broken, r.Notices)
		}
		if got := dump(c.Snapshot()); got != before {
			t.Errorf("%s: the tables changed:\n%s", broken, got)
		}
		if _, _, err := tryOpen(t, c.root.Dir(), Options{}); err == nil {
			t.Errorf("%s: another process opened the lake", broken)
		}
	}
	setConfig(t, c, "tables: {t: {files: a*}, u: {files: '*b.csv'}}")
	if r := refresh(t, c); len(r.Notices) > 0 {
		t.Errorf("notices %q although the file is mended", r.Notices)
	}
	put(t, c.root.Dir(), map[string]string{"ab.csv": "x BIGINT"})
	refresh(t, c)
	if got := dump(c.Snapshot()); !strings.Contains(got, "skipped ab.csv: lake.yaml:1: the file ab.csv is among the files of the tables") {
		t.Errorf("a new file of two tables is not skipped:\n%s", got)
	}
}

// TestConfigNotices lists what in a lake.yaml is about nothing.
func TestConfigNotices(t *testing.T) {
	c, _ := mustOpen(t, newLake(t, map[string]string{
		"lake.yaml": strings.Join([]string{"exclude: ['*.bak', 'old']", "files:", "  - {glob: none.csv, csv: {header: true}}",
			"tables:", "  x: {files: [no/*.csv]}", "  roasts: {on_reject: error}", "  cofee: {on_reject: error}", "  broken: {files: bad.csv}"}, "\n"),
		"deep/a.bak": "x BIGINT", "old/b.csv": "x BIGINT", "sales/roasts.csv": "x BIGINT", "coffee.csv": "y BIGINT", "bad.csv": "broken x",
	}), Options{})
	want := []string{
		`lake.yaml line 1: the glob "*.bak" covers no file of the lake`,
		`lake.yaml line 1: the glob "old" covers no file of the lake; "old/**" would cover 1 file`,
		`lake.yaml line 3: the glob "none.csv" covers no file of the lake`,
		`lake.yaml line 5: the glob "no/*.csv" covers no file of the lake`,
		`lake.yaml line 5: there is no table public.x, since none of its files is in the lake and can be read`,
		`lake.yaml line 6: there is no table public.roasts to change; did you mean sales.roasts?`,
		`lake.yaml line 7: there is no table public.cofee to change; did you mean public.coffee?`,
		`lake.yaml line 8: there is no table public.broken, since none of its files is in the lake and can be read`,
	}
	if got := strings.Join(c.Opened().Notices, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	var b strings.Builder
	if err := c.Opened().Write(&b, c.Snapshot(), false); err != nil || !strings.Contains(b.String(), want[1]) {
		t.Errorf("the report lacks the notices (%v):\n%s", err, &b)
	}
}

// TestConfigManyExcluded excludes so many files that they are listed by their pattern.
func TestConfigManyExcluded(t *testing.T) {
	files := map[string]string{"lake.yaml": "exclude: ['old/**']", "a.csv": "x BIGINT"}
	for i := range mostExcluded + 1 {
		files[fmt.Sprintf("old/%d.csv", i)] = "x BIGINT"
	}
	c, k := mustOpen(t, newLake(t, files), Options{})
	want := storage.Skip{Path: "old/**", Reason: "1001 files: excluded by lake.yaml line 1"}
	if got := c.Snapshot().Skipped; len(got) != 1 || got[0] != want {
		t.Errorf("skipped %v", got)
	}
	if n := k.taken(); n != 1 {
		t.Errorf("%d files were looked into", n)
	}
}

// TestConfigOtherProcess lets a second process take over what a first one crawled by a new lake.yaml.
func TestConfigOtherProcess(t *testing.T) {
	a, _ := mustOpen(t, newLake(t, map[string]string{"x.json": "n BIGINT"}), Options{})
	b, k := mustOpen(t, a.root.Dir(), Options{})
	setConfig(t, a, "tables: {y: {files: x.json}}")
	refresh(t, a)
	if changed, err := b.Sync(t.Context()); !changed || err != nil || dump(a.Snapshot()) != dump(b.Snapshot()) {
		t.Errorf("changed %t, error %v, tables\n%s", changed, err, dump(b.Snapshot()))
	}
	if r := refresh(t, b); !r.same || k.taken() > 0 {
		t.Errorf("the second process crawled anew: %s", r)
	}
}

// TestConfigMoved moves a file to where other options hold: it is read again.
func TestConfigMoved(t *testing.T) {
	c, k := mustOpen(t, newLake(t, map[string]string{"lake.yaml": "files: [{glob: in/*, csv: {delimiter: ';'}}]", "in/a.csv": "x BIGINT", "in/b.csv": "x BIGINT"}), Options{})
	k.taken()
	for _, dir := range []string{"out", "in/deep"} {
		if err := os.MkdirAll(filepath.Join(c.root.Dir(), dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{"in/a.csv": "out/a.csv", "in/b.csv": "in/deep/b.csv"} {
		if err := os.Rename(filepath.Join(c.root.Dir(), from), filepath.Join(c.root.Dir(), to)); err != nil {
			t.Fatal(err)
		}
	}
	refresh(t, c)
	if n := k.taken(); n != 2 {
		t.Errorf("%d files were looked into, want 2", n)
	}
}

// TestConfigSingle opens one file beside a lake.yaml, which is about the folder.
func TestConfigSingle(t *testing.T) {
	dir := newLake(t, map[string]string{"lake.yaml": "exclude: ['**']", "a.csv": "x BIGINT"})
	c, _ := mustOpen(t, filepath.Join(dir, "a.csv"), Options{StateDir: t.TempDir()})
	if len(c.Snapshot().Tables) != 1 {
		t.Errorf("tables:\n%s", dump(c.Snapshot()))
	}
}

// TestConfigWatched edits lake.yaml while the lake is watched: a wrong edit is told once, a right one counts.
func TestConfigWatched(t *testing.T) {
	c, _ := mustOpen(t, newLake(t, map[string]string{"a.csv": idName, "b.csv": idDay}), Options{})
	w := startWatch(t, c, listen)
	setConfig(t, c, "exclud: [a.csv]")
	for end := time.Now().Add(watchLimit); len(w.errors()) == 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	setConfig(t, c, "exclude: [a.csv]")
	awaitFiles(t, c, "b.csv")
	if errs := w.errors(); len(errs) != 1 || !strings.Contains(errs[0].Error(), `lake.yaml:1: lake.yaml has no key "exclud"; did you mean exclude?`) {
		t.Errorf("told %v", errs)
	}
	if err := os.Remove(filepath.Join(c.root.Dir(), "lake.yaml")); err != nil {
		t.Fatal(err)
	}
	awaitFiles(t, c, "a.csv", "b.csv")
}
