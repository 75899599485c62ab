package render

import (
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// plainWriter writes the last column's text with its line breaks and nothing else: for query plans, which are
// pictures.
type plainWriter struct {
	table
}

// NewPlain returns a writer of results whose last column is text of many lines.
func NewPlain(out io.Writer) Writer { return &plainWriter{table: newTableOf(out, Options{})} }

func (w *plainWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	return nil
}

func (w *plainWriter) Batch(rec arrow.RecordBatch) error {
	last := len(w.columns) - 1
	return w.eachRow(rec, func(row int) {
		w.text = w.style.Append(w.text[:0], w.columns[last].Type, w.arrays[last], row)
		for line := range strings.Lines(string(w.text)) {
			w.buf = append(w.buf, Visible(strings.TrimRight(line, "\r\n"))...)
			w.buf = append(w.buf, '\n')
		}
	})
}

func (w *plainWriter) End(Summary) error { return w.flush() }
