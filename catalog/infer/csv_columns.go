package infer

import (
	"bytes"
	"fmt"
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
	late          bool  // it became text after more than fewValues others
	proof         Proof // the last value that widened the type

	numbers
	styled   *styledNumbers // nil while all numbers are plain
	dates    *writtenDates  // of formWritten
	dateRead writtenDate    // the last of them
	from, to jsonTime       // of other dates and times
	span     textSpan       // of text and formUUID

	empty       int64            // unquoted empty cells, and those that a short row lacks
	quotedEmpty int64            // ""
	blank       int64            // cells of nothing but spaces
	padded      bool             // spaces stand around values that are no text
	words       map[string]int64 // unquoted words that may mean NULL
	quotedWords int64            // the same in quotes; they are among the values
	nan         map[string]int64 // words for what is not a number, or infinite
	distinct    *distinctSketch  // of the values; nil if they are not counted
	nulls       map[string]bool  // spellings that the user gave; nil: those of nullWords are told by the other values
}

func newCSVColumn(name string) *csvColumn { return &csvColumn{name: name, numbers: newNumbers()} }

// nullWords are the spellings of NULL besides the empty cell. \N is one wherever it stands; the others only in a column
// whose other values are no text.
var nullWords = map[string]bool{
	`\N`: true, "NA": true, "N/A": true, "n/a": true, "#N/A": true, "NULL": true, "Null": true, "null": true,
	"None": true, "none": true, "-": true,
	"n.a.": true, "..": true,
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
	if c.nulls != nil {
		if !f.quoted && c.nulls[string(s)] {
			c.countWord(s)
			return
		}
	} else if wordStarts[s[0]] && len(s) <= maxWord && (s[0] != '-' || len(s) == 1 || s[1] > '9') && c.word(f, line) {
		return
	}
	c.values++
	if c.distinct != nil {
		c.distinct.add(distinctHash(s))
	}
	if c.text {
		c.span.add(s)
		return
	}
	if c.styled == nil {
		if c.forms&formInt != 0 {
			if v, ok := quickInt(s); ok {
				c.minInt, c.maxInt = min(c.minInt, v), max(c.maxInt, v)
				return
			}
		}
		if c.forms&formFloat != 0 {
			if v, whole, scale, ok := quickFloat(s); ok {
				c.addFloat(v, whole, scale)
				return
			}
		}
	}
	c.addSlowly(s, line)
}

// addSlowly takes a value of any form.
func (c *csvColumn) addSlowly(s []byte, line int64) {
	bare := s
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		if bare = bytes.Trim(s, " "); len(bare) == 0 {
			c.values--
			c.blank++
			return
		}
	}
	v := valueOf(bare)
	if v.form == formText {
		v = c.valueInWriting(bare)
	} else if c.styled != nil && v.form&formNumbers != 0 {
		v.form = formStyled
	}
	had := c.forms
	if c.forms |= v.form; c.forms.mixed() || !c.note(v, bare, line) {
		c.become(s, had, line)
		return
	}
	c.padded = c.padded || len(bare) < len(s)
	if had != 0 && c.forms != had && v.form&(formInt|formDate) == 0 {
		c.proof = Proof{line, shorten(bare)}
	}
}

// valueInWriting reads what people write and programs do not: numbers with other marks, dates in other orders.
func (c *csvColumn) valueInWriting(s []byte) value {
	if first := s[0]; first-'0' <= 9 || first == '-' {
		if stylesOf(s) != 0 {
			return value{form: formStyled}
		}
	}
	if d, ok := readDate(s); ok {
		c.dateRead = d
		return value{form: formWritten}
	}
	return value{form: formText}
}

// note takes a value of any form; it returns false if the column cannot be of one type then.
func (c *csvColumn) note(v value, s []byte, line int64) bool {
	switch v.form {
	case formInt, formWide, formFloat, formDecimal:
		c.numbers.add(v, s)
	case formStyled:
		if c.styled == nil {
			c.styled = newStyled(c.numbers)
		}
		return c.styled.add(s)
	case formWritten:
		if c.dates == nil {
			c.dates = &writtenDates{}
		}
		return c.dates.add(c.dateRead, s, line)
	case formUUID:
		c.span.add(s)
	case formDate, formStamp, formStampNS, formStampTZ, formClock:
		if c.values == 1 || v.at.before(c.from) {
			c.from = v.at
		}
		if c.values == 1 || c.to.before(v.at) {
			c.to = v.at
		}
	}
	return true
}

// become makes the column text because of s, which stands among values of the forms that it had.
func (c *csvColumn) become(s []byte, had valueForms, line int64) {
	c.text, c.partial = true, c.values > 1 || c.blank > 0
	c.late = c.values > fewValues
	c.proof = Proof{line, shorten(s)}
	c.forms = had
	c.styled, c.dates = nil, nil
	c.span.add(s)
}

func (c *csvColumn) countWord(s []byte) {
	if c.words == nil {
		c.words = map[string]int64{}
	}
	c.words[string(s)]++
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
		had := c.forms
		if c.forms |= form; c.forms.mixed() {
			c.become(f.text, had, line)
		}
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
		c.countWord(f.text)
	}
	return true
}

