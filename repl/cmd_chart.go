package repl

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/repl/chart"
	"tarn/repl/render"
)

// The kinds of charts.
const (
	chartBar     = "bar"
	chartLine    = "line"
	chartHist    = "hist"
	chartScatter = "scatter"
)

// maxBars is how many bars are drawn; chartBins is how many bins a histogram has.
const (
	maxBars   = 40
	chartBins = 20
)

// chart draws the last result: what is asked for, or what fits its columns.
func (r *REPL) chart(_ context.Context, arg string) error {
	k, err := r.whole()
	if err != nil {
		return err
	}
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	kind := ""
	if len(words) > 0 && slices.Contains([]string{chartBar, chartLine, chartHist, chartScatter}, strings.ToLower(words[0])) {
		kind, words = strings.ToLower(words[0]), words[1:]
	}
	columns, err := k.choose(words)
	if err != nil {
		return err
	}
	if k.rows == 0 {
		return errors.New("the last result has no rows to draw")
	}
	width, height := terminalWidth(r.out), 20
	if width == 0 {
		width = 80
	} else {
		height = min(height, max(terminalHeight(r.out)-4, 6))
	}
	text, err := k.draw(kind, columns, min(width, 120)-1, height)
	if err != nil {
		return err
	}
	return r.print(text)
}

// choose finds the columns that are named, or takes all.
func (k *kept) choose(names []string) ([]int, error) {
	var out []int
	for _, n := range names {
		at := slices.IndexFunc(k.columns, func(c render.Column) bool { return strings.EqualFold(c.Name, strings.Trim(n, `"`)) })
		if at < 0 {
			var all []string
			for _, c := range k.columns {
				all = append(all, c.Name)
			}
			return nil, fmt.Errorf("the last result has no column %s: it has %s", n, strings.Join(all, ", "))
		}
		out = append(out, at)
	}
	if len(names) == 0 {
		for i := range k.columns {
			out = append(out, i)
		}
	}
	return out, nil
}

func isTime(k sqltype.Kind) bool {
	return k == sqltype.Date || k >= sqltype.TimestampS && k <= sqltype.TimestampTZ
}

// draw draws columns: numbers over times or rising numbers as lines, two other columns of numbers as points, numbers
// beside text as bars, one column of numbers as a histogram.
func (k *kept) draw(kind string, columns []int, width, height int) (string, error) {
	x, y := -1, -1
	for _, c := range columns {
		t := k.columns[c].Type
		switch {
		case x < 0 && !t.IsNumeric() && !t.IsNested():
			x = c
		case t.IsNumeric() && y < 0:
			y = c
		case t.IsNumeric() && x < 0: // the first of two columns of numbers
			x, y = y, c
		}
	}
	if y < 0 && (kind != chartHist || x < 0 || !isTime(k.columns[x].Type.Kind)) {
		return "", errors.New("the last result has no column of numbers to draw")
	}
	if y < 0 {
		y = x
	}
	if kind == "" {
		kind = k.fitting(x)
	}
	if kind == chartHist {
		return k.titled(kind, -1, y) + chart.Histogram(k.numbers(y), chartBins, width), nil
	}
	if kind == chartBar {
		return k.bars(x, y, width), nil
	}
	points := make([]chart.Point, k.rows)
	for i, v := range k.numbers(y) {
		points[i] = chart.Point{X: float64(i + 1), Y: v}
	}
	axis := chart.Axis(chart.Number)
	if x >= 0 && (k.columns[x].Type.IsNumeric() || isTime(k.columns[x].Type.Kind)) {
		for i, v := range k.numbers(x) {
			points[i].X = v
		}
		if isTime(k.columns[x].Type.Kind) {
			axis = timeLabel
		}
	}
	if kind == chartScatter {
		return k.titled(kind, x, y) + chart.Scatter(points, axis, chart.Number, width, height), nil
	}
	slices.SortStableFunc(points, func(a, b chart.Point) int { return compareFloats(a.X, b.X) })
	return k.titled(kind, x, y) + chart.Lines(points, axis, chart.Number, width, height), nil
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// fitting is the kind of chart for numbers over column x, -1 if there are only numbers.
func (k *kept) fitting(x int) string {
	switch {
	case x < 0:
		return chartHist
	case isTime(k.columns[x].Type.Kind):
		return chartLine
	case !k.columns[x].Type.IsNumeric():
		return chartBar
	case slices.IsSorted(k.numbers(x)):
		return chartLine
	}
	return chartScatter
}

// titled is the line above a chart.
func (k *kept) titled(kind string, x, y int) string {
	name := render.Visible(k.columns[y].Name)
	switch {
	case kind == chartHist:
		return "how often " + name + " is …\n"
	case x >= 0:
		return name + " by " + render.Visible(k.columns[x].Name) + "\n"
	}
	return name + "\n"
}

// bars draws the first rows as bars.
func (k *kept) bars(x, y, width int) string {
	labels, values := k.labels(x), k.numbers(y)
	more := ""
	if len(values) > maxBars {
		more = fmt.Sprintf("and %s more\n", render.Count(int64(len(values)-maxBars), "row"))
		labels, values = labels[:maxBars], values[:maxBars]
	}
	return k.titled(chartBar, x, y) + chart.Bars(labels, values, width) + more
}

// labels are the texts of a column, or the numbers of the rows.
func (k *kept) labels(c int) []string {
	var out []string
	for _, rec := range k.batches {
		for row := range int(rec.NumRows()) {
			if c < 0 {
				out = append(out, strconv.Itoa(len(out)+1))
				continue
			}
			out = append(out, render.Visible(string(k.style.Append(nil, k.columns[c].Type, rec.Column(c), row))))
		}
	}
	return out
}

// numbers are the values of a column as numbers, times as seconds; NULL is NaN.
func (k *kept) numbers(c int) []float64 {
	out := make([]float64, 0, k.rows)
	var text []byte
	for _, rec := range k.batches {
		for row := range int(rec.NumRows()) {
			if rec.Column(c).IsNull(row) {
				out = append(out, math.NaN())
				continue
			}
			switch a := rec.Column(c).(type) {
			case *array.Date32:
				out = append(out, float64(a.Value(row))*86_400)
				continue
			case *array.Timestamp:
				unit := a.DataType().(*arrow.TimestampType).Unit
				out = append(out, float64(a.Value(row))*unit.Multiplier().Seconds())
				continue
			}
			text = k.style.Append(text[:0], k.columns[c].Type, rec.Column(c), row)
			v, err := strconv.ParseFloat(string(text), 64)
			if err != nil {
				v = math.NaN()
			}
			out = append(out, v)
		}
	}
	return out
}

// timeLabel writes seconds as a date, with the time of day if there is one.
func timeLabel(v float64) string {
	t := time.Unix(int64(v), 0).UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}
