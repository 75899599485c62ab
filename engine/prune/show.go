package prune

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tarn/catalog/sqltype"
)

// String writes the value as SQL does.
func (v Value) String() string {
	switch v.in {
	case whole:
		return v.showWhole()
	case float:
		return strconv.FormatFloat(v.f, 'g', -1, 64)
	case text:
		if strings.ContainsFunc(v.s, func(r rune) bool { return !unicode.IsPrint(r) }) || !utf8.ValidString(v.s) {
			return strconv.Quote(v.s)
		}
		return sqltype.QuoteText(v.s)
	}
	return "?"
}

// showWhole writes what is kept as an integer.
func (v Value) showWhole() string {
	digits := v.n.String()
	n, small := v.n.int64()
	moment, timely := clock(v.kind)
	if v.kind == sqltype.Time {
		moment, timely = time.UnixMicro, true
	}
	switch {
	case v.kind == sqltype.Decimal && v.scale > 0:
		return point(digits, int(v.scale))
	case v.kind == sqltype.Boolean:
		return strconv.FormatBool(n != 0)
	case !timely || !small:
		return digits
	}
	at := moment(n).UTC()
	layout := map[sqltype.Kind]string{sqltype.Date: "2006-01-02", sqltype.Time: "15:04:05.999999", sqltype.TimestampTZ: "2006-01-02 15:04:05.999999+00"}[v.kind]
	if layout == "" {
		layout = "2006-01-02 15:04:05.999999999"
	}
	if at.Year() < 1 || at.Year() > 9999 {
		return digits
	}
	return "'" + at.Format(layout) + "'"
}

// point puts the point into the digits of a decimal.
func point(digits string, scale int) string {
	digits, negative := strings.CutPrefix(digits, "-")
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale+1-len(digits)) + digits
	}
	digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	if negative {
		return "-" + digits
	}
	return digits
}
