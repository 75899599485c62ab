package storage

import "strings"

// delimiters are those by which a text without a telling suffix is recognised as delimited.
const delimiters = ",\t;|\x01"

// isDelimited reports whether the records of a text plainly share a delimiter: at least two records, nine of ten with
// the same number of fields, two or more. Prose has commas too, but followed by blanks and not equally many a line.
func isDelimited(text string, whole bool) bool {
	if !whole {
		end := strings.LastIndexAny(text, "\r\n")
		if end < 0 {
			return false
		}
		text = text[:end]
	}
	for _, d := range []byte(delimiters) {
		if countFields(text, d).regular() {
			return true
		}
	}
	return false
}

// maxRecords is how many records are counted.
const maxRecords = 200

// fieldCount is what a text looks like if split at one delimiter.
type fieldCount struct {
	records   int
	byFields  map[int]int // records by number of fields
	delims    int
	spaced    int // delimiters followed by a blank
	openEnded int // records that end with the delimiter
}

// countFields splits text at d, outside of double quotes, and counts.
func countFields(text string, d byte) fieldCount {
	c := fieldCount{byFields: map[int]int{}}
	fields, quoted, start := 1, false, 0
	for i := 0; i <= len(text) && c.records < maxRecords; i++ {
		switch {
		case i == len(text) || !quoted && (text[i] == '\n' || text[i] == '\r'):
			if strings.TrimSpace(text[start:i]) != "" {
				c.records++
				c.byFields[fields]++
				if text[i-1] == d {
					c.openEnded++
				}
			}
			fields, start = 1, i+1
		case text[i] == '"' && (quoted || i == start || text[i-1] == d):
			quoted = !quoted
		case text[i] == d && !quoted:
			fields++
			c.delims++
			if i+1 < len(text) && text[i+1] == ' ' {
				c.spaced++
			}
		}
	}
	return c
}

// regular reports whether the counts are those of a table.
func (c fieldCount) regular() bool {
	fields, most := 0, 0
	for f, n := range c.byFields {
		if n > most {
			fields, most = f, n
		}
	}
	enough := 2
	if c.spaced*2 > c.delims {
		enough = 10
	}
	return fields >= 2 && c.records >= enough && most*10 >= c.records*9 && !(fields == 2 && c.openEnded == c.records)
}
