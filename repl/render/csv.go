package render

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// csvWriter writes RFC 4180 with a header line and line feeds. NULL is an empty field and an empty text is "", so that
// they stay apart.
type csvWriter struct {
	table
	comma string
	null  string
}

func newCSV(out io.Writer, opts Options) Writer {
	w := &csvWriter{table: newTableOf(out, opts), comma: ",", null: opts.null("")}
	if opts.Separator != "" {
		w.comma = opts.Separator
	}
	return w
}

func (w *csvWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	if w.opts.NoHeader {
		return nil
	}
	for i, c := range columns {
		if i > 0 {
			w.buf = append(w.buf, w.comma...)
		}
		start := len(w.buf)
		w.buf = w.quote(append(w.buf, c.Name...), start)
	}
	w.buf = append(w.buf, '\n')
	return w.spill()
}

func (w *csvWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		for c := range w.columns {
			if c > 0 {
				w.buf = append(w.buf, w.comma...)
			}
			if w.isNull(c, row) {
				w.buf = append(w.buf, w.null...)
				continue
			}
			start := len(w.buf)
			w.buf = w.style.Append(w.buf, w.columns[c].Type, w.arrays[c], row)
			if hasFreeText(w.columns[c].Type.Kind) || w.opts.Separator != "" {
				w.buf = w.quote(w.buf, start)
			}
		}
		w.buf = append(w.buf, '\n')
	})
}

func (w *csvWriter) End(Summary) error { return w.flush() }

// hasFreeText reports whether values of the kind may hold any character; numbers and times have only harmless ones.
func hasFreeText(k sqltype.Kind) bool {
	switch k {
	case sqltype.Varchar, sqltype.JSON, sqltype.Blob, sqltype.Enum, sqltype.Geometry, sqltype.Variant,
		sqltype.List, sqltype.Array, sqltype.Struct, sqltype.Map, sqltype.Union:
		return true
	}
	return false
}

// quote puts dst[start:] in quotes, in place, if it is empty, looks like NULL, or holds a separator, quote or line break.
func (w *csvWriter) quote(dst []byte, start int) []byte {
	quotes, special := 0, len(dst) == start || string(dst[start:]) == w.null
	comma := w.comma[0]
	for _, c := range dst[start:] {
		switch c {
		case '"':
			quotes++
		case comma, '\n', '\r':
			special = true
		}
	}
	if quotes == 0 && !special {
		return dst
	}
	from := len(dst) - 1
	for range quotes + 2 {
		dst = append(dst, '"')
	}
	for to := len(dst) - 2; from >= start; from-- {
		dst[to] = dst[from]
		to--
		if dst[from] == '"' {
			dst[to] = '"'
			to--
		}
	}
	dst[start] = '"'
	return dst
}
