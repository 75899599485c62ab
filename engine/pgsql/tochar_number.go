package pgsql

import (
	"fmt"
	"math/big"
	"strings"
)

// numberFormat is a format of to_char for numbers, table 9.29 of PostgreSQL's manual.
type numberFormat struct {
	items       []string // 9, 0, G, D, L, or a text in quotes
	whole, part int      // digits in front of the point and behind
	fill        bool     // no FM
	sign        string   // S, MI, PR or empty
	signBehind  bool
	ordinal     string // th, TH or empty
	roman       bool
}

var numberPatterns = []string{"FM", "RN", "PR", "MI", "SG", "PL", "TH", "EEEE", "S", "V", "9", "0", ".", "D", ",", "G", "L"}

func parseNumberFormat(format string) (numberFormat, error) {
	f := numberFormat{fill: true}
	point := false
next:
	for i := 0; i < len(format); {
		if format[i] == '"' {
			text, _, _ := strings.Cut(format[i+1:], `"`)
			f.items = append(f.items, `"`+text)
			i = min(i+len(text)+2, len(format))
			continue
		}
		for _, p := range numberPatterns {
			if len(format)-i < len(p) || !strings.EqualFold(format[i:i+len(p)], p) {
				continue
			}
			if err := f.add(p, format[i:i+len(p)], &point); err != nil {
				return f, err
			}
			i += len(p)
			continue next
		}
		f.items = append(f.items, `"`+format[i:i+1])
		i++
	}
	return f, nil
}

// add notes one pattern.
func (f *numberFormat) add(p, written string, point *bool) error {
	switch p {
	case "FM":
		f.fill = false
	case "RN":
		f.roman = true
	case "TH":
		f.ordinal = written
	case "S", "MI", "PR":
		f.sign, f.signBehind = p, f.whole+f.part > 0
	case "9", "0":
		f.items = append(f.items, p)
		if *point {
			f.part++
		} else {
			f.whole++
		}
	case ".", "D":
		if *point {
			return fmt.Errorf("multiple decimal points")
		}
		*point = true
		f.items = append(f.items, "D")
	case ",", "G":
		f.items = append(f.items, "G")
	case "L":
		f.items = append(f.items, "L")
	default:
		return fmt.Errorf("to_char does not know the pattern %q of numbers", written)
	}
	return nil
}

// numberToChar writes a number in a format.
func numberToChar(text, format string) (string, error) {
	f, err := parseNumberFormat(format)
	if err != nil {
		return "", err
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return strings.Repeat("#", len(format)), nil // NaN and the infinities
	}
	if f.roman {
		return f.writeRoman(n), nil
	}
	digits := new(big.Rat).Abs(n).FloatString(f.part)
	whole, part, _ := strings.Cut(digits, ".")
	if whole == "0" {
		whole = ""
	}
	negative := n.Sign() < 0 && strings.Trim(digits, "0.") != ""
	if len(whole) > f.whole {
		whole, part = strings.Repeat("#", f.whole), strings.Repeat("#", f.part)
	}
	return f.write(whole, part, negative), nil
}

// write puts the digits into their places.
func (f *numberFormat) write(whole, part string, negative bool) string {
	var b strings.Builder
	pending, left, begun := f.leading(negative), f.whole, false // pending is the sign, which stands in front of the first digit
	begin := func() {
		if !begun {
			b.WriteString(pending)
			begun = true
		}
	}
	shown, behind := f.lastShown(part), 0
	point := false
	for _, item := range f.items {
		switch {
		case item[0] == '"':
			b.WriteString(item[1:])
		case item == "L":
			b.WriteString(" ")
		case item == "D":
			begin()
			b.WriteByte('.')
			point = true
		case item == "G" && begun:
			b.WriteByte(',')
		case item == "G":
			f.blank(&b)
		case point:
			if behind < shown {
				b.WriteByte(part[behind])
			}
			behind++
		default:
			if left <= len(whole) {
				begin()
				b.WriteByte(whole[len(whole)-left])
			} else if item == "0" || begun || left == 1 && (f.part == 0 || !f.fill && shown == 0) {
				begin()
				b.WriteByte('0')
			} else {
				f.blank(&b)
			}
			left--
		}
	}
	begin()
	return b.String() + f.trailing(whole, negative)
}

// blank keeps the place of a digit that is not there.
func (f *numberFormat) blank(b *strings.Builder) {
	if f.fill {
		b.WriteByte(' ')
	}
}

// lastShown returns how many digits behind the point are shown: with FM, none of the zeros at the end that stand for a 9.
func (f *numberFormat) lastShown(part string) int {
	shown := len(part)
	if f.fill {
		return shown
	}
	for i := len(f.items) - 1; i >= 0 && shown > 0; i-- {
		switch f.items[i] {
		case "9":
			if part[shown-1] != '0' {
				return shown
			}
			shown--
		case "0", "D":
			return shown
		}
	}
	return shown
}

// leading is the sign in front of the first digit.
func (f *numberFormat) leading(negative bool) string {
	switch {
	case f.sign == "S" && !f.signBehind && negative:
		return "-"
	case f.sign == "S" && !f.signBehind:
		return "+"
	case f.sign == "S", f.sign == "MI" && f.signBehind:
		return ""
	case f.sign == "PR" && negative:
		return "<"
	case negative:
		return "-"
	case f.fill:
		return " "
	}
	return ""
}

// trailing is what stands behind the digits.
func (f *numberFormat) trailing(whole string, negative bool) string {
	switch {
	case f.sign == "S" && f.signBehind && negative, f.sign == "MI" && f.signBehind && negative:
		return "-"
	case f.sign == "S" && f.signBehind:
		return "+"
	case f.sign == "PR" && negative:
		return ">"
	case (f.sign == "MI" && f.signBehind || f.sign == "PR") && f.fill:
		return " "
	case f.ordinal != "" && !negative:
		th := ordinal(whole)
		if f.ordinal == "TH" {
			th = strings.ToUpper(th)
		}
		return th
	}
	return ""
}

// writeRoman writes 1 to 3999 in Roman digits.
func (f *numberFormat) writeRoman(n *big.Rat) string {
	const width = 15
	whole := new(big.Int).Quo(n.Num(), n.Denom()).Int64()
	if !n.IsInt() {
		fmt.Sscan(n.FloatString(0), &whole)
	}
	if whole < 1 || whole > 3999 {
		return strings.Repeat("#", width)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int64
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; whole >= r.value; whole -= r.value {
			b.WriteString(r.text)
		}
	}
	if f.fill && b.Len() < width {
		return strings.Repeat(" ", width-b.Len()) + b.String()
	}
	return b.String()
}

// toNumber is to_number(text, format): the number as text.
func toNumber(args []string) (string, bool, error) {
	text, format := args[0], strings.ToUpper(args[1])
	var b strings.Builder
	negative := false
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case c == '.' && strings.ContainsAny(format, ".D"):
			b.WriteRune(c)
		case c == '-' || c == '<':
			negative = true
		}
	}
	digits := b.String()
	if strings.Trim(digits, ".") == "" {
		return "", false, fmt.Errorf("invalid input syntax for type numeric: %q", text)
	}
	if negative {
		digits = "-" + digits
	}
	return digits, true, nil
}
