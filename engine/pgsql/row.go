package pgsql

import (
	"slices"
	"strings"

	"tarn/engine/sqltext"
)

// DuckDB takes a row for one value, in which NULL equals NULL. In SQL its columns are compared one by one, and the answer may be unknown.

// mostRows is how many rows behind IN are compared one by one.
const mostRows = 200

// row returns the translated columns of (a, b) and ROW(a, b); nil if an expression is another.
func (p *parser) row(e expr) []string {
	open := e.start
	if p.word(open) == "ROW" {
		open++
	}
	if !p.isMark(open, "(") || p.match[open] != e.end-1 || queries[p.word(open+1)] || open+1 == e.end-1 {
		return nil
	}
	ends := append(p.commas(open+1, e.end-1), e.end-1)
	if len(ends) < 2 && open == e.start || slices.ContainsFunc(p.tokens[open:e.end], func(t sqltext.Token) bool { return t.Kind == sqltext.Param && t.Text(p.sql) == "?" }) {
		return nil // an expression in parentheses, or with parameters that are counted
	}
	var columns []string
	for i := open + 1; len(columns) < len(ends); i = ends[len(columns)-1] + 1 {
		end := ends[len(columns)]
		if i >= end || p.isMark(i, "*") || p.isMark(end-1, "*") || strings.Contains(p.sql[p.start(i):p.end(end)], "--") {
			return nil
		}
		columns = append(columns, "("+p.translated(i, end)+")")
	}
	return columns
}

// rewrite puts a text in the place of tokens that were translated already.
func (p *parser) rewrite(i, end int, text string) {
	from, to := p.start(i), p.end(end)
	p.edits = slices.DeleteFunc(p.edits, func(e placed) bool { return e.within(from, to) })
	p.replace(i, end, text)
}

// compareRows translates (a, b) = (c, d) and the like; false if it is another comparison.
func (p *parser) compareRows(left, right expr, operator string) bool {
	if quantifiers[operator] == "" {
		return false
	}
	a := p.row(left)
	if a == nil {
		return false
	}
	b := p.row(right)
	if len(a) != len(b) {
		return false
	}
	p.rewrite(left.start, right.end, comparedRows(a, b, operator))
	return true
}

// comparedRows is the comparison of columns that decides that of rows.
func comparedRows(a, b []string, operator string) string {
	first := a[0] + " " + operator + " " + b[0]
	if len(a) == 1 {
		return "(" + first + ")"
	}
	rest := comparedRows(a[1:], b[1:], operator)
	switch operator {
	case "=":
		return "(" + first + " AND " + rest + ")"
	case "<>", "!=":
		return "(" + first + " OR " + rest + ")"
	}
	return "(" + a[0] + " " + operator[:1] + " " + b[0] + " OR " + a[0] + " = " + b[0] + " AND " + rest + ")"
}

// rowIn translates (a, b) [NOT] IN ((c, d), ...).
func (p *parser) rowIn(left, right expr, not bool) {
	if !p.isMark(right.start, "(") || !p.isMark(right.start+1, "(") && p.word(right.start+1) != "ROW" || p.match[right.start] != right.end-1 {
		return
	}
	a := p.row(left)
	ends := append(p.commas(right.start+1, right.end-1), right.end-1)
	if a == nil || len(ends) > mostRows {
		return
	}
	var any []string
	for i := right.start + 1; len(any) < len(ends); i = ends[len(any)-1] + 1 {
		b := p.row(expr{start: i, end: ends[len(any)]})
		if len(a) != len(b) {
			return
		}
		any = append(any, comparedRows(a, b, "="))
	}
	text := "(" + strings.Join(any, " OR ") + ")"
	if not {
		text = "(NOT " + text + ")"
	}
	p.rewrite(left.start, right.end, text)
}

// rowIsNull translates (a, b) IS [NOT] NULL, which end at the token end.
func (p *parser) rowIsNull(left expr, end int, not bool) {
	a := p.row(left)
	if a == nil {
		return
	}
	is := " IS NULL"
	if not {
		is = " IS NOT NULL"
	}
	p.rewrite(left.start, end, "("+strings.Join(a, is+" AND ")+is+")")
}
