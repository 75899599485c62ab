package infer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"unicode/utf8"
)

// maxRecord is the longest record, in bytes, that a delimited file may have.
const maxRecord = 64 << 20

// mark is the byte order mark in UTF-8.
var mark = []byte("\xef\xbb\xbf")

// quietLimit is the same once there was a longer one, so that many quotes that are never closed cost no more than one.
const quietLimit = 1 << 20

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

// records reads the records of delimited text: RFC 4180, with any delimiter, quote and escape, each line with an ending of
// its own, and blank lines passed over unless there is one column. What it reads in another way than DuckDB's reader
// would, it notes in odd.
type records struct {
	src       io.Reader
	delim     []byte
	quote     byte // 0: none
	escape    byte // 0: a quote inside quotes stands for itself if neither a delimiter nor the end of the record follows
	comment   []byte
	framed    bool // as Dialect has it
	rulers    bool // as Dialect has it
	collapse  bool // spaces that follow each other part two fields only, and those around a record part none
	oneColumn bool
	unchecked bool // the text may hold what is not UTF-8, or NUL; a record that does is an *Error
	decoded   bool // so is one that holds U+FFFD, which stands for what could not be decoded

	buf     []byte
	at, end int // what is not yet read
	eof     bool
	line    int64    // physical line of the next byte, from 1
	ends    newlines // of records
	inner   newlines // in quotes
	longest int64    // record, in bytes
	bare    bool     // a backslash that escapes quotes stands outside of them
	odd     bool     // DuckDB reads the quotes or comments in another way
	limit   int      // of the length of a record, in bytes

	fields   []field
	scratch  []byte // unescaped text of the current record
	raw      []byte // the current record as it stands in the file
	start    int64  // line on which the current record begins
	apart    bool   // a blank line stands before it
	blanks   int64  // lines passed over
	comments int64  // lines passed over, rulers among them
	comment1 int64  // the first of them
}

