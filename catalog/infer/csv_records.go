package infer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxRecord is the longest record, in bytes, that a delimited file may have.
const maxRecord = 64 << 20

// field is one cell of a record. Its bytes are valid until the next record is read.
type field struct {
	text   []byte
	quoted bool
}

// newlines counts how the lines of a file end, outside of quotes.
type newlines struct{ lf, crlf, cr int64 }

// mixed reports whether lines end in different ways.
func (n newlines) mixed() bool {
	return n.lf > 0 && (n.crlf > 0 || n.cr > 0) || n.crlf > 0 && n.cr > 0
}

// text is the line end of a file that has one, \n if it has none or several.
func (n newlines) text() string {
	switch {
	case n.mixed():
		return "\n"
	case n.crlf > 0:
		return "\r\n"
	case n.cr > 0:
		return "\r"
	}
	return "\n"
}

// records reads the records of delimited text, by the rules of DuckDB's reader in strict mode: RFC 4180, with any
// delimiter, quote and escape, each line with an ending of its own, and blank lines passed over unless there is one
// column.
type records struct {
	src       io.Reader
	delim     []byte
	quote     byte // 0: none
	escape    byte
	oneColumn bool

	buf     []byte
	at, end int // what is not yet read
	eof     bool
	line    int64 // physical line of the next byte, from 1
	ends    newlines
	longest int64 // record, in bytes

	fields  []field
	scratch []byte // unescaped text of the current record
	start   int64  // line on which the current record begins
}

func newRecords(src io.Reader, d *Dialect, size int) *records {
	r := &records{src: src, delim: []byte(d.Delimiter), line: 1, buf: make([]byte, size)}
	if d.Quote != "" {
		r.quote = d.Quote[0]
	}
	if d.Escape != "" {
		r.escape = d.Escape[0]
	}
	return r
}

// errPartial says that the buffer ends within the record.
var errPartial = errors.New("partial record")

