package infer

import (
	"fmt"
	"maps"
	"slices"

	"tarn/catalog/sqltype"
)

// nulls says which spellings mean NULL in a file: everywhere, or in each column of its own where a spelling that is NULL in
// one column is text in another.
type nulls struct {
	words     []string // besides the empty cell, sorted
	quoted    bool     // in quotes too
	byColumn  bool     // words holds only what is NULL everywhere; typed columns have more
	preferred numberStyles
}

// decideNulls looks at what all columns need, and at what the user said.
func decideNulls(columns []*csvColumn, h Hints, delimiter string) nulls {
	out := nulls{preferred: provenStyles(columns, h, delimiter)}
	used, kept := map[string]bool{}, map[string]bool{} // as NULL, as text
	needQuoted, keepQuoted := false, false
	for _, c := range columns {
		switch text := out.text(c); {
		case !c.valued():
		case text:
			for w := range c.words {
				kept[w] = !c.alwaysNull(w)
			}
			keepQuoted = keepQuoted || c.quotedEmpty > 0 || c.quotedWords > 0
		default:
			for w := range c.words {
				used[w] = true
			}
			needQuoted = needQuoted || c.quotedEmpty > 0
			keepQuoted = keepQuoted || c.quotedWords > 0
		}
		for w := range c.words {
			used[w] = used[w] || c.alwaysNull(w)
		}
	}
	out.byColumn = needQuoted && keepQuoted
	for w := range used {
		out.byColumn = out.byColumn || used[w] && kept[w]
	}
	out.quoted = needQuoted && !out.byColumn
	for _, w := range slices.Sorted(maps.Keys(used)) {
		if used[w] && (!out.byColumn || !kept[w] && slices.ContainsFunc(columns, func(c *csvColumn) bool { return c.words[w] > 0 && c.alwaysNull(w) })) {
			out.words = append(out.words, w)
		}
	}
	return out
}

// provenStyles returns the number styles that the user gave or that some columns prove, and decides the order of dates
// where the user did.
func provenStyles(columns []*csvColumn, h Hints, delimiter string) (styles numberStyles) {
	for _, c := range columns {
		styles |= c.proves()
		if c.dates != nil && h.DateLayout != "" && c.dates.orders&orderOf(h.DateLayout) != 0 {
			c.dates.orders = orderOf(h.DateLayout)
		}
	}
	switch {
	case h.Decimal == ",":
		return decimalComma | proven
	case h.Decimal == "." || h.Thousands == ",":
		return decimalPoint | proven
	case styles != 0:
		return styles | proven
	case delimiter == ",": // whoever writes fractions with a comma separates columns with something else
		return decimalPoint
	case delimiter == ";" || slices.ContainsFunc(columns, (*csvColumn).leavesComma):
		return pointOpen
	}
	return 0
}

// leavesComma reports whether a comma in the column's numbers may be either mark.
func (c *csvColumn) leavesComma() bool {
	return !c.text && c.styled != nil && c.styled.alive&decimalComma != 0 && c.styled.alive&decimalPoint != 0
}

// alwaysNull reports whether a word is NULL whatever else the column holds: in dumps of MySQL and PostgreSQL, or because
// the user said so.
func (c *csvColumn) alwaysNull(w string) bool { return w == alwaysNull || c.nulls[w] }

// text reports whether the column is VARCHAR.
func (n *nulls) text(c *csvColumn) bool {
	t, _, _ := c.kind(n.preferred)
	return t.Kind == sqltype.Varchar
}

// valued reports whether the column holds anything but NULLs and words that may mean it.
func (c *csvColumn) valued() bool { return c.values+c.quotedEmpty+c.blank > 0 || c.nan != nil }

// isNull reports whether an unquoted word means NULL in the whole file.
func (n *nulls) isNull(word string) bool {
	_, ok := slices.BinarySearch(n.words, word)
	return ok
}

// own returns the spellings of NULL that only this column of a type has.
func (n *nulls) own(c *csvColumn) []string {
	if !n.byColumn {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.words)), n.isNull)
}

// count returns how many cells of the column are NULL, if it is text or of another type.
func (n *nulls) count(c *csvColumn, text bool) int64 {
	sum := c.empty
	for w, times := range c.words {
		if n.isNull(w) || !text {
			sum += times
		}
	}
	if n.quoted || !text {
		sum += c.quotedEmpty
	}
	if !text {
		sum += c.blank
	}
	return sum
}

// keptNotice tells of words that look like NULL and stay text.
func (n *nulls) keptNotice(c *csvColumn) string {
	for _, w := range []string{"NULL", "null", "Null", "None", "N/A", "#N/A"} {
		if times := c.words[w]; times > 0 && !n.isNull(w) {
			return fmt.Sprintf("column %q is text, so its %s %q stay text too", c.name, counted(times, "cell", "cells"), w)
		}
	}
	return ""
}
