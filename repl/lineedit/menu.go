package lineedit

import (
	"fmt"
	"strings"
)

// maxListed is how many words a menu lists.
const maxListed = 200

// menu lists how a word may go on, below the text.
type menu struct {
	shown bool
	found Completion
	start int // of the word, in runes
	at    int // the word that stands in the text; -1 for none
}

// tab completes the word at the cursor: at first as far as all candidates go, then it lists them, then it tries each.
func (e *Editor) tab(s state, key rune) state {
	m := &e.menu
	if m.shown {
		n := min(len(m.found.Words), maxListed)
		if m.at += 1; key == keyBackTab {
			if m.at -= 2; m.at < 0 {
				m.at = n - 1
			}
		}
		m.at %= n
		return replaceWord(s, m.start, m.found.Words[m.at])
	}
	head := string(s.text[:s.pos])
	if line := s.text[lineStart(s.text, s.pos):s.pos]; strings.TrimSpace(string(line)) == "" {
		return insert(s, "\t")
	}
	if e.cfg.Complete == nil {
		return s
	}
	c := e.cfg.Complete(head, string(s.text[s.pos:]))
	if len(c.Words) == 0 {
		return s
	}
	start := len([]rune(head[:c.Start]))
	typed := head[c.Start:]
	if len(c.Words) == 1 {
		return replaceWord(s, start, c.Words[0])
	}
	if shared := common(c.Words); len(shared) > len(typed) && strings.EqualFold(shared[:len(typed)], typed) {
		return replaceWord(s, start, shared)
	}
	if e.lastKey == keyTab {
		*m = menu{shown: true, found: c, start: start, at: -1}
	}
	return s
}

// rows draws the menu in columns that fit a screen.
func (m *menu) rows(cells, height int) []string {
	if !m.shown {
		return nil
	}
	words := m.found.Words[:min(len(m.found.Words), maxListed)]
	var shown []string
	widest := 0
	for i, w := range words {
		if i < len(m.found.Notes) && m.found.Notes[i] != "" {
			w += "  " + m.found.Notes[i]
		}
		w = cutTo(strings.ReplaceAll(w, "\n", " "), cells-1)
		shown, widest = append(shown, w), max(widest, width([]rune(w)))
	}
	columns := max((cells+1)/(widest+2), 1)
	lines := (len(shown) + columns - 1) / columns
	first := 0
	room := max(height-1, 1)
	if lines > room && m.at >= 0 {
		first = min(max(m.at/columns-room/2, 0), lines-room)
	}
	var out []string
	for y := first; y < min(lines, first+room); y++ {
		var b strings.Builder
		for x := 0; x < columns && y*columns+x < len(shown); x++ {
			i := y*columns + x
			word := shown[i]
			pad := strings.Repeat(" ", widest-width([]rune(word)))
			if i == m.at {
				word = "\x1b[7m" + word + "\x1b[0m"
			}
			b.WriteString(word + pad + "  ")
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	if left := len(m.found.Words) - len(words); left > 0 || lines > room {
		out = append(out, cutTo(fmt.Sprintf("%d in all; type more to see fewer", len(m.found.Words)), cells-1))
	}
	return out
}
