package infer

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
)

// result describes the column. notice says why it is VARCHAR although it hardly looks it; it is empty otherwise.
func (c *csvColumn) result(n nulls) (out Column, notice string) {
	k, why := c.kind()
	if n.asText[c] {
		k, why = sqltype.Varchar, ""
	}
	if why != "" {
		notice = fmt.Sprintf("column %q is VARCHAR because %s", c.name, why)
	}
	out = Column{Name: c.name, Type: sqltype.Of(k), Stats: Stats{Nulls: c.empty}}
	if n.quoted {
		out.Stats.Nulls += c.quotedEmpty
	}
	for w, count := range c.words {
		if n.isNull(w) {
			out.Stats.Nulls += count
		}
	}
	lo, hi, ok := c.bounds(k, n)
	if ok && strings.IndexByte(lo+hi, 0) < 0 { // SQL text cannot spell it
		out.Stats.HasMinMax, out.Stats.Min, out.Stats.Max = true, lo, hi
	}
	return out, notice
}

// bounds returns the least and greatest value as text; ok is false if there is none or they are not known.
func (c *csvColumn) bounds(k sqltype.Kind, n nulls) (lo, hi string, ok bool) {
	if k == sqltype.Varchar {
		return c.textBounds(n)
	}
	if c.forms == 0 || c.nan != nil {
		return "", "", false
	}
	switch k {
	case sqltype.Boolean:
		return strconv.FormatBool(c.forms&formFalse == 0), strconv.FormatBool(c.forms&formTrue != 0), true
	case sqltype.BigInt:
		return strconv.FormatInt(c.minInt, 10), strconv.FormatInt(c.maxInt, 10), true
	case sqltype.HugeInt:
		lo, hi = c.wideBounds()
		return lo, hi, true
	case sqltype.Double:
		least, most := c.minFloat, c.maxFloat
		if c.forms&formInt != 0 {
			least, most = min(least, float64(c.minInt)), max(most, float64(c.maxInt))
		}
		return formatFloat(least), formatFloat(most), true
	case sqltype.UUID:
		return string(c.span.min), string(c.span.max), true
	}
	layout := jsonFraction
	switch k {
	case sqltype.Date:
		layout = "2006-01-02"
	case sqltype.Time:
		layout = "15:04:05.999999"
	case sqltype.TimestampTZ:
		layout += "+00"
	}
	return c.from.format(layout), c.to.format(layout), true
}

// formatFloat writes a DOUBLE with the fewest digits that give it back. The sign of zero is left out: DuckDB does not
// order by it.
func formatFloat(f float64) string {
	if f == 0 {
		f = math.Abs(f)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// wideBounds returns the bounds of integers of which some are formWide.
func (c *csvColumn) wideBounds() (lo, hi string) {
	lo, hi = c.minWide, c.maxWide
	if c.forms&formInt == 0 {
		return lo, hi
	}
	if s := strconv.FormatInt(c.minInt, 10); jsonCompareInts(s, lo) < 0 {
		lo = s
	}
	if s := strconv.FormatInt(c.maxInt, 10); jsonCompareInts(s, hi) > 0 {
		hi = s
	}
	return lo, hi
}

// textBounds returns the bounds of a VARCHAR column, among them the words and empty quotes that are no NULLs.
func (c *csvColumn) textBounds(n nulls) (lo, hi string, ok bool) {
	if c.partial || !c.text && c.forms != 0 {
		return "", "", false
	}
	all := c.span
	for _, words := range []map[string]int64{c.words, c.nan} {
		for w := range words {
			if !n.isNull(w) {
				all.add([]byte(w))
			}
		}
	}
	if c.quotedEmpty > 0 && !n.quoted {
		all.add(nil)
	}
	return string(all.min), string(all.max), all.some && !all.long
}