// fits reports whether a cell can stand in the column without making it text.
func (c *csvColumn) fits(f field) bool {
	s := bytes.Trim(f.text, " ")
	if c.text || c.forms == 0 || len(s) == 0 || nullWords[string(s)] || c.forms&formNumbers != 0 && notNumbers[string(s)] {
		return true
	}
	v := valueOf(s)
	if v.form == formText {
		v = c.valueInWriting(s)
	}
	switch string(s) {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		v.form = formTrue
	}
	return !(c.forms | v.form).mixed()
}

// kind is the type of the column if its NULL words are NULL, and how its values are spelled if a cast does not read them.
// preferred are the number styles that other columns of the file prove. why says in words why numbers, or points in time,
// are VARCHAR; it is empty otherwise.
func (c *csvColumn) kind(preferred numberStyles) (t sqltype.Type, form TextForm, why string) {
	f := c.forms
	text := sqltype.Of(sqltype.Varchar)
	switch {
	case c.text && c.late:
		return text, form, fmt.Sprintf("of %q on line %d", c.proof.Value, c.proof.Line)
	case c.text, f == 0 && c.nan == nil:
		return text, form, ""
	case f&^formNumbers == 0:
		return c.number(preferred)
	case c.nan != nil:
		return text, form, ""
	case f&^formBools == 0:
		return sqltype.Of(sqltype.Boolean), form, ""
	case f == formWritten:
		return c.written()
	}
	switch {
	case f == formDate:
		return sqltype.Of(sqltype.Date), form, ""
	case f == formStampTZ:
		return sqltype.Of(sqltype.TimestampTZ), form, ""
	case f == formClock:
		return sqltype.Of(sqltype.Time), form, ""
	case f == formUUID:
		return sqltype.Of(sqltype.UUID), form, ""
	case f&formStampNS == 0:
		return sqltype.Of(sqltype.Timestamp), form, ""
	case c.from.inNanoseconds() && c.to.inNanoseconds():
		return sqltype.Of(sqltype.TimestampNS), form, ""
	}
	return text, form, "it mixes nanoseconds with points in time that TIMESTAMP_NS cannot hold"
}

// written is kind for dates that are not written as ISO 8601 has it.
func (c *csvColumn) written() (t sqltype.Type, form TextForm, why string) {
	if c.dates.undecided() {
		return sqltype.Of(sqltype.Varchar), TextForm{Layout: undecidedLayout + c.dates.layout()}, c.dates.doubt()
	}
	form.Layout = c.dates.layout()
	if c.dates.timed {
		return sqltype.Of(sqltype.Timestamp), form, ""
	}
	return sqltype.Of(sqltype.Date), form, ""
}

// number is kind for numbers, some of which may be not a number.
func (c *csvColumn) number(preferred numberStyles) (t sqltype.Type, form TextForm, why string) {
	if c.styled == nil {
		if c.groupsOnly() && preferred&allStyles != 0 && preferred&decimalPoint == 0 {
			form.Doubt = PointDoubt
			return sqltype.Of(sqltype.Varchar), form, "a point may begin the fraction or part thousands, and other columns of the file have a comma before the fraction"
		}
		if c.groupsOnly() && preferred&proven == 0 {
			if form.Doubt = PointDoubt; preferred&pointOpen != 0 {
				return sqltype.Of(sqltype.Varchar), form, "a point may begin the fraction or part thousands, as in files whose delimiter is ; or that leave commas open"
			}
		}
		t, why = c.numbers.kind(c.nan != nil)
		return t, form, why
	}
	if preferred&proven == 0 && c.styled.alive&decimalComma != 0 && c.styled.alive&decimalPoint != 0 {
		form.Doubt = CommaDoubt
	}
	i, ok := c.styled.choose(preferred)
	if !ok {
		return sqltype.Of(sqltype.Varchar), form, "a comma may begin the fraction or part thousands"
	}
	if t, why = c.styled.by[i].kind(c.nan != nil); why == "" && i > 0 {
		form.Thousands, form.Decimal = string(numberMarks[i].thousands), string(numberMarks[i].decimal)
	}
	return t, form, why
}

// groupsOnly reports whether every number with a fraction would also be one with a point between thousands.
func (c *csvColumn) groupsOnly() bool {
	return c.scales == 1<<3 && c.whole <= 3 && !c.exponent && c.minFloat > -1000 && c.maxFloat < 1000
}

// proves returns the styles that the column's numbers can only have.
func (c *csvColumn) proves() numberStyles {
	switch {
	case c.text || c.forms == 0 || c.forms&^formNumbers != 0:
		return 0
	case c.styled == nil && c.scales != 0 && !c.groupsOnly():
		return decimalPoint
	case c.styled == nil || c.styled.alive&decimalComma != 0 && c.styled.alive&decimalPoint != 0:
		return 0
	}
	return c.styled.alive
}

// inNanoseconds reports whether the time lies within TIMESTAMP_NS, whose 64 bits reach from 1677-09-21 to 2262-04-11.
func (t jsonTime) inNanoseconds() bool {
	const reach = (1<<63-1)/1_000_000_000 - 1 // seconds
	return t.sec > -reach && t.sec < reach
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
