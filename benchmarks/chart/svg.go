package chart

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// The look: a light card, dark text, one strong colour for what the chart is about and quiet ones for the rest.
const (
	font    = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
	ink     = "#1f2933"
	quiet   = "#5f6c7b"
	grid    = "#e3e8ee"
	paper   = "#ffffff"
	outline = "#d5dce4"
)

// colours are given to series in order; the first is the strong one.
var colours = []string{"#0b7285", "#74c0cc", "#e8a33d", "#b08968", "#8c7ab8", "#c0617a", "#7d8b99"}

// canvas collects SVG elements.
type canvas struct {
	b             strings.Builder
	width, height float64
}

func (c *canvas) printf(format string, args ...any) { fmt.Fprintf(&c.b, format+"\n", args...) }

// text writes a line; anchor is start, middle or end.
func (c *canvas) text(x, y, size float64, anchor, colour, weight, s string) {
	c.printf(`<text x="%s" y="%s" font-size="%s" text-anchor="%s" fill="%s" font-weight="%s">%s</text>`,
		num(x), num(y), num(size), anchor, colour, weight, html.EscapeString(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, colour string, width float64) {
	c.printf(`<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"/>`, num(x1), num(y1), num(x2), num(y2), colour, num(width))
}

// rect draws a bar; title is what a pointer over it shows.
func (c *canvas) rect(x, y, w, h float64, colour, title string) {
	c.printf(`<rect x="%s" y="%s" width="%s" height="%s" rx="2" fill="%s"><title>%s</title></rect>`,
		num(x), num(y), num(w), num(h), colour, html.EscapeString(title))
}

// String closes the document.
func (c *canvas) String() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]s %[2]s" width="%[1]s" height="%[2]s" font-family="%[3]s" role="img">
<rect x="0.5" y="0.5" width="%[4]s" height="%[5]s" rx="8" fill="%[6]s" stroke="%[7]s"/>
%[8]s</svg>
`, num(c.width), num(c.height), html.EscapeString(font), num(c.width-1), num(c.height-1), paper, outline, c.b.String())
}

// num writes a coordinate with one decimal at most.
func num(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// decades is a logarithmic axis from one power of ten to another.
type decades struct {
	from, to int
	x, width float64
}

// axis spans all values, which must be above zero; it has one decade at least.
func axis(values []float64, x, width float64) decades {
	d := decades{from: math.MaxInt32, to: math.MinInt32, x: x, width: width}
	for _, v := range values {
		d.from = min(d.from, int(math.Floor(math.Log10(v)+1e-9)))
		d.to = max(d.to, int(math.Ceil(math.Log10(v)-1e-9)))
	}
	if len(values) == 0 {
		d.from, d.to = 0, 1
	}
	if d.to <= d.from {
		d.to = d.from + 1
	}
	return d
}

// at is the coordinate of a value.
func (d decades) at(v float64) float64 {
	return d.x + d.width*(math.Log10(v)-float64(d.from))/float64(d.to-d.from)
}

// textWidth is about how wide a text of the size is.
func textWidth(s string, size float64) float64 { return float64(len([]rune(s))) * size * 0.56 }
