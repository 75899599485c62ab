package infer

import (
	"slices"
	"strings"
)

// evenness is the share of rows that have as many cells as most.
func (r *reading) evenness() float64 {
	width, same, all := r.width(), 0, 0
	for _, row := range r.rows {
		if !isBlank(row) {
			all++
			if len(row) == width {
				same++
			}
		}
	}
	return float64(same) / float64(max(all, 1))
}

// someTyped reports whether a column holds values of a type, but for its first cells.
func (r *reading) someTyped() bool {
	for i := range r.width() {
		if typedColumn(r.rows[min(2, len(r.rows)-1):], i) {
			return true
		}
	}
	return false
}

// cells returns the text of the fields.
func cells(fields []field) []string {
	n := 0
	for _, f := range fields {
		n += len(f.text)
	}
	all := make([]byte, 0, n)
	for _, f := range fields {
		all = append(all, f.text...)
	}
	text, row := string(all), make([]string, len(fields))
	for i, f := range fields {
		row[i], text = text[:len(f.text)], text[len(f.text):]
	}
	return row
}

// regular reports whether there are several rows, all with the same number of cells, more than one.
func (r *reading) regular() bool {
	width, n := r.width(), 0
	for _, row := range r.rows {
		switch {
		case isBlank(row):
		case len(row) != width:
			return false
		default:
			n++
		}
	}
	return width > 1 && n > 1
}

// firstEmpty reports whether all rows begin with an empty cell.
func (r *reading) firstEmpty() bool {
	return !slices.ContainsFunc(r.rows, func(row []string) bool { return row[0] != "" })
}

// namesShort reports whether the first row has one cell less than all others, as R writes tables with names of rows.
func (r *reading) namesShort() bool {
	if len(r.rows) < 3 {
		return false
	}
	below := reading{rows: r.rows[1:]}
	return below.regular() && len(r.rows[0]) > 1 && len(r.rows[0]) == below.width()-1
}

// first returns the first row that is not blank.
func (r *reading) first() []string {
	for _, row := range r.rows {
		if !isBlank(row) {
			return row
		}
	}
	return nil
}

// uncommented returns the reading without the lines that begin as comments do and differ from the rows in their length.
func (r *reading) uncommented() *reading {
	out := *r
	width := r.width()
	out.rows = slices.DeleteFunc(slices.Clone(r.rows), func(row []string) bool { return isComment(row, width) })
	return &out
}

// commentedHeader reports whether the first row is a header behind a comment mark, above rows of one width.
func (r *reading) commentedHeader() bool {
	if len(r.rows) < 2 {
		return false
	}
	names, ok := uncommented(r.rows[0])
	below := reading{rows: r.rows[1:]}
	return ok && below.width() == len(names) && below.regular()
}

// uncommented takes the comment mark off the first cell of a row.
func uncommented(row []string) (names []string, ok bool) {
	bare, ok := strings.CutPrefix(row[0], "#")
	if bare = strings.TrimSpace(bare); !ok {
		return nil, false
	}
	if bare == "" {
		return row[1:], len(row) > 1
	}
	return append([]string{bare}, row[1:]...), true
}

// quotes reports whether a cell stands in double quotes, as far as it goes.
func (r *reading) quotes() bool {
	for _, row := range r.rows {
		for _, c := range row {
			if len(c) > 1 && c[0] == '"' && c[len(c)-1] == '"' {
				return true
			}
		}
	}
	return false
}

// splitsTimes reports whether a rare delimiter stands within times of day, between a date and its time, or beside
// another of its kind to align columns.
func (r *reading) splitsTimes() bool {
	for _, row := range r.rows {
		if r.dialect.Delimiter == " " && slices.Contains(row, "") {
			return true
		}
		for i := 1; i < len(row); i++ {
			a, b := row[i-1], row[i]
			date := len(b) > 0 && valueOf([]byte(b)).form == formClock || len(a) == 10 && valueOf([]byte(a)).form == formDate
			if r.dialect.Delimiter == " " && date || r.dialect.Delimiter == ":" && endsInTwo(a) && startsWithTwo(b) {
				return true
			}
		}
	}
	return false
}

// endsInTwo and startsWithTwo report whether a text has exactly two digits there.
func endsInTwo(s string) bool {
	n := len(s) - len(strings.TrimRight(s, "0123456789"))
	return n == 2
}

func startsWithTwo(s string) bool {
	n := len(s) - len(strings.TrimLeft(s, "0123456789"))
	return n == 2
}
