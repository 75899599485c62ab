package server

import (
	"strconv"
	"strings"

	"tarn/engine/sqltext"
)

// words walks over a statement's tokens, without comments.
type words struct {
	sql    string
	tokens []sqltext.Token
}

func newWords(sql string) *words {
	w := &words{sql: sql}
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			w.tokens = append(w.tokens, t)
		}
	}
	return w
}

// next reports whether these words, in any case, come next.
func (w *words) next(list ...string) bool {
	if len(w.tokens) < len(list) {
		return false
	}
	for i, word := range list {
		if t := w.tokens[i]; t.Kind == sqltext.QuotedWord || t.Kind == sqltext.String || !strings.EqualFold(t.Text(w.sql), word) {
			return false
		}
	}
	return true
}

// eat takes these words if they come next.
func (w *words) eat(list ...string) bool {
	if !w.next(list...) {
		return false
	}
	w.tokens = w.tokens[len(list):]
	return true
}

// eatAny takes the next word if it is one of these.
func (w *words) eatAny(list ...string) bool {
	for _, word := range list {
		if w.eat(word) {
			return true
		}
	}
	return false
}

// name takes an identifier.
func (w *words) name() (string, bool) {
	if len(w.tokens) == 0 || w.tokens[0].Kind != sqltext.Word && w.tokens[0].Kind != sqltext.QuotedWord {
		return "", false
	}
	name := w.tokens[0].Name(w.sql)
	w.tokens = w.tokens[1:]
	return name, true
}

// names takes identifiers between brackets: (a, b).
func (w *words) names() (list []string, ok bool) {
	if !w.eat("(") {
		return nil, false
	}
	for {
		name, ok := w.name()
		if !ok {
			return nil, false
		}
		if list = append(list, name); w.eat(")") {
			return list, true
		}
		if !w.eat(",") {
			return nil, false
		}
	}
}

// setting takes the name of a setting, which may have a prefix.
func (w *words) setting() (string, bool) {
	name, ok := w.name()
	if !ok || !w.eat(".") {
		return name, ok
	}
	own, ok := w.name()
	return name + "." + own, ok
}

// value takes a word, a quoted text or a number with its sign.
func (w *words) value() (string, bool) {
	sign := ""
	if w.eat("-") {
		sign = "-"
	} else {
		w.eat("+")
	}
	if len(w.tokens) == 0 {
		return "", false
	}
	t := w.tokens[0]
	text := t.Text(w.sql)
	switch {
	case t.Kind == sqltext.Number:
		text = sign + text
	case sign != "":
		return "", false
	case t.Kind == sqltext.String:
		return w.text()
	case t.Kind == sqltext.QuotedWord:
		text = t.Name(w.sql)
	case t.Kind != sqltext.Word:
		return "", false
	}
	w.tokens = w.tokens[1:]
	return text, true
}

// text takes a string literal: 'x', E'x' or $$x$$.
func (w *words) text() (string, bool) {
	if len(w.tokens) == 0 || w.tokens[0].Kind != sqltext.String || w.tokens[0].Open {
		return "", false
	}
	raw := w.tokens[0].Text(w.sql)
	w.tokens = w.tokens[1:]
	switch raw[0] {
	case '\'':
		return strings.ReplaceAll(raw[1:len(raw)-1], "''", "'"), true
	case 'e', 'E':
		return unescape(raw[2 : len(raw)-1])
	case '$':
		tag := raw[:strings.IndexByte(raw[1:], '$')+2]
		return raw[len(tag) : len(raw)-len(tag)], true
	}
	return "", false
}

// unescape reads what stands between the quotes of E'...' (PostgreSQL's manual, 4.1.2.2).
func unescape(raw string) (string, bool) {
	var out []byte
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '\'' {
			i++ // a quote is doubled
		}
		if c != '\\' || i+1 == len(raw) {
			out = append(out, c)
			continue
		}
		i++
		if at := strings.IndexByte("bfnrtv", raw[i]); at >= 0 {
			out = append(out, "\b\f\n\r\t\v"[at])
			continue
		}
		digits, base, bits := 0, 8, 8
		switch c := raw[i]; {
		case c >= '0' && c <= '7':
			for digits < 3 && i+digits < len(raw) && raw[i+digits] >= '0' && raw[i+digits] <= '7' {
				digits++
			}
		case c == 'x':
			i, digits, base = i+1, 2, 16
		case c == 'u':
			i, digits, base, bits = i+1, 4, 16, 32
		case c == 'U':
			i, digits, base, bits = i+1, 8, 16, 32
		default:
			out = append(out, c)
			continue
		}
		if i+digits > len(raw) {
			return "", false
		}
		n, err := strconv.ParseUint(raw[i:i+digits], base, 32)
		if err != nil || bits == 8 && n > 255 {
			return "", false
		}
		if bits == 8 {
			out = append(out, byte(n))
		} else {
			out = append(out, string(rune(n))...)
		}
		i += digits - 1
	}
	return string(out), true
}

// integer takes a whole number with its sign.
func (w *words) integer() (int64, bool) {
	sign := ""
	rest := *w
	if rest.eat("-") {
		sign = "-"
	} else {
		rest.eat("+")
	}
	if rest.end() || rest.tokens[0].Kind != sqltext.Number {
		return 0, false
	}
	n, err := strconv.ParseInt(sign+rest.tokens[0].Text(w.sql), 10, 64)
	if err != nil {
		return 0, false
	}
	w.tokens = rest.tokens[1:]
	return n, true
}

// rest is the text from the next token on.
func (w *words) rest() string {
	if w.end() {
		return ""
	}
	return w.sql[w.tokens[0].Start:w.tokens[len(w.tokens)-1].End]
}

// bracketed takes what stands between a bracket that comes next and its counterpart, as text.
func (w *words) bracketed() (string, bool) {
	if !w.next("(") {
		return "", false
	}
	depth := 0
	for i, t := range w.tokens {
		if t.Kind != sqltext.Operator {
			continue
		}
		switch t.Text(w.sql) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		if depth == 0 {
			inner := w.sql[w.tokens[0].End:t.Start]
			w.tokens = w.tokens[i+1:]
			return inner, true
		}
	}
	return "", false
}

func (w *words) end() bool { return len(w.tokens) == 0 }

// unexpected is the error for the word that comes next.
func (w *words) unexpected() error {
	if w.end() {
		return &failure{code: "42601", message: "syntax error at end of input"}
	}
	return &failure{code: "42601", message: "syntax error at or near " + strconv.Quote(w.tokens[0].Text(w.sql)), position: len([]rune(w.sql[:w.tokens[0].Start])) + 1}
}
