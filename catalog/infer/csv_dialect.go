package infer

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// sampleRecords is how many records of the sample decide the dialect.
const sampleRecords = 2000

// sample is the head of a file, in UTF-8.
type sample struct {
	text  []byte
	whole bool // nothing follows
	hints Hints
}

// reading is the sample as one dialect reads it.
type reading struct {
	dialect Dialect
	rows    [][]string
	lines   []int64 // on which each row begins
	score   float64
	bad     int    // records that break a rule of the dialect
	broken  *Error // the first of them
	ruled   bool   // lines of dashes were passed over
	wide    int    // how many columns the header names, if most rows have fewer; else 0
}

// chooseDialect returns the best reading of the sample. The common delimiters and quotes are tried first; where they give
// one column, or rows of different lengths, those that the text suggests are tried too. Readings are compared by the
// consistency measure of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type
// patterns" (2019): how regular the rows are, times how many cells have a known type.
func chooseDialect(s sample) reading {
	r := chooseReading(s)
	if r.width() < 2 {
		r = s.headed(r)
	}
	r.dialect.Rulers = r.ruled && r.width() > 1
	if r.isFramed() || r.ruled && strings.TrimSpace(r.dialect.Delimiter) == "|" {
		d := r.dialect
		d.Delimiter = "|"
		d.Framed = true
		ruled := r.dialect.Rulers
		r = readSample(s, d)
		r.dialect.Rulers = ruled
	}
	return r
}

// headed returns the reading whose first row names three columns or more, where no row has more but most have fewer, or else
// best.
func (s sample) headed(best reading) reading {
	if s.hints.Delimiter != nil {
		return best
	}
	for _, delim := range delimiters {
		r := readEscapes(s, Dialect{Delimiter: delim, Quote: best.dialect.Quote})
		if len(r.rows) < 2 || len(r.rows[0]) < 3 || r.bad > 0 || len(delim) > 1 {
			continue
		}
		most, short := 0, 0
		for _, row := range r.rows[1:] {
			if most = max(most, len(row)); len(row) > 1 {
				short++
			}
		}
		names := map[string]bool{}
		for _, c := range r.rows[0] {
			names[c] = !notName(c) && c != "" && len(strings.Fields(c)) < 3 && strings.TrimSpace(c) == c
		}
		if short > 0 && most <= len(r.rows[0]) && len(names) == len(r.rows[0]) && !slices.Contains(slices.Collect(maps.Values(names)), false) {
			r.wide = len(r.rows[0])
			return r
		}
	}
	return best
}

// isFramed reports whether a delimiter stands at both ends of every line.
func (r *reading) isFramed() bool {
	n := 0
	for _, row := range r.rows {
		if isBlank(row) {
			continue
		}
		if len(row) < 3 || row[0] != "" || strings.TrimSpace(row[len(row)-1]) != "" {
			return false
		}
		n++
	}
	return n > 1 && r.dialect.Delimiter == "|"
}

// chooseReading is chooseDialect but for frames and rulers.
func chooseReading(s sample) reading {
	if s.hints.Delimiter != nil {
		return bestReading(s, s.quotes(), []string{*s.hints.Delimiter})
	}
	best := bestReading(s, s.quotes(), delimiters)
	if best.bad > 0 && best.broken.Reason == textAfterQuote && s.hints.Quote == nil {
		// Tab-separated values have no quotes, by their definition at IANA. In other files all of the text must show it.
		unquoted := []string{"\t"}
		if s.whole {
			unquoted = delimiters
		}
		if r := bestReading(s, []string{""}, unquoted); r.regular() && !r.quotes() && r.width() >= best.width() {
			return r
		}
	}
	suggested := suggestDelimiters(s.text)
	if best.bad == 0 && best.regular() {
		return longerDelimiter(s, best, suggested)
	}
	best = suggestedReading(s, best, suggested)
	if best.width() < 2 {
		for _, delim := range []string{"  ", " "} {
			r := readEscapes(s, Dialect{Delimiter: delim, Quote: best.dialect.Quote, Collapse: true})
			if r.bad == 0 && r.regular() && len(r.rows) > 2 && !r.splitsTimes() && r.someTyped() {
				return r
			}
		}
	}
	return best
}

// evenEnough is the share of rows that must be of one length for a suggested delimiter to be believed.
const evenEnough = 0.75

// suggestedReading returns the best reading among those with the delimiters that the text suggests, and the best so far.
func suggestedReading(s sample, best reading, suggested []string) reading {
	for _, delim := range suggested {
		for _, quote := range s.quotes() {
			if quote == delim {
				continue
			}
			r := readEscapes(s, Dialect{Delimiter: delim, Quote: quote})
			rare, bare := slices.Contains(rareDelimiters, delim), r.uncommented()
			switch {
			case r.width() < 2 || bare.evenness() < evenEnough && !r.commentedHeader() && !r.namesShort() || r.score <= best.score*1.0001:
			case r.firstEmpty(): // a mark that all values begin with
			case len(best.first()) == best.width() && best.width() > 1 && len(r.first()) == 1: // it leaves the header whole
			case rare && (r.bad > 0 || !bare.regular() && !r.commentedHeader() && !r.namesShort() || r.splitsTimes() || best.width() > 1):
			default:
				best = r
			}
		}
	}
	return longerDelimiter(s, best, suggested)
}

