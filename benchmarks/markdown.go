package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown writes the whole report for people.
func (r *report) markdown() string {
	var b strings.Builder
	r.writeHead(&b)
	r.writeTargets(&b)
	r.writeSums(&b)
	for _, s := range []struct{ suite, title string }{
		{"many", "Many files"}, {"one", "One large file"}, {"wire", "The wire"}, {"start", "Starting"}, {"tpch", "TPC-H, query by query"},
	} {
		r.writeSuite(&b, s.suite, s.title)
	}
	r.writeMaking(&b)
	r.writeMemory(&b)
	r.writeGrowth(&b)
	r.writeFailures(&b)
	return b.String()
}

func (r *report) writeHead(b *strings.Builder) {
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		if v := r.Versions[name]; strings.HasPrefix(v, name) {
			versions = append(versions, v)
		} else {
			versions = append(versions, name+" "+v)
		}
	}
	fmt.Fprintf(b, "One run of `go run ./benchmarks -size %s` of %s, %.0f minutes, on %s with %d cores", r.Size, r.Time.Format("2006-01-02"),
		r.Seconds/60, r.Machine.System, r.Machine.Cores)
	if r.Machine.Processor != "" {
		fmt.Fprintf(b, " (%s)", r.Machine.Processor)
	}
	if r.Machine.MemoryMB > 0 {
		fmt.Fprintf(b, " and %.0f GiB of memory", float64(r.Machine.MemoryMB)/1024)
	}
	fmt.Fprintf(b, ". Versions: %s.\n\n", strings.Join(versions, ", "))
	b.WriteString(`Times are medians with the least and the most. A ratio such as 4.2x says how often longer a program took than Tarn in the same
round: the median of those ratios. A program that failed, ran out of time or gave another answer has no time.
`)
	for _, n := range r.Notes {
		fmt.Fprintf(b, "\n- %s", n)
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
	}
}

