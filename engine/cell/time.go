package cell

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

const secondsPerDay = 24 * 60 * 60

// perSecond is how many of unit make a second.
func perSecond(unit arrow.TimeUnit) int64 {
	switch unit {
	case arrow.Second:
		return 1
	case arrow.Millisecond:
		return 1e3
	case arrow.Microsecond:
		return 1e6
	}
	return 1e9
}

// AppendDate appends 2024-01-31, with " (BC)" behind years before 1, infinity or -infinity.
func AppendDate(dst []byte, days int32) []byte {
	switch days {
	case math.MaxInt32:
		return append(dst, "infinity"...)
	case -math.MaxInt32:
		return append(dst, "-infinity"...)
	}
	return appendCivil(dst, int64(days))
}

// appendCivil appends the date of a day counted from 1970-01-01 in the proleptic Gregorian calendar. The arithmetic is
// Howard Hinnant's civil_from_days (https://howardhinnant.github.io/date_algorithms.html): eras of 400 years that
// begin on the first of March.
func appendCivil(dst []byte, days int64) []byte {
	if days >= firstCommon && days <= lastCommon {
		return appendCommon(dst, uint32(days+719468))
	}
	z := days + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day, month, year := doy-(153*mp+2)/5+1, mp+3, yoe+era*400
	if month > 12 {
		month, year = month-12, year+1
	}
	bc := year <= 0
	if bc {
		year = 1 - year
	}
	for limit := int64(1000); limit > 1 && year < limit; limit /= 10 {
		dst = append(dst, '0')
	}
	dst = strconv.AppendInt(dst, year, 10)
	dst = append(dst, '-', byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10))
	if bc {
		dst = append(dst, " (BC)"...)
	}
	return dst
}

// The days from 0001-01-01 to 9999-12-31, whose dates have ten characters.
const (
	firstCommon = -719162
	lastCommon  = 2932896
)

// appendCommon appends the date of a day counted from 0000-03-01. The arithmetic, with multiplications for divisions, is
// Cassio Neri's and Lorenz Schneider's (Euclidean affine functions and their application to calendar algorithms, 2022).
func appendCommon(dst []byte, day uint32) []byte {
	n := 4*day + 3
	century := n / 146097
	p := 2939745 * uint64(n%146097|3)
	year, ofYear := 100*century+uint32(p>>32), uint32(p)/2939745/4
	q := 2141*ofYear + 197913
	month, of := q>>16, q&0xffff/2141+1
	if ofYear >= 306 { // the year of this calendar begins in March
		year, month = year+1, month-12
	}
	high, low := year/100*2, year%100*2
	return append(dst, pairs[high], pairs[high+1], pairs[low], pairs[low+1], '-', pairs[month*2], pairs[month*2+1],
		'-', pairs[of*2], pairs[of*2+1])
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// AppendTime appends 12:34:56 with the fraction's digits that are not zero; perSecond is 1e6 or 1e9. The day's end is
// 24:00:00.
func AppendTime(dst []byte, v, perSecond int64) []byte {
	dst = appendClock(dst, v/perSecond)
	return appendFraction(dst, v%perSecond, perSecond)
}

// appendClock appends hours, which may have more than two digits, minutes and seconds.
func appendClock(dst []byte, seconds int64) []byte {
	if uint64(seconds) < 100*3600 {
		s := uint32(seconds)
		h, m := s/3600*2, s/60%60*2
		s = s % 60 * 2
		return append(dst, pairs[h], pairs[h+1], ':', pairs[m], pairs[m+1], ':', pairs[s], pairs[s+1])
	}
	dst = appendTwo(dst, seconds/3600)
	dst = append(dst, ':')
	dst = appendTwo(dst, seconds/60%60)
	dst = append(dst, ':')
	return appendTwo(dst, seconds%60)
}

func appendTwo(dst []byte, n int64) []byte {
	if n < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, n, 10)
}

// appendFraction appends the point and the digits of v/perSecond up to the last that is not zero.
func appendFraction(dst []byte, v, perSecond int64) []byte {
	if v == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := perSecond / 10; v > 0; unit /= 10 {
		dst = append(dst, byte('0'+v/unit))
		v %= unit
	}
	return dst
}

// AppendTimeTZ appends a TIME WITH TIME ZONE from DuckDB's bits, e.g. 12:34:56.5+02.
func AppendTimeTZ(dst []byte, bits uint64) []byte {
	dst = AppendTime(dst, int64(bits>>24), 1e6)
	return appendOffset(dst, 57599-int64(bits&0xffffff))
}

