package infer

import (
	"encoding/binary"
	"math"
	"strconv"
)

// valueForms is a set of the forms that cells of text have. Each form is proof: what has it, DuckDB's cast to the type
// reads to the last digit.
type valueForms uint16

const (
	formTrue valueForms = 1 << iota
	formFalse
	formInt     // within 64 bits
	formWide    // an integer within 128 bits
	formFloat   // with a point or an exponent, and DOUBLE keeps its digits
	formDate    // 2006-01-02
	formStamp   // a date and a time of day, up to microseconds
	formStampNS // the same with nanoseconds
	formStampTZ // the same with an offset, up to microseconds
	formClock   // 15:04:05, up to microseconds
	formUUID    // in lower case
	formDecimal // with a point and no exponent, but DOUBLE does not keep its digits; up to 38 digits
	formStyled  // a number that is not written as a program does: 1.234,5
	formWritten // a date that is not written as ISO 8601 has it: 31/12/2024
	formText    // anything else

	formBools   = formTrue | formFalse
	formNumbers = formInt | formWide | formFloat | formDecimal | formStyled
	formStamps  = formDate | formStamp | formStampNS
)

// mixed reports whether no type but VARCHAR holds values of all the forms.
func (f valueForms) mixed() bool {
	for _, family := range [...]valueForms{formBools, formNumbers, formStamps, formStampTZ, formClock, formUUID, formWritten} {
		if f&^family == 0 {
			return false
		}
	}
	return true
}

// value is what one cell says.
type value struct {
	form  valueForms // exactly one
	int   int64      // for formInt
	float float64    // for formFloat
	at    jsonTime   // for dates and times; since midnight for formClock
}

// valueOf reads a cell; an empty one is formText. Words such as true, NULL and NaN are formText here: what they mean
// depends on the column.
func valueOf(s []byte) value {
	if len(s) == 0 {
		return value{form: formText}
	}
	timely := len(s) >= 8 && s[2] == ':' || len(s) >= 10 && s[4] == '-' && s[7] == '-' // and so no number
	if c := s[0]; !timely && (c-'0' <= 9 || c == '-' || c == '.') {
		if num, ok := csvNumber(s); ok {
			return numberValue(s, num)
		}
	}
	if at, ok := clockOf(s); ok {
		return value{form: formClock, at: at}
	}
	switch form, at := jsonFormOf(s); form {
	case jsonDate:
		return value{form: formDate, at: at}
	case jsonStamp:
		return value{form: formStamp, at: at}
	case jsonStampNS:
		return value{form: formStampNS, at: at}
	case jsonStampTZ:
		return value{form: formStampTZ, at: at}
	case jsonUUID:
		return value{form: formUUID}
	}
	return value{form: formText}
}

// numberValue is the value of a number; one that no type keeps is formText.
func numberValue(s []byte, num jsonNumber) value {
	switch {
	case num.kind == jsonInt:
		return value{form: formInt, int: num.int}
	case num.kind == jsonWide:
		return value{form: formWide}
	case num.kind == jsonFloat && (!num.long || jsonFaithful(s, num)):
		return value{form: formFloat, float: num.float}
	case num.kind == jsonFloat:
		if whole, scale, exponent := digitsOf(s); !exponent && whole+scale <= maxDigits {
			return value{form: formDecimal}
		}
	}
	return value{form: formText}
}

// csvNumber reads a number as JSON has it, or one without a digit before the point.
func csvNumber(s []byte) (jsonNumber, bool) {
	sign := 0
	if s[0] == '-' {
		sign = 1
	}
	if len(s) == sign || s[sign] != '.' || len(s) > 40 {
		return jsonParseNumber(s)
	}
	var full [48]byte
	n := copy(full[:], s[:sign])
	full[n] = '0'
	return jsonParseNumber(full[:n+1+copy(full[n+1:], s[sign:])])
}

// quickInt reads an integer within 64 bits, without leading zeros. ok is false for everything else.
func quickInt(s []byte) (v int64, ok bool) {
	digits, limit := s, uint64(math.MaxInt64)
	if s[0] == '-' {
		digits, limit = s[1:], -math.MinInt64
	}
	if len(digits) == 0 || len(digits) > 19 || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	var mant uint64 // 19 digits cannot overflow it
	for _, c := range digits {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		mant = mant*10 + uint64(d)
	}
	if len(digits) < len(s) {
		return -int64(mant), mant <= limit
	}
	return int64(mant), mant <= limit
}

