package catalog

import (
	"context"
	"fmt"
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
	err := c.store.each(ctx, "SELECT version, crawled_at, table_schema, table_name, change, path, line FROM history ORDER BY rowid", func(scan func(...any) error) error {
		var h HistoryEntry
		var at string
		if err := scan(&h.Version, &at, &h.Schema, &h.Table, &h.Change, &h.Path, &h.Line); err != nil {
			return err
		}
		var err error
		h.CrawledAt, err = time.Parse(time.RFC3339Nano, at)
		out = append(out, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the history from the catalog %s: %w", c.store.path, err)
	}
	return out, nil
}

// historyOf says what became of a table, a row for each kind of change; old is nil for a new one.
func historyOf(name tableName, old, now *Table) []historyRow {
	if old == nil {
		created := fmt.Sprintf("created with %s and %s", countFiles(len(now.Files)), counted(int64(len(now.Columns)), "column", "columns"))
		return append([]historyRow{{name, created, now.Files[0].Path, 0}}, rejectChanges(name, now.Files)...)
	}
	out := fileChanges(name, old, now)
	fresh := filesOnlyIn(now, old)
	for _, c := range now.Columns {
		was := findColumn(old.Columns, c.Name)
		switch {
		case was == nil:
			path, line := culprit(now.Files, c, nil)
			out = append(out, historyRow{name, fmt.Sprintf("column %s %s added", c.Name, c.Type), path, line})
		case !was.Type.Equal(c.Type):
			path, line := culprit(fresh, c, was)
			if path == "" {
				path, _ = culprit(filesOnlyIn(old, now), *was, nil)
				line = 0
			}
			out = append(out, historyRow{name, fmt.Sprintf("column %s changed from %s to %s", c.Name, was.Type, c.Type), path, line})
		}
	}
	for _, c := range old.Columns {
		if findColumn(now.Columns, c.Name) == nil {
			path, _ := culprit(old.Files, c, nil)
			out = append(out, historyRow{name, fmt.Sprintf("column %s %s removed", c.Name, c.Type), path, 0})
		}
	}
	out = append(out, rejectChanges(name, fresh)...)
	if len(out) == 0 {
		out = append(out, historyRow{table: name, change: "described anew"})
	}
	return out
}

// fileChanges says how many files were added, changed and removed, with the first of each.
func fileChanges(name tableName, old, now *Table) []historyRow {
	paths := map[string]bool{}
	gone := filesOnlyIn(old, now)
	for _, f := range gone {
		paths[f.Path] = true
	}
	var added, changed []string
	for _, f := range filesOnlyIn(now, old) {
		if paths[f.Path] {
			changed = append(changed, f.Path)
			delete(paths, f.Path)
		} else {
			added = append(added, f.Path)
		}
	}
	var removed []string
	for _, f := range gone {
		if paths[f.Path] {
			removed = append(removed, f.Path)
		}
	}
	var out []historyRow
	for _, c := range []struct {
		files []string
		verb  string
	}{{added, "added"}, {changed, "changed"}, {removed, "removed"}} {
		if len(c.files) > 0 {
			out = append(out, historyRow{name, countFiles(len(c.files)) + " " + c.verb, c.files[0], 0})
		}
	}
	return out
}

// rejectChanges says of which files rows were rejected.
func rejectChanges(name tableName, files []*File) (out []historyRow) {
	for _, f := range files {
		if f.Rejected > 0 {
			out = append(out, historyRow{name, counted(f.Rejected, "row", "rows") + " rejected", f.Path, f.firstReject})
		}
	}
	return out
}

// culprit returns the file that gave a column the type that it has now, and the line of the value that decided it there: the
// first that has that type itself, else the first of another type than before, if was is given, else the first.
func culprit(files []*File, now Column, was *Column) (path string, line int64) {
	for _, exact := range []bool{was != nil, false} {
		for _, f := range files {
			c := findIn(f, now.Name)
			if c != nil && (exact && c.Type.Equal(now.Type) || !exact && (was == nil || !c.Type.Equal(was.Type))) {
				return f.Path, c.Proof.Line
			}
			if c == nil && hasKey(f, now.Name) {
				return f.Path, 0
			}
		}
	}
	return "", 0
}
