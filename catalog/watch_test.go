package catalog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tarn/storage"
)

// watchLimit is how long a test waits for a change to be seen. It is below watchSafety, so that what only the slow listing
// finds does not pass.
const watchLimit = 8 * time.Second

// watched is a watch that runs until the end of the test.
type watched struct {
	mu      sync.Mutex
	reports []*Report
	errs    []error
}

// startWatch watches until the test ends, and checks that Watch then returns nil.
func startWatch(t *testing.T, c *Catalog, with listener) *watched {
	t.Helper()
	w := &watched{}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- c.watch(ctx, func(r *Report, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err != nil {
				w.errs = append(w.errs, err)
			} else {
				w.reports = append(w.reports, r)
			}
		}, with)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Watch returned %v", err)
		}
	})
	return w
}

// errors returns what was reported as an error.
func (w *watched) errors() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.errs)
}

// awaitFiles waits until exactly these files are in tables.
func awaitFiles(t *testing.T, c *Catalog, want ...string) {
	t.Helper()
	var got []string
	for end := time.Now().Add(watchLimit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		got = nil
		for _, table := range c.Snapshot().Tables {
			for _, f := range table.Files {
				got = append(got, f.Path)
			}
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return
		}
	}
	t.Fatalf("after %v the tables do not have the files (-want +got):\n%s", watchLimit, cmp.Diff(want, got))
}

func move(t *testing.T, dir, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
		t.Fatal(err)
	}
}

// TestWatch changes a lake in every way while it is watched.
func TestWatch(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	c, _ := mustOpen(t, dir, Options{})
	w := startWatch(t, c, listen)
	put(t, dir, map[string]string{"b.csv": idDay})
	awaitFiles(t, c, "a.csv", "b.csv")
	put(t, dir, map[string]string{"new/deep/er/c.csv": idName}) // a folder is watched only after it was seen
	awaitFiles(t, c, "a.csv", "b.csv", "new/deep/er/c.csv")
	put(t, dir, map[string]string{"new/deep/er/d.json": idDay})
	awaitFiles(t, c, "a.csv", "b.csv", "new/deep/er/c.csv", "new/deep/er/d.json")
	move(t, dir, "new", "old")
	awaitFiles(t, c, "a.csv", "b.csv", "old/deep/er/c.csv", "old/deep/er/d.json")
	put(t, dir, map[string]string{"old/deep/er/e.parquet": idDay}) // in a folder that moved with the one above it
	awaitFiles(t, c, "a.csv", "b.csv", "old/deep/er/c.csv", "old/deep/er/d.json", "old/deep/er/e.parquet")
	if err := os.RemoveAll(filepath.Join(dir, "old")); err != nil {
		t.Fatal(err)
	}
	awaitFiles(t, c, "a.csv", "b.csv")
	put(t, dir, map[string]string{".b.csv.part": "day DATE\nzip VARCHAR\n"})
	move(t, dir, ".b.csv.part", "b.csv") // as careful writers do
	await(t, "the changed column", func() bool { return c.Snapshot().Lookup("public", "b").Columns[1].Name == "zip" })
	if err := os.Remove(filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	awaitFiles(t, c, "b.csv")
	if errs := w.errors(); errs != nil {
		t.Errorf("errors: %v", errs)
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(watchLimit); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not: %s", watchLimit, what)
		}
	}
}

// TestWatchByListing takes the system's notices away, which must be said and change nothing else.
func TestWatchByListing(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	c, _ := mustOpen(t, dir, Options{})
	w := startWatch(t, c, func(*storage.Root, string, chan<- struct{}, *atomic.Int64) (*events, error) {
		return nil, limitReached(syscall.ENOSPC)
	})
	put(t, dir, map[string]string{"x/b.csv": idDay})
	awaitFiles(t, c, "a.csv", "x/b.csv")
	errs := w.errors()
	if len(errs) != 1 || !errors.Is(errs[0], syscall.ENOSPC) || !strings.Contains(errs[0].Error(), "max_user_watches") {
		t.Errorf("errors: %v", errs)
	}
}

// TestWatchOneFile watches a lake of one file, also when it is replaced.
func TestWatchOneFile(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName, "b.csv": idName})
	c, _ := mustOpen(t, filepath.Join(dir, "a.csv"), Options{StateDir: t.TempDir()})
	startWatch(t, c, listen)
	put(t, dir, map[string]string{"next.tmp": idDay})
	move(t, dir, "next.tmp", "a.csv")
	await(t, "the new column", func() bool { return c.Snapshot().Tables[0].Columns[1].Name == "day" })
}

// TestWatchEnds checks that nothing runs on when a watch has ended.
func TestWatchEnds(t *testing.T) {
	c, _ := mustOpen(t, newLake(t, map[string]string{"x/a.csv": idName}), Options{})
	before := runtime.NumGoroutine()
	for range 3 {
		ctx, stop := context.WithCancel(context.Background())
		go func() {
			time.Sleep(20 * time.Millisecond)
			stop()
		}()
		if err := c.Watch(ctx, func(*Report, error) {}); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "the goroutines end", func() bool { return runtime.NumGoroutine() <= before })
}