// quickFloat reads a number with a point, digits on both sides of it, 19 at most, and no exponent. ok is false for
// everything else, and where DOUBLE might not keep the digits. whole and frac count the digits on both sides.
func quickFloat(s []byte) (f float64, whole, frac int, ok bool) {
	digits := s
	if s[0] == '-' {
		digits = s[1:]
	}
	if len(digits) < 3 || len(digits) > 20 || digits[0] == '0' && digits[1] != '.' {
		return 0, 0, 0, false
	}
	var mant uint64
	point := -1
	for i, c := range digits {
		if d := c - '0'; d <= 9 {
			mant = mant*10 + uint64(d)
		} else if c == '.' && point < 0 && i > 0 {
			point = i
		} else {
			return 0, 0, 0, false
		}
	}
	frac = len(digits) - point - 1
	if point < 0 || frac == 0 {
		return 0, 0, 0, false
	}
	if mant < 1e15 {
		// One division of exact numbers is exact rounding (W. D. Clinger, 1990), and DOUBLE keeps 15 digits.
		f = float64(mant) / jsonPowers[frac]
	} else if f, ok = longFloat(digits, mant, frac); !ok {
		return 0, 0, 0, false
	}
	if len(digits) < len(s) {
		f = -f
	}
	return f, point, frac, true
}

// longFloat reads mant×10^-frac, which digits spell; ok is false if the nearest DOUBLE does not keep the digits. Once a
// candidate is corrected by its distance to the digits, taken with twice the precision of a DOUBLE (T. J. Dekker, 1971),
// the remaining distance proves both: less than half of the gap to the next DOUBLE makes it the nearest, and less than
// half of the last digit keeps the digits.
func longFloat(digits []byte, mant uint64, frac int) (f float64, ok bool) {
	scale := jsonPowers[frac]
	high := float64(mant)
	low := float64(int64(mant - uint64(high)))
	f = high / scale
	f += distance(f, scale, high, low) / scale
	off := math.Abs(distance(f, scale, high, low))
	gap := math.Float64frombits(math.Float64bits(f)+1) - f
	const sure = 0.24 // of the gap; it is half as wide below a power of two, and the lines above round
	if off > sure*gap*scale {
		if f, ok = parseFloat(digits); !ok {
			return 0, false
		}
		off = math.Abs(distance(f, scale, high, low))
	}
	const half = 0.49 // a little less than one half, since the lines above round
	return f, off < half
}

// distance returns high+low-f×scale, rounded once at the end. The fused multiplication gives what the product lost.
func distance(f, scale, high, low float64) float64 {
	product := f * scale
	return (high - product) + (low - math.FMA(f, scale, -product))
}

func parseFloat(s []byte) (f float64, ok bool) {
	f, err := strconv.ParseFloat(string(s), 64)
	return f, err == nil
}

// clockOf reads a time of day: 15:04:05, with up to six digits behind a point.
func clockOf(s []byte) (jsonTime, bool) {
	if len(s) < 8 || len(s) > 15 || s[2] != ':' || s[5] != ':' {
		return jsonTime{}, false
	}
	hour, ok1 := jsonTwo(s, 0)
	minute, ok2 := jsonTwo(s, 3)
	second, ok3 := jsonTwo(s, 6)
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return jsonTime{}, false
	}
	at := jsonTime{sec: int64(hour*3600 + minute*60 + second)}
	if len(s) == 8 {
		return at, true
	}
	if s[8] != '.' || len(s) == 9 {
		return jsonTime{}, false
	}
	scale := int32(100_000_000)
	for _, c := range s[9:] {
		if c-'0' > 9 {
			return jsonTime{}, false
		}
		at.nsec += int32(c-'0') * scale
		scale /= 10
	}
	return at, true
}

// textSpan is the first and last of some texts in the order of their bytes.
type textSpan struct {
	min, max       []byte
	minKey, maxKey uint64 // the first eight bytes of each
	some           bool   // there is at least one text
	long           bool   // a bound is too long to be kept
}

// add widens the span. It allocates only where a bound moves.
func (t *textSpan) add(s []byte) {
	if t.long {
		return
	}
	key := textKey(s)
	if t.some && key > t.minKey && key < t.maxKey {
		return
	}
	if !t.some || key <= t.minKey && string(s) < string(t.min) {
		t.min, t.minKey = append(t.min[:0], s...), key
		t.long = len(s) > jsonMaxBound
	}
	if !t.some || key >= t.maxKey && string(s) > string(t.max) {
		t.max, t.maxKey = append(t.max[:0], s...), key
		t.long = t.long || len(s) > jsonMaxBound
	}
	t.some = true
}

// textKey returns up to eight bytes of s as a number, in which texts with different numbers have their order.
func textKey(s []byte) (key uint64) {
	if cap(s) >= 8 { // what lies behind s is masked out
		n := 8 * uint(min(len(s), 8))
		return binary.BigEndian.Uint64(s[:8]) >> (64 - n) << (64 - n)
	}
	for _, c := range s {
		key = key<<8 | uint64(c)
	}
	return key << (64 - 8*uint(len(s)))
}
