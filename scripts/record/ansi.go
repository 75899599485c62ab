package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// style is how a span of text looks; colours are as in SVG, empty for the terminal's own.
type style struct {
	fore, back                             string
	bold, dim, italic, underline, reversed bool
}

// span is a text of one style in a row of the screen.
type span struct {
	style
	column, width int // in cells
	text          string
}

// sgr is the only kind of escape code that tmux writes into a captured screen (ECMA-48, 8.3.117), but for the shifts of character sets.
var (
	sgr    = regexp.MustCompile("\x1b\\[([0-9;:]*)m")
	shifts = strings.NewReplacer("\x0e", "", "\x0f", "")
)

// plain is a captured screen without escape codes.
func plain(screen string) string { return shifts.Replace(sgr.ReplaceAllString(screen, "")) }

// parseScreen takes a captured screen apart. The style goes on from row to row.
func parseScreen(screen string) [][]span {
	var rows [][]span
	var now style
	for _, line := range strings.Split(strings.TrimSuffix(shifts.Replace(screen), "\n"), "\n") {
		var row []span
		column := 0
		add := func(text string) {
			if text == "" {
				return
			}
			w := runewidth.StringWidth(text)
			row = append(row, span{now, column, w, text})
			column += w
		}
		at := 0
		for _, m := range sgr.FindAllStringSubmatchIndex(line, -1) {
			add(line[at:m[0]])
			now.apply(line[m[2]:m[3]])
			at = m[1]
		}
		add(line[at:])
		rows = append(rows, trim(row))
	}
	return rows
}

// trim drops what cannot be seen at the end of a row.
func trim(row []span) []span {
	for len(row) > 0 {
		last := &row[len(row)-1]
		if last.back != "" || last.reversed {
			break
		}
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			last.width = runewidth.StringWidth(last.text)
			break
		}
		row = row[:len(row)-1]
	}
	return row
}

// apply changes the style as the parameters of an SGR code say.
func (s *style) apply(codes string) {
	var n []int
	for _, c := range strings.FieldsFunc(codes, func(r rune) bool { return r == ';' || r == ':' }) {
		v, err := strconv.Atoi(c)
		if err != nil {
			return
		}
		n = append(n, v)
	}
	if len(n) == 0 {
		n = []int{0}
	}
	for i := 0; i < len(n); i++ {
		switch c := n[i]; {
		case c == 0:
			*s = style{}
		case c == 38 || c == 48:
			colour, used := extended(n[i+1:])
			i += used
			if c == 38 {
				s.fore = colour
			} else {
				s.back = colour
			}
		case c >= 30 && c <= 37:
			s.fore = palette(c - 30)
		case c >= 90 && c <= 97:
			s.fore = palette(c - 90 + 8)
		case c >= 40 && c <= 47:
			s.back = palette(c - 40)
		case c >= 100 && c <= 107:
			s.back = palette(c - 100 + 8)
		case c == 39:
			s.fore = ""
		case c == 49:
			s.back = ""
		default:
			s.attribute(c)
		}
	}
}

// attribute is apply for what is on or off.
func (s *style) attribute(code int) {
	switch code {
	case 1:
		s.bold = true
	case 2:
		s.dim = true
	case 3:
		s.italic = true
	case 4:
		s.underline = true
	case 7:
		s.reversed = true
	case 22:
		s.bold, s.dim = false, false
	case 23:
		s.italic = false
	case 24:
		s.underline = false
	case 27:
		s.reversed = false
	}
}

// extended reads the colour behind 38 or 48, and how many parameters it takes.
func extended(n []int) (colour string, used int) {
	switch {
	case len(n) >= 2 && n[0] == 5:
		return palette(n[1]), 2
	case len(n) >= 4 && n[0] == 2:
		return fmt.Sprintf("#%02x%02x%02x", n[1], n[2], n[3]), 4
	}
	return "", len(n)
}

// named are the first sixteen colours.
var named = [16]string{"#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9",
	"#7f8796", "#ef8f97", "#b5d99c", "#f0d399", "#8bc7f5", "#d7a1e6", "#80cdd6", "#ffffff"}

// palette is a colour of the 256 of xterm: the named ones, a cube of 6 x 6 x 6, and greys.
func palette(n int) string {
	switch {
	case n < 0 || n > 255:
		return ""
	case n < 16:
		return named[n]
	case n >= 232:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
	level := func(v int) int {
		if v == 0 {
			return 0
		}
		return 55 + 40*v
	}
	n -= 16
	return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
}
