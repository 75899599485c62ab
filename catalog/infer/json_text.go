package infer

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonDecode appends to dst the text that raw, the inside of a JSON string, stands for. bad says what is wrong with
// an escape (RFC 8259, section 7), or is empty. A half of a surrogate pair alone is wrong: it stands for no character.
func jsonDecode(dst, raw []byte) (text []byte, bad string) {
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			n := bytes.IndexByte(raw[i:], '\\')
			if n < 0 {
				n = len(raw) - i
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
			continue
		}
		c := raw[i+1]
		if c != 'u' {
			plain := jsonEscapes[c]
			if plain == 0 {
				return dst, `\` + string(rune(c)) + ` is no escape of JSON; a backslash is written \\`
			}
			dst = append(dst, plain)
			i += 2
			continue
		}
		r, n := jsonRune(raw[i:])
		switch n {
		case 0:
			return dst, `\u must be followed by four hexadecimal digits`
		case -1:
			return dst, `\u` + string(raw[i+2:i+6]) + ` is half of a surrogate pair, and the other half is missing`
		}
		dst = utf8.AppendRune(dst, r)
		i += n
	}
	return dst, ""
}

// jsonEscapes are the characters that a backslash and one letter stand for.
var jsonEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// jsonRune reads \uXXXX, or two that make a surrogate pair, and returns the character and how many bytes stand for it:
// 0 if there are no four digits, -1 if half of a pair stands alone.
func jsonRune(b []byte) (rune, int) {
	hi, ok := jsonHex(b)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(hi) {
		return hi, 6
	}
	if len(b) >= 8 && b[6] == '\\' && b[7] == 'u' {
		if lo, ok := jsonHex(b[6:]); ok {
			if r := utf16.DecodeRune(hi, lo); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	return 0, -1
}

// jsonHex reads the four digits of \uXXXX.
func jsonHex(b []byte) (r rune, ok bool) {
	if len(b) < 6 {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
