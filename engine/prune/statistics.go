package prune

import (
	"runtime"
	"strings"
	"sync"
	"weak"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// Range is what is known of a column within one file.
type Range struct {
	lo, hi Value // if known: bounds of all values that are not NULL
	known  bool
	nulls  nulls
	count  int64 // of NULLs, if nulls is someNull; -1 if it is not known
}

// nulls says which rows are NULL.
type nulls uint8

const (
	someNull nulls = iota // not known, or some
	noNull
	allNull
)

var unknownRange = Range{nulls: someNull, count: -1}

// statistics are the ranges of a table's columns, made when they are first asked for.
type statistics struct {
	table func() *catalog.Table // nil once the table is gone

	mu     sync.Mutex
	ranges map[string][]Range // by column
}

// known holds the statistics of the tables that are in use: they go when their table does.
var known sync.Map // of weak.Pointer[catalog.Table] to *statistics

// statisticsOf returns the statistics of a table. The text of bounds is parsed once for a table, not for each statement.
func statisticsOf(t *catalog.Table) *statistics {
	key := weak.Make(t)
	if s, ok := known.Load(key); ok {
		return s.(*statistics)
	}
	s, loaded := known.LoadOrStore(key, &statistics{table: key.Value, ranges: map[string][]Range{}})
	if !loaded {
		runtime.AddCleanup(t, func(k weak.Pointer[catalog.Table]) { known.Delete(k) }, key)
	}
	return s.(*statistics)
}

// pathColumn is the hidden column that holds a row's file.
const pathColumn = "_file"

// of returns the ranges of a term's column, one for each file. It is false if the table has no such column.
func (s *statistics) of(term Term) ([]Range, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table()
	column, ok := columnOf(t, term.Column)
	if !ok || !column.Type.Equal(term.Type) {
		return nil, false
	}
	if r, ok := s.ranges[term.Column]; ok {
		return r, true
	}
	out := make([]Range, len(t.Files))
	for i, f := range t.Files {
		switch {
		case column.Name == pathColumn && column.Partition:
			out[i] = Range{lo: Text(f.Path), hi: Text(f.Path), known: true, nulls: noNull}
		case column.Partition:
			out[i] = partitionRange(f, column)
		default:
			out[i] = fileRange(f, column)
		}
	}
	s.ranges[term.Column] = out
	return out, true
}

// columnOf finds a column by its name; _file counts as one that comes from the path.
func columnOf(t *catalog.Table, name string) (catalog.Column, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	if name == pathColumn {
		return catalog.Column{Name: pathColumn, Type: sqltype.Of(sqltype.Varchar), Partition: true}, true
	}
	return catalog.Column{}, false
}

// partitionRange is the one value that all rows of a file have. A path that lacks the key means NULL.
func partitionRange(f *catalog.File, c catalog.Column) Range {
	out := Range{nulls: allNull}
	for _, p := range f.Partition {
		if strings.EqualFold(p.Key, c.Name) && !p.Null {
			v, ok := Parse(p.Value, c.Type)
			out = Range{lo: v, hi: v, known: ok, nulls: noNull}
		}
	}
	if out.nulls == noNull && !out.known {
		return unknownRange
	}
	return out
}

// fileRange is what the file's statistics say of a column. One that the file lacks is NULL in all its rows.
func fileRange(f *catalog.File, c catalog.Column) Range {
	var own *infer.Column
	folded := strings.ToLower(c.Name)
	for i := range f.Columns {
		if n := f.Columns[i].Name; n == c.Name || strings.ToLower(n) == folded {
			if own != nil {
				return unknownRange // two columns of one name
			}
			own = &f.Columns[i]
		}
	}
	if own == nil {
		return Range{nulls: allNull}
	}
	if own.Text != nil && (own.Text.Doubt != "" || own.Text.Keep || strings.HasPrefix(own.Text.Layout, "?")) {
		return unknownRange
	}
	step, ok := Step{}, true
	if same := own.Type.Equal(c.Type); !same {
		if step, ok = widening(own.Type, c.Type); !ok {
			return unknownRange
		}
	}
	out := Range{nulls: nullsOf(f, own), count: own.Stats.Nulls}
	if f.Rejected > 0 {
		out.count = -1
	}
	if !own.Stats.HasMinMax || domainOf(own.Type) == noDomain {
		return out
	}
	lo, ok1 := Parse(own.Stats.Min, own.Type)
	hi, ok2 := Parse(own.Stats.Max, own.Type)
	if !ok1 || !ok2 || lo.compare(hi) > 0 {
		return out
	}
	if f.Kind.Format == storage.Parquet && own.Type.Kind == sqltype.TimestampTZ {
		lo.n = lo.n.plus(-1) // the file may hold nanoseconds, which are cut in either direction
	}
	out.lo, out.hi, out.known = lo, hi, true
	if step.over != nil {
		out.lo, out.hi, out.known = step.over(lo, hi)
	}
	return out
}

// widening returns the step from a file's type to its table's, if each value has exactly one of the other type and none
// turns into NULL or fails.
func widening(from, to sqltype.Type) (Step, bool) {
	if to.Kind == sqltype.Varchar || from.Kind == sqltype.Boolean || from.Kind == sqltype.TimestampTZ || to.Kind == sqltype.TimestampTZ {
		return Step{}, false
	}
	return Cast(from, to)
}

// nullsOf says which rows of a file are NULL. What malformed rows held may be counted or not.
func nullsOf(f *catalog.File, c *infer.Column) nulls {
	switch n := c.Stats.Nulls; {
	case c.Type.IsNested() || c.Type.Kind == sqltype.JSON || c.Type.Kind == sqltype.Variant || f.Rejected > 0:
		return someNull
	case n == 0:
		return noNull
	case n > 0 && n == f.Rows && !c.Stats.HasMinMax:
		return allNull
	}
	return someNull
}
