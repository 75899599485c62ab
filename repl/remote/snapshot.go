package remote

import (
	"context"
	"strconv"
	"time"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// snapshotAge is how long the server's catalog is used before it is asked again.
const snapshotAge = 15 * time.Second

// Snapshot returns the server's catalog as commands and completion need it: tables, columns and files. It is empty if the server has none, or while
// a statement's rows are open.
func (s *Session) Snapshot() *catalog.Snapshot {
	if s.snap != nil && (time.Since(s.seen) < snapshotAge || s.open != nil) {
		return s.snap
	}
	if s.open != nil || s.conn.IsClosed() {
		return &catalog.Snapshot{}
	}
	ctx, done := context.WithTimeout(context.Background(), snapshotAge)
	defer done()
	snap, tables := &catalog.Snapshot{Version: 1}, map[string]*catalog.Table{}
	of := func(row [][]byte) *catalog.Table {
		key := string(row[0]) + "." + string(row[1])
		if tables[key] == nil {
			tables[key] = &catalog.Table{Schema: string(row[0]), Name: string(row[1])}
			snap.Tables = append(snap.Tables, tables[key])
		}
		return tables[key]
	}
	for _, sql := range []string{
		"SELECT table_schema, table_name, column_name, data_type, is_partition FROM tarn.columns ORDER BY table_schema, table_name, ordinal_position",
		"SELECT table_schema, table_name, path, format, compression, row_count, size_bytes FROM tarn.files ORDER BY path",
		"SELECT path, reason FROM tarn.skipped ORDER BY path",
	} {
		res := s.conn.ExecParams(ctx, sql, nil, nil, nil, nil)
		for res.NextRow() {
			switch row := res.Values(); len(row) {
			case 5:
				t := of(row)
				typ, err := sqltype.Parse(string(row[3]))
				if err != nil {
					typ = sqltype.Of(sqltype.Varchar) // of a newer server
				}
				t.Columns = append(t.Columns, catalog.Column{Name: string(row[2]), Type: typ, Partition: string(row[4]) == "t"})
			case 7:
				t := of(row)
				t.Files = append(t.Files, file(row))
			case 2:
				snap.Skipped = append(snap.Skipped, storage.Skip{Path: string(row[0]), Reason: string(row[1])})
			}
		}
		if _, err := res.Close(); err != nil {
			break // no lake: PostgreSQL itself
		}
	}
	s.snap, s.seen = snap, time.Now()
	return snap
}

// file is a row of tarn.files.
func file(row [][]byte) *catalog.File {
	f := &catalog.File{Path: string(row[2]), File: infer.File{Rows: -1}}
	for _, format := range []storage.Format{storage.Parquet, storage.CSV, storage.JSON} {
		if format.String() == string(row[3]) {
			f.Kind.Format = format
		}
	}
	for _, c := range []storage.Compression{storage.Gzip, storage.Zstd} {
		if c.String() == string(row[4]) {
			f.Kind.Compression = c
		}
	}
	if n, err := strconv.ParseInt(string(row[5]), 10, 64); err == nil && row[5] != nil {
		f.Rows = n
	}
	if n, err := strconv.ParseInt(string(row[6]), 10, 64); err == nil {
		f.ID.Size = n
	}
	return f
}