func newRecords(src io.Reader, d *Dialect, size int) *records {
	r := &records{src: src, delim: []byte(d.Delimiter), comment: []byte(d.Comment), collapse: d.Collapse, framed: d.Framed,
		rulers: d.Rulers, line: 1, buf: make([]byte, size), limit: maxRecord}
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

// differs reports whether DuckDB's reader would read the file in another way. Mixed line ends need its lenient mode, which
// loses what stands behind a lone \r, counts blank and skipped lines in another way, and takes off backslashes outside of
// quotes (found by trying every mixture on 1.5.6).
func (r *records) differs(skip int) bool {
	return r.odd || r.mixed() && (r.ends.cr > 0 && r.ends.crlf+r.inner.crlf > 0 || r.oneColumn || skip > 0 || r.bare)
}

// mixed reports whether lines end in different ways, also inside quotes: DuckDB's strict mode refuses both.
func (r *records) mixed() bool { return r.ends.plus(r.inner).mixed() }

// errPartial says that the buffer ends within the record.
var errPartial = errors.New("partial record")

// next returns the fields of the next record, io.EOF after the last, or an *Error; behind that, dropLine passes over the
// line on which the record that cannot be read begins.
func (r *records) next() ([]field, error) {
	r.apart = false
	for {
		if r.at == r.end {
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		if r.buf[r.at] == mark[0] && bytes.HasPrefix(r.buf[r.at:r.end], mark) { // files were put together
			r.at += len(mark)
			r.odd = true
			continue
		}
		if len(r.comment) > 0 || r.rulers {
			if skipped, err := r.skipComment(); err != nil {
				return nil, err
			} else if skipped {
				continue
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
		r.start = line
		if err == nil {
			if r.raw = r.buf[r.at : r.at+n]; r.unchecked {
				err = r.checkText()
			}
		}
		if err != nil {
			r.line, r.ends, r.inner = line, ends, inner
			return nil, err
		}
		if r.framed {
			r.unframe()
		}
		blank := len(r.fields) == 1 && !r.fields[0].quoted && r.isBlank(r.fields[0].text)
		r.at += n
		if blank && !r.oneColumn {
			r.apart = true
			r.blanks++
			continue
		}
		r.longest = max(r.longest, int64(n))
		return r.fields, nil
	}
}

// isBlank reports whether the text of a line is none, or spaces alone in a file of several columns.
func (r *records) isBlank(text []byte) bool {
	if len(text) == 0 || r.oneColumn || text[0] != ' ' || len(bytes.TrimSpace(text)) > 0 {
		return len(text) == 0
	}
	r.odd = true
	return true
}

// unread takes back the record that next returned; ends and inner stay what they are.
func (r *records) unread() {
	r.at -= len(r.raw)
	r.line = r.start
}

// skipComment passes over the line at hand if it is a comment or a ruler.
func (r *records) skipComment() (bool, error) {
	for r.end-r.at < max(len(r.comment), 1) && !r.eof {
		if err := r.fill(); err != nil {
			return false, err
		}
	}
	comment := len(r.comment) > 0 && bytes.HasPrefix(r.buf[r.at:r.end], r.comment)
	if !comment {
		for r.rulers {
			ruler, cut := isRuler(r.buf[r.at:r.end])
			if !cut || r.eof {
				comment = ruler
				break
			}
			if err := r.fill(); err != nil {
				return false, err
			}
		}
	}
	if !comment {
		return false, nil
	}
	r.odd = true
	if r.comments++; r.comments == 1 {
		r.comment1 = r.line
	}
	return true, r.skipLine(nil)
}

// isRuler reports whether the line at the start of b is drawn of dashes; cut says that b ends before the line does.
func isRuler(b []byte) (ruler, cut bool) {
	dashes := 0
	for _, c := range b {
		switch c {
		case '-', '=':
			dashes++
		case '+', '|', ':', ' ', '\t':
		case '\n', '\r':
			return dashes > 2, false
		default:
			return false, false
		}
	}
	return dashes > 2, true
}

// unframe takes off the fields outside of the delimiters at both ends, and the spaces around the others.
func (r *records) unframe() {
	outside := len(r.fields) > 1 && len(r.fields[0].text) == 0 && !r.fields[0].quoted
	for i := range r.fields {
		if f := &r.fields[i]; !f.quoted {
			f.text = bytes.Trim(f.text, " \t")
		}
	}
	if n := len(r.fields); n > 1 && len(r.fields[n-1].text) == 0 {
		r.fields = r.fields[:n-1]
	}
	if outside && len(r.fields) > 1 { // a lone delimiter is a row of one field, not of none
		r.fields = append(r.fields[:0], r.fields[1:]...)
	}
}

// checkText returns an *Error if the record at hand holds what no table may hold.
func (r *records) checkText() error {
	switch {
	case r.decoded && bytes.Contains(r.raw, []byte("\uFFFD")):
		return &Error{Line: r.start, Reason: "the row holds what is no character of the file's encoding", Hint: "The file may be cut short, or damaged."}
	case bytes.IndexByte(r.raw, 0) >= 0:
		return &Error{Line: r.start, Reason: "the row holds the character NUL", Hint: "The file may be binary, or damaged."}
	case !utf8.Valid(r.raw):
		return &Error{Line: r.start, Reason: "the row holds bytes that are no UTF-8, while other text of the file is", Hint: "Mend those bytes, or convert the file to UTF-8."}
	}
	return nil
}

// dropLine passes over the line at hand and returns its first bytes, without the line end.
func (r *records) dropLine() (text []byte, err error) {
	err = r.skipLine(func(part []byte) {
		text = append(text, part[:min(len(part), maxRejectText+1-len(text))]...)
	})
	return text, err
}

// skipLine passes over the rest of the line at hand and shows it in parts.
func (r *records) skipLine(show func(part []byte)) error {
	for {
		b := r.buf[r.at:r.end]
		i := bytes.IndexAny(b, "\r\n")
		if i < 0 {
			i = len(b)
		}
		if show != nil {
			show(b[:i])
		}
		r.at += i
		if i < len(b) && (b[i] == '\n' || i+1 < len(b) || r.eof) {
			n, err := r.lineEnd(r.buf[r.at:r.end], 0)
			r.at += n
			return err
		}
		if err := r.fill(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// skipLines passes over n lines, or all there are.
func (r *records) skipLines(n int) error {
	for range n {
		if err := r.skipLine(nil); err != nil {
			return err
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
	if r.end >= r.limit {
		r.start, r.limit = r.line, quietLimit
		return &Error{Line: r.line, Reason: fmt.Sprintf("the row that begins here is longer than %d MiB; a quote may be missing", maxRecord>>20),
			Hint: "Close the quote that is opened here."}
	}
	if r.end == len(r.buf) {
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
	i := 0
	if r.collapse {
		if i = spacesAt(b, 0); i == len(b) && !r.eof {
			return 0, errPartial
		}
	}
	for {
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
			if r.collapse {
				j, err = r.behindDelimiter(b, j)
				return j, false, err
			}
			return j + len(r.delim), false, nil
		}
		r.takeLast(b[i:j])
		n, err := r.lineEnd(b, j)
		return j + n, true, err
	}
	if !r.eof {
		return 0, false, errPartial
	}
	r.takeLast(b[i:])
	return len(b), true, nil
}

// behindDelimiter returns where the field behind the delimiter at b[j] begins.
func (r *records) behindDelimiter(b []byte, j int) (int, error) {
	j += len(r.delim)
	if !r.collapse {
		return j, nil
	}
	if j += spacesAt(b[j:], 0); j == len(b) && !r.eof {
		return 0, errPartial
	}
	return j, nil
}

// takeLast is take for the last field of a record.
func (r *records) takeLast(text []byte) {
	if r.collapse {
		text = bytes.TrimRight(text, " ")
		if len(text) == 0 && len(r.fields) > 0 {
			return
		}
	}
	r.take(text)
}

// spacesAt counts the spaces at b[i:].
func spacesAt(b []byte, i int) int {
	n := 0
	for i+n < len(b) && b[i+n] == ' ' {
		n++
	}
	return n
}

// take adds a field that has no quotes around it.
func (r *records) take(text []byte) {
	r.fields = append(r.fields, field{text: text})
	if r.escape == '\\' && !r.bare && bytes.IndexByte(text, '\\') >= 0 {
		r.bare = true
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
	r.ends.cr++
	return 1, nil
}
