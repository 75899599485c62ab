package pgsql

import (
	"fmt"
	"math/big"
	"strings"

	"tarn/engine/sqltext"
)

// typeName is what is known of a type in a statement.
type typeName struct {
	end   int    // the token behind it
	name  string // PostgreSQL's own, as a column of a constant is called
	array bool
	dims  int // of an array
	args  int // the bracket with its length or precision; 0 if there is none
}

// pgNames are PostgreSQL's own names of types that have others in SQL.
var pgNames = map[string]string{"int": "int4", "integer": "int4", "bigint": "int8", "smallint": "int2", "real": "float4", "float": "float8", "boolean": "bool",
	"decimal": "numeric", "dec": "numeric", "char": "bpchar", "character": "bpchar", "double": "float8"}

// knownTypes are the names that may stand in front of a literal.
var knownTypes = wordSet(`int integer bigint smallint int2 int4 int8 real float float4 float8 double boolean bool decimal dec numeric char character varchar text
	date time timestamp timestamptz timetz interval uuid bytea json jsonb bit name oid regclass regtype regproc regnamespace regrole regprocedure bpchar xid cid`)

// typeAt reads the type at i; its end is i if there is none.
func (p *parser) typeAt(i int) typeName {
	if !p.isName(i) {
		return typeName{end: i}
	}
	t := typeName{end: i + 1, name: p.tokens[i].Name(p.sql)}
	for p.isMark(t.end, ".") && p.isName(t.end+1) {
		t.name = p.tokens[t.end+1].Name(p.sql)
		t.end += 2
	}
	if p.kind(t.end-1) == sqltext.QuotedWord && t.name == "char" {
		t.name = `"char"`
	}
	if own := pgNames[t.name]; own != "" {
		t.name = own
	}
	switch p.word(i) {
	case "DOUBLE":
		if p.word(t.end) == "PRECISION" {
			t.end++
		}
	case "CHARACTER", "CHAR", "BIT", "NATIONAL":
		if p.word(t.end) == "VARYING" {
			t.end++
			t.name = map[string]string{"BIT": "varbit"}[p.word(i)]
			if t.name == "" {
				t.name = "varchar"
			}
		}
	}
	if p.isMark(t.end, "(") {
		t.args = t.end
		t.end = p.match[t.end] + 1
	}
	if w := p.word(i); w == "TIME" || w == "TIMESTAMP" {
		switch {
		case p.words(t.end, "WITH", "TIME", "ZONE"):
			t.end, t.name = t.end+3, t.name+"tz"
		case p.words(t.end, "WITHOUT", "TIME", "ZONE"):
			t.end += 3
		}
	}
	for p.isMark(t.end, "[") {
		t.end, t.array, t.dims = p.match[t.end]+1, true, t.dims+1
	}
	if p.word(t.end) == "ARRAY" {
		t.end, t.array, t.dims = t.end+1, true, 1
	}
	return t
}

// otherTypes are types that DuckDB has under another name, or does not need to tell apart.
var otherTypes = map[string]string{"jsonb": "JSON", "varbit": "BIT", "citext": "VARCHAR"}

// fixType gives a type DuckDB's name.
func (p *parser) fixType(i int, t typeName, of expr) {
	p.fixDims(t, of)
	if t.name == "numeric" && t.args == 0 {
		end := t.end
		if t.array {
			end = i + 1
		}
		p.replace(i, end, p.numericOf(of))
		return
	}
	if other := otherTypes[t.name]; other != "" && !t.array {
		p.replace(i, t.end, other)
		return
	}
	if other := otherTypes[t.name]; other != "" {
		p.replace(i, i+1, other)
	}
}

// fixDims gives an array's type as many brackets as the literal or ARRAY[...] that is cast to it has dimensions: PostgreSQL's do not count.
func (p *parser) fixDims(t typeName, of expr) {
	dims := 0
	if _, n, ok := p.arrayAt(of.literal); ok {
		dims = n
	} else if of.end > of.start {
		dims = p.arrayDepth(of)
	}
	if !t.array || !p.isMark(t.end-1, "]") || dims == 0 {
		return
	}
	if dims > t.dims {
		p.replace(t.end-1, t.end, "]"+strings.Repeat("[]", dims-t.dims))
	}
	end := t.end
	for n := t.dims; n > dims; n-- {
		open := p.matchOf(end - 1)
		p.replace(open, end, "")
		end = open
	}
}

// arrayDepth is how deep the brackets of ARRAY[[1, 2], ...] nest; 0 of another expression.
func (p *parser) arrayDepth(of expr) (depth int) {
	for i := of.start; ; depth++ {
		switch {
		case p.word(i) == "ARRAY" && p.isMark(i+1, "[") && (depth > 0 || p.match[i+1] == of.end-1):
			i += 2
		case depth > 0 && p.isMark(i, "["):
			i++
		default:
			return depth
		}
	}
}

// cut reports whether a cast to the type shortens a text.
func (t typeName) cut() bool {
	return t.args > 0 && !t.array && (t.name == "varchar" || t.name == "bpchar")
}

