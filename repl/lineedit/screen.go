package lineedit

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Span is a part of a text, in bytes, that is drawn with attributes of the terminal, e.g. "1;34".
type Span struct {
	Start, End int
	Style      string
}

// screen draws the text being edited, below what was there before.
type screen struct {
	out           io.Writer
	width, height int
	rows          []string // as drawn
	cells         []int    // their widths
	row, col      int      // of the cursor, among rows
}

// layout is a text as rows of the screen, with the cursor.
type layout struct {
	rows     []string
	cells    []int
	row, col int
}

// lay breaks a text into rows. prompts holds the prompt of each line.
func lay(text []rune, pos, width int, prompts []string, spans []Span) layout {
	l := &layouter{width: max(width, 8)}
	l.styles(spans, len(string(text)))
	line, bytes := 0, 0
	prompt := func() {
		if line < len(prompts) {
			l.prompt(prompts[line])
		}
	}
	prompt()
	for _, c := range clusters(text) {
		if c.start <= pos && pos < c.end {
			l.cursor(c.width)
		}
		if text[c.start] == '\n' || text[c.end-1] == '\n' {
			l.next()
			line++
			bytes += c.bytes(text)
			prompt()
			continue
		}
		l.put(c, bytes)
		bytes += c.bytes(text)
	}
	if pos >= len(text) {
		l.cursor(1)
	}
	l.next()
	return l.layout
}

func (c cluster) bytes(text []rune) int {
	n := 0
	for _, r := range text[c.start:c.end] {
		n += max(utf8.RuneLen(r), 1)
	}
	return n
}

// layouter builds a layout.
type layouter struct {
	layout
	width int
	b     strings.Builder
	n     int // cells of the row so far
	style []string
	on    string
}

// styles spreads the spans over the bytes.
func (l *layouter) styles(spans []Span, n int) {
	l.style = make([]string, n+1)
	for _, s := range spans {
		for i := max(s.Start, 0); i < min(s.End, n); i++ {
			l.style[i] = s.Style
		}
	}
}

func (l *layouter) prompt(p string) {
	l.b.WriteString(p)
	l.n += plainWidth(p)
}

// plainWidth counts the cells of a prompt, without its colours.
func plainWidth(s string) int {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != 27 {
			b.WriteByte(s[i])
			continue
		}
		for i < len(s) && s[i] != 'm' {
			i++
		}
	}
	return width([]rune(b.String()))
}

func (l *layouter) put(c cluster, at int) {
	if l.n+c.width > l.width {
		l.next()
	}
	if s := l.style[at]; s != l.on {
		l.b.WriteString("\x1b[0m")
		if s != "" {
			l.b.WriteString("\x1b[" + s + "m")
		}
		l.on = s
	}
	l.b.WriteString(c.text)
	if l.n += c.width; c.disputed() && l.n < l.width {
		fmt.Fprintf(&l.b, "\x1b[%dG", l.n+1) // what follows stands where it belongs on every terminal
	}
}

// disputed reports whether terminals disagree about the width of a character: emoji of several parts.
func (c cluster) disputed() bool {
	return c.end-c.start > 1 && strings.ContainsFunc(c.text, func(r rune) bool { return r >= 0x1f000 || r == 0x200d || r == 0xfe0f })
}

// cursor notes the place of the cursor, before a character of some width.
func (l *layouter) cursor(w int) {
	if l.n+max(w, 1) > l.width {
		l.next()
	}
	l.row, l.col = len(l.rows), l.n
}

// next ends the row.
func (l *layouter) next() {
	if l.on != "" {
		l.b.WriteString("\x1b[0m")
		l.on = ""
	}
	l.rows, l.cells = append(l.rows, l.b.String()), append(l.cells, l.n)
	l.b.Reset()
	l.n = 0
}

// window leaves the rows around the cursor if there are more than the screen has.
func (l *layout) window(height int) {
	if height < 3 || len(l.rows) <= height {
		return
	}
	from := min(max(l.row-height/2, 0), len(l.rows)-height)
	l.rows, l.cells, l.row = l.rows[from:from+height], l.cells[from:from+height], l.row-from
}

// show draws what has changed and puts the cursor in its place.
func (s *screen) show(l layout) {
	l.window(s.height)
	var b strings.Builder
	b.WriteString("\x1b[?25l")
	at := s.row
	move := func(to int) {
		switch {
		case to < at:
			fmt.Fprintf(&b, "\x1b[%dA", at-to)
		case to > at:
			b.WriteString(strings.Repeat("\r\n", to-at)) // scrolls at the end of the screen
		}
		at = to
	}
	for i, row := range l.rows {
		if i < len(s.rows) && s.rows[i] == row {
			continue
		}
		move(i)
		b.WriteString("\r" + row)
		if l.cells[i] < s.width {
			b.WriteString("\x1b[K")
		}
	}
	if len(s.rows) > len(l.rows) {
		move(len(l.rows) - 1)
		b.WriteString("\r\n\x1b[J\x1b[A")
	}
	move(l.row)
	b.WriteString("\r")
	if l.col > 0 {
		fmt.Fprintf(&b, "\x1b[%dC", l.col)
	}
	b.WriteString("\x1b[?25h")
	io.WriteString(s.out, b.String()) // a terminal that is gone shows nothing; the next read ends
	s.rows, s.cells, s.row, s.col = l.rows, l.cells, l.row, l.col
}

// leave puts the cursor below what is drawn.
func (s *screen) leave() {
	down := len(s.rows) - 1 - s.row
	io.WriteString(s.out, strings.Repeat("\r\n", max(down, 0)+1))
	s.rows, s.row = nil, 0
}

// resize forgets what is drawn, after the terminal has broken it anew for its new width.
func (s *screen) resize(width, height int) {
	up := s.col / max(width, 1)
	for _, n := range s.cells[:min(s.row, len(s.cells))] {
		up += max((n+width-1)/max(width, 1), 1)
	}
	if up > 0 {
		fmt.Fprintf(s.out, "\x1b[%dA", up)
	}
	io.WriteString(s.out, "\r\x1b[J")
	s.rows, s.cells, s.row = nil, nil, 0
	s.width, s.height = width, height
}
