package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tarn/engine"
	"tarn/repl/render"
)

// Escape codes of the terminal's own colours.
const (
	red   = "\x1b[31m"
	reset = "\x1b[0m"
)

// report writes an error with the place in the text, the file, and what to do. It reports whether the user, by ending the program,
// wanted it.
func (r *REPL) report(err error) (interrupted bool) {
	var e *engine.Error
	if !errors.As(err, &e) {
		r.tell("%s %s", r.red("error:"), render.Visible(err.Error()))
		r.vars["LAST_ERROR_MESSAGE"] = err.Error()
		return errors.Is(err, context.Canceled) && r.interrupts == nil
	}
	r.vars["LAST_ERROR_MESSAGE"] = e.Message
	if e.Kind == engine.KindCancelled {
		if r.editing && r.interrupts != nil {
			r.tell("") // the terminal has shown ^C
		}
		r.tell("cancelled")
		return r.interrupts == nil
	}
	r.tell("%s %s", r.red("error:"), render.Visible(e.Message))
	var q *queryError
	if errors.As(err, &q) && e.Position > 0 && q.sql != "" {
		r.point(q.query, e.Position)
	}
	if e.File != "" {
		place := "file: " + render.Visible(e.File)
		if e.Line > 0 {
			place += fmt.Sprintf(", line %d", e.Line)
		}
		r.tell("%s", place)
	}
	r.labelled("detail: ", e.Detail)
	r.labelled("hint: ", e.Hint)
	return false
}

// labelled writes text of one or more lines behind a label, or nothing.
func (r *REPL) labelled(label, text string) {
	if text == "" {
		return
	}
	for line := range strings.Lines(text) {
		r.tell("%s%s", label, render.Visible(strings.TrimRight(line, "\r\n")))
		label = strings.Repeat(" ", len(label))
	}
}

func (r *REPL) notice(message, hint string) {
	r.labelled("notice: ", message)
	r.labelled("hint: ", hint)
}

func (r *REPL) red(s string) string {
	if !r.colourErr {
		return s
	}
	return red + s + reset
}

// shownLine is how much of a line of the text an error shows, in characters.
const shownLine = 100

// point writes the line of text in which the error is, and a caret under the place. position counts the statement's
// characters from 1. The line's number is given if the text has several.
func (r *REPL) point(q query, position int) {
	text, at := q.text, q.offset
	for range position - 1 {
		if at >= q.offset+len(q.sql) {
			break
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	start := strings.LastIndexByte(text[:at], '\n') + 1
	end := len(text)
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		end = at + n
	}
	label := "  "
	if strings.Contains(strings.TrimSpace(text), "\n") {
		label = fmt.Sprintf("  line %d: ", strings.Count(text[:start], "\n")+1)
	}
	before, after := window(text[start:at], strings.TrimRight(text[at:end], "\r"))
	r.tell("%s%s%s", label, before, after)
	r.tell("%s%s", strings.Repeat(" ", len(label)+render.Width(before)), r.red("^"))
}

// window makes both parts of a line visible and cuts them around the place between them.
func window(before, after string) (string, string) {
	before = render.Visible(strings.ReplaceAll(before, "\t", " "))
	after = render.Visible(strings.ReplaceAll(after, "\t", " "))
	if b := []rune(before); len(b) > shownLine*2/3 {
		before = "…" + string(b[len(b)-shownLine*2/3:])
	}
	if room := shownLine - utf8.RuneCountInString(before); utf8.RuneCountInString(after) > room {
		after = string([]rune(after)[:room]) + "…"
	}
	return before, after
}
