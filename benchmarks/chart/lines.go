package chart

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Panels are small charts of lines side by side, each with logarithmic scales of its own in both directions.
type Panels struct {
	Title    string
	Subtitle string
	Format   func(float64) string
	XLabel   func(float64) string
	Series   []string // in the order of the colours, for the legend
	Panels   []Panel
}

// Panel is one small chart.
type Panel struct {
	Heading string
	Lines   []Line
}

// Line is one series in a panel; X grows.
type Line struct {
	Series string
	X, Y   []float64
}

// The measures of panels, in pixels.
const (
	panelWidth  = 264
	panelHeight = 188
	panelsInRow = 3
	panelInset  = 52 // room for the labels of the upward axis
)

// SVG draws the chart.
func (p Panels) SVG() string {
	rows := (len(p.Panels) + panelsInRow - 1) / panelsInRow
	c := &canvas{width: 24*2 + panelsInRow*panelWidth + 20, height: float64(112 + rows*(panelHeight+30))}
	c.text(24, 34, 18, "start", ink, "600", p.Title)
	c.text(24, 56, 12.5, "start", quiet, "400", p.Subtitle)
	x := 24.0
	for i, name := range p.Series {
		c.rect(x, 72, 18, 4, colours[seriesColour(i)], name)
		c.text(x+24, 78, 12.5, "start", ink, "400", name)
		x += 24 + textWidth(name, 12.5) + 24
	}
	for i, panel := range p.Panels {
		p.draw(c, panel, 24+float64(i%panelsInRow)*(panelWidth+10), 112+float64(i/panelsInRow)*(panelHeight+30))
	}
	return c.String()
}

// seriesColour skips no colour: Tarn, its variant, then the peers.
func seriesColour(i int) int { return i % len(colours) }

// draw draws one panel with its upper left corner at (x, y).
func (p Panels) draw(c *canvas, panel Panel, x, y float64) {
	var xs, ys []float64
	for _, l := range panel.Lines {
		xs, ys = append(xs, l.X...), append(ys, l.Y...)
	}
	c.text(x, y, 13, "start", ink, "600", panel.Heading)
	left, top, width, height := x+panelInset, y+14, panelWidth-panelInset-14.0, panelHeight-34.0
	up := axis(ys, 0, height)
	for d := up.from; d <= up.to; d++ {
		at := top + height - up.at(math.Pow10(d))
		c.line(left, at, left+width, at, grid, 1)
		c.text(left-6, at+4, 11, "end", quiet, "400", p.Format(math.Pow10(d)))
	}
	along := p.along(xs, left+8, width-16)
	for _, v := range slices.Sorted(maps.Keys(along)) {
		c.text(along[v], top+height+16, 11, "middle", quiet, "400", p.XLabel(v))
	}
	for _, l := range panel.Lines {
		p.drawLine(c, l, along, func(v float64) float64 { return top + height - up.at(v) })
	}
}

// along places the sizes, which are few, on a logarithmic scale.
func (p Panels) along(xs []float64, left, width float64) map[float64]float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range xs {
		lo, hi = min(lo, v), max(hi, v)
	}
	places := map[float64]float64{}
	for _, v := range xs {
		places[v] = left
		if hi > lo {
			places[v] = left + width*math.Log(v/lo)/math.Log(hi/lo)
		}
	}
	return places
}

func (p Panels) drawLine(c *canvas, l Line, along map[float64]float64, up func(float64) float64) {
	colour := colours[0]
	for i, name := range p.Series {
		if name == l.Series {
			colour = colours[seriesColour(i)]
		}
	}
	var points []string
	for i := range l.X {
		points = append(points, num(along[l.X[i]])+","+num(up(l.Y[i])))
	}
	c.printf(`<polyline points="%s" fill="none" stroke="%s" stroke-width="2.2" stroke-linejoin="round"/>`, strings.Join(points, " "), colour)
	for i := range l.X {
		c.printf(`<circle cx="%s" cy="%s" r="3.4" fill="%s"><title>%s</title></circle>`, num(along[l.X[i]]), num(up(l.Y[i])), colour,
			fmt.Sprintf("%s, %s: %s", l.Series, p.XLabel(l.X[i]), p.Format(l.Y[i])))
	}
}