// appendOffset appends +02, +05:30 or -04:56:02 for seconds east of Greenwich.
func appendOffset(dst []byte, seconds int64) []byte {
	if seconds < 0 {
		dst, seconds = append(dst, '-'), -seconds
	} else {
		dst = append(dst, '+')
	}
	dst = appendTwo(dst, seconds/3600)
	if seconds%3600 != 0 {
		dst = append(dst, ':')
		dst = appendTwo(dst, seconds/60%60)
	}
	if seconds%60 != 0 {
		dst = append(dst, ':')
		dst = appendTwo(dst, seconds%60)
	}
	return dst
}

// AppendTimestamp appends 2024-01-31 12:34:56.5 from a count of unit since 1970, infinity or -infinity.
func AppendTimestamp(dst []byte, v int64, unit arrow.TimeUnit) []byte {
	switch v {
	case math.MaxInt64:
		return append(dst, "infinity"...)
	case -math.MaxInt64:
		return append(dst, "-infinity"...)
	}
	per := perSecond(unit)
	seconds := floorDiv(v, per)
	return appendInstant(dst, seconds, v-seconds*per, per)
}

// appendInstant appends date and time of seconds since 1970 and a fraction of a second.
func appendInstant(dst []byte, seconds, fraction, perSecond int64) []byte {
	days := floorDiv(seconds, secondsPerDay)
	dst = appendCivil(dst, days)
	dst = append(dst, ' ')
	dst = appendClock(dst, seconds-days*secondsPerDay)
	return appendFraction(dst, fraction, perSecond)
}

// AppendTimestampTZ appends the instant as loc's clock shows it, with the offset: 2024-01-31 12:34:56.5+01. A nil loc
// is UTC.
func AppendTimestampTZ(dst []byte, micros int64, loc *time.Location) []byte {
	if micros == math.MaxInt64 || micros == -math.MaxInt64 {
		return AppendTimestamp(dst, micros, arrow.Microsecond)
	}
	seconds := floorDiv(micros, 1e6)
	offset := 0
	if loc != nil && loc != time.UTC {
		_, offset = time.Unix(seconds, 0).In(loc).Zone()
	}
	dst = appendInstant(dst, seconds+int64(offset), micros-seconds*1e6, 1e6)
	return appendOffset(dst, int64(offset))
}

// splitInterval reads the 16 bytes of an INTERVAL.
func splitInterval(b []byte) (months, days int32, micros int64) {
	return int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:])),
		int64(binary.LittleEndian.Uint64(b[8:]))
}

// intervalStyle is where DuckDB's and PostgreSQL's spellings of intervals differ.
type intervalStyle struct {
	month string
	plus  bool // a positive part after a negative one shows its sign
	minus bool // -1 is plural
}

var (
	duckInterval     = intervalStyle{month: " month"}
	postgresInterval = intervalStyle{month: " mon", plus: true, minus: true}
)

// AppendInterval appends PostgreSQL's default spelling, 1 year 2 mons 3 days 04:05:06 (EncodeInterval in its
// datetime.c). DuckDB's own, 1 year 2 months 3 days 04:05:06, is what Style.Append writes.
func AppendInterval(dst []byte, months, days int32, micros int64) []byte {
	return appendInterval(dst, months, days, micros, postgresInterval)
}

func appendInterval(dst []byte, months, days int32, micros int64, style intervalStyle) []byte {
	start, negative := len(dst), false
	part := func(n int32, unit string) {
		if n == 0 {
			return
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if style.plus && negative && n > 0 {
			dst = append(dst, '+')
		}
		dst = strconv.AppendInt(dst, int64(n), 10)
		dst = append(dst, unit...)
		if n != 1 && (n != -1 || style.minus) {
			dst = append(dst, 's')
		}
		negative = n < 0
	}
	part(months/12, " year")
	part(months%12, style.month)
	part(days, " day")
	if micros == 0 && len(dst) > start {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	abs := uint64(micros) // the magnitude of the least int64 has no int64
	if micros < 0 {
		dst, abs = append(dst, '-'), -abs
	} else if style.plus && negative {
		dst = append(dst, '+')
	}
	dst = appendClock(dst, int64(abs/1e6))
	return appendFraction(dst, int64(abs%1e6), 1e6)
}
