package infer

import (
	"bytes"
	"math"
	"strconv"
)

// jsonNumber is one number of a JSON text.
type jsonNumber struct {
	kind  jsonSeen // one of jsonInt, jsonWide, jsonHuge, jsonFloat
	int   int64    // for jsonInt
	float float64  // for jsonFloat: the nearest one
	long  bool     // for jsonFloat: it has so many digits that float may not say the same; jsonFaithful tells
	lossy bool     // for long: the float does not say the same; only set where that matters
	scale int16    // for jsonFloat: the digits behind the point, or -1 if there is an exponent
	whole int16    // for jsonFloat: the digits before the point
	mant  uint64   // for long: its digits as one integer, if there are at most 19; else 0
}

// jsonMaxHuge and jsonMinHuge are the digits of the bounds of HUGEINT, 2^127-1 and 2^127.
var jsonMaxHuge, jsonMinHuge = []byte("170141183460469231731687303715884105727"), []byte("170141183460469231731687303715884105728")

// jsonParseNumber reads a number (RFC 8259, section 6); ok is false if tok is none. Integers keep every digit: they are
// jsonInt within 64 bits, jsonWide within 128 bits, else jsonHuge. With a point or an exponent a number is a
// jsonFloat, or jsonHuge if it is beyond the range of DOUBLE.
func jsonParseNumber(tok []byte) (num jsonNumber, ok bool) {
	i, neg := 0, false
	if len(tok) > 0 && tok[0] == '-' {
		i, neg = 1, true
	}
	start := i
	var mant uint64 // of the first 19 digits
	for i < len(tok) && tok[i]-'0' <= 9 {
		if i-start < 19 {
			mant = mant*10 + uint64(tok[i]-'0')
		}
		i++
	}
	whole := tok[start:i]
	if len(whole) == 0 || len(whole) > 1 && whole[0] == '0' {
		return num, false
	}
	if i == len(tok) {
		return jsonParseInt(neg, whole, mant), true
	}
	point, exp := i, 0
	if tok[i] == '.' {
		i++
		for i < len(tok) && tok[i]-'0' <= 9 {
			if i-start <= 19 {
				mant = mant*10 + uint64(tok[i]-'0')
			}
			i++
		}
		if exp = -(i - point - 1); exp == 0 {
			return num, false
		}
	}
	digits := len(whole) - exp
	num = jsonNumber{kind: jsonFloat, scale: int16(min(-exp, 1000)), whole: int16(min(len(whole), 1000))}
	if i < len(tok) {
		e, ok := jsonExponent(tok[i:])
		if !ok {
			return num, false
		}
		exp += e
		num.scale = -1
	}
	if digits <= 15 && exp >= -22 && exp <= 22 {
		num.float = jsonScale(neg, mant, exp)
		return num, true
	}
	if digits <= 19 {
		num.mant = mant
	}
	var err error
	if num.float, err = strconv.ParseFloat(string(tok), 64); err != nil { // only the range can be wrong
		return jsonNumber{kind: jsonHuge}, true
	}
	num.long = true
	return num, true
}

// money reports whether a number is written as amounts of money are.
func (num jsonNumber) money() bool { return num.scale == moneyScale }

// jsonIsNumber reports whether tok is a number of which DOUBLE holds every digit if tok has up to 16 bytes: there are
// no exponents then.
func jsonIsNumber(tok []byte) bool {
	if len(tok) > 0 && tok[0] == '-' {
		tok = tok[1:]
	}
	if len(tok) == 0 || len(tok) > 1 && tok[0] == '0' && tok[1] != '.' {
		return false
	}
	point := -1
	for i, c := range tok {
		if c == '.' && point < 0 {
			point = i
		} else if c-'0' > 9 {
			return false
		}
	}
	return point != 0 && point != len(tok)-1
}

// jsonExponent reads e, a sign and digits up to the end. Exponents beyond a million count as a million.
func jsonExponent(tok []byte) (exp int, ok bool) {
	if tok[0]|0x20 != 'e' {
		return 0, false
	}
	tok = tok[1:]
	neg := len(tok) > 0 && tok[0] == '-'
	if len(tok) > 0 && (tok[0] == '-' || tok[0] == '+') {
		tok = tok[1:]
	}
	for _, c := range tok {
		if c-'0' > 9 {
			return 0, false
		}
		exp = min(exp*10+int(c-'0'), 1e6)
	}
	if neg {
		exp = -exp
	}
	return exp, len(tok) > 0
}

// jsonScale returns mant×10^exp. It is exact rounding, because mant has 15 digits at most and 10^22 is exact in a
// float64 (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990).
func jsonScale(neg bool, mant uint64, exp int) float64 {
	f := float64(mant)
	if exp < 0 {
		f /= jsonPowers[-exp]
	} else {
		f *= jsonPowers[exp]
	}
	if neg {
		f = -f
	}
	return f
}

var jsonPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

func jsonParseInt(neg bool, digits []byte, mant uint64) jsonNumber {
	limit := uint64(1<<63 - 1)
	bound := jsonMaxHuge
	if neg {
		limit, bound = 1<<63, jsonMinHuge
	}
	switch {
	case len(digits) <= 19 && mant <= limit:
		v := int64(mant)
		if neg {
			v = -v
		}
		return jsonNumber{kind: jsonInt, int: v}
	case len(digits) < len(bound) || len(digits) == len(bound) && bytes.Compare(digits, bound) <= 0:
		return jsonNumber{kind: jsonWide}
	default:
		return jsonNumber{kind: jsonHuge}
	}
}

// jsonFaithful reports whether the float of a long number, written with as many digits as the number has in tok, gives
// those digits back.
func jsonFaithful(tok []byte, num jsonNumber) bool {
	if num.mant > 0 {
		return num.faithful()
	}
	var have, want, text [64]byte
	h := jsonDigits(have[:0], tok)
	if len(h) == 0 {
		return true // zero
	}
	if num.float == 0 {
		return false
	}
	return string(jsonDigits(want[:0], strconv.AppendFloat(text[:0], num.float, 'e', len(h)-1, 64))) == string(h)
}

// faithful is jsonFaithful for numbers of at most 19 digits.
func (num jsonNumber) faithful() bool {
	mant := num.mant
	for mant%10 == 0 {
		mant /= 10
	}
	digits := 1
	for m := mant; m >= 10; m /= 10 {
		digits++
	}
	const tiny = 1e-290 // below, a DOUBLE has fewer than 15 digits
	if abs := math.Abs(num.float); digits <= 15 && abs > tiny || abs == 0 {
		return abs > 0
	}
	var text [32]byte
	var back uint64
	for _, c := range strconv.AppendFloat(text[:0], num.float, 'e', digits-1, 64) {
		if c == 'e' {
			break
		}
		if c-'0' <= 9 {
			back = back*10 + uint64(c-'0')
		}
	}
	return back == mant
}

// jsonDigits appends the digits of a number's text up to the exponent, without zeros at both ends.
func jsonDigits(dst, tok []byte) []byte {
	for _, c := range tok {
		if c|0x20 == 'e' {
			break
		}
		if c-'0' <= 9 && (c != '0' || len(dst) > 0) {
			dst = append(dst, c)
		}
	}
	return bytes.TrimRight(dst, "0")
}

// jsonCompareInts compares the texts of two integers by value.
func jsonCompareInts(a, b string) int {
	aneg, bneg := a[0] == '-', b[0] == '-'
	switch {
	case aneg && !bneg:
		return -1
	case bneg && !aneg:
		return 1
	case aneg:
		a, b = b[1:], a[1:]
	}
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare([]byte(a), []byte(b))
}
