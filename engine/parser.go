package engine

import (
	"strings"
	"unicode/utf8"

	"tarn/engine/sqltext"
)

// parser reads the tokens of one statement.
type parser struct {
	sql    string
	tokens []sqltext.Token // without comments
	at     int
}

func newParser(sql string) *parser {
	p := &parser{sql: sql}
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			p.tokens = append(p.tokens, t)
		}
	}
	return p
}

// take goes past key words if they come next.
func (p *parser) take(words ...string) bool {
	for i, w := range words {
		if p.at+i >= len(p.tokens) || p.tokens[p.at+i].Kind != sqltext.Word || !strings.EqualFold(p.tokens[p.at+i].Text(p.sql), w) {
			return false
		}
	}
	p.at += len(words)
	return true
}

// mark goes past one operator if it comes next.
func (p *parser) mark(text string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].Kind == sqltext.Operator && p.tokens[p.at].Text(p.sql) == text {
		p.at++
		return true
	}
	return false
}

// position is that of the next token, in characters from 1.
func (p *parser) position() int {
	at := len(p.sql)
	if p.at < len(p.tokens) {
		at = p.tokens[p.at].Start
	}
	return utf8.RuneCountInString(p.sql[:at]) + 1
}

func (p *parser) wrong(expected string) error {
	what := "the end of the statement"
	if p.at < len(p.tokens) {
		what = p.tokens[p.at].Text(p.sql)
	}
	return &Error{Kind: KindSyntax, Message: "expected " + expected + " instead of " + what, Position: p.position()}
}

// word reads a name, folded as PostgreSQL does.
func (p *parser) word(what string) (string, error) {
	if p.at >= len(p.tokens) {
		return "", p.wrong(what)
	}
	t := p.tokens[p.at]
	switch t.Kind {
	case sqltext.Word:
		p.at++
		return strings.ToLower(t.Name(p.sql)), nil
	case sqltext.QuotedWord:
		p.at++
		return t.Name(p.sql), nil
	}
	return "", p.wrong(what)
}

// name reads a name with or without its schema and database.
func (p *parser) name(what string) (namedView, error) {
	n := namedView{position: p.position()}
	var parts []string
	for {
		part, err := p.word(what)
		if err != nil {
			return n, err
		}
		if parts = append(parts, part); !p.mark(".") {
			break
		}
	}
	if len(parts) > 3 {
		return n, &Error{Kind: KindSyntax, Message: "a name has three parts at most: database, schema and " + what, Position: n.position}
	}
	n.name = parts[len(parts)-1]
	if len(parts) > 1 {
		n.schema = parts[len(parts)-2]
	}
	return n, nil
}

// bracketed takes what stands between a bracket that comes next and its counterpart, as text.
func (p *parser) bracketed() (string, bool) {
	if p.at >= len(p.tokens) || p.tokens[p.at].Text(p.sql) != "(" {
		return "", false
	}
	depth := 0
	for i, t := range p.tokens[p.at:] {
		if t.Kind != sqltext.Operator {
			continue
		}
		switch t.Text(p.sql) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		if depth == 0 {
			inner := p.sql[p.tokens[p.at].End:t.Start]
			p.at += i + 1
			return inner, true
		}
	}
	return "", false
}
