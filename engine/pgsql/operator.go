package pgsql

import (
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// operation translates left OPERATOR right, whose operator is the tokens from i up to next.
func (p *parser) operation(left, right expr, text string, i, next int) {
	call := func(before, after string) {
		p.note(opening, p.start(left.start), 0, before)
		p.replace(i, next, ",")
		p.note(closing, p.end(right.end), 0, after)
	}
	switch text {
	case "~":
		call("regexp_matches(", ")")
	case "~*":
		call("regexp_matches(", ", 'i')")
	case "!~":
		call("(NOT regexp_matches(", "))")
	case "!~*":
		call("(NOT regexp_matches(", ", 'i'))")
	case "#":
		call("xor(", ")")
	case "/", "%":
		if !right.nonzero {
			p.wrap(right.start, right.end, Schema+".nonzero(", ")")
		}
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

// like completes x LIKE pattern: PostgreSQL's patterns escape with a backslash where nothing else is said.
func (p *parser) like(pattern expr, end int) {
	text, ok := p.literalText(pattern.literal)
	if ok && strings.Contains(text, `\`) && p.word(pattern.end) != "ESCAPE" {
		p.note(closing, p.end(pattern.end), 0, ` ESCAPE '\'`)
	}
}

// similar goes through x [NOT] SIMILAR TO pattern, with the pattern as a regular expression.
func (p *parser) similar(left expr, i, end int, not bool) (expr, bool) {
	right := p.expression(i+2, end, likeLevel+1)
	if right.end <= i+2 {
		return left, false
	}
	if text, ok := p.literalText(right.literal); ok {
		p.replace(right.literal, right.literal+1, sqltype.QuoteText(similarPattern(text)))
	}
	return expr{start: left.start, end: right.end, literal: -1}, true
}

// similarPattern writes a pattern of SIMILAR TO (chapter 9.7.2 of PostgreSQL's manual) as a regular expression.
func similarPattern(s string) string {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteString(`\` + s[i:i+1])
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
		case strings.IndexByte(`.^$`, c) >= 0:
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
	out := expr{start: i, end: close + 1, name: strings.ToLower(w), strength: 2, literal: -1}
	switch w {
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

// rename gives a function DuckDB's name, or that of the macro that does what it does in PostgreSQL. e is its name, which ends
// where its arguments begin.
func (p *parser) rename(e expr, open int) {
	own := e.end == e.start+1
	if !own && !(e.end == e.start+3 && strings.EqualFold(p.tokens[e.start].Name(p.sql), "pg_catalog")) {
		return
	}
	name := strings.ToLower(e.name)
	switch {
	case timeFormats[name] != "" && p.timeFormat(e.start, open, timeFormats[name]):
	case name == "regexp_match":
		p.replace(e.start, open, p.byGroup(p.match[open]-1, name, "regexp_match_group"))
	case renamed[name] != "":
		p.replace(e.start, open, renamed[name])
	case Macros()[name]:
		p.replace(e.start, open, Schema+"."+name)
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
	"json_agg": "json_group_array", "jsonb_agg": "json_group_array", "json_object_agg": "json_group_object", "jsonb_object_agg": "json_group_object",
	"json_build_object": "json_object", "jsonb_build_object": "json_object", "json_build_array": "json_array", "jsonb_build_array": "json_array",
	"to_jsonb": "to_json", "jsonb_array_length": "json_array_length", "jsonb_typeof": "json_type", "clock_timestamp": "now", "statement_timestamp": "now",
	"array_cat": "list_concat", "power": "pow"}

// timeFormats are functions with a format, and what stands in their places.
var timeFormats = map[string]string{"to_char": "strftime(", "to_date": "CAST(strptime(", "to_timestamp": "CAST(strptime("}

// timeFormat translates to_char(x, 'format') and the like of dates and times with a format that is known.
func (p *parser) timeFormat(i, open int, to string) bool {
	close := p.match[open]
	format, ok := p.literalText(close - 1)
	if !ok || !p.isMark(close-2, ",") {
		return false
	}
	layout, ok := timeLayout(format)
	if !ok {
		return false
	}
	tail := map[string]string{"to_date": ") AS DATE)", "to_timestamp": ") AS TIMESTAMP WITH TIME ZONE)"}[strings.ToLower(p.tokens[open-1].Name(p.sql))]
	p.replace(i, open+1, to)
	p.replace(close-1, close, sqltype.QuoteText(layout))
	if tail != "" {
		p.replace(close, close+1, tail)
	}
	return true
}

// timeLayouts are the patterns of to_char (table 9.27 of PostgreSQL's manual) and strftime's, the longest first.
var timeLayouts = []struct{ pattern, layout string }{
	{"FMMonth", "%B"}, {"FMMONTH", ""}, {"FMDay", "%A"}, {"FMHH24", "%-H"}, {"FMHH12", "%-I"}, {"FMHH", "%-I"}, {"FMMM", "%-m"}, {"FMDD", "%-d"},
	{"HH24", "%H"}, {"HH12", "%I"}, {"YYYY", "%Y"}, {"IYYY", "%G"}, {"DDD", "%j"}, {"Mon", "%b"}, {"MM", "%m"}, {"DD", "%d"}, {"HH", "%I"}, {"MI", "%M"},
	{"SS", "%S"}, {"MS", "%g"}, {"US", "%f"}, {"YY", "%y"}, {"AM", "%p"}, {"PM", "%p"}, {"Dy", "%a"}, {"IW", "%V"}, {"ID", "%u"},
}

// timeLayout writes a format of to_char as one of strftime; false if it has a pattern that is not known.
func timeLayout(format string) (string, bool) {
	var b strings.Builder
next:
	for i := 0; i < len(format); {
		if format[i] == '"' {
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				return "", false
			}
			b.WriteString(strings.ReplaceAll(format[i+1:i+1+end], "%", "%%"))
			i += end + 2
			continue
		}
		for _, l := range timeLayouts {
			if strings.HasPrefix(format[i:], l.pattern) && l.layout != "" {
				b.WriteString(l.layout)
				i += len(l.pattern)
				continue next
			}
		}
		if c := format[i]; c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && c != 'T' || c >= 'A' && c <= 'Z' && c != 'T' {
			return "", false
		}
		b.WriteByte(format[i])
		if format[i] == '%' {
			b.WriteByte('%')
		}
		i++
	}
	return b.String(), true
}
