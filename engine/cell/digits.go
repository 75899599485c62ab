package cell

import (
	"math"
	"math/bits"
	"slices"
)

// pairs are the numbers 00 to 99, so that digits are written two at a time.
const pairs = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" + "30313233343536373839" +
	"40414243444546474849" + "50515253545556575859" + "60616263646566676869" + "70717273747576777879" +
	"80818283848586878889" + "90919293949596979899"

// powers are those of ten that a uint64 holds.
var powers = func() (p [20]uint64) {
	p[0] = 1
	for i := range p[1:] {
		p[i+1] = p[i] * 10
	}
	return p
}()

// maxDigits is how long an integer of 64 bits can be, without its sign.
const maxDigits = 20

// AppendInt appends the number in decimal.
func AppendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return AppendUint(append(dst, '-'), -uint64(n))
	}
	return AppendUint(dst, uint64(n))
}

// AppendUint appends the number in decimal.
func AppendUint(dst []byte, n uint64) []byte {
	if n < 10 {
		return append(dst, byte('0'+n))
	}
	width := bits.Len64(n) * 1233 >> 12 // the digits, or one less
	if n >= powers[width] {
		width++
	}
	if cap(dst)-len(dst) < maxDigits {
		dst = slices.Grow(dst, maxDigits)
	}
	end := len(dst) + width
	dst = dst[:end]
	i := end
	for n >= 100 {
		two := n % 100 * 2
		n /= 100
		i -= 2
		dst[i], dst[i+1] = pairs[two], pairs[two+1]
	}
	if n >= 10 {
		dst[i-2], dst[i-1] = pairs[n*2], pairs[n*2+1]
		return dst
	}
	dst[i-1] = byte('0' + n)
	return dst
}

// putDigits fills dst with the last digits of n.
func putDigits(dst []byte, n uint64) {
	i := len(dst)
	for i >= 2 {
		two := n % 100 * 2
		n /= 100
		dst[i-1], dst[i-2] = pairs[two+1], pairs[two]
		i -= 2
	}
	if i == 1 {
		dst[0] = byte('0' + n%10)
	}
}

// The widest and the finest number of those that appendShort takes on: nine digits before the point and six behind.
const (
	shortScale = 1e6
	shortLimit = 1e9
)

// appendShort appends f if it is a decimal of at most 6 places, as most numbers in files are, and reports whether it is.
//
// m/10^6 is rounded correctly by the division, as both numbers are exact; if that gives f, then m/10^6 reads back as f.
// No other decimal of up to 15 digits does, so that this is also the shortest that does.
func appendShort(dst []byte, f float64) ([]byte, bool) {
	abs := math.Abs(f)
	if !(abs < shortLimit && abs >= 1e-4) {
		return dst, false
	}
	m := uint64(abs*shortScale + 0.5)
	if float64(m)/shortScale != abs {
		return dst, false
	}
	if f < 0 {
		dst = append(dst, '-')
	}
	dst = AppendUint(dst, m/shortScale)
	return appendFraction(dst, int64(m%shortScale), shortScale), true
}
