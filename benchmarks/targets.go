package main

import (
	"fmt"
	"math"
	"strconv"
)

// verdict is a target and what this run has to say about it.
type verdict struct {
	Work    string `json:"work"`
	Against string `json:"against"`
	Target  string `json:"target"`
	Got     string `json:"got"`
	Met     string `json:"met"` // met, not met, or not measured
	Detail  string `json:"detail,omitempty"`
}

// Verdicts in words.
const (
	met         = "met"
	notMet      = "**not met**"
	notMeasured = "not measured"
)

// judged makes a verdict from a value that must be at least (or at most) the limit.
func (v verdict) judged(value *spread, ok func(float64) bool, write func(float64) string) verdict {
	if value == nil {
		v.Met = notMeasured
		return v
	}
	v.Met = notMet
	if ok(value.Median) {
		v.Met = met
	}
	v.Got = write(value.Median)
	if value.Min != value.Max {
		v.Got += fmt.Sprintf(" (%s to %s)", write(value.Min), write(value.Max))
	}
	return v
}

func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }
func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }

// times is how often slower one program is than another in one piece of work: the median of the ratios of the rounds.
func (r *report) times(suite, format, way, work, slow, fast string) *spread {
	m := r.find(suite, format, way, work)
	if m == nil {
		return nil
	}
	a, b := m.entry(slow), m.entry(fast)
	if a == nil || b == nil {
		return nil
	}
	ratios := paired(a.Seconds, b.Seconds)
	if len(ratios) == 0 {
		return nil
	}
	s := spreadOf(ratios)
	return &s
}

// verdicts goes through the targets, in the order of the plan.
func verdicts(r *report) []verdict {
	var all []verdict
	faster := func(work, against string, limit float64, ratio *spread) {
		v := verdict{Work: work, Against: against, Target: fmt.Sprintf("%gx faster or better", limit)}
		all = append(all, v.judged(ratio, atLeast(limit), writeTimes))
	}
	files := func(format string) int { return r.Sizes.shape(format).files }
	faster(fmt.Sprintf("selective by a key, %d Parquet files", files("parquet")), "DuckDB glob, warm", 30,
		r.times("many", "parquet", "warm", workKey, "duckdb", tarnLabel))
	for _, format := range textFormats {
		faster(fmt.Sprintf("selective by a key, %d %s files, not cached", files(format), formatNames[format]), "DuckDB glob, warm", 100,
			r.times("many", format, "warm", workKey, "duckdb", tarnRaw))
	}
	for _, format := range textFormats {
		name := fmt.Sprintf("aggregate over one %s of %s", formatNames[format], r.size("one-make", format))
		v := verdict{Work: name + ", first query of a new process", Against: "DuckDB command line", Target: "at most 1x its time"}
		all = append(all, v.judged(r.times("one", format, "cold", workAggregate, tarnLabel, "duckdb"), atMost(1), writeTimes))
		var cached *spread
		if r.cached("one", format) {
			cached = r.times("one", format, "warm", workAggregate, "duckdb", tarnLabel)
		}
		faster(name+", cached", "DuckDB, warm", 10, cached)
		faster("count(*) on that "+formatNames[format]+", not cached", "DuckDB, warm", 100, r.times("one", format, "warm", workCount, "duckdb", tarnRaw))
	}
	all = append(all, r.tpchVerdicts()...)
	all = append(all, r.absoluteVerdicts()...)
	return append(all, r.wireVerdicts()...)
}

var (
	textFormats = []string{"csv", "json"}
	formatNames = map[string]string{"parquet": "Parquet", "csv": "CSV", "json": "NDJSON", "none": "-"}
)

