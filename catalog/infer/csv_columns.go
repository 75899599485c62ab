package infer

import (
	"fmt"
	"math"
	"strings"

	"tarn/catalog/sqltype"
)

// csvColumn is what the cells of one column have shown so far.
type csvColumn struct {
	name   string
	forms  valueForms // of the values, which are the cells that no list below counts
	values int64

	// text says that no type but VARCHAR holds the values. Then their forms are no longer looked at, and span holds all
	// values since; partial says that there were others before.
	text, partial bool
	turned        int64  // the line of the value that made it text after more than fewValues others, 0 if none did
	turnedBy      string // that value

	minInt, maxInt     int64
	minFloat, maxFloat float64
	minWide, maxWide   string   // of formWide
	from, to           jsonTime // of dates and times
	span               textSpan // of text and formUUID

	empty       int64            // unquoted empty cells, and those that a short row lacks
	quotedEmpty int64            // ""
	words       map[string]int64 // unquoted words that may mean NULL
	quotedWords int64            // the same in quotes; they are among the values
	nan         map[string]int64 // words for what is not a number, or infinite
}

func newCSVColumn(name string) *csvColumn {
	return &csvColumn{name: name, minInt: math.MaxInt64, maxInt: math.MinInt64, minFloat: math.Inf(1), maxFloat: math.Inf(-1)}
}

// nullWords are the spellings of NULL besides the empty cell. \N is one wherever it stands; the others only in a column
// whose other values are no text.
var nullWords = map[string]bool{
	`\N`: true, "NA": true, "N/A": true, "n/a": true, "#N/A": true, "NULL": true, "Null": true, "null": true,
	"None": true, "none": true, "-": true,
}

// fewValues is how many values of a type a column of text may begin with without a notice.
const fewValues = 100

// alwaysNull is the spelling of NULL in dumps of MySQL and PostgreSQL.
const alwaysNull = `\N`

// notNumbers are the words that DuckDB reads as DOUBLE.
var notNumbers = map[string]bool{
	"NaN": true, "nan": true, "inf": true, "-inf": true, "Infinity": true, "-Infinity": true, "infinity": true, "-infinity": true,
}

// maxWord is the length of the longest of these words in bytes.
const maxWord = len("-Infinity")

// wordStarts marks the bytes that such words, true and false begin with.
var wordStarts = func() (starts [256]bool) {
	for _, words := range []map[string]bool{nullWords, notNumbers, {"true": true, "True": true, "false": true, "False": true}} {
		for w := range words {
			starts[w[0]] = true
		}
	}
	return starts
}()

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
	if wordStarts[s[0]] && len(s) <= maxWord && (s[0] != '-' || len(s) == 1 || s[1] > '9') && c.word(f, line) {
		return
	}
	c.values++
	if c.text {
		c.span.add(s)
		return
	}
	if c.forms&formInt != 0 {
		if v, ok := quickInt(s); ok {
			c.minInt, c.maxInt = min(c.minInt, v), max(c.maxInt, v)
			return
		}
	}
	if c.forms&formFloat != 0 {
		if v, ok := quickFloat(s); ok {
			c.addFloat(v)
			return
		}
	}
	c.note(valueOf(s), s, line)
}

// note takes a value of any form.
func (c *csvColumn) note(v value, s []byte, line int64) {
	had := c.forms
	c.forms |= v.form
	if c.forms != had && c.forms.mixed() {
		c.become(s, had, line)
		return
	}
	switch v.form {
	case formInt:
		c.minInt, c.maxInt = min(c.minInt, v.int), max(c.maxInt, v.int)
	case formWide:
		c.addWide(string(s))
	case formFloat:
		c.addFloat(v.float)
	case formUUID:
		c.span.add(s)
	case formDate, formStamp, formStampNS, formStampTZ, formClock:
		if had == 0 || v.at.before(c.from) {
			c.from = v.at
		}
		if had == 0 || c.to.before(v.at) {
			c.to = v.at
		}
	}
}

