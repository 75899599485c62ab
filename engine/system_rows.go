package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tarn/catalog"
)

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
		RejectedRows     int64    `json:"rejected_rows"`
		Why              string   `json:"why"`
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
		RejectedRows  int64     `json:"rejected_rows"`
		Encoding      *string   `json:"encoding"`
		OwnReader     bool      `json:"own_reader"`
		Dialect       *string   `json:"dialect"`
		Notices       []string  `json:"notices"`
	}
	columnRow struct {
		TableSchema     string  `json:"table_schema"`
		TableName       string  `json:"table_name"`
		ColumnName      string  `json:"column_name"`
		OrdinalPosition int64   `json:"ordinal_position"`
		DataType        string  `json:"data_type"`
		IsPartition     bool    `json:"is_partition"`
		NullCount       *int64  `json:"null_count"`
		Distinct        *int64  `json:"distinct_estimate"`
		Min             *string `json:"min"`
		Max             *string `json:"max"`
		Proof           *string `json:"proof"`
		Reason          *string `json:"reason"`
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
	historyRow struct {
		Version     int64     `json:"version"`
		CrawledAt   time.Time `json:"crawled_at"`
		TableSchema string    `json:"table_schema"`
		TableName   string    `json:"table_name"`
		Change      string    `json:"change"`
		Path        *string   `json:"path"`
		Line        *int64    `json:"line"`
	}
	rejectRow struct {
		TableSchema string  `json:"table_schema"`
		TableName   string  `json:"table_name"`
		Path        string  `json:"path"`
		Line        *int64  `json:"line"`
		ColumnName  *string `json:"column_name"`
		Reason      string  `json:"reason"`
		Text        string  `json:"text"`
	}
)

// fillSystem fills what a snapshot tells.
func (db *DB) fillSystem(snap *catalog.Snapshot) error {
	var tables []tableRow
	var files []fileRow
	var columns []columnRow
	var partitions []partitionRow
	var skipped []skippedRow
	for _, t := range snap.Tables {
		keys, reasons := []string{}, columnReasons(t)
		for i, c := range t.Columns {
			if c.Partition {
				keys = append(keys, c.Name)
			}
			columns = append(columns, newColumnRow(t, i, reasons))
		}
		tables = append(tables, tableRow{t.Schema, t.Name, formatOf(t), int64(len(t.Files)), known(t.Rows()), t.Bytes(),
			int64(len(t.Columns)), keys, t.Version, t.Rejected(), t.Why(), t.Notices})
		for _, f := range t.Files {
			files = append(files, fileRow{t.Schema, t.Name, f.Path, f.Kind.Format.String(), f.Kind.Compression.String(),
				known(f.Rows), f.ID.Size, f.ID.Modified().UTC(), t.Version, f.Rejected, encoding(f), readsItself(f),
				dialectText(f), f.Notices})
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

// fillStored fills what the catalog keeps in its store alone.
func (db *DB) fillStored(ctx context.Context) error {
	changes, err := db.cat.History(ctx)
	if err != nil {
		return err
	}
	rejected, err := db.cat.Rejects(ctx)
	if err != nil {
		return err
	}
	history, rejects := make([]historyRow, len(changes)), make([]rejectRow, len(rejected))
	for i, h := range changes {
		history[i] = historyRow{h.Version, h.CrawledAt.UTC(), h.Schema, h.Table, h.Change, given(h.Path), given(h.Line)}
	}
	for i, r := range rejected {
		rejects[i] = rejectRow{r.Schema, r.Table, r.Path, given(r.Line), given(r.Column), r.Reason, r.Text}
	}
	return errors.Join(replaceRows(db.admin, "history", history), replaceRows(db.admin, "rejects", rejects))
}

// given turns a zero value, which says that nothing is known, into NULL.
func given[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// known turns the -1 of an unknown count into NULL.
func known(n int64) *int64 {
	if n < 0 {
		return nil
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

// encoding is how a delimited file's text is encoded; nil for other formats, which leave no choice.
func encoding(f *catalog.File) *string {
	if f.CSV == nil {
		return nil
	}
	return &f.CSV.Encoding
}

// readsItself reports whether Tarn's own reader reads the file, because DuckDB's would read it differently.
func readsItself(f *catalog.File) bool {
	return f.CSV != nil && f.CSV.Own || f.JSON != nil && f.JSON.Own
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
