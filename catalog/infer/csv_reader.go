package infer

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"tarn/catalog/sqltype"
)

// rowReader cuts the records of a file into the rows of its table and malformed ones, which it rejects. Inference and
// queries read with it, so that both mean the same rows.
type rowReader struct {
	*records
	dialect *Dialect
	width   int
	header  int     // lines of the header that are not yet read
	skip    []int64 // what is left of dialect.SkipLines
	pins    []*pin  // by column; nil: no column has a given type
	reject  func(Reject)

	// unsure says that a malformed record may have swallowed lines, which are now read again: until one is a full row, they are
	// rejected too.
	unsure   bool
	rejected int64
	trimmed  bool   // DuckDB would not pass over what is behind the last column
	named    []byte // the header as it stands in the file, if it has one line
}

// newRowReader begins to read src, which is the text as it is, in a dialect. strict makes text that is not of the dialect's
// encoding an error, as newTextCheck has it; else the rows that hold it are rejected. reject, if given, hears of every
// rejected row.
func newRowReader(src io.Reader, d *Dialect, width int, strict bool, reject func(Reject)) (*rowReader, error) {
	if strict {
		src = newTextCheck(src, d.Encoding)
	} else {
		src = decode(src, d.Encoding)
	}
	t := &rowReader{records: newRecords(src, d, 256<<10), dialect: d, width: width, skip: d.SkipLines, reject: reject}
	t.decoded = d.Encoding == encodingUTF16 || d.Encoding == encodingUTF16BE
	t.oneColumn, t.unchecked = width == 1, !strict || t.decoded
	if d.Header {
		t.header = max(1, d.HeaderRows)
	}
	return t, t.skipLines(d.Skip)
}

