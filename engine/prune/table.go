package prune

import (
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// table is a table with its statistics as values. Columns are read when a condition first names them, once.
type table struct {
	of      *catalog.Table
	mu      sync.Mutex
	columns map[string][]span // by the name in lower case: the span in each file
}

// file is one file of a table, as conditions look at it: one after the other, by one goroutine.
type file struct {
	in    *table
	at    int
	spans map[string][]span // of the columns that were looked at, as conditions spell them
}

// tables keeps what was read of tables, by their IDs: of each only the version that was last looked at.
var tables struct {
	mu sync.Mutex
	of map[int64]*table
}

// maxTables is how many tables are kept.
const maxTables = 256

// tableOf returns the table with what was read of it before.
func tableOf(t *catalog.Table) *table {
	tables.mu.Lock()
	defer tables.mu.Unlock()
	if known := tables.of[t.ID]; known != nil && known.of == t {
		return known
	}
	if tables.of == nil || len(tables.of) >= maxTables {
		tables.of = map[int64]*table{}
	}
	known := &table{of: t, columns: map[string][]span{}}
	tables.of[t.ID] = known
	return known
}

// pathColumn is the hidden column that holds the path of a row's file.
const pathColumn = "_file"

// column returns what is known of a column in the file.
func (f *file) column(name string) *span {
	s, ok := f.spans[name]
	if !ok {
		s = f.in.spans(name)
		f.spans[name] = s
	}
	return &s[f.at]
}

// spans returns what is known of a column, for each file.
func (t *table) spans(name string) []span {
	key := strings.ToLower(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, ok := t.columns[key]; ok {
		return s
	}
	s := t.read(key)
	t.columns[key] = s
	return s
}

// read reads the statistics of a column.
func (t *table) read(key string) []span {
	out := make([]span, len(t.of.Files))
	var column *catalog.Column
	for i := range t.of.Columns {
		if strings.ToLower(t.of.Columns[i].Name) == key {
			column = &t.of.Columns[i]
		}
	}
	for i, f := range t.of.Files {
		switch {
		case column == nil && key == pathColumn:
			path := TextOf(sqltype.Of(sqltype.Varchar), f.Path)
			out[i] = span{values: true, known: true, low: path, high: path}
		case column == nil:
			out[i] = nothingKnown
		case column.Partition:
			out[i] = partitionSpan(f, column)
		default:
			out[i] = fileSpan(f, column)
		}
	}
	return out
}

// partitionSpan is the one value that a file's path gives to all of its rows.
func partitionSpan(f *catalog.File, c *catalog.Column) span {
	for _, p := range f.Partition {
		if !strings.EqualFold(p.Key, c.Name) || p.Null {
			continue
		}
		out := span{values: true}
		if v, ok := parse(p.Value, c.Type); ok {
			out.known, out.low, out.high = true, v, v
		} else {
			out.nulls = true
		}
		if f.Rows > 0 {
			out.rows = f.Rows
		}
		return out
	}
	return span{nulls: true, nullsAt: f.Rows}
}

// fileSpan is what a file's statistics say of a column, in the type of the table.
func fileSpan(f *catalog.File, c *catalog.Column) span {
	var own *infer.Column
	for i := range f.Columns {
		if !strings.EqualFold(f.Columns[i].Name, c.Name) {
			continue
		}
		if own != nil { // which of the two is the table's?
			return nothingKnown
		}
		own = &f.Columns[i]
	}
	if own == nil {
		return span{nulls: true, nullsAt: f.Rows}
	}
	s := own.Stats
	out := span{nulls: s.Nulls != 0, values: s.Nulls < 0 || f.Rows < 0 || s.Nulls < f.Rows, nullsAt: s.Nulls}
	if !own.Type.Equal(c.Type) && !monotone(own.Type, c.Type) {
		return nothingKnown // the cast of the query may make NULLs, or another order
	}
	if s.Nulls >= 0 && f.Rows >= 0 {
		out.rows = f.Rows - s.Nulls
	}
	if !s.HasMinMax {
		return out
	}
	low, ok1 := bound(s.Min, own.Type, c.Type)
	high, ok2 := bound(s.Max, own.Type, c.Type)
	if ok1 && ok2 && compare(&low, &high) <= 0 {
		out.known, out.low, out.high = true, low, high
	}
	return out
}

// bound reads a bound of a file's column as a value of the table's type.
func bound(s string, from, to sqltype.Type) (Value, bool) {
	if familyOf(from.Kind) == noFamily || familyOf(to.Kind) == noFamily {
		return Value{}, false
	}
	v, ok := parse(s, from)
	if !ok || from.Equal(to) {
		return v, ok
	}
	return castValue(v, to)
}

// monotone reports whether a cast between types keeps NULL, values and their order.
func monotone(from, to sqltype.Type) bool {
	switch {
	case from.Kind == sqltype.Null: // all values are NULL
		return true
	case isInteger(from.Kind):
		return isInteger(to.Kind) || to.Kind == sqltype.Decimal || to.Kind == sqltype.Double
	case from.Kind == sqltype.Decimal:
		return to.Kind == sqltype.Decimal && to.Scale >= from.Scale
	case from.Kind == sqltype.Float:
		return to.Kind == sqltype.Double
	case from.Kind == sqltype.Date:
		return to.Kind == sqltype.Timestamp
	}
	return false
}
