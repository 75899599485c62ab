package engine

import (
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// define makes DuckDB's schemas and views fit a snapshot: views of tables that are gone are dropped, and those of the
// given tables are of their version. It does nothing for a view that is newer already.
func (db *DB) define(snap *catalog.Snapshot, tables []*catalog.Table) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.swept < snap.Version {
		if err := db.sweep(snap); err != nil {
			return err
		}
		db.swept = snap.Version
	}
	for _, t := range tables {
		if d := db.defined[t.ID]; d != nil && d.table.Version >= t.Version {
			continue
		}
		s := newScan(t, provenance{})
		for _, sql := range append(s.variablesSQL(db.cat.Root()), s.viewSQL()) {
			if err := db.admin.exec(sql); err != nil {
				return db.localise(err)
			}
		}
		for _, v := range s.variables() {
			if err := db.admin.exec("RESET VARIABLE " + v); err != nil {
				return err
			}
		}
		db.defined[t.ID] = s
	}
	return nil
}

// sweep makes the schemas of all tables and drops the views of those that are gone; the caller holds mu.
func (db *DB) sweep(snap *catalog.Snapshot) error {
	alive := map[int64]bool{}
	for _, t := range snap.Tables {
		alive[t.ID] = true
		if !db.schemas[t.Schema] {
			if err := db.admin.exec("CREATE SCHEMA IF NOT EXISTS " + database + "." + sqltype.QuoteName(t.Schema)); err != nil {
				return err
			}
			db.schemas[t.Schema] = true
		}
	}
	for id, s := range db.defined {
		if alive[id] {
			continue
		}
		if err := db.admin.exec("DROP VIEW IF EXISTS " + s.viewName()); err != nil {
			return err
		}
		delete(db.defined, id)
	}
	return nil
}

// readiness says whether views fit a snapshot's tables.
type readiness uint8

const (
	ready   readiness = iota
	missing           // a view is to be made or dropped
	newer             // a view is of a later version: the snapshot is out of date
)

// check compares the views with the tables; the caller holds mu.
func (db *DB) check(snap *catalog.Snapshot, tables []*catalog.Table) readiness {
	switch {
	case db.swept < snap.Version:
		return missing
	case db.swept > snap.Version:
		return newer
	}
	for _, t := range tables {
		if d := db.defined[t.ID]; d == nil || d.table.Version < t.Version {
			return missing
		}
	}
	return ready
}

// useFiles sets the variables through which the tables' views and the scans of hidden columns read their files, on a
// connection that holds other versions or none; the caller holds mu for reading.
func (db *DB) useFiles(c *conn, tables []*catalog.Table, hidden []*scan) error {
	for _, t := range tables {
		s := db.defined[t.ID]
		if s == nil || s.table.Version != t.Version { // only inside a transaction whose snapshot is older
			s = newScan(t, provenance{})
		}
		if err := c.useFiles(s, db.cat.Root()); err != nil {
			return err
		}
	}
	for _, s := range hidden {
		if err := c.useFiles(s, db.cat.Root()); err != nil {
			return err
		}
	}
	return nil
}

// useFiles sets a scan's variables unless they are set.
func (c *conn) useFiles(s *scan, root *storage.Root) error {
	names := s.variables()
	if len(names) == 0 || c.set[names[0]] {
		return nil
	}
	if err := c.forget(s.prefix()); err != nil {
		return err
	}
	for _, sql := range s.variablesSQL(root) {
		if err := c.exec(sql); err != nil {
			return err
		}
	}
	for _, v := range names {
		c.set[v] = true
	}
	return nil
}

// forget drops the file lists of a table's other versions.
func (c *conn) forget(prefix string) error {
	for v := range c.set {
		if strings.HasPrefix(v, prefix) {
			if err := c.exec("RESET VARIABLE " + v); err != nil {
				return err
			}
			delete(c.set, v)
		}
	}
	return nil
}

// followPath makes unqualified names find tables in every schema of the lake, public first.
func (c *conn) followPath(snap *catalog.Snapshot) error {
	path := searchPath(snap)
	if c.path == path {
		return nil
	}
	if err := c.exec("SET search_path = " + sqltype.QuoteText(path)); err != nil {
		return err
	}
	c.path = path
	return nil
}

// searchPath is the schemas of the lake, public first, then by name.
func searchPath(snap *catalog.Snapshot) string {
	var schemas []string
	for _, t := range snap.Tables { // sorted by schema
		if t.Schema != "public" && (len(schemas) == 0 || schemas[len(schemas)-1] != t.Schema) {
			schemas = append(schemas, t.Schema)
		}
	}
	slices.Sort(schemas)
	var b strings.Builder
	b.WriteString(database + ".public")
	for _, s := range schemas {
		b.WriteString("," + database + "." + sqltype.QuoteName(s))
	}
	return b.String()
}
