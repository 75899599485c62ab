package render

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// lineWriter writes each value on its own line behind its column's name, for rows too wide to be a table.
type lineWriter struct {
	table
	names []string // padded to one width
	rows  int64
	text  []byte
}

func newLine(out io.Writer, _ Options) Writer { return &lineWriter{table: table{sink: newSink(out)}} }

func (w *lineWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	widest := 0
	for _, c := range columns {
		widest = max(widest, Width(Visible(c.Name)))
	}
	for _, c := range columns {
		name := Visible(c.Name)
		w.names = append(w.names, name+strings.Repeat(" ", widest-Width(name)))
	}
	return nil
}

func (w *lineWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		w.rows++
		w.buf = append(w.buf, "-- row "...)
		w.buf = strconv.AppendInt(w.buf, w.rows, 10)
		w.buf = append(w.buf, '\n')
		for c := range w.columns {
			w.text = w.style.Append(w.text[:0], w.columns[c].Type, w.arrays[c], row)
			w.buf = append(w.buf, w.names[c]...)
			w.buf = append(w.buf, " | "...)
			w.buf = append(w.buf, Visible(string(w.text))...)
			w.buf = append(w.buf, '\n')
		}
	})
}

func (w *lineWriter) End(elapsed time.Duration) error {
	w.buf = append(w.buf, footer(w.rows, w.rows, len(w.columns), len(w.columns), elapsed)...)
	w.buf = append(w.buf, '\n')
	return w.flush()
}

// footer says how large the result is, how much of it is shown, and how long it took.
func footer(rows, rowsShown int64, columns, columnsShown int, elapsed time.Duration) string {
	s := Count(rows, "row")
	if rowsShown != rows {
		s += " (" + strconv.FormatInt(rowsShown, 10) + " shown)"
	}
	s += ", " + Count(int64(columns), "column")
	if columnsShown != columns {
		s += " (" + strconv.Itoa(columnsShown) + " shown)"
	}
	if elapsed > 0 {
		s += ", " + Duration(elapsed)
	}
	return s
}
