package complete

import (
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// Named is a function or a setting of the engine's, and what to know of it.
type Named struct{ Name, Note string }

// rank says how well a word goes on from what was typed: 0 it begins so, 1 a part of it does, 2 the letters are in it in
// their order, 3 it does not.
func rank(word, typed string) int {
	if len(word) >= len(typed) && strings.EqualFold(word[:len(typed)], typed) {
		return 0
	}
	if len(typed) < 2 {
		return 3
	}
	w, t := strings.ToLower(word), strings.ToLower(typed)
	switch {
	case strings.Contains(w, t):
		return 1
	}
	rest := w
	for i, c := range t {
		n := strings.IndexRune(rest, c)
		if n < 0 || i == 0 && n > 0 {
			return 3 // the first letter is nearly always right
		}
		rest = rest[n+len(string(c)):]
	}
	return 2
}

// Paths completes the path of a file, which begins after the quote or blank at start.
func Paths(before string, start int) Candidates {
	typed := before[start:]
	dir, base := filepath.Split(typed)
	look := dir
	if rest, ok := strings.CutPrefix(dir, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			look = filepath.Join(home, rest)
		}
	}
	if look == "" {
		look = "."
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return Candidates{Start: start} // what is no folder has no files
	}
	found := &collector{prefix: base}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && !strings.HasPrefix(base, ".") || strings.ContainsFunc(name, unicode.IsControl) {
			continue
		}
		if info, err := os.Stat(filepath.Join(look, name)); err == nil && info.IsDir() {
			name += "/"
		}
		found.plain(strings.ReplaceAll(name, "'", "''"))
	}
	return Candidates{Start: len(before) - len(base), Words: found.sorted()}
}

// quoted returns where the text in single quotes begins that before ends in.
func quoted(before string, tokens []sqltext.Token) (int, bool) {
	if len(tokens) == 0 {
		return 0, false
	}
	t := tokens[len(tokens)-1]
	if !t.Open || t.Kind != sqltext.String || before[t.Start] != '\'' {
		return 0, false
	}
	return t.Start + 1, true
}

// joins adds the conditions that join the last table to those before it, by columns of the same name, or of a table's name
// and id, and of types that are alike.
func (c *collector) joins(sources []source) {
	if len(sources) < 2 {
		return
	}
	last := sources[len(sources)-1]
	if last.table == nil {
		return
	}
	for _, s := range sources[:len(sources)-1] {
		if s.table == nil {
			continue
		}
		for _, a := range s.table.Columns {
			for _, b := range last.table.Columns {
				if isKey(a, b, s.table.Name, last.table.Name) && (a.Type.Equal(b.Type) || a.Type.IsNumeric() && b.Type.IsNumeric()) {
					c.plain(qualify(s.alias, a.Name) + " = " + qualify(last.alias, b.Name))
				}
			}
		}
	}
}

func isKey(a, b catalog.Column, left, right string) bool {
	x, y := strings.ToLower(a.Name), strings.ToLower(b.Name)
	return x == y || pointsTo(x, left, y, right) || pointsTo(y, right, x, left)
}

// pointsTo reports whether a column such as customer_id points to the column id of customers.
func pointsTo(column, _, key, table string) bool {
	one := strings.TrimSuffix(strings.ToLower(table), "s")
	return key == "id" && (column == one+"_id" || column == one+"id" || column == strings.ToLower(table)+"_id")
}

func qualify(alias, column string) string { return name(alias) + "." + name(column) }

func name(s string) string {
	if needsQuotes(s) {
		return sqltype.QuoteName(s)
	}
	return s
}

// lastWord returns the last token in lower case, or nothing.
func lastWord(sql string, tokens []sqltext.Token) string {
	if len(tokens) == 0 {
		return ""
	}
	return strings.ToLower(tokens[len(tokens)-1].Text(sql))
}

// valueAfter are the words that a value follows, such as a column.
var valueAfter = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("select distinct where and or not by on having qualify when then else case between in like ilike is set using returning limit offset from") {
		m[w] = true
	}
	return m
}()

// beginsValue reports whether a value can begin behind the tokens: not behind another value, where a keyword goes on.
func beginsValue(sql string, tokens []sqltext.Token) bool {
	if len(tokens) == 0 {
		return false
	}
	switch t := tokens[len(tokens)-1]; t.Kind {
	case sqltext.Operator:
		return t.Text(sql) != ")" && t.Text(sql) != "]"
	case sqltext.Word:
		return valueAfter[t.Name(sql)]
	}
	return false
}

// fitting adds keywords in the case of the prefix, or, if there is none, in that of the last keyword before.
func (c *collector) fitting(words []string, before string) {
	typed := c.prefix
	for _, t := range sqltext.Tokens(before) {
		if text := t.Text(before); c.prefix == "" && t.Kind == sqltext.Word && reserved[strings.ToLower(text)] {
			typed = text
		}
	}
	for _, w := range words {
		if typed != "" && typed == strings.ToUpper(typed) {
			w = strings.ToUpper(w)
		}
		c.plain(w)
	}
}

// names adds functions or settings with what to know of them.
func (c *collector) names(all []Named) {
	if c.notes == nil {
		c.notes = map[string]string{}
	}
	upper := c.prefix != "" && c.prefix == strings.ToUpper(c.prefix)
	for _, n := range all {
		word := n.Name
		if upper {
			word = strings.ToUpper(word)
		}
		c.plain(word)
		c.notes[word] = n.Note
	}
}
