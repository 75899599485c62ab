package pgsql

import (
	"strings"

	"tarn/engine/sqltext"
)

// expr is what is known of the expression of the tokens from start up to end. end is start if there is none.
type expr struct {
	start, end int
	// name is that of a column of the expression, by PostgreSQL's FigureColname (src/backend/parser/parse_target.c); strength says
	// how well it fits: 0 for none, 1 for a type's or CASE's, 2 for a column's or function's.
	name     string
	strength int
	plain    bool   // a column, whose name needs no saying
	foreign  bool   // DuckDB's own: it keeps DuckDB's name
	literal  int    // the token of a lone string literal; else -1
	nonzero  bool   // a number that is not zero
	function string // of a call alone: its name
	minus    int    // of a difference: the token of its operator
}

// columnName is the name of a column that has no alias.
func (e expr) columnName() string {
	if e.strength == 0 {
		return "?column?"
	}
	return e.name
}

// The precedences of PostgreSQL (chapter 4.1.6 of its manual).
const (
	orLevel = iota + 1
	andLevel
	notLevel
	isLevel
	compareLevel
	likeLevel
	otherLevel
	sumLevel
	productLevel
	powerLevel
	zoneLevel
	collateLevel
	signLevel
)

var levels = map[string]int{"<": compareLevel, ">": compareLevel, "=": compareLevel, "<=": compareLevel, ">=": compareLevel, "<>": compareLevel, "!=": compareLevel,
	"==": compareLevel, "+": sumLevel, "-": sumLevel, "*": productLevel, "/": productLevel, "%": productLevel, "//": productLevel, "^": powerLevel, "**": powerLevel}

// expression goes through the expression at i, whose operators bind at least as tight as level.
func (p *parser) expression(i, end, level int) expr {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return expr{start: i, end: i}
	}
	before := len(p.edits)
	e := p.operand(i, end)
	if e.end <= e.start {
		p.edits = p.edits[:before]
	}
	for e.end > e.start && e.end < end {
		before = len(p.edits)
		next, ok := p.infix(e, end, level)
		if !ok {
			p.edits = p.edits[:before] // they are made when what was tried is come to again
			break
		}
		e = next
	}
	return e
}

// infix goes on with an operator behind the expression; false if none of the level follows.
func (p *parser) infix(left expr, end, level int) (expr, bool) {
	i := left.end
	if p.isMark(i, "::") {
		return p.cast(left, i+1)
	}
	if p.isMark(i, "[") {
		p.query(i+1, p.match[i])
		p.vector(left, i)
		left.end, left.literal, left.plain, left.nonzero, left.function = p.match[i]+1, -1, false, false, ""
		return left, true
	}
	if p.isMark(i, ".") {
		return p.field(left, end)
	}
	if p.kind(i) == sqltext.Param && p.text(i) == "?" {
		return p.jsonExists(left, end, level)
	}
	if text, next := p.operator(i); text != "" {
		if e, ok := p.quantified(left, text, next, level); ok {
			return e, true
		}
		at := levels[text]
		if at == 0 {
			at = otherLevel
		}
		if at < level {
			return left, false
		}
		right := p.rightSide(next, end, at+1)
		if right.end <= next {
			return left, false
		}
		if p.compareRows(left, right, text) {
			return expr{start: left.start, end: right.end, literal: -1}, true
		}
		p.operation(left, right, text, i, next)
		out := expr{start: left.start, end: right.end, foreign: left.foreign || right.foreign || text == "->" && left.plain && right.literal < 0 && !right.nonzero, literal: -1}
		if text == "-" && !right.nonzero && !p.isJSON(left, text) {
			out.minus = i
		}
		return out, true
	}
	return p.wordOperator(left, end, level)
}

// vectors are columns of PostgreSQL's catalog whose elements are counted from 0, and the types as which DuckDB takes them: a cast to the type by which they are stored does nothing.
var vectors = map[string]string{"indoption": "INTEGER[]", "indkey": "INTEGER[]", "indclass": "UBIGINT[]", "indcollation": "UBIGINT[]", "typname": "VARCHAR"}

// vector translates the subscript at i of such a column, which may have another name in a subquery: i_indoption.
func (p *parser) vector(left expr, i int) {
	name := strings.ToLower(left.name)
	if at := strings.LastIndexByte(name, '_'); at >= 0 {
		name = name[at+1:]
	}
	typ := vectors[name]
	if typ == "" || !left.plain || p.match[i] == i+1 {
		return
	}
	p.wrap(left.start, left.end, "CAST(", " AS "+typ+")")
	p.note(opening, p.start(i+1), 0, "(")
	p.note(closing, p.end(p.match[i]), 0, ") + 1")
}

// rightSide goes through what stands behind an operator: also ANY (...) and ALL (...).
func (p *parser) rightSide(i, end, level int) expr {
	if w := p.word(i); (w == "ANY" || w == "SOME" || w == "ALL") && p.isMark(i+1, "(") {
		close := p.match[i+1]
		if p.kind(i+2) == sqltext.String && close == i+3 {
			p.arrayLiteral(i + 2)
		} else {
			p.query(i+2, close)
		}
		return expr{start: i, end: close + 1, literal: -1}
	}
	return p.expression(i, end, level)
}

