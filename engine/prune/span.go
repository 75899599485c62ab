package prune

import (
	"strings"
	"time"

	"tarn/catalog/sqltype"
)

// span is what is known of a term's values in one file.
type span struct {
	nulls   bool // there may be NULLs
	values  bool // there may be values
	known   bool // low and high are the least and the greatest value
	low     Value
	high    Value
	rows    int64 // with values, at least; 0 if not known
	nullsAt int64 // how many NULLs; -1 if not known
}

// nothingKnown is the span of values that are not understood.
var nothingKnown = span{nulls: true, values: true, nullsAt: -1}

// compare returns what a comparison of the values with a constant can be.
func (r *span) compare(op Operator, c Value) truth {
	if !r.known || !sameKind(&r.low.Type, &c.Type) {
		return canTrue | canFalse
	}
	low, high := compare(&r.low, &c), compare(&r.high, &c)
	var yes, no bool
	switch op {
	case Equal:
		yes, no = low <= 0 && high >= 0, low != 0 || high != 0
	case Unequal:
		yes, no = low != 0 || high != 0, low <= 0 && high >= 0
	case Less:
		yes, no = low < 0, high >= 0
	case LessEqual:
		yes, no = low <= 0, high > 0
	case More:
		yes, no = high > 0, low <= 0
	case MoreEqual:
		yes, no = high >= 0, low < 0
	default:
		yes, no = true, true
	}
	var out truth
	if yes {
		out |= canTrue
	}
	if no {
		out |= canFalse
	}
	return out
}

// apply returns the span of the step's results.
func (s Step) apply(r span) span {
	out := span{nulls: r.nulls, values: r.values, nullsAt: -1}
	if !r.known {
		return out
	}
	low, ok1 := s.value(r.low)
	high, ok2 := s.value(r.high)
	if ok1 && ok2 {
		out.known, out.low, out.high = true, low, high
	}
	return out
}

// value applies the step to one value; it is false where that is not certain.
func (s Step) value(v Value) (Value, bool) {
	if s.Func == "cast" {
		return castValue(v, s.Type)
	}
	at, ok := moment(v)
	if !ok {
		return Value{}, false
	}
	if s.Func == "year" {
		return Value{Type: s.Type, small: int64(at.Year())}, true
	}
	unit, _ := strings.CutPrefix(s.Func, "date_trunc ")
	y, m, d := at.Date()
	switch unit {
	case "year":
		at = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	case "quarter":
		at = time.Date(y, m-(m-1)%3, 1, 0, 0, 0, 0, time.UTC)
	case "month":
		at = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	case "week":
		at = time.Date(y, m, d-(int(at.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	case "day":
		at = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case "hour":
		at = at.Truncate(time.Hour)
	case "minute":
		at = at.Truncate(time.Minute)
	default:
		return Value{}, false
	}
	return fromMoment(at, s.Type)
}

// moment returns a date or a timestamp without zone, if it is within the years 1 to 9999.
func moment(v Value) (time.Time, bool) {
	var at time.Time
	switch v.Type.Kind {
	case sqltype.Date:
		at = time.Unix(0, 0).UTC().AddDate(0, 0, int(min(max(v.small, -1e7), 1e7)))
	case sqltype.Timestamp:
		at = time.UnixMicro(v.small).UTC()
	case sqltype.TimestampS:
		at = time.Unix(v.small, 0).UTC()
	case sqltype.TimestampMS:
		at = time.UnixMilli(v.small).UTC()
	case sqltype.TimestampNS:
		at = time.Unix(0, v.small).UTC()
	default:
		return at, false
	}
	return at, at.Year() >= 1 && at.Year() <= 9999
}

// fromMoment returns a date or timestamp of a type.
func fromMoment(at time.Time, t sqltype.Type) (Value, bool) {
	v := Value{Type: t}
	switch t.Kind {
	case sqltype.Date:
		v.small = at.Unix() / 86400
		if at.Unix()%86400 < 0 {
			v.small--
		}
	case sqltype.Timestamp:
		v.small = at.UnixMicro()
	case sqltype.TimestampS:
		v.small = at.Unix()
	case sqltype.TimestampMS:
		v.small = at.UnixMilli()
	default:
		return v, false
	}
	return v, true
}

// castValue casts a value as DuckDB does, where that keeps the order and loses nothing but the time of day.
func castValue(v Value, t sqltype.Type) (Value, bool) {
	from := v.Type
	switch {
	case isInteger(from.Kind) && isInteger(t.Kind):
		v.Type = t // DuckDB fails where it does not fit
		return v, true
	case from.Kind == sqltype.Decimal && t.Kind == sqltype.Decimal && t.Scale >= from.Scale, isInteger(from.Kind) && t.Kind == sqltype.Decimal:
		return parseDecimal(decimalText(v), t)
	case from.Kind == sqltype.Float && t.Kind == sqltype.Double:
		v.Type = t
		return v, true
	case isInteger(from.Kind) && t.Kind == sqltype.Double && v.big == nil && v.small >= -1<<53 && v.small <= 1<<53:
		return FloatOf(t, float64(v.small)), true
	case from.Kind == sqltype.Date && t.Kind == sqltype.Timestamp, from.Kind == sqltype.Timestamp && t.Kind == sqltype.Date:
		at, ok := moment(v)
		if !ok {
			return Value{}, false
		}
		return fromMoment(at, t)
	case sameKind(&from, &t):
		return v, from.Equal(t)
	}
	return Value{}, false
}

// decimalText writes an integer or a decimal.
func decimalText(v Value) string {
	s := v.wide().String()
	if v.Type.Kind != sqltype.Decimal || v.Type.Scale == 0 {
		return s
	}
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	scale := int(v.Type.Scale)
	if len(s) <= scale {
		s = strings.Repeat("0", scale+1-len(s)) + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}
