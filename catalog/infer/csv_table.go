package infer

import (
	"slices"
	"strings"
)

// csvTable is where the table lies in a sample.
type csvTable struct {
	skip   int        // physical lines before it
	rows   [][]string // of the sample, with the header, without blank lines if there are several columns
	lines  []int64    // on which each row begins
	header bool       // the first row names the columns
	width  int        // columns
}

// maxPreamble is how many rows may stand before the table.
const maxPreamble = 30

// table finds the table among the rows: behind a preamble, if there clearly is one, with or without a header.
func (r *reading) table() csvTable {
	width := r.width()
	first := 0 // row that is not blank
	for first < len(r.rows) && isBlank(r.rows[first]) {
		first++
	}
	if at := r.wideFrom(width); at > first {
		if t := r.tableFrom(at, width); r.preamble(first, at, t) {
			return t
		}
	}
	if width == 1 && (first == len(r.rows) || !r.tableFrom(first, width).header) {
		first = 0 // blank lines are rows
	}
	return r.tableFrom(first, width)
}

// wideFrom returns the first row that is as wide as the table and holds more than a title.
func (r *reading) wideFrom(width int) int {
	for i, row := range r.rows {
		if i > maxPreamble {
			break
		}
		full := len(row) - count(row, "")
		if !isBlank(row) && len(row) >= width && (width == 1 || full > 1 || width < 3) {
			return i
		}
	}
	return 0
}

// preamble reports whether the rows from first to at clearly stand before the table t: they are comments, or titles or
// notes that a blank line or a header sets apart.
func (r *reading) preamble(first, at int, t csvTable) bool {
	if t.skip != at {
		return false // quoted line ends, which DuckDB does not count
	}
	if votes, ok := headerVotes(t.rows); ok && votes > 0 {
		return true
	}
	apart := isBlank(r.rows[at-1]) && t.header
	for _, row := range r.rows[first:at] {
		comment := strings.HasPrefix(row[0], "#") || strings.HasPrefix(row[0], "%") || strings.HasPrefix(row[0], "//") || strings.HasPrefix(row[0], "--")
		if !isBlank(row) && !comment && !apart {
			return false
		}
	}
	return true
}

// tableFrom takes the rows from a place on as the table. A header says how wide it is; without one it is as wide as the
// widest rows, if they are more than a few.
func (r *reading) tableFrom(at, width int) csvTable {
	t := csvTable{skip: int(r.lines[at] - 1), width: width}
	for i, row := range r.rows[at:] {
		if width == 1 || !isBlank(row) {
			t.rows, t.lines = append(t.rows, row), append(t.lines, r.lines[at+i])
		}
	}
	if t.header = hasHeader(t.rows); t.header {
		t.width = len(t.rows[0])
		return t
	}
	widest := 0
	for _, row := range t.rows {
		widest = max(widest, len(row))
	}
	n := 0
	for _, row := range t.rows {
		if len(row) == widest {
			n++
		}
	}
	if n > 1 && n*10 >= len(t.rows) {
		t.width = widest
	}
	return t
}

func isBlank(row []string) bool { return len(row) == 1 && row[0] == "" }

// count returns how many cells are s.
func count(row []string, s string) int {
	return len(row) - len(slices.DeleteFunc(slices.Clone(row), func(c string) bool { return c == s }))
}

// width returns the number of cells that most rows have.
func (r *reading) width() int {
	count := map[int]int{}
	best := 1
	for _, row := range r.rows {
		if isBlank(row) {
			continue
		}
		count[len(row)]++
		if n := count[len(row)]; n > count[best] || n == count[best] && len(row) > best {
			best = len(row)
		}
	}
	return best
}
