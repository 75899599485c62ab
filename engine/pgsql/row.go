package pgsql

import (
	"slices"
	"strings"

	"tarn/engine/sqltext"
)

// DuckDB takes a row for one value, in which NULL equals NULL. In SQL its columns are compared one by one, and the answer may be unknown.

// rowMacros are the macros that compare the columns of two rows, which stand in them one behind the other.
var rowMacros = map[string]string{"=": "row_eq", "<>": "row_ne", "!=": "row_ne", "<": "row_lt", "<=": "row_le", ">": "row_gt", ">=": "row_ge"}

// mostColumns is how many columns the rows of those macros may have.
const mostColumns = 6

// rowColumns returns the bracket of (a, b) and ROW(a, b), and the commas in it; no commas if an expression is another.
func (p *parser) rowColumns(e expr) (open int, commas []int) {
	open = e.start
	if p.word(open) == "ROW" {
		open++
	}
	if !p.isMark(open, "(") || p.match[open] != e.end-1 || queries[p.word(open+1)] || p.isMark(open+1, "*") || p.isMark(e.end-2, "*") {
		return open, nil
	}
	return open, p.commas(open+1, e.end-1)
}

// compareRows translates (a, b) = (c, d) and the like; false if it is another comparison.
func (p *parser) compareRows(left, right expr, operator string) bool {
	macro := rowMacros[operator]
	first, commas := p.rowColumns(left)
	second, others := p.rowColumns(right)
	if macro == "" || len(commas) == 0 || len(others) != len(commas) {
		return false
	}
	if len(commas) >= mostColumns {
		return p.compareWide(left, right, operator)
	}
	if first > left.start {
		p.replace(left.start, first, "")
	}
	p.note(opening, p.start(first), 0, Schema+"."+macro)
	p.replace(left.end-1, second+1, ", ")
	return true
}

// compareWide writes out the comparison of rows that have more columns than the macros.
func (p *parser) compareWide(left, right expr, operator string) bool {
	a, b := p.row(left), p.row(right)
	if a == nil || b == nil {
		return false
	}
	last := len(a) - 1
	text, join, end := a[last]+" "+operator+" "+b[last], " AND ", ""
	if operator == "<>" || operator == "!=" {
		join = " OR "
	}
	for i := last - 1; i >= 0; i-- {
		switch pair := a[i] + " " + operator[:1] + " " + b[i]; operator {
		case "=", "<>", "!=":
			text = a[i] + " " + operator + " " + b[i] + join + text
		default:
			text = pair + " OR " + a[i] + " = " + b[i] + " AND (" + text
			end += ")"
		}
	}
	p.rewrite(left.start, right.end, "("+text+end+")")
	return true
}

// rowIsNull translates (a, b) IS [NOT] NULL, which end at the token end.
func (p *parser) rowIsNull(left expr, end int, not bool) {
	open, commas := p.rowColumns(left)
	if len(commas) == 0 && (open == left.start || p.match[open] != left.end-1 || open == left.end-2 || p.isMark(left.end-2, "*")) {
		return
	}
	is := " IS NULL"
	if not {
		is = " IS NOT NULL"
	}
	p.replace(left.start, open+1, "((")
	for _, c := range commas {
		p.replace(c, c+1, ")"+is+" AND (")
	}
	p.replace(left.end-1, end, ")"+is+")")
}

// mostRows is how many rows behind IN are compared one by one.
const mostRows = 200

// row returns the translated columns of (a, b) and ROW(a, b); nil if an expression is another, or cannot stand in another place: parameters and
// the names of tables are edited elsewhere, too.
func (p *parser) row(e expr) []string {
	open, commas := p.rowColumns(e)
	if len(commas) == 0 {
		return nil
	}
	for i := open; i < e.end; i++ {
		if p.kind(i) == sqltext.Param || queries[p.word(i)] || p.isMark(i, ".") && p.isMark(i+2, ".") {
			return nil
		}
	}
	var columns []string
	for i, ends := open+1, append(commas, e.end-1); len(columns) < len(ends); i = ends[len(columns)-1] + 1 {
		end := ends[len(columns)]
		if i >= end || strings.Contains(p.sql[p.start(i):p.end(end)], "--") {
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
		var all []string
		for n := range a {
			all = append(all, a[n]+" = "+b[n])
		}
		any = append(any, "("+strings.Join(all, " AND ")+")")
	}
	text := "(" + strings.Join(any, " OR ") + ")"
	if not {
		text = "(NOT " + text + ")"
	}
	p.rewrite(left.start, right.end, text)
}
