package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const idName, idDay = "id BIGINT\nname VARCHAR\n", "id BIGINT\nday DATE\n"

// steps are changes to a lake one after the other; each is crawled by the same process.
var steps = []struct {
	name  string
	put   map[string]string
	move  [2]string
	drop  string
	reads int
	want  Report
}{
	{name: "nothing", want: Report{Files: 3}},
	{name: "a file is added to a table", put: map[string]string{"t/c.csv": idName}, reads: 1,
		want: Report{Files: 4, Added: []string{"t/c.csv"}}},
	{name: "a file brings a column and a type", put: map[string]string{"t/d.csv": "id VARCHAR\nname VARCHAR\nage BIGINT\n"}, reads: 1,
		want: Report{Files: 5, Added: []string{"t/d.csv"}, Altered: []TableChange{{"public.t", []string{
			"column id changed from BIGINT to VARCHAR: it is so in t/d.csv", "column age BIGINT added, first in t/d.csv"}}}}},
	{name: "a file changes", put: map[string]string{"t/d.csv": "id BIGINT\nname VARCHAR\n\n"}, reads: 1,
		want: Report{Files: 5, Changed: []string{"t/d.csv"}, Altered: []TableChange{{"public.t", []string{
			"column id changed from VARCHAR to BIGINT: it is so in t/d.csv", "column age BIGINT removed, last in t/d.csv"}}}}},
	{name: "a file goes", drop: "t/d.csv", want: Report{Files: 4, Removed: []string{"t/d.csv"}}},
	{name: "a file is renamed", move: [2]string{"x.csv", "y.csv"}, reads: 1,
		want: Report{Files: 4, Added: []string{"y.csv"}, Removed: []string{"x.csv"}, NewTables: []string{"public.y"}, Dropped: []string{"public.x"}}},
	{name: "a folder is renamed", move: [2]string{"t", "u"}, want: Report{Files: 4,
		Added: []string{"u/a.csv", "u/b.csv", "u/c.csv"}, Removed: []string{"t/a.csv", "t/b.csv", "t/c.csv"},
		NewTables: []string{"public.u"}, Dropped: []string{"public.t"}}},
	{name: "a file breaks", put: map[string]string{"y.csv": "broken no end\n"}, reads: 1,
		want: Report{Files: 3, Changed: []string{"y.csv"}, Dropped: []string{"public.y"}}},
	{name: "a broken file stays", want: Report{Files: 3}},
	{name: "a broken file is mended", put: map[string]string{"y.csv": idDay}, reads: 1,
		want: Report{Files: 4, Changed: []string{"y.csv"}, NewTables: []string{"public.y"}}},
	{name: "a new file is broken", put: map[string]string{"z.csv": "broken no end\n"}, reads: 1, want: Report{Files: 4}},
	{name: "all go", drop: ".", want: Report{
		Removed: []string{"u/a.csv", "u/b.csv", "u/c.csv", "y.csv"}, Dropped: []string{"public.u", "public.y"}}},
}

// TestCrawls changes a lake step by step and compares what each crawl reports and what the store then holds.
func TestCrawls(t *testing.T) {
	dir := newLake(t, map[string]string{"t/a.csv": idName, "t/b.csv": idName, "x.csv": idDay})
	c, k := mustOpen(t, dir, Options{})
	if n := k.taken(); n != 3 {
		t.Fatalf("the first crawl looked into %d files, want 3", n)
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			before := c.Snapshot()
			put(t, dir, s.put)
			if s.move[0] != "" {
				if err := os.Rename(filepath.Join(dir, s.move[0]), filepath.Join(dir, s.move[1])); err != nil {
					t.Fatal(err)
				}
			}
			if s.drop == "." {
				s.drop = "{u,y.csv,z.csv}"
				for _, name := range []string{"u", "y.csv", "z.csv"} {
					os.RemoveAll(filepath.Join(dir, name))
				}
			} else if s.drop != "" {
				os.Remove(filepath.Join(dir, s.drop))
			}
			got := refresh(t, c)
			s.want.Read = s.reads
			if d := cmp.Diff(s.want, *got, cmpopts.IgnoreFields(Report{}, "Skipped", "NewSkips", "Bytes"), cmpopts.IgnoreUnexported(Report{}), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("report differs (-want +got):\n%s", d)
			}
			if n := k.taken(); n != s.reads {
				t.Errorf("looked into %d files, want %d", n, s.reads)
			}
			changed := s.put != nil || s.move[0] != "" || s.drop != ""
			if after := c.Snapshot(); changed != (after.Version > before.Version) || changed == (after == before) {
				t.Errorf("version %d became %d", before.Version, after.Version)
			}
			checkReloaded(t, c)
		})
	}
}

