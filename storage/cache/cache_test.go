package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fixture is a cache with a clock that stands still and a log.
type fixture struct {
	*Cache
	t     *testing.T
	clock time.Time
	said  bytes.Buffer
}

func open(t *testing.T, dir string, most int64) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: time.Now()}
	c, err := Open(dir, Options{MaxBytes: most, Log: slog.New(slog.NewTextHandler(&f.said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	c.now = func() time.Time { return f.clock }
	f.Cache = c
	return f
}

// write returns a writer of a copy.
func write(text string) func(string) error {
	return func(path string) error { return os.WriteFile(path, []byte(text), 0o644) }
}

func (f *fixture) put(key, text string) {
	f.t.Helper()
	if err := f.Put(f.t.Context(), key, About{Source: "source of " + key, Rows: 1}, write(text)); err != nil {
		f.t.Fatal(err)
	}
	if err := os.Chtimes(f.notePath(key), f.clock, f.clock); err != nil { // the file system has a clock of its own
		f.t.Fatal(err)
	}
	f.clock = f.clock.Add(time.Second)
}

// holds compares what is found under a key; an empty text means nothing.
func (f *fixture) holds(key, want string) {
	f.t.Helper()
	path, size, ok := f.Lookup(key)
	if !ok {
		if want != "" {
			f.t.Errorf("%s: nothing is found, want %q; log: %s", key, want, f.said.String())
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want || size != int64(len(want)) {
		f.t.Errorf("%s: found %q of %d bytes (%v), want %q", key, got, size, err, want)
	}
}

// files lists the folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range list {
		names = append(names, d.Name())
	}
	return names
}

func TestPutAndLookup(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "below", "cache")
	f := open(t, dir, 1000)
	f.holds("a", "")
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made before anything was put")
	}
	before := f.Generation()
	f.put("a", "one")
	if f.Generation() == before {
		t.Error("the generation did not grow")
	}
	f.holds("a", "one")
	other := open(t, dir, 1000)
	other.holds("a", "one")
	f.put("a", "two")
	f.holds("a", "two")
	other.holds("a", "two")
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("the folder holds %v, want one copy and one note", got)
	}
	f.Drop("a", errors.New("the test wants it"))
	f.holds("a", "")
	other.holds("a", "")
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("after the drop the folder holds %v", got)
	}
	for _, key := range []string{"", "../a", "a/b", "a.json"} {
		if err := f.Put(t.Context(), key, About{}, write("x")); err == nil {
			t.Errorf("the key %q was taken", key)
		}
		f.holds(key, "")
	}
}

// TestSourceHasOneCopy drops the copy of a file's earlier version.
func TestSourceHasOneCopy(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	for i, key := range []string{"old", "new"} {
		if err := f.Put(t.Context(), key, About{Source: "x.csv"}, write(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	f.holds("old", "")
	f.holds("new", "1")
	if u, err := f.Usage(); err != nil || u.Entries != 1 || u.Bytes != 1 || u.Limit != 1000 {
		t.Errorf("usage %+v, %v", u, err)
	}
}

// TestDamage damages an entry in each way behind the back of a process that knows it, and of one that does not.
func TestDamage(t *testing.T) {
	const text = "PAR1 some content PAR1"
	at := func(f *fixture, suffix string) string {
		list, err := filepath.Glob(filepath.Join(f.dir, "k*"+suffix))
		if err != nil || len(list) != 1 {
			f.t.Fatalf("found %v, %v", list, err)
		}
		return list[0]
	}
	flip := func(f *fixture) error {
		path := at(f, copySuffix)
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(strings.Replace(text, "some", "sqme", 1)), 0o600); err != nil {
			return err
		}
		return os.Chtimes(path, info.ModTime(), info.ModTime())
	}
	cases := []struct {
		name   string
		damage func(f *fixture) error
		want   string // what is found afterwards
		said   string // in the log
	}{
		{"flipped byte, time restored", flip, "", "checksum"},
		{"truncated copy", func(f *fixture) error { return os.Truncate(at(f, copySuffix), 10) }, "", "10 bytes instead of 22"},
		{"copy gone", func(f *fixture) error { return os.Remove(at(f, copySuffix)) }, "", ""},
		{"note gone", func(f *fixture) error { return os.Remove(at(f, noteSuffix)) }, "", ""},
		{"note garbage", func(f *fixture) error { return os.WriteFile(at(f, noteSuffix), []byte("{"), 0o600) }, "", "note"},
		{"note of a later format", func(f *fixture) error {
			return os.WriteFile(at(f, noteSuffix), []byte(`{"format":99}`), 0o600)
		}, "", "another format"},
		{"note names another file", func(f *fixture) error {
			return os.WriteFile(at(f, noteSuffix), []byte(`{"format":1,"file":"../k.parquet"}`), 0o600)
		}, "", "names no copy"},
		{"touched copy", func(f *fixture) error {
			return os.Chtimes(at(f, copySuffix), f.clock.Add(-time.Hour), f.clock.Add(-time.Hour))
		}, text, ""},
	}
	for _, c := range cases {
		for _, knows := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, known %t", c.name, knows), func(t *testing.T) {
				f := open(t, t.TempDir(), 1000)
				f.put("k", text)
				if err := c.damage(f); err != nil {
					t.Fatal(err)
				}
				if !knows {
					f = open(t, f.dir, 1000)
				}
				f.known(c.want, c.said, text)
			})
		}
	}
}

