package render

import (
	"strconv"
	"strings"
)

// drawHead decides the widths from the rows seen so far and draws everything down to the last of them.
func (g *grid) drawHead() {
	if g.shown == nil {
		g.drawHeadWith(nil)
	}
}

// drawHeadWith is drawHead where the rows at the end take part in the widths.
func (g *grid) drawHeadWith(last [][]gridCell) {
	hints := g.hints()
	names, types := make([]gridCell, len(g.columns)), make([]gridCell, len(g.columns))
	natural := make([]int, len(g.columns))
	for c, col := range g.columns {
		names[c].text, types[c].text = g.fitted(col.Name), TypeName(col.Type)
		natural[c] = max(Width(names[c].text), Width(types[c].text), 1)
	}
	for _, rows := range [][][]gridCell{g.head, last, hints} {
		for _, r := range rows {
			for c := range r {
				natural[c] = max(natural[c], Width(r[c].text))
			}
		}
	}
	if g.opts.MaxWidth > 0 {
		for c, col := range g.columns {
			if !col.Type.IsNumeric() { // a number that is cut is another number
				natural[c] = min(natural[c], g.opts.MaxWidth)
			}
		}
	}
	g.shown, g.widths = fit(natural, g.opts.Width)
	for i := range types {
		types[i].null = true // dim, like NULL
	}
	g.drawLine(g.border.top)
	if !g.opts.NoHeader {
		g.drawRow(names)
		g.drawRow(types)
		g.drawLine(g.border.middle)
	}
	for _, r := range g.head {
		g.drawRow(r)
	}
}

// drawLine draws a horizontal line.
func (g *grid) drawLine(parts [4]string) {
	for i, c := range g.shown {
		if i == 0 {
			g.buf = append(g.buf, parts[0]...)
		} else {
			g.buf = append(g.buf, parts[2]...)
		}
		g.buf = append(g.buf, strings.Repeat(parts[1], g.width(c)+2)...)
	}
	g.buf = append(g.buf, parts[3]...)
	g.buf = append(g.buf, '\n')
}

// width is how many cells column c has; the gap has one.
func (g *grid) width(c int) int {
	if c == gap {
		return 1
	}
	return g.widths[c]
}

func (g *grid) drawRow(row []gridCell) {
	for _, c := range g.shown {
		g.buf = append(g.buf, g.border.bar...)
		g.buf = append(g.buf, ' ')
		if c == gap {
			g.buf = append(g.buf, "…"...)
		} else {
			g.drawCell(row[c], g.widths[c], isRight(g.columns[c].Type))
		}
		g.buf = append(g.buf, ' ')
	}
	g.buf = append(g.buf, g.border.bar...)
	g.buf = append(g.buf, '\n')
}

func (g *grid) drawCell(c gridCell, width int, right bool) {
	text := c.text
	if g.opts.Width > 0 || g.opts.MaxWidth > 0 {
		text = Cut(text, width)
	}
	pad := strings.Repeat(" ", max(width-Width(text), 0))
	if right {
		g.buf = append(g.buf, pad...)
	}
	if c.null {
		g.paint(text, dim)
	} else {
		g.buf = append(g.buf, text...)
	}
	if !right {
		g.buf = append(g.buf, pad...)
	}
}

// drawMore draws the line that stands for the rows left out.
func (g *grid) drawMore() {
	row := make([]gridCell, len(g.columns))
	for c := range row {
		row[c] = gridCell{text: g.border.more, null: true}
	}
	g.drawRow(row)
}

// paint appends text, in the style if there may be colours.
func (g *grid) paint(text, style string) {
	if !g.opts.Color {
		g.buf = append(g.buf, text...)
		return
	}
	g.buf = append(g.buf, style...)
	g.buf = append(g.buf, text...)
	g.buf = append(g.buf, reset...)
}

// hints returns, for a result of one row, a row of its large numbers in words; none if there is no such number. table, which
// programs may read, has none.
func (g *grid) hints() [][]gridCell {
	if g.rows != 1 || len(g.head) != 1 || g.border != boxBorder {
		return nil
	}
	row, some := make([]gridCell, len(g.columns)), false
	for c, col := range g.columns {
		if !col.Type.IsNumeric() || g.head[0][c].null {
			continue
		}
		n, err := strconv.ParseFloat(g.head[0][c].text, 64)
		if words := Rounded(n); err == nil && words != "" {
			row[c], some = gridCell{text: "(" + words + ")", null: true}, true
		}
	}
	if !some {
		return nil
	}
	return [][]gridCell{row}
}

// drawHint draws that row.
func (g *grid) drawHint() {
	for _, row := range g.hints() {
		g.drawRow(row)
	}
}
