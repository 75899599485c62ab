package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tarn/benchmarks/chart"
)

// drawing is one chart as a file.
type drawing struct {
	file string
	alt  string
	svg  string
}

// drawings are the charts of the report; one without anything to show is left out.
func (r *report) drawings() (all []drawing) {
	add := func(file, alt string, bars chart.Bars) {
		if len(bars.Groups) > 0 {
			all = append(all, drawing{file, alt, bars.SVG()})
		}
	}
	add("tpch.svg", "TPC-H: sum of the 22 queries, by format and program", r.tpchBars())
	add("many.svg", "Many files: a selective query, by format and program", r.workBars("many", "warm", workKey, "A narrow range of a key, in a table of many files",
		"The key is no partition; one file has the rows"))
	add("one.svg", "One large file: an aggregate, by format and program", r.workBars("one", "warm", workAggregate, "An aggregate over one large file",
		fmt.Sprintf("%s of CSV, %s of NDJSON. Running processes", r.size("one-make", "csv"), r.size("one-make", "json"))))
	add("wire.svg", "Wire: rows per second", r.wireBars())
	if p := r.growthPanels(); len(p.Panels) > 0 {
		all = append(all, drawing{"growth.svg", "How time grows with the data", p.SVG()})
	}
	return all
}

const (
	scaleNote = "; logarithmic scale, shorter is better"
	rangeNote = "The line on a bar spans the least and the most of the rounds; a ratio is to Tarn, in the same rounds."
)

func (r *report) tpchBars() chart.Bars {
	b := chart.Bars{Title: fmt.Sprintf("TPC-H, scale factor %g: sum of 22 queries", r.Sizes.Factor), Format: writeSeconds,
		Subtitle: "Running processes" + scaleNote, Footnote: "Only Tarn pays for a network protocol here; its result cache is off. " + rangeNote}
	for _, format := range formats {
		g := chart.Group{Heading: formatNames[format]}
		for _, s := range r.Sums {
			if s.Format != format || s.Way != "warm" {
				continue
			}
			bar := newBar(s.Program, s.Took)
			if s.Ratio != nil {
				bar.Note = writeTimes(s.Ratio.Median)
			}
			if s.Answered < s.Of {
				bar.Note += fmt.Sprintf(", %d of %d", s.Answered, s.Of)
			}
			if s.Answered == 0 {
				bar.Missing = "no right answer"
			}
			g.Bars = append(g.Bars, bar)
		}
		if len(g.Bars) > 0 {
			b.Groups = append(b.Groups, g)
		}
	}
	return b
}

// workBars shows one piece of work for every format.
func (r *report) workBars(suite, way, work, title, subtitle string) chart.Bars {
	b := chart.Bars{Title: title, Subtitle: subtitle + scaleNote, Format: writeSeconds, Footnote: rangeNote}
	for _, format := range formats {
		m := r.find(suite, format, way, work)
		if m == nil {
			continue
		}
		g := chart.Group{Heading: formatNames[format]}
		if suite == "many" {
			g.Heading = fmt.Sprintf("%d %s files", r.Sizes.shape(format).files, formatNames[format])
		}
		for _, e := range m.Entries {
			bar := newBar(e.Program, e.Took)
			if e.Ratio != nil {
				bar.Note = writeTimes(e.Ratio.Median)
			}
			if e.Failure != "" {
				bar.Missing = e.cell(0)
			}
			g.Bars = append(g.Bars, bar)
		}
		b.Groups = append(b.Groups, g)
	}
	return b
}

func (r *report) wireBars() chart.Bars {
	b := chart.Bars{Title: "Rows per second over the PostgreSQL protocol", Format: writeRate,
		Subtitle: fmt.Sprintf("%s rows to a client that throws them away; logarithmic scale, longer is better", count(r.Sizes.WireRows))}
	for _, m := range r.of("wire") {
		g := chart.Group{Heading: m.Work}
		for _, e := range m.Entries {
			bar := chart.Bar{Label: e.Program, Strong: e.Program == tarnLabel, Missing: "failed"}
			if e.Failure == "" && e.Took.Median > 0 {
				rows := float64(m.Rows)
				bar.Value, bar.Lo, bar.Hi, bar.Missing = rows/e.Took.Median, rows/e.Took.Max, rows/e.Took.Min, ""
				if e.First != nil {
					bar.Note = "first row " + writeSeconds(e.First.Median)
				}
			}
			g.Bars = append(g.Bars, bar)
		}
		b.Groups = append(b.Groups, g)
	}
	return b
}

func newBar(program string, s spread) chart.Bar {
	return chart.Bar{Label: program, Value: s.Median, Lo: s.Min, Hi: s.Max,
		Strong: program == tarnLabel, Tint: program != tarnLabel && strings.HasPrefix(program, tarnLabel)}
}

// growthPanels has a panel for each suite and format that was measured at more than one size.
func (r *report) growthPanels() chart.Panels {
	p := chart.Panels{Title: "How time grows with the data", Format: writeSeconds, Series: []string{tarnLabel, tarnRaw, "duckdb"},
		Subtitle: "Sums of the queries' medians, running processes; both scales are logarithmic", XLabel: func(f float64) string { return fmt.Sprintf("%gx", f) }}
	for _, s := range growthSuites {
		for _, format := range formats {
			panel := chart.Panel{Heading: s.name + ", " + formatNames[format]}
			for _, c := range r.curves(s.suite, format) {
				if len(c.scales) > 1 && s.suite != "growth-wire" {
					panel.Lines = append(panel.Lines, chart.Line{Series: c.program, X: c.scales, Y: c.seconds})
				}
			}
			if len(panel.Lines) > 0 {
				p.Panels = append(p.Panels, panel)
			}
		}
	}
	return p
}

// count writes a number of rows in words.
func count(n int) string {
	if n >= 1_000_000 {
		return fmt.Sprintf("%.3g million", float64(n)/1e6)
	}
	return fmt.Sprint(n)
}

// docsIntro heads the page of the documentation.
const docsIntro = `# Benchmarks

This page, its charts and ` + "`docs/benchmarks/results.json`" + ` were written by one run of the program in ` + "`benchmarks/`" + `; no number comes from
another. ` + "`make bench`" + ` measures small sizes in minutes, ` + "`make bench-page`" + ` the sizes that the targets are about;
[benchmarks/README.md](../benchmarks/README.md) tells how it measures and what each program is asked.

`

// writeDocs writes the page, its charts and the numbers into dir.
func (r *report) writeDocs(dir string) error {
	charts := filepath.Join(dir, "benchmarks")
	if err := os.MkdirAll(charts, 0o755); err != nil {
		return err
	}
	var page strings.Builder
	page.WriteString(docsIntro)
	for _, d := range r.drawings() {
		if err := os.WriteFile(filepath.Join(charts, d.file), []byte(d.svg), 0o644); err != nil {
			return fmt.Errorf("writing the chart: %w", err)
		}
		fmt.Fprintf(&page, "![%s](benchmarks/%s)\n\n", d.alt, d.file)
	}
	page.WriteString(r.markdown())
	if err := os.WriteFile(filepath.Join(dir, "benchmarks.md"), []byte(page.String()), 0o644); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return r.save(filepath.Join(charts, "results.json"))
}
