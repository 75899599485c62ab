package render

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// insertRows is how many rows one INSERT holds at most.
const insertRows = 500

// insertWriter writes INSERT statements, whose values are literals of their types.
type insertWriter struct {
	table
	head []byte
	rows int // of the statement that is open
	most int // rows of a statement
}

func newInsert(out io.Writer, opts Options) Writer {
	return &insertWriter{table: newTableOf(out, opts), most: insertRows}
}

// NewInsert returns a writer of INSERT statements for a table, of so many rows each.
func NewInsert(out io.Writer, table string, rows int) Writer {
	return &insertWriter{table: newTableOf(out, Options{Table: table}), most: rows}
}

func (w *insertWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	name := w.opts.Table
	if name == "" {
		name = "result"
	}
	w.head = append(w.head, "INSERT INTO "+sqltype.QuoteName(name)+" ("...)
	for i, n := range UniqueNames(columns) {
		if i > 0 {
			w.head = append(w.head, ", "...)
		}
		w.head = append(w.head, sqltype.QuoteName(n)...)
	}
	w.head = append(w.head, ") VALUES\n"...)
	return nil
}

func (w *insertWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		switch {
		case w.rows == 0:
			w.buf = append(w.buf, w.head...)
		default:
			w.buf = append(w.buf, ",\n"...)
		}
		w.buf = append(w.buf, '(')
		for c := range w.columns {
			if c > 0 {
				w.buf = append(w.buf, ", "...)
			}
			w.buf = AppendLiteral(w.buf, w.style, w.columns[c].Type, w.arrays[c], row)
		}
		w.buf = append(w.buf, ')')
		if w.rows++; w.rows == w.most {
			w.close()
		}
	})
}

// close ends the statement that is open.
func (w *insertWriter) close() {
	if w.rows > 0 {
		w.buf = append(w.buf, ";\n"...)
	}
	w.rows = 0
}

func (w *insertWriter) End(Summary) error {
	w.close()
	return w.flush()
}
