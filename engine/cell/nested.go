package cell

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// elements returns the child array of a list, array or map and the range of it that belongs to row.
func elements(arr arrow.Array, row int) (child arrow.Array, start, end int) {
	l := arr.(array.ListLike)
	from, to := l.ValueOffsets(row)
	return l.ListValues(), int(from), int(to)
}

// member returns the active member of a union's value.
func member(t sqltype.Type, arr arrow.Array, row int) (sqltype.Type, arrow.Array) {
	st := arr.(*array.Struct)
	tag := int(st.Field(0).(*array.Uint8).Value(row))
	return t.Fields[tag].Type, st.Field(tag + 1)
}

// isTuple reports whether a struct's fields have no names, as row(1, 2) makes them.
func isTuple(t sqltype.Type) bool { return len(t.Fields) > 0 && t.Fields[0].Name == "" }

// appendNested appends a nested value that is not NULL: [1, 2], {'a': 1}, (1, 2), {k=v}, or a union's member alone.
func (s Style) appendNested(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	switch t.Kind {
	case sqltype.Union:
		mt, ma := member(t, arr, row)
		return s.Append(dst, mt, ma, row)
	case sqltype.Struct:
		return s.appendStruct(dst, t, arr.(*array.Struct), row)
	case sqltype.Map:
		return s.appendMap(dst, t, arr, row)
	}
	elem := t.Elem()
	child, start, end := elements(arr, row)
	dst = append(dst, '[')
	for i := start; i < end; i++ {
		if i > start {
			dst = append(dst, ", "...)
		}
		if elem.Kind == sqltype.JSON {
			dst = s.Append(dst, elem, child, i) // lists, unlike structs and maps, leave JSON unquoted
			continue
		}
		dst = s.appendInner(dst, elem, child, i)
	}
	return append(dst, ']')
}

func (s Style) appendStruct(dst []byte, t sqltype.Type, st *array.Struct, row int) []byte {
	left, right := byte('{'), byte('}')
	tuple := isTuple(t)
	if tuple {
		left, right = '(', ')'
	}
	dst = append(dst, left)
	for i, f := range t.Fields {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if !tuple {
			start := len(dst)
			dst = append(dst, f.Name...)
			dst = quote(dst, start)
			dst = append(dst, ": "...)
		}
		dst = s.appendInner(dst, f.Type, st.Field(i), row)
	}
	return append(dst, right)
}

func (s Style) appendMap(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	entries, start, end := elements(arr, row)
	keys, values := entries.(*array.Struct).Field(0), entries.(*array.Struct).Field(1)
	dst = append(dst, '{')
	for i := start; i < end; i++ {
		if i > start {
			dst = append(dst, ", "...)
		}
		dst = s.appendInner(dst, t.Fields[0].Type, keys, i)
		dst = append(dst, '=')
		dst = s.appendInner(dst, t.Fields[1].Type, values, i)
	}
	return append(dst, '}')
}

// appendInner appends a value inside another. Scalars whose text could be taken for structure are quoted.
func (s Style) appendInner(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	switch {
	case isNull(t, arr, row):
		return append(dst, null...)
	case t.IsNested():
		return s.appendNested(dst, t, arr, row)
	}
	start := len(dst)
	dst = s.appendScalar(dst, t, arr, row)
	if needsQuotes(dst[start:]) {
		dst = quote(dst, start)
	}
	return dst
}

// needsQuotes is DuckDB's rule (VectorCastHelpers::CalculateEscapedStringLength): empty text, white space at an end,
// the word NULL, and characters that have a meaning in nested values.
func needsQuotes(b []byte) bool {
	if len(b) == 0 || isSpace(b[0]) || isSpace(b[len(b)-1]) || len(b) == 4 && strings.EqualFold(string(b), null) {
		return true
	}
	for _, c := range b {
		switch c {
		case '"', '\'', '(', ')', ',', ':', '=', '[', ']', '{', '}':
			return true
		}
	}
	return false
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// quote puts dst[start:] in quotes, in place, with a backslash before each quote and backslash.
func quote(dst []byte, start int) []byte {
	n := 2
	for _, c := range dst[start:] {
		if c == '\'' || c == '\\' {
			n++
		}
	}
	from := len(dst) - 1
	for range n {
		dst = append(dst, '\'')
	}
	for to := len(dst) - 2; from >= start; from-- {
		dst[to] = dst[from]
		to--
		if dst[from] == '\'' || dst[from] == '\\' {
			dst[to] = '\\'
			to--
		}
	}
	dst[start] = '\''
	return dst
}
