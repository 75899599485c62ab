package pgcatalog

import (
	"slices"
	"strings"

	"tarn/engine/sqltext"
)

// operator edits OPERATOR(pg_catalog.x), and PostgreSQL's search by a regular expression, which DuckDB's ~ is not: it matches
// whole texts. Nothing is left to do where another translation came before.
func (w *writer) operator(i int) {
	if w.word(i) == "OPERATOR" && w.text(i+1) == "(" {
		from, end := i+2, i+2
		if w.name(from) == "pg_catalog" && w.text(from+1) == "." {
			from += 2
		}
		for end = from; end < len(w.tokens) && w.text(end) != ")"; end++ {
		}
		if end == len(w.tokens) || end == from {
			return
		}
		op := w.sql[w.tokens[from].Start:w.tokens[end-1].End]
		if !w.search(i, end+1, op) {
			w.replace(i, end+1, op)
		}
		w.at = end + 1
		return
	}
	if t := w.text(i); t != "~" && t != "!" || w.tokens[i].Kind != sqltext.Operator {
		return
	}
	end := i + 1
	for end < len(w.tokens) && (w.text(end) == "~" || w.text(end) == "*") && w.tokens[end].Start == w.tokens[end-1].End {
		end++
	}
	w.search(i, end, w.sql[w.tokens[i].Start:w.tokens[end-1].End])
	w.at = end // also of ~~, whose second half is no search
}

// search edits the operator in the tokens from i to before end, and the pattern behind it; false if it is no search.
func (w *writer) search(i, end int, op string) bool {
	flags := "(?s)"
	if strings.HasSuffix(op, "*") {
		flags, op = "(?is)", strings.TrimSuffix(op, "*")
	}
	if op != "~" && op != "!~" {
		return false
	}
	last := w.operand(end)
	if last < 0 {
		return false
	}
	w.searches = append(w.searches, Edit{w.tokens[i].Start, w.tokens[end-1].End, op},
		Edit{w.tokens[end].Start, w.tokens[end].Start, "('" + flags + ".*(?:' || "},
		Edit{w.tokens[last].End, w.tokens[last].End, " || ').*')"})
	return true
}

// operand returns the last token of the pattern that begins at i, or -1: a text, a parameter, a name or what is in brackets.
func (w *writer) operand(i int) int {
	if i >= len(w.tokens) {
		return -1
	}
	switch w.tokens[i].Kind {
	case sqltext.String, sqltext.Param:
		return i
	case sqltext.Word, sqltext.QuotedWord:
		for w.text(i+1) == "." && w.name(i+2) != "" {
			i += 2
		}
		if w.text(i+1) != "(" {
			return i
		}
		return w.closing(i + 1)
	case sqltext.Operator:
		if w.text(i) == "(" {
			return w.closing(i)
		}
	}
	return -1
}

// closing returns the bracket that closes the one at i, or -1.
func (w *writer) closing(i int) int {
	depth := 0
	for ; i < len(w.tokens); i++ {
		switch w.text(i) {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// withSearches merges the edits of searches into those of names, by their place.
func (w *writer) withSearches() []Edit {
	if !w.uses || len(w.searches) == 0 {
		return w.edits
	}
	all := slices.Concat(w.edits, w.searches)
	slices.SortStableFunc(all, func(a, b Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	return all
}
