package infer

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// sampleRecords is how many records of the sample decide the dialect.
const sampleRecords = 2000

// delimiters are the candidates, in the order of preference among equals. The rare ones are tried if no other cuts the
// rows evenly, since they stand in so many texts.
var (
	delimiters     = []string{",", ";", "\t", "|", "\x01", ", "}
	rareDelimiters = []string{" ", ":"}
)

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
	broken  *Error // a rule of the dialect that the sample breaks
}

// chooseDialect reads the sample in every candidate dialect and returns the best reading, by the consistency measure of
// van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019): how regular
// the rows are, times how many cells have a known type.
func chooseDialect(s sample) reading {
	best := bestReading(s, quotes(s.text), delimiters)
	if best.broken != nil && best.broken.Reason == textAfterQuote {
		// Tab-separated values have no quotes, by their definition at IANA.
		if r := bestReading(s, []string{""}, []string{"\t"}); r.regular() && !r.quotes() {
			return r
		}
	}
	if best.broken == nil && !best.regular() {
		for _, delim := range rareDelimiters {
			if r := readEscapes(s, delim, best.dialect.Quote); r.broken == nil && r.regular() && !r.splitsTimes() {
				return r
			}
		}
	}
	return best
}

// bestReading returns the reading with the highest score.
func bestReading(s sample, quotes, delimiters []string) (best reading) {
	for _, quote := range quotes {
		for _, delim := range delimiters {
			if !bytes.Contains(s.text, []byte(delim)) && delim != "," {
				continue
			}
			r := readEscapes(s, delim, quote)
			if delim == ", " && !r.regular() {
				continue // prose
			}
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
	if bytes.Count(text, []byte(`'`)) >= 2 && opensField(text, '\'') {
		out = append(out, "'")
	}
	return out
}

// opensField reports whether q stands at the start of a line or behind a delimiter at least twice.
func opensField(text []byte, q byte) bool {
	n := 0
	for i, c := range text {
		if c == q && (i == 0 || bytes.IndexByte([]byte("\n\r,;\t| \x01"), text[i-1]) >= 0) {
			n++
		}
	}
	return n >= 2
}

// readEscapes reads the sample with quotes inside quotes doubled, or, if that breaks, written behind a backslash.
func readEscapes(s sample, delim, quote string) reading {
	r := readSample(s, Dialect{Delimiter: delim, Quote: quote, Escape: quote})
	if r.broken == nil || quote == "" || !bytes.Contains(s.text, []byte(`\`+quote)) {
		return r
	}
	if other := readSample(s, Dialect{Delimiter: delim, Quote: quote, Escape: `\`}); other.broken == nil || other.score > r.score {
		return other
	}
	return r
}

// readSample reads the sample in a dialect and scores it.
func readSample(s sample, d Dialect) reading {
	r := reading{dialect: d}
	rec := sampleOf(s.text, &d)
	rec.oneColumn = true // blank lines count here, as rows of one cell
	for len(r.rows) < sampleRecords {
		fields, err := rec.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if e, ok := err.(*Error); ok && (s.whole || e.Reason != neverClosed) {
				r.broken = e
			}
			break
		}
		r.rows = append(r.rows, cells(fields))
		r.lines = append(r.lines, rec.start)
	}
	if !s.whole && len(r.rows) > 1 && len(r.rows) < sampleRecords {
		r.rows = r.rows[:len(r.rows)-1] // cut off
	}
	r.score = r.patternScore() * typeScore(r.rows)
	return r
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

// patternScore is higher the fewer different numbers of cells the rows have, and the more cells. It is low for one
// column, which every text has under some delimiter.
func (r *reading) patternScore() float64 {
	count := map[int]int{}
	total := 0
	for _, row := range r.rows {
		if !isBlank(row) {
			count[len(row)]++
			total++
		}
	}
	if total == 0 {
		return 0
	}
	const onlyOne = 1e-3
	if r.width() == 1 {
		return onlyOne * float64(count[1]) / float64(total)
	}
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

// looksTyped reports whether a cell is empty, a number, a time, or words without spaces or quotes around them that hold
// none of the characters that structure a file.
func looksTyped(c []byte) bool {
	if len(c) == 0 {
		return true
	}
	if valueOf(c).form != formText {
		return true
	}
	last := c[len(c)-1]
	if c[0] == ' ' || last == ' ' || len(c) > 1 && c[0] == '\'' && last == '\'' {
		return false
	}
	return !bytes.ContainsAny(c, ",;\t|\"\x01\n")
}
