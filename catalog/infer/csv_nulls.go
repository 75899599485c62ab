package infer

import (
	"fmt"
	"maps"
	"slices"
)

// nulls says which spellings mean NULL in a file, and which columns are VARCHAR only because the spellings cannot mean
// it there.
type nulls struct {
	words   []string // besides the empty cell, sorted
	quoted  bool     // in quotes too
	notices []string
	asText  map[*csvColumn]bool
}

// decideNulls looks at what all columns need. DuckDB takes one list of spellings for the whole file, so a word that is
// text in one column cannot be NULL in another: that one becomes text too.
func decideNulls(columns []*csvColumn) nulls {
	out := nulls{asText: map[*csvColumn]bool{}}
	out.decideQuoted(columns)
	inText := out.wordsInText(columns)
	used := map[string]bool{} // by columns that are no text
	for _, c := range columns {
		for w := range c.words {
			if w == alwaysNull || c.valued() && !out.text(c) {
				used[w] = true
			}
		}
	}
	for w := range used {
		if inText[w] == "" {
			out.words = append(out.words, w)
		}
	}
	slices.Sort(out.words)
	slices.Sort(out.notices)
	return out
}

// text reports whether the column is VARCHAR, as far as it is decided.
func (n *nulls) text(c *csvColumn) bool { return n.asText[c] || c.isText() }

// valued reports whether the column holds anything but NULLs and words that may mean it.
func (c *csvColumn) valued() bool { return c.values+c.quotedEmpty > 0 || c.nan != nil }

// wordsInText maps the words that are text in some column to its name, and makes every other column that holds such a
// word text too. A column of nothing but words has no say.
func (n *nulls) wordsInText(columns []*csvColumn) map[string]string {
	inText := map[string]string{}
	for changed := true; changed; {
		changed = false
		for _, c := range columns {
			for _, w := range slices.Sorted(maps.Keys(c.words)) {
				switch {
				case w == alwaysNull || !c.valued():
				case n.text(c) && inText[w] == "":
					inText[w], changed = c.name, true
				case !n.text(c) && inText[w] != "":
					n.asText[c], changed = true, true
					n.notices = append(n.notices, fmt.Sprintf("column %q is VARCHAR: %s would be a NULL there, but is text in column %q",
						c.name, w, inText[w]))
				}
			}
		}
	}
	return inText
}

// decideQuoted reads "" as NULL if a column that is no text needs it and no quoted word would become NULL with it.
func (n *nulls) decideQuoted(columns []*csvColumn) {
	var need []*csvColumn
	loses, words := "", false
	for _, c := range columns {
		words = words || c.quotedWords > 0
		switch {
		case c.quotedEmpty > 0 && !c.isText():
			need = append(need, c)
		case c.quotedEmpty > 0 && loses == "":
			loses = c.name
		}
	}
	switch {
	case len(need) == 0:
	case words:
		for _, c := range need {
			n.asText[c] = true
			n.notices = append(n.notices, fmt.Sprintf("column %q is VARCHAR because it has empty quotes", c.name))
		}
	default:
		n.quoted = true
		if loses != "" {
			n.notices = append(n.notices, fmt.Sprintf("empty quotes are NULL, also in text such as column %q, because column %q needs it",
				loses, need[0].name))
		}
	}
}

// isNull reports whether an unquoted word means NULL.
func (n *nulls) isNull(word string) bool {
	_, ok := slices.BinarySearch(n.words, word)
	return ok
}
