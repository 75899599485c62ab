package engine

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

//go:embed system.sql
var systemSQL string

// listingSQL returns the query that answers one of DuckDB's listing statements from the catalog, where every table
// stands whether it has a view yet or not; empty for any other statement.
func listingSQL(sql string) string {
	var words []string
	for _, tok := range sqltext.Tokens(sql) {
		switch tok.Kind {
		case sqltext.Comment, sqltext.Semicolon:
		case sqltext.Word:
			words = append(words, strings.ToUpper(tok.Text(sql)))
		default:
			return ""
		}
	}
	switch strings.Join(words, " ") {
	case "SHOW TABLES", "SHOW ALL TABLES", "DESCRIBE", "DESC":
		return `SELECT table_schema AS "schema", table_name AS "name", format, file_count AS files, row_count AS "rows", ` +
			`size_bytes AS bytes FROM tarn.tables UNION ALL ` +
			`SELECT table_schema, table_name, 'view', NULL, NULL, NULL FROM tarn.views ORDER BY 1, 2`
	case "SHOW SCHEMAS":
		return `SELECT table_schema AS "schema" FROM tarn.tables UNION SELECT table_schema FROM tarn.views ORDER BY 1`
	}
	return ""
}

// loadSystem fills the tables of schema tarn from a snapshot, unless they show it already. Those that only the store has are
// filled if stored is set.
func (db *DB) loadSystem(ctx context.Context, snap *catalog.Snapshot, stored bool) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.system < snap.Version {
		if err := db.fill(func() error { return db.fillSystem(snap) }); err != nil {
			return err
		}
		db.system = snap.Version
	}
	if views, err := db.views.Load(); err != nil {
		return &Error{Kind: KindIO, Message: err.Error(), Err: err}
	} else if db.shown != views.Seq {
		if err := db.fill(func() error { return db.fillViews(views) }); err != nil {
			return err
		}
		db.shown = views.Seq
	}
	if stored && db.stored < snap.Version {
		if err := db.fill(func() error { return db.fillStored(ctx) }); err != nil {
			return err
		}
		db.stored = snap.Version
	}
	return nil
}

// fill runs do in a transaction of the administrative connection; the caller holds mu.
func (db *DB) fill(do func() error) error {
	if err := db.admin.exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return errors.Join(fmt.Errorf("fill the tables of schema tarn: %w", err), db.admin.exec("ROLLBACK"))
	}
	return db.admin.exec("COMMIT")
}

// replaceRows puts rows into a table of schema tarn in place of what it holds.
func replaceRows[T any](c *conn, table string, rows []T) error {
	store := database + ".tarn." + table
	if err := c.exec("DELETE FROM " + store); err != nil {
		return err
	}
	p, err := c.prepare(fmt.Sprintf("INSERT INTO %s BY NAME SELECT unnest(from_json(CAST($1 AS JSON), '%s'), max_depth := 2)",
		store, jsonStructure[T]()))
	if err != nil {
		return err
	}
	defer p.close()
	for batch := range slices.Chunk(rows, 10_000) {
		text, err := json.Marshal(batch)
		if err != nil {
			return err
		}
		if err := p.bind([]Arg{{Text: string(text)}}); err != nil {
			return err
		}
		res, err := p.start()
		if err != nil {
			return err
		}
		for chunk := duck.FetchChunk(*res); chunk.Ptr != nil; chunk = duck.FetchChunk(*res) {
			duck.DestroyDataChunk(&chunk)
		}
		duck.DestroyResult(res)
	}
	return nil
}

// jsonStructure describes a list of T to DuckDB's from_json.
func jsonStructure[T any]() string {
	sqlTypes := map[reflect.Type]string{
		reflect.TypeFor[string](): "VARCHAR", reflect.TypeFor[*string](): "VARCHAR", reflect.TypeFor[[]string](): `["VARCHAR"]`,
		reflect.TypeFor[int64](): "BIGINT", reflect.TypeFor[*int64](): "BIGINT", reflect.TypeFor[bool](): "BOOLEAN",
		reflect.TypeFor[time.Time](): "TIMESTAMP WITH TIME ZONE",
	}
	var parts []string
	for f := range reflect.TypeFor[T]().Fields() {
		typ := sqlTypes[f.Type]
		if typ[0] != '[' {
			typ = `"` + typ + `"`
		}
		parts = append(parts, `"`+f.Tag.Get("json")+`":`+typ)
	}
	return "[{" + strings.Join(parts, ",") + "}]"
}
