package render

import (
	"html"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// htmlWriter writes one table element. NULL is in italics, which the text NULL is not.
type htmlWriter struct{ table }

func newHTML(out io.Writer, opts Options) Writer { return &htmlWriter{newTableOf(out, opts)} }

func (w *htmlWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	w.buf = append(w.buf, "<table>\n"...)
	if !w.opts.NoHeader {
		w.buf = append(w.buf, "<thead>\n<tr>"...)
		for c := range columns {
			w.cell("th", c, htmlText(columns[c].Name))
		}
		w.buf = append(w.buf, "</tr>\n</thead>\n"...)
	}
	w.buf = append(w.buf, "<tbody>\n"...)
	return w.spill()
}

func (w *htmlWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		w.buf = append(w.buf, "<tr>"...)
		for c := range w.columns {
			if w.isNull(c, row) {
				w.cell("td", c, "<i>"+htmlText(w.opts.null(nullSign))+"</i>")
				continue
			}
			w.text = w.style.Append(w.text[:0], w.columns[c].Type, w.arrays[c], row)
			w.cell("td", c, htmlText(string(w.text)))
		}
		w.buf = append(w.buf, "</tr>\n"...)
	})
}

// cell appends an element; content is HTML.
func (w *htmlWriter) cell(tag string, c int, content string) {
	w.buf = append(append(w.buf, '<'), tag...)
	if isRight(w.columns[c].Type) {
		w.buf = append(w.buf, ` align="right"`...)
	}
	w.buf = append(append(w.buf, '>'), content...)
	w.buf = append(append(append(w.buf, "</"...), tag...), '>')
}

// htmlText returns text as HTML. Line breaks are <br>; other control characters, which HTML cannot hold, are made visible.
func htmlText(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = html.EscapeString(Visible(l))
	}
	return strings.Join(lines, "<br>")
}

func (w *htmlWriter) End(Summary) error {
	w.buf = append(w.buf, "</tbody>\n</table>\n"...)
	return w.flush()
}
