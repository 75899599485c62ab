package infer

import (
	"bytes"
	"slices"
	"strings"
)

// The common delimiters are tried on every file, in this order of preference among equals; the rare ones, and those that
// the text itself suggests, if no common one cuts the rows evenly, since they stand in so many texts.
var (
	delimiters     = []string{",", ";", "\t", "|", "\x01", ", "}
	rareDelimiters = []string{" ", ":"}
)

// suggestLines is how many lines of the sample suggest rare delimiters.
const suggestLines = 60

// neverParts holds the ASCII characters that no rare delimiter of one character is.
const neverParts = "\"'.-_/+()[]{}@%`"

// suggestDelimiters returns the characters, and runs of punctuation, that stand equally often in nearly all lines: those
// of more characters first.
func suggestDelimiters(text []byte) []string {
	var lines [][]byte
	for len(text) > 0 && len(lines) < suggestLines {
		i := bytes.IndexAny(text, "\r\n")
		if i < 0 {
			i = len(text)
		}
		if line := bytes.TrimSpace(text[:i]); len(line) > 0 {
			lines = append(lines, line)
		}
		text = text[min(i+1, len(text)):]
	}
	if len(lines) == 0 {
		return nil
	}
	var out []string
	n := len(lines)
	for _, i := range []int{n / 2, n / 4, 3 * n / 4, n - 1} { // one may be broken, or a header or footer of another kind
		for _, c := range punctuation(lines[i]) {
			if !slices.Contains(out, c) && standsEvenly(lines, c) {
				out = append(out, c)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return append(out, rareDelimiters...)
}

// punctuation returns the runs of characters between the words of a line, and the single characters in them.
func punctuation(line []byte) []string {
	var out []string
	for i := 0; i < len(line); {
		j := i
		for j < len(line) && !wordByte(line[j]) {
			j++
		}
		run := string(line[i:j])
		marks := strings.Trim(run, neverParts)
		if len(marks) > 1 && len(marks) <= 8 && strings.TrimSpace(marks) != "" && !strings.ContainsAny(marks, neverParts) {
			out = append(out, marks)
		}
		for _, c := range []byte(run) {
			if c != ' ' && strings.IndexByte(neverParts, c) < 0 && (c != '$' || i > 0 && run == "$") { // no sign of money
				out = append(out, string(rune(c)))
			}
		}
		i = j + 1
	}
	return out
}

// wordByte reports whether a byte is a letter, a digit or part of a longer character.
func wordByte(c byte) bool { return c-'0' <= 9 || c|0x20-'a' < 26 || c >= 0x80 }

// standsEvenly reports whether a third of the lines hold a delimiter equally often: quotes may hold it, or line ends.
func standsEvenly(lines [][]byte, delim string) bool {
	count := map[int]int{}
	for _, l := range lines {
		count[bytes.Count(l, []byte(delim))]++
	}
	for n, times := range count {
		if n > 0 && times*3 >= len(lines) {
			return true
		}
	}
	return false
}

// quotes returns the quote characters worth trying: the double quote always, since a file that never opens a field with
// it reads the same without, and others if they open and close fields.
func quotes(text []byte) []string {
	out := []string{`"`}
	if bytes.Count(text, []byte(`'`)) >= 2 && opensField(text, '\'') && closesField(text, '\'') {
		out = append(out, "'")
	}
	for _, q := range "`~^$%*#@|/" {
		if parts := bytes.Count(text, []byte{byte(q)}); parts >= 4 && surroundsFields(text, byte(q), parts) {
			out = append(out, string(q))
		}
	}
	return out
}

// opensField and closesField report whether q stands at the start or the end of a line, or beside what may be a delimiter.
func opensField(text []byte, q byte) bool {
	for i, c := range text {
		if c == q && (i == 0 || !wordByte(text[i-1]) && text[i-1] != q) {
			return true
		}
	}
	return false
}

func closesField(text []byte, q byte) bool {
	for i, c := range text {
		if c == q && (i+1 == len(text) || !wordByte(text[i+1]) && text[i+1] != q) {
			return true
		}
	}
	return false
}

// surroundsFields reports whether most of the q in a text open or close fields between common delimiters.
func surroundsFields(text []byte, q byte, all int) bool {
	for _, d := range []byte(",;\t|") {
		if d == q {
			continue
		}
		opens := bytes.Count(text, []byte{d, q}) + bytes.Count(text, []byte{'\n', q})
		closes := bytes.Count(text, []byte{q, d}) + bytes.Count(text, []byte{q, '\n'}) + bytes.Count(text, []byte{q, '\r'})
		if opens > 0 && closes > 0 && (opens+closes)*5 >= all*4 {
			return true
		}
	}
	return false
}

// escapes returns what may stand before quotes that are part of a field, other than the quote itself: the backslash
// first, then the characters that stand there in the text.
func escapes(text []byte, quote string) []string {
	var out []string
	if bytes.Contains(text, []byte(`\`+quote)) {
		out = append(out, `\`)
	}
	for _, e := range "^~!$#&*/" {
		if bytes.Contains(text, []byte(string(e)+quote)) {
			out = append(out, string(e))
		}
	}
	return out
}
