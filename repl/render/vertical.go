package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// verticalWriter writes each value on its own line behind its column's name, for rows too wide to be a table.
type verticalWriter struct {
	table
	names []string // padded to one width
	rows  int64
}

func newVertical(out io.Writer, opts Options) Writer {
	return &verticalWriter{table: newTableOf(out, opts)}
}

func (w *verticalWriter) Begin(columns []Column, style cell.Style) error {
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

func (w *verticalWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		w.rows++
		w.buf = append(w.buf, "-- row "...)
		w.buf = strconv.AppendInt(w.buf, w.rows, 10)
		w.buf = append(w.buf, '\n')
		for c := range w.columns {
			w.buf = append(w.buf, w.names[c]...)
			w.buf = append(w.buf, " | "...)
			w.buf = append(w.buf, w.shown(c, row)...)
			w.buf = append(w.buf, '\n')
		}
	})
}

func (w *verticalWriter) End(s Summary) error {
	if !w.opts.NoFooter {
		w.buf = append(w.buf, footer(w.rows, w.rows, len(w.columns), len(w.columns), s)...)
		w.buf = append(w.buf, '\n')
	}
	return w.flush()
}

// footer says how large the result is, how much of it is shown, how long it took, and what was read.
func footer(rows, rowsShown int64, columns, columnsShown int, s Summary) string {
	text := Count(rows, "row")
	if rowsShown != rows {
		text += " (" + thousands(rowsShown) + " shown)"
	}
	text += ", " + Count(int64(columns), "column")
	if columnsShown != columns {
		text += " (" + strconv.Itoa(columnsShown) + " shown)"
	}
	if s.Elapsed > 0 {
		text += ", " + Duration(s.Elapsed)
	}
	for _, n := range s.Notes {
		text += ", " + n
	}
	if s.More != "" && (rowsShown != rows || columnsShown != columns) {
		text += "; " + s.More
	}
	return text
}
