package infer

import (
	"context"
	"fmt"
	"io"
)

// csvPass reads all rows of a file in its dialect.
type csvPass struct {
	dialect *Dialect
	width   int
	columns []*csvColumn

	rows      int64
	short     int64 // rows that lack trailing columns
	shortLine int64 // the first of them
	long      int64 // rows with too many columns
	longLine  int64 // the first of them
	longCount int   // its columns
}

// newCSVPass gets ready to read a table whose sample is t. The sample tells early which columns are text, so that their
// bounds are known from the first row on.
func newCSVPass(d *Dialect, t csvTable) *csvPass {
	d.Skip, d.Header = t.skip, t.header
	p := &csvPass{dialect: d, width: t.width}
	names, rows := make([]string, t.width), t.rows
	if t.header {
		copy(names, rows[0])
		rows = rows[1:]
	}
	for i, name := range columnNames(names) {
		c, trial := newCSVColumn(name), newCSVColumn(name)
		for at, row := range rows {
			if i < len(row) && !trial.text {
				trial.add(field{text: []byte(row[i])}, t.lines[len(t.lines)-len(rows)+at])
			}
		}
		c.text, c.turned, c.turnedBy = trial.text, trial.turned, trial.turnedBy
		p.columns = append(p.columns, c)
	}
	return p
}

// run reads the file and describes it.
func (p *csvPass) run(ctx context.Context, open Opener) (*File, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	defer src.Close()
	r := newRecords(newTextCheck(src, p.dialect.Encoding), p.dialect, 256<<10)
	r.oneColumn = p.width == 1
	if err := r.skipLines(p.dialect.Skip); err != nil && err != io.EOF {
		return nil, err
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	if p.long > 0 {
		return nil, &Error{Line: p.longLine, Reason: fmt.Sprintf("expected %s, found %d; %s too many", counted(int64(p.width), "column", "columns"), p.longCount,
			counted(p.long, "row has", "rows have")),
			Hint: fmt.Sprintf("Quote the fields that hold the delimiter %q.", p.dialect.Delimiter)}
	}
	if err := r.unreadable(p.dialect.Skip); err != nil {
		return nil, err
	}
	return p.file(r), nil
}

// read takes all records.
func (p *csvPass) read(ctx context.Context, r *records) error {
	header := p.dialect.Header
	for {
		fields, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if header {
			header = false
			continue
		}
		p.rows++
		if len(fields) != p.width {
			fields = p.uneven(fields, r.start)
		}
		for i := range fields {
			p.columns[i].add(fields[i], r.start)
		}
		if p.rows&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// uneven takes note of a row that has more or fewer fields than columns, and returns those that have a column.
func (p *csvPass) uneven(fields []field, line int64) []field {
	n := len(fields)
	if n < p.width {
		if p.short++; p.short == 1 {
			p.shortLine = line
		}
		for _, c := range p.columns[n:] {
			c.empty++
		}
		return fields
	}
	// DuckDB passes over one empty field behind the last column.
	if n > p.width+1 || len(fields[p.width].text) > 0 || fields[p.width].quoted {
		if p.long++; p.long == 1 {
			p.longLine, p.longCount = line, n
		}
	}
	return fields[:p.width]
}

// file describes what was read.
func (p *csvPass) file(r *records) *File {
	d := p.dialect
	f := &File{Rows: p.rows, CSV: d}
	n := decideNulls(p.columns)
	f.Notices = n.notices
	for _, c := range p.columns {
		column, notice := c.result(n)
		f.Columns = append(f.Columns, column)
		if notice != "" {
			f.Notices = append(f.Notices, notice)
		}
	}
	d.NullText = append([]string{""}, n.words...)
	d.QuotedNull = n.quoted
	d.NullPad = p.short > 0
	d.MaxLine = r.longest
	d.NewLine = r.ends.text()
	d.MixedLines = r.mixed()
	if d.Skip > 0 {
		f.Notices = append(f.Notices, counted(int64(d.Skip), "line before the table is", "lines before the table are")+" passed over")
	}
	if d.Quote == "" {
		f.Notices = append(f.Notices, "quotes are read as text, since text follows some that close")
	}
	if p.short > 0 {
		f.Notices = append(f.Notices, fmt.Sprintf("%s trailing columns, which are NULL; the first is on line %d",
			counted(p.short, "row lacks", "rows lack"), p.shortLine))
	}
	return f
}

// counted puts a number before the words that go with it.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
