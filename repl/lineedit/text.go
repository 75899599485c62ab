package lineedit

import (
	"unicode"
	"unicode/utf8"

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
	out := make([]cluster, 0, len(text))
	at := 0
	for at < len(text) {
		if n := plain(text[at:]); n > 0 { // most of all that is typed
			for _, c := range text[at : at+n] {
				out = append(out, cluster{start: at, end: at + 1, width: 1, text: ascii[c : c+1]})
				at++
			}
			continue
		}
		n := 1
		for n < len(text)-at && plain(text[at+n:]) == 0 {
			n++
		}
		out = append(out, composed(text[at:at+n], at)...)
		at += n
	}
	return out
}

// ascii is every character of ASCII in its place.
var ascii = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// plain counts the characters at the start of a text that stand for themselves alone: visible ASCII, with nothing behind that could belong to it.
func plain(text []rune) int {
	n := 0
	for n < len(text) && text[n] >= ' ' && text[n] < 0x7f {
		n++
	}
	if n > 0 && n < len(text) && text[n] >= utf8.RuneSelf {
		n--
	}
	return n
}

// composed cuts a text that begins at some place into characters by Unicode's rules.
func composed(text []rune, at int) []cluster {
	var out []cluster
	from := at
	for it := graphemes.FromString(string(text)); it.Next(); {
		s := it.Value()
		n := len([]rune(s))
		c := cluster{start: at, end: at + n, text: s, width: runewidth.StringWidth(s)}
		switch {
		case s == "\t":
			c.width, c.text = tabWidth, "    "
		case s == "\n", s == "\r\n":
			c.width, c.text = 0, ""
		case n == 1 && isControl(text[at-from]):
			c.width, c.text = 1, "·" // a control character is shown, not sent
		}
		out = append(out, c)
		at += n
	}
	return out
}

func isControl(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 }

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
