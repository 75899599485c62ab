package infer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The encodings, as DuckDB's read_csv names them.
const (
	encodingUTF8   = "utf-8"
	encodingUTF16  = "utf-16" // little-endian; DuckDB reads big-endian text as nothing, without an error
	encodingLatin1 = "latin-1"
)

// encodingOf tells the encoding of a text that begins with head; whole says that head is all of it.
func encodingOf(head []byte, whole bool) (string, error) {
	bigEndian := &Error{Reason: "the text is big-endian UTF-16, which cannot be read yet", Hint: "Convert the file to UTF-8."}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return encodingUTF16, nil
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "", bigEndian
	}
	even, odd := zeros(head, 0), zeros(head, 1)
	switch {
	case odd > len(head)/8 && even == 0:
		return encodingUTF16, nil
	case even > len(head)/8 && odd == 0:
		return "", bigEndian
	}
	if !whole {
		head = head[:lastRune(head)]
	}
	switch {
	case utf8.Valid(head):
		return encodingUTF8, nil
	case holdsUTF8(head):
		return "", errSomeNotUTF8
	}
	return encodingLatin1, nil
}

// errSomeNotUTF8 refuses a text that one stray byte would turn into gibberish.
var errSomeNotUTF8 = &Error{Reason: "the text is UTF-8 but for some bytes, so that neither UTF-8 nor Latin-1 reads it right",
	Hint: "Mend those bytes, or convert the file to UTF-8."}

// holdsUTF8 reports whether b holds characters of several bytes that are valid UTF-8, which Latin-1 text hardly does.
func holdsUTF8(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if n > 1 && r != utf8.RuneError {
			return true
		}
		b = b[n:]
	}
	return false
}

// lastRune returns where the last, maybe incomplete, character of b begins.
func lastRune(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return len(b)
}

// zeros counts the zero bytes at even or odd places.
func zeros(b []byte, from int) int {
	if bytes.IndexByte(b, 0) < 0 {
		return 0
	}
	n := 0
	for i := from; i < len(b); i += 2 {
		if b[i] == 0 {
			n++
		}
	}
	return n
}

// decode returns the text in UTF-8, without a byte order mark. In Latin-1, a byte that is none fails with a *badByte.
func decode(r io.Reader, name string) io.Reader {
	var e encoding.Encoding
	switch name {
	case encodingUTF16:
		e, r = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), &utf16Check{src: r}
	case encodingLatin1:
		e, r = charmap.ISO8859_1, &latin1Check{src: r}
	default:
		return withoutBOM(r)
	}
	return withoutBOM(e.NewDecoder().Reader(r))
}

func withoutBOM(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	return b
}

// badByte says that text holds a byte that it must not. It becomes an *Error once its line is known.
type badByte struct {
	offset   int64  // in the text, decoded from encoding
	encoding string // utf-8 also for the bytes as they are
	reason   string
	hint     string
}

// Error implements error.
func (b *badByte) Error() string { return b.reason }

// locate reads the file up to the byte and returns the error with its line.
func (b *badByte) locate(open Opener) error {
	src, err := open()
	if err != nil {
		return err
	}
	defer src.Close()
	text := bufio.NewReader(io.LimitReader(decode(src, b.encoding), b.offset))
	line, last := int64(1), byte(0)
	for {
		c, err := text.ReadByte()
		if err == io.EOF {
			return &Error{Line: line, Reason: b.reason, Hint: b.hint}
		}
		if err != nil {
			return err
		}
		if c == '\r' || c == '\n' && last != '\r' {
			line++
		}
		last = c
	}
}

// latin1Check refuses the bytes that Latin-1 leaves undefined, as DuckDB does.
type latin1Check struct {
	src io.Reader
	at  int64
}

// Read implements io.Reader.
func (l *latin1Check) Read(p []byte) (int, error) {
	n, err := l.src.Read(p)
	for i, c := range p[:n] {
		if c >= 0x80 && c <= 0x9f {
			return 0, &badByte{offset: l.at + int64(i), encoding: encodingUTF8, reason: fmt.Sprintf("the text is neither UTF-8 nor Latin-1: it holds the byte 0x%02x", c),
				hint: "It may be Windows-1252. Convert the file to UTF-8."}
		}
	}
	l.at += int64(n)
	return n, err
}

// utf16Check refuses what DuckDB does not read: characters beyond U+FFFF, which UTF-16 writes as two units, and half a
// unit.
type utf16Check struct {
	src io.Reader
	at  int64
}

// Read implements io.Reader.
func (u *utf16Check) Read(p []byte) (int, error) {
	n, err := u.src.Read(p)
	for i := int(1 - u.at%2); i < n; i += 2 { // the second byte of each unit is the high one
		if c := p[i]; c >= 0xd8 && c <= 0xdf {
			return 0, &badByte{offset: u.at + int64(i), encoding: encodingUTF8, reason: "a character beyond U+FFFF stands in UTF-16 text, which cannot be read yet",
				hint: "Convert the file to UTF-8."}
		}
	}
	u.at += int64(n)
	if err == io.EOF && u.at%2 == 1 {
		return 0, &badByte{offset: u.at, encoding: encodingUTF8, reason: "the UTF-16 text ends in the middle of a character", hint: "The file may be cut short."}
	}
	return n, err
}

// errNotUTF8 says that the text is not what its head promised.
var errNotUTF8 = errors.New("not UTF-8")

// textCheck passes decoded text on if it is what a table may hold: UTF-8 (else errNotUTF8) without NUL (else a
// *badByte).
type textCheck struct {
	src      io.Reader
	encoding string
	at       int64
	rest     []byte // the start of a character whose end is not yet read
}

func newTextCheck(src io.Reader, encoding string) *textCheck {
	return &textCheck{src: decode(src, encoding), encoding: encoding}
}

// Read implements io.Reader.
func (t *textCheck) Read(p []byte) (int, error) {
	n, err := t.src.Read(p)
	b := p[:n]
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return 0, &badByte{offset: t.at + int64(i), encoding: t.encoding, reason: "the text holds the character NUL", hint: "The file may be binary, or damaged."}
	}
	t.at += int64(n)
	if t.encoding != encodingUTF8 {
		return n, err
	}
	for len(t.rest) > 0 && len(b) > 0 && !utf8.FullRune(t.rest) {
		t.rest, b = append(t.rest, b[0]), b[1:]
	}
	if len(t.rest) > 0 && utf8.FullRune(t.rest) {
		if !utf8.Valid(t.rest) {
			return 0, errNotUTF8
		}
		t.rest = t.rest[:0]
	}
	if i := lastRune(b); !utf8.FullRune(b[i:]) {
		t.rest, b = append(t.rest, b[i:]...), b[:i]
	}
	if !utf8.Valid(b) || err == io.EOF && len(t.rest) > 0 {
		return 0, errNotUTF8
	}
	return n, err
}
