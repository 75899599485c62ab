package engine

import (
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
			`size_bytes AS bytes FROM tarn.tables ORDER BY table_schema, table_name`
	case "SHOW SCHEMAS":
		return `SELECT DISTINCT table_schema AS "schema" FROM tarn.tables ORDER BY 1`
	}
	return ""
}

// loadSystem fills the tables of schema tarn from a snapshot, unless they show it already.
func (db *DB) loadSystem(snap *catalog.Snapshot) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.system >= snap.Version {
		return nil
	}
	if err := db.admin.exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	if err := db.fillSystem(snap); err != nil {
		return errors.Join(fmt.Errorf("fill the tables of schema tarn: %w", err), db.admin.exec("ROLLBACK"))
	}
	if err := db.admin.exec("COMMIT"); err != nil {
		return err
	}
	db.system = snap.Version
	return nil
}

// The rows of schema tarn, as system.sql declares its tables.
type (
	tableRow struct {
		TableSchema      string   `json:"table_schema"`
		TableName        string   `json:"table_name"`
		Format           string   `json:"format"`
		FileCount        int64    `json:"file_count"`
		RowCount         *int64   `json:"row_count"`
		SizeBytes        int64    `json:"size_bytes"`
		ColumnCount      int64    `json:"column_count"`
		PartitionColumns []string `json:"partition_columns"`
		SchemaVersion    int64    `json:"schema_version"`
		Notices          []string `json:"notices"`
	}
	fileRow struct {
		TableSchema   string    `json:"table_schema"`
		TableName     string    `json:"table_name"`
		Path          string    `json:"path"`
		Format        string    `json:"format"`
		Compression   string    `json:"compression"`
		RowCount      *int64    `json:"row_count"`
		SizeBytes     int64     `json:"size_bytes"`
		ModifiedAt    time.Time `json:"modified_at"`
		SchemaVersion int64     `json:"schema_version"`
		Dialect       *string   `json:"dialect"`
		Notices       []string  `json:"notices"`
	}
	columnRow struct {
		TableSchema     string `json:"table_schema"`
		TableName       string `json:"table_name"`
		ColumnName      string `json:"column_name"`
		OrdinalPosition int64  `json:"ordinal_position"`
		DataType        string `json:"data_type"`
		IsPartition     bool   `json:"is_partition"`
		NullCount       *int64 `json:"null_count"`
	}
	partitionRow struct {
		TableSchema    string  `json:"table_schema"`
		TableName      string  `json:"table_name"`
		Path           string  `json:"path"`
		PartitionKey   string  `json:"partition_key"`
		PartitionValue *string `json:"partition_value"`
	}
	skippedRow struct {
		Path   string `json:"path"`
		Reason string `json:"reason"`
	}
)

func (db *DB) fillSystem(snap *catalog.Snapshot) error {
	var tables []tableRow
	var files []fileRow
	var columns []columnRow
	var partitions []partitionRow
	var skipped []skippedRow
	for _, t := range snap.Tables {
		keys := []string{}
		for i, c := range t.Columns {
			if c.Partition {
				keys = append(keys, c.Name)
			}
			columns = append(columns, columnRow{t.Schema, t.Name, c.Name, int64(i + 1), c.Type.String(), c.Partition, nullCount(t, c)})
		}
		tables = append(tables, tableRow{t.Schema, t.Name, formatOf(t), int64(len(t.Files)), known(t.Rows()), t.Bytes(),
			int64(len(t.Columns)), keys, t.Version, t.Notices})
		for _, f := range t.Files {
			files = append(files, fileRow{t.Schema, t.Name, f.Path, f.Kind.Format.String(), f.Kind.Compression.String(),
				known(f.Rows), f.ID.Size, f.ID.Modified().UTC(), t.Version, dialectText(f), f.Notices})
			for _, p := range f.Partition {
				row := partitionRow{t.Schema, t.Name, f.Path, p.Key, &p.Value}
				if p.Null {
					row.PartitionValue = nil
				}
				partitions = append(partitions, row)
			}
		}
	}
	for _, s := range snap.Skipped {
		skipped = append(skipped, skippedRow{s.Path, s.Reason})
	}
	return errors.Join(replaceRows(db.admin, "tables", tables), replaceRows(db.admin, "files", files),
		replaceRows(db.admin, "columns", columns), replaceRows(db.admin, "partitions", partitions),
		replaceRows(db.admin, "skipped", skipped))
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

// known turns the -1 of an unknown count into NULL.
func known(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// nullCount adds up a column's NULLs over all files; nil if a file does not tell.
func nullCount(t *catalog.Table, c catalog.Column) *int64 {
	var n int64
	for _, f := range t.Files {
		found := c.Partition
		for _, p := range f.Partition {
			if c.Partition && strings.EqualFold(p.Key, c.Name) && p.Null {
				found = false
			}
		}
		for _, own := range f.Columns {
			if !c.Partition && strings.EqualFold(own.Name, c.Name) {
				if own.Stats.Nulls < 0 {
					return nil
				}
				n, found = n+own.Stats.Nulls, true
			}
		}
		if !found { // the file lacks the column: every row is NULL
			if f.Rows < 0 {
				return nil
			}
			n += f.Rows
		}
	}
	return &n
}

// formatOf names the formats of a table's files.
func formatOf(t *catalog.Table) string {
	var names []string
	for _, f := range t.Files {
		if n := f.Kind.Format.String(); len(names) == 0 || names[len(names)-1] != n {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

// dialectText describes how a text file is written, as JSON; nil for Parquet.
func dialectText(f *catalog.File) *string {
	var v any
	switch {
	case f.CSV != nil:
		v = f.CSV
	case f.JSON != nil:
		v = f.JSON
	default:
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of strings and numbers
	}
	out := string(text)
	return &out
}
