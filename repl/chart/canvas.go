package chart

import (
	"math"
	"strings"
)

// canvas is dots, two by four in each cell, drawn as Braille letters.
type canvas struct {
	columns, lines int // in cells
	dots           []byte
}

func newCanvas(columns, lines int) *canvas {
	return &canvas{columns, lines, make([]byte, columns*lines)}
}

// brailleBits are the bits of the dots of a cell, by column and line.
var brailleBits = [2][4]byte{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// set sets the dot at x from the left and y from the top.
func (c *canvas) set(x, y int) {
	if x < 0 || y < 0 || x >= 2*c.columns || y >= 4*c.lines {
		return
	}
	c.dots[y/4*c.columns+x/2] |= brailleBits[x%2][y%4]
}

// line sets the dots from one place to another.
func (c *canvas) line(x0, y0, x1, y1 int) {
	steps := max(abs(x1-x0), abs(y1-y0), 1)
	for i := range steps + 1 {
		t := float64(i) / float64(steps)
		c.set(x0+int(math.Round(t*float64(x1-x0))), y0+int(math.Round(t*float64(y1-y0))))
	}
}

func abs(n int) int { return max(n, -n) }

// row returns a line of cells.
func (c *canvas) row(y int) string {
	var b strings.Builder
	for _, d := range c.dots[y*c.columns : (y+1)*c.columns] {
		if d == 0 {
			b.WriteByte(' ') // not every font leaves the empty letter blank
			continue
		}
		b.WriteRune('\u2800' + rune(d))
	}
	return b.String()
}