// tpchVerdicts are about the sums of the 22 queries.
func (r *report) tpchVerdicts() (all []verdict) {
	name := fmt.Sprintf("TPC-H, scale factor %g, over ", r.Sizes.Factor)
	for _, c := range []struct {
		how   string
		ratio func(*sum) *spread
	}{{"", ofWarm}, {asTheyStand, ofRaw}} {
		var duck *spread
		if s := r.sum("parquet", "duckdb"); s != nil && c.ratio(s) != nil {
			duck = &spread{1 / c.ratio(s).Median, 1 / c.ratio(s).Max, 1 / c.ratio(s).Min}
		}
		v := verdict{Work: name + "Parquet, sum, warm" + c.how, Against: "DuckDB", Target: "at most 1.03x its time"}
		all = append(all, v.judged(duck, atMost(1.03), func(f float64) string { return fmt.Sprintf("%.3fx", f) }))
	}
	for _, format := range formats {
		without, target, limit := "", "8x faster or better", 8.0
		if format == "parquet" {
			without, target, limit = "duckdb", "ahead of all", 1
		}
		best, detail := r.bestPeer(format, without, ofWarm)
		if format != "parquet" && !r.cached("tpch", format) {
			best, detail = nil, "no cache was built"
		}
		v := verdict{Work: name + formatNames[format] + ", sum, warm", Against: "best other peer", Target: target, Detail: detail}
		if format != "parquet" {
			v.Against = "best peer"
		}
		ahead := atLeast(limit)
		if format == "parquet" {
			ahead = func(f float64) bool { return f > 1 }
		}
		all = append(all, v.judged(best, ahead, writeTimes))
		if format == "parquet" {
			v.Work += asTheyStand
			best, v.Detail = r.bestPeer(format, without, ofRaw)
			all = append(all, v.judged(best, ahead, writeTimes))
		}
	}
	return all
}

// asTheyStand is what Tarn does before it has copies of large Parquet files, or without.
const asTheyStand = ", files as they stand"

func ofWarm(s *sum) *spread { return s.Ratio }
func ofRaw(s *sum) *spread  { return s.Raw }

// sum returns a program's warm sum.
func (r *report) sum(format, program string) *sum {
	for i, s := range r.Sums {
		if s.Suite == "tpch" && s.Format == format && s.Way == "warm" && s.Program == program {
			return &r.Sums[i]
		}
	}
	return nil
}

// cached reports whether the cache of a suite's text was built.
func (r *report) cached(suite, format string) bool {
	m := r.find(suite+"-make", format, "cold", makings[2])
	return m != nil && m.Entries[0].Failure == ""
}

// bestPeer is the fastest by what it answered rightly; one that did not answer all is named, not hidden.
func (r *report) bestPeer(format, without string, ratio func(*sum) *spread) (best *spread, detail string) {
	for _, peer := range pythonPeers {
		s := r.sum(format, peer)
		if peer == without || s == nil || ratio(s) == nil {
			continue
		}
		if best == nil || ratio(s).Median < best.Median {
			best, detail = ratio(s), fmt.Sprintf("%s, %d of %d queries answered rightly", peer, s.Answered, s.Of)
		}
	}
	return best, detail
}

// absoluteVerdicts are about times that anyone may hold a watch to.
func (r *report) absoluteVerdicts() (all []verdict) {
	for _, c := range []struct{ suite, format, name string }{
		{"many", "parquet", "a repeated dashboard query over many Parquet files"},
		{"one", "csv", "a repeated dashboard query over one CSV"},
	} {
		v := verdict{Work: c.name, Against: "DuckDB", Target: "under 2 ms"}
		if ratio := r.times(c.suite, c.format, "repeated", workDashboard, "duckdb", tarnLabel); ratio != nil {
			v.Detail = writeTimes(ratio.Median) + " faster than DuckDB"
		}
		all = append(all, v.judged(r.took(c.suite, c.format, "repeated", workDashboard), func(f float64) bool { return f < 0.002 }, writeSeconds))
	}
	v := verdict{Work: "aggregate over one Parquet, what Tarn adds", Against: "DuckDB, warm", Target: "at most 3 ms and 5 %"}
	all = append(all, v.judged(r.added(), atMost(0), func(f float64) string {
		return fmt.Sprintf("%+.1f ms of that bound", f*1000)
	}))
	v = verdict{Work: "opening a crawled lake and `SELECT 1`", Against: "-", Target: "under 60 ms"}
	return append(all, v.judged(r.took("start", "none", "cold", "select 1"), func(f float64) bool { return f < 0.06 }, writeSeconds))
}

