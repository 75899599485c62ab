package catalog

import "context"

// RefreshTable crawls, and looks into every file of a table again although it did not change. A file that gives what it gave
// before changes nothing.
func (c *Catalog) RefreshTable(ctx context.Context, t *Table) (*Report, error) {
	again := map[string]bool{}
	for _, f := range t.Files {
		again[f.Path] = true
	}
	for _, s := range t.LeftOut {
		again[s.Path] = true
	}
	return c.refresh(ctx, crawlOptions{reread: again})
}
