package infer

import (
	"bytes"
	"net/netip"
)

// numberStyles is a set of ways to write numbers.
type numberStyles uint8

const (
	stylePlain      numberStyles = 1 << iota // 1234.5
	styleComma                               // 1,234.5
	stylePoint                               // 1.234,5
	styleSpace                               // 1 234,5
	styleSpacePoint                          // 1 234.5
	styleApostrophe                          // 1'234.5

	styleCount = iota

	// What is known besides of a file's styles: that the data or the user prove them, or that points between groups of three
	// digits are open.
	proven    = 1 << 6
	pointOpen = 1 << 7
	allStyles = proven - 1

	// Those in which a comma, or a point, begins the fraction.
	decimalComma = stylePoint | styleSpace
	decimalPoint = stylePlain | styleComma | styleSpacePoint | styleApostrophe
)

// numberMarks are the marks of each style: between groups of three digits, and before the fraction.
var numberMarks = [styleCount]struct{ thousands, decimal byte }{{0, '.'}, {',', '.'}, {'.', ','}, {' ', ','}, {' ', '.'}, {'\'', '.'}}

// thinSpaces are the other spaces that stand for the one between groups.
var thinSpaces = [][]byte{[]byte("\u00a0"), []byte("\u202f"), []byte("\u2009"), []byte("’")}

// stylesOf returns the styles in which s is a number without an exponent, and without zeros that lead.
func stylesOf(s []byte) numberStyles {
	var buf [48]byte
	if s = oneByteMarks(buf[:0], s); len(s) == 0 || len(s) > 40 {
		return 0
	}
	var out numberStyles
	for i, m := range numberMarks {
		if numberIn(s, m.thousands, m.decimal) {
			out |= 1 << i
		}
	}
	if out == stylePoint && isAddress(s) {
		return 0
	}
	return out
}

// isAddress reports whether s is an IPv4 address, whose parts may look like groups of three digits.
func isAddress(s []byte) bool {
	a, err := netip.ParseAddr(string(s))
	return err == nil && a.Is4()
}

// oneByteMarks writes s with marks of one byte each: thin spaces as a space, ’ as '. It returns s itself if there are none.
func oneByteMarks(dst, s []byte) []byte {
	if len(s) > 60 || bytes.IndexByte(s, 0xc2) < 0 && bytes.IndexByte(s, 0xe2) < 0 {
		return s
	}
next:
	for len(s) > 0 {
		for _, t := range thinSpaces {
			if bytes.HasPrefix(s, t) {
				if dst = append(dst, ' '); t[len(t)-1] == 0x99 {
					dst[len(dst)-1] = '\''
				}
				s = s[len(t):]
				continue next
			}
		}
		dst, s = append(dst, s[0]), s[1:]
	}
	return dst
}

// numberIn reports whether s is a number with these marks.
func numberIn(s []byte, thousands, decimal byte) bool {
	if s[0] == '-' {
		s = s[1:]
	}
	digits := 0 // since the start, or the last mark
	groups := false
	for i, c := range s {
		switch {
		case c-'0' <= 9:
			digits++
		case c == thousands && thousands != 0:
			if digits == 0 || digits > 3 || groups && digits != 3 {
				return false
			}
			groups, digits = true, 0
		case c == decimal:
			if digits == 0 || groups && digits != 3 || len(s) == i+1 {
				return false
			}
			return isFraction(s[i+1:]) && (s[0] != '0' || i == 1)
		default:
			return false
		}
	}
	return digits > 0 && (!groups || digits == 3) && (s[0] != '0' || len(s) == 1)
}

// isFraction reports whether s is digits, maybe with an exponent behind them.
func isFraction(s []byte) bool {
	for i, c := range s {
		if c|0x20 == 'e' && i > 0 {
			_, ok := jsonExponent(s[i:])
			return ok
		}
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// plainNumber writes the number s, which has these marks, without groups and with a point.
func plainNumber(dst, s []byte, thousands, decimal byte) []byte {
	var buf [48]byte
	for _, c := range oneByteMarks(buf[:0], s) {
		switch c {
		case thousands:
		case decimal:
			dst = append(dst, '.')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// styledNumbers is what the numbers of a column say in every style in which all of them are numbers.
type styledNumbers struct {
	alive numberStyles
	by    [styleCount]numbers
}

// newStyled begins with the plain numbers so far.
func newStyled(n numbers) *styledNumbers {
	out := &styledNumbers{alive: 1<<styleCount - 1}
	if n.forms&^(formInt|formWide) != 0 {
		out.alive = decimalPoint
	}
	for i := range out.by {
		out.by[i] = n
	}
	return out
}

// add takes one cell. It returns false if no style is left.
func (t *styledNumbers) add(s []byte) bool {
	if t.alive &= stylesOf(s); t.alive == 0 {
		return false
	}
	var buf [64]byte
	for i, m := range numberMarks {
		if t.alive&(1<<i) == 0 {
			continue
		}
		plain := plainNumber(buf[:0], s, m.thousands, m.decimal)
		v := valueOf(plain)
		if v.form&formNumbers == 0 {
			if t.alive &^= 1 << i; t.alive == 0 {
				return false
			}
			continue
		}
		t.by[i].add(v, plain)
	}
	return true
}

// choose returns the place of the style that the column has; preferred are those that other columns of the file prove.
// ok is false if it may be one of several that read the numbers differently.
func (t *styledNumbers) choose(preferred numberStyles) (place int, ok bool) {
	alive := t.alive
	if alive&decimalComma != 0 && alive&decimalPoint != 0 {
		if alive &= preferred; alive == 0 || alive&decimalComma != 0 && alive&decimalPoint != 0 {
			return 0, false
		}
	}
	for i := range styleCount {
		if alive&(1<<i) != 0 {
			return i, true
		}
	}
	return 0, false
}