// added is by how much Tarn is above 1.05 times DuckDB's time and 3 ms, round by round.
func (r *report) added() *spread {
	m := r.find("one", "parquet", "warm", workAggregate)
	if m == nil || m.entry("duckdb") == nil || m.entry(tarnLabel) == nil {
		return nil
	}
	duck, tarn := m.entry("duckdb").Seconds, m.entry(tarnLabel).Seconds
	var above []float64
	for i := range min(len(duck), len(tarn)) {
		above = append(above, tarn[i]-1.05*duck[i]-0.003)
	}
	if len(above) == 0 {
		return nil
	}
	s := spreadOf(above)
	return &s
}

// took is Tarn's time.
func (r *report) took(suite, format, way, work string) *spread {
	m := r.find(suite, format, way, work)
	if m == nil || m.entry(tarnLabel) == nil || len(m.entry(tarnLabel).Seconds) == 0 {
		return nil
	}
	return &m.entry(tarnLabel).Took
}

// wireVerdicts are about rows per second.
func (r *report) wireVerdicts() (all []verdict) {
	for _, c := range []struct{ how, tarn string }{{"", tarnLabel}, {asTheyStand, tarnRaw}} {
		for _, program := range []string{pgSelect, pgCopy} {
			v := verdict{Work: "wire, text, 14 columns" + c.how, Against: program, Target: "3x rows per second"}
			all = append(all, v.judged(r.times("wire", "parquet", "warm", wireWork(14, "text"), program, c.tarn), atLeast(3), writeTimes))
		}
	}
	v := verdict{Work: "wire, binary, 6 columns", Against: "-", Target: "5 M rows/s or better"}
	var rate *spread
	if took := r.took("wire", "parquet", "warm", wireWork(6, "binary")); took != nil {
		rows := float64(r.Sizes.WireRows)
		rate = &spread{rows / took.Median, rows / took.Max, rows / took.Min}
	}
	return append(all, v.judged(rate, atLeast(5e6), writeRate))
}

// size is how many bytes the data of a suite has, in words.
func (r *report) size(suite, format string) string {
	if m := r.find(suite, format, "cold", "crawl"); m != nil {
		return fmt.Sprintf("%.0f MB", float64(m.Bytes)/1e6)
	}
	return "unknown size"
}

// writeTimes writes a ratio with three digits.
func writeTimes(f float64) string { return digits(f) + "x" }

// writeRate writes rows per second.
func writeRate(f float64) string {
	if f < 1e6 {
		return digits(f/1e3) + " k rows/s"
	}
	return digits(f/1e6) + " M rows/s"
}

// writeSeconds writes a time in the unit that suits it.
func writeSeconds(s float64) string {
	scale, unit := unitOf(s)
	return digits(s*scale) + " " + unit
}

// unitOf is the unit that suits a time, and how many of it are a second.
func unitOf(s float64) (scale float64, unit string) {
	switch {
	case s < 0.9995e-3:
		return 1e6, "µs"
	case s < 0.9995:
		return 1e3, "ms"
	}
	return 1, "s"
}

// digits writes a number with three digits or more, without zeros that say nothing.
func digits(f float64) string {
	if f == 0 {
		return "0"
	}
	if whole := math.Round(f); math.Abs(f-whole) < 1e-9*math.Abs(f) {
		return fmt.Sprintf("%.0f", whole)
	}
	rounded, err := strconv.ParseFloat(fmt.Sprintf("%.2e", f), 64)
	if err != nil {
		return fmt.Sprint(f) // NaN and infinities
	}
	places := max(0, 2-int(math.Floor(math.Log10(math.Abs(rounded)))))
	return fmt.Sprintf("%.*f", places, f)
}
