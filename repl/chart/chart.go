package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tarn/repl/render"
)

// Bars draws a bar for each value behind its label, in lines of width cells. Negative values go to the left of those that are positive.
func Bars(labels []string, values []float64, width int) string {
	widest, numbers := 0, make([]string, len(values))
	digits := 0
	low, high := 0.0, 0.0
	for i, v := range values {
		labels[i] = render.Cut(labels[i], max(width/3, 8))
		widest = max(widest, render.Width(labels[i]))
		numbers[i] = Number(v)
		digits = max(digits, len(numbers[i]))
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	room := max(width-widest-digits-4, 10)
	span := high - low
	if span == 0 {
		span = 1
	}
	left := int(math.Round(-low / span * float64(room)))
	var b strings.Builder
	for i, v := range values {
		pad := strings.Repeat(" ", widest-render.Width(labels[i]))
		fmt.Fprintf(&b, "%s%s │%s %s\n", labels[i], pad, bar(v, span, left, room), numbers[i])
	}
	return b.String()
}

// eighths are bars of one to eight eighths of a cell.
var eighths = []rune(" ▏▎▍▌▋▊▉█")

// bar draws one value; zero is left cells from the start.
func bar(v, span float64, left, room int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strings.Repeat(" ", left)
	}
	n := math.Abs(v) / span * float64(room)
	if v < 0 {
		full := min(int(math.Round(n)), left)
		return strings.Repeat(" ", left-full) + strings.Repeat("█", full)
	}
	full := int(n)
	out := strings.Repeat(" ", left) + strings.Repeat("█", full)
	if part := int((n - float64(full)) * 8); part > 0 {
		out += string(eighths[part])
	}
	return out
}

// Histogram draws how often values fall into each of the bins.
func Histogram(values []float64, bins, width int) string {
	counts, low, step := Bins(values, bins)
	labels, numbers := make([]string, len(counts)), make([]float64, len(counts))
	for i, n := range counts {
		labels[i] = Number(low+float64(i)*step) + " …"
		numbers[i] = float64(n)
	}
	return Bars(labels, numbers, width)
}

// Bins counts values in bins of equal width, which begin at low; infinite values and NaN are in none.
func Bins(values []float64, bins int) (counts []int, low, step float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return nil, 0, 0
	}
	if low == high {
		bins = 1
	}
	step = (high - low) / float64(bins)
	counts = make([]int, bins)
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		at := 0
		if step > 0 {
			at = min(int((v-low)/step), bins-1)
		}
		counts[at]++
	}
	return counts, low, step
}

// Spark draws counts as one cell each, the highest as a full one; what is not zero can be seen.
func Spark(counts []int64) string {
	const levels = "▁▂▃▄▅▆▇█"
	var top int64
	for _, n := range counts {
		top = max(top, n)
	}
	var b strings.Builder
	for _, n := range counts {
		if n == 0 {
			b.WriteByte(' ')
			continue
		}
		at := int(float64(n) / float64(top) * 7.999)
		b.WriteString(string([]rune(levels)[at]))
	}
	return b.String()
}

// Number writes a number for a label: four digits or so, large ones in words.
func Number(v float64) string {
	if words := render.Rounded(v); words != "" {
		return words
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