// next returns the fields of the next record, io.EOF after the last, or an *Error.
func (r *records) next() ([]field, error) {
	for {
		if r.at == r.end {
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		line, ends := r.line, r.ends
		n, err := r.parse(r.buf[r.at:r.end])
		if err == errPartial {
			r.line, r.ends = line, ends
			if err := r.fill(); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		r.start = line
		blank := len(r.fields) == 1 && len(r.fields[0].text) == 0 && !r.fields[0].quoted
		r.at += n
		if blank && !r.oneColumn {
			continue
		}
		r.longest = max(r.longest, int64(n))
		return r.fields, nil
	}
}

// skipLines passes over n physical lines.
func (r *records) skipLines(n int) error {
	for range n {
		for {
			i := bytes.IndexAny(r.buf[r.at:r.end], "\r\n")
			if i >= 0 && (r.buf[r.at+i] == '\n' || r.at+i+1 < r.end || r.eof) {
				n, err := r.lineEnd(r.buf[r.at:r.end], i)
				if err != nil {
					return err
				}
				r.at += i + n
				break
			}
			if err := r.fill(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill reads more text behind what is not yet read. At the end of the text, an incomplete record becomes complete; when
// nothing is left it returns io.EOF.
func (r *records) fill() error {
	if r.eof {
		return io.EOF
	}
	if r.at > 0 {
		copy(r.buf, r.buf[r.at:r.end])
		r.end -= r.at
		r.at = 0
	}
	if r.end == len(r.buf) {
		if len(r.buf) >= maxRecord {
			return &Error{Line: r.line, Reason: fmt.Sprintf("the record that begins here is longer than %d MiB", maxRecord>>20),
				Hint: "A quote may be missing, or this is no delimited text."}
		}
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	n, err := io.ReadFull(r.src, r.buf[r.end:])
	r.end += n
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		r.eof = true
		if r.at == r.end {
			return io.EOF
		}
		return nil
	}
	return err
}

// parse cuts the record at the start of b into fields and returns its length with the line end.
func (r *records) parse(b []byte) (int, error) {
	r.fields, r.scratch = r.fields[:0], r.scratch[:0]
	for i := 0; ; {
		next, last, err := r.field(b, i)
		if err != nil {
			return 0, err
		}
		if last {
			return next, nil
		}
		i = next
	}
}

// field reads the field at b[i:] and what ends it. last is true at the end of the record.
func (r *records) field(b []byte, i int) (next int, last bool, err error) {
	if q := i; r.quote != 0 {
		if q < len(b) && b[q] == ' ' && !(len(r.delim) == 1 && r.delim[0] == ' ') {
			q++ // DuckDB lets one space stand before a quote
		}
		if q < len(b) && b[q] == r.quote {
			return r.quotedField(b, q)
		}
	}
	first := r.delim[0]
	for j := i; j < len(b); j++ {
		switch c := b[j]; {
		case c == first && (len(r.delim) == 1 || bytes.HasPrefix(b[j:], r.delim)):
			r.fields = append(r.fields, field{text: b[i:j]})
			return j + len(r.delim), false, nil
		case c == '\n' || c == '\r':
			n, err := r.lineEnd(b, j)
			if err != nil {
				return 0, false, err
			}
			r.fields = append(r.fields, field{text: b[i:j]})
			return j + n, true, nil
		}
	}
	if !r.eof {
		return 0, false, errPartial
	}
	r.fields = append(r.fields, field{text: b[i:]})
	return len(b), true, nil
}

// lineEnd returns the length of the line end at b[j] and counts it.
func (r *records) lineEnd(b []byte, j int) (int, error) {
	if b[j] == '\n' {
		r.ends.lf++
		r.line++
		return 1, nil
	}
	if j+1 == len(b) && !r.eof {
		return 0, errPartial
	}
	r.line++
	if j+1 < len(b) && b[j+1] == '\n' {
		r.ends.crlf++
		return 2, nil
	}
	r.ends.cr++
	return 1, nil
}

// quotedField reads the field whose opening quote is b[q].
func (r *records) quotedField(b []byte, q int) (next int, last bool, err error) {
	opened := r.line
	from, plain := q+1, true // plain: the text so far needs no unescaping
	begin := len(r.scratch)
	for j := from; j < len(b); j++ {
		c := b[j]
		if c == '\n' || c == '\r' && !(j+1 < len(b) && b[j+1] == '\n') {
			r.line++
		}
		if c == r.escape && c != r.quote || c == r.quote && r.escape == r.quote && j+1 < len(b) && b[j+1] == r.quote {
			if j+1 == len(b) {
				break
			}
			if b[j+1] == r.quote || b[j+1] == r.escape {
				r.scratch = append(append(r.scratch, b[from:j]...), b[j+1])
				j++
				from, plain = j+1, false
				continue
			}
		}
		if c != r.quote {
			continue
		}
		f := field{text: b[from:j], quoted: true}
		if !plain {
			r.scratch = append(r.scratch, b[from:j]...)
			f.text = r.scratch[begin:]
		}
		return r.closed(b, j+1, f)
	}
	if !r.eof {
		return 0, false, errPartial
	}
	return 0, false, &Error{Line: opened, Reason: "the quote that is opened here is never closed",
		Hint: "Close the quote, or double it if it is part of the text."}
}

// closed reads what follows a closing quote: spaces, then a delimiter or the end of the record.
func (r *records) closed(b []byte, j int, f field) (next int, last bool, err error) {
	for j < len(b) && b[j] == ' ' && r.delim[0] != ' ' {
		j++
	}
	if j+len(r.delim) > len(b) && !r.eof {
		return 0, false, errPartial
	}
	r.fields = append(r.fields, f)
	switch {
	case j == len(b):
		return j, true, nil
	case bytes.HasPrefix(b[j:], r.delim):
		return j + len(r.delim), false, nil
	case b[j] == '\n' || b[j] == '\r':
		n, err := r.lineEnd(b, j)
		if err != nil {
			return 0, false, err
		}
		return j + n, true, nil
	}
	return 0, false, &Error{Line: r.line, Reason: fmt.Sprintf("text follows a closing quote: %q", shorten(b[j:])),
		Hint: "Double the quotes that are part of the text."}
}

// shorten cuts text for a message at its first line end, or after 20 bytes.
func shorten(b []byte) string {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		b = b[:i]
	}
	if len(b) > 20 {
		return string(b[:20]) + "..."
	}
	return string(b)
}
