package render

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// autoRows is how many rows decide between the formats.
const autoRows = 100

// autoWriter writes box if the first rows fit the line uncut, else vertical.
type autoWriter struct {
	table
	out     io.Writer
	batches []arrow.RecordBatch
	rows    int64
	w       Writer // once it is decided
}

// NewAuto returns a writer of box, or of vertical for rows that are too wide for the line.
func NewAuto(out io.Writer, opts Options) Writer {
	return &autoWriter{table: newTableOf(out, opts), out: out}
}

func (w *autoWriter) Begin(columns []Column, style cell.Style) error {
	w.begin(columns, style)
	return nil
}

func (w *autoWriter) Batch(rec arrow.RecordBatch) error {
	if w.w != nil {
		return w.w.Batch(rec)
	}
	rec.Retain()
	w.batches = append(w.batches, rec)
	if w.rows += rec.NumRows(); w.rows < autoRows {
		return nil
	}
	return w.decide()
}

// decide chooses the format and gives it what came so far.
func (w *autoWriter) decide() error {
	w.w = newBox(w.out, w.opts)
	if w.opts.Width > 0 && w.width() > w.opts.Width {
		w.w = newVertical(w.out, w.opts)
	}
	if err := w.w.Begin(w.columns, w.style); err != nil {
		return err
	}
	for _, rec := range w.batches {
		if err := w.w.Batch(rec); err != nil {
			return err
		}
	}
	w.release()
	return nil
}

// width is how wide a box of the first rows would be.
func (w *autoWriter) width() int {
	natural := make([]int, len(w.columns))
	for c, col := range w.columns {
		natural[c] = max(Width(Visible(col.Name)), Width(TypeName(col.Type)))
	}
	seen := 0
	for _, rec := range w.batches {
		w.arrays = append(w.arrays[:0], rec.Columns()...)
		for row := 0; row < int(rec.NumRows()) && seen < autoRows; row, seen = row+1, seen+1 {
			for c := range w.columns {
				natural[c] = max(natural[c], Width(w.shown(c, row)))
			}
		}
	}
	return total(natural)
}

func (w *autoWriter) release() {
	for _, rec := range w.batches {
		rec.Release()
	}
	w.batches = nil
}

// discard frees the batches that were kept.
func (w *autoWriter) discard() {
	w.release()
	if w.w != nil {
		Discard(w.w)
	}
}

func (w *autoWriter) End(s Summary) error {
	if w.w == nil {
		if err := w.decide(); err != nil {
			return err
		}
	}
	return w.w.End(s)
}
