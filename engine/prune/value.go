package prune

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"tarn/catalog/sqltype"
)

// domain is how values are kept and ordered.
type domain uint8

const (
	noDomain domain = iota
	whole           // integers of 128 bits: also decimals without their point, booleans, days, and units of time
	float           // FLOAT and DOUBLE, in DuckDB's order: NaN is above all else
	text            // bytes: VARCHAR, BLOB, and UUID as it is spelled
)

// Value is one value of an ordered type. Values of one type compare as DuckDB compares them.
type Value struct {
	in domain
	n  wide
	f  float64
	s  string

	kind  sqltype.Kind // only says how it is shown
	scale uint8
}

// As returns the value as one that is shown as of type t.
func (v Value) As(t sqltype.Type) Value {
	v.kind, v.scale = t.Kind, t.Scale
	return v
}

// Int returns the value of an integer, or of what is kept as one: an unscaled DECIMAL, days of a DATE, units of a TIME or
// TIMESTAMP, 0 or 1 of a BOOLEAN.
func Int(n int64) Value { return Value{in: whole, n: wideOf(n)} }

// Wide returns the value of a HUGEINT, or of a DECIMAL that is kept as one, from its two halves.
func Wide(upper int64, lower uint64) Value { return Value{in: whole, n: wide{upper, lower}} }

// Float returns the value of a FLOAT or DOUBLE.
func Float(f float64) Value { return Value{in: float, f: f} }

// Text returns the value of a VARCHAR, of a BLOB as its bytes, or of a UUID in lower case with its hyphens.
func Text(s string) Value { return Value{in: text, s: s} }

// compare orders two values of one domain.
func (v Value) compare(w Value) int {
	switch v.in {
	case whole:
		return v.n.compare(w.n)
	case float:
		return compareFloats(v.f, w.f)
	}
	return strings.Compare(v.s, w.s)
}

// compareFloats is DuckDB's order: NaN equals NaN and is greater than any other, and -0 equals 0.
func compareFloats(a, b float64) int {
	switch an, bn := math.IsNaN(a), math.IsNaN(b); {
	case an && bn:
		return 0
	case an:
		return 1
	case bn:
		return -1
	case a == b:
		return 0
	}
	return cmp.Compare(a, b)
}

// Parse reads the text of a value of type t as the catalog spells it. It is false for spellings of which it is not certain
// that DuckDB's cast reads the same value, and for types that have no order here.
func Parse(s string, t sqltype.Type) (Value, bool) {
	switch t.Kind {
	case sqltype.Boolean:
		return Int(int64(strings.Count(s, "true"))), s == "true" || s == "false"
	case sqltype.TinyInt, sqltype.SmallInt, sqltype.Integer, sqltype.BigInt, sqltype.HugeInt,
		sqltype.UTinyInt, sqltype.USmallInt, sqltype.UInteger, sqltype.UBigInt, sqltype.UHugeInt:
		n, ok := parseWide(s, 0)
		return Value{in: whole, n: n}, ok
	case sqltype.Decimal:
		n, ok := parseWide(s, int(t.Scale))
		return Value{in: whole, n: n}, ok
	case sqltype.Float:
		f, err := strconv.ParseFloat(s, 32)
		return Float(f), err == nil && plainFloat(s, f)
	case sqltype.Double:
		f, err := strconv.ParseFloat(s, 64)
		return Float(f), err == nil && plainFloat(s, f)
	case sqltype.Varchar:
		return Text(s), true
	case sqltype.Blob:
		return parseBlob(s)
	case sqltype.UUID:
		return parseUUID(s)
	}
	return parseTime(s, t.Kind)
}

// plainFloat excludes the words and spellings that Go knows besides decimal numbers.
func plainFloat(s string, f float64) bool {
	return !math.IsNaN(f) && !math.IsInf(f, 0) && strings.Trim(s, "0123456789+-.eE") == ""
}

// parseBlob reads bytes spelled as \xHH; other spellings are not used by the catalog.
func parseBlob(s string) (Value, bool) {
	if len(s)%4 != 0 {
		return Value{}, false
	}
	b := make([]byte, 0, len(s)/4)
	for i := 0; i < len(s); i += 4 {
		n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if s[i] != '\\' || s[i+1] != 'x' || err != nil {
			return Value{}, false
		}
		b = append(b, byte(n))
	}
	return Text(string(b)), true
}

// parseUUID accepts the canonical spelling, whose order is that of DuckDB's values.
func parseUUID(s string) (Value, bool) {
	s = strings.ToLower(s)
	if len(s) != 36 {
		return Value{}, false
	}
	for i := range len(s) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (s[i] == '-') || !hyphen && !strings.Contains("0123456789abcdef", s[i:i+1]) {
			return Value{}, false
		}
	}
	return Text(s), true
}

// unitsPerSecond is how fine each type of times is.
var unitsPerSecond = map[sqltype.Kind]int64{
	sqltype.Time: 1e6, sqltype.TimeNS: 1e9, sqltype.TimestampS: 1, sqltype.TimestampMS: 1e3, sqltype.Timestamp: 1e6,
	sqltype.TimestampNS: 1e9, sqltype.TimestampTZ: 1e6,
}

// parseTime reads dates of the years 1 to 9999 and times.
func parseTime(s string, k sqltype.Kind) (Value, bool) {
	layout := "2006-01-02 15:04:05"
	switch k {
	case sqltype.Date:
		layout = "2006-01-02"
	case sqltype.Time, sqltype.TimeNS:
		layout, s = "2006-01-02 15:04:05", "1970-01-01 "+s
	case sqltype.TimestampTZ:
		layout = "2006-01-02 15:04:05-07"
	case sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp, sqltype.TimestampNS:
		if len(s) == len("2006-01-02") {
			s += " 00:00:00"
		}
	default:
		return Value{}, false
	}
	at, err := time.Parse(layout, s)
	if err != nil || at.Year() < 1 || at.Year() > 9999 || strings.ContainsRune(s, ',') {
		return Value{}, false
	}
	if k == sqltype.Date {
		return Int(at.Unix() / secondsPerDay), true
	}
	units := unitsPerSecond[k]
	step := int64(1e9) / units
	if int64(at.Nanosecond())%step != 0 {
		return Value{}, false // a cast would round
	}
	n := wideOf(at.Unix()).times(units)
	n = n.plus(int64(at.Nanosecond()) / step)
	_, fits := n.int64()
	return Value{in: whole, n: n}, fits
}

const secondsPerDay = 86400

// domainOf says how values of a type are kept, noDomain if they have no order here.
func domainOf(t sqltype.Type) domain {
	switch k := t.Kind; {
	case k == sqltype.Boolean, k >= sqltype.TinyInt && k <= sqltype.UHugeInt, k == sqltype.Decimal, k == sqltype.Date,
		k == sqltype.Time, k >= sqltype.TimestampS && k <= sqltype.TimestampTZ:
		return whole
	case k == sqltype.Float, k == sqltype.Double:
		return float
	case k == sqltype.Varchar, k == sqltype.Blob, k == sqltype.UUID:
		return text
	}
	return noDomain
}