func (r *report) writeTargets(b *strings.Builder) {
	b.WriteString("\n## Targets\n\n")
	if r.Size != "full" && r.Size != "medium" {
		fmt.Fprintf(b, "The targets are about the sizes of `make bench-page` and `make bench-full`: scale factor 1, 3,000 and 200 files, 300 MB, 3 million rows. At the size\n"+
			"of this run, %s, a verdict is no more than a hint.\n\n", r.Size)
	}
	b.WriteString("| work | against | target | this run | |\n|---|---|---|---|---|\n")
	for _, v := range r.Targets {
		got := v.Got
		if v.Detail != "" {
			got = strings.TrimPrefix(got+"; "+v.Detail, "; ")
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", v.Work, v.Against, v.Target, got, v.Met)
	}
}

func (r *report) writeSums(b *strings.Builder) {
	if len(r.Sums) == 0 {
		return
	}
	b.WriteString("\n## TPC-H, sums\n\n")
	fmt.Fprintf(b, "Scale factor %g. Warm: all 22 queries in one process, Tarn's result cache off. Cold: a new process for each query.\n",
		r.Sizes.Factor)
	b.WriteString("The ratio is of the queries that both answered rightly.\n\n| format | | program | right answers | sum | ratio to tarn |\n|---|---|---|---:|---:|---:|\n")
	for _, s := range r.Sums {
		ratio := ""
		if s.Ratio != nil {
			ratio = spreadOfTimes(*s.Ratio)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %d of %d | %s | %s |\n", formatNames[s.Format], s.Way, s.Program, s.Answered, s.Of, spreadOfSeconds(s.Took), ratio)
	}
}

// writeSuite writes a table for each format and way: a line a piece of work, a column a program.
func (r *report) writeSuite(b *strings.Builder, suite, title string) {
	of := r.of(suite)
	if len(of) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n", title)
	last := ""
	for _, m := range of {
		if head := m.Format + m.Way; head != last {
			last = head
			r.writeColumns(b, m)
		}
		fmt.Fprintf(b, "| %s |", m.Work)
		for _, e := range m.Entries {
			fmt.Fprintf(b, " %s |", e.cell(m.Rows))
		}
		b.WriteString("\n")
	}
}

// writeColumns starts a table.
func (r *report) writeColumns(b *strings.Builder, m measure) {
	fmt.Fprintf(b, "\n%s, %s, %d rounds\n\n| |", formatNames[m.Format], m.Way, m.rounds())
	for _, e := range m.Entries {
		fmt.Fprintf(b, " %s |", e.Program)
	}
	fmt.Fprintf(b, "\n|---|%s\n", strings.Repeat("---:|", len(m.Entries)))
}

// cell is one program's time, or rate, in a table.
func (e entry) cell(rows int64) string {
	switch {
	case e.Differs:
		return "other answer"
	case strings.HasPrefix(e.Failure, errLimit.Error()):
		return e.Failure
	case e.Failure != "":
		return "failed"
	case len(e.Seconds) == 0:
		return ""
	}
	s := spreadOfSeconds(e.Took)
	if rows > 0 {
		s = writeRate(float64(rows)/e.Took.Median) + ", " + s
	}
	if e.First != nil {
		s += ", first row " + writeSeconds(e.First.Median)
	}
	if e.Ratio != nil {
		s += " · " + writeTimes(e.Ratio.Median)
	}
	return s
}

// of returns the measures of a suite at the run's own size.
func (r *report) of(suite string) (of []measure) {
	for _, m := range r.Measures {
		if m.Suite == suite {
			of = append(of, m)
		}
	}
	return of
}

// writeMaking tells what Tarn does before the first query.
func (r *report) writeMaking(b *strings.Builder) {
	b.WriteString("\n## What Tarn does beforehand\n\nOnce each, in a process of its own.\n\n| data | format | size | crawl | crawl again | build the cache | peak memory |\n|---|---|---:|---:|---:|---:|---:|\n")
	for _, suite := range []string{"tpch", "many", "one", "wire", "start"} {
		of := r.of(suite + "-make")
		for i := 0; i < len(of); {
			cells, peak, first := map[string]string{}, 0.0, of[i]
			for ; i < len(of) && of[i].Format == first.Format; i++ {
				e := of[i].Entries[0]
				cells[of[i].Work] = e.cell(0)
				peak = max(peak, e.PeakMB)
			}
			fmt.Fprintf(b, "| %s | %s | %.0f MB | %s | %s | %s | %.0f MB |\n", suite, formatNames[first.Format], float64(first.Bytes)/1e6,
				cells[makings[0]], cells[makings[1]], cells[makings[2]], peak)
		}
	}
}

// writeMemory tells the peak of every program.
func (r *report) writeMemory(b *strings.Builder) {
	b.WriteString("\n## Peak memory\n\nThe most that one process had resident; warm, over all questions of the suite.\n\n")
	type key struct{ suite, format, way string }
	peaks, order, programs := map[key]map[string]float64{}, []key{}, []string{}
	for _, m := range r.Measures {
		if m.Scale != 0 || strings.HasSuffix(m.Suite, "-make") {
			continue
		}
		k := key{m.Suite, m.Format, m.Way}
		if peaks[k] == nil {
			peaks[k] = map[string]float64{}
			order = append(order, k)
		}
		for _, e := range m.Entries {
			if !slices.Contains(programs, e.Program) {
				programs = append(programs, e.Program)
			}
			peaks[k][e.Program] = max(peaks[k][e.Program], e.PeakMB)
		}
	}
	fmt.Fprintf(b, "| | format | | %s |\n|---|---|---|%s\n", strings.Join(programs, " | "), strings.Repeat("---:|", len(programs)))
	for _, k := range order {
		fmt.Fprintf(b, "| %s | %s | %s |", k.suite, formatNames[k.format], k.way)
		for _, program := range programs {
			if mb := peaks[k][program]; mb > 0 {
				fmt.Fprintf(b, " %.0f MB |", mb)
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteString("\n")
	}
}

// failing is one failure of one program in a suite.
type failing struct{ where, program, why string }

// writeFailures names everything that went wrong, so that no gap in a table is a riddle.
func (r *report) writeFailures(b *strings.Builder) {
	var order []failing
	works := map[failing][]string{}
	add := func(f failing, work string) {
		if works[f] == nil {
			order = append(order, f)
		}
		works[f] = append(works[f], work)
	}
	for _, m := range r.Measures {
		where := fmt.Sprintf("%s, %s, %s", m.Suite, formatNames[m.Format], m.Way)
		if m.Scale > 0 {
			where += fmt.Sprintf(", at %gx", m.Scale)
		}
		for _, e := range m.Entries {
			if e.Failure != "" {
				add(failing{where, e.Program, e.Failure}, m.Work)
			}
		}
		if m.Unjudged != "" {
			add(failing{where, "everyone", m.Unjudged}, m.Work)
		}
	}
	if len(order) > 0 {
		b.WriteString("\n## What failed\n\n")
	}
	for _, f := range order {
		fmt.Fprintf(b, "- %s, %s (%s): %s\n", f.where, f.program, strings.Join(works[f], "; "), f.why)
	}
}

func spreadOfSeconds(s spread) string {
	scale, unit := unitOf(s.Median)
	text := digits(s.Median*scale) + " " + unit
	if s.Min == s.Max {
		return text
	}
	return fmt.Sprintf("%s (%s–%s)", text, digits(s.Min*scale), digits(s.Max*scale))
}

func spreadOfTimes(s spread) string {
	if s.Min == s.Max {
		return writeTimes(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", writeTimes(s.Median), digits(s.Min), digits(s.Max))
}
