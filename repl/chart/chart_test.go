package chart

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var rewrite = flag.Bool("rewrite", false, "write the golden file anew")

// TestCharts draws one chart of each kind and compares with testdata/charts.txt.
func TestCharts(t *testing.T) {
	var wave, cloud []Point
	var values []float64
	for i := range 60 {
		x := float64(i) / 10
		wave = append(wave, Point{x, math.Sin(x)})
		cloud = append(cloud, Point{math.Mod(x*7, 5), math.Mod(x*3, 4)})
		values = append(values, math.Mod(float64(i*i), 17))
	}
	got := strings.Join([]string{
		Bars([]string{"Oslo", "a very long name of a place", "日本"}, []float64{3, -1.5, 2_500_000}, 50),
		Bars([]string{"minus", "plus", "none"}, []float64{-2, 4, math.NaN()}, 40),
		Histogram(append(values, math.Inf(1)), 5, 40),
		Histogram([]float64{7, 7}, 5, 40),
		Lines(wave, Number, Number, 50, 10),
		Scatter(append(cloud, Point{math.NaN(), 1}), Number, Number, 50, 10),
		Lines(nil, Number, Number, 50, 10),
		Scatter([]Point{{1, 1}}, Number, Number, 30, 6),
		"|" + Spark([]int64{0, 1, 2, 50, 100}) + "|\n",
	}, "\n")
	const file = "testdata/charts.txt"
	if *rewrite {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// TestBins checks that every finite value is in a bin.
func TestBins(t *testing.T) {
	values := []float64{1, 2, 3, 4, 10, math.Inf(-1), math.NaN()}
	counts, low, step := Bins(values, 3)
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if sum != 5 || low != 1 || step != 3 || counts[2] != 1 {
		t.Errorf("got %v from %v in steps of %v", counts, low, step)
	}
}
