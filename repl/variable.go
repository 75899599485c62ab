package repl

import (
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// interpolate puts the values of variables in the place of :name, :'name' and :"name", and whether there is one in the place of
// :{?name}. What is no variable's name stays, so that casts and slices are what they were.
func (r *REPL) interpolate(sql string) string {
	if len(r.vars) == 0 && !strings.Contains(sql, ":{?") || !strings.Contains(sql, ":") {
		return sql
	}
	var b strings.Builder
	tokens, from := sqltext.Tokens(sql), 0
	for i := 0; i+1 < len(tokens); i++ {
		t, n := tokens[i], tokens[i+1]
		if t.Text(sql) != ":" || n.Start != t.End {
			continue
		}
		value, end, ok := r.reference(sql, tokens[i+1:])
		if !ok {
			continue
		}
		b.WriteString(sql[from:t.Start] + value)
		from = end
	}
	return b.String() + sql[from:]
}

// reference returns the value of the variable that the tokens behind a colon name, and where they end.
func (r *REPL) reference(sql string, tokens []sqltext.Token) (value string, end int, ok bool) {
	t := tokens[0]
	text := t.Text(sql)
	switch {
	case t.Kind == sqltext.Word:
		value, ok = r.vars[text]
		return value, t.End, ok
	case t.Kind == sqltext.String && text[0] == '\'' && !t.Open:
		value, ok = r.vars[text[1:len(text)-1]]
		return sqltype.QuoteText(value), t.End, ok
	case t.Kind == sqltext.QuotedWord && !t.Open:
		value, ok = r.vars[text[1:len(text)-1]]
		return sqltype.QuoteName(value), t.End, ok
	case text == "{" && len(tokens) > 3 && tokens[1].Text(sql) == "?" && tokens[3].Text(sql) == "}":
		if _, set := r.vars[tokens[2].Text(sql)]; set {
			return "TRUE", tokens[3].End, true
		}
		return "FALSE", tokens[3].End, true
	}
	return "", 0, false
}

// arguments cuts what stands behind a command into words. 'text' is a word with its spaces, in which two quotes are a quote and \n a line
// break, :name a variable's value, `command` what a command prints.
func (r *REPL) arguments(text string) ([]string, error) {
	var out []string
	for i := 0; i < len(text); {
		if text[i] == ' ' || text[i] == '\t' {
			i++
			continue
		}
		var word strings.Builder
		for i < len(text) && text[i] != ' ' && text[i] != '\t' {
			n, err := r.piece(text[i:], &word)
			if err != nil {
				return nil, err
			}
			i += n
		}
		out = append(out, word.String())
	}
	return out, nil
}

// piece adds the first piece of text to a word and returns its length.
func (r *REPL) piece(text string, word *strings.Builder) (int, error) {
	switch text[0] {
	case '\'':
		return quotedPiece(text, word)
	case '"':
		end := strings.IndexByte(text[1:], '"')
		if end < 0 {
			return 0, fmt.Errorf(`the argument %s has no closing "`, text)
		}
		word.WriteString(text[:end+2])
		return end + 2, nil
	case '`':
		end := strings.IndexByte(text[1:], '`')
		if end < 0 {
			return 0, fmt.Errorf("the argument %s has no closing `", text)
		}
		out, err := exec.Command("sh", "-c", text[1:end+1]).Output()
		if err != nil {
			return 0, fmt.Errorf("run %s: %w", text[:end+2], err)
		}
		word.WriteString(strings.TrimRight(string(out), "\n"))
		return end + 2, nil
	case ':':
		if tokens := sqltext.Tokens(text[1:]); len(tokens) > 0 && tokens[0].Start == 0 {
			if value, end, ok := r.reference(text[1:], tokens); ok {
				if strings.HasPrefix(text, `:"`) || strings.HasPrefix(text, ":'") || text[1] != '{' {
					word.WriteString(value)
				} else {
					word.WriteString(strings.ToLower(value))
				}
				return end + 1, nil
			}
		}
	}
	word.WriteByte(text[0])
	return 1, nil
}

// quotedPiece adds the text in quotes that text begins with.
func quotedPiece(text string, word *strings.Builder) (int, error) {
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' && i+1 < len(text) && text[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case c == '\'':
			return i + 1, nil
		case c == '\\' && i+1 < len(text):
			i++
			if at := strings.IndexByte("nrt", text[i]); at >= 0 {
				word.WriteByte("\n\r\t"[at])
			} else {
				word.WriteByte(text[i])
			}
		default:
			word.WriteByte(c)
		}
	}
	return 0, fmt.Errorf("the argument %s has no closing '", text)
}

// isVariable reports whether name can be a variable's.
func isVariable(name string) bool {
	t := sqltext.Tokens(name)
	return len(t) == 1 && t[0].Kind == sqltext.Word && t[0].End == len(name)
}

// setVariable sets a variable, or fails if it has no proper name.
func (r *REPL) setVariable(name, value string) error {
	if !isVariable(name) {
		return fmt.Errorf("%q is no name of a variable: use letters, digits and underscores", name)
	}
	r.vars[name] = value
	return nil
}

// variableLines lists all variables as \set would set them.
func (r *REPL) variableLines() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.vars)) {
		fmt.Fprintf(&b, "%s = %s\n", name, sqltype.QuoteText(r.vars[name]))
	}
	return b.String()
}