// numericOf returns the type for a numeric of any precision: that of the digits of a literal, or of an array's literals, else one with ten behind
// the point.
func (p *parser) numericOf(of expr) string {
	text, ok := p.literalText(of.literal)
	if !ok && of.end == of.start+1 && p.kind(of.start) == sqltext.Number {
		text = p.text(of.start)
	}
	whole, part := 0, 0
	for _, number := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("{}, \"", r) }) {
		w, f, ok := digitsOf(number)
		if whole, part = max(whole, w), max(part, f); !ok && !strings.EqualFold(number, "null") {
			return anyNumeric
		}
	}
	if digits := whole + part; digits > 0 && digits < 38 {
		return fmt.Sprintf("DECIMAL(%d,%d)", digits, part)
	}
	return anyNumeric
}

// anyNumeric is the type of numerics of which nothing is known.
const anyNumeric = "DECIMAL(38,10)"

// digitsOf returns how many digits a number has before and behind the point.
func digitsOf(text string) (whole, part int, ok bool) {
	if strings.ContainsAny(text, "eE") {
		if r, ok := new(big.Rat).SetString(text); ok && len(text) < 20 {
			text = strings.TrimRight(strings.TrimRight(r.FloatString(37), "0"), ".")
		}
	}
	w, f, _ := strings.Cut(strings.TrimLeft(text, "+-"), ".")
	return len(w), len(f), w+f != "" && strings.Trim(w+f, "0123456789") == ""
}

// cast goes on with ::type, whose type stands at i.
func (p *parser) cast(left expr, i int) (expr, bool) {
	t := p.typeAt(i)
	if t.end == i {
		return left, false
	}
	out := expr{start: left.start, end: t.end, name: left.name, strength: left.strength, foreign: left.foreign, literal: -1}
	if left.strength < 2 {
		out.name, out.strength = strings.Trim(t.name, `"`), 1
	}
	p.fixLiteral(left.literal, t)
	if t.name == "bit" && t.args > 0 && !t.array && left.end == left.start+1 && p.kind(left.start) == sqltext.Number { // the last bits of a number
		p.note(opening, p.start(left.start), 0, "CAST(right(CAST(CAST(")
		p.replace(i-1, t.end, " AS BIT) AS VARCHAR), "+p.text(t.args+1)+") AS BIT)")
	} else if t.cut() {
		p.note(opening, p.start(left.start), 0, "left(CAST(")
		p.replace(i-1, t.end, " AS VARCHAR), "+p.text(t.args+1)+")")
	} else if text := p.asNumeric(left, t); text != "" {
		p.note(opening, p.start(left.start), 0, text)
		p.replace(i-1, t.end, ")")
	} else {
		p.textOf(left, t, left.start, t.end)
		p.fixType(i, t, left)
	}
	return out, true
}

// castCall goes through CAST(x AS type).
func (p *parser) castCall(i int) expr {
	close := p.match[i+1]
	e := p.expression(i+2, close, 0)
	out := expr{start: i, end: close + 1, literal: -1, name: e.name, strength: e.strength, foreign: e.foreign}
	if e.end == i+2 || p.word(e.end) != "AS" {
		p.query(e.end, close)
		return out
	}
	t := p.typeAt(e.end + 1)
	if e.strength < 2 {
		out.name, out.strength = strings.Trim(t.name, `"`), 1
	}
	p.fixLiteral(e.literal, t)
	if t.cut() {
		p.wrap(i, close+1, "left(", ", "+p.text(t.args+1)+")")
		p.replace(e.end+1, t.end, "VARCHAR")
	} else if text := p.asNumeric(e, t); text != "" && p.word(i) == "CAST" {
		p.replace(i, i+2, text)
		p.replace(e.end, t.end, "")
	} else {
		if p.word(i) == "CAST" { // TRY_CAST is DuckDB's, and writes its texts
			p.textOf(e, t, i, close+1)
		}
		p.fixType(e.end+1, t, e)
	}
	return out
}

// typedLiteral goes through a literal with its type in front, as DATE '2024-01-01'.
func (p *parser) typedLiteral(i, end int) expr {
	if !knownTypes[p.word(i)] && !strings.EqualFold(p.text(i), "pg_catalog") {
		return expr{start: i, end: i}
	}
	t := p.typeAt(i)
	if t.end >= end || p.kind(t.end) != sqltext.String || t.array {
		return expr{start: i, end: i}
	}
	out := expr{start: i, end: t.end + 1, name: t.name, strength: 1, literal: -1}
	if text, ok := p.literalText(t.end); ok {
		if value := valueOf(text, t); value != "" && value[0] != '\'' {
			p.replace(i, t.end+1, "CAST("+value+" AS "+p.sql[p.start(i):p.end(t.end)]+")")
			return out
		}
	}
	p.fixLiteral(t.end, t)
	p.fixType(i, t, expr{literal: t.end})
	return out
}
