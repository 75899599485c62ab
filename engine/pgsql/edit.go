package pgsql

import (
	"cmp"
	"slices"
	"strings"
)

// Edit puts Text in the place of Del bytes at At of a statement.
type Edit struct {
	At, Del int
	Text    string
}

// order says in which order edits of one place are made.
type order uint8

const (
	closing order = iota // behind the text before, in the order in which they were noted: the innermost first
	opening              // in front of the text after, the other way round
	replacing
)

// placed is an edit with its place among those of the same byte.
type placed struct {
	Edit
	order order
	seq   int // how many were noted before
}

// within reports whether an edit belongs to the text of the bytes from up to to.
func (e placed) within(from, to int) bool {
	return e.At >= from && e.At+e.Del <= to && !(e.At == from && e.order == closing) && !(e.At == to && e.order != closing)
}

// sorted returns edits in the order in which they are made.
func sorted(edits []placed) []Edit {
	slices.SortFunc(edits, func(a, b placed) int {
		seq := cmp.Compare(a.seq, b.seq)
		if a.order == opening {
			seq = -seq
		}
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.order, b.order), seq)
	})
	out := make([]Edit, len(edits))
	for i, e := range edits {
		out[i] = e.Edit
	}
	return out
}

// Apply makes edits that are in order. One inside of what another replaced is left out.
func Apply(sql string, edits []Edit) string {
	if len(edits) == 0 {
		return sql
	}
	var b strings.Builder
	end := 0
	for _, e := range edits {
		if e.At < end {
			continue
		}
		b.WriteString(sql[end:e.At])
		b.WriteString(e.Text)
		end = e.At + e.Del
	}
	b.WriteString(sql[end:])
	return b.String()
}
