package engine

import (
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// ownColumn returns the column of a file that a column of the table shows; missing if it has none, and ok is false if two may be.
func ownColumn(f *catalog.File, name string) (c *infer.Column, missing, ok bool) {
	for i := range f.Columns {
		if strings.EqualFold(f.Columns[i].Name, name) {
			if c != nil {
				return nil, false, false
			}
			c = &f.Columns[i]
		}
	}
	return c, c == nil, true
}

// valuesIn returns how many rows of a file have a value in a column of the table; ok is false if that is not certain.
func valuesIn(f *catalog.File, c catalog.Column) (n int64, ok bool) {
	own, missing, ok := ownColumn(f, c.Name)
	if missing || !ok {
		return 0, ok
	}
	if own.Stats.Nulls < 0 || own.Stats.Nulls > f.Rows || !scalar(c.Type) || !settled(own.Text) {
		return 0, false
	}
	if k := own.Type.Kind; own.Stats.Nulls == f.Rows && (k == sqltype.Varchar || k == sqltype.Null) {
		return 0, true // what is NULL in text is so in every type
	}
	if !scalar(own.Type) {
		return 0, false
	}
	if f.Kind.Format == storage.CSV && (own.Type.Kind == sqltype.Varchar) != (c.Type.Kind == sqltype.Varchar) {
		return 0, false // words that mean NULL in one type are text in the other
	}
	return f.Rows - own.Stats.Nulls, true
}

// scalar reports whether a type is one for which every reader agrees what NULL is: JSON has a null of its own.
func scalar(t sqltype.Type) bool {
	return t.Kind > sqltype.Null && t.Kind < sqltype.Enum && t.Kind != sqltype.JSON
}

// settled reports whether it is decided which cells of a column are NULL, and not by the user.
func settled(form *infer.TextForm) bool {
	return form == nil || form.Doubt != infer.NullDoubt && form.Pinned == "" && !strings.HasPrefix(form.Layout, "?")
}

// boundIn returns a file's least or greatest value of a column of the table, as text that a cast to its type reads, or partNull
// if there is none; ok is false if it is not certain that the files' reader gives the same.
func boundIn(f *catalog.File, c catalog.Column, least bool) (value string, ok bool) {
	own, missing, ok := ownColumn(f, c.Name)
	switch {
	case !ok:
		return "", false
	case missing:
		return partNull, true
	case own.Stats.Nulls == f.Rows:
		_, ok := valuesIn(f, c)
		return partNull, ok
	case !own.Stats.HasMinMax || !own.Text.Plain() || !settled(own.Text):
		return "", false
	}
	if value = own.Stats.Max; least {
		value = own.Stats.Min
	}
	return exactText(f.Kind.Format, own.Type, c.Type, value)
}

// exactText returns the text from which a cast to the table's type makes what the file's reader makes of the value; ok is false
// where that, or that order is kept, is not certain.
func exactText(format storage.Format, from, to sqltype.Type, value string) (text string, ok bool) {
	switch {
	case from.Equal(to):
		return value, exactKind(format, to.Kind, value)
	case isInteger(from.Kind) && (isInteger(to.Kind) || to.Kind == sqltype.HugeInt || to.Kind == sqltype.Decimal):
		return value, true
	case to.Kind == sqltype.Double && (isInteger(from.Kind) || from.Kind == sqltype.Decimal && format != storage.Parquet):
		n, err := strconv.ParseFloat(value, 64)
		return value, err == nil && n != 0
	case from.Kind == sqltype.Date && to.Kind == sqltype.Timestamp:
		return value, true
	case from.Kind == sqltype.Decimal && to.Kind == sqltype.Decimal && to.Scale >= from.Scale:
		return value, true
	case from.Kind == sqltype.Float && to.Kind == sqltype.Double:
		narrow, err := strconv.ParseFloat(value, 32)
		return strconv.FormatFloat(narrow, 'g', -1, 64), err == nil && narrow != 0
	}
	return "", false
}

func isInteger(k sqltype.Kind) bool {
	return k >= sqltype.TinyInt && k <= sqltype.BigInt || k >= sqltype.UTinyInt && k <= sqltype.UBigInt
}

// exactKind reports whether statistics of a type tell the very value. Those of zero as a floating-point number may hide its sign,
// and those of Parquet's byte strings may be cut short without saying so.
func exactKind(format storage.Format, k sqltype.Kind, value string) bool {
	switch k {
	case sqltype.Boolean, sqltype.HugeInt, sqltype.Decimal, sqltype.UUID, sqltype.Date, sqltype.Time, sqltype.TimeNS, sqltype.Timestamp, sqltype.TimestampNS:
		return true
	case sqltype.TimestampTZ: // Parquet's nanoseconds before 1970 may be rounded either way
		return format != storage.Parquet || value >= "1970"
	case sqltype.Varchar:
		return format != storage.Parquet
	case sqltype.Float, sqltype.Double:
		n, err := strconv.ParseFloat(value, 64)
		return err == nil && n != 0
	}
	return isInteger(k)
}
