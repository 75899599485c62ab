package copyin

import (
	"bytes"
	"fmt"
)

// Format is how rows are written. Its fields are those of PostgreSQL's COPY.
type Format struct {
	CSV          bool
	Binary       bool
	Delimiter    byte
	Quote        byte // of CSV, as Escape
	Escape       byte
	Null         string
	Header       bool
	Columns      []string // how many fields a row has, and what messages call them
	Match        bool     // the header must have these names
	ForceNotNull []bool   // of CSV: columns in which Null is a text; may be nil
	ForceNull    []bool   // of CSV: columns in which a quoted Null is NULL; may be nil
}

// Row gets the fields of one row, nil for NULL. They are valid until it returns.
type Row func(fields [][]byte) error

// Error is something wrong with the data.
type Error struct {
	Message string
	Line    int
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// MaxRow is how long a row may be.
const MaxRow = 64 << 20

// Reader cuts what comes into rows.
type Reader struct {
	f      Format
	row    Row
	buf    []byte
	at     int  // bytes of buf that were looked at
	quoted bool // CSV: at is within quotes
	line   int  // of the row that is being read, from 1
	lines  int  // line ends within it
	ended  bool // the end was marked
	head   bool // the header is still to come

	fields  [][]byte
	scratch []byte
}

// NewReader returns a reader that gives each row to row.
func NewReader(f Format, row Row) *Reader {
	return &Reader{f: f, row: row, line: 1, head: f.Header || f.Binary}
}

// Line is the line of the row that was read last.
func (r *Reader) Line() int { return r.line }

// Feed reads a piece of the data.
func (r *Reader) Feed(data []byte) error {
	if r.ended {
		return nil // PostgreSQL, too, passes over what follows the mark of the end
	}
	r.buf = append(r.buf, data...)
	if err := r.cut(); err != nil {
		return err
	}
	if len(r.buf) > MaxRow {
		return r.fail("a row is longer than %d bytes", MaxRow)
	}
	return nil
}

// cut takes all whole rows out of the buffer.
func (r *Reader) cut() error {
	if r.f.Binary {
		return r.tuples()
	}
	start := 0
	for !r.ended {
		end := r.lineEnd()
		if end < 0 {
			break
		}
		if err := r.take(r.buf[start:end]); err != nil {
			return err
		}
		start = r.at
	}
	r.buf = append(r.buf[:0], r.buf[start:]...)
	r.at -= start
	return nil
}

// lineEnd looks for the newline that ends a row, from at on, and moves at behind it; -1 if it is not there yet.
func (r *Reader) lineEnd() int {
	for r.at < len(r.buf) {
		c := r.buf[r.at]
		switch {
		case r.f.CSV && r.quoted && c == r.f.Escape && r.f.Escape != r.f.Quote:
			if r.at+1 == len(r.buf) {
				return -1
			}
			if next := r.buf[r.at+1]; next == r.f.Quote || next == r.f.Escape {
				r.at++
			}
		case r.f.CSV && c == r.f.Quote:
			r.quoted = !r.quoted
		case !r.f.CSV && c == '\\':
			if r.at+1 == len(r.buf) {
				return -1
			}
			if r.at++; r.buf[r.at] == '\n' {
				r.lines++
			}
		case c == '\n' && r.quoted:
			r.lines++
		case c == '\n':
			r.at++
			return r.at - 1
		}
		r.at++
	}
	return -1
}

// take reads one line without its end.
func (r *Reader) take(line []byte) error {
	line = bytes.TrimSuffix(line, []byte("\r"))
	defer func() { r.line, r.lines = r.line+1+r.lines, 0 }()
	if string(line) == `\.` {
		r.ended = true
		return nil
	}
	var err error
	if r.f.CSV {
		err = r.splitCSV(line)
	} else {
		err = r.splitText(line)
	}
	if err != nil {
		return err
	}
	if r.head {
		r.head = false
		return r.checkHeader()
	}
	return r.give()
}

// give passes a row on that has the right number of fields.
func (r *Reader) give() error {
	switch want := len(r.f.Columns); {
	case len(r.fields) < want:
		return r.fail("missing data for column %q", r.f.Columns[len(r.fields)])
	case len(r.fields) > want:
		return r.fail("extra data after last expected column")
	}
	return r.row(r.fields)
}

func (r *Reader) checkHeader() error {
	if !r.f.Match {
		return nil
	}
	if len(r.fields) != len(r.f.Columns) {
		return r.fail("wrong number of fields in header line: got %d, expected %d", len(r.fields), len(r.f.Columns))
	}
	for i, name := range r.f.Columns {
		if string(r.fields[i]) != name {
			return r.fail("column name mismatch in header line field %d: got %q, expected %q", i+1, r.fields[i], name)
		}
	}
	return nil
}

// Close reads what is left, at the end of the data.
func (r *Reader) Close() error {
	switch {
	case r.ended || len(r.buf) == 0 && !(r.f.Binary && r.head):
		return nil
	case r.f.Binary && r.head:
		return r.fail("COPY file signature not recognized")
	case r.f.Binary:
		return r.fail("unexpected EOF in COPY data")
	case r.quoted:
		return r.fail("unterminated CSV quoted field")
	}
	return r.take(r.buf)
}

func (r *Reader) fail(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...), Line: r.line}
}
