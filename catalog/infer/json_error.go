package infer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// expected returns the error that something else stands at pos, or that the file ends there.
func (r *jsonReader) expected(what string) error {
	if !r.has(1) {
		return r.cut()
	}
	c := r.buf[r.pos]
	hint := jsonHints[c]
	if (c == '}' || c == ']') && (what == jsonWantValue || what == jsonWantKey) {
		hint = "remove the comma before it, or add what is missing"
	}
	return &Error{Reason: "expected " + what + ", found " + r.found(), Line: r.line, Hint: hint}
}

// What is expected where a comma too many often stands.
const jsonWantValue, jsonWantKey = "a value", "a key in double quotes"

// jsonHints say what to do about what JSON does not have, by its first character.
var jsonHints = map[byte]string{
	'\'': "strings and keys stand in double quotes",
	'N':  "NaN and None are not JSON; write null",
	'I':  "Infinity is not JSON; write null or a large number",
	'T':  "write true in lower case",
	'F':  "write false in lower case",
	'/':  "JSON has no comments; remove them",
	'#':  "JSON has no comments; remove them",
}

// found describes the next characters.
func (r *jsonReader) found() string {
	r.has(32)
	c, size := utf8.DecodeRune(r.buf[r.pos:r.end])
	switch {
	case c == utf8.RuneError && size <= 1:
		return fmt.Sprintf("the byte 0x%02x", r.buf[r.pos])
	case !unicode.IsPrint(c):
		return fmt.Sprintf("the character %U", c)
	}
	word := string(r.buf[r.pos:min(r.pos+24, r.end)])
	if n := strings.IndexFunc(word, func(c rune) bool { return !unicode.IsLetter(c) }); n > 0 {
		word = word[:n]
	}
	if !unicode.IsLetter(c) {
		word = word[:size]
	}
	return word
}

// cut returns the error that the file ends too early, or why it cannot be read on.
func (r *jsonReader) cut() error {
	if r.err != nil {
		return r.err
	}
	line := r.line
	if r.last == r.offset() && line > 1 {
		line-- // the last line that there is
	}
	if r.inLine {
		return &Error{Reason: "the line ends in the middle of a record", Line: r.line}
	}
	const hint = "the file was cut short or is still being written; write or copy it again"
	switch {
	case r.begin > 0:
		return &Error{fmt.Sprintf("the file ends in the middle of a record that begins on line %d", r.begin), line, hint}
	case r.array > 0:
		return &Error{fmt.Sprintf("the file ends before the array that begins on line %d is closed with ]", r.array), line, hint}
	default:
		return &Error{Reason: "there is no JSON value in the file", Line: r.line}
	}
}

// wrong returns an error on the current line.
func (r *jsonReader) wrong(hint, format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...), Line: r.line, Hint: hint}
}
