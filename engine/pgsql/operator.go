package pgsql

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// operation translates left OPERATOR right, whose operator is the tokens from i up to next.
func (p *parser) operation(left, right expr, operator string, i, next int) {
	call := func(before, after string) {
		p.note(opening, p.start(left.start), 0, before)
		p.replace(i, next, ",")
		p.note(closing, p.end(right.end), 0, after)
	}
	if p.jsonOperator(left, right, operator, call) || p.mode == ByOperands && p.byOperands(left, right, operator, call) {
		return
	}
	switch operator {
	case "~":
		call("regexp_matches(", ")")
	case "~*":
		call("regexp_matches(", ", 'i')")
	case "!~":
		call("(NOT regexp_matches(", "))")
	case "!~*":
		call("(NOT regexp_matches(", ", 'i'))")
	case "~~", "~~*", "!~~", "!~~*":
		p.likeOperator(right, operator, call)
	case "#":
		call("xor(", ")")
	case "->>", "->": // DuckDB's bind less tight than comparisons
		if right.literal >= 0 || right.end == right.start+1 && p.kind(right.start) == sqltext.Number {
			p.wrap(left.start, right.end, "(", ")")
		}
	case "#>", "#>>":
		if text, ok := p.literalText(right.literal); ok && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
			p.wrap(left.start, right.end, "(", ")")
			p.replace(i, next, strings.Replace(operator, "#", "-", 1))
			p.replace(right.literal, right.literal+1, sqltype.QuoteText("/"+strings.ReplaceAll(strings.ReplaceAll(text[1:len(text)-1], " ", ""), ",", "/")))
		}
	case "@>":
		call(Schema+".contains_all(", ")")
	case "<@":
		call(Schema+".contained_in(", ")")
	case "||":
		p.concatenation(left, right)
	case "/", "%":
		if p.word(left.start) == "INTERVAL" && operator == "/" && left.name == "interval" {
			call("tarndb.tarn_pgsql.divided(", ")")
			return
		}
		if !right.nonzero {
			p.wrap(right.start, right.end, Schema+".nonzero(", ")")
		}
	}
}

// concatenation makes an array of an array and an element beside it, and a text of a lone NULL.
func (p *parser) concatenation(left, right expr) {
	isArray := func(e expr) bool {
		return p.word(e.start) == "ARRAY" && p.isMark(e.start+1, "[") && p.match[e.start+1] == e.end-1
	}
	isElement := func(e expr) bool {
		return e.end == e.start+1 && (p.kind(e.start) == sqltext.Number || p.kind(e.start) == sqltext.String && p.text(e.start)[:2] != "'{")
	}
	switch {
	case isArray(left) && isElement(right):
		p.wrap(right.start, right.end, "[", "]")
	case isArray(right) && isElement(left):
		p.wrap(left.start, left.end, "[", "]")
	case left.literal >= 0 && p.word(right.start) == "NULL" && right.end == right.start+1:
		p.replace(right.start, right.end, "CAST(NULL AS VARCHAR)")
	}
}

// namedOperator goes on with OPERATOR(pg_catalog.~) right.
func (p *parser) namedOperator(left expr, end, level int) (expr, bool) {
	i := left.end
	if !p.isMark(i+1, "(") || otherLevel < level {
		return left, false
	}
	close := p.match[i+1]
	at := i + 2
	for p.isName(at) && p.isMark(at+1, ".") {
		at += 2
	}
	text, next := p.operator(at)
	if text == "" || next != close {
		return left, false
	}
	right := p.rightSide(close+1, end, otherLevel+1)
	if right.end <= close+1 {
		return left, false
	}
	before := len(p.edits)
	p.operation(left, right, text, i, close+1)
	if len(p.edits) == before || text == "/" || text == "%" {
		p.replace(i, close+1, text)
	}
	return expr{start: left.start, end: right.end, literal: -1}, true
}

// like completes x LIKE pattern, whose LIKE is at i: PostgreSQL's patterns escape with a backslash where nothing else is said. A pattern that is
// no literal may have one or not; a macro looks at it.
func (p *parser) like(left expr, i, end int, not bool) {
	if text, ok := p.literalText(i + 1); ok && end == i+2 {
		if strings.Contains(text, `\`) {
			p.note(closing, p.end(end), 0, ` ESCAPE '\'`)
		}
		return
	}
	before := Schema + "." + strings.ToLower(p.word(i)) + "_escaped("
	if not {
		before = "(NOT " + before
		p.note(closing, p.end(end), 0, ")")
	}
	p.note(opening, p.start(left.start), 0, before)
	p.replace(left.end, i+1, ", ")
	p.note(closing, p.end(end), 0, ")")
}