// known checks what a damaged entry is taken for, and that it can be put again.
func (f *fixture) known(want, said, text string) {
	// A note that is damaged while the process trusts the copy does no harm: the copy is what was put.
	if path, _, ok := f.Lookup("k"); ok && want == "" {
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			f.t.Fatalf("damaged content %q was found (%v)", got, err)
		}
		return
	}
	f.holds("k", want)
	if !strings.Contains(f.said.String(), said) || said == "" && f.said.Len() > 0 {
		f.t.Errorf("the log says %q, want %q in it", f.said.String(), said)
	}
	f.put("k", "again")
	f.holds("k", "again")
	if got := files(f.t, f.dir); len(got) != 2 && said != "note" && want == "" && said != "" && !strings.Contains(said, "format") && !strings.Contains(said, "names") {
		f.t.Errorf("the folder holds %v", got)
	}
}

// TestRenewedNote reads a restored copy through once, not in every process anew.
func TestRenewedNote(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	f.put("k", "content")
	path, _, _ := f.Lookup("k")
	past := f.clock.Add(-time.Hour)
	if err := os.Chtimes(path, past, past); err != nil {
		t.Fatal(err)
	}
	other := open(t, f.dir, 1000)
	other.holds("k", "content")
	n, err := other.readNote("k")
	if err != nil || !other.same(n) {
		t.Errorf("the note was not renewed: %+v, %v", n, err)
	}
}

// TestLookupAll finds what other processes put after nothing was found, and forgets what they dropped.
func TestLookupAll(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	f.clock = f.clock.Add(time.Hour) // the folder's time is long past
	other := open(t, f.dir, 1000)
	found := func(want string) {
		t.Helper()
		got := ""
		for i, path := range f.LookupAll([]string{"a", "b", "c"}) {
			if path != "" {
				got += string("abc"[i])
			}
		}
		if got != want {
			t.Errorf("found %q, want %q", got, want)
		}
	}
	later := 0
	change := func(do func()) {
		do()
		later++ // the file system's clock is coarse
		at := time.Now().Add(time.Duration(later) * time.Second)
		if err := os.Chtimes(f.dir, at, at); err != nil {
			t.Fatal(err)
		}
	}
	found("")
	found("")
	change(func() { other.put("b", "x") })
	found("b")
	change(func() { other.put("a", "x") })
	found("ab")
	change(func() { other.Drop("b", nil) })
	found("a")
	f.put("c", "x")
	found("ac")
	f.put("b", "x")
	found("abc")
}

func TestVerify(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	if err := f.Verify(t.Context(), "k"); !errors.Is(err, ErrNone) {
		t.Errorf("no entry: %v", err)
	}
	f.put("k", "content")
	if err := f.Verify(t.Context(), "k"); err != nil {
		t.Error(err)
	}
	// As a failing disk does, without a trace in the file's times: the note is made to fit them.
	n, err := f.readNote("k")
	if err != nil {
		t.Fatal(err)
	}
	n.Sum = strings.Repeat("0", 32)
	if err := f.writeNote("k", n); err != nil {
		t.Fatal(err)
	}
	f.holds("k", "content")
	if err := f.Verify(t.Context(), "k"); err == nil || !strings.Contains(err.Error(), "source of k") {
		t.Errorf("the damage was not found: %v", err)
	}
	f.holds("k", "")
}

func TestEvictionOrder(t *testing.T) {
	f := open(t, t.TempDir(), 30)
	for _, k := range []string{"a", "b", "c"} {
		f.put(k, strings.Repeat(k, 10))
	}
	f.clock = f.clock.Add(2 * touchEvery)
	f.holds("a", strings.Repeat("a", 10)) // used later than b and c
	f.put("d", strings.Repeat("d", 10))
	f.holds("b", "")
	f.put("e", strings.Repeat("e", 15)) // needs two places
	for k, want := range map[string]string{"a": "", "c": "", "d": strings.Repeat("d", 10), "e": strings.Repeat("e", 15)} {
		f.holds(k, want)
	}
	if f.Room(5, time.Hour) != true || f.Room(6, time.Hour) || !f.Room(30, 0) || f.Room(31, 0) {
		t.Error("the room that is left is not seen")
	}
}

