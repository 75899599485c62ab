package infer

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/sqltype"
)

// csvColumn is what the cells of one column have shown so far.
type csvColumn struct {
	name        string
	node        jsonNode         // values that are not NULL in any reading
	empty       int64            // unquoted empty cells, and those that a short row lacks
	quotedEmpty int64            // ""
	words       map[string]int64 // unquoted words that may mean NULL
	quotedWords int64            // the same in quotes
	nan         int64            // not a number, and infinities
	firstNaN    int64            // line
}

// nullWords are the spellings of NULL besides the empty cell. \N is one wherever it stands; the others only in a column
// whose other values are no text.
var nullWords = map[string]bool{
	`\N`: true, "NA": true, "N/A": true, "n/a": true, "#N/A": true, "NULL": true, "Null": true, "null": true,
	"None": true, "none": true, "-": true,
}

// alwaysNull is the spelling of NULL in dumps of MySQL and PostgreSQL.
const alwaysNull = `\N`

// notNumbers are the words that DuckDB reads as DOUBLE.
var notNumbers = map[string]bool{
	"NaN": true, "nan": true, "inf": true, "-inf": true, "Infinity": true, "-Infinity": true, "infinity": true, "-infinity": true,
}

// add takes one cell.
func (c *csvColumn) add(f field, line int64) {
	s := f.text
	if len(s) == 0 {
		if f.quoted {
			c.quotedEmpty++
		} else {
			c.empty++
		}
		return
	}
	if first := s[0]; first-'0' <= 9 || (first == '-' || first == '.') && len(s) > 1 && s[1] < 'A' {
		if num, ok := csvNumber(s); ok && num.kind != jsonHuge && (!num.long || jsonFaithful(s, num)) {
			c.node.addNumber(num, s, line)
		} else {
			c.node.addString(s, line)
		}
		return
	}
	if len(s) <= 9 && c.word(f, line) {
		return
	}
	c.node.addString(s, line)
}

// csvNumber reads a number as JSON has it, or one without a digit before the point.
func csvNumber(s []byte) (jsonNumber, bool) {
	sign := 0
	if s[0] == '-' {
		sign = 1
	}
	if len(s) == sign || s[sign] != '.' || len(s) > 40 {
		return jsonParseNumber(s)
	}
	var full [48]byte
	n := copy(full[:], s[:sign])
	full[n] = '0'
	return jsonParseNumber(full[:n+1+copy(full[n+1:], s[sign:])])
}

// word takes a cell that is one of the words with a meaning of their own.
func (c *csvColumn) word(f field, line int64) bool {
	switch string(f.text) {
	case "true", "True", "TRUE":
		c.node.note(jsonTrue, line)
		return true
	case "false", "False", "FALSE":
		c.node.note(jsonFalse, line)
		return true
	}
	switch {
	case notNumbers[string(f.text)]:
		if c.nan++; c.nan == 1 {
			c.firstNaN = line
		}
		return true
	case !nullWords[string(f.text)]:
		return false
	case f.quoted:
		c.quotedWords++
		c.node.addString(f.text, line)
		return true
	}
	if c.words == nil {
		c.words = map[string]int64{}
	}
	c.words[string(f.text)]++
	return true
}

// kind is the type of the column if its NULL words are NULL, and whether it is text whatever they are.
func (c *csvColumn) kind() (k sqltype.Kind, text bool) {
	if c.node.count == 0 {
		return map[bool]sqltype.Kind{true: sqltype.Double, false: sqltype.Varchar}[c.nan > 0], c.nan == 0
	}
	t := (&jsonTypes{}).scalar(&c.node, "")
	if c.nan > 0 {
		const exact = 1 << 53
		numbers := c.node.seen&^(jsonInt|jsonFloat) == 0
		if numbers && (c.node.seen&jsonInt == 0 || c.node.minInt >= -exact && c.node.maxInt <= exact) {
			return sqltype.Double, false
		}
		return sqltype.Varchar, true
	}
	return t.Kind, t.Kind == sqltype.Varchar
}

