package pgsql

import (
	"strings"

	"tarn/engine/sqltext"
)

// quantifiers are the macros of x OPERATOR ANY (list).
var quantifiers = map[string]string{"=": "any_eq", "<>": "any_ne", "!=": "any_ne", "<": "any_lt", "<=": "any_le", ">": "any_gt", ">=": "any_ge"}

// opposite are the macros of NOT x OPERATOR ANY (list), which is x OPERATOR ALL (list) if the operator is turned round.
var opposite = map[string]string{"=": "any_ne", "<>": "any_eq", "!=": "any_eq", "<": "any_ge", "<=": "any_gt", ">": "any_le", ">=": "any_lt"}

// quantified goes through x OPERATOR ANY (list) and x OPERATOR ALL (list). DuckDB unnests the list, which it does not do for parameters and in
// conditions of outer joins, and takes a list that is NULL for an empty one.
func (p *parser) quantified(left expr, text string, next, level int) (expr, bool) {
	w := p.word(next)
	all := w == "ALL"
	if quantifiers[text] == "" || w != "ANY" && w != "SOME" && !all || compareLevel < level || !p.isMark(next+1, "(") {
		return left, false
	}
	close := p.match[next+1]
	if e, ok := p.member(left, text, next, all); ok {
		return e, true
	}
	first := next + 2
	for last := close; p.isMark(first, "(") && p.match[first] == last-1; first++ {
		last--
	}
	if queries[p.word(first)] {
		return left, false
	}
	if p.kind(next+2) == sqltext.String && close == next+3 {
		p.arrayLiteral(next + 2)
	} else {
		p.query(next+2, close)
	}
	before := Schema + "." + quantifiers[text] + "("
	if all {
		before = "(NOT " + Schema + "." + opposite[text] + "("
		p.note(closing, p.end(close+1), 0, ")")
	}
	p.note(opening, p.start(left.start), 0, before)
	p.replace(left.end, next+2, ", ")
	return expr{start: left.start, end: close + 1, literal: -1}, true
}

// member makes DuckDB's IN of x = ANY ('{...}') and x <> ALL (ARRAY[...]): it finds files that cannot match, and texts take the type of what they
// are compared with.
func (p *parser) member(left expr, text string, next int, all bool) (expr, bool) {
	in := " IN "
	if all {
		in = " NOT IN "
	}
	if all == (text == "=") || text != "=" && text != "<>" && text != "!=" {
		return left, false
	}
	close := p.match[next+1]
	if p.word(next+2) == "ARRAY" && p.isMark(next+3, "[") && p.match[next+3] == close-1 && close > next+5 {
		p.query(next+4, close-1)
		p.replace(left.end, next+4, in+"(")
		p.replace(close-1, close, "")
		return expr{start: left.start, end: close + 1, literal: -1}, true
	}
	list, dims, ok := p.arrayAt(next + 2)
	if !ok || dims != 1 || close != next+3 {
		return left, false
	}
	p.replace(left.end, next+4, in+"("+list[1:len(list)-1]+")")
	return expr{start: left.start, end: next + 4, literal: -1}, true
}

// likeAny goes through x LIKE ANY (array) and x NOT LIKE ALL (array), which DuckDB lacks.
func (p *parser) likeAny(left expr, i int, not bool) (expr, bool) {
	w := p.word(i + 1)
	if w != "ANY" && w != "ALL" && w != "SOME" || not != (w == "ALL") || !p.isMark(i+2, "(") || queries[p.word(i+3)] || p.word(i) == "GLOB" {
		return left, false
	}
	close := p.match[i+2]
	if p.kind(i+3) == sqltext.String {
		p.arrayLiteral(i + 3)
	} else {
		p.query(i+3, close)
	}
	before := Schema + "." + strings.ToLower(p.word(i)) + "_any("
	if not {
		before = "(NOT " + before
		p.note(closing, p.end(close+1), 0, ")")
	}
	p.note(opening, p.start(left.start), 0, before)
	p.replace(left.end, i+3, ", ")
	return expr{start: left.start, end: close + 1, literal: -1}, true
}

// between goes through x BETWEEN a AND b.
func (p *parser) between(left expr, i, end, level int) (expr, bool) {
	if likeLevel < level {
		return left, false
	}
	symmetric := p.word(i+1) == "SYMMETRIC"
	if symmetric || p.word(i+1) == "ASYMMETRIC" {
		i++
	}
	low := p.expression(i+1, end, likeLevel+1)
	if low.end <= i+1 || p.word(low.end) != "AND" {
		return left, false
	}
	high := p.expression(low.end+1, end, likeLevel+1)
	if symmetric {
		before := Schema + ".between_symmetric("
		if p.word(left.end) == "NOT" {
			before = "(NOT " + before
			p.note(closing, p.end(high.end), 0, ")")
		}
		p.note(opening, p.start(left.start), 0, before)
		p.replace(left.end, i+1, ",")
		p.replace(low.end, low.end+1, ",")
		p.note(closing, p.end(high.end), 0, ")")
	} else if p.word(i) == "ASYMMETRIC" {
		p.replace(i, i+1, "")
	}
	return expr{start: left.start, end: high.end, literal: -1}, high.end > low.end+1
}

// overlaps goes through (a, b) OVERLAPS (c, d).
func (p *parser) overlaps(left expr, i, level int) (expr, bool) {
	if otherLevel < level || !p.isMark(left.start, "(") || p.match[left.start] != i-1 || !p.isMark(i+1, "(") {
		return left, false
	}
	close := p.match[i+1]
	if len(p.commas(left.start+1, i-1)) != 1 || len(p.commas(i+2, close)) != 1 {
		return left, false
	}
	p.query(i+2, close)
	p.note(opening, p.start(left.start), 0, Schema+".overlaps")
	p.replace(i-1, i+2, ",")
	return expr{start: left.start, end: close + 1, name: "overlaps", strength: 2, literal: -1}, true
}
