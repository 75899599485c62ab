package infer

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
)

// numbers is what the numbers of one column have shown so far.
type numbers struct {
	forms              valueForms // of formNumbers
	minInt, maxInt     int64
	minFloat, maxFloat float64
	minExact, maxExact string // of formWide and formDecimal
	scales             uint64 // bit n is set if a number has n digits behind the point, the last if it has more
	whole              int    // most digits before the point
	exponent           bool   // a number has an exponent
}

func newNumbers() numbers {
	return numbers{minInt: math.MaxInt64, maxInt: math.MinInt64, minFloat: math.Inf(1), maxFloat: math.Inf(-1)}
}

// add takes a number that valueOf read from s.
func (n *numbers) add(v value, s []byte) {
	n.forms |= v.form
	switch v.form {
	case formInt:
		n.minInt, n.maxInt = min(n.minInt, v.int), max(n.maxInt, v.int)
	case formFloat:
		whole, scale, exponent := digitsOf(s)
		n.exponent = n.exponent || exponent
		n.addFloat(v.float, whole, scale)
	case formWide, formDecimal:
		whole, scale, _ := digitsOf(s)
		n.whole = max(n.whole, whole)
		if v.form == formDecimal {
			n.scales |= 1 << min(scale, 63)
		}
		n.addExact(string(s))
	}
}

func (n *numbers) addFloat(v float64, whole, scale int) {
	n.scales |= 1 << min(scale, 63)
	if whole > n.whole {
		n.whole = whole
	}
	if v < n.minFloat {
		n.minFloat = v
	}
	if v > n.maxFloat {
		n.maxFloat = v
	}
}

func (n *numbers) addExact(s string) {
	if n.minExact == "" || compareDecimals(s, n.minExact) < 0 {
		n.minExact = s
	}
	if n.maxExact == "" || compareDecimals(s, n.maxExact) > 0 {
		n.maxExact = s
	}
}

// digitsOf counts the digits before and behind the point of a number.
func digitsOf(s []byte) (whole, scale int, exponent bool) {
	behind := false
	for _, c := range s {
		switch {
		case c|0x20 == 'e':
			return whole, scale, true
		case c == '.':
			behind = true
		case c-'0' > 9:
		case behind:
			scale++
		default:
			whole++
		}
	}
	return whole, scale, false
}

// moneyScale is the number of digits behind the point that amounts of money have.
const moneyScale = 2

// maxDigits and shortDigits are the most digits that a DECIMAL has, and that one of 64 bits has.
const (
	maxDigits   = 38
	shortDigits = 18
)

// maxExactInt is the greatest integer up to which every integer is a DOUBLE.
const maxExactInt = 1 << 53

// kind is the type that holds the numbers to the last digit, and NaN too if nan. It is DECIMAL if DOUBLE would not, or if
// every number with a fraction has two digits behind the point, as money does. why says in words why it is VARCHAR.
func (n *numbers) kind(nan bool) (t sqltype.Type, why string) {
	fractions := n.forms & (formFloat | formDecimal)
	beyond := n.forms&(formWide|formDecimal) != 0 || n.forms&formInt != 0 && (n.minInt < -maxExactInt || n.maxInt > maxExactInt)
	switch {
	case !nan && n.forms == formInt:
		return sqltype.Of(sqltype.BigInt), ""
	case !nan && fractions == 0 && n.forms != 0:
		return sqltype.Of(sqltype.HugeInt), ""
	case nan && beyond:
		return sqltype.Of(sqltype.Varchar), "it mixes NaN with numbers that DOUBLE cannot hold"
	case !nan && !n.exponent && (beyond || n.scales == 1<<moneyScale):
		whole, scale := n.wholeDigits(), bits.Len64(n.scales)-1
		switch {
		case whole+scale <= shortDigits:
			return sqltype.DecimalOf(shortDigits, uint8(scale)), ""
		case whole+scale <= maxDigits:
			return sqltype.DecimalOf(maxDigits, uint8(scale)), ""
		case beyond:
			return sqltype.Of(sqltype.Varchar), fmt.Sprintf("its numbers have %d digits before and %d behind the point, more than DECIMAL holds", whole, scale)
		}
	case beyond:
		return sqltype.Of(sqltype.Varchar), "it mixes exponents with numbers that DOUBLE cannot hold"
	}
	return sqltype.Of(sqltype.Double), ""
}

// wholeDigits is how many digits stand before the point at most.
func (n *numbers) wholeDigits() int {
	whole := n.whole
	if n.forms&formInt != 0 {
		for _, v := range [...]int64{n.minInt, n.maxInt} {
			whole = max(whole, len(strings.TrimPrefix(strconv.FormatInt(v, 10), "-")))
		}
	}
	return whole
}

// bounds returns the least and greatest number as the type spells them.
func (n *numbers) bounds(k sqltype.Kind) (lo, hi string) {
	if k == sqltype.Double {
		least, most := n.minFloat, n.maxFloat
		if n.forms&formInt != 0 {
			least, most = min(least, float64(n.minInt)), max(most, float64(n.maxInt))
		}
		return formatFloat(least), formatFloat(most)
	}
	var all []string
	if n.forms&formInt != 0 {
		all = append(all, strconv.FormatInt(n.minInt, 10), strconv.FormatInt(n.maxInt, 10))
	}
	if n.forms&formFloat != 0 { // each keeps its digits, or it would be no formFloat
		all = append(all, strconv.FormatFloat(n.minFloat, 'f', -1, 64), strconv.FormatFloat(n.maxFloat, 'f', -1, 64))
	}
	if n.minExact != "" {
		all = append(all, n.minExact, n.maxExact)
	}
	lo, hi = all[0], all[0]
	for _, s := range all {
		if compareDecimals(s, lo) < 0 {
			lo = s
		}
		if compareDecimals(s, hi) > 0 {
			hi = s
		}
	}
	return lo, hi
}

// formatFloat writes a DOUBLE with the fewest digits that give it back. The sign of zero is left out: DuckDB does not
// order by it.
func formatFloat(f float64) string {
	if f == 0 {
		f = math.Abs(f)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// compareDecimals orders two numbers without exponents.
func compareDecimals(a, b string) int {
	negA, negB := strings.HasPrefix(a, "-"), strings.HasPrefix(b, "-")
	if negA != negB {
		if strings.Trim(a+b, "-0.") == "" { // zeros
			return 0
		}
		return map[bool]int{true: -1, false: 1}[negA]
	}
	wholeA, fracA, _ := strings.Cut(strings.TrimPrefix(a, "-"), ".")
	wholeB, fracB, _ := strings.Cut(strings.TrimPrefix(b, "-"), ".")
	wholeA, wholeB = strings.TrimLeft(wholeA, "0"), strings.TrimLeft(wholeB, "0")
	c := len(wholeA) - len(wholeB)
	if c == 0 {
		c = strings.Compare(wholeA, wholeB)
	}
	if c == 0 {
		c = strings.Compare(strings.TrimRight(fracA, "0"), strings.TrimRight(fracB, "0"))
	}
	if negA {
		return -c
	}
	return c
}
