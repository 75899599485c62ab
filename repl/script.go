package repl

import (
	"strings"

	"tarn/engine/sqltext"
)

// item is one statement, without its semicolon, or one command.
type item struct {
	command bool
	text    string
	offset  int // of text in the script, in bytes
	// buffer is, for a command that runs statements, the one before it that no semicolon ended, and at its offset.
	buffer string
	at     int
}

// script cuts a text into items. A command starts with a backslash, or where a statement could start with a dot, and ends with
// its line. Behind a statement that is not finished it runs that statement (\g and its kind), or stands in between as if it were not there.
type script struct {
	text   string
	whole  bool // no more text will follow, so that its end ends the last item
	from   int  // what is before it has been taken
	tokens []sqltext.Token
	base   int // where the tokens start to count
}

func newScript(text string, whole bool) *script {
	s := &script{text: text, whole: whole}
	s.scan(0)
	return s
}

// scan cuts the text from byte at on into tokens.
func (s *script) scan(at int) {
	s.from, s.base = at, at
	s.tokens = sqltext.Tokens(s.text[at:])
}

// next takes the next item, or reports false if there is no finished one.
func (s *script) next() (item, bool) {
	s.skip()
	if len(s.tokens) == 0 {
		return item{}, false
	}
	start := s.base + s.tokens[0].Start
	if beginsCommand(s.text[start:]) {
		return s.line(start, start)
	}
	for i, t := range s.tokens {
		if t.Kind == sqltext.Operator && s.text[s.base+t.Start] == '\\' {
			return s.line(start, s.base+t.Start)
		}
		if t.Kind == sqltext.Semicolon {
			s.tokens = s.tokens[i+1:]
			s.from = s.base + t.End
			return item{text: strings.TrimSpace(s.text[start : s.base+t.Start]), offset: start}, true
		}
	}
	if !s.whole {
		return item{}, false
	}
	s.tokens, s.from = nil, len(s.text)
	return item{text: strings.TrimSpace(s.text[start:]), offset: start}, true
}

// beginsCommand reports whether text, which begins where a statement could, begins with a command.
func beginsCommand(text string) bool {
	if len(text) < 2 || text[0] != '.' {
		return strings.HasPrefix(text, `\`)
	}
	return text[1] >= 'a' && text[1] <= 'z' || text[1] >= 'A' && text[1] <= 'Z'
}

// skip passes semicolons and comments before an item. An unfinished comment stays: it waits for its end, or is an
// error.
func (s *script) skip() {
	for len(s.tokens) > 0 {
		t := s.tokens[0]
		if t.Kind != sqltext.Semicolon && (t.Kind != sqltext.Comment || t.Open) {
			return
		}
		s.tokens, s.from = s.tokens[1:], s.base+t.End
	}
}

// line takes the command that starts at start, behind the statement that begins at buffer.
func (s *script) line(buffer, start int) (item, bool) {
	end := strings.IndexByte(s.text[start:], '\n')
	if end < 0 && !s.whole {
		return item{}, false
	}
	if end < 0 {
		end = len(s.text) - start
	}
	it := item{command: true, text: strings.TrimRight(strings.TrimSpace(s.text[start:start+end]), "; \t"), offset: start}
	switch {
	case buffer == start:
		s.scan(start + end)
	case runsBuffer(it.text):
		it.buffer, it.at = strings.TrimSpace(s.text[buffer:start]), buffer
		s.scan(start + end)
	default: // the statement goes on behind it
		s.text = s.text[:start] + strings.Repeat(" ", end) + s.text[start+end:]
		s.scan(buffer)
	}
	return it, true
}

// rest returns what has not been taken, or nothing if it holds no statement's beginning.
func (s *script) rest() string {
	if len(s.tokens) == 0 {
		return ""
	}
	return strings.TrimLeft(s.text[s.from:], " \t\r\n")
}

// state says what an unfinished statement waits for, as a letter of the prompt: the end of a text ' or name ", of
// a comment *, of a parenthesis (, or of the statement -.
func state(pending string) byte {
	depth := 0
	for _, t := range sqltext.Tokens(pending) {
		switch text := t.Text(pending); {
		case t.Open && t.Kind == sqltext.Comment:
			return '*'
		case t.Open && text[0] == '$':
			return '$'
		case t.Open && t.Kind == sqltext.QuotedWord:
			return '"'
		case t.Open:
			return '\''
		case text == "(":
			depth++
		case text == ")":
			depth--
		}
	}
	if depth > 0 {
		return '('
	}
	return '-'
}
