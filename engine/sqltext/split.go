package sqltext

import "strings"

// Statement is one statement of a text, without its semicolon and the white space around it.
type Statement struct {
	Text   string
	Offset int // of Text in the whole, in bytes
}

// Split cuts sql at its semicolons. Statements without any token but comments are left out. rest is the text after
// the last semicolon when it holds a token, or an unfinished comment: the REPL waits for its end, everyone else
// takes it for the last statement.
func Split(sql string) (done []Statement, rest Statement) {
	start, used := 0, false
	for _, t := range Tokens(sql) {
		switch {
		case t.Kind == Semicolon:
			if used {
				done = append(done, cut(sql, start, t.Start))
			}
			start, used = t.End, false
		case t.Kind != Comment || t.Open:
			used = true
		}
	}
	if used {
		rest = cut(sql, start, len(sql))
	}
	return done, rest
}

// SplitAll is Split for callers that have the whole text: the rest is a statement too.
func SplitAll(sql string) []Statement {
	done, rest := Split(sql)
	if rest.Text != "" {
		done = append(done, rest)
	}
	return done
}

func cut(sql string, start, end int) Statement {
	for start < end && spaceAt(sql, start) > 0 {
		start += spaceAt(sql, start)
	}
	return Statement{Text: strings.TrimRight(sql[start:end], " \t\r\n\f\v"), Offset: start}
}

// Words returns the first n words of sql in upper case, past comments and opening parentheses; fewer when another
// kind of token comes first.
func Words(sql string, n int) []string {
	var out []string
	for _, t := range Tokens(sql) {
		switch {
		case len(out) == n:
			return out
		case t.Kind == Comment, t.Kind == Operator && t.Text(sql) == "(" && len(out) == 0:
		case t.Kind == Word:
			out = append(out, strings.ToUpper(t.Text(sql)))
		default:
			return out
		}
	}
	return out
}

// Items splits a text at the commas outside of brackets.
func Items(text string) []string {
	var out []string
	depth, start := 0, 0
	for _, t := range Tokens(text) {
		if t.Kind != Operator {
			continue
		}
		switch t.Text(text) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 {
				out, start = append(out, strings.TrimSpace(text[start:t.Start])), t.End
			}
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}
