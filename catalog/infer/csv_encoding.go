package infer

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The encodings. DuckDB's read_csv reads the first two of them right.
const (
	encodingUTF8    = "utf-8"
	encodingLatin1  = "latin-1"
	encodingCP1252  = "windows-1252"
	encodingUTF16   = "utf-16" // little-endian; DuckDB refuses characters beyond U+FFFF
	encodingUTF16BE = "utf-16be"
)

// encodingOf tells the encoding of a text that begins with head; whole says that head is all of it. strict is false if some
// bytes are known to break it.
func encodingOf(head []byte, whole bool) (encoding string, strict bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return encodingUTF16, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return encodingUTF16BE, true
	}
	even, odd := zeros(head, 0), zeros(head, 1)
	switch {
	case odd > len(head)/8 && even == 0:
		return encodingUTF16, true
	case even > len(head)/8 && odd == 0:
		return encodingUTF16BE, true
	}
	if !whole {
		head = head[:lastRune(head)]
	}
	if utf8.Valid(head) {
		return encodingUTF8, bytes.IndexByte(head, 0) < 0
	}
	return oneByteEncoding(head)
}

// oneByteEncoding tells the encoding of text that is not valid UTF-8: UTF-8 all the same if most of what is not ASCII is,
// else Latin-1, or Windows-1252 if it holds one of the bytes that are letters and quotes there and nothing in Latin-1.
func oneByteEncoding(text []byte) (encoding string, strict bool) {
	return encodingByCount(countBytes(text))
}

// countBytes counts the characters of several bytes that are valid UTF-8, the other bytes that are not ASCII, and those of
// them that Latin-1 leaves undefined.
func countBytes(b []byte) (valid, invalid, controls int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r != utf8.RuneError {
			valid++
		} else if invalid++; b[0] <= 0x9f {
			controls++
		}
		b = b[n:]
	}
	return valid, invalid, controls
}

// encodingByCount decides on what countBytes counted.
func encodingByCount(valid, invalid, controls int) (encoding string, strict bool) {
	switch {
	case invalid == 0:
		return encodingUTF8, false
	case valid > invalid:
		return encodingUTF8, false
	case controls > 0:
		return encodingCP1252, true
	}
	return encodingLatin1, true
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

// decode returns the text in UTF-8, without a byte order mark.
func decode(r io.Reader, name string) io.Reader {
	var e encoding.Encoding
	switch name {
	case encodingUTF16:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case encodingUTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case encodingLatin1:
		e = charmap.ISO8859_1
	case encodingCP1252:
		e = charmap.Windows1252
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

// badText says that text is not of the encoding that its head promised, or holds NUL.
type badText struct{ reason string }

// Error implements error.
func (b *badText) Error() string { return b.reason }

// encoding reads the whole file and tells its encoding anew, after the one given failed.
func (b *badText) encoding(open Opener, failed string) (encoding string, strict bool, err error) {
	if failed != encodingUTF8 {
		if failed == encodingLatin1 {
			return encodingCP1252, false, nil
		}
		return failed, false, nil
	}
	src, err := open()
	if err != nil {
		return "", false, err
	}
	defer src.Close()
	valid, invalid, controls := 0, 0, 0
	text := bufio.NewReaderSize(src, 256<<10)
	for {
		part, err := text.Peek(text.Size())
		if len(part) == 0 && err == io.EOF {
			break
		}
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return "", false, err
		}
		if err == nil {
			part = part[:max(1, lastRune(part))]
		}
		v, i, c := countBytes(part)
		valid, invalid, controls = valid+v, invalid+i, controls+c
		text.Discard(len(part))
	}
	encoding, strict = encodingByCount(valid, invalid, controls)
	return encoding, strict, nil
}

// textCheck passes decoded text on if it is what a table may hold: UTF-8 without NUL, and nothing that Latin-1 leaves
// undefined; else it fails with a *badText.
type textCheck struct {
	src      io.Reader
	encoding string
	rest     []byte // the start of a character whose end is not yet read
	split    bool   // in Latin-1: the last byte was the first of two
}

func newTextCheck(src io.Reader, encoding string) *textCheck {
	return &textCheck{src: decode(src, encoding), encoding: encoding}
}

// Read implements io.Reader.
func (t *textCheck) Read(p []byte) (int, error) {
	n, err := t.src.Read(p)
	b := p[:n]
	if bytes.IndexByte(b, 0) >= 0 {
		return 0, &badText{"the text holds the character NUL"}
	}
	if t.encoding == encodingLatin1 {
		if t.split && len(b) > 0 && b[0] <= 0x9f || undefined(b) {
			return 0, &badText{"the text is not Latin-1"}
		}
		t.split = len(b) > 0 && b[len(b)-1] == 0xc2
		return n, err
	}
	if t.encoding != encodingUTF8 {
		return n, err
	}
	for len(t.rest) > 0 && len(b) > 0 && !utf8.FullRune(t.rest) {
		t.rest, b = append(t.rest, b[0]), b[1:]
	}
	if len(t.rest) > 0 && utf8.FullRune(t.rest) {
		if !utf8.Valid(t.rest) {
			return 0, &badText{"the text is not UTF-8"}
		}
		t.rest = t.rest[:0]
	}
	if i := lastRune(b); !utf8.FullRune(b[i:]) {
		t.rest, b = append(t.rest, b[i:]...), b[:i]
	}
	if !utf8.Valid(b) || err == io.EOF && len(t.rest) > 0 {
		return 0, &badText{"the text is not UTF-8"}
	}
	return n, err
}

// undefined reports whether decoded Latin-1 text holds a character from U+0080 to U+009F.
func undefined(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0xc2)
		if i < 0 || i+1 == len(b) {
			return false
		}
		if b[i+1] <= 0x9f {
			return true
		}
		b = b[i+1:]
	}
}
