package complete

import (
	"strings"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// defined reads a definition of WITH: a name, perhaps names of columns in parentheses, AS, perhaps [NOT] MATERIALIZED, and a query in
// parentheses.
func defined(snap *catalog.Snapshot, sql string, tokens []sqltext.Token, depth int) (source, bool) {
	s := source{alias: tokens[0].Name(sql)}
	s.name = s.alias
	i := 1
	if i < len(tokens) && tokens[i].Text(sql) == "(" {
		end := closing(sql, tokens, i)
		for _, t := range tokens[i+1 : end] {
			if isName(t) {
				s.columns = append(s.columns, t.Name(sql))
			}
		}
		i = end + 1
	}
	if i >= len(tokens) || !isAs(sql, tokens[i]) {
		return source{}, false
	}
	for i++; i < len(tokens) && (is(sql, tokens[i], "not") || is(sql, tokens[i], "materialized")); i++ {
	}
	if i >= len(tokens) || tokens[i].Text(sql) != "(" {
		return source{}, false
	}
	if s.columns == nil && depth < deepest {
		s.columns = outputs(snap, sql, tokens[i+1:closing(sql, tokens, i)], depth+1)
	}
	return s, true
}

func is(sql string, t sqltext.Token, word string) bool {
	return t.Kind == sqltext.Word && strings.EqualFold(t.Text(sql), word)
}

// closing returns the place of the parenthesis that closes the one at tokens[i], or the end of what has none yet.
func closing(sql string, tokens []sqltext.Token, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i].Text(sql) {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(tokens)
}

// afterList are the words that end the list of a SELECT.
var afterList = map[string]bool{"from": true, "where": true, "group": true, "having": true, "order": true, "limit": true, "union": true, "except": true,
	"intersect": true, "window": true, "qualify": true, "offset": true}

// outputs returns the names of a query's columns, as far as its text tells them; nil if it has no list.
func outputs(snap *catalog.Snapshot, sql string, tokens []sqltext.Token, depth int) []string {
	i := 0
	for ; i < len(tokens) && !is(sql, tokens[i], "select"); i++ {
		if tokens[i].Text(sql) == "(" { // a definition of WITH
			i = closing(sql, tokens, i)
		}
	}
	if i >= len(tokens) {
		return nil
	}
	for i++; i < len(tokens) && (is(sql, tokens[i], "distinct") || is(sql, tokens[i], "all")); i++ {
	}
	names := []string{}
	for from := i; i <= len(tokens); i++ {
		if i < len(tokens) && tokens[i].Text(sql) == "(" {
			i = closing(sql, tokens, i)
		}
		ends := i >= len(tokens) || tokens[i].Kind == sqltext.Word && afterList[tokens[i].Name(sql)]
		if !ends && tokens[i].Text(sql) != "," {
			continue
		}
		names = append(names, outputNames(snap, sql, tokens, tokens[from:min(i, len(tokens))], depth)...)
		if ends {
			return names
		}
		from = i + 1
	}
	return names
}

// outputNames returns the names of one item of a query's list: an alias, a column, a function, or all columns of a star.
func outputNames(snap *catalog.Snapshot, sql string, query, item []sqltext.Token, depth int) (names []string) {
	if len(item) == 0 {
		return nil
	}
	last := item[len(item)-1]
	star := item[0].Text(sql) == "*"
	switch {
	case star || last.Text(sql) == "*" && len(item) == 3 && item[1].Text(sql) == ".":
		if depth >= deepest {
			return nil
		}
		for _, s := range sourcesIn(snap, sql, query, depth+1) {
			if star || strings.EqualFold(s.alias, item[0].Name(sql)) {
				names = append(names, s.names()...)
			}
		}
		return names
	case isName(last):
		return []string{last.Name(sql)}
	case last.Text(sql) == ")" && len(item) > 2 && isName(item[0]) && item[1].Text(sql) == "(":
		return []string{item[0].Name(sql)}
	}
	return nil
}
