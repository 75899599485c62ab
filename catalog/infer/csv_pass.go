package infer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tarn/catalog/sqltype"
)

// csvPass reads all rows of a file in its dialect.
type csvPass struct {
	dialect *Dialect
	hints   Hints
	columns []*csvColumn
	reader  *rowReader
	feed    *columnFeed // nil if rows are taken at once
	tail    csvTail

	rows      int64
	short     int64 // rows that lack trailing columns
	shortLine int64 // the first of them
	totalLine int64 // the last line that begins as a total does and is a row; 0 if none is
	rejects   []Reject
	rejected  int64
	own       bool
	large     bool   // worth a goroutine of its own for the columns
	skipped   string // the first line before the table
	notices   []string
}

// maxCounted is how many columns a table may have for its distinct values to be counted, at 4 KiB a column.
const maxCounted = 1000

// newCSVPass gets ready to read a table whose sample is t. The sample tells early which columns are text, so that their
// bounds are known from the first row on, and which hold numbers as people write them.
func newCSVPass(d *Dialect, t csvTable, h Hints) *csvPass {
	d.Skip, d.Header, d.HeaderRows, d.Comment = t.skip, t.header > 0, 0, t.comment
	if t.header > 1 {
		d.HeaderRows = t.header
	}
	p := &csvPass{dialect: d, hints: h, own: t.own || t.unnamed >= 0}
	names := make([]string, t.width)
	if h.Names != nil {
		copy(names, h.Names)
	} else if t.header > 0 {
		copy(names, joinHeader(t.rows[:t.header], t.width))
		if t.unnamed >= 0 {
			names = slices.Insert(names, t.unnamed, "")[:t.width]
			p.notices = append(p.notices, fmt.Sprintf("the header names %d of %d columns; the one without a name is column%d", t.width-1, t.width, t.unnamed))
		}
	}
	if doubt := headerDoubt(t); doubt != "" && h.Header == nil {
		p.notices = append(p.notices, doubt+"; header in lake.yaml says otherwise")
	}
	rows, lines := t.typical()
	for i, name := range columnNames(names) {
		c, trial := p.newColumn(name), p.newColumn(name)
		if t.width <= maxCounted {
			c.distinct = &distinctSketch{}
		}
		if writesNumbers(rows, i) {
			c.styled, trial.styled = newStyled(newNumbers()), newStyled(newNumbers())
		}
		for at, row := range rows {
			if len(row) == t.width && !trial.text {
				trial.add(field{text: []byte(row[i])}, lines[at])
			}
		}
		c.text, c.late, c.proof = trial.text, trial.late, trial.proof
		if !c.text {
			c.proof = Proof{} // it comes again
		}
		p.columns = append(p.columns, c)
	}
	return p
}

// typical returns the rows of the sample that are surely rows: no total, no header again, none of a second table.
func (t *csvTable) typical() (rows [][]string, lines []int64) {
	end := len(t.rows)
	if t.apart > t.header {
		end = t.apart
	}
	for i := t.header; i < end; i++ {
		row := t.rows[i]
		if t.header == 1 && slices.Equal(row, t.rows[0]) || totalRow(row) {
			continue
		}
		rows, lines = append(rows, row), append(lines, t.lines[i])
	}
	return rows, lines
}

// totalRow is isTotal for a row of the sample.
func totalRow(row []string) bool {
	i := slices.IndexFunc(row, func(c string) bool { return c != "" })
	return i >= 0 && isTotal([]field{{text: []byte(row[i])}})
}

// newColumn makes a column that knows the NULLs that the user gave.
func (p *csvPass) newColumn(name string) *csvColumn {
	c := newCSVColumn(name)
	if p.hints.Nulls != nil {
		c.nulls = map[string]bool{}
		for _, n := range p.hints.Nulls {
			c.nulls[n] = true
		}
	}
	return c
}

// writesNumbers reports whether a cell of column i is a number in another style than the plain one.
func writesNumbers(rows [][]string, i int) bool {
	for _, row := range rows {
		if i < len(row) && row[i] != "" && (row[i][0]-'0' <= 9 || row[i][0] == '-') {
			if s := stylesOf([]byte(row[i])); s != 0 && s&stylePlain == 0 {
				return true
			}
		}
	}
	return false
}

