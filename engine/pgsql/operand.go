package pgsql

import (
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// operand goes through what an operator stands beside.
func (p *parser) operand(i, end int) expr {
	none := expr{start: i, end: i, literal: -1}
	if i >= end {
		return none
	}
	one := expr{start: i, end: i + 1, literal: -1}
	switch p.kind(i) {
	case sqltext.Number:
		one.nonzero = strings.ContainsAny(strings.SplitN(strings.ToLower(p.text(i)), "e", 2)[0], "123456789")
		return one
	case sqltext.String:
		return p.literals(i, end)
	case sqltext.Param:
		return one
	case sqltext.QuotedWord:
		return p.name(i, end)
	case sqltext.Word:
		return p.wordOperand(i, end)
	}
	switch p.text(i) {
	case "(":
		return p.parenthesis(i)
	case "[", "{":
		p.query(i+1, p.match[i])
		return expr{start: i, end: p.match[i] + 1, foreign: true, literal: -1}
	case "*":
		return expr{start: i, end: i + 1, foreign: true, literal: -1}
	}
	return p.prefix(i, end)
}

// prefix goes through an operator in front of its operand.
func (p *parser) prefix(i, end int) expr {
	text, next := p.operator(i)
	level := otherLevel + 1
	switch text {
	case "":
		return expr{start: i, end: i, literal: -1}
	case "+", "-":
		level = signLevel
	}
	e := p.expression(next, end, level)
	if e.end <= next {
		return expr{start: i, end: i, literal: -1}
	}
	if f := map[string]string{"|/": "sqrt", "||/": "cbrt", "@": "abs"}[text]; f != "" {
		p.replace(i, next, "")
		p.wrap(next, e.end, f+"(", ")")
	}
	return expr{start: i, end: e.end, literal: -1, nonzero: (text == "-" || text == "+") && e.nonzero, foreign: e.foreign}
}

// literals goes through a string literal, and those behind it on other lines, which continue it.
func (p *parser) literals(i, end int) expr {
	e := expr{start: i, end: i + 1, literal: i}
	if text, ok := escaped(p.text(i)); ok {
		p.replace(i, i+1, sqltype.QuoteText(text))
		e.literal = -1
	}
	for e.end < end && p.kind(e.end) == sqltext.String && strings.Contains(p.sql[p.end(e.end):p.start(e.end)], "\n") {
		e.end++
		e.literal = -1
	}
	return e
}

// parenthesis goes through a subquery, a row, or an expression in parentheses.
func (p *parser) parenthesis(i int) expr {
	close := p.match[i]
	out := expr{start: i, end: close + 1, literal: -1}
	if queries[p.word(i+1)] && !p.isMark(i+2, "(") {
		first := p.query(i+1, close)
		out.name, out.strength, out.foreign = first.name, first.strength, first.foreign
		return out
	}
	e := p.expression(i+1, close, 0)
	if e.end == close && close > i+1 {
		out.name, out.strength, out.foreign, out.nonzero = e.name, e.strength, e.foreign, e.nonzero
		return out
	}
	p.query(e.end, close)
	if out.name, out.strength = "row", 2; setOperations[p.word(e.end)] {
		out.name, out.strength = e.name, e.strength
	}
	return out
}

// setOperations may stand between queries in parentheses.
var setOperations = wordSet("union intersect except order limit offset")

// wordOperand goes through an operand that begins with a word.
func (p *parser) wordOperand(i, end int) expr {
	one := expr{start: i, end: i + 1, literal: -1}
	call := p.isMark(i+1, "(")
	switch w := p.word(i); w {
	case "NOT":
		e := p.expression(i+1, end, notLevel)
		return expr{start: i, end: max(e.end, i+1), literal: -1}
	case "CASE":
		return p.caseOf(i, end)
	case "CAST", "TRY_CAST":
		if call {
			return p.castCall(i)
		}
	case "TRUE", "FALSE":
		return one
	case "NULL", "DEFAULT":
		return one
	case "ARRAY":
		return p.array(i)
	case "EXISTS":
		if call {
			if p.words(i+2, "SELECT", "FROM") { // PostgreSQL's select list may be empty
				p.note(closing, p.end(i+3), 0, " 1")
			}
			p.query(i+2, p.match[i+1])
			return expr{start: i, end: p.match[i+1] + 1, name: "exists", strength: 2, literal: -1}
		}
	case "INTERVAL":
		if e := p.interval(i, end); e.end > i {
			return e
		}
	case "LAMBDA", "COLUMNS":
		e := p.name(i, end)
		e.foreign = true
		return e
	case "B", "X", "U":
		if e := p.prefixed(i, w); e.end > i {
			return e
		}
	case "EXTRACT", "POSITION", "SUBSTRING", "OVERLAY", "TRIM":
		if call {
			return p.special(i, w)
		}
	}
	if stops[p.word(i)] && !call {
		return expr{start: i, end: i, literal: -1}
	}
	if queries[p.word(i)] && !call && p.word(i) != "SHOW" && p.word(i) != "TABLE" {
		return expr{start: i, end: i, literal: -1}
	}
	if e := p.typedLiteral(i, end); e.end > i {
		return e
	}
	return p.name(i, end)
}

// name goes through a column or a call of a function.
func (p *parser) name(i, end int) expr {
	e := expr{start: i, end: i + 1, name: p.tokens[i].Name(p.sql), strength: 2, plain: true, literal: -1}
	for e.end+1 < end && p.isMark(e.end, ".") {
		if p.isMark(e.end+1, "*") {
			return expr{start: i, end: e.end + 2, foreign: true, literal: -1}
		}
		if !p.isName(e.end + 1) {
			break
		}
		e.name = p.tokens[e.end+1].Name(p.sql)
		e.end += 2
	}
	if valueWords[p.word(i)] && e.end == i+1 && !p.isMark(e.end, "(") {
		return e
	}
	if e.end >= end || !p.isMark(e.end, "(") {
		return e
	}
	return p.call(e, end)
}

// valueWords are functions without parentheses.
var valueWords = wordSet("current_date current_time current_timestamp localtime localtimestamp current_catalog current_role current_schema current_user session_user user")

// call goes through a function's arguments and what may stand behind them. e is its name.
func (p *parser) call(e expr, end int) expr {
	e.plain = false
	open := e.end
	p.query(open+1, p.match[open])
	before := len(p.edits)
	p.rename(e, open)
	listed := len(p.edits) > before && strings.HasSuffix(p.edits[len(p.edits)-1].Text, "(list")
	if e.end == e.start+1 || strings.EqualFold(p.tokens[e.start].Name(p.sql), "pg_catalog") {
		e.function = strings.ToLower(e.name)
	}
	if e.function == "regexp_matches" && p.matchesAll(e, open) {
		e.function = "regexp_matches_all"
	}
	if e = p.behindCall(e, open, end); listed {
		p.note(closing, p.end(e.end), 0, ")")
	}
	p.typedCall(e, open)
	return e
}

// matchesAll makes regexp_matches(s, pattern, 'g') what it is in PostgreSQL. Without the flag it is DuckDB's, which says whether there is a
// match.
func (p *parser) matchesAll(e expr, open int) bool {
	text, ok := p.literalText(p.match[open] - 1)
	if !ok || !strings.Contains(text, "g") || len(p.commas(open+1, p.match[open])) != 2 {
		return false
	}
	p.replace(e.start, open, Schema+".regexp_matches_all")
	return true
}

// behindCall goes through FILTER, OVER and the like.
func (p *parser) behindCall(e expr, open, end int) expr {
	e.end = p.match[open] + 1
	for e.end < end {
		switch {
		case p.words(e.end, "WITHIN", "GROUP") && p.isMark(e.end+2, "("):
			p.query(e.end+3, p.match[e.end+2])
			e.end = p.match[e.end+2] + 1
		case p.word(e.end) == "FILTER" && p.isMark(e.end+1, "("):
			p.query(e.end+2, p.match[e.end+1])
			e.end = p.match[e.end+1] + 1
		case (p.word(e.end) == "IGNORE" || p.word(e.end) == "RESPECT") && p.word(e.end+1) == "NULLS":
			e.end += 2
		case p.word(e.end) == "OVER" && p.isMark(e.end+1, "("):
			p.query(e.end+2, p.match[e.end+1])
			e.end = p.match[e.end+1] + 1
		case p.word(e.end) == "OVER" && p.isName(e.end+1):
			e.end += 2
		default:
			return e
		}
	}
	return e
}

// caseOf goes through a CASE.
func (p *parser) caseOf(i, end int) expr {
	out := expr{start: i, literal: -1, name: "case", strength: 1}
	for j := i + 1; j < end; {
		switch p.word(j) {
		case "WHEN", "THEN":
			j++
			continue
		case "ELSE":
			e := p.expression(j+1, end, 0)
			if e.strength == 2 {
				out.name, out.strength = e.name, 2
			}
			j = max(e.end, j+1)
			continue
		case "END":
			out.end = j + 1
			return out
		}
		j = max(p.expression(j, end, 0).end, j+1)
	}
	return expr{start: i, end: i, literal: -1}
}

// array goes through ARRAY[...] and ARRAY(query).
func (p *parser) array(i int) expr {
	if !p.isMark(i+1, "[") && !p.isMark(i+1, "(") {
		return p.name(i, len(p.tokens))
	}
	p.query(i+2, p.match[i+1])
	return expr{start: i, end: p.match[i+1] + 1, name: "array", strength: 2, literal: -1}
}

// interval goes through INTERVAL '...' [unit], INTERVAL 1 day and INTERVAL (x) day.
func (p *parser) interval(i, end int) expr {
	e := expr{start: i, end: i, literal: -1, name: "interval", strength: 1}
	j := i + 1
	switch {
	case p.kind(j) == sqltext.String && p.spelledInterval(j) > j:
		e.end = p.spelledInterval(j)
		text, _ := p.literalText(j)
		p.replace(j, e.end, sqltype.QuoteText(intervalText(text)))
		return e
	case p.kind(j) == sqltext.String || p.kind(j) == sqltext.Number || p.kind(j) == sqltext.Param:
		j++
	case p.isMark(j, "("):
		p.query(j+1, p.match[j])
		j = p.match[j] + 1
	default:
		return e
	}
	if j < end && timeUnits[strings.TrimSuffix(p.word(j), "S")] {
		j++
	}
	e.end = j
	return e
}

// spelledInterval returns where the literal of an interval ends, with its units, that DuckDB does not read; i if there is none.
func (p *parser) spelledInterval(i int) int {
	text, ok := p.literalText(i)
	if !ok || intervalText(text) == "" {
		return i
	}
	if timeUnits[p.word(i+1)] && p.word(i+2) == "TO" && timeUnits[p.word(i+3)] {
		return i + 4
	}
	return i + 1
}

var timeUnits = wordSet("year month day hour minute second millisecond microsecond week quarter decade century millennium")
