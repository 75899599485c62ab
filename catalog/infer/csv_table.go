package infer

import (
	"slices"
	"strings"
)

// csvTable is where the table lies in a sample.
type csvTable struct {
	skip    int        // physical lines before it
	rows    [][]string // of the sample, with the header, without blank lines if there are several columns
	apart   int        // how many of the rows come before one that looks like another header behind a blank line
	lines   []int64    // on which each row begins
	header  int        // how many of the first rows name the columns
	width   int        // columns
	comment string     // lines that begin with it are no rows
	own     bool       // DuckDB would count the lines before the table in another way
	before  []int      // rows of the sample that are of another table, above this one
	unnamed int        // where the column is that the header leaves out, -1 if it names all
}

// maxPreamble is how many rows may stand before the table.
const maxPreamble = 100

// commentMarks begin lines that are comments in files of many programs.
var commentMarks = []string{"#", "//", "%", "--", "!"}

// table finds the table among the rows: behind a preamble, if there clearly is one, with or without a header.
func (r *reading) table(h Hints) csvTable {
	comment := r.comments(h)
	if h.Skip != nil {
		t := r.tableFrom(r.rowAt(int64(*h.Skip)+1), r.width(), h)
		t.skip, t.comment = *h.Skip, comment
		return t
	}
	if b, ok := r.mainBlock(); ok {
		r.wide = b.width
		t := r.tableFrom(b.from, b.width, h)
		t.comment, t.before = comment, b.before
		return t
	}
	width := r.width()
	first := 0 // row that is not blank
	for first < len(r.rows) && isBlank(r.rows[first]) {
		first++
	}
	at := r.wideFrom(width)
	if at > 0 && headerRows(r.rows[at:], width) == 0 {
		if names, ok := uncommented(r.rows[at-1]); ok && len(names) == width {
			if votes, ok := headerVotes(append([][]string{names}, r.rows[at:]...)); ok && votes > 0 {
				at--
				r.rows[at] = names
				t := r.tableFrom(at, width, h)
				t.comment, t.own = comment, true
				return t
			}
		}
	}
	if below := r.belowProse(at, width); below > at {
		at = below
	}
	if at > first {
		if t := r.tableFrom(at, width, h); r.preamble(first, at, t) {
			t.comment = comment
			return t
		}
	}
	if width == 1 && (first == len(r.rows) || r.tableFrom(first, width, h).header == 0) {
		first = 0 // blank lines are rows
	}
	t := r.tableFrom(first, width, h)
	t.comment = comment
	return t
}

// block is rows of one width between blank lines.
type block struct {
	from, to, width int
	before          []int // rows of the blocks above that are tables too
}

// mainBlock returns the largest of several blocks that look like tables, if they differ in width or the first is a few lines
// only; ok is false if there is nothing to choose from.
func (r *reading) mainBlock() (main block, ok bool) {
	var tables []block
	for i := 0; i < len(r.rows); i++ {
		b := block{from: i, to: i, width: len(r.rows[i])}
		for b.to < len(r.rows) && len(r.rows[b.to]) == b.width && !isBlank(r.rows[b.to]) {
			b.to++
		}
		alone := b.to == len(r.rows) || isBlank(r.rows[b.to])
		if i = max(b.to, i); !alone {
			for i < len(r.rows) && !isBlank(r.rows[i]) {
				i++
			}
			continue
		}
		if b.width > 1 && b.to-b.from > 1 && headerRows(r.rows[b.from:b.to], b.width) > 0 {
			tables = append(tables, b)
		}
	}
	if len(tables) < 2 {
		return main, false
	}
	differ := false
	for _, b := range tables {
		differ = differ || b.width != tables[0].width
		if cells := (b.to - b.from) * b.width; cells > (main.to-main.from)*main.width {
			main = b
		}
	}
	if !differ && (main.from == tables[0].from || tables[0].to-tables[0].from > 2) {
		return main, false
	}
	for _, b := range tables {
		for i := b.from; i < b.to && b.from < main.from && r.hasTypes(b); i++ {
			main.before = append(main.before, i)
		}
	}
	return main, true
}

// hasTypes reports whether a block is more than pairs of keys and values: it has two rows below its header, and a column of a
// type.
func (r *reading) hasTypes(b block) bool {
	for i := range b.width {
		if b.to-b.from > 2 && typedColumn(r.rows[b.from+1:b.to], i) {
			return true
		}
	}
	return false
}

// rowAt returns the first row that begins on a line or behind it.
func (r *reading) rowAt(line int64) int {
	for i, l := range r.lines {
		if l >= line {
			return i
		}
	}
	return max(0, len(r.rows)-1)
}

// comments finds the mark of comment lines that stand among the rows, and takes those lines out of the sample. Comments
// before the table are left to the preamble.
func (r *reading) comments(h Hints) string {
	if h.Comment != nil {
		r.withoutComments(*h.Comment)
		return *h.Comment
	}
	width := r.width()
	if width == 1 {
		return ""
	}
	for _, mark := range commentMarks {
		among, data, begun := 0, 0, false
		var others [][]string
		for _, row := range r.rows {
			if !strings.HasPrefix(row[0], mark) {
				others = append(others, row)
			}
		}
		typed := len(others) > 1 && typedColumn(others[1:], 0) // then no comment can be data
		for _, row := range r.rows {
			switch comment := strings.HasPrefix(row[0], mark); {
			case comment && len(row) == width && !(typed && strings.HasPrefix(row[0], mark+" ")):
				data++
			case comment && begun:
				among++
			case len(row) == width && !comment:
				begun = true
			}
		}
		if among > 0 && data == 0 {
			r.withoutComments(mark)
			return mark
		}
	}
	return ""
}

