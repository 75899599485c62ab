package catalog

import (
	"context"
	"time"
)

// HistoryEntry is one change of one table.
type HistoryEntry struct {
	Version       int64
	CrawledAt     time.Time
	Schema, Table string
	Change        string
	Path          string // the file that caused it, or empty
	Line          int64  // in it; 0 if not known
}

// History returns all changes of all tables, the oldest first.
func (c *Catalog) History(ctx context.Context) ([]HistoryEntry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		return nil, errClosed
	}
	var out []HistoryEntry
	err := c.store.each(ctx, "SELECT version, crawled_at, table_schema, table_name, change FROM history ORDER BY rowid", func(scan func(...any) error) error {
		var h HistoryEntry
		var at string
		if err := scan(&h.Version, &at, &h.Schema, &h.Table, &h.Change); err != nil {
			return err
		}
		var err error
		h.CrawledAt, err = time.Parse(time.RFC3339Nano, at)
		out = append(out, h)
		return err
	})
	return out, err
}
