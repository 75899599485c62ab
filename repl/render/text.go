package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"tarn/catalog/sqltype"
)

// cells measures text in terminal cells; it does not depend on the locale, so that output is the same everywhere.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Width is how many cells of a terminal the text takes.
func Width(text string) int {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return cells.StringWidth(text)
		}
	}
	return len(text)
}

// Cut returns text cut to width cells, with … at its end if something is cut off.
func Cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return cells.Truncate(text, width, "…")
}

// Visible returns text without anything that a terminal would obey: control characters are written as \n, \t, \x1B,
// those that reorder text as \u202E, and bytes that are no UTF-8 as \xFF.
func Visible(text string) string {
	for _, r := range text {
		if r == utf8.RuneError || isObeyed(r) {
			return string(appendVisible(nil, text))
		}
	}
	return text
}

func appendVisible(dst []byte, text string) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			dst = fmt.Appendf(dst, `\x%02X`, text[0])
		case !isObeyed(r):
			dst = append(dst, text[:size]...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r < 0x100:
			dst = fmt.Appendf(dst, `\x%02X`, r)
		default:
			dst = fmt.Appendf(dst, `\u%04X`, r)
		}
		text = text[size:]
	}
	return dst
}

// isObeyed reports whether r is a control character, a line break or a mark that changes the direction of text.
func isObeyed(r rune) bool {
	return unicode.IsControl(r) || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// isRight reports whether values of the type are aligned to the right.
func isRight(t sqltype.Type) bool { return t.IsNumeric() }

// TypeName returns the type in the few letters that fit over a column.
func TypeName(t sqltype.Type) string {
	switch t.Kind {
	case sqltype.TimestampTZ:
		return "timestamptz"
	case sqltype.TimeTZ:
		return "timetz"
	case sqltype.Null:
		return "null"
	case sqltype.Decimal:
		return strings.ToLower(t.String())
	case sqltype.List:
		return TypeName(t.Elem()) + "[]"
	case sqltype.Array:
		return fmt.Sprintf("%s[%d]", TypeName(t.Elem()), t.Size)
	}
	return strings.ToLower(t.Kind.String())
}

// Count returns n with its thousands apart and the noun, in the plural unless n is 1.
func Count(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(n) + " " + noun
}

// thousands writes a number with its thousands apart.
func thousands(n int64) string {
	digits := fmt.Sprint(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(digits) - 3; i > first; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Rounded returns n in words of three digits or so, such as 1.23 million, or nothing for what is easily read.
func Rounded(n float64) string {
	for _, unit := range []struct {
		least float64
		name  string
	}{{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}} {
		if math.Abs(n) >= unit.least && math.Abs(n) < 1e16 {
			return strconv.FormatFloat(n/unit.least, 'f', 2, 64) + " " + unit.name
		}
	}
	return ""
}

// Duration returns d with three digits or so: 0.4 ms, 12 ms, 1.24 s, 2 min 5 s.
func Duration(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	s := int(d.Seconds())
	return fmt.Sprintf("%d min %d s", s/60, s%60)
}