// wordOperator goes on with AND, LIKE, IN, IS and the like.
func (p *parser) wordOperator(left expr, end, level int) (expr, bool) {
	i := left.end
	j, not := i, p.word(i) == "NOT"
	if not {
		j++
	}
	out := expr{start: left.start, literal: -1, foreign: left.foreign}
	binary := func(at, from int) (expr, bool) {
		if at < level {
			return left, false
		}
		right := p.expression(from, end, at+1)
		if right.end <= from {
			return left, false
		}
		out.end, out.foreign = right.end, out.foreign || right.foreign
		return out, true
	}
	switch p.word(j) {
	case "AND", "OR":
		if not {
			return left, false
		}
		return binary(map[string]int{"AND": andLevel, "OR": orLevel}[p.word(j)], j+1)
	case "LIKE", "ILIKE", "GLOB":
		if e, ok := p.likeAny(left, j, not); ok && likeLevel >= level {
			return e, true
		}
		e, ok := binary(likeLevel, j+1)
		if ok && p.word(j) != "GLOB" && p.word(e.end) != "ESCAPE" {
			p.like(left, j, e.end, not)
		}
		if ok && p.word(e.end) == "ESCAPE" {
			e.end = p.expression(e.end+1, end, likeLevel+1).end
		}
		return e, ok
	case "SIMILAR":
		if p.word(j+1) != "TO" || likeLevel < level {
			return left, false
		}
		return p.similar(left, j, end, not)
	case "BETWEEN":
		return p.between(left, j, end, level)
	case "IN":
		right := p.operand(j+1, end)
		out.end = right.end
		if likeLevel < level || right.end <= j+1 {
			return left, false
		}
		p.rowIn(left, right, not)
		return out, true
	case "IS":
		return p.is(left, end, level)
	case "OVERLAPS":
		return p.overlaps(left, j, level)
	case "ISNULL", "NOTNULL":
		if out.end = j + 1; isLevel >= level {
			p.rowIsNull(left, out.end, p.word(j) == "NOTNULL")
		}
		return out, isLevel >= level
	case "COLLATE":
		return p.collate(left), collateLevel >= level
	case "AT":
		return p.atTimeZone(left, j, end, level)
	case "OPERATOR":
		return p.namedOperator(left, end, level)
	}
	return left, false
}

// atTimeZone goes through x AT TIME ZONE y.
func (p *parser) atTimeZone(left expr, i, end, level int) (expr, bool) {
	if !p.words(i, "AT", "TIME", "ZONE") || zoneLevel < level {
		return left, false
	}
	right := p.expression(i+3, end, zoneLevel+1)
	return expr{start: left.start, end: right.end, name: "timezone", strength: 2, literal: -1}, right.end > i+3
}

// is goes through x IS [NOT] NULL, TRUE, UNKNOWN, DISTINCT FROM y.
func (p *parser) is(left expr, end, level int) (expr, bool) {
	if isLevel < level {
		return left, false
	}
	i := left.end + 1
	if p.word(i) == "NOT" {
		i++
	}
	out := expr{start: left.start, end: i + 1, literal: -1}
	switch p.word(i) {
	case "NULL", "TRUE", "FALSE", "UNKNOWN":
		if p.word(i) == "NULL" {
			p.rowIsNull(left, out.end, i > left.end+1)
		}
		return out, true
	case "DISTINCT":
		if p.word(i+1) == "FROM" {
			right := p.expression(i+2, end, isLevel+1)
			out.end = right.end
			return out, right.end > i+2
		}
	}
	return left, false
}

// field goes through (x).name, (x).* and x.method(...).
func (p *parser) field(left expr, end int) (expr, bool) {
	i := left.end + 1
	if i >= end || !p.isName(i) {
		if p.isMark(i, "*") {
			return expr{start: left.start, end: i + 1, foreign: true, literal: -1}, true
		}
		return left, false
	}
	left.function = ""
	left.name, left.strength, left.plain, left.literal, left.end = p.tokens[i].Name(p.sql), 2, false, -1, i+1
	if p.isMark(i+1, "(") {
		p.query(i+2, p.match[i+1])
		left.end, left.foreign = p.match[i+1]+1, true
	}
	return left, true
}

// collate takes PostgreSQL's own collations away, which are that of DuckDB.
func (p *parser) collate(left expr) expr {
	i := left.end + 1
	from := left.end
	for p.isName(i) && p.isMark(i+1, ".") {
		i += 2
	}
	if !p.isName(i) {
		return expr{start: left.start, end: from + 1, literal: -1}
	}
	switch strings.ToLower(p.tokens[i].Name(p.sql)) {
	case "c", "posix", "default", "ucs_basic", "c.utf-8", "c.utf8":
		p.replace(from, i+1, "")
	}
	left.end, left.literal, left.function = i+1, -1, ""
	return left
}
