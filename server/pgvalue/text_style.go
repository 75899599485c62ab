package pgvalue

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// styledCells returns what writes values of t where the session's style is not the default, or nil where it does not
// matter.
func styledCells(t sqltype.Type, style Style, f *faults) cells {
	switch t.Kind {
	case sqltype.Float, sqltype.Double:
		if style.FloatDigits != 0 {
			return roundedFloats(t.Kind, style.FloatDigits)
		}
	case sqltype.Blob:
		if style.EscapeBytes {
			return each(func(dst []byte, a *array.Binary, row int) []byte { return appendEscaped(dst, a.Value(row)) })
		}
	case sqltype.Interval:
		if style.Intervals != IntervalPostgres {
			return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte {
				return appendStyledInterval(dst, splitSpan(splitInterval(a.Value(row))), style.Intervals)
			})
		}
	}
	if style.Dates == DateISO {
		return nil
	}
	return styledDates(t, style, f)
}

func roundedFloats(k sqltype.Kind, digits int) cells {
	if k == sqltype.Double {
		return each(func(dst []byte, a *array.Float64, row int) []byte {
			return appendRounded(dst, a.Value(row), digits)
		})
	}
	digits = max(digits-9, 1) // FLT_DIG is 6 where DBL_DIG is 15
	return each(func(dst []byte, a *array.Float32, row int) []byte {
		return appendRounded(dst, float64(a.Value(row)), digits)
	})
}

func appendRounded(dst []byte, v float64, digits int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return cell.AppendFloat(dst, v, 64)
	}
	return strconv.AppendFloat(dst, v, 'g', digits, 64)
}

// appendEscaped appends bytes in the escape format (byteaout in PostgreSQL's varlena.c).
func appendEscaped(dst, b []byte) []byte {
	for _, c := range b {
		switch {
		case c == '\\':
			dst = append(dst, '\\', '\\')
		case c < 0x20 || c > 0x7e:
			dst = append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// styledDates returns nil for what is no date or timestamp.
func styledDates(t sqltype.Type, style Style, f *faults) cells {
	per := int64(1e6)
	switch t.Kind {
	case sqltype.Date:
		return each(func(dst []byte, a *array.Date32, row int) []byte {
			return style.appendDate(dst, cell.AppendDate(nil, int32(a.Value(row))))
		})
	case sqltype.TimestampTZ:
		return each(func(dst []byte, a *array.Timestamp, row int) []byte {
			return style.appendInstant(dst, int64(a.Value(row)))
		})
	case sqltype.TimestampS:
		per = 1
	case sqltype.TimestampMS:
		per = 1e3
	case sqltype.TimestampNS:
		per = 1e9
	case sqltype.Timestamp:
	default:
		return nil
	}
	return each(func(dst []byte, a *array.Timestamp, row int) []byte {
		v, unit := int64(a.Value(row)), arrow.Microsecond
		switch per {
		case 1:
			unit = arrow.Second
		case 1e3:
			unit = arrow.Millisecond
		case 1e9:
			v = toMicros(v, per, f)
		}
		return style.appendTimestamp(dst, cell.AppendTimestamp(nil, v, unit), "")
	})
}

// dateParts are the pieces of 0044-03-15 (BC) 12:00:00, which is how the engine writes dates and timestamps.
type dateParts struct {
	year, month, day, clock []byte
	bc                      bool
}

// splitDate is not ok for infinities.
func splitDate(text []byte) (p dateParts, ok bool) {
	if bytes.HasSuffix(text, []byte("infinity")) {
		return p, false
	}
	if before, after, found := bytes.Cut(text, duckBC); found {
		text, p.bc = append(bytes.Clone(before), after...), true
	}
	text, p.clock, _ = bytes.Cut(text, []byte{' '})
	p.year, text, _ = bytes.Cut(text, []byte{'-'})
	p.month, p.day, _ = bytes.Cut(text, []byte{'-'})
	return p, true
}

// appendDate appends a date (EncodeDateOnly in PostgreSQL's datetime.c).
func (s Style) appendDate(dst, text []byte) []byte {
	p, ok := splitDate(text)
	if !ok {
		return append(dst, text...)
	}
	dst = s.appendDay(dst, p)
	if p.bc {
		dst = append(dst, " BC"...)
	}
	return dst
}

// appendDay appends day, month and year in the order of the style.
func (s Style) appendDay(dst []byte, p dateParts) []byte {
	between, first, second := byte('/'), p.month, p.day
	switch s.Dates {
	case DateGerman:
		between, first, second = '.', p.day, p.month
	case DatePostgres:
		between = '-'
	}
	if s.DayFirst && s.Dates != DateGerman {
		first, second = second, first
	}
	dst = append(append(dst, first...), between)
	dst = append(append(dst, second...), between)
	return append(dst, p.year...)
}

// appendTimestamp appends a timestamp and its zone, if any (EncodeDateTime in PostgreSQL's datetime.c).
func (s Style) appendTimestamp(dst, text []byte, zone string) []byte {
	p, ok := splitDate(text)
	if !ok {
		return append(dst, text...)
	}
	if s.Dates == DatePostgres {
		dst = s.appendWordy(dst, p)
	} else {
		dst = append(append(s.appendDay(dst, p), ' '), p.clock...)
	}
	if zone != "" {
		dst = append(append(dst, ' '), zone...)
	}
	if p.bc {
		dst = append(dst, " BC"...)
	}
	return dst
}

// appendWordy appends Thu Feb 29 12:34:56 2024.
func (s Style) appendWordy(dst []byte, p dateParts) []byte {
	year, _ := strconv.Atoi(string(p.year))
	month, _ := strconv.Atoi(string(p.month))
	day, _ := strconv.Atoi(string(p.day))
	if p.bc {
		year = 1 - year
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	dst = append(append(dst, date.Weekday().String()[:3]...), ' ')
	name := date.Month().String()[:3]
	if s.DayFirst {
		dst = append(append(append(dst, p.day...), ' '), name...)
	} else {
		dst = append(append(append(dst, name...), ' '), p.day...)
	}
	dst = append(append(dst, ' '), p.clock...)
	return append(append(dst, ' '), p.year...)
}

// appendInstant appends a timestamptz as the session's clock shows it, with the zone's abbreviation.
func (s Style) appendInstant(dst []byte, micros int64) []byte {
	if micros == math.MaxInt64 || micros == -math.MaxInt64 {
		return cell.AppendTimestamp(dst, micros, arrow.Microsecond)
	}
	name, offset := "UTC", 0
	if s.Location != nil {
		seconds := micros / 1e6
		if micros%1e6 < 0 {
			seconds--
		}
		name, offset = time.Unix(seconds, 0).In(s.Location).Zone()
	}
	return s.appendTimestamp(dst, cell.AppendTimestamp(nil, micros+int64(offset)*1e6, arrow.Microsecond), name)
}
