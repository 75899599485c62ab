package pgvalue

import (
	"encoding/hex"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

// decodeText turns PostgreSQL's text format into DuckDB's spelling, where they differ, and refuses what DuckDB would
// read more generously than PostgreSQL.
func decodeText(oid uint32, raw []byte, t sqltype.Type) (string, error) {
	text := string(raw)
	switch oid {
	case oidBool:
		return boolText(text)
	case oidInt2, oidInt4, oidInt8, oidOID: // DuckDB would round 5.5
		text = strings.TrimSpace(text)
		if strings.Trim(strings.TrimLeft(text, "+-"), "0123456789") != "" || text == "" {
			return "", invalid(typeName(oid), raw, "")
		}
	case oidNumeric:
		text = strings.TrimSpace(text)
		if _, _, ok := extent(text); !ok && !isSpecial(text) {
			return "", invalid(typeName(oid), raw, "")
		}
	case oidBytea:
		b, err := byteaBytes(text)
		if err != nil {
			return "", invalid("bytea", raw, err.Error())
		}
		return string(cell.AppendBlob(nil, b)), nil
	case oidDate, oidTimestamp, oidTimestampTZ:
		return duckEra(text), nil
	case oidInterval:
		return strings.ReplaceAll(text, "+", ""), nil // PostgreSQL writes -1 mons +3 days
	}
	if b, ok := pgtype.ElementOf(oid); ok {
		return arrayText(b, text, t)
	}
	return text, nil
}

// isSpecial reports whether text is a number that is not finite.
func isSpecial(text string) bool {
	switch strings.TrimLeft(strings.ToLower(text), "+-") {
	case "nan", "infinity", "inf":
		return true
	}
	return false
}

// boolText reads what PostgreSQL's boolin takes: unambiguous beginnings of true, false, yes, no, on, off, and 1, 0.
func boolText(text string) (string, error) {
	s := strings.ToLower(strings.TrimSpace(text))
	for _, c := range []struct {
		word  string
		least int
		value string
	}{{"true", 1, "true"}, {"false", 1, "false"}, {"yes", 1, "true"}, {"no", 1, "false"}, {"on", 2, "true"},
		{"off", 2, "false"}, {"1", 1, "true"}, {"0", 1, "false"}} {
		if len(s) >= c.least && strings.HasPrefix(c.word, s) {
			return c.value, nil
		}
	}
	return "", invalid("boolean", []byte(text), "")
}

// byteaBytes reads a bytea in the hex format, or else in the escape format (byteain in PostgreSQL's varlena.c).
func byteaBytes(text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, `\x`); ok {
		return hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	}
	var out []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out = append(out, text[i])
		case strings.HasPrefix(text[i+1:], `\`):
			out = append(out, '\\')
			i++
		default:
			n, err := strconv.ParseUint(text[i+1:min(i+4, len(text))], 8, 8)
			if err != nil {
				return nil, err
			}
			out = append(out, byte(n))
			i += 3
		}
	}
	return out, nil
}

// duckEra turns "0044-03-15 12:00:00 BC" into DuckDB's "0044-03-15 (BC) 12:00:00".
func duckEra(text string) string {
	before, ok := strings.CutSuffix(strings.TrimSpace(text), " BC")
	if !ok {
		return text
	}
	date, clock, timed := strings.Cut(before, " ")
	if !timed {
		return date + " (BC)"
	}
	return date + " (BC) " + clock
}

// arrayText turns PostgreSQL's {1,NULL,"a b"} into a DuckDB list, whose elements are of type b.
func arrayText(b pgtype.Builtin, text string, t sqltype.Type) (string, error) {
	elems, err := splitArray(text)
	if err != nil {
		return "", err
	}
	out := []byte{'['}
	for i, e := range elems {
		if i > 0 {
			out = append(out, ", "...)
		}
		if e.null {
			out = append(out, "NULL"...)
			continue
		}
		value, err := decodeText(b.OID, []byte(e.text), sqltype.Type{})
		if err == nil {
			err = checkElement(b.OID, value, t)
		}
		if err != nil {
			return "", err
		}
		out = appendListElement(out, value)
	}
	return string(append(out, ']')), nil
}

// appendListElement appends an element of a DuckDB list, in quotes.
func appendListElement(dst []byte, value string) []byte {
	dst = append(dst, '\'')
	for i := range len(value) {
		if value[i] == '\'' || value[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, value[i])
	}
	return append(dst, '\'')
}

// element is one element of an array literal.
type element struct {
	text string
	null bool
}

// splitArray reads an array literal of one dimension (array_in in PostgreSQL's arrayfuncs.c).
func splitArray(text string) ([]element, error) {
	bad := func(why string) error { return invalid("array", []byte(text), why) }
	s := strings.TrimSpace(text)
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, bad("an array is written {a,b}")
	}
	s = s[1 : len(s)-1]
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var out []element
	for {
		e, rest, why := nextElement(s)
		if why != "" {
			return nil, bad(why)
		}
		out = append(out, e)
		if rest == "" {
			return out, nil
		}
		s = rest[1:] // the comma
	}
}

// nextElement reads the first element of s; rest is empty or begins with a comma. why tells what is wrong, if anything.
func nextElement(s string) (e element, rest, why string) {
	s = strings.TrimLeft(s, " \t\r\n\v\f")
	var b []byte
	quoted, inQuotes, kept := false, false, 0 // kept: white space before it belongs to the element
	i := 0
scan:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i == len(s) {
				return e, "", "it ends with a backslash"
			}
			b = append(b, s[i])
			kept = len(b)
		case c == '"':
			inQuotes, quoted = !inQuotes, true
			kept = len(b)
		case inQuotes:
			b = append(b, c)
			kept = len(b)
		case c == ',':
			break scan
		case c == '{' || c == '}':
			return e, "", "arrays of more than one dimension are not supported"
		default:
			b = append(b, c)
		}
	}
	if inQuotes {
		return e, "", "a quote is not closed"
	}
	text := string(b[:kept]) + strings.TrimRight(string(b[kept:]), " \t\r\n\v\f")
	if text == "" && !quoted {
		return e, "", "an element is missing"
	}
	return element{text: text, null: !quoted && strings.EqualFold(text, "NULL")}, s[i:], ""
}
