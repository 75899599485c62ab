package prune

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"tarn/catalog/sqltype"
)

// family is how the values of a type are held and compared.
type family uint8

const (
	noFamily family = iota
	whole           // integers; decimals, dates and times as counts of their unit
	floating
	text
)

// familyOf returns the family of a type whose order is known.
func familyOf(k sqltype.Kind) family {
	switch k {
	case sqltype.Boolean, sqltype.TinyInt, sqltype.SmallInt, sqltype.Integer, sqltype.BigInt, sqltype.HugeInt,
		sqltype.UTinyInt, sqltype.USmallInt, sqltype.UInteger, sqltype.UBigInt, sqltype.UHugeInt, sqltype.Decimal, sqltype.Date, sqltype.Time, sqltype.TimeNS,
		sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp, sqltype.TimestampNS, sqltype.TimestampTZ:
		return whole
	case sqltype.Float, sqltype.Double:
		return floating
	case sqltype.Varchar, sqltype.UUID:
		return text
	}
	return noFamily
}

// Value is a constant of one type, or NULL. The zero Value is none.
type Value struct {
	Type  sqltype.Type
	null  bool
	small int64    // whole, if big is nil
	big   *big.Int // whole, beyond 64 bits
	float float64
	text  string
}

// NullOf returns NULL as a value of a type.
func NullOf(t sqltype.Type) Value { return Value{Type: t, null: true} }

// WholeOf returns a value of a type that counts: an integer, the digits of a decimal, the days of a date, the units of a time.
func WholeOf(t sqltype.Type, n *big.Int) Value {
	if n.IsInt64() {
		return Value{Type: t, small: n.Int64()}
	}
	return Value{Type: t, big: n}
}

// FloatOf returns a floating-point value.
func FloatOf(t sqltype.Type, f float64) Value { return Value{Type: t, float: f} }

// TextOf returns a text, or a UUID as it is written.
func TextOf(t sqltype.Type, s string) Value {
	if t.Kind == sqltype.UUID {
		s = strings.ToLower(s)
	}
	return Value{Type: t, text: s}
}

// String writes the value as SQL does.
func (v Value) String() string {
	switch {
	case v.null:
		return "NULL"
	case v.big != nil:
		return v.big.String()
	}
	switch familyOf(v.Type.Kind) {
	case floating:
		return strconv.FormatFloat(v.float, 'g', -1, 64)
	case text:
		return sqltype.QuoteText(v.text)
	}
	switch v.Type.Kind {
	case sqltype.Boolean:
		return strconv.FormatBool(v.small != 0)
	case sqltype.Decimal:
		return decimalText(v)
	case sqltype.Date:
		if at, ok := moment(v); ok {
			return at.Format("'2006-01-02'")
		}
	case sqltype.Timestamp, sqltype.TimestampS, sqltype.TimestampMS, sqltype.TimestampNS:
		if at, ok := moment(v); ok {
			return at.Format("'2006-01-02 15:04:05.999999999'")
		}
	case sqltype.TimestampTZ:
		if at := time.UnixMicro(v.small).UTC(); at.Year() >= 1 && at.Year() <= 9999 {
			return at.Format("'2006-01-02 15:04:05.999999+00'")
		}
	case sqltype.Time:
		return time.UnixMicro(v.small).UTC().Format("'15:04:05.999999'")
	}
	return strconv.FormatInt(v.small, 10)
}

// sameKind reports whether two values are of one type, but for the widths of integers.
func sameKind(a, b *sqltype.Type) bool {
	switch {
	case isInteger(a.Kind) && isInteger(b.Kind):
		return true
	case a.Kind == sqltype.Decimal && b.Kind == sqltype.Decimal:
		return a.Scale == b.Scale
	case familyOf(a.Kind) == floating && familyOf(b.Kind) == floating:
		return true
	}
	return a.Kind == b.Kind && familyOf(a.Kind) != noFamily
}

func isInteger(k sqltype.Kind) bool { return k >= sqltype.TinyInt && k <= sqltype.UHugeInt }

