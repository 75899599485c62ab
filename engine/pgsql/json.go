package pgsql

import (
	"encoding/json"
	"strings"

	"tarn/engine/sqltext"
)

// jsonOperators are the macros of operators of jsonb.
var jsonOperators = map[string]string{"@>": "json_contains", "<@": "json_contained", "||": "json_concat", "-": "json_delete", "#-": "json_delete_path"}

// jsonOperator translates an operator of jsonb, whose call is written by call; false if the operands are not known to be json.
func (p *parser) jsonOperator(left, right expr, operator string, call func(before, after string)) bool {
	macro := jsonOperators[operator]
	if macro == "" || operator != "#-" && !p.isJSON(left, operator) && (operator == "-" || !p.isJSON(right, operator)) {
		return false
	}
	if operator == "#-" {
		p.arrayLiteral(right.literal)
	}
	call(Schema+"."+macro+"(", ")")
	return true
}

// isJSON reports whether an operand is known to be json, or for operators that texts and numbers have, too, jsonb: a cast, a call, or a literal
// that is no array.
func (p *parser) isJSON(e expr, operator string) bool {
	contains := operator == "@>" || operator == "<@"
	if text, ok := p.literalText(e.literal); ok {
		_, _, array := listOf(text)
		return contains && !array && json.Valid([]byte(text))
	}
	typ := ""
	switch {
	case e.end > e.start+2 && p.isMark(e.end-2, "::"):
		typ = p.word(e.end - 1)
	case e.end == e.start+2 && p.kind(e.start+1) == sqltext.String:
		typ = p.word(e.start)
	}
	return typ == "JSONB" || typ == "JSON" && contains || strings.HasPrefix(e.function, "jsonb_build_") || e.function == "to_jsonb" || e.function == "jsonb_set"
}

// jsonExists goes through j ? 'key', j ?| array and j ?& array. A ? where an operator stands is no parameter.
func (p *parser) jsonExists(left expr, end, level int) (expr, bool) {
	i := left.end
	if w := p.word(i - 1); w == "FIRST" || w == "NEXT" { // FETCH FIRST ? ROWS ONLY
		return left, false
	}
	macro, next := "json_exists", i+1
	if p.adjacent(next) && (p.isMark(next, "|") || p.isMark(next, "&")) && !(p.adjacent(next+1) && p.isMark(next+1, p.text(next))) {
		macro = map[string]string{"|": "json_exists_any", "&": "json_exists_all"}[p.text(next)]
		next++
	}
	if otherLevel < level {
		return left, false
	}
	right := p.expression(next, end, otherLevel+1)
	if right.end <= next {
		return left, false
	}
	if macro != "json_exists" {
		p.arrayLiteral(right.literal)
	}
	p.note(opening, p.start(left.start), 0, Schema+"."+macro+"(")
	p.replace(i, next, ",")
	p.note(closing, p.end(right.end), 0, ")")
	return expr{start: left.start, end: right.end, literal: -1}, true
}
