package sqltext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the class of a token.
type Kind uint8

// The kinds of tokens. White space is no token.
const (
	Word       Kind = iota // an unquoted name or keyword
	QuotedWord             // "a name"
	String                 // 'text', E'text', $$text$$
	Number
	Param    // $1, $name or ?
	Operator // one character of punctuation, or ::
	Semicolon
	Comment // -- to the end of the line, or /* nested */
)

// Token is a piece of a SQL text, as byte offsets into it.
type Token struct {
	Kind       Kind
	Start, End int
	Open       bool // a quote or comment that the text ends within
}

// Text returns the token's own text within sql.
func (t Token) Text(sql string) string { return sql[t.Start:t.End] }

// Name returns the identifier that a Word or QuotedWord stands for: folded to lower case, or unquoted.
func (t Token) Name(sql string) string {
	s := t.Text(sql)
	if t.Kind != QuotedWord {
		return strings.ToLower(s)
	}
	return strings.ReplaceAll(strings.TrimSuffix(s[1:], `"`), `""`, `"`)
}

// Tokens cuts sql into tokens, by the lexical rules of PostgreSQL (chapter 4.1 of its manual), which DuckDB shares.
// It never fails: an unknown character is an Operator, an unfinished quote is a token with Open set.
func Tokens(sql string) []Token {
	var out []Token
	for i := 0; i < len(sql); {
		if n := spaceAt(sql, i); n > 0 {
			i += n
			continue
		}
		t := next(sql, i)
		out = append(out, t)
		i = t.End
	}
	return out
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

// spaceAt returns the length of the white space at sql[i]: one of ASCII's, or one of Unicode's, which DuckDB takes for
// blanks outside of quotes; 0 if there is none.
func spaceAt(sql string, i int) int {
	if sql[i] < 0x80 {
		if isSpace(sql[i]) {
			return 1
		}
		return 0
	}
	if r, n := utf8.DecodeRuneInString(sql[i:]); unicode.IsSpace(r) || r == 0xfeff || r == 0x200b {
		return n
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func isName(c byte) bool { return isNameStart(c) || isDigit(c) || c == '$' }

// next reads the token that begins at i, which is not white space.
func next(sql string, i int) Token {
	c, peek := sql[i], byte(0)
	if i+1 < len(sql) {
		peek = sql[i+1]
	}
	switch {
	case c == ';':
		return Token{Kind: Semicolon, Start: i, End: i + 1}
	case c == '-' && peek == '-':
		return lineComment(sql, i)
	case c == '/' && peek == '*':
		return blockComment(sql, i)
	case c == '\'':
		return quoted(sql, i, i, String, false)
	case c == '"':
		return quoted(sql, i, i, QuotedWord, false)
	case (c == 'e' || c == 'E') && peek == '\'':
		return quoted(sql, i, i+1, String, true)
	case c == '$':
		return dollar(sql, i)
	case c == '?':
		return Token{Kind: Param, Start: i, End: i + 1}
	case isDigit(c) || c == '.' && isDigit(peek):
		return number(sql, i)
	case isNameStart(c):
		return span(sql, i, Word, isName)
	case c == ':' && peek == ':':
		return Token{Kind: Operator, Start: i, End: i + 2}
	}
	return Token{Kind: Operator, Start: i, End: i + 1}
}

// span reads from i on while in holds.
func span(sql string, i int, k Kind, in func(byte) bool) Token {
	j := i + 1
	for j < len(sql) && in(sql[j]) && (sql[j] < 0x80 || spaceAt(sql, j) == 0) {
		j++
	}
	return Token{Kind: k, Start: i, End: j}
}

func lineComment(sql string, i int) Token {
	end := len(sql)
	if n := strings.IndexByte(sql[i:], '\n'); n >= 0 {
		end = i + n
	}
	return Token{Kind: Comment, Start: i, End: end}
}

func blockComment(sql string, i int) Token {
	depth := 0
	for j := i; j+1 < len(sql); {
		switch sql[j : j+2] {
		case "/*":
			depth++
			j += 2
		case "*/":
			depth--
			j += 2
			if depth == 0 {
				return Token{Kind: Comment, Start: i, End: j}
			}
		default:
			j++
		}
	}
	return Token{Kind: Comment, Start: i, End: len(sql), Open: true}
}

// quoted reads a quoted token that starts at start and whose quote stands at q.
func quoted(sql string, start, q int, k Kind, backslash bool) Token {
	quote := sql[q]
	for j := q + 1; j < len(sql); j++ {
		switch {
		case backslash && sql[j] == '\\':
			j++
		case sql[j] == quote && j+1 < len(sql) && sql[j+1] == quote:
			j++
		case sql[j] == quote:
			return Token{Kind: k, Start: start, End: j + 1}
		}
	}
	return Token{Kind: k, Start: start, End: len(sql), Open: true}
}

// dollar reads $1, $name, $$text$$ or $tag$text$tag$.
func dollar(sql string, i int) Token {
	j := i + 1
	if j < len(sql) && isDigit(sql[j]) {
		return span(sql, i, Param, isDigit)
	}
	for j < len(sql) && (isNameStart(sql[j]) || isDigit(sql[j])) {
		j++
	}
	if j < len(sql) && sql[j] == '$' {
		tag := sql[i : j+1]
		if n := strings.Index(sql[j+1:], tag); n >= 0 {
			return Token{Kind: String, Start: i, End: j + 1 + n + len(tag)}
		}
		return Token{Kind: String, Start: i, End: len(sql), Open: true}
	}
	if j > i+1 {
		return Token{Kind: Param, Start: i, End: j}
	}
	return Token{Kind: Operator, Start: i, End: i + 1}
}

func number(sql string, i int) Token {
	j := i
	for j < len(sql) {
		c := sql[j]
		exponent := (c == '+' || c == '-') && (sql[j-1] == 'e' || sql[j-1] == 'E') && !strings.HasPrefix(sql[i:], "0x")
		if !isDigit(c) && c != '.' && c != '_' && !isNameStart(c) && (j == i || !exponent) {
			break
		}
		j++
	}
	return Token{Kind: Number, Start: i, End: j}
}
