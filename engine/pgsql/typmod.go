package pgsql

import (
	"strings"

	"tarn/engine/sqltext"
)

// Sized tells which of n columns of a statement's result have a precision in PostgreSQL: columns of tables, and casts to
// a type with one. Results of functions, operators and constants have none, though DuckDB knows one. What is not
// understood counts as a column.
func Sized(sql string, n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	items := selected(sql)
	for i := 0; i < n && i < len(items) && !items[i].star; i++ {
		out[i] = items[i].sized
	}
	for i := 1; i <= n && i <= len(items) && !items[len(items)-i].star; i++ { // stars may stand for any number
		out[n-i] = items[len(items)-i].sized
	}
	return out
}

// selectItem is one column, or some, of a select list.
type selectItem struct{ star, sized bool }

// selected goes through the first select list that is not in brackets; nil if there is none.
func selected(sql string) (items []selectItem) {
	var item []sqltext.Token
	depth, in := 0, false
	for _, t := range sqltext.Tokens(sql) {
		text := strings.ToUpper(t.Text(sql))
		switch {
		case t.Kind == sqltext.Comment || t.Kind == sqltext.Semicolon:
			continue
		case text == "(" || text == "[":
			depth++
		case text == ")" || text == "]":
			depth--
		case depth > 0:
		case t.Kind == sqltext.Word && text == "SELECT" && !in:
			in = true
			continue
		case t.Kind == sqltext.Word && in && ends[text]:
			return append(items, classify(sql, item))
		case text == "," && in:
			items, item = append(items, classify(sql, item)), nil
			continue
		}
		if in {
			item = append(item, t)
		}
	}
	if !in {
		return nil
	}
	return append(items, classify(sql, item))
}

// classify looks at the tokens of one item.
func classify(sql string, item []sqltext.Token) selectItem {
	upper := func(i int) string {
		if i < 0 || i >= len(item) {
			return ""
		}
		return strings.ToUpper(item[i].Text(sql))
	}
	isName := func(i int) bool {
		return i >= 0 && i < len(item) && (item[i].Kind == sqltext.Word || item[i].Kind == sqltext.QuotedWord)
	}
	if upper(0) == "*" || upper(0) == "COLUMNS" || upper(1) == "." && upper(2) == "*" {
		return selectItem{star: true, sized: true}
	}
	n := len(item)
	if n >= 3 && upper(n-2) == "AS" {
		n -= 2
	} else if n >= 2 && isName(n-1) && (isName(n-2) || upper(n-2) == ")" || item[n-2].Kind == sqltext.Number) {
		n--
	}
	plain := n%2 == 1
	for i := 0; i < n; i++ {
		plain = plain && (i%2 == 0 && isName(i) || i%2 == 1 && upper(i) == ".")
	}
	if plain || n == 0 {
		return selectItem{sized: true}
	}
	return selectItem{sized: castsToSize(upper, n)}
}

// castsToSize reports whether the expression of the first n tokens ends in ::numeric(10,2), or is CAST(x AS numeric(10,2)).
func castsToSize(upper func(int) string, n int) bool {
	last := n - 1
	if upper(0) == "CAST" {
		last--
	}
	for upper(last) == "]" || upper(last) == "[" {
		last--
	}
	if upper(last) != ")" {
		return false
	}
	for last--; last > 0 && upper(last) != "("; last-- {
	}
	return upper(last-2) == "::" || upper(0) == "CAST" && upper(last-2) == "AS"
}
