package pgvalue

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// PostgreSQL counts from 2000-01-01, DuckDB and Arrow from 1970-01-01.
const (
	epochDays   = 10957
	epochMicros = epochDays * 24 * 60 * 60 * 1_000_000
)

// binaryTimes returns nil for what is no date, time or interval.
func binaryTimes(t sqltype.Type, f *faults) cells {
	switch t.Kind {
	case sqltype.Date:
		return each(func(dst []byte, a *array.Date32, row int) []byte {
			return be.AppendUint32(dst, uint32(pgDays(int32(a.Value(row)), f)))
		})
	case sqltype.Time, sqltype.TimeNS:
		per := timeUnit(t.Kind)
		return each(func(dst []byte, a *array.Time64, row int) []byte {
			return be.AppendUint64(dst, uint64(toMicros(int64(a.Value(row)), per, f)))
		})
	case sqltype.TimeTZ: // the time of day, and the seconds west of Greenwich
		return each(func(dst []byte, a *array.Uint64, row int) []byte {
			bits := a.Value(row)
			dst = be.AppendUint64(dst, bits>>24)
			return be.AppendUint32(dst, uint32(int32(bits&0xffffff)-57599))
		})
	case sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp, sqltype.TimestampTZ, sqltype.TimestampNS:
		per := map[sqltype.Kind]int64{sqltype.TimestampS: 1, sqltype.TimestampMS: 1e3, sqltype.TimestampNS: 1e9}[t.Kind]
		if per == 0 {
			per = 1e6
		}
		return each(func(dst []byte, a *array.Timestamp, row int) []byte {
			return be.AppendUint64(dst, uint64(pgMicros(int64(a.Value(row)), per, f)))
		})
	case sqltype.Interval: // microseconds, days, months
		return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte {
			months, days, micros := splitInterval(a.Value(row))
			dst = be.AppendUint64(dst, uint64(micros))
			dst = be.AppendUint32(dst, uint32(days))
			return be.AppendUint32(dst, uint32(months))
		})
	}
	return nil
}

// pgDays turns days since 1970 into days since 2000.
func pgDays(days int32, f *faults) int32 {
	switch {
	case days == math.MaxInt32: // infinity
		return days
	case days == -math.MaxInt32: // -infinity
		return math.MinInt32
	case days <= math.MinInt32+epochDays:
		f.fail("a date is too early for PostgreSQL's binary format")
		return 0
	}
	return days - epochDays
}

// pgMicros turns a count of 1/per seconds since 1970 into microseconds since 2000.
func pgMicros(v, per int64, f *faults) int64 {
	switch v {
	case math.MaxInt64: // infinity
		return v
	case -math.MaxInt64: // -infinity
		return math.MinInt64
	}
	if per > 1e6 {
		v = toMicros(v, per, f)
	} else if n := 1_000_000 / per; v > math.MaxInt64/n || v < math.MinInt64/n {
		f.fail("a timestamp is out of the range of PostgreSQL's binary format")
		return 0
	} else {
		v *= n
	}
	if v <= math.MinInt64+epochMicros {
		f.fail("a timestamp is too early for PostgreSQL's binary format")
		return 0
	}
	return v - epochMicros
}
