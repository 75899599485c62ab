package lineedit

import "strings"

// walk is a way through the history. The text being typed is its last entry, and what was changed on the way stays so.
type walk struct {
	entries []string
	changed map[int]string
	at      int
}

func (w *walk) reset() { w.at, w.changed = len(w.entries), map[int]string{} }

// step goes from the text at hand to the entry before or behind it.
func (w *walk) step(text string, by int) (string, bool) {
	to := w.at + by
	if to < 0 || to > len(w.entries) {
		return "", false
	}
	w.changed[w.at] = text
	w.at = to
	if t, ok := w.changed[to]; ok {
		return t, true
	}
	return w.entries[to], true
}

// SetHistory gives the editor the texts to go back to, oldest first.
func (e *Editor) SetHistory(entries []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.walk.entries = entries
	e.walk.reset()
}

// search looks for a text in the history, while it is typed.
type search struct {
	on      bool
	query   string
	typed   rune  // to be added
	from    state // before it
	at      int   // the entry that was found
	failing bool
}

// prompt is the line below the text.
func (q *search) prompt(width int) string {
	head := "search: "
	if q.failing {
		head = "not found: "
	}
	return cutTo(head+strings.ReplaceAll(q.query, "\n", " "), width-1)
}

// find begins a search, or goes on with one.
func (e *Editor) find(s state, key rune) state {
	q := &e.search
	from := q.at
	switch {
	case !q.on && key == keySearchOn:
		return s
	case !q.on:
		*q = search{on: true, from: s, at: len(e.walk.entries)}
		return s
	case key == keySearchOn && q.typed != 0:
		q.query += string(q.typed)
		q.typed = 0
		from = min(q.at+1, len(e.walk.entries))
	}
	for i := from - 1; i >= 0 && q.query != ""; i-- {
		at := strings.Index(strings.ToLower(e.walk.entries[i]), strings.ToLower(q.query))
		if at < 0 {
			continue
		}
		q.at, q.failing = i, false
		text := e.walk.entries[i]
		e.walk.changed[e.walk.at] = string(s.text)
		e.walk.at = i
		return state{[]rune(text), len([]rune(text[:min(at, len(text))]))}
	}
	q.failing = q.query != ""
	return s
}

// shorten takes the last character off what is searched for, and searches anew.
func (e *Editor) shorten(s state) state {
	q := &e.search
	if rs := []rune(q.query); len(rs) > 0 {
		q.query = string(rs[:len(rs)-1])
	}
	q.at = len(e.walk.entries)
	if q.query == "" {
		q.failing = false
		return q.from
	}
	return e.find(s, keySearch)
}

// cutTo shortens a text to some cells.
func cutTo(s string, cells int) string {
	n := 0
	for _, c := range clusters([]rune(s)) {
		if n += c.width; n > cells {
			return string([]rune(s)[:c.start])
		}
	}
	return s
}
