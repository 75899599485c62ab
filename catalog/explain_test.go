package catalog

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExplained crawls the lakes of testdata/real, whose files are read, and compares what a crawl with --explain prints. Each
// is also crawled in portions of random order, which must give the same.
func TestExplained(t *testing.T) {
	goldenLakes(t, "testdata/real/*.txtar", func(t *testing.T, files map[string]string) string {
		c := openReal(t, newLake(t, files))
		got := explainedLake(t, c)
		checkShuffled(t, c)
		if d := cmp.Diff(got, explainedLake(t, crawledInPortions(t, files))); d != "" {
			t.Errorf("many crawls give another catalog than one (-one +many):\n%s", d)
		}
		return got
	})
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