// compare orders two values of one kind. NaN is the greatest, as in DuckDB.
func compare(a, b *Value) int {
	switch familyOf(a.Type.Kind) {
	case floating:
		switch an, bn := math.IsNaN(a.float), math.IsNaN(b.float); {
		case an && bn:
			return 0
		case an:
			return 1
		case bn:
			return -1
		case a.float < b.float:
			return -1
		case a.float > b.float:
			return 1
		}
		return 0
	case text:
		return cmp.Compare(a.text, b.text)
	}
	if a.big == nil && b.big == nil {
		return cmp.Compare(a.small, b.small)
	}
	return a.wide().Cmp(b.wide())
}

// wide returns a whole value of any size.
func (v *Value) wide() *big.Int {
	if v.big != nil {
		return v.big
	}
	return big.NewInt(v.small)
}

// parse reads a bound as the catalog writes it, as a value of a type; false for what is no certain value of it.
func parse(s string, t sqltype.Type) (Value, bool) {
	switch {
	case t.Kind == sqltype.Boolean:
		if s != "true" && s != "false" {
			return Value{}, false
		}
		v := Value{Type: t}
		if s == "true" {
			v.small = 1
		}
		return v, true
	case isInteger(t.Kind):
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return Value{Type: t, small: n}, true
		}
		n, ok := new(big.Int).SetString(s, 10)
		return Value{Type: t, big: n}, ok
	case t.Kind == sqltype.Decimal:
		return parseDecimal(s, t)
	case familyOf(t.Kind) == floating:
		bits := 64
		if t.Kind == sqltype.Float {
			bits = 32
		}
		f, err := strconv.ParseFloat(s, bits)
		return FloatOf(t, f), err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	case familyOf(t.Kind) == text:
		return TextOf(t, s), true
	}
	return parseTime(s, t)
}

// parseDecimal reads a number as digits of a decimal, exactly.
func parseDecimal(s string, t sqltype.Type) (Value, bool) {
	head, fraction, _ := strings.Cut(s, ".")
	if len(fraction) > int(t.Scale) {
		if strings.Trim(fraction[t.Scale:], "0") != "" {
			return Value{}, false
		}
		fraction = fraction[:t.Scale]
	}
	digits := head + fraction + strings.Repeat("0", int(t.Scale)-len(fraction))
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return Value{}, false
	}
	return WholeOf(t, n), true
}

// unitOf returns how long the unit is in which DuckDB counts a type of time.
func unitOf(k sqltype.Kind) time.Duration {
	switch k {
	case sqltype.TimestampS:
		return time.Second
	case sqltype.TimestampMS:
		return time.Millisecond
	case sqltype.TimestampNS, sqltype.TimeNS:
		return time.Nanosecond
	case sqltype.Date:
		return 24 * time.Hour
	}
	return time.Microsecond
}

// parseTime reads a date, time or timestamp of the years 1 to 9999, which must be a whole number of the type's units.
func parseTime(s string, t sqltype.Type) (Value, bool) {
	layout := "2006-01-02 15:04:05.999999999"
	switch t.Kind {
	case sqltype.Date:
		layout = "2006-01-02"
	case sqltype.Time, sqltype.TimeNS:
		layout = "15:04:05.999999999"
	case sqltype.TimestampTZ:
		layout += "-07"
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		if t.Kind != sqltype.Timestamp && t.Kind != sqltype.TimestampNS && t.Kind != sqltype.TimestampS && t.Kind != sqltype.TimestampMS {
			return Value{}, false
		}
		if at, err = time.Parse("2006-01-02", s); err != nil { // the bound of a DATE
			return Value{}, false
		}
	}
	if t.Kind == sqltype.Time || t.Kind == sqltype.TimeNS {
		at = at.AddDate(1970-at.Year(), 0, 0)
	}
	unit := unitOf(t.Kind)
	n := new(big.Int).Mul(big.NewInt(at.Unix()), big.NewInt(int64(time.Second)))
	n.Add(n, big.NewInt(int64(at.Nanosecond())))
	n, rest := n.DivMod(n, big.NewInt(int64(unit)), new(big.Int))
	if rest.Sign() != 0 || !n.IsInt64() {
		return Value{}, false
	}
	return Value{Type: t, small: n.Int64()}, true
}
