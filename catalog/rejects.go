package catalog

import (
	"context"
	"database/sql"
	"fmt"

	"tarn/catalog/infer"
)

// RejectedRow is one malformed row of a table's file.
type RejectedRow struct {
	Schema, Table string
	Path          string // below the root, separated by slashes
	infer.Reject
}

// Rejected is the number of malformed rows in the table's files, which no query returns.
func (t *Table) Rejected() int64 {
	var n int64
	for _, f := range t.Files {
		n += f.Rejected
	}
	return n
}

// Rejects returns the malformed rows of all tables, in the order of paths and lines; of a file with very many, the first
// hundred thousand. They are read from the store, whose newest version they are of.
func (c *Catalog) Rejects(ctx context.Context) ([]RejectedRow, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		return nil, errClosed
	}
	tables := map[string]*Table{}
	for _, t := range c.Snapshot().Tables {
		for _, f := range t.Files {
			if f.Rejected > 0 {
				tables[f.Path] = t
			}
		}
	}
	var out []RejectedRow
	err := c.store.each(ctx, "SELECT path, line, column_name, reason, text FROM rejects ORDER BY path, line, rowid", func(scan func(...any) error) error {
		var r RejectedRow
		if err := scan(&r.Path, &r.Line, &r.Column, &r.Reason, &r.Text); err != nil {
			return err
		}
		if t := tables[r.Path]; t != nil {
			r.Schema, r.Table = t.Schema, t.Name
			out = append(out, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the malformed rows from the catalog %s: %w", c.store.path, err)
	}
	return out, nil
}

// FirstReject returns the first malformed row of a table's files; ok is false if there is none.
func (c *Catalog) FirstReject(ctx context.Context, t *Table) (r RejectedRow, ok bool, err error) {
	for _, f := range t.Files {
		if f.Rejected == 0 {
			continue
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.store == nil {
			return r, false, errClosed
		}
		r = RejectedRow{Schema: t.Schema, Table: t.Name, Path: f.Path}
		err = c.store.each(ctx, "SELECT line, column_name, reason, text FROM rejects WHERE path = ? ORDER BY line, rowid LIMIT 1", func(scan func(...any) error) error {
			ok = true
			return scan(&r.Line, &r.Column, &r.Reason, &r.Text)
		}, f.Path)
		if err != nil {
			err = fmt.Errorf("read a malformed row of %s from the catalog %s: %w", f.Path, c.store.path, err)
		}
		return r, ok, err
	}
	return r, false, nil
}

// saveRejects writes the malformed rows of a file in place of those of its last version, which clear deletes.
func (s *store) saveRejects(ctx context.Context, r *record, clear *sql.Stmt) error {
	if r.from != "" {
		_, err := s.conn.ExecContext(ctx, "UPDATE rejects SET path = ? WHERE path = ?", r.path, r.from)
		return err
	}
	if _, err := clear.ExecContext(ctx, r.path); err != nil || len(r.rejects) == 0 {
		return err
	}
	put, err := s.conn.PrepareContext(ctx, "INSERT INTO rejects (path, line, column_name, reason, text) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer put.Close()
	for _, j := range r.rejects {
		if _, err := put.ExecContext(ctx, r.path, j.Line, j.Column, j.Reason, j.Text); err != nil {
			return err
		}
	}
	return nil
}
