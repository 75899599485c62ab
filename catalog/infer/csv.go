package infer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// sampleSize is how much of the head of a file decides its dialect, in bytes.
const sampleSize = 1 << 20

// CSV looks into a file of delimited text. The dialect is chosen on a sample; then every row is read, which proves the
// types, counts rows and NULLs, and keeps bounds. It takes two opens, holds about 1 MiB beside the longest record, and
// does not allocate per cell. A file that breaks the rules of its own dialect is an *Error with the line.
func CSV(ctx context.Context, open Opener) (*File, error) {
	s, encoding, err := readHead(open)
	if err != nil {
		return nil, err
	}
	f, err := csvFile(ctx, open, s, encoding)
	if errors.Is(err, errNotUTF8) { // the sample was, a later part is not
		if s, err = decodeHead(open, encodingLatin1); err != nil {
			return nil, err
		}
		f, err = csvFile(ctx, open, s, encodingLatin1)
	}
	return f, err
}

// readHead reads the sample and finds its encoding.
func readHead(open Opener) (sample, string, error) {
	raw, whole, err := head(open)
	if err != nil {
		return sample{}, "", err
	}
	encoding, err := encodingOf(raw, whole)
	if err != nil {
		return sample{}, "", err
	}
	s, err := decodeHead(open, encoding)
	return s, encoding, err
}

// head returns the first bytes of the file as they are.
func head(open Opener) (raw []byte, whole bool, err error) {
	r, err := open()
	if err != nil {
		return nil, false, err
	}
	defer r.Close()
	raw = make([]byte, sampleSize)
	n, err := io.ReadFull(r, raw)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return raw[:n], true, nil
	}
	return raw[:n], false, err
}

// decodeHead returns the sample in UTF-8.
func decodeHead(open Opener, encoding string) (sample, error) {
	raw, whole, err := head(open)
	if err != nil {
		return sample{}, err
	}
	if !whole && encoding == encodingUTF16 {
		raw = raw[:len(raw)&^1]
	}
	text, err := io.ReadAll(decode(bytes.NewReader(raw), encoding))
	return sample{text: text, whole: whole}, err
}

// csvFile chooses the dialect and reads all rows in it.
func csvFile(ctx context.Context, open Opener, s sample, encoding string) (*File, error) {
	if len(bytes.TrimSpace(s.text)) == 0 && s.whole {
		return nil, &Error{Reason: "the file holds no rows"}
	}
	best := chooseDialect(s)
	if len(best.rows) == 0 {
		if best.broken != nil {
			return nil, best.broken
		}
		return nil, &Error{Line: 1, Reason: "the first record is longer than the sample of 1 MiB", Hint: "A quote may be missing."}
	}
	d := best.dialect
	d.Encoding = encoding
	width := best.width()
	d.Skip = best.preamble(width)
	rows := tableRows(best, d.Skip, width)
	if len(rows) == 0 {
		return nil, &Error{Reason: "the file holds no rows"}
	}
	d.Header = hasHeader(rows)
	p := &csvPass{dialect: &d, width: len(rows[0])}
	for _, name := range columnNames(names(rows[0], d.Header)) {
		p.columns = append(p.columns, &csvColumn{name: name, node: jsonNode{stats: true}})
	}
	return p.run(ctx, open)
}

// tableRows returns the sample's rows behind the preamble, without blank lines if there are several columns.
func tableRows(r reading, skip, width int) [][]string {
	var out [][]string
	for i, row := range r.rows {
		if r.lines[i] > int64(skip) && (width == 1 || len(row) > 1 || row[0] != "") {
			out = append(out, row)
		}
	}
	return out
}

// names returns the first row, or as many empty names.
func names(first []string, header bool) []string {
	if header {
		return first
	}
	return make([]string, len(first))
}

// errNotUTF8 says that the text is not what its head promised.
var errNotUTF8 = errors.New("not UTF-8")

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

