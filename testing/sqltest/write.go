package sqltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Formats are the formats that tables are written in.
var Formats = []string{"parquet", "csv", "ndjson"}

// plain are the types that every format carries: text formats by the inference of the reader.
var plain = []string{"BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}

// carries reports whether a column of the type comes out of the format as it went in.
func carries(format, typ string) bool {
	nested := strings.HasSuffix(typ, "[]") || strings.HasPrefix(typ, "STRUCT")
	switch {
	case slices.Contains(plain, typ):
		return true
	case typ == "HUGEINT":
		return format != "parquet" // Parquet has no such integers
	case nested:
		return format != "csv"
	}
	return format == "parquet"
}

// WriteLake writes every table source below sources, a tree of .jsonl files, to the same place below dir in the
// format. Columns that the format does not carry are left out.
func WriteLake(sources, dir, format string) error {
	return filepath.WalkDir(sources, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		table, err := ReadTable(path)
		if err != nil {
			return err
		}
		text, err := table.Encode(format)
		if err != nil {
			return fmt.Errorf("writing %s as %s: %w", path, format, err)
		}
		below, err := filepath.Rel(sources, path)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, strings.TrimSuffix(below, ".jsonl")+"."+format)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
}

// Encode returns the table as a file of the format, without the columns that the format does not carry.
func (t *Table) Encode(format string) ([]byte, error) {
	kept := t.only(func(c Column) bool { return carries(format, c.Type) })
	switch format {
	case "parquet":
		return kept.parquet()
	case "csv":
		return kept.csv(), nil
	case "ndjson":
		return kept.ndjson()
	}
	return nil, fmt.Errorf("no format %q", format)
}

// only returns the table with the columns that keep wants.
func (t *Table) only(keep func(Column) bool) *Table {
	kept := &Table{Rows: make([][]any, len(t.Rows))}
	for i, c := range t.Columns {
		if !keep(c) {
			continue
		}
		kept.Columns = append(kept.Columns, c)
		for r, row := range t.Rows {
			kept.Rows[r] = append(kept.Rows[r], row[i])
		}
	}
	return kept
}

// csv quotes what needs it and the empty text, which would be NULL otherwise.
func (t *Table) csv() []byte {
	var b bytes.Buffer
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(c.Name)
	}
	b.WriteByte('\n')
	for _, row := range t.Rows {
		for i, v := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			switch v := v.(type) {
			case nil:
			case string:
				if v == "" || strings.ContainsAny(v, ",\"\r\n") {
					v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
				}
				b.WriteString(v)
			default:
				fmt.Fprint(&b, v)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// ndjson keeps numbers as the source spells them.
func (t *Table) ndjson() ([]byte, error) {
	var b bytes.Buffer
	for _, row := range t.Rows {
		b.WriteByte('{')
		for i, v := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			value, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%q:%s", t.Columns[i].Name, value)
		}
		b.WriteString("}\n")
	}
	return b.Bytes(), nil
}

// parquet writes two row groups, so that readers meet a boundary.
func (t *Table) parquet() ([]byte, error) {
	var fields []arrow.Field
	for _, c := range t.Columns {
		typ, err := arrowType(c.Type)
		if err != nil {
			return nil, err
		}
		fields = append(fields, arrow.Field{Name: c.Name, Type: typ, Nullable: true})
	}
	records, err := t.ndjson()
	if err != nil {
		return nil, err
	}
	schema := arrow.NewSchema(fields, nil)
	list := "[" + strings.ReplaceAll(strings.TrimSpace(string(records)), "\n", ",") + "]"
	batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(list), array.WithUseNumber())
	if err != nil {
		return nil, err
	}
	defer batch.Release()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &b, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	half := batch.NumRows() / 2
	for _, part := range [][2]int64{{0, half}, {half, batch.NumRows()}} {
		if err := w.Write(batch.NewSlice(part[0], part[1])); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}