// row returns the fields of the next row, as many as there are columns or fewer, or io.EOF.
func (t *rowReader) row() ([]field, error) {
	for {
		fields, err := t.next()
		if e, ok := err.(*Error); ok {
			if err := t.drop(e); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if t.dialect.End > 0 && t.start >= t.dialect.End {
			return nil, io.EOF
		}
		if t.header > 0 {
			t.header--
			t.named = append(t.named[:0], trimLine(t.raw)...)
			continue
		}
		if len(t.skip) > 0 && t.skip[0] == t.start {
			t.skip = t.skip[1:]
			continue
		}
		if len(fields) > t.width {
			fields = t.withoutEmpty(fields)
		}
		if ok, err := t.accept(fields); err != nil {
			return nil, err
		} else if ok {
			return fields, nil
		}
	}
}

// accept reports whether fields are a row, and rejects them otherwise.
func (t *rowReader) accept(fields []field) (bool, error) {
	n := len(fields)
	if n == t.width || n < t.width && !t.unsure && t.line-t.start <= 1 {
		t.unsure = false
		return t.pins == nil || t.hasTypes(fields), nil
	}
	reason := fmt.Sprintf("expected %s, found %d", counted(int64(t.width), "column", "columns"), n)
	switch {
	case t.line-t.start > 1: // a quote may be at fault that swallows lines
		reason += fmt.Sprintf(" in a row that reaches to line %d", t.line-1)
		t.unread()
		return false, t.drop(&Error{Line: t.start + 1, Reason: reason})
	case t.unsure:
		reason += ", behind a malformed row"
	}
	t.rejectColumn("", reason)
	return false, nil
}

// hasTypes reports whether the cells are of the types that the user gave, and rejects the row otherwise.
func (t *rowReader) hasTypes(fields []field) bool {
	for i, p := range t.pins {
		if p == nil || i >= len(fields) {
			continue
		}
		if why := p.refuses(fields[i], t.dialect); why != "" {
			t.rejectColumn(p.name, why)
			return false
		}
	}
	return true
}

// withoutEmpty takes off the empty fields behind the last column. DuckDB passes over one of them.
func (t *rowReader) withoutEmpty(fields []field) []field {
	n := len(fields)
	for n > t.width && len(fields[n-1].text) == 0 && !fields[n-1].quoted {
		n--
	}
	if n == t.width && len(fields) > n+1 {
		t.trimmed = true
	}
	if n > t.width {
		return fields
	}
	return fields[:n]
}

// drop rejects the line on which a record begins that breaks a rule, and reads on behind it.
func (t *rowReader) drop(e *Error) error {
	line := t.start
	if t.dialect.End > 0 && line >= t.dialect.End {
		return io.EOF
	}
	text, err := t.dropLine()
	if err != nil {
		return err
	}
	reason := e.Reason
	if e.Line > line && e.Reason == textAfterQuote {
		reason += fmt.Sprintf(" on line %d", e.Line)
	}
	t.unsure = e.Line > line || e.Reason == neverClosed
	if t.header > 0 {
		t.header--
	}
	t.report(Reject{Line: line, Reason: reason, Text: rejectText(text)})
	return nil
}

// rejectColumn rejects the record at hand, because of one column if that is given.
func (t *rowReader) rejectColumn(column, reason string) {
	t.report(Reject{Line: t.start, Column: column, Reason: reason, Text: rejectText(t.raw)})
}

func (t *rowReader) report(r Reject) {
	t.rejected++
	if t.reject != nil {
		t.reject(r)
	}
}

// rejectText is the text of a reject: without the line end, cut, and valid UTF-8.
func rejectText(raw []byte) string {
	raw = trimLine(raw)
	if len(raw) > maxRejectText {
		raw = raw[:lastRune(raw[:maxRejectText])]
	}
	return string(bytes.ReplaceAll(bytes.ToValidUTF8(raw, []byte("\uFFFD")), []byte{0}, []byte("\uFFFD")))
}

// pin is a column whose type the user gave.
type pin struct {
	name  string
	t     sqltype.Type
	spell *speller
}

// refuses says why a cell is not of the type; empty if it is.
func (p *pin) refuses(f field, d *Dialect) string {
	text, null := p.spell.cell(f, d)
	if null || fitsType(p.t, text) {
		return ""
	}
	return fmt.Sprintf("%q is no %s", shorten(text), p.t)
}

// fitsType reports whether a cast of text to t succeeds without loss, for the types that text is checked for.
func fitsType(t sqltype.Type, text []byte) bool {
	bare := bytes.Trim(text, " ")
	if len(bare) == 0 {
		return t.Kind == sqltype.Varchar || t.Kind == sqltype.Blob
	}
	v := valueOf(bare)
	switch k := t.Kind; {
	case k == sqltype.Boolean:
		return slices.Contains([]string{"true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"}, string(bytes.ToLower(text)))
	case k >= sqltype.TinyInt && k <= sqltype.UHugeInt:
		return fitsInt(t, v, text)
	case k == sqltype.Float || k == sqltype.Double:
		return v.form&formNumbers != 0 || notNumbers[string(text)]
	case k == sqltype.Decimal:
		whole, scale, exponent := digitsOf(text)
		return v.form&formNumbers != 0 && !exponent && whole <= int(t.Width)-int(t.Scale) && scale <= int(t.Scale)
	case k == sqltype.Date:
		return v.form == formDate
	case k >= sqltype.TimestampS && k <= sqltype.TimestampNS:
		return v.form&formStamps != 0
	case k == sqltype.TimestampTZ:
		return v.form == formStampTZ || v.form&formStamps != 0
	case k == sqltype.Time:
		return v.form == formClock
	case k == sqltype.UUID:
		return v.form == formUUID || len(text) == 36 && jsonIsUUID(bytes.ToLower(text))
	}
	return true
}

// intLimits are the bounds of the integer types as text.
var intLimits = map[sqltype.Kind][2]string{
	sqltype.TinyInt: {"-128", "127"}, sqltype.UTinyInt: {"0", "255"}, sqltype.SmallInt: {"-32768", "32767"}, sqltype.USmallInt: {"0", "65535"},
	sqltype.Integer: {"-2147483648", "2147483647"}, sqltype.UInteger: {"0", "4294967295"},
	sqltype.BigInt: {"-9223372036854775808", "9223372036854775807"}, sqltype.UBigInt: {"0", "18446744073709551615"},
	sqltype.HugeInt:  {"-170141183460469231731687303715884105728", "170141183460469231731687303715884105727"},
	sqltype.UHugeInt: {"0", "340282366920938463463374607431768211455"},
}

// fitsInt reports whether text is an integer within the bounds of t; zeros may lead.
func fitsInt(t sqltype.Type, v value, text []byte) bool {
	digits := bytes.TrimPrefix(bytes.TrimPrefix(bytes.Trim(text, " "), []byte("-")), []byte("+"))
	if len(digits) == 0 || len(digits) > 60 || bytes.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	limits := intLimits[t.Kind]
	s := string(bytes.TrimPrefix(bytes.Trim(text, " "), []byte("+")))
	return compareDecimals(s, limits[0]) >= 0 && compareDecimals(s, limits[1]) <= 0
}
