package infer

import (
	"bytes"
	"io"
	"slices"
)

// sampleRecords is how many records of the sample decide the dialect.
const sampleRecords = 2000

// delimiters are the candidates, in the order of preference among equals.
var delimiters = []string{",", ";", "\t", "|", "\x01", ", ", " "}

// sample is the head of a file, in UTF-8.
type sample struct {
	text  []byte
	whole bool // nothing follows
}

// reading is the sample as one dialect reads it.
type reading struct {
	dialect Dialect
	rows    [][]string
	lines   []int64 // on which each row begins
	score   float64
	ends    newlines
	broken  *Error // a rule of the dialect that the sample breaks
}

// chooseDialect reads the sample in every candidate dialect and returns the best reading, by the consistency measure of
// van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019): how regular
// the rows are, times how many cells have a known type.
func chooseDialect(s sample) reading {
	var best reading
	for _, quote := range quotes(s.text) {
		for _, delim := range delimiters {
			if !bytes.Contains(s.text, []byte(delim)) && delim != "," {
				continue
			}
			r := readSample(s, Dialect{Delimiter: delim, Quote: quote, Escape: escapeOf(s.text, quote)})
			if better(r, best) {
				best = r
			}
		}
	}
	return best
}

// better reports whether r reads the sample better than best does.
func better(r, best reading) bool {
	switch {
	case best.rows == nil && best.broken == nil:
		return true
	case (r.broken == nil) != (best.broken == nil):
		return r.broken == nil && r.score > best.score/10 || r.score > best.score*10
	}
	return r.score > best.score*1.0001
}

// quotes returns the quote characters worth trying: the double quote always, since a file that never opens a field with
// it reads the same without, and the single quote if it opens fields.
func quotes(text []byte) []string {
	out := []string{`"`}
	if bytes.Count(text, []byte(`'`)) >= 2 && opensField(text, '\'', 2) {
		out = append(out, "'")
	}
	return out
}

// opensField reports whether q stands at the start of a line or behind a delimiter at least so often.
func opensField(text []byte, q byte, least int) bool {
	n := 0
	for i, c := range text {
		if c == q && (i == 0 || bytes.IndexByte([]byte("\n\r,;\t|"), text[i-1]) >= 0) {
			n++
		}
	}
	return n >= least
}

// escapeOf returns how quotes inside quotes are written: doubled, or behind a backslash.
func escapeOf(text []byte, quote string) string {
	if quote == "" {
		return ""
	}
	if opensField(text, quote[0], 1) && bytes.Contains(text, []byte(`\`+quote)) && !bytes.Contains(text, []byte(`\`+quote+quote)) {
		return `\`
	}
	return quote
}

// readSample reads the sample in a dialect and scores it.
func readSample(s sample, d Dialect) reading {
	r := reading{dialect: d}
	rec := newRecords(bytes.NewReader(s.text), &d, len(s.text)+1)
	rec.oneColumn = true // blank lines count here, as rows of one cell
	for len(r.rows) < sampleRecords {
		fields, err := rec.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if e, ok := err.(*Error); ok && (s.whole || rec.eof && rec.at > 0 && !bytes.Contains([]byte(e.Reason), []byte("never closed"))) {
				r.broken = e
			}
			break
		}
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = string(f.text)
		}
		r.rows = append(r.rows, row)
		r.lines = append(r.lines, rec.start)
	}
	if !s.whole && len(r.rows) > 1 && len(r.rows) < sampleRecords {
		r.rows = r.rows[:len(r.rows)-1] // cut off
	}
	r.ends = rec.ends
	if d.Delimiter != " " || r.regular() {
		r.score = patternScore(r.rows) * typeScore(r.rows)
	}
	return r
}

// regular reports whether all rows have the same number of cells, more than one. Spaces stand in text so often that
// less does not make them delimiters.
func (r *reading) regular() bool {
	width := r.width()
	for _, row := range r.rows {
		if len(row) != width && (len(row) > 1 || row[0] != "") {
			return false
		}
	}
	return width > 1
}

// patternScore is higher the fewer different numbers of cells the rows have, and the more cells.
func patternScore(rows [][]string) float64 {
	count := map[int]int{}
	total := 0
	for _, row := range rows {
		if len(row) == 1 && row[0] == "" {
			continue
		}
		count[len(row)]++
		total++
	}
	if total == 0 {
		return 0
	}
	const onlyOne = 1e-3
	score := 0.0
	for cells, n := range count {
		score += float64(n) * max(onlyOne, float64(cells-1)) / float64(cells)
	}
	return score / float64(len(count)) / float64(total)
}

// typeScore is the share of cells that look like a value of one kind.
func typeScore(rows [][]string) float64 {
	known, all := 1e-10, 0
	for _, row := range rows {
		for _, c := range row {
			all++
			if looksTyped([]byte(c)) {
				known++
			}
		}
	}
	return known / float64(max(all, 1))
}

// looksTyped reports whether a cell is empty, a number, a time, or words that hold none of the characters that
// structure a file.
func looksTyped(c []byte) bool {
	if len(c) == 0 {
		return true
	}
	if _, ok := csvNumber(c); ok {
		return true
	}
	if form, _ := jsonFormOf(c); form != jsonPlainText {
		return true
	}
	if c[0] == ' ' || c[len(c)-1] == ' ' {
		return false
	}
	return !bytes.ContainsAny(c, ",;\t|\"\x01\n")
}

// width returns the number of cells that most rows have.
func (r *reading) width() int {
	count := map[int]int{}
	best := 1
	for _, row := range r.rows {
		if len(row) == 1 && row[0] == "" {
			continue
		}
		count[len(row)]++
	}
	for _, n := range slices.Sorted(keysOf(count)) {
		if count[n] > count[best] {
			best = n
		}
	}
	return best
}

// maxPreamble is how many lines may stand before the table.
const maxPreamble = 30

// preamble returns how many physical lines stand before the first row of the table: blank lines, and lines with fewer
// cells than the table is wide.
func (r *reading) preamble(width int) int {
	for i, row := range r.rows {
		if i > maxPreamble {
			return 0
		}
		blank := len(row) == 1 && row[0] == ""
		if !blank && (len(row) == width || len(row) > width || width == 1) {
			return int(r.lines[i] - 1)
		}
	}
	return 0
}