// nulls decides which spellings mean NULL in the file, and gives the columns for which they cannot their type as text.
type nulls struct {
	words   []string // besides the empty cell
	quoted  bool     // in quotes too
	notices []string
	asText  map[*csvColumn]bool
}

// decideNulls looks at what all columns need. DuckDB takes one list of spellings for the whole file, so a word that is
// text in one column cannot be NULL in another: that one becomes text too.
func decideNulls(columns []*csvColumn) nulls {
	out := nulls{asText: map[*csvColumn]bool{}}
	text := func(c *csvColumn) bool {
		_, t := c.kind()
		return t || out.asText[c]
	}
	inText := map[string]string{} // word to the text column that holds it
	for changed := true; changed; {
		changed = false
		for _, c := range columns {
			for w := range c.words {
				switch {
				case w == alwaysNull:
				case text(c) && inText[w] == "":
					inText[w], changed = c.name, true
				case !text(c) && inText[w] != "":
					out.asText[c], changed = true, true
					out.notices = append(out.notices, fmt.Sprintf("column %q is VARCHAR: %s would be a NULL there, but is text in column %q",
						c.name, w, inText[w]))
				}
			}
		}
	}
	for _, c := range columns {
		for w := range c.words {
			if (w == alwaysNull || inText[w] == "") && !slices.Contains(out.words, w) {
				out.words = append(out.words, w)
			}
		}
	}
	slices.Sort(out.words)
	slices.Sort(out.notices)
	out.decideQuoted(columns, text)
	return out
}

// decideQuoted reads "" as NULL if a column that is no text needs it and no quoted word would become NULL with it.
func (n *nulls) decideQuoted(columns []*csvColumn, text func(*csvColumn) bool) {
	var need []*csvColumn
	loses, words := "", false
	for _, c := range columns {
		words = words || c.quotedWords > 0
		switch {
		case c.quotedEmpty > 0 && !text(c):
			need = append(need, c)
		case c.quotedEmpty > 0 && loses == "":
			loses = c.name
		}
	}
	switch {
	case len(need) == 0:
	case words:
		for _, c := range need {
			n.asText[c] = true
			n.notices = append(n.notices, fmt.Sprintf("column %q is VARCHAR because it has empty quotes", c.name))
		}
	default:
		n.quoted = true
		if loses != "" {
			n.notices = append(n.notices, fmt.Sprintf("empty quotes are NULL, also in text such as column %q, because column %q needs it",
				loses, need[0].name))
		}
	}
}

// result describes the column, among so many rows.
func (c *csvColumn) result(n nulls, rows int64) Column {
	k, _ := c.kind()
	if n.asText[c] {
		k = sqltype.Varchar
	}
	out := Column{Name: c.name, Type: sqltype.Of(k)}
	kept := c.nan // cells whose value is not among the node's
	out.Stats.Nulls = c.empty
	for w, count := range c.words {
		if slices.Contains(n.words, w) {
			out.Stats.Nulls += count
		} else {
			kept += count
		}
	}
	if n.quoted {
		out.Stats.Nulls += c.quotedEmpty
	} else {
		kept += c.quotedEmpty
	}
	if bounds := c.node.statistics(k, rows); kept == 0 && bounds.HasMinMax {
		out.Stats.HasMinMax, out.Stats.Min, out.Stats.Max = true, bounds.Min, bounds.Max
	}
	return out
}

// columnNames cleans the names of a header line: trimmed, column<N> (from 0) where there is none, and _1, _2, ... behind
// a name that stood before, without regard to case.
func columnNames(header []string) []string {
	taken := map[string]bool{}
	out := make([]string, len(header))
	for i, h := range header {
		name := strings.TrimSpace(h)
		if name == "" {
			name = fmt.Sprintf("column%d", i)
		}
		unique := name
		for n := 1; taken[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s_%d", name, n)
		}
		taken[strings.ToLower(unique)] = true
		out[i] = unique
	}
	return out
}
