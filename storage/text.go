package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeText returns head as text without byte order mark: UTF-8 or Latin-1 as it is, UTF-16 (known by its byte order
// mark, or by a zero in every second byte of most characters) as UTF-8. If head is no text, it says why.
func decodeText(head []byte, whole bool) (text []byte, notText string) {
	even, odd := zeros(head, 0), zeros(head, 1)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return nil, "it is UTF-32 text, which is not supported; save it as UTF-8"
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		text = fromUTF16(head[2:], littleEndian)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		text = fromUTF16(head[2:], bigEndian)
	case even == 0 && odd > len(head)/8 && odd > 1:
		text = fromUTF16(head, littleEndian)
	case odd == 0 && even > len(head)/8 && even > 1:
		text = fromUTF16(head, bigEndian)
	default:
		text = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	}
	return text, refuseBinary(text, whole)
}

func littleEndian(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }
func bigEndian(b []byte) uint16    { return uint16(b[1]) | uint16(b[0])<<8 }

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

func fromUTF16(b []byte, unit func([]byte) uint16) []byte {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) > 1; b = b[2:] {
		units = append(units, unit(b))
	}
	return []byte(string(utf16.Decode(units)))
}

// manyZeros is one in how many bytes may be zero in a damaged text. The rows that hold one are rejected later.
const manyZeros = 20

// refuseBinary returns why b is no text, or "". Text holds hardly any NUL, hardly any control characters, and is UTF-8 or else
// Latin-1 (and its Windows variant): in those, bytes above 127 are the exception, in binary data and in other encodings
// the rule.
func refuseBinary(b []byte, whole bool) string {
	controls, invalid, zeros := 0, 0, 0
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			if c == 0 {
				zeros++
			} else if isControl(c) {
				controls++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if !whole && !utf8.FullRune(b[i:]) {
				break // cut by the end of the sample
			}
			invalid++
		}
		i += n
	}
	switch {
	case zeros*manyZeros > len(b), zeros > 0 && controls+invalid > 0:
		return "it holds binary data (a zero byte), not text"
	case controls*50 > len(b), controls > 0 && invalid > 0:
		return "it holds binary data (control characters), not text"
	case invalid*10 > len(b)*3:
		return "it is text in neither UTF-8, UTF-16 nor Latin-1, or binary data; save it as UTF-8"
	default:
		return ""
	}
}

// isControl reports whether an ASCII character is unusual in text. Not so are white space, the old end-of-file mark, and
// the control characters that serve as delimiters (Hive's \x01 to \x03, ASCII's \x1c to \x1f).
func isControl(c byte) bool {
	return c == 0x7f || c < ' ' && (c < '\t' || c > '\r') && c != 0x1a && (c < 1 || c > 3) && (c < 0x1c || c > 0x1f)
}

// textFormat judges a text: JSON or delimited. Every error is a *NotData.
func (s *sample) textFormat(text []byte) (Format, error) {
	body := bytes.TrimLeft(text, " \t\r\n\v\f")
	if len(body) == 0 {
		return Unknown, &NotData{"it holds nothing but blanks"}
	}
	if reason := refuseMarkup(body); reason != "" {
		return Unknown, &NotData{reason}
	}
	if s.isJSON(body) {
		return JSON, nil
	}
	if s.want == CSV || isDelimited(string(text), s.whole) {
		return CSV, nil
	}
	if s.want == JSON {
		return Unknown, &NotData{"it is named as JSON, but holds neither JSON nor delimited text"}
	}
	return Unknown, &NotData{"it is a text whose lines share no delimiter; if it is data, end its name in .csv"}
}

// isJSON reports whether a text, which is not blank, is taken for JSON.
func (s *sample) isJSON(body []byte) bool {
	opens := body[0] == '{' || body[0] == '['
	switch {
	case s.want == JSON && opens:
		return true // valid or not: reading it tells the line at fault
	case s.want == JSON:
		return scansAsJSON(body)
	case !opens:
		return false
	case s.want == CSV && body[0] == '[':
		// The first cell of a table may well begin with a bracket.
		in := bytes.TrimLeft(body[1:], " \t\r\n")
		return len(in) > 0 && (in[0] == '{' || in[0] == '[') && scansAsJSON(body)
	default:
		return scansAsJSON(body)
	}
}

// scansAsJSON reports whether b is a sequence of JSON values, the last of which may be cut off.
func scansAsJSON(b []byte) bool {
	d := json.NewDecoder(bytes.NewReader(b))
	for {
		var v json.RawMessage
		err := d.Decode(&v)
		if err != nil {
			return err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}