// run reads the file and describes it. strict is as in newRowReader.
func (p *csvPass) run(ctx context.Context, open Opener, strict bool) (*File, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	defer src.Close()
	p.reader, err = newRowReader(src, p.dialect, len(p.columns), strict, func(r Reject) { p.reject(r) })
	if err != nil && err != io.EOF {
		return nil, err
	}
	if p.reader.pins, err = p.pins(); err != nil {
		return nil, err
	}
	if p.large {
		p.feed = newColumnFeed(p.columns)
	}
	err = p.rowsOf(ctx)
	if p.feed != nil {
		p.feed.drain()
		p.feed.close()
	}
	if err != nil {
		return nil, err
	}
	if p.rejected > mostRejected*p.rows+fewRejected && p.tail.second == 0 || p.rows == 0 && p.rejected > 0 && !p.dialect.Header {
		return nil, &Error{Line: p.rejects[0].Line, Reason: fmt.Sprintf("%s of %d are malformed, the first because %s", counted(p.rejected, "row", "rows"), p.rows+p.rejected, p.rejects[0].Reason),
			Hint: "Say in lake.yaml how the file is written, if the guess (" + describeDialect(p.dialect) + ") is wrong."}
	}
	return p.file(), nil
}

// rowsOf takes all rows of the file.
func (p *csvPass) rowsOf(ctx context.Context) error {
	for n := 1; ; n++ {
		fields, err := p.reader.row()
		if err == io.EOF {
			p.tail.end(p)
			return nil
		}
		if err != nil {
			return err
		}
		if !p.tail.hold(p, fields) {
			p.take(fields, p.reader.start)
		}
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// settle waits until the columns have all rows taken so far.
func (p *csvPass) settle() {
	if p.feed == nil {
		return
	}
	p.feed.drain()
	if p.feed.drained > maxDrained {
		p.feed.close()
		p.feed = nil
	}
}

// manyBlanks is how many blank lines a file may have for DuckDB to read it: it takes a long run of them for one long line.
const manyBlanks = 10_000

// mostRejected is how many times as many rows as are accepted may be rejected, besides a few. With more, the dialect is
// wrong.
const (
	mostRejected = 2
	fewRejected  = 10
)

// pins returns the columns whose types the user gave.
func (p *csvPass) pins() ([]*pin, error) {
	forms := make([]*TextForm, len(p.columns))
	for i, c := range p.columns {
		if form := p.hints.form(c.name); form.Pinned != "" {
			forms[i] = &form
		}
	}
	pins, err := pinsOf(forms)
	for i, pin := range pins {
		if pin != nil {
			pin.name = p.columns[i].name
			p.columns[i].text = true
		}
	}
	return pins, err
}

// form is how the user said that a column is spelled, if its type is given.
func (h *Hints) form(name string) TextForm {
	t, ok := h.Types[strings.ToLower(name)]
	if !ok {
		return TextForm{}
	}
	form := TextForm{Pinned: t.String(), Nulls: h.Nulls}
	switch {
	case t.IsNumeric():
		form.Decimal, form.Thousands = h.Decimal, h.Thousands
	case t.Kind == sqltype.Date || t.Kind == sqltype.Timestamp:
		form.Layout = h.DateLayout
	}
	if t.Kind != sqltype.Varchar {
		form.NoQuoted, form.Trim = true, true
	}
	return form
}

// reject keeps a malformed row.
func (p *csvPass) reject(r Reject) {
	p.rejected++
	p.rejects = keepReject(p.rejects, r)
}

// maxSkipLines is how many rows inference may reject for more than breaking the dialect; each is kept in it.
const maxSkipLines = 10_000

// skip rejects a record that the reader itself would take; it returns false if there are too many of them.
func (p *csvPass) skip(r Reject) bool {
	if len(p.dialect.SkipLines) >= maxSkipLines {
		return false
	}
	p.dialect.SkipLines = append(p.dialect.SkipLines, r.Line)
	p.reject(r)
	return true
}

// take takes a row, whose trailing columns may be missing.
func (p *csvPass) take(fields []field, line int64) {
	p.rows++
	n := len(fields)
	if n < len(p.columns) {
		if p.short++; p.short == 1 {
			p.shortLine = line
		}
	}
	if p.feed != nil {
		p.feed.add(fields, line)
		return
	}
	for i := range fields {
		p.columns[i].add(fields[i], line)
	}
	for _, c := range p.columns[n:] {
		c.empty++
	}
}

// file describes what was read.
func (p *csvPass) file() *File {
	d, r := p.dialect, p.reader
	f := &File{Rows: p.rows, CSV: d, Rejected: p.rejected, Rejects: p.rejects}
	slices.SortStableFunc(f.Rejects, func(a, b Reject) int { return int(a.Line - b.Line) })
	slices.Sort(d.SkipLines)
	n := decideNulls(p.columns, p.hints, d.Delimiter)
	for _, c := range p.columns {
		column, notices := p.result(c, n)
		f.Columns = append(f.Columns, column)
		f.Notices = append(f.Notices, notices...)
		p.own = p.own || !column.Text.Plain()
	}
	d.NullText = append([]string{""}, n.words...)
	d.QuotedNull = n.quoted
	d.NullPad = p.short > 0
	d.MaxLine = r.longest
	d.NewLine = r.ends.text()
	d.MixedLines = r.mixed()
	d.OneLine = r.inner == newlines{}
	d.Own = p.own || r.blanks > manyBlanks || d.Escape == `\` && n.isNull(alwaysNull) || // DuckDB refuses the two together
		p.rejected > 0 || d.End > 0 || len(d.SkipLines) > 0 || d.HeaderRows > 1 || d.Comment != "" || d.Collapse || d.Framed || d.Rulers || r.trimmed || r.unchecked ||
		d.Quote != "" && (d.Escape == "" || d.Escape != d.Quote && d.Escape != `\`) || foreign(d.Encoding) || r.differs(d.Skip) || len(d.Delimiter) > 4
	f.Notices = append(f.Notices, p.allNotices()...)
	return f
}

// result describes a column, whose type the user may have given.
func (p *csvPass) result(c *csvColumn, n nulls) (Column, []string) {
	column, notices := c.result(n)
	if form := p.hints.form(c.name); form.Pinned != "" {
		column.Type, _ = sqltype.Parse(form.Pinned)
		column.Stats.HasMinMax, column.Proof = false, Proof{}
		column.Text = &form
		column.Stats.Nulls = -1
		return column, nil
	}
	return column, notices
}

// foreign reports whether DuckDB reads an encoding wrong or not at all.
func foreign(encoding string) bool { return encoding != encodingUTF8 && encoding != encodingLatin1 }

// allNotices tells what a user should know of how the rows were read.
func (p *csvPass) allNotices() []string {
	d, r := p.dialect, p.reader
	var out []string
	if p.skipped != "" {
		out = append(out, counted(int64(d.Skip), "line before the table is", "lines before the table are")+fmt.Sprintf(" passed over, the first is %q", p.skipped))
	}
	if d.Quote == "" && p.hints.Quote == nil {
		out = append(out, "quotes are read as text, since text follows some that close")
	}
	if d.Quote != "" && d.Escape == "" {
		out = append(out, "quotes inside quotes are not escaped; one closes a field where a delimiter or the end of the line follows")
	}
	if r.comments > 0 {
		kind := "begin with " + d.Comment
		if d.Rulers {
			kind = strings.TrimPrefix(kind+" or ", "begin with  or ") + "are drawn of dashes"
		}
		out = append(out, fmt.Sprintf("%s passed over (those that %s), the first is line %d", counted(r.comments, "line is", "lines are"), kind, r.comment1))
	}
	if p.short > 0 {
		out = append(out, fmt.Sprintf("%s trailing columns, which are NULL; the first is on line %d",
			counted(p.short, "row lacks", "rows lack"), p.shortLine))
	}
	if p.totalLine > 0 {
		out = append(out, fmt.Sprintf("line %d begins as a total does and counts as a row", p.totalLine))
	}
	if inner := r.inner.lf + r.inner.crlf + r.inner.cr; inner > 0 {
		out = append(out, fmt.Sprintf("%s inside quotes, so that the file has %d lines for %s", counted(inner, "line end stands", "line ends stand"), r.lines(), counted(p.rows, "row", "rows")))
	}
	if p.rejected > 0 {
		out = append(out, rejectNotice(p.rejected, p.rejects[0]))
	}
	return append(out, p.notices...)
}

// lines returns how many physical lines were read.
func (r *records) lines() int64 {
	n := r.line - 1
	if len(r.raw) > 0 && !bytes.HasSuffix(r.raw, []byte("\n")) && !bytes.HasSuffix(r.raw, []byte("\r")) {
		n++
	}
	return n
}

// describeDialect names what matters most of a dialect.
func describeDialect(d *Dialect) string {
	header := "no header"
	if d.Header {
		header = "a header"
	}
	return fmt.Sprintf("delimiter %q, quote %q, %s", d.Delimiter, d.Quote, header)
}

// counted puts a number before the words that go with it.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
