package prune

import (
	"fmt"

	"tarn/catalog"
)

// Scan is what one reading of a table in a statement's plan needs.
type Scan struct {
	Schema, Table string
	Filter        Expr  // rows for which it is not true are not needed; nil: all rows are
	Top           *Top  // nil: not only the first rows of an order; then Limit is -1
	Limit         int64 // so many rows that the filter holds for suffice, the first in the order of the files; -1: all
}

// String spells the scan for tests and messages.
func (s Scan) String() string {
	out := s.Schema + "." + s.Table + ": "
	if s.Filter == nil {
		out += "all"
	} else {
		out += s.Filter.String()
	}
	if t := s.Top; t != nil {
		out += fmt.Sprintf(" TOP %d BY %s", t.Rows, t.Column)
		if t.Descending {
			out += " DESC"
		}
		if t.NullsFirst {
			out += " NULLS FIRST"
		}
	}
	if s.Limit >= 0 {
		out += fmt.Sprintf(" LIMIT %d", s.Limit)
	}
	return out
}

// Top says that of the rows that the filter holds for only the first in an order are needed, with those that tie.
type Top struct {
	Column     Term
	Descending bool
	NullsFirst bool
	Rows       int64
}

// Outcome is which files are to be read.
type Outcome struct {
	Files   []int    // indexes into the table's Files, ascending; may be empty
	Reasons []Reason // why the others are not
}

// Reason is a condition that leaves files out.
type Reason struct {
	Condition string
	Files     int // that it is the first to leave out
}

// Cut returns the files of t that the scans need together. With no scans, it needs all of them.
//
// It costs about 50 ns for each file and condition; the first statement on a version of a table parses the bounds of the
// columns it names, some 200 ns each. It is safe for concurrent use.
func Cut(t *catalog.Table, scans []Scan) Outcome {
	stats := statisticsOf(t)
	if len(scans) == 0 {
		scans = []Scan{{Limit: -1}}
	}
	needed := make([]bool, len(t.Files))
	var reasons []Reason
	for _, s := range scans {
		reasons = cutOne(t, stats, s, needed)
	}
	out := Outcome{Files: make([]int, 0, len(t.Files))}
	for i := range t.Files {
		if needed[i] {
			out.Files = append(out.Files, i)
		}
	}
	if left := len(t.Files) - len(out.Files); left == 0 {
		reasons = nil
	} else if len(scans) > 1 {
		reasons = []Reason{{"the conditions of each of its scans", left}}
	}
	out.Reasons = reasons
	return out
}

// cutOne marks the files that one scan needs, and says why it does not need the others.
func cutOne(t *catalog.Table, stats *statistics, s Scan, needed []bool) (reasons []Reason) {
	parts, _ := s.Filter.(And)
	if s.Filter != nil && parts == nil {
		parts = And{s.Filter}
	}
	outcome := make([]truth, len(t.Files))
	for i := range outcome {
		outcome[i] = canTrue
	}
	for _, e := range parts {
		condition, r := e.bind(stats), Reason{Condition: e.String()}
		for i, before := range outcome {
			if before == 0 {
				continue
			}
			now := condition.eval(i)
			if outcome[i] |= now; now&canTrue == 0 { // no row can fulfil all
				outcome[i] = 0
				r.Files++
			}
		}
		if r.Files > 0 {
			reasons = append(reasons, r)
		}
	}
	keep, r := func(int) bool { return true }, Reason{}
	switch {
	case s.Top != nil:
		keep, r.Condition = s.Top.keeps(t, stats, outcome), "ORDER BY "+s.Top.Column.String()+" LIMIT"
	case s.Limit >= 0:
		keep, r.Condition = firstRows(t, outcome, s.Limit), "LIMIT"
	}
	for i := range t.Files {
		switch {
		case outcome[i] == 0:
		case keep(i):
			needed[i] = true
		default:
			r.Files++
		}
	}
	if r.Files > 0 {
		reasons = append(reasons, r)
	}
	return reasons
}

// sureRows is how many rows of a file hold the condition for certain.
func sureRows(f *catalog.File, o truth) int64 {
	if o != canTrue || f.Rows < 0 {
		return 0
	}
	return f.Rows
}

// firstRows keeps the first files that are certain to have so many rows.
func firstRows(t *catalog.Table, outcome []truth, rows int64) func(int) bool {
	end := len(t.Files)
	for i, f := range t.Files {
		if rows <= 0 {
			end = i
			break
		}
		rows -= sureRows(f, outcome[i])
	}
	return func(i int) bool { return i < end }
}
