package lineedit

// apply makes the change that a key stands for.
func (e *Editor) apply(s state, key rune) state {
	if e.search.on {
		switch key {
		case keyBackspace:
			return e.shorten(s)
		case keySearch, keySearchOn, keyEscape, keyNothing:
		default: // the text that was found is edited
			e.search = search{}
		}
	}
	switch key {
	case keyUp, keyDown, keyHistoryUp, keyHistoryDown:
		return e.vertical(s, key)
	case keyTab, keyBackTab:
		return e.tab(s, key)
	case keySearch, keySearchOn:
		return e.find(s, key)
	case keyEscape:
		return e.escape(s)
	case keyVi:
		return e.viCommand(s)
	case keyNewline:
		return insert(s, "\n"+indent(s))
	case keyPaste:
		return insert(s, e.keys.pasted())
	case keyYank:
		return insert(s, string(e.kill))
	case keyUndo:
		return e.undone(s)
	}
	if to, ok := motion(s, key); ok {
		return state{s.text, to}
	}
	return e.delete(s, key)
}

// motion returns where a key moves to.
func motion(s state, key rune) (int, bool) {
	switch key {
	case keyLeft:
		return before(s.text, s.pos), true
	case keyRight:
		return after(s.text, s.pos), true
	case keyHome:
		return lineStart(s.text, s.pos), true
	case keyEnd:
		return lineEnd(s.text, s.pos), true
	case keyTextStart:
		return 0, true
	case keyTextEnd:
		return len(s.text), true
	case keyWordLeft:
		return wordLeft(s.text, s.pos), true
	case keyWordRight:
		return wordRight(s.text, s.pos), true
	}
	return 0, false
}

// delete cuts out what a key says. What is more than a character can be put back with Ctrl-Y.
func (e *Editor) delete(s state, key rune) state {
	from, to := s.pos, s.pos
	switch key {
	case keyBackspace:
		return cut(s, before(s.text, s.pos), s.pos)
	case keyDelete:
		return cut(s, s.pos, after(s.text, s.pos))
	case keyKillWord:
		to = wordRight(s.text, s.pos)
	case keyKillWordBack:
		from = blankLeft(s.text, s.pos)
	case keyKillLine:
		if to = lineEnd(s.text, s.pos); to == s.pos {
			to = min(to+1, len(s.text))
		}
	case keyKillLineStart:
		if from = lineStart(s.text, s.pos); from == s.pos {
			from = max(from-1, 0)
		}
	}
	if from < to {
		e.kill = append([]rune(nil), s.text[from:to]...)
	}
	return cut(s, from, to)
}

func cut(s state, from, to int) state {
	return state{append(append([]rune(nil), s.text[:from]...), s.text[to:]...), from}
}

func insert(s state, text string) state { return replaceWord(s, s.pos, text) }

// indent is the white space that the cursor's line begins with.
func indent(s state) string {
	from := lineStart(s.text, s.pos)
	to := from
	for to < s.pos && (s.text[to] == ' ' || s.text[to] == '\t') {
		to++
	}
	return string(s.text[from:to])
}

func (e *Editor) undone(s state) state {
	if len(e.undo) == 0 {
		return s
	}
	last := e.undo[len(e.undo)-1]
	e.undo, e.keyCount = e.undo[:len(e.undo)-1], 0
	return last
}

// vertical moves between the lines of the text, and at its ends through the history.
func (e *Editor) vertical(s state, key rune) state {
	by := 1
	if key == keyUp || key == keyHistoryUp {
		by = -1
	}
	if key == keyUp || key == keyDown {
		if to, ok := upDown(s.text, s.pos, by); ok {
			return state{s.text, to}
		}
	}
	text, ok := e.walk.step(string(s.text), by)
	if !ok {
		return s
	}
	rs := []rune(text)
	return state{rs, len(rs)}
}

// escape leaves the search as it was before, or vi's insertion.
func (e *Editor) escape(s state) state {
	if e.search.on {
		from := e.search.from
		e.search = search{}
		return from
	}
	if e.cfg.Vi && !e.vi.command {
		e.vi.command = true
		if s.pos > lineStart(s.text, s.pos) {
			s.pos = before(s.text, s.pos)
		}
	}
	return s
}
