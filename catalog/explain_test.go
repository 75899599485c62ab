package catalog

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestExplained crawls the lakes of testdata/real, whose files are read, and compares the last part of each archive, want, with
// what a crawl with --explain prints. Each is also loaded, and crawled again in portions of random order.
func TestExplained(t *testing.T) {
	archives, err := filepath.Glob("testdata/real/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no lakes in testdata", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := &a.Files[len(a.Files)-1]
			if want.Name != "want" {
				t.Fatalf("the last part of %s is %q, not want", name, want.Name)
			}
			files := map[string]string{}
			for _, f := range a.Files[:len(a.Files)-1] {
				files[f.Name] = string(f.Data)
			}
			c := openReal(t, newLake(t, files))
			got := explainedLake(t, c)
			if *rewrite {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(string(want.Data), got); d != "" {
				t.Errorf("the explanation differs (-want +got):\n%s", d)
			}
			checkShuffled(t, c)
			if d := cmp.Diff(got, explainedLake(t, crawledInPortions(t, files))); d != "" {
				t.Errorf("many crawls give another catalog than one (-one +many):\n%s", d)
			}
		})
	}
}

// explainedLake is what a first crawl with --explain prints.
func explainedLake(t *testing.T, c *Catalog) string {
	t.Helper()
	var b bytes.Buffer
	if err := (&Report{same: true, Skipped: c.Snapshot().Skipped}).Write(&b, c.Snapshot(), true); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	return text[:strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n")] // the summary is of one crawl
}