func (r *reading) withoutComments(mark string) {
	if mark == "" {
		return
	}
	n := 0
	for i, row := range r.rows {
		if !strings.HasPrefix(row[0], mark) {
			r.rows[n], r.lines[n] = row, r.lines[i]
			n++
		}
	}
	if n > 0 {
		r.rows, r.lines = r.rows[:n], r.lines[:n]
	}
}

// wideFrom returns the first row that is as wide as the table and holds more than a title.
func (r *reading) wideFrom(width int) int {
	for i, row := range r.rows {
		if i > maxPreamble {
			break
		}
		full := len(row) - count(row, "")
		if !isBlank(row) && len(row) >= width && (width == 1 || full > 1 || width < 3) && !isComment(row, width) {
			return i
		}
	}
	return 0
}

// belowProse returns the row that is the header if those from at on are sentences, or padded with empty cells.
func (r *reading) belowProse(at, width int) int {
	if upperLevel(r.rows[at:], width) {
		return at
	}
	for i := at; i < min(at+maxPreamble, len(r.rows)-1); i++ {
		row := r.rows[i]
		if len(row) != width || isProse(row) || !filled(row, width) {
			continue
		}
		if votes, ok := headerVotes(r.rows[i:]); i > at && ok && votes > 2 {
			return i
		}
		break
	}
	return at
}

// isComment reports whether a row begins as comments do and is not one of the table. Names stand behind # alone.
func isComment(row []string, width int) bool {
	for _, m := range commentMarks[1:] {
		if row[0] == m || strings.HasPrefix(row[0], m+" ") {
			return true
		}
	}
	return len(row) != width && slices.ContainsFunc(commentMarks, func(m string) bool { return strings.HasPrefix(row[0], m) })
}

// preamble reports whether the rows from first to at clearly stand before the table t: they are comments, titles or notes
// of one cell, or a blank line or a header sets them apart.
func (r *reading) preamble(first, at int, t csvTable) bool {
	if votes, ok := headerVotes(t.rows); ok && votes > 0 {
		return true
	}
	apart := isBlank(r.rows[at-1]) && (t.header > 0 || r.rows[first][0] != "" && len(r.rows[first]) == 1)
	for _, row := range r.rows[first:at] {
		comment := slices.ContainsFunc(commentMarks, func(m string) bool { return strings.HasPrefix(row[0], m) })
		title := t.width > 2 && len(row)-count(row, "") == 1 && valueOf([]byte(row[0]+" ")).form == formText && row[0] != "" && !looksTyped([]byte(row[0])) ||
			t.width > 2 && len(row) == 1
		if !isBlank(row) && !comment && !apart && !title {
			return false
		}
	}
	return true
}

// tableFrom takes the rows from a place on as the table. A header says how wide it is; without one it is as wide as the
// widest rows, if they are more than a few.
func (r *reading) tableFrom(at, width int, h Hints) csvTable {
	t := csvTable{skip: int(r.lines[at] - 1), width: width, own: int64(at) < r.lines[at]-1, unnamed: -1}
	blank := false
	for i, row := range r.rows[at:] {
		if width > 1 && isBlank(row) {
			blank = true
			continue
		}
		if blank && t.apart == 0 && (len(row) == width && allText(row) || r.wide > 0 && len(row) != width) {
			t.apart = len(t.rows)
		}
		blank = false
		t.rows, t.lines = append(t.rows, row), append(t.lines, r.lines[at+i])
	}
	switch {
	case h.Header == nil && t.apart > 0:
		t.header = headerRows(t.rows[:t.apart], width)
	case h.Header == nil:
		t.header = headerRows(t.rows, width)
	case *h.Header:
		t.header = 1
	}
	if t.header > 0 {
		t.width = len(t.rows[t.header-1])
		for t.width > 1 && t.rows[t.header-1][t.width-1] == "" && t.unused(t.width-1) {
			t.width-- // a delimiter ends the header
			t.own = true
		}
		if t.width > 1 && t.width == width-1 && !t.unused(t.width) && len(t.rows[t.header-1]) == t.width && t.mostly(width) {
			t.unnamed = t.numbered()
			t.width = width
		}
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
	if t.width > 1 && len(t.rows) > 1 && t.unused(t.width-1) { // a delimiter ends each row
		t.width--
	}
	return t
}

// mostly reports whether most rows below the header have so many cells.
func (t *csvTable) mostly(width int) bool {
	rows, n := t.rows[t.header:], 0
	if t.apart > t.header {
		rows = t.rows[t.header:t.apart]
	}
	for _, row := range rows {
		if len(row) == width {
			n++
		}
	}
	return n*2 > len(rows)
}

// unused reports whether no row below the header has anything in a column.
func (t *csvTable) unused(i int) bool {
	for _, row := range t.rows[t.header:] {
		if i < len(row) && row[i] != "" {
			return false
		}
	}
	return true
}

// numbered returns where the column is that a header with one name too few leaves out: the first if it tells the rows
// apart, as R writes the names of rows, else the last.
func (t *csvTable) numbered() int {
	seen := map[string]bool{}
	for _, row := range t.rows[t.header:] {
		if row[0] == "" || seen[row[0]] {
			return t.width
		}
		seen[row[0]] = true
	}
	return 0
}

// allText reports whether a row could be a header: no cell is empty or typed.
func allText(row []string) bool {
	return !slices.ContainsFunc(row, func(c string) bool { return c == "" || notName(c) })
}

func isBlank(row []string) bool { return len(row) == 1 && row[0] == "" }

// count returns how many cells are s.
func count(row []string, s string) int {
	n := 0
	for _, c := range row {
		if c == s {
			n++
		}
	}
	return n
}

// width returns the number of cells that most rows have; among equals, where the cells are more.
func (r *reading) width() int {
	if r.wide > 0 {
		return r.wide
	}
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
