package lineedit

import (
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// tabWidth is how many cells a tab takes.
const tabWidth = 4

// cluster is one character as a person sees it.
type cluster struct {
	start, end int // in runes
	width      int // in cells
	text       string
}

// clusters cuts a text into characters.
func clusters(text []rune) []cluster {
	var out []cluster
	at := 0
	for it := graphemes.FromString(string(text)); it.Next(); {
		s := it.Value()
		n := len([]rune(s))
		c := cluster{start: at, end: at + n, text: s, width: runewidth.StringWidth(s)}
		switch {
		case s == "\t":
			c.width, c.text = tabWidth, "    "
		case s == "\n", s == "\r\n":
			c.width, c.text = 0, ""
		case n == 1 && (text[at] < ' ' || text[at] >= 0x7f && text[at] < 0xa0):
			c.width, c.text = 1, "·" // a control character is shown, not sent
		}
		out = append(out, c)
		at += n
	}
	return out
}

// before returns where the character that ends at pos begins.
func before(text []rune, pos int) int {
	from := lineStart(text, pos)
	if from == pos {
		return max(pos-1, 0)
	}
	cs := clusters(text[from:pos])
	return from + cs[len(cs)-1].start
}

// after returns where the character at pos ends.
func after(text []rune, pos int) int {
	if pos >= len(text) || text[pos] == '\n' {
		return min(pos+1, len(text))
	}
	return pos + clusters(text[pos:lineEnd(text, pos)])[0].end
}

func lineStart(text []rune, pos int) int {
	for pos > 0 && text[pos-1] != '\n' {
		pos--
	}
	return pos
}

func lineEnd(text []rune, pos int) int {
	for pos < len(text) && text[pos] != '\n' {
		pos++
	}
	return pos
}

// width counts the cells of a text in one line.
func width(text []rune) int {
	n := 0
	for _, c := range clusters(text) {
		n += c.width
	}
	return n
}

// upDown moves by lines and keeps the column; false at the first or last line.
func upDown(text []rune, pos, by int) (int, bool) {
	start := lineStart(text, pos)
	column := width(text[start:pos])
	if by < 0 {
		if start == 0 {
			return pos, false
		}
		start = lineStart(text, start-1)
	} else {
		end := lineEnd(text, pos)
		if end == len(text) {
			return pos, false
		}
		start = end + 1
	}
	at := start
	for _, c := range clusters(text[start:lineEnd(text, start)]) {
		if column -= c.width; column < 0 {
			break
		}
		at = start + c.end
	}
	return at, true
}

func isWord(c rune) bool {
	return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.M, c)
}

// wordLeft returns the start of the word before pos.
func wordLeft(text []rune, pos int) int {
	for pos > 0 && !isWord(text[pos-1]) {
		pos--
	}
	for pos > 0 && isWord(text[pos-1]) {
		pos--
	}
	return pos
}

// wordRight returns the end of the word behind pos.
func wordRight(text []rune, pos int) int {
	for pos < len(text) && !isWord(text[pos]) {
		pos++
	}
	for pos < len(text) && isWord(text[pos]) {
		pos++
	}
	return pos
}

// blankLeft returns the start of the word before pos, where words end at white space.
func blankLeft(text []rune, pos int) int {
	for pos > 0 && unicode.IsSpace(text[pos-1]) {
		pos--
	}
	for pos > 0 && !unicode.IsSpace(text[pos-1]) {
		pos--
	}
	return pos
}
