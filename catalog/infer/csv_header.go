package infer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// commonNames are words that name columns more often than they are values.
var commonNames = map[string]bool{}

func init() {
	for _, w := range strings.Fields("id name date time code type value count year month day status country city state " +
		"address email phone price amount total quantity description title category key label lat lon latitude longitude " +
		"first last firstname lastname user username url color colour size rank score number item region currency unit notes") {
		commonNames[w] = true
	}
}

// maxHeaderRows is how many lines a header may have.
const maxHeaderRows = 4

// headerRows returns how many of the first rows name the columns, of which there are width. Each column votes on a
// row: a cell that is a number or a time speaks against a header; one that is text above numbers, that differs in length
// from equally long cells below, or that is a usual name speaks for it; a name twice speaks against. Without votes there
// is one. A row below a header, or below one whose empty cells the row fills, belongs to it if it is text where two
// columns or more are typed.
func headerRows(rows [][]string, width int) int {
	if len(rows) == 0 {
		return 0
	}
	n := 0
	if votes, ok := headerVotes(rows); ok && votes >= 0 {
		n = 1
	}
	if upperLevel(rows, width) {
		n = 2
	}
	for n > 0 && n < min(maxHeaderRows, len(rows)-1) && namesBelow(rows, n, width) {
		n++
	}
	return n
}

// headerDoubt says what speaks against how the first row was taken, or is empty.
func headerDoubt(t csvTable) string {
	if votes, ok := headerVotes(t.rows); t.header == 1 && ok && votes <= 0 {
		return fmt.Sprintf("line %d is taken for the names of the columns, which nothing proves", t.lines[0])
	}
	if t.header > 0 || len(t.rows) < 3 {
		return ""
	}
	for i, c := range t.rows[0] {
		if strings.ContainsFunc(c, unicode.IsLetter) && !nullWords[c] && !isTyped(c) && typedColumn(t.rows[1:], i) {
			return fmt.Sprintf("line %d is taken for a row, though its %q stands above numbers or times", t.lines[0], c)
		}
	}
	return ""
}

// filled reports whether a row names every column.
func filled(row []string, width int) bool { return len(row) >= width && count(row[:width], "") == 0 }

// upperLevel reports whether the first row may be the upper level of a header: text, or years, with gaps.
func upperLevel(rows [][]string, width int) bool {
	if len(rows) < 3 || len(rows[0]) != width || width < 3 || count(rows[0], "") == 0 || count(rows[0], "") == width || !filled(rows[1], width) {
		return false
	}
	for _, c := range rows[0] {
		if c != "" && notName(c) {
			return false
		}
	}
	votes, ok := headerVotes(rows[1:])
	return ok && votes > 0
}

// namesBelow reports whether row n, behind rows of a header, belongs to the header too: it is text in all typed columns,
// which are two or more, or units in brackets.
func namesBelow(rows [][]string, n, width int) bool {
	row := rows[n]
	if len(row) != width {
		return false
	}
	typed, below, units, kinds := 0, 0, 0, map[string]bool{}
	for i, c := range row {
		isBelow := typedColumn(rows[n+1:], i)
		if isBelow {
			below++
		}
		switch {
		case c == "":
		case notName(c), len(c) > longName:
			return false
		case strings.ContainsAny(c[:1], "([") && strings.ContainsAny(c[len(c)-1:], ")]"):
			units++
		case isBelow && strings.ContainsFunc(c, unicode.IsLetter):
			typed++
			kinds[c] = true
		}
	}
	return typed+units >= 2 && typed+units >= below && below > 0 && len(kinds)+units > 1
}

// typedColumn reports whether nearly all cells of a column are numbers, times or the like.
func typedColumn(rows [][]string, i int) bool {
	cells := column(rows, i)
	typed := 0
	for _, c := range cells {
		if isTyped(c) {
			typed++
		}
	}
	return typed > 0 && typed*10 >= len(cells)*9
}

// isTyped reports whether a cell is a number, a date or the like, also as people write it.
func isTyped(c string) bool {
	b := []byte(strings.TrimSpace(c))
	if len(b) == 0 {
		return false
	}
	if valueOf(b).form != formText || notNumbers[c] || stylesOf(b) != 0 {
		return true
	}
	_, ok := readDate(b)
	return ok
}

// joinHeader names the columns by the rows of a header: the levels joined by _, a level that spans columns being written
// above the first of them only.
func joinHeader(rows [][]string, width int) []string {
	names := make([]string, width)
	for level, row := range rows {
		last := ""
		for i := range names {
			cell := ""
			if i < len(row) {
				cell = strings.TrimSpace(row[i])
			}
			if bare := strings.TrimLeft(cell, "# "); i == 0 && bare != "" { // programs that comment the header out
				cell = bare
			}
			switch {
			case cell != "":
				last = cell
			case level < len(rows)-1 && i > 0 && level == 0:
				cell = last
			}
			if cell == "" || cell == names[i] {
				continue
			}
			if names[i] != "" {
				names[i] += "_"
			}
			names[i] += cell
		}
	}
	return names
}

