package render

import (
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// latexWriter writes a tabular environment. NULL is in italics, which the text NULL is not.
type latexWriter struct{ table }

func newLatex(out io.Writer, opts Options) Writer { return &latexWriter{newTableOf(out, opts)} }

func (w *latexWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	w.buf = append(w.buf, `\begin{tabular}{`...)
	for _, c := range columns {
		if isRight(c.Type) {
			w.buf = append(w.buf, 'r')
		} else {
			w.buf = append(w.buf, 'l')
		}
	}
	w.buf = append(w.buf, "}\n\\hline\n"...)
	if w.opts.NoHeader {
		return nil
	}
	for c, col := range columns {
		w.next(c)
		w.buf = append(w.buf, `\textbf{`+latexText(col.Name)+`}`...)
	}
	w.buf = append(w.buf, " \\\\\n\\hline\n"...)
	return w.spill()
}

func (w *latexWriter) Batch(rec arrow.RecordBatch) error {
	return w.eachRow(rec, func(row int) {
		for c := range w.columns {
			w.next(c)
			if w.isNull(c, row) {
				w.buf = append(w.buf, `\textit{`+latexText(w.opts.null(nullSign))+`}`...)
				continue
			}
			w.text = w.style.Append(w.text[:0], w.columns[c].Type, w.arrays[c], row)
			text := latexText(string(w.text))
			if c == 0 && strings.HasPrefix(text, "[") {
				text = "{}" + text // behind \\ a bracket would be its argument
			}
			w.buf = append(w.buf, text...)
		}
		w.buf = append(w.buf, " \\\\\n"...)
	})
}

// next appends what stands before column c.
func (w *latexWriter) next(c int) {
	if c > 0 {
		w.buf = append(w.buf, " & "...)
	}
}

var latexEscape = strings.NewReplacer(`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `#`, `\#`, `_`, `\_`,
	`%`, `\%`, `~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`, `<`, `\textless{}`, `>`, `\textgreater{}`, `|`, `\textbar{}`, `"`, `\textquotedbl{}`)

// latexText returns text as LaTeX on one line: control characters are made visible.
func latexText(text string) string { return latexEscape.Replace(Visible(text)) }

func (w *latexWriter) End(Summary) error {
	w.buf = append(w.buf, "\\hline\n\\end{tabular}\n"...)
	return w.flush()
}
