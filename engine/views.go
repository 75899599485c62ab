package engine

import (
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// define makes DuckDB's views of the tables be of their version, and the schemas exist. It does nothing for a view that
// is newer already.
func (db *DB) define(snap *catalog.Snapshot, tables []*catalog.Table) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := db.defineSchemas(snap); err != nil {
		return err
	}
	for _, t := range tables {
		if d := db.defined[t.ID]; d != nil && d.table.Version >= t.Version {
			continue
		}
		s := newScan(t)
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

// defineSchemas makes the schemas of all tables; the caller holds mu.
func (db *DB) defineSchemas(snap *catalog.Snapshot) error {
	for _, t := range snap.Tables {
		if !db.schemas[t.Schema] {
			if err := db.admin.exec("CREATE SCHEMA IF NOT EXISTS " + database + "." + sqltype.QuoteName(t.Schema)); err != nil {
				return err
			}
			db.schemas[t.Schema] = true
		}
	}
	return nil
}

// readiness says whether views fit a snapshot's tables.
type readiness uint8

const (
	ready   readiness = iota
	missing           // a view is to be made
	newer             // a view is of a later version: the snapshot is out of date
)

// check compares the views with the tables; the caller holds mu.
func (db *DB) check(snap *catalog.Snapshot, tables []*catalog.Table) readiness {
	for _, t := range snap.Tables {
		if !db.schemas[t.Schema] {
			return missing
		}
	}
	for _, t := range tables {
		d := db.defined[t.ID]
		switch {
		case d == nil || d.table.Version < t.Version:
			return missing
		case d.table.Version > t.Version:
			return newer
		}
	}
	return ready
}

// useFiles sets the variables through which the tables' views read their files, on a connection that holds other
// versions or none; the caller holds mu for reading.
func (db *DB) useFiles(c *conn, tables []*catalog.Table) error {
	for _, t := range tables {
		s := db.defined[t.ID]
		if s == nil || s.table.Version != t.Version { // only inside a transaction whose snapshot is older
			s = newScan(t)
		}
		if v := s.variables(); len(v) == 0 || c.set[v[0]] {
			continue
		}
		if err := c.forget(t.ID); err != nil {
			return err
		}
		for _, sql := range s.variablesSQL(db.cat.Root()) {
			if err := c.exec(sql); err != nil {
				return err
			}
		}
		for _, v := range s.variables() {
			c.set[v] = true
		}
	}
	return nil
}

// forget drops the file lists of a table's other versions.
func (c *conn) forget(id int64) error {
	prefix := variablePrefix(id)
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
