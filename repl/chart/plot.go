package chart

import (
	"fmt"
	"math"
	"strings"

	"tarn/repl/render"
)

// Point is one pair of a plot.
type Point struct{ X, Y float64 }

// Axis says how to label the ends of an axis.
type Axis func(v float64) string

// Lines draws the points joined in their order.
func Lines(points []Point, x, y Axis, width, height int) string {
	return plot(points, x, y, width, height, true)
}

// Scatter draws the points alone.
func Scatter(points []Point, x, y Axis, width, height int) string {
	return plot(points, x, y, width, height, false)
}

func plot(points []Point, x, y Axis, width, height int, joined bool) string {
	points = finite(points)
	if len(points) == 0 {
		return "there are no numbers to draw\n"
	}
	low, high := points[0], points[0]
	for _, p := range points {
		low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
		high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
	}
	labels := [3]string{y(high.Y), y((low.Y + high.Y) / 2), y(low.Y)}
	margin := max(render.Width(labels[0]), render.Width(labels[1]), render.Width(labels[2]))
	c := newCanvas(max(width-margin-3, 10), max(height-2, 4))
	place := func(p Point) (int, int) {
		return at(p.X, low.X, high.X, 2*c.columns), 4*c.lines - 1 - at(p.Y, low.Y, high.Y, 4*c.lines)
	}
	px, py := place(points[0])
	for _, p := range points {
		qx, qy := place(p)
		if joined {
			c.line(px, py, qx, qy)
		} else {
			c.set(qx, qy)
		}
		px, py = qx, qy
	}
	var b strings.Builder
	for line := range c.lines {
		label := ""
		switch line {
		case 0:
			label = labels[0]
		case (c.lines - 1) / 2:
			label = labels[1]
		case c.lines - 1:
			label = labels[2]
		}
		fmt.Fprintf(&b, "%s%s ┤%s\n", strings.Repeat(" ", margin-render.Width(label)), label, strings.TrimRight(c.row(line), " "))
	}
	left, right := x(low.X), x(high.X)
	gap := max(c.columns-render.Width(left)-render.Width(right), 1)
	indent := strings.Repeat(" ", margin+1)
	b.WriteString(indent + "└" + strings.Repeat("─", c.columns) + "\n" + indent + " " + left + strings.Repeat(" ", gap) + right + "\n")
	return b.String()
}

// at is where v lies between low and high, among n dots.
func at(v, low, high float64, n int) int {
	if high == low {
		return n / 2
	}
	return min(int((v-low)/(high-low)*float64(n)), n-1)
}

func finite(points []Point) []Point {
	var out []Point
	for _, p := range points {
		if !math.IsNaN(p.X+p.Y) && !math.IsInf(p.X, 0) && !math.IsInf(p.Y, 0) {
			out = append(out, p)
		}
	}
	return out
}