// TestVersions checks which changes make a new version of which table, and that an ID comes back for nothing.
func TestVersions(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName, "b.json": idDay})
	c, _ := mustOpen(t, dir, Options{})
	a, b := *c.Snapshot().Lookup("public", "a"), *c.Snapshot().Lookup("public", "b")
	put(t, dir, map[string]string{"a.csv": idName + "more VARCHAR\n"})
	refresh(t, c)
	a2, b2 := c.Snapshot().Lookup("public", "a"), c.Snapshot().Lookup("public", "b")
	if a2.ID != a.ID || a2.Version <= a.Version {
		t.Errorf("changed table: ID %d to %d, version %d to %d", a.ID, a2.ID, a.Version, a2.Version)
	}
	if b2.ID != b.ID || b2.Version != b.Version {
		t.Errorf("unchanged table: ID %d to %d, version %d to %d", b.ID, b2.ID, b.Version, b2.Version)
	}
	os.Remove(filepath.Join(dir, "b.json"))
	refresh(t, c)
	put(t, dir, map[string]string{"b.json": idDay})
	refresh(t, c)
	if b3 := c.Snapshot().Lookup("public", "b"); b3.ID == b.ID || b3.Version <= b.Version {
		t.Errorf("table dropped and made again: ID %d to %d, version %d to %d", b.ID, b3.ID, b.Version, b3.Version)
	}
	if got := c.Snapshot().Find("a"); len(got) != 1 || got[0].Name != "a" {
		t.Errorf("Find(a) = %v", got)
	}
	if got := c.Snapshot().Lookup("nowhere", "a"); got != nil {
		t.Errorf("Lookup(nowhere, a) = %v", got)
	}
}

// TestWhileWritten changes files while they are read.
func TestWhileWritten(t *testing.T) {
	dir := newLake(t, map[string]string{"once.csv": idName, "always.csv": idDay + "\n", "gone.csv": idDay, "ok.json": idDay})
	c, k := mustOpen(t, dir, Options{})
	writes := map[string]int{}
	var mu sync.Mutex
	k.hook = func(path string) {
		mu.Lock()
		defer mu.Unlock()
		writes[path]++
		switch {
		case path == "once.csv" && writes[path] == 1, path == "always.csv":
			put(t, dir, map[string]string{path: "id BIGINT\nage BIGINT\n" + strings.Repeat("\n", writes[path])})
		case path == "gone.csv":
			os.Remove(filepath.Join(dir, path))
		}
	}
	put(t, dir, map[string]string{"once.csv": idName + "\n", "always.csv": idDay, "gone.csv": idName + "\n"})
	refresh(t, c)
	if tb := c.Snapshot().Lookup("public", "once"); tb == nil || tb.Columns[1].Name != "age" {
		t.Errorf("a file that changed once: %v", tb)
	}
	if tb := c.Snapshot().Lookup("public", "gone"); tb != nil {
		t.Errorf("a vanished file is table %v", tb)
	}
	s := c.Snapshot().Skipped
	if len(s) != 1 || s[0].Path != "always.csv" || !strings.Contains(s[0].Reason, "being written") {
		t.Errorf("skipped %v", s)
	}
	k.hook = nil
	refresh(t, c)
	if tb := c.Snapshot().Lookup("public", "always"); tb == nil {
		t.Error("a file whose writing ended is no table")
	}
}

// TestCancel ends a crawl in the middle: nothing is stored, and the next one does it all.
func TestCancel(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	c, k := mustOpen(t, dir, Options{})
	put(t, dir, map[string]string{"b.csv": idDay + "x BIGINT\ny BIGINT\nz BIGINT\n", "c.json": idDay})
	ctx, cancel := context.WithCancel(t.Context())
	k.hook = func(string) { cancel() }
	before := c.Snapshot()
	if _, err := c.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled crawl returned %v", err)
	}
	if c.Snapshot() != before {
		t.Error("a cancelled crawl made a snapshot")
	}
	k.hook = nil
	if r := refresh(t, c); r.Files != 3 || len(r.Added) != 2 {
		t.Errorf("the crawl after it: %v", r)
	}
}

// TestProgress checks that progress is told while a slow file is read, and not after the crawl.
func TestProgress(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	told := make(chan Progress, 1000)
	c, k := mustOpen(t, dir, Options{Progress: func(p Progress) { told <- p }})
	put(t, dir, map[string]string{"b.csv": idDay})
	var last Progress
	k.hook = func(path string) {
		for last = range told {
			if last.Phase == "reading" && last.File == path {
				return
			}
		}
	}
	refresh(t, c)
	if last.Total != 1 || last.Done != 0 {
		t.Errorf("progress %+v", last)
	}
}

