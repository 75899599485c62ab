package render

import (
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// tsvWriter writes the text format of PostgreSQL's COPY with a header line: \N is NULL, and \\ \t \n \r \b \f \v stand
// for those characters, so that every row is one line.
type tsvWriter struct{ table }

func newTSV(out io.Writer, _ Options) Writer { return &tsvWriter{table{sink: newSink(out)}} }

func (w *tsvWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	for i, c := range columns {
		if i > 0 {
			w.buf = append(w.buf, '\t')
		}
		start := len(w.buf)
		w.buf = escapeTSV(append(w.buf, c.Name...), start)
	}
	w.buf = append(w.buf, '\n')
	return w.spill()
}

func (w *tsvWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		for c := range w.columns {
			if c > 0 {
				w.buf = append(w.buf, '\t')
			}
			if w.isNull(c, row) {
				w.buf = append(w.buf, '\\', 'N')
				continue
			}
			start := len(w.buf)
			w.buf = w.style.Append(w.buf, w.columns[c].Type, w.arrays[c], row)
			if hasFreeText(w.columns[c].Type.Kind) {
				w.buf = escapeTSV(w.buf, start)
			}
		}
		w.buf = append(w.buf, '\n')
	})
}

func (w *tsvWriter) End(time.Duration) error { return w.flush() }

// tsvEscape is the letter after the backslash for each character that has one.
var tsvEscape = [256]byte{'\\': '\\', '\t': 't', '\n': 'n', '\r': 'r', '\b': 'b', '\f': 'f', '\v': 'v'}

// escapeTSV escapes dst[start:] in place.
func escapeTSV(dst []byte, start int) []byte {
	n := 0
	for _, c := range dst[start:] {
		if tsvEscape[c] != 0 {
			n++
		}
	}
	if n == 0 {
		return dst
	}
	from := len(dst) - 1
	for range n {
		dst = append(dst, 0)
	}
	for to := len(dst) - 1; from >= start; from-- {
		c := dst[from]
		if e := tsvEscape[c]; e != 0 {
			dst[to], dst[to-1] = e, '\\'
			to -= 2
			continue
		}
		dst[to] = c
		to--
	}
	return dst
}