// become makes the column text because of s, which stands among values of the forms that it had.
func (c *csvColumn) become(s []byte, had valueForms, line int64) {
	c.text, c.partial = true, c.values > 1
	if c.values > fewValues {
		c.turned, c.turnedBy = line, shorten(s)
	}
	c.forms = had
	c.span.add(s)
}

func (c *csvColumn) addFloat(v float64) {
	if v < c.minFloat {
		c.minFloat = v
	}
	if v > c.maxFloat {
		c.maxFloat = v
	}
}

func (c *csvColumn) addWide(s string) {
	if c.minWide == "" || jsonCompareInts(s, c.minWide) < 0 {
		c.minWide = s
	}
	if c.maxWide == "" || jsonCompareInts(s, c.maxWide) > 0 {
		c.maxWide = s
	}
}

// word takes a cell that is one of the words with a meaning of their own.
func (c *csvColumn) word(f field, line int64) bool {
	form := formText
	switch string(f.text) {
	case "true", "True", "TRUE":
		form = formTrue
	case "false", "False", "FALSE":
		form = formFalse
	}
	switch {
	case form != formText:
		if c.text {
			return false
		}
		c.values++
		c.note(value{form: form}, f.text, line)
	case notNumbers[string(f.text)]:
		if c.nan == nil {
			c.nan = map[string]int64{}
		}
		c.nan[string(f.text)]++
	case !nullWords[string(f.text)]:
		return false
	case f.quoted:
		c.quotedWords++
		return false
	default:
		if c.words == nil {
			c.words = map[string]int64{}
		}
		c.words[string(f.text)]++
	}
	return true
}

// kind is the type of the column if its NULL words are NULL. why says in words why numbers, or points in time, are
// VARCHAR; it is empty otherwise.
func (c *csvColumn) kind() (k sqltype.Kind, why string) {
	f := c.forms
	switch {
	case c.text:
		if c.turned > 0 {
			why = fmt.Sprintf("of %q on line %d", c.turnedBy, c.turned)
		}
		return sqltype.Varchar, why
	case f == 0 && c.nan == nil:
		return sqltype.Varchar, ""
	case f&^formNumbers == 0:
		return c.number()
	case c.nan != nil:
		return sqltype.Varchar, ""
	case f&^formBools == 0:
		return sqltype.Boolean, ""
	case f == formDate:
		return sqltype.Date, ""
	case f == formStampTZ:
		return sqltype.TimestampTZ, ""
	case f == formClock:
		return sqltype.Time, ""
	case f == formUUID:
		return sqltype.UUID, ""
	case f&formStampNS == 0:
		return sqltype.Timestamp, ""
	case c.from.inNanoseconds() && c.to.inNanoseconds():
		return sqltype.TimestampNS, ""
	}
	return sqltype.Varchar, "it mixes nanoseconds with points in time that TIMESTAMP_NS cannot hold"
}

// inNanoseconds reports whether the time lies within TIMESTAMP_NS, whose 64 bits reach from 1677-09-21 to 2262-04-11.
func (t jsonTime) inNanoseconds() bool {
	const reach = (1<<63-1)/1_000_000_000 - 1 // seconds
	return t.sec > -reach && t.sec < reach
}

// number is the type of a column of numbers, some of which may be not a number.
func (c *csvColumn) number() (k sqltype.Kind, why string) {
	const exact = 1 << 53 // up to here every integer is a DOUBLE
	switch {
	case c.nan == nil && c.forms == formInt:
		return sqltype.BigInt, ""
	case c.nan == nil && c.forms&formFloat == 0:
		return sqltype.HugeInt, ""
	case c.forms&formWide != 0 || c.forms&formInt != 0 && (c.minInt < -exact || c.maxInt > exact):
		return sqltype.Varchar, "it mixes decimals with integers that DOUBLE cannot hold"
	}
	return sqltype.Double, ""
}

// isText reports whether the column is VARCHAR whatever its NULL words mean.
func (c *csvColumn) isText() bool {
	k, _ := c.kind()
	return k == sqltype.Varchar
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
