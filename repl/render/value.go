package render

import (
	"strings"

	"tarn/catalog/sqltype"
)

// nullSign is what NULL is in formats for people, unless the user chose another sign.
const nullSign = "NULL"

// shown returns the value of column c in a row for people: all of it, fit for a terminal. NULL is the sign for it; a text that
// spells the sign stands in quotes, so that the two differ without colours too: NULL is NULL, 'NULL' is a text of four letters.
func (t *table) shown(c, row int) string {
	sign := t.opts.null(nullSign)
	if t.isNull(c, row) {
		return Visible(sign)
	}
	t.text = t.style.Append(t.text[:0], t.columns[c].Type, t.arrays[c], row)
	return Visible(apart(string(t.text), sign, t.columns[c].Type.Kind))
}

// apart puts a text that could be taken for the sign of NULL, or for a text so quoted, in quotes.
func apart(text, sign string, kind sqltype.Kind) string {
	if len(text) < len(sign) || !hasFreeText(kind) {
		return text
	}
	if strings.Trim(text, "'") != strings.Trim(sign, "'") {
		return text
	}
	return "'" + text + "'"
}
