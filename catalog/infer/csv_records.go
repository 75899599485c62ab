package infer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
)

// maxRecord is the longest record, in bytes, that a delimited file may have.
const maxRecord = 64 << 20

// field is one cell of a record. Its bytes are valid until the next record is read.
type field struct {
	text   []byte
	quoted bool
}

// newlines counts how lines end.
type newlines struct{ lf, crlf, cr int64 }

// mixed reports whether lines end in different ways.
func (n newlines) mixed() bool {
	return n.lf > 0 && (n.crlf > 0 || n.cr > 0) || n.crlf > 0 && n.cr > 0
}

// plus returns the sum of both counts.
func (n newlines) plus(m newlines) newlines {
	return newlines{n.lf + m.lf, n.crlf + m.crlf, n.cr + m.cr}
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
	line    int64    // physical line of the next byte, from 1
	ends    newlines // of records
	inner   newlines // in quotes
	longest int64    // record, in bytes
	lone    int64    // the first line that ends in \r alone, 0 if none does
	bare    int64    // the first line on which a backslash that escapes quotes stands outside of them, 0 if none does

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

// sampleOf returns the records of a text that is all in memory.
func sampleOf(text []byte, d *Dialect) *records {
	r := newRecords(nil, d, 0)
	r.buf, r.end, r.eof = text, len(text), true
	return r
}

// mixed reports whether lines end in different ways, also inside quotes: DuckDB's strict mode refuses both.
func (r *records) mixed() bool {
	return newlines{r.ends.lf + r.inner.lf, r.ends.crlf + r.inner.crlf, r.ends.cr + r.inner.cr}.mixed()
}

// unreadable returns an *Error if the file mixes what DuckDB would read, in the lenient mode that mixed line ends need, as
// something else (found by trying every mixture on 1.5.6).
func (r *records) unreadable(skip int) error {
	if !r.mixed() {
		return nil
	}
	line, reason := int64(0), ""
	switch {
	case r.ends.cr > 0 && r.ends.crlf+r.inner.crlf > 0: // the character behind \r is lost
		line, reason = r.lone, `a file with lines that end in \r alone, as here,`
	case r.oneColumn: // each \r\n counts as a line and a blank one
		reason = "a file with one column"
	case skip > 0: // they are not counted as here
		reason = "a file with lines before its table"
	case r.bare > 0: // it is taken off outside of quotes too
		line, reason = r.bare, "a file with backslashes before quotes, and elsewhere, as here,"
	default:
		return nil
	}
	return &Error{Line: line, Reason: "the lines of " + reason + " end in different ways (\\n, \\r\\n, \\r), so that they cannot be told apart",
		Hint: "Give all lines the same end, also those inside quotes."}
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
		line, ends, inner := r.line, r.ends, r.inner
		n, err := r.parse(r.buf[r.at:r.end])
		if err == errPartial {
			r.line, r.ends, r.inner = line, ends, inner
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
		var last bool
		var err error
		if q := r.opening(b, i); q >= 0 {
			i, last, err = r.quotedField(b, q)
		} else {
			i, last, err = r.plainField(b, i)
		}
		if err != nil {
			return 0, err
		}
		if last {
			return i, nil
		}
	}
}

// plainField reads the field at b[i:], which has no quotes around it, and what ends it. last is true at the end of the
// record.
func (r *records) plainField(b []byte, i int) (next int, last bool, err error) {
	for j := i; ; j++ {
		j = r.stop(b, j)
		if j == len(b) {
			break
		}
		if b[j] == r.delim[0] {
			if len(r.delim) > 1 && !bytes.HasPrefix(b[j:], r.delim) {
				continue
			}
			r.take(b[i:j])
			return j + len(r.delim), false, nil
		}
		r.take(b[i:j])
		n, err := r.lineEnd(b, j)
		return j + n, true, err
	}
	if !r.eof {
		return 0, false, errPartial
	}
	r.take(b[i:])
	return len(b), true, nil
}

// take adds a field that has no quotes around it.
func (r *records) take(text []byte) {
	r.fields = append(r.fields, field{text: text})
	if r.escape == '\\' && r.bare == 0 && bytes.IndexByte(text, '\\') >= 0 {
		r.bare = r.line
	}
}

// stop returns where the next line end or first byte of a delimiter is in b[j:], or len(b). It looks at eight bytes at
// a time: x-ones borrows from the highest bit of the bytes of x that are zero (H. S. Warren, Hacker's Delight, 6-1).
func (r *records) stop(b []byte, j int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	delims := ones * uint64(r.delim[0])
	for ; j+8 <= len(b); j += 8 {
		w := binary.LittleEndian.Uint64(b[j:])
		x, y, z := w^delims, w^ones*'\n', w^ones*'\r'
		if hit := ((x-ones)&^x | (y-ones)&^y | (z-ones)&^z) & highs; hit != 0 {
			return j + bits.TrailingZeros64(hit)>>3
		}
	}
	for j < len(b) && b[j] != r.delim[0] && b[j] != '\n' && b[j] != '\r' {
		j++
	}
	return j
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
	if r.ends.cr++; r.lone == 0 {
		r.lone = r.line - 1
	}
	return 1, nil
}
