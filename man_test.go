package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra/doc"
)

// TestManPages checks that docs/man says what the commands' own help says; -rewrite writes it anew.
func TestManPages(t *testing.T) {
	root := (&program{}).rootCommand()
	root.DisableAutoGenTag = true
	const committed = "docs/man"
	dir := t.TempDir()
	if *rewrite {
		dir = committed
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // a page changes with its text alone
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "TARN", Section: "1", Date: &when, Source: "Tarn", Manual: "Tarn"}, dir); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	there, err := filepath.Glob(committed + "/*.1")
	if err != nil || len(there) != len(pages) {
		t.Errorf("%s has %d pages, want %d: run go test . -run TestManPages -rewrite", committed, len(there), len(pages))
	}
	for _, page := range pages {
		got, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(committed, filepath.Base(page)))
		if err != nil {
			t.Errorf("%v: run go test . -run TestManPages -rewrite", err)
			continue
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s is not what the commands say: run go test . -run TestManPages -rewrite\n%s", filepath.Base(page), d)
		}
	}
}
