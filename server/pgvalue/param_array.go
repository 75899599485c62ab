package pgvalue

import (
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/pgtype"
)

const spaces = " \t\r\n\v\f"

// Dimensions returns how many dimensions the value of an array parameter has; 0 if it is empty or no array.
func Dimensions(oid uint32, format Format, raw []byte) int {
	if _, ok := pgtype.ElementOf(oid); !ok {
		return 0
	}
	if format == Binary {
		if len(raw) < 4 {
			return 0
		}
		return int(min(be.Uint32(raw), pgtype.MaxDims))
	}
	n := 0
	for _, c := range raw {
		switch {
		case c == '{':
			n++
		case c == '}':
			return 0
		case strings.IndexByte(spaces, c) < 0:
			return n
		}
	}
	return 0
}

// Nested is the type of an array parameter with so many dimensions, of type t otherwise.
func Nested(t sqltype.Type, dims int) sqltype.Type {
	t = pgtype.Scalar(t)
	for range dims {
		t = sqltype.ListOf(t)
	}
	return t
}

// arrayReader turns PostgreSQL's {1,NULL,"a b"} into a DuckDB list.
type arrayReader struct {
	elem    pgtype.Builtin
	t       sqltype.Type // of the parameter
	text    string       // for messages
	out     []byte
	lengths []int // of the lists of each level, which are equal
	filled  bool  // there is an element
}

// arrayText reads an array, whose elements are of type b (array_in in PostgreSQL's arrayfuncs.c).
func arrayText(b pgtype.Builtin, text string, t sqltype.Type) (string, error) {
	r := arrayReader{elem: b, t: t, text: text}
	rest, err := r.list(strings.TrimSpace(text), 0)
	switch {
	case err != nil:
		return "", err
	case rest != "":
		return "", r.bad("something stands behind its last brace")
	case !r.filled && len(r.lengths) > 1:
		return "", r.bad("a list in it is empty")
	}
	return string(r.out), nil
}

func (r *arrayReader) bad(why string) error { return invalid("array", []byte(r.text), why) }

// list reads a list of a level at the beginning of s, and returns what stands behind it.
func (r *arrayReader) list(s string, level int) (rest string, err error) {
	if s == "" || s[0] != '{' {
		return "", r.bad("an array is written {a,b}")
	}
	first := level == len(r.lengths)
	if first {
		r.lengths = append(r.lengths, 0)
	}
	r.out = append(r.out, '[')
	s, n := strings.TrimLeft(s[1:], spaces), 0
	for ; n > 0 || !strings.HasPrefix(s, "}"); n++ {
		if n > 0 {
			r.out = append(r.out, ", "...)
		}
		if s, err = r.item(s, level); err != nil {
			return "", err
		}
		if s = strings.TrimLeft(s, spaces); s == "" {
			return "", r.bad("a brace is not closed")
		}
		if s[0] == '}' {
			n++
			break
		}
		s = strings.TrimLeft(s[1:], spaces) // behind the comma
	}
	if first {
		r.lengths[level] = n
	}
	if r.lengths[level] != n {
		return "", r.bad("multidimensional arrays must have sub-arrays with matching dimensions")
	}
	r.out = append(r.out, ']')
	return strings.TrimLeft(s[1:], spaces), nil
}

// item reads what stands between commas of a list of a level: a list of the next, or a value, which all stand on the last.
func (r *arrayReader) item(s string, level int) (rest string, err error) {
	if strings.HasPrefix(s, "{") {
		if level+1 == len(r.lengths) && r.filled || level+1 == pgtype.MaxDims {
			return "", r.bad("a list stands beside a value, or too deep")
		}
		return r.list(s, level+1)
	}
	if level+1 != len(r.lengths) {
		return "", r.bad("a value stands beside a list")
	}
	e, rest, why := nextElement(s)
	if why != "" {
		return "", r.bad(why)
	}
	r.filled = true
	if e.null {
		r.out = append(r.out, "NULL"...)
		return rest, nil
	}
	value, err := decodeText(r.elem.OID, []byte(e.text), sqltype.Type{})
	if err == nil {
		err = checkElement(r.elem.OID, value, r.t)
	}
	if err != nil {
		return "", err
	}
	r.out = appendListElement(r.out, value)
	return rest, nil
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

// nextElement reads the first element of s; rest begins with a comma or a closing brace. why tells what is wrong, if anything.
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
		case c == ',' || c == '}':
			break scan
		case c == '{':
			return e, "", "a brace stands in a value"
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
