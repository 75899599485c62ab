package render

import (
	"bytes"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// markdownWriter writes a table of GitHub's Markdown (https://github.github.com/gfm/#tables-extension-). NULL is the
// word, a line break is <br>, and characters that would be taken for markup are escaped.
type markdownWriter struct {
	table
}

func newMarkdown(out io.Writer, opts Options) Writer {
	return &markdownWriter{table: newTableOf(out, opts)}
}

func (w *markdownWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	for _, c := range columns {
		w.buf = append(w.buf, "| "...)
		w.buf = appendMarkdown(w.buf, []byte(c.Name))
		w.buf = append(w.buf, ' ')
	}
	w.buf = append(w.buf, "|\n"...)
	for _, c := range columns {
		if isRight(c.Type) {
			w.buf = append(w.buf, "|---:"...)
			continue
		}
		w.buf = append(w.buf, "|---"...)
	}
	w.buf = append(w.buf, "|\n"...)
	return nil
}

func (w *markdownWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		for c := range w.columns {
			w.buf = append(w.buf, "| "...)
			if sign := w.opts.null(nullSign); w.isNull(c, row) {
				w.buf = appendMarkdown(w.buf, []byte(sign))
			} else {
				w.text = w.style.Append(w.text[:0], w.columns[c].Type, w.arrays[c], row)
				w.buf = appendMarkdown(w.buf, []byte(apart(string(w.text), sign, w.columns[c].Type.Kind)))
			}
			w.buf = append(w.buf, ' ')
		}
		w.buf = append(w.buf, "|\n"...)
	})
}

func (w *markdownWriter) End(Summary) error { return w.flush() }

// appendMarkdown appends text with its markup escaped.
func appendMarkdown(dst, text []byte) []byte {
	text = bytes.TrimRight(text, "\r\n")
	for i, c := range text {
		switch c {
		case '|', '\\', '`', '*', '[', ']', '<', '&', '~':
			dst = append(dst, '\\', c)
		case '_':
			if i == 0 || i+1 == len(text) || !isAlnum(text[i-1]) || !isAlnum(text[i+1]) {
				dst = append(dst, '\\') // within a word it is no markup
			}
			dst = append(dst, c)
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				dst = append(dst, "<br>"...)
			}
		case '\n':
			dst = append(dst, "<br>"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
