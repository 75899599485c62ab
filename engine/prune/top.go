package prune

import (
	"slices"

	"tarn/catalog"
)

// batch is rows of one file, none of which is behind last in the order of a Top.
type batch struct {
	last Value
	rows int64
}

// keeps tells which files may have one of the top rows. The bounds of a file say where all its rows are at the latest. Where
// the files together have rows enough up to a threshold, one whose first row is behind the threshold is not needed.
func (top *Top) keeps(t *catalog.Table, stats *statistics, outcome []truth) func(int) bool {
	everything := func(int) bool { return true }
	ranges, ok := stats.of(top.Column)
	if !ok || len(top.Column.Steps) > 0 || top.Rows <= 0 {
		return everything
	}
	var batches []batch
	nullRows := int64(0)
	for i := range ranges {
		values, nulls := ranges[i].rows(sureRows(t.Files[i], outcome[i]))
		nullRows += nulls
		if values > 0 && ranges[i].known {
			batches = append(batches, batch{top.latest(&ranges[i]), values})
		}
	}
	missing := top.Rows
	if top.NullsFirst {
		if missing -= nullRows; missing <= 0 {
			return func(i int) bool { return ranges[i].nulls != noNull }
		}
	}
	slices.SortFunc(batches, func(a, b batch) int { return top.order(a.last, b.last) })
	for _, b := range batches {
		if missing -= b.rows; missing > 0 {
			continue
		}
		return func(i int) bool {
			r := &ranges[i]
			switch {
			case r.nulls == allNull:
				return top.NullsFirst
			case top.NullsFirst && r.nulls != noNull, !r.known, r.lo.in != b.last.in:
				return true
			}
			return top.order(top.earliest(r), b.last) <= 0
		}
	}
	return everything
}

// rows divides the rows of a file into those that certainly have values and those that certainly are NULL.
func (r *Range) rows(all int64) (values, nulls int64) {
	switch {
	case r.nulls == noNull:
		return all, 0
	case r.nulls == allNull:
		return 0, all
	case r.count < 0 || r.count > all:
		return 0, 0
	}
	return all - r.count, r.count
}

// order compares values as the Top orders them.
func (top *Top) order(a, b Value) int {
	if top.Descending {
		return b.compare(a)
	}
	return a.compare(b)
}

func (top *Top) earliest(r *Range) Value {
	if top.Descending {
		return r.hi
	}
	return r.lo
}

func (top *Top) latest(r *Range) Value {
	if top.Descending {
		return r.lo
	}
	return r.hi
}
