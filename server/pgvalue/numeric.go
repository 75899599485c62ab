package pgvalue

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// The sign words of a binary numeric (src/backend/utils/adt/numeric.c).
const (
	numericPositive = 0x0000
	numericNegative = 0x4000
	numericNaN      = 0xc000
	numericPosInf   = 0xd000
	numericNegInf   = 0xf000
)

// appendNumeric appends the binary numeric of a plain decimal text: the count of base-10000 digits, the weight of the
// first, the sign, the digits after the point, and the base-10000 digits without leading and trailing zeros.
func appendNumeric(dst []byte, text []byte, f *faults) []byte {
	sign := uint16(numericPositive)
	if len(text) > 0 && text[0] == '-' {
		sign, text = numericNegative, text[1:]
	}
	whole, fraction, _ := bytes.Cut(text, []byte{'.'})
	if len(whole) > 4*0x7fff {
		f.fail("a number has more digits than PostgreSQL's numeric holds")
		return dst
	}
	header := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
	first := len(dst)
	weight := (len(whole)+3)/4 - 1
	for i := (len(whole)+3)/4*4 - len(whole); len(whole) > 0; i = 0 {
		n := min(4-i, len(whole))
		dst = appendGroup(dst, whole[:n], first, &weight)
		whole = whole[n:]
	}
	scale := len(fraction)
	var pad [4]byte
	for len(fraction) > 0 {
		n := copy(pad[:], fraction)
		for k := n; k < 4; k++ {
			pad[k] = '0'
		}
		dst = appendGroup(dst, pad[:], first, &weight)
		fraction = fraction[n:]
	}
	for len(dst) > first && dst[len(dst)-1] == 0 && dst[len(dst)-2] == 0 {
		dst = dst[:len(dst)-2]
	}
	if len(dst) == first {
		weight, sign = 0, numericPositive
	}
	be.PutUint16(dst[header:], uint16((len(dst)-first)/2))
	be.PutUint16(dst[header+2:], uint16(weight))
	be.PutUint16(dst[header+4:], sign)
	be.PutUint16(dst[header+6:], uint16(scale))
	return dst
}

// appendGroup appends up to four decimal digits as one base-10000 digit; a leading zero only lowers the weight.
func appendGroup(dst, digits []byte, first int, weight *int) []byte {
	n := uint16(0)
	for _, d := range digits {
		n = n*10 + uint16(d-'0')
	}
	if n == 0 && len(dst) == first {
		*weight--
		return dst
	}
	return be.AppendUint16(dst, n)
}

// readNumeric returns the decimal text of a binary numeric.
func readNumeric(b []byte) (string, error) {
	if len(b) < 8 {
		return "", errors.New("a binary numeric has at least 8 bytes")
	}
	count, weight := int(be.Uint16(b)), int(int16(be.Uint16(b[2:])))
	sign, scale := be.Uint16(b[4:]), int(be.Uint16(b[6:]))
	switch sign {
	case numericNaN:
		return "NaN", nil
	case numericPosInf:
		return "Infinity", nil
	case numericNegInf:
		return "-Infinity", nil
	case numericPositive, numericNegative:
	default:
		return "", fmt.Errorf("a binary numeric has the unknown sign %#x", sign)
	}
	if len(b) != 8+2*count || scale > 0x3fff {
		return "", fmt.Errorf("a binary numeric of %d digits does not have %d bytes", count, len(b))
	}
	digit := func(i int) (int, error) { // of weight `weight - i`
		if i < 0 || i >= count {
			return 0, nil
		}
		d := int(be.Uint16(b[8+2*i:]))
		if d > 9999 {
			return 0, fmt.Errorf("a binary numeric has the digit %d", d)
		}
		return d, nil
	}
	var out []byte
	for i := 0; i <= weight; i++ {
		d, err := digit(i)
		if err != nil {
			return "", err
		}
		out = appendDigits(out, d, i > 0)
	}
	if weight < 0 {
		out = append(out, '0')
	}
	whole := len(out)
	out = append(out, '.')
	for i := weight + 1; len(out)-whole-1 < scale; i++ {
		d, err := digit(i)
		if err != nil {
			return "", err
		}
		out = appendDigits(out, d, true)
	}
	out = out[:whole+1+scale]
	if scale == 0 {
		out = out[:whole]
	}
	if sign == numericNegative {
		return "-" + string(out), nil
	}
	return string(out), nil
}

// appendDigits appends a base-10000 digit, filled up to four decimal ones if full.
func appendDigits(dst []byte, d int, full bool) []byte {
	if full {
		for limit := 1000; limit > 1 && d < limit; limit /= 10 {
			dst = append(dst, '0')
		}
	}
	return strconv.AppendInt(dst, int64(d), 10)
}