// longerDelimiter returns the reading with a suggested delimiter that holds the one of best, if it cuts the rows into
// fewer cells without their marks, and as evenly.
func longerDelimiter(s sample, best reading, suggested []string) reading {
	if between, ok := best.between(); ok {
		suggested = append([]string{best.dialect.Delimiter + between + best.dialect.Delimiter}, suggested...)
	}
	for _, delim := range suggested {
		if len(delim) <= len(best.dialect.Delimiter) || !strings.Contains(delim, best.dialect.Delimiter) {
			continue
		}
		d := best.dialect
		d.Delimiter = delim
		if r := readEscapes(s, d); r.bad <= best.bad && r.width() > 1 && r.evenness() >= best.evenness() && !r.holds(best.dialect.Delimiter) &&
			(len(r.first()) > 1 || len(best.first()) == 1) {
			return r
		}
	}
	return best
}

// quotes returns the quote characters to try.
func (s sample) quotes() []string {
	if s.hints.Quote != nil {
		return []string{*s.hints.Quote}
	}
	return quotes(s.text)
}

// bestReading returns the reading with the highest score.
func bestReading(s sample, quotes, delimiters []string) (best reading) {
	for _, quote := range quotes {
		for _, delim := range delimiters {
			if !bytes.Contains(s.text, []byte(delim)) && delim != delimiters[0] || delim == quote {
				continue
			}
			r := readEscapes(s, Dialect{Delimiter: delim, Quote: quote})
			if delim == ", " && r.evenness() < evenEnough && len(delimiters) > 1 {
				continue // prose
			}
			if best.dialect.Delimiter == "" || r.score > best.score*1.0001 {
				best = r
			}
		}
	}
	return best
}

// fewBroken is how many of a hundred records may break the rules of quoting before other rules are tried, and how many
// there must be at least for a file that is taken not to escape its quotes.
const (
	fewBroken   = 1
	leastBroken = 3
)

// readEscapes reads the sample with quotes inside quotes doubled, or, if that breaks, written behind another character, or,
// if that breaks often, as they are.
func readEscapes(s sample, d Dialect) reading {
	if s.hints.Escape != nil {
		d.Escape = *s.hints.Escape
		return readSample(s, d)
	}
	d.Escape = d.Quote
	best := readSample(s, d)
	if best.bad == 0 || d.Quote == "" {
		return best
	}
	for _, e := range escapes(s.text, d.Quote) {
		if e == d.Delimiter {
			continue
		}
		d.Escape = e
		if r := readSample(s, d); r.bad < best.bad && r.score > best.score {
			best = r
		}
	}
	if best.bad >= leastBroken && best.bad*100 > fewBroken*(len(best.rows)+best.bad) {
		d.Escape = ""
		if r := readSample(s, d); r.bad == 0 && r.regular() {
			return r
		}
	}
	return best
}

// cutOff is how close to the end of a sample, in bytes, a record must begin to be taken as one that the sample cuts off.
const cutOff = 64 << 10

// readSample reads the sample in a dialect and scores it.
func readSample(s sample, d Dialect) reading {
	r := reading{dialect: d}
	rec := sampleOf(s.text, &d)
	rec.oneColumn = true // blank lines count here, as rows of one cell
	rec.rulers = true
	var typed []int // how many cells of each row look like a value of one kind
	for len(r.rows)+r.bad < sampleRecords {
		at := rec.at
		fields, err := rec.next()
		if err == io.EOF {
			break
		}
		if e, ok := err.(*Error); ok {
			if !s.whole && e.Reason == neverClosed && len(s.text)-at < cutOff {
				break
			}
			if r.bad++; r.bad == 1 {
				r.broken = e
			}
			rec.dropLine()
			continue
		}
		row := cells(fields)
		if len(row) == 1 && strings.TrimSpace(row[0]) == "" && !fields[0].quoted {
			row[0] = ""
		}
		r.rows = append(r.rows, row)
		r.lines = append(r.lines, rec.start)
		typed = append(typed, typedCells(row, fields))
	}
	r.ruled = rec.comments > 0
	if !s.whole && len(r.rows) > 1 && len(r.rows)+r.bad < sampleRecords {
		r.rows = r.rows[:len(r.rows)-1] // cut off
	}
	r.score = r.patternScore() * typeScore(r.rows, typed)
	if r.bad > 0 {
		good := float64(len(r.rows)) / float64(len(r.rows)+r.bad)
		r.score *= good * good
	}
	return r
}

// holds reports whether a delimiter stands in the cells of nearly all rows.
func (r *reading) holds(delim string) bool {
	n := 0
	for _, row := range r.rows {
		if slices.ContainsFunc(row, func(c string) bool { return strings.Contains(c, delim) }) {
			n++
		}
	}
	return n*10 >= len(r.rows)*9
}

// between returns what stands in every second cell of all rows, if that is the same everywhere.
func (r *reading) between() (mark string, ok bool) {
	width := r.width()
	for _, row := range r.rows {
		for i := 1; i < len(row) && len(row) == width; i += 2 {
			if !ok {
				mark, ok = row[i], true
			}
			if row[i] != mark || strings.ContainsFunc(mark, unicode.IsLetter) || strings.ContainsFunc(mark, unicode.IsDigit) {
				return "", false
			}
		}
	}
	return mark, ok && width > 2
}
