package engine

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// kept are the scalar types whose values come back from DuckDB's Parquet files as they were. FLOAT and DOUBLE keep everything but
// the sign of a negative zero beside a positive one; see floats.
var kept = map[sqltype.Kind]bool{
	sqltype.Boolean: true, sqltype.TinyInt: true, sqltype.SmallInt: true, sqltype.Integer: true, sqltype.BigInt: true,
	sqltype.UTinyInt: true, sqltype.USmallInt: true, sqltype.UInteger: true, sqltype.UBigInt: true, sqltype.Float: true,
	sqltype.Double: true, sqltype.Decimal: true, sqltype.Varchar: true, sqltype.JSON: true, sqltype.Blob: true, sqltype.UUID: true,
	sqltype.Date: true, sqltype.Time: true, sqltype.TimeNS: true, sqltype.Timestamp: true, sqltype.TimestampNS: true, sqltype.TimestampTZ: true,
}

// spelled are the scalar types that Parquet does not keep and whose text does: HUGEINT would become DOUBLE, an interval loses
// its microseconds.
var spelled = map[sqltype.Kind]bool{
	sqltype.Null: true, sqltype.HugeInt: true, sqltype.UHugeInt: true, sqltype.Bit: true, sqltype.BigNum: true, sqltype.TimeTZ: true,
	sqltype.TimestampS: true, sqltype.TimestampMS: true, sqltype.Interval: true, sqltype.Enum: true,
}

// copyType returns the type that a columnar copy has for values of t, such that a cast back gives the same values; ok is false if
// there is none. With text, floating numbers are kept as text.
func copyType(t sqltype.Type, text bool) (_ sqltype.Type, ok bool) {
	switch {
	case spelled[t.Kind], text && isFloat(t.Kind):
		return sqltype.Of(sqltype.Varchar), true
	case kept[t.Kind]:
		return t, true
	case t.Kind == sqltype.Array: // Parquet has lists of any length only
		elem, ok := copyType(t.Elem(), text)
		return sqltype.ListOf(elem), ok
	case t.Kind != sqltype.List && t.Kind != sqltype.Struct && t.Kind != sqltype.Map, len(t.Fields) == 0:
		return t, false
	}
	t.Fields = slices.Clone(t.Fields)
	for i, f := range t.Fields {
		if t.Fields[i].Type, ok = copyType(f.Type, text); !ok || t.Kind == sqltype.Struct && f.Name == "" {
			return t, false
		}
	}
	return t, true
}

func isFloat(k sqltype.Kind) bool { return k == sqltype.Float || k == sqltype.Double }

// holds reports whether t or a part of it is of a kind that is satisfies.
func holds(t sqltype.Type, is func(sqltype.Kind) bool) bool {
	return is(t.Kind) || slices.ContainsFunc(t.Fields, func(f sqltype.Field) bool { return holds(f.Type, is) })
}

// copyPrefix begins the names of the columns in copies: among the options of DuckDB's reader is one under which a filter on a column
// called filename finds no rows.
const copyPrefix = "c_"

// negativeZero is in the error of a copy that would lose the sign of a zero: the Parquet writer's dictionary takes both for one.
const negativeZero = "a negative zero is to be kept"

// writtenColumn returns the expression that a copy gets for a column. With text, floating numbers become text; else a negative zero
// among them is an error.
func writtenColumn(c catalog.Column, text bool) string {
	name, as := sqltype.QuoteName(c.Name), sqltype.QuoteName(copyPrefix+c.Name)
	to, _ := copyType(c.Type, text)
	expr := name
	if !to.Equal(c.Type) {
		expr = fmt.Sprintf("CAST(%s AS %s)", name, to)
	}
	zero := fmt.Sprintf("%s = 0 AND signbit(%[1]s)", name)
	switch {
	case text || !holds(c.Type, isFloat):
		return expr + " AS " + as
	case !isFloat(c.Type.Kind):
		zero = fmt.Sprintf("contains(CAST(%s AS VARCHAR), '-0.0')", name) // also the text "-0.0": then text is kept for nothing
	}
	return fmt.Sprintf("CASE WHEN %s THEN error(%s) ELSE %s END AS %s", zero, sqltype.QuoteText(negativeZero), expr, as)
}

// copiedColumn returns the expression that reads a column of the table from columnar copies. The casts cost nothing where the copy
// has the type.
func copiedColumn(c catalog.Column) string {
	name, from := sqltype.QuoteName(c.Name), sqltype.QuoteName(copyPrefix+c.Name)
	if to, _ := copyType(c.Type, true); to.Equal(c.Type) {
		return from + " AS " + name
	}
	return fmt.Sprintf("CAST(%s AS %s) AS %s", from, c.Type, name)
}

// uncopied returns why a file has no columnar copy, in words; empty if it may have one.
func uncopied(t *catalog.Table, f *catalog.File) string {
	switch {
	case f.Rows < 0:
		return "its number of rows is not known"
	}
	columns := copiedColumns(t, f)
	if len(columns) == 0 {
		return "it has no columns of its own"
	}
	for _, c := range columns {
		if _, ok := copyType(c.Type, false); !ok {
			return fmt.Sprintf("Parquet does not keep column %s of type %s", sqltype.QuoteName(c.Name), c.Type)
		}
		if why := unlikeFile(f, c); why != "" {
			return why
		}
		if holds(c.Type, isZoned) && !zonesInFile(f, c) {
			return fmt.Sprintf("column %s may depend on each session's time zone", sqltype.QuoteName(c.Name))
		}
	}
	return ""
}

// unlikeFile says that a column of a Parquet file would be of another type in its copy. How such values are cast may depend on the
// session, and text is slower than what the file has.
func unlikeFile(f *catalog.File, c catalog.Column) string {
	if isText(f) {
		return ""
	}
	if to, _ := copyType(c.Type, false); !to.Equal(c.Type) {
		return fmt.Sprintf("column %s is %s, which copies keep as text", sqltype.QuoteName(c.Name), c.Type)
	}
	for _, own := range f.Columns {
		if strings.EqualFold(own.Name, c.Name) && !own.Type.Equal(c.Type) {
			return fmt.Sprintf("column %s is %s in it and %s in the table", sqltype.QuoteName(c.Name), own.Type, c.Type)
		}
	}
	return ""
}

func isZoned(k sqltype.Kind) bool { return k == sqltype.TimestampTZ || k == sqltype.TimeTZ }

// zonesInFile reports whether every time of a column tells its zone. Inference makes sure of that, a type that was given does not.
func zonesInFile(f *catalog.File, c catalog.Column) bool {
	for _, own := range f.Columns {
		if strings.EqualFold(own.Name, c.Name) {
			return c.Pinned == "" && (own.Text == nil || own.Text.Pinned == "") && (own.Type.Equal(c.Type) || own.Type.Kind == sqltype.Null)
		}
	}
	return false
}

// copiedColumns returns the columns of the table that a file itself holds, in the table's order.
func copiedColumns(t *catalog.Table, f *catalog.File) []catalog.Column {
	own := make(map[string]bool, len(f.Columns))
	for _, c := range f.Columns {
		own[strings.ToLower(c.Name)] = true
	}
	var out []catalog.Column
	for _, c := range t.Columns {
		if !c.Partition && own[strings.ToLower(c.Name)] {
			out = append(out, c)
		}
	}
	return out
}
