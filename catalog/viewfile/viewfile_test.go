package viewfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func add(t *testing.T, f *File, name string) {
	t.Helper()
	if err := f.Update(func(s *Set) (*Set, error) { return s.With(View{Schema: "public", Name: name, Query: "SELECT 1"}), nil }); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, f *File) string {
	t.Helper()
	s, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range s.Views {
		out = append(out, fmt.Sprint(v.Name, v.ID))
	}
	return strings.Join(out, " ")
}

// TestShared has two processes' worth of files over one directory see each other's changes.
func TestShared(t *testing.T) {
	dir := t.TempDir()
	a, b := Open(dir), Open(dir)
	if got := names(t, a) + names(t, b); got != "" {
		t.Fatal(got)
	}
	add(t, a, "x")
	add(t, b, "a")
	if err := a.Update(func(s *Set) (*Set, error) { return s.Without("PUBLIC", "X").WithSchema("s"), nil }); err != nil {
		t.Fatal(err)
	}
	add(t, b, "x")
	if got := names(t, a); got != "a2 x3" {
		t.Errorf("numbers are given again, or a change is lost: %s", got)
	}
	refused := errors.New("no")
	if err := a.Update(func(*Set) (*Set, error) { return nil, refused }); !errors.Is(err, refused) || names(t, b) != "a2 x3" {
		t.Errorf("a refused change: %v, %s", err, names(t, b))
	}
	one, _ := a.Load()
	if again, _ := a.Load(); again != one || !one.HasSchema("S") {
		t.Errorf("an unchanged file is another set, or its schema is gone: %v", one)
	}
	if err := os.Remove(filepath.Join(dir, Name)); err != nil || names(t, a) != "" {
		t.Errorf("after the file was removed: %v, %s", err, names(t, a))
	}
}

// TestConcurrent loses no change of many at once.
func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			f := Open(dir)
			for j := range 5 {
				if err := f.Update(func(s *Set) (*Set, error) {
					return s.With(View{Schema: "s", Name: fmt.Sprint(i, "_", j), Query: "x"}), nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s, err := Open(dir).Load()
	if err != nil || len(s.Views) != 40 || s.NextID != 41 {
		t.Errorf("%d views, next %d, %v", len(s.Views), s.NextID, err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*.tmp"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestDamage wants an error for each file that is not what Update writes, and nothing overwritten.
func TestDamage(t *testing.T) {
	for _, text := range []string{"", "{", `{"format":2}`, `{"format":1,"next_id":1,"views":[{"schema":"s","name":"n","query":"q","id":1}]}`,
		`{"format":1,"next_id":3,"views":[{"schema":"s","name":"n","query":"q","id":1},{"schema":"S","name":"N","query":"q","id":2}]}`,
		`{"format":1,"next_id":3,"views":[null]}`, `{"format":1,"next_id":3,"views":[{"schema":"s","name":"n","id":1}]}`, `{"format":1,"vews":[]}`} {
		dir := t.TempDir()
		path := filepath.Join(dir, Name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		f := Open(dir)
		_, err := f.Load()
		wrote := f.Update(func(s *Set) (*Set, error) { return s, nil })
		after, _ := os.ReadFile(path)
		if err == nil || !strings.Contains(err.Error(), path) || wrote == nil || string(after) != text {
			t.Errorf("%s: %v, %v, now %s", text, err, wrote, after)
		}
	}
}
