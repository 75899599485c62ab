package main

import (
	"fmt"
	"slices"
	"strings"
)

// growthSuites are the suites of growth with their names for people.
var growthSuites = []struct{ suite, name string }{
	{"growth-tpch", "TPC-H, 22 queries"}, {"growth-many", "many files, 7 queries"}, {"growth-one", "one file, 3 queries"}, {"growth-wire", "wire, 4 ways"},
}

// curve is the sum of a program's medians at each size. A program that failed at a size has no value there.
type curve struct {
	program string
	scales  []float64
	seconds []float64
}

// curves are those of one suite and format, over the questions that everyone answered rightly at every size.
func (r *report) curves(suite, format string) []curve { return r.curvesOf(suite, format, "") }

// curvesOf are the curves of one piece of work, or of all.
func (r *report) curvesOf(suite, format, work string) (all []curve) {
	failed := map[string]bool{}
	for _, m := range r.Measures {
		for _, e := range m.Entries {
			if m.Suite == suite && m.Format == format && e.Failure != "" {
				failed[m.Work] = true
			}
		}
	}
	for _, m := range r.Measures {
		if m.Suite != suite || m.Format != format || failed[m.Work] || work != "" && m.Work != work {
			continue
		}
		for _, e := range m.Entries {
			i := slices.IndexFunc(all, func(c curve) bool { return c.program == e.Program })
			if i < 0 {
				all, i = append(all, curve{program: e.Program}), len(all)
			}
			all[i].add(m.Scale, e.Took.Median)
		}
	}
	return all
}

func (c *curve) add(scale, seconds float64) {
	if n := len(c.scales); n > 0 && c.scales[n-1] == scale {
		c.seconds[n-1] += seconds
		return
	}
	c.scales, c.seconds = append(c.scales, scale), append(c.seconds, seconds)
}

// writeGrowth tells how cost grows: the sum of the medians at each size.
func (r *report) writeGrowth(b *strings.Builder) {
	if len(r.Sizes.Growth) == 0 || len(r.of("growth-tpch"))+len(r.of("growth-many"))+len(r.of("growth-one"))+len(r.of("growth-wire")) == 0 {
		return
	}
	b.WriteString("\n## Growth\n\nSums of medians over the questions that all answered rightly at every size, and by what they grew.\n\n| | format | program |")
	for _, scale := range r.Sizes.Growth {
		fmt.Fprintf(b, " %dx |", scale)
	}
	fmt.Fprintf(b, " grew |\n|---|---|---|%s---:|\n", strings.Repeat("---:|", len(r.Sizes.Growth)))
	for _, s := range growthSuites {
		for _, format := range formats {
			for _, c := range r.curves(s.suite, format) {
				r.writeCurve(b, s.name, format, c)
			}
			for _, work := range makings {
				for _, c := range r.curvesOf(s.suite+"-make", format, work) {
					r.writeCurve(b, s.name+": "+work, format, c)
				}
			}
		}
	}
}

func (r *report) writeCurve(b *strings.Builder, name, format string, c curve) {
	fmt.Fprintf(b, "| %s | %s | %s |", name, formatNames[format], c.program)
	for _, scale := range r.Sizes.Growth {
		cell := ""
		if i := slices.Index(c.scales, float64(scale)); i >= 0 {
			cell = writeSeconds(c.seconds[i])
		}
		fmt.Fprintf(b, " %s |", cell)
	}
	fmt.Fprintf(b, " %s |\n", writeTimes(c.seconds[len(c.seconds)-1]/c.seconds[0]))
}
