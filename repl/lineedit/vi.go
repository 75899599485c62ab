package lineedit

import "unicode"

// vi is the state of vi's keys.
type vi struct {
	command bool // commands, not insertion
	key     rune // the command just typed
	verb    rune // d, c, y, r, f, t, F, T or g waits for more; 0 if none does
	outer   rune // the d, c or y that waits for a character after f or t
}

func (v *vi) reset() { *v = vi{} }

// viCommand runs a command of vi's, or the part of it that has been typed.
func (e *Editor) viCommand(s state) state {
	v := &e.vi
	k, verb := v.key, v.verb
	v.verb = 0
	switch verb {
	case 'r':
		if end := after(s.text, s.pos); end > s.pos && k != '\n' {
			next := replaceWord(state{s.text, end}, s.pos, string(k))
			next.pos = s.pos
			return next
		}
		return s
	case 'd', 'c', 'y':
		return e.viOperator(s, verb, k)
	case 'f', 't', 'F', 'T':
		to, ok := seek(s, verb, k)
		outer := v.outer
		v.outer = 0
		switch {
		case !ok:
			return s
		case outer != 0:
			return e.viCut(s, outer, s.pos, to+1)
		}
		return state{s.text, to}
	case 'g':
		if k == 'g' {
			return state{s.text, 0}
		}
		return s
	}
	switch k {
	case 'd', 'c', 'y', 'r', 'f', 't', 'F', 'T', 'g':
		v.verb = k
		return s
	}
	if to, ok := e.viMotion(s, k); ok {
		return state{s.text, to}
	}
	return e.viEdit(s, k)
}

// viMotion returns where a command moves to.
func (e *Editor) viMotion(s state, k rune) (int, bool) {
	switch k {
	case 'h':
		return max(before(s.text, s.pos), lineStart(s.text, s.pos)), true
	case 'l', ' ':
		return min(after(s.text, s.pos), lineEnd(s.text, s.pos)), true
	case '0':
		return lineStart(s.text, s.pos), true
	case '^':
		at := lineStart(s.text, s.pos)
		for at < len(s.text) && (s.text[at] == ' ' || s.text[at] == '\t') {
			at++
		}
		return at, true
	case '$':
		return lineEnd(s.text, s.pos), true
	case 'b', 'B':
		return wordLeft(s.text, s.pos), true
	case 'w', 'W':
		at := s.pos
		for at < len(s.text) && isWord(s.text[at]) {
			at++
		}
		for at < len(s.text) && !isWord(s.text[at]) {
			at++
		}
		return at, true
	case 'e', 'E':
		return max(wordRight(s.text, min(s.pos+1, len(s.text)))-1, s.pos), true
	case 'G':
		return len(s.text), true
	}
	return 0, false
}

// viEdit runs a command that is no motion.
func (e *Editor) viEdit(s state, k rune) state {
	insertion := func(s state) state {
		e.vi.command = false
		return s
	}
	end := lineEnd(s.text, s.pos)
	switch k {
	case 'i':
		return insertion(s)
	case 'I':
		return insertion(state{s.text, lineStart(s.text, s.pos)})
	case 'a':
		return insertion(state{s.text, min(after(s.text, s.pos), end)})
	case 'A':
		return insertion(state{s.text, end})
	case 'o':
		return insertion(insert(state{s.text, end}, "\n"))
	case 'O':
		s = insert(state{s.text, lineStart(s.text, s.pos)}, "\n")
		return insertion(state{s.text, s.pos - 1})
	case 's':
		return insertion(cut(s, s.pos, min(after(s.text, s.pos), end)))
	case 'S':
		return e.viCut(s, 'c', lineStart(s.text, s.pos), end)
	case 'x':
		return e.viCut(s, 'd', s.pos, min(after(s.text, s.pos), end))
	case 'X':
		return cut(s, max(before(s.text, s.pos), lineStart(s.text, s.pos)), s.pos)
	case 'D':
		return e.viCut(s, 'd', s.pos, end)
	case 'C':
		return e.viCut(s, 'c', s.pos, end)
	case 'p':
		return insert(state{s.text, min(after(s.text, s.pos), end)}, string(e.kill))
	case 'P':
		return insert(s, string(e.kill))
	case 'u':
		return e.undone(s)
	case 'j':
		return e.vertical(s, keyDown)
	case 'k':
		return e.vertical(s, keyUp)
	case '/':
		return e.find(s, keySearch)
	}
	return s
}

// viOperator cuts or copies what a motion passes, or the line if the operator is typed twice.
func (e *Editor) viOperator(s state, verb, k rune) state {
	switch k {
	case verb:
		from, to := lineStart(s.text, s.pos), lineEnd(s.text, s.pos)
		if verb == 'd' {
			if to < len(s.text) {
				to++
			} else if from > 0 {
				from--
			}
		}
		return e.viCut(s, verb, from, to)
	case 'f', 't':
		e.vi.verb, e.vi.outer = k, verb
		return s
	}
	to, ok := e.viMotion(s, k)
	if !ok {
		return s
	}
	switch {
	case k == 'e' || k == 'E':
		to++
	case verb == 'c' && k == 'w':
		to = wordRight(s.text, s.pos)
	}
	return e.viCut(s, verb, s.pos, to)
}

// viCut copies a part, and cuts it out unless the verb is y; c goes on with insertion.
func (e *Editor) viCut(s state, verb rune, from, to int) state {
	if from > to {
		from, to = to, from
	}
	to = min(to, len(s.text))
	e.kill = append([]rune(nil), s.text[from:to]...)
	if verb == 'c' {
		e.vi.command = false
	}
	if verb == 'y' {
		return state{s.text, from}
	}
	return cut(s, from, to)
}

// seek finds a character in the line: f at it, t before it; in capitals to the left.
func seek(s state, how, c rune) (int, bool) {
	step := 1
	if unicode.IsUpper(how) {
		step = -1
	}
	for i := s.pos + step; i >= lineStart(s.text, s.pos) && i < lineEnd(s.text, s.pos); i += step {
		if s.text[i] != c {
			continue
		}
		if how == 't' || how == 'T' {
			i -= step
		}
		return i, true
	}
	return s.pos, false
}
