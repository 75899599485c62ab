package infer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const encodingWindows1252, encodingUTF16BE = "windows-1252", "utf-16be"

// jsonEncodingOf tells UTF-16 from UTF-8 by the start of the file. What is neither is taken for UTF-8 until a record
// proves the contrary (jsonLatinOf).
func jsonEncodingOf(open Opener) (string, error) {
	src, err := open()
	if err != nil {
		return "", fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", fmt.Errorf("read JSON text: %w", err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")) ||
		bytes.HasPrefix(head, []byte("\x00\x00\x00")) {
		return "", &Error{Reason: "the text is UTF-32, which cannot be read", Line: 1, Hint: "convert the file to UTF-8"}
	}
	if bytes.IndexByte(head, 0) < 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return encodingUTF8, nil
	}
	even, odd := zeros(head, 0), zeros(head, 1)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")) || odd > len(head)/8 && even == 0:
		return encodingUTF16, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")) || even > len(head)/8 && odd == 0:
		return encodingUTF16BE, nil
	}
	return encodingUTF8, nil
}

// jsonLatinOf tells what text is that is not all UTF-8: Latin-1 or Windows-1252 if no character in it is UTF-8 of
// several bytes and every byte is a character there, else UTF-8 of which some records are damaged. The byte 0xff, a y
// with two dots, is taken for damage: no word begins or goes on with it in hardly any language.
func jsonLatinOf(open Opener) (string, error) {
	src, err := open()
	if err != nil {
		return "", fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	text := bufio.NewReaderSize(src, 64<<10)
	encoding := encodingLatin1
	for {
		b, err := text.Peek(utf8.UTFMax)
		if len(b) == 0 {
			if err != io.EOF {
				return "", fmt.Errorf("read JSON text: %w", err)
			}
			return encoding, nil
		}
		switch c := b[0]; {
		case c < 0x80:
			text.Discard(1 + jsonASCII(text))
			continue
		case c == 0xff || c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d:
			return encodingUTF8, nil
		case c < 0xa0:
			encoding = encodingWindows1252
		}
		if r, _ := utf8.DecodeRune(b); r != utf8.RuneError {
			return encodingUTF8, nil
		}
		text.Discard(1)
	}
}

// jsonASCII returns how many bytes of the buffer behind the first are ASCII.
func jsonASCII(text *bufio.Reader) int {
	b, _ := text.Peek(text.Buffered())
	for i, c := range b[1:] {
		if c >= 0x80 {
			return i
		}
	}
	return len(b) - 1
}

// jsonUTF8 opens text of an encoding as UTF-8.
func jsonUTF8(open Opener, encoding string) (io.Reader, io.Closer, error) {
	src, err := open()
	if err != nil {
		return nil, nil, err
	}
	switch encoding {
	case "", encodingUTF8:
		return src, src, nil
	case encodingWindows1252:
		return charmap.Windows1252.NewDecoder().Reader(src), src, nil
	case encodingUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(src), src, nil
	case encodingUTF16:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(src), src, nil
	}
	return newTextCheck(src, encoding), src, nil
}
