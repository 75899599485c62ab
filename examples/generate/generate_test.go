package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// maxBytes is how large the example lake may be in all.
const maxBytes = 400 << 10

// TestLakeIsFresh compares the committed lake with what the generator makes.
func TestLakeIsFresh(t *testing.T) {
	want, err := lake()
	if err != nil {
		t.Fatal(err)
	}
	root := os.DirFS(filepath.Join("..", "lake"))
	total := 0
	for name, text := range want {
		got, err := fs.ReadFile(root, name)
		if err != nil {
			t.Errorf("%v; run go run ./examples/generate", err)
		} else if !bytes.Equal(got, text) {
			t.Errorf("%s differs from what is generated; run go run ./examples/generate", name)
		}
		total += len(got)
	}
	if total > maxBytes {
		t.Errorf("the lake has %d bytes, %d are allowed", total, maxBytes)
	}
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != "." {
			return fs.SkipDir // the state of someone who tried the lake
		}
		if _, ok := want[p]; !ok && !d.IsDir() {
			t.Errorf("%s is in the lake, but nothing generates it", p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGenerateTwice makes the lake twice, on disk.
func TestGenerateTwice(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		if err := generate(dir); err != nil {
			t.Fatal(err)
		}
	}
	count := 0
	err := fs.WalkDir(os.DirFS(a), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		count++
		one, err := os.ReadFile(filepath.Join(a, p))
		if err != nil {
			return err
		}
		two, err := os.ReadFile(filepath.Join(b, p))
		if err != nil {
			return err
		}
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs between two runs", p)
		}
		return nil
	})
	if err != nil || count < 14 {
		t.Errorf("compared %d files, error %v", count, err)
	}
}
