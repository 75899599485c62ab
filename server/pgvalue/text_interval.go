package pgvalue

import (
	"strconv"
)

// span is an interval in the pieces in which it is written; each has its own sign.
type span struct {
	year, month, day        int64
	hour, minute, sec, frac int64 // frac counts microseconds
}

func splitSpan(months, days int32, micros int64) span {
	return span{year: int64(months / 12), month: int64(months % 12), day: int64(days), hour: micros / 3_600_000_000,
		minute: micros / 60_000_000 % 60, sec: micros / 1_000_000 % 60, frac: micros % 1_000_000}
}

// appendStyledInterval appends an interval in a style that is not postgres (EncodeInterval in PostgreSQL's datetime.c).
func appendStyledInterval(dst []byte, s span, style IntervalStyle) []byte {
	switch style {
	case IntervalISO8601:
		return s.appendISO(dst)
	case IntervalVerbose:
		return s.appendVerbose(dst)
	}
	return s.appendStandard(dst)
}

func (s span) appendISO(dst []byte) []byte {
	if s == (span{}) {
		return append(dst, "PT0S"...)
	}
	part := func(v int64, unit byte) {
		if v != 0 {
			dst = append(strconv.AppendInt(dst, v, 10), unit)
		}
	}
	dst = append(dst, 'P')
	part(s.year, 'Y')
	part(s.month, 'M')
	part(s.day, 'D')
	if s.hour == 0 && s.minute == 0 && s.sec == 0 && s.frac == 0 {
		return dst
	}
	dst = append(dst, 'T')
	part(s.hour, 'H')
	part(s.minute, 'M')
	if s.sec != 0 || s.frac != 0 {
		if s.sec < 0 || s.frac < 0 {
			dst = append(dst, '-')
		}
		dst = append(s.appendSeconds(dst, false), 'S')
	}
	return dst
}

// appendSeconds appends the seconds without their sign, filled up to two digits if full.
func (s span) appendSeconds(dst []byte, full bool) []byte {
	sec, frac := abs(s.sec), abs(s.frac)
	if full && sec < 10 {
		dst = append(dst, '0')
	}
	dst = strconv.AppendInt(dst, sec, 10)
	if frac == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(100_000); frac > 0; unit /= 10 {
		dst = append(dst, byte('0'+frac/unit))
		frac %= unit
	}
	return dst
}

// appendVerbose appends @ 1 year 2 mons; the sign of the first piece holds for all, and is "ago" if negative.
func (s span) appendVerbose(dst []byte) []byte {
	dst = append(dst, '@')
	zero, before := true, false
	part := func(v int64, unit string) {
		switch {
		case v == 0:
			return
		case zero:
			before, v = v < 0, abs(v)
		case before:
			v = -v
		}
		dst = strconv.AppendInt(append(dst, ' '), v, 10)
		dst = append(append(dst, ' '), unit...)
		if v != 1 {
			dst = append(dst, 's')
		}
		zero = false
	}
	part(s.year, "year")
	part(s.month, "mon")
	part(s.day, "day")
	part(s.hour, "hour")
	part(s.minute, "min")
	if s.sec != 0 || s.frac != 0 {
		dst = append(dst, ' ')
		switch negative := s.sec < 0 || s.sec == 0 && s.frac < 0; {
		case negative && zero:
			before = true
		case negative != before:
			dst = append(dst, '-')
		}
		dst = append(s.appendSeconds(dst, false), " sec"...)
		if abs(s.sec) != 1 || s.frac != 0 {
			dst = append(dst, 's')
		}
		zero = false
	}
	if zero {
		dst = append(dst, " 0"...)
	}
	if before {
		dst = append(dst, " ago"...)
	}
	return dst
}

// appendStandard appends the SQL standard's literals, 1-2 or 3 4:05:06; what is none of them, with all its signs.
func (s span) appendStandard(dst []byte) []byte {
	pieces := [...]int64{s.year, s.month, s.day, s.hour, s.minute, s.sec, s.frac}
	negative, positive := false, false
	for _, v := range pieces {
		negative, positive = negative || v < 0, positive || v > 0
	}
	months := s.year != 0 || s.month != 0
	clock := s.hour != 0 || s.minute != 0 || s.sec != 0 || s.frac != 0
	switch {
	case !negative && !positive:
		return append(dst, '0')
	case negative && positive || months && (clock || s.day != 0):
		dst = appendSigned(dst, s.year < 0 || s.month < 0, abs(s.year))
		dst = strconv.AppendInt(append(dst, '-'), abs(s.month), 10)
		dst = appendSigned(append(dst, ' '), s.day < 0, abs(s.day))
		dst = appendSigned(append(dst, ' '), s.hour < 0 || s.minute < 0 || s.sec < 0 || s.frac < 0, abs(s.hour))
		return s.appendMinutes(dst)
	}
	if negative {
		dst = append(dst, '-')
	}
	if months {
		dst = strconv.AppendInt(dst, abs(s.year), 10)
		return strconv.AppendInt(append(dst, '-'), abs(s.month), 10)
	}
	if s.day != 0 {
		dst = append(strconv.AppendInt(dst, abs(s.day), 10), ' ')
	}
	return s.appendMinutes(strconv.AppendInt(dst, abs(s.hour), 10))
}

// appendMinutes appends :05:06 behind the hours.
func (s span) appendMinutes(dst []byte) []byte {
	dst = append(dst, ':')
	if abs(s.minute) < 10 {
		dst = append(dst, '0')
	}
	dst = append(strconv.AppendInt(dst, abs(s.minute), 10), ':')
	return s.appendSeconds(dst, true)
}

func appendSigned(dst []byte, negative bool, magnitude int64) []byte {
	if negative {
		dst = append(dst, '-')
	} else {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, magnitude, 10)
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
