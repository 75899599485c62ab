package engine

import (
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// adders are the aggregates that use every value of a column, whatever bounds its files state.
var adders = map[string]bool{"sum": true, "avg": true, "count": true, "stddev": true, "stddev_samp": true, "stddev_pop": true, "variance": true, "var_samp": true, "var_pop": true}

// hiders are words under which columns are read that a statement does not name.
var hiders = map[string]bool{"pivot": true, "unpivot": true, "pivot_wider": true, "pivot_longer": true, "natural": true, "columns": true, "summarize": true, "describe": true,
	"show": true, "table": true, "query": true, "query_table": true}

// onlySummed reports whether all that a statement does with the floating-point columns of a table is to add them up. Nothing is compared
// with the bounds of files then, which may leave out NaN, and the columns need no TRY, which takes up to a seventh of an aggregate's
// time. It is false wherever a star or another name might hide a use.
func onlySummed(sql string, t *catalog.Table) bool {
	floats := map[string]bool{}
	for _, c := range t.Columns {
		if hasFloat(c.Type) {
			floats[strings.ToLower(c.Name)] = true
		}
	}
	if len(floats) == 0 {
		return false
	}
	u := uses{sql: sql, tokens: slices.DeleteFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })}
	for i, token := range u.tokens {
		name := strings.ToLower(token.Name(sql))
		switch token.Kind {
		case sqltext.Word, sqltext.QuotedWord:
			if floats[name] && !u.summed(i) || name == strings.ToLower(t.Name) && u.renamed(i) || hiders[name] {
				return false
			}
			if name == "from" && slices.Contains([]string{"", "(", "union", "all", "except", "intersect", "name", "with"}, u.at(i-1)) {
				return false // FROM without SELECT has a star
			}
		case sqltext.String:
			if floats[strings.ToLower(strings.Trim(token.Text(sql), `'`))] {
				return false // struct_extract(t, 'x')
			}
		default:
			if token.Text(sql) == "*" && u.star(i) {
				return false
			}
		}
	}
	return true
}

// uses looks at what stands around a token.
type uses struct {
	sql    string
	tokens []sqltext.Token
}

// at is a token's text in lower case, empty beyond the ends.
func (u uses) at(i int) string {
	if i < 0 || i >= len(u.tokens) {
		return ""
	}
	return strings.ToLower(u.tokens[i].Text(u.sql))
}

// askers are the macros of package pgsql that ask for the type of their first argument, an adder's.
var askers = map[string]bool{"sum_as": true, "sum_plain": true, "avg_as": true}

// summed reports whether a column is the whole argument of an adder, or what a macro is asked the type of.
func (u uses) summed(i int) bool {
	first := i
	for u.at(first-1) == "." {
		first -= 2
	}
	call := u.at(first - 2)
	return u.at(first-1) == "(" && (u.at(i+1) == ")" && adders[call] || u.at(i+1) == "," && askers[call])
}

// beforeAlias are words that may follow a table and are no alias of it.
var beforeAlias = map[string]bool{"where": true, "group": true, "order": true, "having": true, "limit": true, "join": true, "left": true, "right": true, "full": true, "inner": true,
	"cross": true, "on": true, "union": true, "except": true, "intersect": true, "window": true, "qualify": true}

// renamed reports whether a table is given other names for its columns: t(a, b), t AS u(a, b).
func (u uses) renamed(i int) bool {
	if u.at(i+1) == "as" {
		i++
	}
	if i+1 < len(u.tokens) && (u.tokens[i+1].Kind == sqltext.Word || u.tokens[i+1].Kind == sqltext.QuotedWord) && !beforeAlias[u.at(i+1)] {
		i++
	}
	return u.at(i+1) == "("
}

// star reports whether an asterisk stands for columns, not for a product or for rows.
func (u uses) star(i int) bool {
	if u.at(i-1) == "(" {
		return u.at(i-2) != "count" || u.at(i+1) != ")"
	}
	if i == 0 {
		return true
	}
	switch before := u.tokens[i-1]; before.Kind {
	case sqltext.Number, sqltext.String, sqltext.QuotedWord, sqltext.Param:
		return false
	case sqltext.Word:
		return slices.Contains([]string{"select", "distinct", "all", "by", "returning"}, u.at(i-1))
	}
	return u.at(i-1) != ")"
}
