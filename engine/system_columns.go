package engine

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// columnReasons returns what the catalog says about the columns of a table, by their names.
func columnReasons(t *catalog.Table) map[string]catalog.Explanation {
	out := map[string]catalog.Explanation{}
	for _, e := range t.Explain() {
		if name, ok := strings.CutPrefix(e.Subject, "column "); ok {
			out[name] = e
		}
	}
	return out
}

// newColumnRow describes column i of a table with what is known of it over all files.
func newColumnRow(t *catalog.Table, i int, reasons map[string]catalog.Explanation) columnRow {
	c := t.Columns[i]
	why := reasons[c.Name]
	row := columnRow{TableSchema: t.Schema, TableName: t.Name, ColumnName: c.Name, OrdinalPosition: int64(i + 1), DataType: c.Type.String(),
		IsPartition: c.Partition, NullCount: nullCount(t, c), Reason: given(why.Reason)}
	if why.Line > 0 {
		row.Proof = given(fmt.Sprintf("%s:%d", why.Path, why.Line))
	}
	var b bounds
	if c.Partition {
		b = partitionBounds(t, c)
	} else {
		b = columnBounds(t, c, i)
	}
	row.Distinct = given(b.distinct)
	if b.known && !b.failed {
		row.Min, row.Max = &b.min, &b.max
	}
	return row
}

// bounds are the least and the greatest value of a column over some files.
type bounds struct {
	kind     sqltype.Kind
	known    bool
	failed   bool // a file does not tell its bounds, or not so that they can be compared
	min, max string
	distinct int64
}

// add takes in the bounds of one more file.
func (b *bounds) add(low, high string) {
	if !b.known {
		b.known, b.min, b.max = true, low, high
	}
	less, ok := lessThan(b.kind, low, b.min)
	more, ok2 := lessThan(b.kind, b.max, high)
	b.failed = b.failed || !ok || !ok2
	if less {
		b.min = low
	}
	if more {
		b.max = high
	}
}

// columnBounds takes a column's statistics of all files together. How many different values several files have is guessed:
// as many as there are values if nearly each value is another in its file, else as many as the richest file has.
func columnBounds(t *catalog.Table, c catalog.Column, at int) bounds {
	b := bounds{kind: c.Type.Kind}
	var sum, most, rows int64
	for _, f := range t.Files {
		own := columnIn(f, c.Name, at)
		if own == nil || own.Stats.Nulls == f.Rows {
			continue
		}
		s := own.Stats
		if s.HasMinMax && orderOf(own.Type.Kind) == orderOf(c.Type.Kind) {
			b.add(s.Min, s.Max)
		} else {
			b.failed = true
		}
		sum, most, rows = sum+s.Distinct, max(most, s.Distinct), rows+f.Rows-max(s.Nulls, 0)
		if s.Distinct == 0 {
			rows = -1 << 62 // not known, and so it stays
		}
	}
	switch {
	case rows <= 0:
	case sum*10 >= rows*9:
		b.distinct = sum
	default:
		b.distinct = most
	}
	return b
}

// columnIn returns a file's column of a name, or nil; at is where it most likely stands.
func columnIn(f *catalog.File, name string, at int) *infer.Column {
	if at < len(f.Columns) && f.Columns[at].Name == name {
		return &f.Columns[at]
	}
	for i := range f.Columns {
		if strings.EqualFold(f.Columns[i].Name, name) {
			return &f.Columns[i]
		}
	}
	return nil
}

// partitionBounds looks through the values in the paths.
func partitionBounds(t *catalog.Table, c catalog.Column) bounds {
	b := bounds{kind: c.Type.Kind}
	values := map[string]bool{}
	for _, f := range t.Files {
		for _, p := range f.Partition {
			if strings.EqualFold(p.Key, c.Name) && !p.Null && !values[p.Value] {
				values[p.Value] = true
				b.add(p.Value, p.Value)
			}
		}
	}
	b.distinct = int64(len(values))
	return b
}

// order is how the values of a type are compared.
type order uint8

const (
	byNothing order = iota
	byNumber
	byText
	byTime
)

// orderOf returns the order of a kind's values as texts.
func orderOf(k sqltype.Kind) order {
	switch k {
	case sqltype.TinyInt, sqltype.SmallInt, sqltype.Integer, sqltype.BigInt, sqltype.HugeInt, sqltype.UTinyInt, sqltype.USmallInt,
		sqltype.UInteger, sqltype.UBigInt, sqltype.UHugeInt, sqltype.Float, sqltype.Double, sqltype.Decimal:
		return byNumber
	case sqltype.Varchar, sqltype.Boolean, sqltype.UUID:
		return byText
	case sqltype.Date, sqltype.Time, sqltype.TimeNS, sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp, sqltype.TimestampNS,
		sqltype.TimestampTZ:
		return byTime
	}
	return byNothing
}

// lessThan compares two values of a kind; ok is false if they cannot be compared as texts.
func lessThan(k sqltype.Kind, a, b string) (less, ok bool) {
	switch orderOf(k) {
	case byNumber:
		if x, err := strconv.ParseInt(a, 10, 64); err == nil {
			if y, err := strconv.ParseInt(b, 10, 64); err == nil {
				return x < y, true
			}
		}
		x, okX := new(big.Rat).SetString(a)
		y, okY := new(big.Rat).SetString(b)
		return okX && okY && x.Cmp(y) < 0, okX && okY
	case byText:
		return a < b, true
	case byTime: // ISO 8601 sorts as text while the parts are equally wide
		return a < b, plainTime(a) && plainTime(b) && zoneOf(a) == zoneOf(b)
	}
	return false, false
}

// plainTime reports whether a time is spelled with a year of four digits, or is a time of day.
func plainTime(s string) bool {
	return len(s) >= 8 && (s[4] == '-' || s[2] == ':') && s[0] >= '0' && s[0] <= '9'
}

// zoneOf is what stands behind a time of day.
func zoneOf(s string) string {
	if i := strings.LastIndexAny(s, "+Z"); i >= 0 {
		return s[i:]
	}
	if i := strings.LastIndexByte(s, '-'); i > 10 {
		return s[i:]
	}
	return ""
}

// nullCount adds up a column's NULLs over all files; nil if a file does not tell.
func nullCount(t *catalog.Table, c catalog.Column) *int64 {
	var n int64
	for _, f := range t.Files {
		found := c.Partition
		for _, p := range f.Partition {
			if c.Partition && strings.EqualFold(p.Key, c.Name) && p.Null {
				found = false
			}
		}
		for _, own := range f.Columns {
			if !c.Partition && strings.EqualFold(own.Name, c.Name) {
				turned := c.Type.Kind == sqltype.Varchar && own.Type.Kind != sqltype.Varchar // words that were NULL are text
				if own.Stats.Nulls < 0 || turned && f.CSV != nil && (spellsNull(f) || own.Text != nil) {
					return nil
				}
				n, found = n+own.Stats.Nulls, true
			}
		}
		if !found { // the file lacks the column: every row is NULL
			if f.Rows < 0 {
				return nil
			}
			n += f.Rows
		}
	}
	return &n
}
