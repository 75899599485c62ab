package engine

import (
	"errors"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
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
		if d := db.defined[t.ID]; d != nil && d.Version >= t.Version {
			continue
		}
		if err := db.admin.exec(viewSQL(t)); err != nil { // no file is opened
			return err
		}
		db.defined[t.ID] = t
	}
	return nil
}

// makeMacros makes the macros that a translated statement names, before the first of them: opening a lake does not wait for that.
func (db *DB) makeMacros(sql string) error {
	if !pgsql.Uses(sql) {
		return nil
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.macros.Make(sql, db.admin.c, db.admin.exec)
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
	for id, t := range db.defined {
		if alive[id] {
			continue
		}
		if err := db.admin.exec("DROP VIEW IF EXISTS " + viewName(t)); err != nil {
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
		if d := db.defined[t.ID]; d == nil || d.Version < t.Version {
			return missing
		}
	}
	return ready
}

// useFiles sets a scan's variables on the connection unless they are set, in place of those of the table's scan before.
func (c *conn) useFiles(s *scan) error {
	name := queryVariable(s.table, s.extra)
	before := c.set[name]
	if before == s {
		return nil
	}
	delete(c.set, name)
	for _, sql := range s.variablesSQL() { // the query comes last
		if err := c.exec(sql); err != nil {
			return err
		}
	}
	c.set[name] = s
	if before == nil { // of another version of the table, perhaps
		return c.forget(s.prefix(), name)
	}
	return c.resetLists(before)
}

// forget drops what the connection holds of a table's scans, but for the one of a query variable.
func (c *conn) forget(prefix, but string) error {
	for name, s := range c.set {
		if !strings.HasPrefix(name, prefix) || name == but {
			continue
		}
		delete(c.set, name)
		if err := errors.Join(c.resetLists(s), c.exec("RESET VARIABLE "+name)); err != nil {
			return err
		}
	}
	return nil
}

// resetLists drops the lists of a scan.
func (c *conn) resetLists(s *scan) error {
	for _, l := range s.lists {
		if err := c.exec("RESET VARIABLE " + l.name); err != nil {
			return err
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
