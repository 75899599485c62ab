package infer

import (
	"math"
	"strconv"

	"tarn/catalog/sqltype"
)

// jsonDigitsSeen is how the numbers of one place are written.
type jsonDigitsSeen struct {
	whole, scale int16  // the most digits before and behind the point
	most         int16  // the most digits of a number with a point
	wide         int16  // the most digits of an integer beyond 64 bits
	exponent     bool   // some have one
	cents        bool   // some have two digits behind the point
	odd          int64  // line of the first number with a point, or an exponent, that has not; 0 if there is none
	oddAs        string // that number
	lossy        int64  // line of the first number whose digits DOUBLE does not hold; 0 if there is none
}

// add notes a number with a point or an exponent.
func (d *jsonDigitsSeen) add(num jsonNumber, line int64) {
	if num.scale < 0 {
		d.exponent = true
	} else {
		d.whole, d.scale = max(d.whole, num.whole), max(d.scale, num.scale)
		d.most = max(d.most, num.whole+num.scale)
		d.cents = d.cents || num.scale == moneyScale
	}
	if num.lossy && d.lossy == 0 {
		d.lossy = line
	}
}

func (d *jsonDigitsSeen) merge(o *jsonDigitsSeen) {
	d.whole, d.scale, d.most, d.wide = max(d.whole, o.whole), max(d.scale, o.scale), max(d.most, o.most), max(d.wide, o.wide)
	d.exponent, d.cents = d.exponent || o.exponent, d.cents || o.cents
	if o.odd > 0 && (d.odd == 0 || o.odd < d.odd) {
		d.odd, d.oddAs = o.odd, o.oddAs
	}
	if o.lossy > 0 && (d.lossy == 0 || o.lossy < d.lossy) {
		d.lossy = o.lossy
	}
}

// number returns the type that holds all numbers seen; why says in words why there is none but VARCHAR:
//   - Integers are BIGINT or HUGEINT.
//   - Amounts of money are DECIMAL: every number with a point has two digits behind it, and none has an exponent.
//   - Other numbers are DOUBLE if it holds all their digits, else DECIMAL.
//
// A DECIMAL has 18 digits, or 38 if they are more. Below columns, where no statistics tell what joins with what, nothing is
// money.
func (n *jsonNode) number(money bool) (t sqltype.Type, why string) {
	d := &n.digits
	beyond := n.seen&jsonWide != 0 || n.seen&jsonInt != 0 && (n.minInt < -maxExactInt || n.maxInt > maxExactInt)
	whole := max(d.whole, n.wholeDigits())
	switch {
	case n.seen&jsonHuge != 0:
		return sqltype.Of(sqltype.Varchar), "a number is too large for every number type" + jsonOnLine(n.firstOf(jsonHuge))
	case n.seen&jsonFloat == 0 && n.seen&jsonWide != 0:
		return sqltype.Of(sqltype.HugeInt), ""
	case n.seen&jsonFloat == 0:
		return sqltype.Of(sqltype.BigInt), ""
	case (d.odd > 0 || !money) && !beyond && d.lossy == 0:
		return sqltype.Of(sqltype.Double), ""
	case !d.exponent && whole+d.scale <= shortDigits:
		return sqltype.DecimalOf(shortDigits, uint8(d.scale)), ""
	case !d.exponent && whole+d.scale <= maxDigits:
		return sqltype.DecimalOf(maxDigits, uint8(d.scale)), ""
	case beyond:
		return sqltype.Of(sqltype.Varchar), "it mixes decimals" + jsonOnLine(n.firstOf(jsonFloat)) + " with integers that neither DOUBLE nor DECIMAL holds with them"
	default:
		return sqltype.Of(sqltype.Varchar), "a number has more digits than DOUBLE holds" + jsonOnLine(d.lossy)
	}
}

// wholeDigits returns the most digits of an integer.
func (n *jsonNode) wholeDigits() int16 {
	digits := n.digits.wide
	if n.seen&jsonInt != 0 {
		for _, v := range []int64{n.minInt, n.maxInt} {
			text := strconv.FormatInt(v, 10)
			if v < 0 {
				text = text[1:]
			}
			digits = max(digits, int16(len(text)))
		}
	}
	return digits
}

// rounds reports whether the engine's reader, which goes through DOUBLE, reads a number of a DECIMAL wrong.
func (n *jsonNode) rounds() bool { return n.digits.most > 15 }

// decimalBounds returns the bounds of numbers of which DOUBLE holds the digits, with so many behind the point.
func (n *jsonNode) decimalBounds(scale int) (lo, hi string, ok bool) {
	if n.rounds() || n.seen&jsonWide != 0 || n.seen&jsonInt != 0 && (n.minInt < -maxExactInt || n.maxInt > maxExactInt) {
		return "", "", false
	}
	a, b := n.floatBounds()
	return strconv.FormatFloat(a, 'f', scale, 64), strconv.FormatFloat(b, 'f', scale, 64), true
}

// floatBounds returns the bounds of numbers.
func (n *jsonNode) floatBounds() (lo, hi float64) {
	lo, hi = n.minFloat, n.maxFloat
	if n.seen&jsonInt != 0 {
		lo, hi = min(lo, float64(n.minInt)), max(hi, float64(n.maxInt))
	}
	return lo, hi
}

// hash returns the number's hash, alike for 1 and 1.0.
func (num jsonNumber) hash(tok []byte) uint64 {
	switch {
	case num.kind == jsonInt:
		return distinctMix(uint64(num.int))
	case num.kind != jsonFloat:
		return distinctHash(tok)
	case num.float > -maxExactInt && num.float < maxExactInt && num.float == math.Trunc(num.float):
		return distinctMix(uint64(int64(num.float)))
	default:
		return distinctMix(math.Float64bits(num.float))
	}
}
