package server

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// encoding is an encoding of text other than UTF-8, which is the engine's, for a client that asks for it.
type encoding struct {
	name    string // PostgreSQL's
	aliases []string
	charmap *charmap.Charmap
}

// encodings are the single-byte encodings that clients may use.
var encodings = []*encoding{
	{"LATIN1", []string{"iso88591"}, charmap.ISO8859_1}, {"LATIN2", []string{"iso88592"}, charmap.ISO8859_2},
	{"LATIN3", []string{"iso88593"}, charmap.ISO8859_3}, {"LATIN4", []string{"iso88594"}, charmap.ISO8859_4},
	{"LATIN5", []string{"iso88599"}, charmap.ISO8859_9}, {"LATIN6", []string{"iso885910"}, charmap.ISO8859_10},
	{"LATIN7", []string{"iso885913"}, charmap.ISO8859_13}, {"LATIN8", []string{"iso885914"}, charmap.ISO8859_14},
	{"LATIN9", []string{"iso885915"}, charmap.ISO8859_15}, {"LATIN10", []string{"iso885916"}, charmap.ISO8859_16},
	{"ISO_8859_5", nil, charmap.ISO8859_5}, {"ISO_8859_6", nil, charmap.ISO8859_6}, {"ISO_8859_7", nil, charmap.ISO8859_7},
	{"ISO_8859_8", nil, charmap.ISO8859_8}, {"WIN1250", []string{"windows1250"}, charmap.Windows1250},
	{"WIN1251", []string{"win", "windows1251"}, charmap.Windows1251}, {"WIN1252", []string{"windows1252"}, charmap.Windows1252},
	{"WIN1253", []string{"windows1253"}, charmap.Windows1253}, {"WIN1254", []string{"windows1254"}, charmap.Windows1254},
	{"WIN1255", []string{"windows1255"}, charmap.Windows1255}, {"WIN1256", []string{"windows1256"}, charmap.Windows1256},
	{"WIN1257", []string{"windows1257"}, charmap.Windows1257}, {"WIN1258", []string{"abc", "windows1258"}, charmap.Windows1258},
	{"WIN866", []string{"alt", "windows866"}, charmap.CodePage866}, {"WIN874", []string{"windows874"}, charmap.Windows874},
	{"KOI8R", []string{"koi8"}, charmap.KOI8R}, {"KOI8U", nil, charmap.KOI8U},
}

// plainEncodings are the names under which text goes through as it is.
var plainEncodings = map[string]string{"utf8": "UTF8", "unicode": "UTF8", "sqlascii": "SQL_ASCII"}

// encodingNamed finds an encoding by PostgreSQL's names: nil for UTF-8 and SQL_ASCII; not ok if there is none.
func encodingNamed(name string) (*encoding, bool) {
	key := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(strings.Trim(name, "'")))
	if plainEncodings[key] != "" {
		return nil, true
	}
	for _, e := range encodings {
		if strings.ReplaceAll(strings.ToLower(e.name), "_", "") == key || slices.Contains(e.aliases, key) {
			return e, true
		}
	}
	return nil, false
}

// checkEncoding takes the names of the encodings.
func checkEncoding(value string) (string, bool) {
	e, ok := encodingNamed(value)
	if e != nil {
		return e.name, ok
	}
	key := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(strings.Trim(value, "'")))
	return plainEncodings[key], ok
}

// append appends UTF-8 text in the encoding.
func (e *encoding) append(dst, text []byte) ([]byte, error) {
	for _, r := range string(text) {
		b, ok := e.charmap.EncodeRune(r)
		if !ok {
			return dst, &failure{code: "22P05", message: fmt.Sprintf("character with byte sequence %s in encoding \"UTF8\" has no equivalent in encoding %q", hexBytes(string(r)), e.name)}
		}
		dst = append(dst, b)
	}
	return dst, nil
}

// bytes returns UTF-8 text in the encoding; e may be nil.
func (e *encoding) bytes(text []byte) ([]byte, error) {
	if e == nil {
		return text, nil
	}
	return e.append(nil, text)
}

// decode returns text in the encoding as UTF-8; e may be nil.
func (e *encoding) decode(text []byte) (string, error) {
	if e == nil {
		return string(text), nil
	}
	var out strings.Builder
	for _, b := range text {
		r := e.charmap.DecodeByte(b)
		if r == 0xfffd {
			return "", failuref("22021", "invalid byte sequence for encoding %q: 0x%02x", e.name, b)
		}
		out.WriteRune(r)
	}
	return out.String(), nil
}

// copyLine recodes the CopyData message that begins at start.
func (e *encoding) copyLine(buf []byte, start int) ([]byte, error) {
	line, err := e.append(nil, buf[start+5:])
	if err != nil {
		return buf[:start], err
	}
	buf = append(buf[:start+5], line...)
	binary.BigEndian.PutUint32(buf[start+1:], uint32(len(line)+4))
	return buf, nil
}

func hexBytes(s string) string {
	var parts []string
	for i := range len(s) {
		parts = append(parts, fmt.Sprintf("0x%02x", s[i]))
	}
	return strings.Join(parts, " ")
}