// TestUnfinished checks that a file that is being written is left, reported and looked at later.
func TestUnfinished(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	c, k := mustOpen(t, dir, Options{})
	k.taken()
	ctx := t.Context()
	leave := func(storage.File) bool { return true }
	put(t, dir, map[string]string{"a.csv": idDay, "b.csv": idDay})
	for range 2 { // the second finds nothing new
		if _, err := c.refresh(ctx, crawlOptions{leave: leave}); err != nil {
			t.Fatal(err)
		}
	}
	s := c.Snapshot()
	if n := k.taken(); n != 0 || s.Lookup("public", "b") != nil || s.Lookup("public", "a").Columns[1].Name != "name" {
		t.Errorf("%d files were read", n)
	}
	if d := cmp.Diff([]storage.Skip{{Path: "b.csv", Reason: beingWritten}}, s.Skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
	put(t, dir, map[string]string{"b.csv": idName + "more VARCHAR\n"})
	if r, err := c.refresh(ctx, crawlOptions{leave: leave}); err != nil || !r.same {
		t.Errorf("a file that goes on growing made a new version: %v, %v", r, err)
	}
	refresh(t, c)
	if s := c.Snapshot(); s.Lookup("public", "b") == nil || s.Lookup("public", "a").Columns[1].Name != "day" || len(s.Skipped) > 0 {
		t.Errorf("the whole files were not taken: %v", s.Skipped)
	}
}

// TestLeave checks how long a file counts as being written.
func TestLeave(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name  string
		age   time.Duration
		since time.Duration // it has been known to be written
		want  bool
	}{
		{"just written", 0, 0, true},
		{"quiet", 2 * watchQuiet, 0, false},
		{"still growing", 0, watchPatience / 2, true},
		{"growing for ever", 0, 2 * watchPatience, false},
		{"from the future", -time.Hour, 0, false},
	} {
		w := &watcher{hot: map[string]time.Time{}, before: map[string]time.Time{"a": now.Add(-c.since)}}
		f := storage.File{Path: "a", ID: storage.Identity{MtimeNS: now.Add(-c.age).UnixNano()}}
		if got := w.leave(f); got != c.want {
			t.Errorf("%s: left %v, want %v", c.name, got, c.want)
		}
	}
}

// TestRefreshTable checks that a table's files are read again, and that the same content makes no new version.
func TestRefreshTable(t *testing.T) {
	dir := newLake(t, map[string]string{"t/a.csv": idName, "t/b.csv": idName, "t/broken.csv": "broken no end\n", "x.csv": idDay})
	c, k := mustOpen(t, dir, Options{})
	k.taken()
	before := c.Snapshot()
	r, err := c.RefreshTable(t.Context(), before.Lookup("public", "t"))
	if err != nil {
		t.Fatal(err)
	}
	if n := k.taken(); n != 3 || r.Read != 3 || !r.same || c.Snapshot() != before {
		t.Errorf("read %d files, version %d became %d", n, before.Version, c.Snapshot().Version)
	}
}

// TestRefreshSettled checks that a file that was just written is waited for, and taken.
func TestRefreshSettled(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	c, k := mustOpen(t, dir, Options{})
	k.taken()
	put(t, dir, map[string]string{"a.csv": idDay, "b.json": idDay})
	r, err := c.RefreshSettled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := k.taken(); n != 2 || c.Snapshot().Lookup("public", "b") == nil || len(r.Skipped) > 0 {
		t.Errorf("%d files were read, skipped %v", n, r.Skipped)
	}
}

// TestWatchTwice watches one lake from two catalogs, as a REPL and a server do, while files come and go.
func TestWatchTwice(t *testing.T) {
	dir := newLake(t, map[string]string{"a.csv": idName})
	one, _ := mustOpen(t, dir, Options{})
	two, _ := mustOpen(t, dir, Options{})
	first, second := startWatch(t, one, listen), startWatch(t, two, listen)
	for _, name := range []string{"b.json", "x/c.csv", "y/d.csv"} {
		put(t, dir, map[string]string{name: idDay})
	}
	for _, c := range []*Catalog{one, two} {
		awaitFiles(t, c, "a.csv", "b.json", "x/c.csv", "y/d.csv")
	}
	if err := os.RemoveAll(filepath.Join(dir, "x")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Catalog{one, two} {
		awaitFiles(t, c, "a.csv", "b.json", "y/d.csv")
	}
	if errs := slices.Concat(first.errors(), second.errors()); errs != nil {
		t.Errorf("errors: %v", errs)
	}
}

// TestStill checks that the lake is known to stand still only between a crawl that saw all of it and the next change.
func TestStill(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.csv", "a\n1\n")
	c, _ := mustOpen(t, dir, Options{})
	if c.Still() {
		t.Error("the lake stands still although nobody watches it")
	}
	startWatch(t, c, listen)
	until := func(want bool, when string) {
		t.Helper()
		for end := time.Now().Add(watchLimit); c.Still() != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: Still is %t", when, !want)
			}
		}
	}
	until(true, "at first")
	write("a.csv", "a\n12\n")
	until(false, "after a change")
	until(true, "after the crawl of it")
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	until(false, "after a new folder")
	until(true, "after the crawl of that")
	write("sub/b.csv", "a\n1\n")
	until(false, "after a file in it")
	if err := os.Remove(filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	until(true, "after all")
}