// TestTwoCatalogs lets two catalogs of one lake crawl at the same time, and compares what they end with.
func TestTwoCatalogs(t *testing.T) {
	dir := newLake(t, map[string]string{"seed.json": idDay})
	a, _ := mustOpen(t, dir, Options{})
	b, _ := mustOpen(t, dir, Options{})
	var wg sync.WaitGroup
	for i, c := range []*Catalog{a, b, a} {
		wg.Go(func() {
			for n := range 8 {
				put(t, dir, map[string]string{"t" + string(rune('a'+i)) + "/" + string(rune('a'+n)) + ".csv": idName})
				if _, err := c.Refresh(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	refresh(t, a)
	if _, err := b.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(dump(a.Snapshot()), dump(b.Snapshot())); d != "" {
		t.Errorf("the catalogs differ (-a +b):\n%s", d)
	}
	if a.Snapshot().Version != b.Snapshot().Version || len(a.Snapshot().Tables) != 4 {
		t.Errorf("versions %d and %d, %d tables", a.Snapshot().Version, b.Snapshot().Version, len(a.Snapshot().Tables))
	}
	if changed, err := b.Sync(t.Context()); changed || err != nil {
		t.Errorf("a second Sync: %t, %v", changed, err)
	}
	if r := refresh(t, b); !r.same || r.Read != 0 {
		t.Errorf("b found more: %s", r)
	}
}

// TestHistory checks what is kept of changes.
func TestHistory(t *testing.T) {
	dir := newLake(t, map[string]string{"t/a.csv": idName, "t/b.csv": idName})
	c, _ := mustOpen(t, dir, Options{})
	put(t, dir, map[string]string{"t/b.csv": idName + "age BIGINT\n", "t/c.csv": idName})
	refresh(t, c)
	os.RemoveAll(filepath.Join(dir, "t"))
	refresh(t, c)
	entries, err := c.History(t.Context())
	var got []string
	for _, h := range entries {
		if h.CrawledAt.IsZero() {
			t.Error("no time")
		}
		got = append(got, fmt.Sprintf("%d %s.%s: %s %s", h.Version, h.Schema, h.Table, h.Change, h.Path))
	}
	want := []string{"1 public.t: created with 2 files and 2 columns t/a.csv", "2 public.t: 1 file added t/c.csv", "2 public.t: 1 file changed t/b.csv",
		"2 public.t: column age BIGINT added t/b.csv", "3 public.t: dropped, since its files are gone or in other tables "}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("history %q, %v", got, err)
	}
}

// TestNewSkips checks that a report tells files that are skipped anew from those that were before.
func TestNewSkips(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName, "b.csv": "broken one\n", "c.csv": "broken two\n"})
	c, _ := mustOpen(t, dir, Options{})
	for _, step := range []struct {
		put  map[string]string
		want []string
	}{
		{nil, nil},
		{map[string]string{"a.csv": "broken three\n", "c.csv": "broken four\n", "d": "no data\n"}, []string{"a.csv", "c.csv", "d"}},
		{map[string]string{"a.csv": idName, "e.csv": idDay}, nil},
	} {
		put(t, dir, step.put)
		r := refresh(t, c)
		var got []string
		for _, s := range r.NewSkips {
			got = append(got, s.Path)
		}
		var text bytes.Buffer
		if err := r.Write(&text, c.Snapshot(), false); err != nil {
			t.Fatal(err)
		}
		_, changes, _ := strings.Cut(text.String(), "changes:")
		changes, _, _ = strings.Cut(changes, "skipped:")
		if told := strings.Contains(changes, "skipped "); !slices.Equal(got, step.want) || told != (step.want != nil) {
			t.Errorf("newly skipped: %q, want %q; told %t:\n%s", got, step.want, told, text.String())
		}
	}
}

// TestHistoryCulprits checks which file and line the history names, with files that are read.
func TestHistoryCulprits(t *testing.T) {
	dir := newLake(t, map[string]string{"t/a.csv": "id,n\n1,5\n2,6,7\n3,8\n", "t/b.csv": "id,n\n1,5\n"})
	c := openReal(t, dir)
	for _, files := range []map[string]string{
		{"t/c.csv": "id,n\n1,1e300\n", "t/d.csv": "id,n\n1,5\n2,soon\n3,4\n"},
		{"t/b.csv": "id,n,at\n1,5,2024-01-01\n1,2\n1,2,3,4\n"},
		{"t/d.csv": "id,n\n1,5\n"},
	} {
		put(t, dir, files)
		refresh(t, c)
	}
	entries, err := c.History(t.Context())
	var got []string
	for _, h := range entries {
		got = append(got, fmt.Sprintf("%d %s %s:%d", h.Version, h.Change, h.Path, h.Line))
	}
	want := []string{
		"1 created with 2 files and 2 columns t/a.csv:0", "1 1 row rejected t/a.csv:3",
		"2 2 files added t/c.csv:0", "2 column n changed from BIGINT to VARCHAR t/d.csv:3",
		"3 1 file changed t/b.csv:0", "3 column at DATE added t/b.csv:0", "3 1 row rejected t/b.csv:4",
		"4 1 file changed t/d.csv:0", "4 column n changed from VARCHAR to DOUBLE t/d.csv:0",
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("history (-want +got):\n%s%v", d, err)
	}
}
