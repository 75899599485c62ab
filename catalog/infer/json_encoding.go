package infer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonEncodingOf tells UTF-16 from UTF-8 by the start of the file. What is neither is taken for UTF-8 until a record
// proves the contrary (jsonLatinOf).
func jsonEncodingOf(open Opener) (string, error) {
	src, err := open()
	if err != nil {
		return "", fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", fmt.Errorf("read JSON text: %w", err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")) ||
		bytes.HasPrefix(head, []byte("\x00\x00\x00")) {
		return "", &Error{Reason: "the text is UTF-32, which cannot be read", Line: 1, Hint: "convert the file to UTF-8"}
	}
	switch {
	case len(head) < 2:
		return encodingUTF8, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")) || head[0] != 0 && head[1] == 0: // the first character is ASCII
		return encodingUTF16, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")) || head[0] == 0 && head[1] != 0:
		return encodingUTF16BE, nil
	}
	return encodingUTF8, nil
}

// jsonLatinOf tells what text is that is not all UTF-8: what most of its characters are (encodingByCount), or UTF-8 of
// which some records are damaged if a byte is a character nowhere. So 0xff is taken, a y with two dots, which hardly any
// language has.
func jsonLatinOf(open Opener) (string, error) {
	src, err := open()
	if err != nil {
		return "", fmt.Errorf("open JSON text: %w", err)
	}
	defer src.Close()
	text := bufio.NewReaderSize(src, 64<<10)
	valid, invalid, controls := 0, 0, 0
	for {
		b, err := text.Peek(utf8.UTFMax)
		if len(b) == 0 {
			if err != io.EOF {
				return "", fmt.Errorf("read JSON text: %w", err)
			}
			encoding, _ := encodingByCount(valid, invalid, controls)
			return encoding, nil
		}
		switch c := b[0]; c {
		case 0xff, 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			return encodingUTF8, nil
		default:
			if c < utf8.RuneSelf {
				text.Discard(1 + jsonASCII(text))
				continue
			}
		}
		_, n := utf8.DecodeRune(b)
		v, i, c := countBytes(b[:n])
		valid, invalid, controls = valid+v, invalid+i, controls+c
		text.Discard(n)
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
	if encoding == "" || encoding == encodingUTF8 {
		return src, src, nil
	}
	return decode(src, encoding), src, nil
}

// jsonUTF16 reports whether an encoding is UTF-16. Its decoder puts U+FFFD where a half of a pair is missing.
func jsonUTF16(encoding string) bool { return encoding == encodingUTF16 || encoding == encodingUTF16BE }
