package render

import (
	"io"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// jsonWriter writes each row as an object on one line, for json within an array. An object cannot hold a name twice:
// the second column a is named a_1.
type jsonWriter struct {
	table
	array bool
	rows  int64
	keys  [][]byte // `{"name":` for the first column, `,"name":` for the others
}

func newJSON(out io.Writer, opts Options) Writer {
	return &jsonWriter{table: newTableOf(out, opts), array: true}
}

func newJSONLines(out io.Writer, opts Options) Writer {
	return &jsonWriter{table: newTableOf(out, opts)}
}

func (w *jsonWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	for i, name := range UniqueNames(columns) {
		key := []byte{','}
		if i == 0 {
			key[0] = '{'
		}
		w.keys = append(w.keys, append(cell.AppendJSONString(key, name), ':'))
	}
	if w.array {
		w.buf = append(w.buf, '[')
	}
	return nil
}

func (w *jsonWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		if w.array {
			if w.rows > 0 {
				w.buf = append(w.buf, ',')
			}
			w.buf = append(w.buf, '\n')
		}
		w.rows++
		for c := range w.columns {
			w.buf = append(w.buf, w.keys[c]...)
			w.buf = w.style.AppendJSON(w.buf, w.columns[c].Type, w.arrays[c], row)
		}
		w.buf = append(w.buf, '}')
		if !w.array {
			w.buf = append(w.buf, '\n')
		}
	})
}

func (w *jsonWriter) End(Summary) error {
	if w.array && w.rows > 0 {
		w.buf = append(w.buf, '\n')
	}
	if w.array {
		w.buf = append(w.buf, ']', '\n')
	}
	return w.flush()
}

// UniqueNames returns the columns' names, with _1, _2, ... behind those that were there before.
func UniqueNames(columns []Column) []string {
	taken := map[string]bool{}
	for _, c := range columns {
		taken[c.Name] = true
	}
	used := map[string]bool{}
	names := make([]string, len(columns))
	for i, c := range columns {
		name := c.Name
		for n := 1; used[name]; n++ {
			if next := c.Name + "_" + strconv.Itoa(n); !taken[next] {
				name = next
				taken[name] = true
			}
		}
		used[name] = true
		names[i] = name
	}
	return names
}
