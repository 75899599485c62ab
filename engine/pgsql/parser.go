package pgsql

import (
	"strings"

	"tarn/engine/sqltext"
)

// parser goes through the tokens of one statement and notes edits.
type parser struct {
	sql    string
	tokens []sqltext.Token // without comments and semicolons
	match  []int           // of an opening bracket: where its closing one stands; else -1
	edits  []placed
	noted  int // how many edits were noted, those included that were taken back
	depth  int
	mode   Mode
}

// Mode says how much of a translation depends on the types of expressions, which macros ask for when they are bound.
type Mode uint8

// The modes, in the order in which they are tried.
const (
	ByType     Mode = iota // the types of results do
	ByOperands             // and the meaning of operators that DuckDB does not have for all of PostgreSQL's types
	Untyped                // nothing does
)

// maxDepth is how deep expressions may nest; deeper ones stay as they are.
const maxDepth = 200

// Translate returns the edits that make DuckDB's SQL of a statement, in order. It costs some microseconds for each hundred tokens.
// What depends on the types of expressions is left to macros, which bind some expressions once more; where that fails, another mode may do.
func Translate(sql string, mode Mode) []Edit {
	p := newParser(sql, mode)
	if p == nil {
		return nil
	}
	p.statement()
	p.quoteAt()
	p.spans()
	p.rowPlaces()
	return sorted(p.edits)
}

// quoteAt quotes AT where it is a name, which it cannot be in DuckDB: FROM pg_attribute at WHERE at.attnum > 0.
func (p *parser) quoteAt() {
	for i := range p.tokens {
		if p.word(i) == "AT" && (p.isMark(i+1, ".") || p.isName(i-1) && !stops[p.word(i-1)] && !p.words(i+1, "TIME", "ZONE") && !p.isMark(i+1, "(")) {
			p.replace(i, i+1, `"at"`)
		}
	}
}

// newParser returns one for a statement; nil if it is not whole.
func newParser(sql string, mode Mode) *parser {
	p := &parser{sql: sql, mode: mode}
	for _, t := range sqltext.Tokens(sql) {
		if t.Open {
			return nil
		}
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			p.tokens = append(p.tokens, t)
		}
	}
	if !p.matchBrackets() {
		return nil
	}
	return p
}

// matchBrackets finds the pairs of brackets; false if there are brackets without another.
func (p *parser) matchBrackets() bool {
	p.match = make([]int, len(p.tokens))
	var open []int
	for i := range p.tokens {
		p.match[i] = -1
		if p.tokens[i].Kind != sqltext.Operator {
			continue
		}
		switch p.text(i) {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if len(open) == 0 || pairs[p.text(open[len(open)-1])] != p.text(i) {
				return false
			}
			p.match[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

var pairs = map[string]string{"(": ")", "[": "]", "{": "}"}

func (p *parser) text(i int) string {
	if i < 0 || i >= len(p.tokens) {
		return ""
	}
	return p.tokens[i].Text(p.sql)
}

// word returns an unquoted word in upper case, or empty.
func (p *parser) word(i int) string {
	if i < 0 || i >= len(p.tokens) || p.tokens[i].Kind != sqltext.Word {
		return ""
	}
	return strings.ToUpper(p.text(i))
}

func (p *parser) kind(i int) sqltext.Kind {
	if i < 0 || i >= len(p.tokens) {
		return sqltext.Semicolon
	}
	return p.tokens[i].Kind
}

func (p *parser) isMark(i int, text string) bool {
	return p.kind(i) == sqltext.Operator && p.text(i) == text
}

// isName reports whether a token is a name, quoted or not.
func (p *parser) isName(i int) bool {
	return p.kind(i) == sqltext.Word || p.kind(i) == sqltext.QuotedWord
}

// words reports whether words come next.
func (p *parser) words(i int, words ...string) bool {
	for n, w := range words {
		if p.word(i+n) != w {
			return false
		}
	}
	return true
}

// adjacent reports whether nothing stands between a token and the one before.
func (p *parser) adjacent(i int) bool {
	return i > 0 && i < len(p.tokens) && p.tokens[i-1].End == p.tokens[i].Start
}

// start and end are bytes: of the text of a token, and behind that of the token before.
func (p *parser) start(i int) int { return p.tokens[i].Start }
func (p *parser) end(i int) int   { return p.tokens[i-1].End }

// note keeps an edit.
func (p *parser) note(o order, at, del int, text string) {
	p.edits = append(p.edits, placed{Edit{at, del, text}, o, p.noted})
	p.noted++
}

// replace puts text in the place of the tokens from i up to j.
func (p *parser) replace(i, j int, text string) {
	p.note(replacing, p.start(i), p.end(j)-p.start(i), text)
}

// wrap puts text around the tokens from i up to j.
func (p *parser) wrap(i, j int, before, after string) {
	p.note(opening, p.start(i), 0, before)
	p.note(closing, p.end(j), 0, after)
}

// operators are the characters of which operators are made.
const operators = "+-*/<>=~!@#%^&|`"

// operator returns the operator at i, whose tokens are single characters, and the token behind it. PostgreSQL's rule (chapter
// 4.1.3 of its manual): it ends in + or - only if it has one of ~ ! @ # % ^ & | `.
func (p *parser) operator(i int) (text string, next int) {
	j := i
	for p.kind(j) == sqltext.Operator && strings.Contains(operators, p.text(j)) && (j == i || p.adjacent(j)) {
		j++
	}
	if j == i {
		return "", i
	}
	text = p.sql[p.start(i):p.end(j)]
	for len(text) > 1 && (text[len(text)-1] == '+' || text[len(text)-1] == '-') && !strings.ContainsAny(text, "~!@#%^&|`") {
		text = text[:len(text)-1]
		j--
	}
	return text, j
}