// run reads the file and describes it.
func (p *csvPass) run(ctx context.Context, open Opener) (*File, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	defer src.Close()
	check := &utf8Reader{src: decode(src, p.dialect.Encoding), off: p.dialect.Encoding != encodingUTF8}
	r := newRecords(check, p.dialect, 256<<10)
	r.oneColumn = p.width == 1
	if err := r.skipLines(p.dialect.Skip); err != nil && err != io.EOF {
		return nil, err
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	if p.long > 0 {
		return nil, &Error{Line: p.longLine, Reason: fmt.Sprintf("expected %d columns, found %d; %d rows have too many", p.width, p.longCount, p.long),
			Hint: "Quote the fields that hold the delimiter " + fmt.Sprintf("%q.", p.dialect.Delimiter)}
	}
	if err := p.unreadable(r); err != nil {
		return nil, err
	}
	return p.file(r), nil
}

// unreadable refuses what DuckDB's reader, which needs its lenient mode for mixed line ends, would read as something
// else.
func (p *csvPass) unreadable(r *records) error {
	reason := ""
	switch {
	case !r.ends.mixed():
		return nil
	case p.width == 1: // each \r\n counts as a line and a blank one
		reason = "a file with one column"
	case p.dialect.Skip > 0: // they are not counted as here
		reason = "a file with lines before its table"
	case p.dialect.Escape != p.dialect.Quote: // backslashes are taken off outside of quotes too
		reason = "a file with backslashes before quotes"
	default:
		return nil
	}
	return &Error{Reason: "the lines of " + reason + " end in different ways (\\n, \\r\\n, \\r), so that they cannot be told apart",
		Hint: "Give all lines the same end."}
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
		p.row(fields, r.start)
		if p.rows&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// row takes one record.
func (p *csvPass) row(fields []field, line int64) {
	p.rows++
	if n := len(fields); n > p.width {
		// DuckDB passes over one empty field behind the last column.
		if n > p.width+1 || len(fields[p.width].text) > 0 || fields[p.width].quoted {
			if p.long++; p.long == 1 {
				p.longLine, p.longCount = line, n
			}
		}
		fields = fields[:p.width]
	} else if n < p.width {
		if p.short++; p.short == 1 {
			p.shortLine = line
		}
		for _, c := range p.columns[n:] {
			c.empty++
		}
	}
	for i := range fields {
		p.columns[i].add(fields[i], line)
	}
}

// file describes what was read.
func (p *csvPass) file(r *records) *File {
	f := &File{Rows: p.rows, CSV: p.dialect}
	n := decideNulls(p.columns)
	for _, c := range p.columns {
		f.Columns = append(f.Columns, c.result(n, p.rows))
	}
	f.Notices = n.notices
	d := p.dialect
	d.NullText = append([]string{""}, n.words...)
	d.QuotedNull = n.quoted
	d.NullPad = p.short > 0
	d.MaxLine = r.longest
	d.NewLine = r.ends.text()
	d.MixedLines = r.ends.mixed()
	if d.Skip > 0 {
		f.Notices = append(f.Notices, fmt.Sprintf("%d lines before the table are passed over", d.Skip))
	}
	if p.short > 0 {
		f.Notices = append(f.Notices, fmt.Sprintf("%d rows lack trailing columns, which are NULL; the first is on line %d", p.short, p.shortLine))
	}
	return f
}

// utf8Reader fails with errNotUTF8 when the text is not UTF-8.
type utf8Reader struct {
	src  io.Reader
	off  bool
	rest []byte // the start of a character whose end is not yet read
}

// Read implements io.Reader.
func (u *utf8Reader) Read(p []byte) (int, error) {
	n, err := u.src.Read(p)
	if u.off || n == 0 {
		return n, err
	}
	b := p[:n]
	if len(u.rest) > 0 {
		b = append(u.rest, b...)
	}
	cut := len(b)
	if err == nil {
		if i := lastRune(b); i < len(b) && !utf8.FullRune(b[i:]) {
			cut = i
		}
	}
	if !utf8.Valid(b[:cut]) {
		return 0, errNotUTF8
	}
	u.rest = append([]byte(nil), b[cut:]...)
	return n, err
}