// likeOperator is LIKE by its operator, whose call is written by call.
func (p *parser) likeOperator(right expr, operator string, call func(before, after string)) {
	if text, ok := p.literalText(right.literal); ok && !strings.Contains(text, `\`) {
		return
	}
	macro := Schema + ".like_escaped("
	if strings.HasSuffix(operator, "*") {
		macro = Schema + ".ilike_escaped("
	}
	if operator[0] == '!' {
		call("(NOT "+macro, "))")
	} else {
		call(macro, ")")
	}
}

// similar goes through x [NOT] SIMILAR TO pattern, with the pattern as a regular expression.
func (p *parser) similar(left expr, i, end int, not bool) (expr, bool) {
	right := p.expression(i+2, end, likeLevel+1)
	if right.end <= i+2 {
		return left, false
	}
	out := expr{start: left.start, end: right.end, literal: -1}
	escape := `\`
	if p.word(right.end) == "ESCAPE" {
		text, ok := p.literalText(right.end + 1)
		if !ok || len(text) > 1 {
			return left, false
		}
		p.replace(right.end, right.end+2, "")
		escape, out.end = text, right.end+2
	}
	if text, ok := p.literalText(right.literal); ok {
		p.replace(right.literal, right.literal+1, sqltype.QuoteText(similarPattern(text, escape)))
	} else {
		p.wrap(right.start, right.end, Schema+".similar_pattern(", ", "+sqltype.QuoteText(escape)+")")
	}
	return out, true
}

// similarPattern writes a pattern of SIMILAR TO (chapter 9.7.2 of PostgreSQL's manual) as a regular expression.
// escape is a character or empty.
func similarPattern(s, escape string) string {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case s[i:i+1] == escape && i+1 < len(s):
			i++
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		case inClass:
			inClass = c != ']'
			b.WriteByte(c)
		case c == '[':
			inClass = true
			b.WriteByte(c)
		case c == '%':
			b.WriteString("(?s:.*)")
		case c == '_':
			b.WriteString("(?s:.)")
		case strings.IndexByte(`.^$\`, c) >= 0:
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// special goes through the functions whose arguments have words between them.
func (p *parser) special(i int, w string) expr {
	open := i + 1
	close := p.match[open]
	out := expr{start: i, end: close + 1, name: strings.ToLower(w), strength: 2, literal: -1, function: strings.ToLower(w)}
	switch w {
	case "EXTRACT":
		p.seconds(i, open)
		if p.word(open+2) == "FROM" { // which begins no list of tables
			p.query(open+3, close)
			return out
		}
	case "TRIM":
		out.name = map[string]string{"LEADING": "ltrim", "TRAILING": "rtrim"}[p.word(open+1)]
		if out.name == "" {
			out.name = "btrim"
		}
	case "OVERLAY":
		p.replace(i, i+1, Schema+".overlay")
		for j := open + 1; j < close; j++ {
			if p.match[j] >= 0 {
				j = p.match[j]
			} else if v := p.word(j); v == "PLACING" || v == "FROM" || v == "FOR" {
				p.replace(j, j+1, ",")
			}
		}
	case "SUBSTRING":
		e := p.expression(open+1, close, 0)
		if p.word(e.end) == "FROM" && p.kind(e.end+1) == sqltext.String && e.end+2 == close {
			p.replace(i, i+1, p.byGroup(e.end+1, "substring_match", "substring_group"))
			p.replace(e.end, e.end+1, ",")
			return out
		}
		if p.isMark(e.end, ",") && p.kind(e.end+1) == sqltext.String && e.end+2 == close {
			p.replace(i, i+1, p.byGroup(e.end+1, "substring_match", "substring_group"))
			return out
		}
		if e.end < close {
			p.query(e.end, close)
		}
		return out
	}
	p.query(open+1, close)
	return out
}

// seconds keeps the parts of a second, which DuckDB leaves out: extract(second from x), date_part('second', x).
func (p *parser) seconds(start, open int) {
	unit := p.word(open + 1)
	if text, ok := p.literalText(open + 1); ok {
		unit = strings.ToUpper(text)
	}
	macro := map[string]string{"SECOND": "seconds", "SECONDS": "seconds", "MILLISECOND": "milliseconds", "MILLISECONDS": "milliseconds"}[unit]
	if macro != "" && (p.word(open+2) == "FROM" || p.isMark(open+2, ",")) {
		p.replace(start, open+3, Schema+"."+macro+"(")
	}
}

// xids are columns of transaction numbers: there is nothing in a lake that grows old by them.
var xids = map[string]bool{"xmin": true, "relfrozenxid": true, "datfrozenxid": true}

// rename gives a function DuckDB's name, or that of the macro that does what it does in PostgreSQL. e is its name, which ends
// where its arguments begin.
func (p *parser) rename(e expr, open int) {
	own := e.end == e.start+1
	if !own && !(e.end == e.start+3 && strings.EqualFold(p.tokens[e.start].Name(p.sql), "pg_catalog")) {
		return
	}
	name := strings.ToLower(e.name)
	if p.variadic(e, name, open) {
		return
	}
	switch {
	case name == "age" && xids[strings.ToLower(p.text(p.match[open]-1))]:
		p.replace(e.start, open, Schema+".xid_age")
	case name == "format":
		if text, ok := p.literalText(open + 1); ok && formatSpec.MatchString(text) && !strings.Contains(text, "{") {
			p.replace(e.start, open+1, callName+"('format', ")
			for _, c := range p.commas(open+1, p.match[open]) {
				p.note(opening, p.start(c+1), 0, "CAST(")
			}
			for _, c := range append(p.commas(open+1, p.match[open]), p.match[open])[1:] {
				p.note(closing, p.end(c), 0, " AS VARCHAR)")
			}
		}
	case name == "cardinality" && (p.word(open+1) == "ARRAY" || strings.HasPrefix(strings.ToLower(p.text(open+1)), "array_") || p.text(open+1) == "string_to_array"):
		p.replace(e.start, open, Schema+".cardinality_of") // DuckDB's is one of maps
	case strings.HasSuffix(name, "_object_agg") && renamed[name] != "" && p.orderedObject(e, open):
	case name == "jsonb_set":
		if c := p.commas(open+1, p.match[open]); len(c) > 1 {
			p.arrayLiteral(c[0] + 1)
		}
		p.replace(e.start, open, Schema+".jsonb_set")
	case (name == "row_to_json" || name == "to_json" || name == "to_jsonb") && p.word(open+1) == "ROW" && p.isMark(open+2, "("):
		p.fieldNames(open + 1)
		p.replace(e.start, open, "to_json")
	case name == "date_part":
		p.seconds(e.start, open)
	case renamed[name] != "":
		p.replace(e.start, open, renamed[name])
	case Macros()[name]:
		p.replace(e.start, open, Schema+"."+name)
	}
}

// variadic handles arguments that are given as a list. DuckDB takes the word and ignores it, so that no call of a function that is not known here may
// be left to it.
func (p *parser) variadic(e expr, name string, open int) bool {
	commas := p.commas(open+1, p.match[open])
	last := open + 1
	if len(commas) > 0 {
		last = commas[len(commas)-1] + 1
	}
	if p.word(last) != "VARIADIC" || last+1 >= p.match[open] {
		return false
	}
	switch {
	case name == "concat" && len(commas) == 0:
		p.replace(e.start, open, Schema+".concat_all")
		p.replace(last, last+1, "")
	case name == "concat_ws" && len(commas) == 1:
		p.replace(e.start, open, Schema+".concat_list")
		p.replace(last, last+1, "")
	default:
		p.replace(last, last+1, "error('VARIADIC is known for concat and concat_ws alone: give the values one by one'), ")
	}
	return true
}

// fieldNames gives the values of the ROW at i the names that PostgreSQL's JSON has for them: f1, f2, ...
func (p *parser) fieldNames(i int) {
	open := i + 1
	if open+1 == p.match[open] {
		return
	}
	p.replace(i, open, "struct_pack")
	for n, c := range append([]int{open}, p.commas(open+1, p.match[open])...) {
		p.note(opening, p.start(c+1), 0, fmt.Sprintf("f%d := ", n+1))
	}
}

// spans makes the distance of a window's frame an interval: RANGE BETWEEN '1 month' PRECEDING AND CURRENT ROW.
func (p *parser) spans() {
	for i := range p.tokens {
		if w := p.word(i + 1); w == "PRECEDING" || w == "FOLLOWING" {
			if text, ok := p.literalText(i); ok && strings.ContainsFunc(text, unicode.IsLetter) && p.word(i-1) != "INTERVAL" {
				p.wrap(i, i+1, "CAST(", " AS INTERVAL)")
			}
		}
	}
}

// byGroup returns one of two macros: the second if the pattern, a literal, has a group whose text is meant.
func (p *parser) byGroup(pattern int, whole, group string) string {
	text, _ := p.literalText(pattern)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '[':
			if end := strings.IndexByte(text[min(i+2, len(text)):], ']'); end >= 0 {
				i += end + 2
			}
		case text[i] == '(' && !strings.HasPrefix(text[i:], "(?"):
			return Schema + "." + group
		}
	}
	return Schema + "." + whole
}

// renamed are functions that DuckDB has under another name.
var renamed = map[string]string{"every": "bool_and", "btrim": "trim", "regexp_like": "regexp_matches", "char_length": "length", "character_length": "length",
	"json_agg": "to_json(list", "jsonb_agg": "to_json(list", "json_object_agg": "json_group_object", "jsonb_object_agg": "json_group_object",
	"json_build_object": "json_object", "jsonb_build_object": "json_object", "json_build_array": "json_array", "jsonb_build_array": "json_array",
	"to_jsonb": "to_json", "jsonb_array_length": "json_array_length", "clock_timestamp": "now", "statement_timestamp": "now",
	"power": "pow", "json_typeof": Schema + ".json_typeof",
	"jsonb_typeof": Schema + ".json_typeof", "jsonb_extract_path": Schema + ".json_extract_path", "jsonb_extract_path_text": Schema + ".json_extract_path_text", "jsonb_array_elements": Schema + ".json_array_elements", "jsonb_array_elements_text": Schema + ".json_array_elements_text", "jsonb_object_keys": Schema + ".json_object_keys", "jsonb_strip_nulls": Schema + ".json_strip_nulls", "row_to_json": "to_json", "array_to_json": "to_json"}
