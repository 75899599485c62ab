package infer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
)

// result describes the column. The notices say why it is VARCHAR although it hardly looks it, and what stays text.
func (c *csvColumn) result(n nulls) (out Column, notices []string) {
	t, form, why := c.kind(n.preferred)
	text := t.Kind == sqltype.Varchar
	if why != "" {
		notices = append(notices, fmt.Sprintf("column %q is VARCHAR because %s", c.name, why))
	}
	out = Column{Name: c.name, Type: t, Stats: Stats{Nulls: n.count(c, text)}, Proof: c.proof}
	if c.distinct != nil && c.values > 0 {
		out.Stats.Distinct = min(c.distinct.estimate(), c.values)
	}
	if c.dates != nil {
		out.Proof = Proof{c.dates.line, c.dates.value}
	}
	if !text {
		form.Nulls = n.own(c)
		form.NoQuoted = n.byColumn && c.quotedEmpty > 0
		form.Trim = c.padded || c.blank > 0
	} else if kept := n.keptNotice(c); kept != "" {
		notices = append(notices, kept)
	}
	if !c.valued() && len(c.words) > 0 && out.Stats.Nulls < c.empty+c.countWords() {
		form.Doubt, form.Nulls = NullDoubt, slices.Sorted(maps.Keys(c.words))
	}
	if !form.empty() {
		out.Text = &form
	}
	if lo, hi, ok := c.bounds(t.Kind, form, n); ok && strings.IndexByte(lo+hi, 0) < 0 { // SQL text cannot spell it
		out.Stats.HasMinMax, out.Stats.Min, out.Stats.Max = true, lo, hi
	}
	return out, notices
}

// countWords counts the cells that may mean NULL.
func (c *csvColumn) countWords() (n int64) {
	for _, times := range c.words {
		n += times
	}
	return n
}

// empty reports whether the form says nothing.
func (f *TextForm) empty() bool { return f.Plain() && f.Layout == "" && f.Doubt == "" }

// bounds returns the least and greatest value as text; ok is false if there is none or they are not known.
func (c *csvColumn) bounds(k sqltype.Kind, form TextForm, n nulls) (lo, hi string, ok bool) {
	if k == sqltype.Varchar {
		return c.textBounds(n)
	}
	if c.forms == 0 || c.nan != nil {
		return "", "", false
	}
	switch k {
	case sqltype.Boolean:
		return strconv.FormatBool(c.forms&formFalse == 0), strconv.FormatBool(c.forms&formTrue != 0), true
	case sqltype.BigInt, sqltype.HugeInt, sqltype.Double, sqltype.Decimal:
		if c.styled != nil {
			i, _ := c.styled.choose(n.preferred)
			lo, hi = c.styled.by[i].bounds(k)
		} else {
			lo, hi = c.numbers.bounds(k)
		}
		return lo, hi, true
	case sqltype.UUID:
		return string(c.span.min), string(c.span.max), true
	}
	from, to := c.from, c.to
	if c.dates != nil {
		i := orderPlace(c.dates.orders)
		from, to = c.dates.from[i], c.dates.to[i]
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
	return from.format(layout), to.format(layout), true
}

// textBounds returns the bounds of a VARCHAR column, among them the words and empty quotes that are no NULLs.
func (c *csvColumn) textBounds(n nulls) (lo, hi string, ok bool) {
	if c.partial || c.blank > 0 || !c.text && c.forms != 0 {
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
