package cell

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// AppendJSON appends the value as JSON: numbers as numbers with all their digits (NaN and infinities as the strings
// "NaN", "Infinity", "-Infinity"), nested values as arrays and objects with fields in order, a struct without field
// names as an array, the keys of a map as strings, JSON as it is on one line, all else as strings; NULL is null.
func (s Style) AppendJSON(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	if isNull(t, arr, row) {
		return append(dst, "null"...)
	}
	switch t.Kind {
	case sqltype.Boolean:
		return s.appendScalar(dst, t, arr, row)
	case sqltype.Float:
		return appendFloat(dst, float64(arr.(*array.Float32).Value(row)), 32, jsonFloats)
	case sqltype.Double:
		return appendFloat(dst, arr.(*array.Float64).Value(row), 64, jsonFloats)
	case sqltype.Varchar, sqltype.Enum:
		return AppendJSONString(dst, arr.(*array.String).Value(row))
	case sqltype.JSON:
		return appendJSONText(dst, arr.(*array.String).Value(row))
	case sqltype.List, sqltype.Array:
		return s.appendJSONList(dst, t, arr, row)
	case sqltype.Struct:
		return s.appendJSONStruct(dst, t, arr.(*array.Struct), row)
	case sqltype.Map:
		return s.appendJSONMap(dst, t, arr, row)
	case sqltype.Union:
		mt, ma := member(t, arr, row)
		return s.AppendJSON(dst, mt, ma, row)
	}
	if t.IsNumeric() {
		return s.appendScalar(dst, t, arr, row)
	}
	return s.appendJSONScalar(dst, t, arr, row)
}

// appendJSONScalar appends the value's SQL text as a JSON string.
func (s Style) appendJSONScalar(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	return toJSONString(s.appendScalar(dst, t, arr, row), len(dst))
}

// toJSONString makes dst[start:] a JSON string: it writes the string behind that text and moves it down.
func toJSONString(dst []byte, start int) []byte {
	end := len(dst)
	dst = appendJSONString(dst, dst[start:end])
	return dst[:start+copy(dst[start:], dst[end:])]
}

func (s Style) appendJSONList(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	elem := t.Elem()
	child, start, end := elements(arr, row)
	dst = append(dst, '[')
	for i := start; i < end; i++ {
		if i > start {
			dst = append(dst, ',')
		}
		dst = s.AppendJSON(dst, elem, child, i)
	}
	return append(dst, ']')
}

func (s Style) appendJSONStruct(dst []byte, t sqltype.Type, st *array.Struct, row int) []byte {
	left, right := byte('{'), byte('}')
	tuple := isTuple(t)
	if tuple {
		left, right = '[', ']'
	}
	dst = append(dst, left)
	for i, f := range t.Fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		if !tuple {
			dst = AppendJSONString(dst, f.Name)
			dst = append(dst, ':')
		}
		dst = s.AppendJSON(dst, f.Type, st.Field(i), row)
	}
	return append(dst, right)
}

func (s Style) appendJSONMap(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	entries, start, end := elements(arr, row)
	keys, values := entries.(*array.Struct).Field(0), entries.(*array.Struct).Field(1)
	dst = append(dst, '{')
	for i := start; i < end; i++ {
		if i > start {
			dst = append(dst, ',')
		}
		dst = toJSONString(s.Append(dst, t.Fields[0].Type, keys, i), len(dst))
		dst = append(dst, ':')
		dst = s.AppendJSON(dst, t.Fields[1].Type, values, i)
	}
	return append(dst, '}')
}

// appendJSONText appends JSON text with its line breaks, which may stand only between tokens, as spaces. Text that
// is no JSON becomes a string, so that what is written can be read.
func appendJSONText(dst []byte, text string) []byte {
	start := len(dst)
	dst = append(dst, text...)
	if !json.Valid(dst[start:]) {
		return AppendJSONString(dst[:start], text)
	}
	for i := start; i < len(dst); i++ {
		if dst[i] == '\n' || dst[i] == '\r' {
			dst[i] = ' '
		}
	}
	return dst
}

// AppendJSONString appends text as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
func AppendJSONString(dst []byte, text string) []byte { return appendJSONString(dst, text) }

func appendJSONString[T string | []byte](dst []byte, text T) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	done := 0 // text before it is written
	for i := 0; i < len(text); {
		c := text[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := decodeRune(text[i:]); r != utf8.RuneError || size != 1 {
				i += size
				continue
			}
		}
		dst = append(dst, text[done:i]...)
		switch {
		case c >= utf8.RuneSelf:
			dst = append(dst, `\ufffd`...)
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		i++
		done = i
	}
	dst = append(dst, text[done:]...)
	return append(dst, '"')
}

// decodeRune reads the first character of text without copying it.
func decodeRune[T string | []byte](text T) (rune, int) {
	var buf [utf8.UTFMax]byte
	return utf8.DecodeRune(buf[:copy(buf[:], text)])
}
