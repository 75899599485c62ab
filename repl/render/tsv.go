package render

import (
	"bytes"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// tsvWriter writes the text format of PostgreSQL's COPY with a header line: \N is NULL, and \\ \t \n \r \b \f \v stand
// for those characters, so that every row is one line.
type tsvWriter struct {
	table
	tab string
}

func newTSV(out io.Writer, opts Options) Writer {
	w := &tsvWriter{table: newTableOf(out, opts), tab: "\t"}
	if opts.Separator != "" {
		w.tab = opts.Separator
	}
	return w
}

func (w *tsvWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	if w.opts.NoHeader {
		return nil
	}
	for i, c := range columns {
		if i > 0 {
			w.buf = append(w.buf, w.tab...)
		}
		start := len(w.buf)
		w.buf = w.escape(append(w.buf, c.Name...), start)
	}
	w.buf = append(w.buf, '\n')
	return w.spill()
}

func (w *tsvWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		for c := range w.columns {
			if c > 0 {
				w.buf = append(w.buf, w.tab...)
			}
			if w.isNull(c, row) {
				w.buf = append(w.buf, '\\', 'N')
				continue
			}
			start := len(w.buf)
			w.buf = w.style.Append(w.buf, w.columns[c].Type, w.arrays[c], row)
			if hasFreeText(w.columns[c].Type.Kind) || w.tab != "\t" {
				w.buf = w.escape(w.buf, start)
			}
		}
		w.buf = append(w.buf, '\n')
	})
}

func (w *tsvWriter) End(Summary) error { return w.flush() }

// escape escapes dst[start:] in place, also the separator that the user chose.
func (w *tsvWriter) escape(dst []byte, start int) []byte {
	dst = escapeTSV(dst, start)
	if w.tab == "\t" || !bytes.Contains(dst[start:], []byte(w.tab)) {
		return dst
	}
	return append(dst[:start], bytes.ReplaceAll(bytes.Clone(dst[start:]), []byte(w.tab), []byte(`\`+w.tab))...)
}

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
