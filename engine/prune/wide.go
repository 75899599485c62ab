package prune

import (
	"cmp"
	"math/big"
	"math/bits"
	"strings"
)

// wide is a signed integer of 128 bits.
type wide struct {
	hi int64
	lo uint64
}

func wideOf(n int64) wide { return wide{n >> 63, uint64(n)} }

func (a wide) compare(b wide) int {
	if a.hi != b.hi {
		return cmp.Compare(a.hi, b.hi)
	}
	return cmp.Compare(a.lo, b.lo)
}

// int64 returns the number and whether it fits.
func (a wide) int64() (int64, bool) { return int64(a.lo), a.hi == int64(a.lo)>>63 }

// plus adds a number; the sum must fit.
func (a wide) plus(n int64) wide {
	b := wideOf(n)
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return wide{a.hi + b.hi + int64(carry), lo}
}

// times multiplies numbers whose product fits.
func (a wide) times(n int64) wide {
	hi, lo := bits.Mul64(a.lo, uint64(n))
	h := int64(hi) + a.hi*n
	if n < 0 {
		h -= int64(a.lo)
	}
	return wide{h, lo}
}

// scaled multiplies by a power of ten, and reports whether the product fits.
func (a wide) scaled(power int) (wide, bool) {
	const limit = 1 << 59 // times ten, |hi| stays below 2^63
	for range power {
		if a.hi >= limit || a.hi < -limit {
			return wide{}, false
		}
		a = a.times(10)
	}
	return a, true
}

// big returns the number at any size.
func (a wide) big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(a.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(a.lo))
}

func (a wide) String() string { return a.big().String() }

// parseWide reads a decimal number with at most scale digits after the point, as the number without its point.
func parseWide(s string, scale int) (wide, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	front, frac, point := strings.Cut(digits, ".")
	if front+frac == "" || point && frac == "" || len(frac) > scale {
		return wide{}, false
	}
	front = strings.TrimLeft(front, "0")
	if len(front)+scale > 38 {
		return wide{}, false
	}
	var n wide
	for _, c := range []byte(front + frac) {
		if c < '0' || c > '9' {
			return wide{}, false
		}
		n = n.times(10).plus(int64(c - '0'))
	}
	n, _ = n.scaled(scale - len(frac))
	if negative {
		n = n.times(-1)
	}
	return n, true
}
