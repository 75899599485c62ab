package infer

import (
	"bufio"
	"bytes"
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
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return encodingUTF16, nil
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "", &Error{Reason: "the text is big-endian UTF-16, which cannot be read yet", Hint: "Convert the file to UTF-8."}
	}
	if !whole {
		head = head[:lastRune(head)]
	}
	if utf8.Valid(head) {
		return encodingUTF8, nil
	}
	if zeros(head, 1) > len(head)/8 && zeros(head, 0) == 0 {
		return encodingUTF16, nil
	}
	return encodingLatin1, nil
}

// lastRune returns where the last, maybe incomplete, character of b begins.
func lastRune(b []byte) int {
	for i := len(b) - 1; i >= 0 && i > len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return len(b)
}

// zeros counts the zero bytes at even or odd places.
func zeros(b []byte, from int) int {
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
	case encodingLatin1:
		e, r = charmap.ISO8859_1, &latin1Reader{src: r}
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

// latin1Reader refuses the bytes that Latin-1 leaves undefined, as DuckDB does.
type latin1Reader struct{ src io.Reader }

// Read implements io.Reader.
func (l *latin1Reader) Read(p []byte) (int, error) {
	n, err := l.src.Read(p)
	for _, c := range p[:n] {
		if c >= 0x80 && c <= 0x9f {
			return 0, &Error{Reason: fmt.Sprintf("the text is neither UTF-8 nor Latin-1: it holds the byte 0x%02x", c),
				Hint: "It may be Windows-1252. Convert the file to UTF-8."}
		}
	}
	return n, err
}