// headerVotes returns the sum of the votes; ok is false if the first row cannot be a header.
func headerVotes(rows [][]string) (votes int, ok bool) {
	if len(rows) == 0 {
		return 0, false
	}
	first, rest := rows[0], rows[1:]
	seen := map[string]bool{}
	empty := 0
	for i, c := range first {
		name := strings.ToLower(strings.TrimSpace(c))
		if name == "" {
			empty++
			continue
		}
		if notName(c) && !namesMeasure(c, rest, i) {
			return 0, false
		}
		if seen[name] {
			votes -= 2
		}
		seen[name] = true
	}
	if empty == len(first) || empty > 1 && empty*2 > len(first) {
		return 0, false
	}
	rest = withoutRepeats(first, rest)
	for i, c := range first {
		cells := column(rest, i)
		if isYear(c) && len(cells) > 0 && !slices.ContainsFunc(cells, func(c string) bool { return !isYear(c) }) {
			return 0, false // one more of them
		}
		if isCode(c) && len(cells) > 0 && !slices.ContainsFunc(cells, func(o string) bool { return len(o) != len(c) || !isDigits(o) }) {
			return 0, false // likewise
		}
		votes += vote(c, cells)
	}
	return votes, true
}

// isCode reports whether a cell is digits that are no number, such as a postal code.
func isCode(c string) bool { return len(c) > 1 && c[0] == '0' && isDigits(c) }

func isDigits(c string) bool { return c != "" && strings.Trim(c, "0123456789") == "" }

// isYear reports whether a cell is a year such as may head a column of a pivoted table.
func isYear(c string) bool {
	return len(c) == 4 && c >= "1800" && c <= "2100" && valueOf([]byte(c)).form == formInt
}

// withoutRepeats returns the rows that are not the first one again, if a typed column shows that it is a header.
func withoutRepeats(first []string, rest [][]string) [][]string {
	if !slices.ContainsFunc(rest, func(row []string) bool { return slices.Equal(row, first) }) {
		return rest
	}
	others := slices.DeleteFunc(slices.Clone(rest), func(row []string) bool { return slices.Equal(row, first) })
	for i, c := range first {
		if typedColumn(others, i) && !isTyped(c) {
			return others
		}
	}
	return rest
}

// isProse reports whether a row reads like a sentence more than like names: a cell has many words, or ends as a label does.
func isProse(row []string) bool {
	return slices.ContainsFunc(row, func(c string) bool {
		return len(strings.Fields(c)) > 2 || len(c) > 40 || len(c) > 2 && strings.HasSuffix(c, ":") || strings.Contains(c, ": ")
	})
}

// namesMeasure reports whether a date may name a column, as in a pivoted table: numbers stand below it, and no date.
func namesMeasure(c string, rest [][]string, i int) bool {
	if valueOf([]byte(c)).form != formDate {
		if _, ok := readDate([]byte(c)); !ok {
			return false
		}
	}
	cells := column(rest, i)
	return len(cells) > 0 && !slices.ContainsFunc(cells, func(c string) bool {
		return valueOf([]byte(c)).form&formNumbers == 0 && stylesOf([]byte(c)) == 0
	})
}

// longName is the most bytes that a column's name is believed to have.
const longName = 500

// mostDigits is how many digits the longest exact number has; more of them are text, but name no column either.
const mostDigits = 38

// notName reports whether a cell of the first row cannot name a column.
func notName(c string) bool {
	switch form := valueOf([]byte(c)).form; {
	case form&formNumbers != 0:
		return !isYear(c)
	case form == formText:
		if _, ok := readDate([]byte(c)); ok || stylesOf([]byte(c)) != 0 {
			return true
		}
		return nullWords[c] || notNumbers[c] || len(c) > mostDigits && isDigits(c) || len(c) > longName || strings.EqualFold(c, "true") || strings.EqualFold(c, "false")
	}
	return true
}

// column returns the cells below the first row in column i, of up to 200 rows, without empty ones.
func column(rows [][]string, i int) []string {
	var out []string
	for _, row := range rows[:min(len(rows), 200)] {
		if i < len(row) && row[i] != "" && !nullWords[row[i]] {
			out = append(out, row[i])
		}
	}
	return out
}

// vote is positive if the cell looks like the name of the column with these cells, negative if like one more of them.
func vote(name string, cells []string) int {
	if len(cells) == 0 {
		return 0
	}
	typed, same, equal := 0, 0, 0
	for _, c := range cells {
		if isTyped(c) || strings.ContainsAny(c, "0123456789") && !strings.ContainsFunc(c, unicode.IsLetter) && strings.ContainsFunc(name, unicode.IsLetter) {
			typed++ // or a measure: 12%, $5
		}
		if len(c) == len(cells[0]) {
			same++
		}
		if c == name {
			equal++
		}
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == ' ' || r == '-' || r == '.' })
	common := len(words) > 0 && (commonNames[words[0]] || commonNames[words[len(words)-1]])
	votes := 0
	switch {
	case typed*10 >= len(cells)*9:
		votes = 3
	case equal > 0:
		votes = -3
	case typed*2 >= len(cells):
		votes = 2
	case same == len(cells) && len(cells) > 1 && len(name) != len(cells[0]):
		votes = 1
	case same*10 >= len(cells)*9 && len(cells) > 1 && len(name) == len(cells[0]):
		votes = -2
	}
	if common {
		votes += 2
	}
	return votes
}
