package prune

import (
	"slices"

	"tarn/catalog"
)

// Scan is one reading of a table in a plan.
type Scan struct {
	Schema, Table string
	Filters       []Expr // that every row that is needed fulfils
	Limit         int64  // the first rows that suffice, in the order of the files; -1 for all. It holds only without Filters.
	Top           *Top   // the rows that suffice, if they are the first in an order; nil for all. It holds only without Filters.
}

// Top says that the first rows in the order of one column suffice.
type Top struct {
	Column     string
	Descending bool
	NullsFirst bool
	Rows       int64
}

// Outcome says which files of a table are to be read.
type Outcome struct {
	Files   []int    // ascending indexes into the table's files; there may be none
	Reasons []Reason // why the others are left out
}

// Reason is a condition that leaves files out.
type Reason struct {
	Condition string
	Files     int // that it is the first to leave out
}

// Cut returns the files that at least one of the scans needs. It is safe for concurrent use. It costs some 10 ns for each
// file and condition, and reads the statistics of a column when it first meets it.
func Cut(t *catalog.Table, scans []Scan) Outcome {
	in := tableOf(t)
	need := make([]bool, len(t.Files))
	var reasons []Reason
	for _, s := range scans {
		keep, why := in.cut(s)
		for i := range need {
			need[i] = need[i] || keep[i]
		}
		if len(scans) == 1 {
			reasons = why
		}
	}
	var out Outcome
	for i, n := range need {
		if n {
			out.Files = append(out.Files, i)
		}
	}
	if left := len(t.Files) - len(out.Files); left > 0 {
		out.Reasons = reasons
		if reasons == nil {
			out.Reasons = []Reason{{"the conditions of each of its scans", left}}
		}
	}
	return out
}

// cut decides for one scan.
func (t *table) cut(s Scan) (keep []bool, reasons []Reason) {
	keep = make([]bool, len(t.of.Files))
	for i := range keep {
		keep[i] = true
	}
	f := &file{in: t, spans: map[string][]span{}}
	for _, e := range s.Filters {
		r := Reason{Condition: e.String()}
		for i := range keep {
			f.at = i
			if keep[i] && e.can(f)&canTrue == 0 {
				keep[i] = false
				r.Files++
			}
		}
		if r.Files > 0 {
			reasons = append(reasons, r)
		}
	}
	if len(s.Filters) > 0 {
		return keep, reasons
	}
	before := count(keep)
	switch {
	case s.Top != nil:
		t.top(s.Top, keep)
		if n := before - count(keep); n > 0 {
			reasons = append(reasons, Reason{"ORDER BY " + s.Top.Column + " LIMIT", n})
		}
	case s.Limit >= 0:
		t.limit(s.Limit, keep)
		if n := before - count(keep); n > 0 {
			reasons = append(reasons, Reason{"LIMIT", n})
		}
	}
	return keep, reasons
}

func count(keep []bool) (n int) {
	for _, k := range keep {
		if k {
			n++
		}
	}
	return n
}

// limit keeps the first files that hold so many rows.
func (t *table) limit(rows int64, keep []bool) {
	for i, f := range t.of.Files {
		if rows <= 0 {
			keep[i] = false
			continue
		}
		rows -= max(0, f.Rows)
	}
}

// top keeps the files that can hold one of the first rows in an order: those whose best value is no worse than a value of which it
// is known that enough rows are as good. Files with NULLs count as the order puts those; files of which nothing is known are kept.
func (t *table) top(o *Top, keep []bool) {
	spans := t.spans(o.Column)
	type edge struct {
		worst Value // of the file's values
		rows  int64 // that are at least as good
	}
	var edges []edge
	var nulls int64 // rows that come before all values, for certain
	for _, s := range spans {
		if o.NullsFirst && s.nullsAt > 0 {
			nulls += s.nullsAt
		}
		if s.known && s.rows > 0 && s.nullsAt >= 0 {
			worst := s.high
			if o.Descending {
				worst = s.low
			}
			edges = append(edges, edge{worst, s.rows})
		}
	}
	better := func(a, b Value) bool {
		if o.Descending {
			return compare(&a, &b) > 0
		}
		return compare(&a, &b) < 0
	}
	slices.SortFunc(edges, func(a, b edge) int {
		switch {
		case better(a.worst, b.worst):
			return -1
		case better(b.worst, a.worst):
			return 1
		}
		return 0
	})
	enough := nulls
	var line *Value // no worse value is among the first rows
	for i := range edges {
		if enough += edges[i].rows; enough >= o.Rows {
			line = &edges[i].worst
			break
		}
	}
	sufficed := o.NullsFirst && nulls >= o.Rows // by NULLs alone
	for i, s := range spans {
		switch {
		case o.NullsFirst && s.nulls || line == nil && !sufficed:
		case sufficed || !s.values:
			keep[i] = false
		case s.known:
			best := s.low
			if o.Descending {
				best = s.high
			}
			keep[i] = keep[i] && !better(*line, best)
		}
	}
}
