package chart

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func ms(f float64) string { return fmt.Sprintf("%g ms", f) }

// charts cover every way of drawing something.
var charts = map[string]string{
	"bars": Bars{Title: "Sums of <22> queries", Subtitle: "shorter is better", Format: ms, Footnote: "A note.", Groups: []Group{
		{"Parquet", []Bar{
			{Label: "tarn", Value: 12, Lo: 11, Hi: 14, Strong: true},
			{Label: "tarn, raw", Value: 30, Lo: 30, Hi: 30, Note: "2.5x", Strong: true, Tint: true},
			{Label: "duckdb", Value: 2400, Lo: 2300, Hi: 2600, Note: "200x"},
			{Label: "polars", Missing: "failed"}}},
		{"CSV", []Bar{{Label: "tarn", Value: 1, Strong: true}}},
	}}.SVG(),
	"empty": Bars{Title: "Nothing", Format: ms}.SVG(),
	"panels": Panels{Title: "Growth", Subtitle: "both scales are logarithmic", Format: ms, XLabel: func(f float64) string { return fmt.Sprintf("%gx", f) },
		Series: []string{"tarn", "duckdb"}, Panels: []Panel{
			{"many files, CSV", []Line{{"tarn", []float64{1, 3, 10}, []float64{2, 2.5, 4}}, {"duckdb", []float64{1, 3}, []float64{100, 310}}}},
			{"one size", []Line{{"tarn", []float64{1}, []float64{5}}}},
		}}.SVG(),
}

func TestGolden(t *testing.T) {
	for name, got := range charts {
		file := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test ./benchmarks/chart -update writes it anew): %s", name, diff)
		}
	}
}

func TestWellFormed(t *testing.T) {
	for name, svg := range charts {
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s has coordinates that are no numbers:\n%s", name, svg)
		}
	}
}

func TestAxis(t *testing.T) {
	for _, c := range []struct {
		values   []float64
		from, to int
	}{
		{nil, 0, 1}, {[]float64{1, 1000}, 0, 3}, {[]float64{0.5, 20}, -1, 2}, {[]float64{10}, 1, 2}, {[]float64{0.001, 0.002}, -3, -2},
	} {
		if d := axis(c.values, 0, 100); d.from != c.from || d.to != c.to {
			t.Errorf("%v: from %d to %d, want %d to %d", c.values, d.from, d.to, c.from, c.to)
		}
	}
	d := axis([]float64{1, 100}, 10, 100)
	if d.at(1) != 10 || d.at(10) != 60 || d.at(100) != 110 {
		t.Errorf("1, 10 and 100 are at %v, %v and %v", d.at(1), d.at(10), d.at(100))
	}
}