// TestUseIsShared lets one process use what another would drop next.
func TestUseIsShared(t *testing.T) {
	f := open(t, t.TempDir(), 30)
	for _, k := range []string{"a", "b", "c"} {
		f.put(k, strings.Repeat(k, 10))
	}
	other := open(t, f.dir, 30)
	other.clock = f.clock.Add(2 * touchEvery)
	other.holds("a", strings.Repeat("a", 10))
	f.clock = f.clock.Add(3 * touchEvery)
	f.put("d", strings.Repeat("d", 10))
	f.holds("b", "")
	f.holds("a", strings.Repeat("a", 10))
}

func TestTrim(t *testing.T) {
	f := open(t, t.TempDir(), 100)
	for _, k := range []string{"a", "b", "c"} {
		f.put(k, strings.Repeat(k, 10))
	}
	less := open(t, f.dir, 15)
	if err := less.Trim(); err != nil {
		t.Fatal(err)
	}
	f.holds("a", "")
	f.holds("b", "")
	f.holds("c", strings.Repeat("c", 10))
}

func TestTooLarge(t *testing.T) {
	f := open(t, t.TempDir(), 10)
	f.put("small", "12345")
	for i := range 2 {
		wrote := false
		err := f.Put(t.Context(), "large", About{Source: "x"}, func(path string) error {
			wrote = true
			return write("0123456789A")(path)
		})
		if !errors.Is(err, ErrTooLarge) || wrote != (i == 0) {
			t.Errorf("attempt %d: %v, written %t", i, err, wrote)
		}
	}
	f.holds("small", "12345")
	if why := f.Paused(); why != "" {
		t.Errorf("one large copy paused all: %s", why)
	}
	if got := files(t, f.dir); len(got) != 2 {
		t.Errorf("the folder holds %v", got)
	}
}

func TestFailures(t *testing.T) {
	f := open(t, t.TempDir(), 100)
	boom := errors.New("boom")
	err := f.Put(t.Context(), "k", About{Source: "x.csv"}, func(path string) error {
		return errors.Join(write("half")(path), boom)
	})
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "x.csv") {
		t.Errorf("the writer's error: %v", err)
	}
	if err := f.Put(t.Context(), "k", About{}, func(string) error { return nil }); err == nil {
		t.Error("a copy that was not written was taken")
	}
	if got := files(t, f.dir); len(got) != 0 {
		t.Errorf("the folder holds %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Put(ctx, "k", About{}, write("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	f.put("k", "whole")
	f.holds("k", "whole")
}

// TestDefaultLimit is a tenth of the free disk, at most 20 GiB.
func TestDefaultLimit(t *testing.T) {
	f := open(t, t.TempDir(), 0)
	u, err := f.Usage()
	if err != nil || u.Limit <= 0 || u.Limit > defaultMost {
		t.Errorf("usage %+v, %v", u, err)
	}
	if _, err := Open(t.TempDir(), Options{MaxBytes: -1}); err == nil {
		t.Error("a negative size was taken")
	}
}

// TestConcurrent puts, looks up and drops in many goroutines and two caches.
func TestConcurrent(t *testing.T) {
	f := open(t, t.TempDir(), 200)
	other := open(t, f.dir, 200)
	other.now, f.now = time.Now, time.Now
	done := make(chan error)
	for i := range 8 {
		go func() { done <- churn(t.Context(), []*Cache{f.Cache, other.Cache}[i%2], i) }()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if err := f.Trim(); err != nil {
		t.Fatal(err)
	}
	u, err := f.Usage()
	if got := files(t, f.dir); err != nil || u.Bytes > 200 || len(got) != 2*u.Entries {
		slices.Sort(got)
		t.Errorf("%+v, %v; the folder holds %v", u, err, got)
	}
}

// churn puts and looks up some keys; a copy that is found must be whole, or gone.
func churn(ctx context.Context, c *Cache, seed int) error {
	for i := range 60 {
		key := fmt.Sprint("k", (seed*7+i)%12)
		want := strings.Repeat(key, 10)
		if err := c.Put(ctx, key, About{Source: key}, write(want)); err != nil {
			return err
		}
		if i%10 == 9 {
			c.Drop(key, nil)
		}
		path, _, ok := c.Lookup(fmt.Sprint("k", i%12))
		if !ok {
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) || err == nil && string(got) != strings.Repeat(fmt.Sprint("k", i%12), 10) {
			return fmt.Errorf("found %q, %v", got, err)
		}
	}
	return nil
}
