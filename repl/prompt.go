package repl

import (
	"path/filepath"
	"strings"

	"tarn/engine/sqltext"
	"tarn/repl/complete"
	"tarn/repl/lineedit"
	"tarn/repl/render"
)

// promptCells is how much of a name fits into a prompt.
const promptCells = 20

// label is what the session is connected to, for the prompt: the lake's folder, or the server.
func (r *REPL) label() string {
	if s, ok := r.session.(interface{ Name() string }); ok {
		return render.Cut(render.Visible(s.Name()), promptCells)
	}
	if r.place == "" {
		return "tarn"
	}
	return render.Cut(render.Visible(filepath.Base(absolute(r.place))), promptCells)
}

// prompts returns the prompt of each line of what is being typed in a session of some name. It shows what the line goes on with: the end of a
// text ' or name ", of $$ $, of a comment *, of a parenthesis (, or of the statement -.
func prompts(name, text string) []string {
	out := []string{name + "> "}
	tokens := sqltext.Tokens(text)
	depth, i := 0, 0
	for at := 0; ; {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return out
		}
		at += n + 1
		for i < len(tokens) && tokens[i].End < at {
			switch tokens[i].Text(text) {
			case "(":
				depth++
			case ")":
				depth--
			case ";":
				depth = 0
			}
			i++
		}
		out = append(out, name+string(open(text, tokens, i, at, depth))+"> ")
	}
}

// open says what is open at a place between or within tokens.
func open(text string, tokens []sqltext.Token, i, at, depth int) byte {
	if i < len(tokens) && tokens[i].Start < at && (tokens[i].End > at || tokens[i].Open) {
		switch t := tokens[i]; {
		case t.Kind == sqltext.Comment:
			return '*'
		case t.Kind == sqltext.QuotedWord:
			return '"'
		case text[t.Start] == '$':
			return '$'
		}
		return '\''
	}
	if depth > 0 {
		return '('
	}
	return '-'
}

// finished reports whether Enter ends what is being typed: nothing of a statement is left, or it ends with a command.
func finished(text string) bool {
	if plainWords[plainWord(text)] != "" {
		return true
	}
	s := newScript(text+"\n", false)
	last := item{offset: -1}
	for it, ok := s.next(); ok; it, ok = s.next() {
		last = it
	}
	return s.rest() == "" || last.command && last.offset > strings.LastIndexByte(text, '\n')
}

// endsInCommand reports whether the last line of text is a command amid a statement.
func (r *REPL) endsInCommand(text string) bool {
	from := strings.LastIndexByte(text, '\n') + 1
	return from > 0 && isCommand(text[from:]) && strings.IndexByte("-(", state(text[:from])) >= 0 && !runsBuffer(strings.TrimSpace(text[from:]))
}

func plainWord(text string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(text), ";"))
}

// The colours of what is typed: the 16 of every terminal, so that they fit its background.
const (
	styleKeyword  = "1;34"
	styleString   = "32"
	styleNumber   = "36"
	styleComment  = "90"
	styleFunction = "35"
	styleBracket  = "1;7"
	styleCommand  = "33"
)

// highlight finds how the parts of a statement are drawn.
func highlight(text string, cursor int) []lineedit.Span {
	var out []lineedit.Span
	tokens := sqltext.Tokens(text)
	for i, t := range tokens {
		style := ""
		switch t.Kind {
		case sqltext.Comment:
			style = styleComment
		case sqltext.String:
			style = styleString
		case sqltext.Number, sqltext.Param:
			style = styleNumber
		case sqltext.Word:
			call := i+1 < len(tokens) && tokens[i+1].Start == t.End && tokens[i+1].Text(text) == "("
			if style = wordStyle(t.Name(text), call); i > 0 && tokens[i-1].Text(text) == "." {
				style = ""
			}
		case sqltext.Operator:
			if text[t.Start] == '\\' && (i == 0 || strings.TrimSpace(text[strings.LastIndexByte(text[:t.Start], '\n')+1:t.Start]) == "") {
				out = append(out, lineedit.Span{Start: t.Start, End: wordEnd(text, t.Start), Style: styleCommand})
			}
		}
		if style != "" {
			out = append(out, lineedit.Span{Start: t.Start, End: t.End, Style: style})
		}
	}
	return append(out, brackets(text, tokens, cursor)...)
}

func wordStyle(word string, call bool) string {
	switch {
	case call && !complete.Keyword(word):
		return styleFunction
	case complete.Keyword(word):
		return styleKeyword
	}
	return ""
}

func wordEnd(text string, from int) int {
	if n := strings.IndexAny(text[from:], " \t\n"); n >= 0 {
		return from + n
	}
	return len(text)
}

// brackets marks the bracket before the cursor, or at it, and the one that belongs to it.
func brackets(text string, tokens []sqltext.Token, cursor int) []lineedit.Span {
	pairs := map[string]string{")": "(", "]": "[", "}": "{"}
	var stack []sqltext.Token
	for _, t := range tokens {
		if t.Kind != sqltext.Operator {
			continue
		}
		switch s := t.Text(text); s {
		case "(", "[", "{":
			stack = append(stack, t)
		case ")", "]", "}":
			if len(stack) == 0 || stack[len(stack)-1].Text(text) != pairs[s] {
				return nil
			}
			from := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if from.Start == cursor || from.End == cursor || t.Start == cursor || t.End == cursor {
				return []lineedit.Span{{Start: from.Start, End: from.End, Style: styleBracket}, {Start: t.Start, End: t.End, Style: styleBracket}}
			}
		}
	}
	return nil
}
