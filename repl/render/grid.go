package render

import (
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine/cell"
)

// sampleRows is how many rows decide the widths of the columns when all rows are shown: later cells that are wider
// push the border, so that memory stays bounded and nothing is lost.
const sampleRows = 10_000

// border is how the lines of a grid are drawn: left, fill, cross and right of the top, middle and bottom line.
type border struct {
	top, middle, bottom [4]string
	bar                 string // between cells
	more                string // in each cell of the line that stands for rows left out
}

var boxBorder = &border{
	top: [4]string{"┌", "─", "┬", "┐"}, middle: [4]string{"├", "─", "┼", "┤"}, bottom: [4]string{"└", "─", "┴", "┘"},
	bar: "│", more: "⋮",
}

var asciiBorder = &border{
	top: [4]string{"+", "-", "+", "+"}, middle: [4]string{"+", "-", "+", "+"}, bottom: [4]string{"+", "-", "+", "+"},
	bar: "|", more: ":",
}

// Escape codes of the 16 terminal colours' dim attribute.
const (
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

// gridCell is the text of one cell, fit to be shown.
type gridCell struct {
	text string
	null bool
}

// grid draws a table. It keeps the text of the first rows, and of long results the batches that hold the last ones.
type grid struct {
	table
	border *border
	rows   int64
	head   [][]gridCell
	tail   []arrow.RecordBatch // the last batches, with at least MaxRows/2 rows if there are as many
	shown  []int               // columns, with gap for those left out; nil until the head is drawn
	widths []int
}

func newBox(out io.Writer, opts Options) Writer {
	return &grid{table: newTableOf(out, opts), border: boxBorder}
}

func newTable(out io.Writer, opts Options) Writer {
	opts.Width, opts.MaxRows, opts.MaxWidth, opts.Color = 0, 0, 0, false
	return &grid{table: newTableOf(out, opts), border: asciiBorder}
}

func (g *grid) Begin(columns []Column, style cell.Style) error {
	g.begin(columns, style)
	return nil
}

func (g *grid) Batch(rec arrow.RecordBatch) error {
	g.arrays = append(g.arrays[:0], rec.Columns()...)
	keep := sampleRows
	if g.opts.MaxRows > 0 {
		keep = g.opts.MaxRows
		g.keepTail(rec)
	}
	n, row := int(rec.NumRows()), 0
	g.rows += int64(n)
	for ; row < n && g.shown == nil && len(g.head) < keep; row++ {
		g.head = append(g.head, g.row(row))
	}
	if g.opts.MaxRows > 0 || row == n {
		return nil
	}
	g.drawHead()
	for ; row < n; row++ {
		g.drawRow(g.row(row))
		if err := g.spill(); err != nil {
			return err
		}
	}
	return nil
}

// keepTail keeps rec, and lets go of the batches that the last rows are not in.
func (g *grid) keepTail(rec arrow.RecordBatch) {
	rec.Retain()
	g.tail = append(g.tail, rec)
	var after int64
	for i := len(g.tail) - 1; i >= 0; i-- {
		if after >= int64(g.opts.MaxRows) {
			for _, old := range g.tail[:i+1] {
				old.Release()
			}
			g.tail = append(g.tail[:0], g.tail[i+1:]...)
			return
		}
		after += g.tail[i].NumRows()
	}
}

func (g *grid) End(s Summary) error {
	var last [][]gridCell
	if g.opts.MaxRows > 0 {
		last = g.lastRows()
	}
	shownRows := g.rows
	if last != nil {
		shownRows = int64(len(g.head) + len(last))
	}
	if g.shown == nil {
		g.drawHeadWith(last)
	}
	if last != nil {
		g.drawMore()
		for _, r := range last {
			g.drawRow(r)
		}
	}
	g.drawHint()
	g.drawLine(g.border.bottom)
	if g.opts.NoFooter {
		return g.flush()
	}
	columns := len(g.shown)
	for _, c := range g.shown {
		if c == gap {
			columns--
		}
	}
	g.paint(footer(g.rows, shownRows, len(g.columns), columns, s), dim)
	g.buf = append(g.buf, '\n')
	return g.flush()
}

// lastRows frees the kept batches. If there are more rows than may be shown it cuts the head to its first half and
// returns the last rows.
func (g *grid) lastRows() [][]gridCell {
	defer g.discard()
	if g.rows <= int64(g.opts.MaxRows) {
		return nil
	}
	first := (g.opts.MaxRows + 1) / 2
	g.head = g.head[:first]
	want := g.opts.MaxRows - first
	last := make([][]gridCell, 0, want)
	var kept int
	for _, rec := range g.tail {
		kept += int(rec.NumRows())
	}
	skip := kept - want
	for _, rec := range g.tail {
		n := int(rec.NumRows())
		g.arrays = append(g.arrays[:0], rec.Columns()...)
		for row := max(skip, 0); row < n; row++ {
			last = append(last, g.row(row))
		}
		skip -= n
	}
	return last
}

// row makes the cells of one row.
func (g *grid) row(row int) []gridCell {
	out := make([]gridCell, len(g.columns))
	sign := g.opts.null(nullSign)
	for c, col := range g.columns {
		if g.isNull(c, row) {
			out[c] = gridCell{text: g.fitted(sign), null: true}
			continue
		}
		g.text = g.style.Append(g.text[:0], col.Type, g.arrays[c], row)
		out[c].text = g.fitted(apart(string(g.text), sign, col.Type.Kind))
	}
	return out
}

// discard frees the batches that were kept.
func (g *grid) discard() {
	for _, rec := range g.tail {
		rec.Release()
	}
	g.tail = nil
}

// fitted makes a value visible. What no line can hold is cut at once, so that large values take no memory.
func (g *grid) fitted(text string) string {
	if g.opts.Width > 0 && len(text) > 8*g.opts.Width {
		text = strings.ToValidUTF8(text[:8*g.opts.Width], "") + "…"
	}
	text = Visible(text)
	if g.opts.Width > 0 {
		text = Cut(text, g.opts.Width)
	}
	return text
}
