package render

import (
	"bytes"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// exactDigits is how many digits of a decimal number a cast to DOUBLE keeps for sure.
const exactDigits = 15

// AppendLiteral appends the value as a SQL expression that gives the same value again, with its type where the text alone could
// mean another.
func AppendLiteral(dst []byte, style cell.Style, t sqltype.Type, arr arrow.Array, row int) []byte {
	if t.Kind == sqltype.Null || arr.IsNull(row) {
		return append(dst, "NULL"...)
	}
	if t.IsNested() {
		return appendNestedLiteral(dst, style, t, arr, row)
	}
	start := len(dst)
	dst = style.Append(dst, t, arr, row)
	switch {
	case t.Kind == sqltype.Boolean, isPlainInteger(t.Kind), t.Kind == sqltype.Decimal:
		return dst
	case t.Kind == sqltype.Float || t.Kind == sqltype.Double:
		if last := dst[len(dst)-1]; last < '0' || last > '9' { // NaN, inf
			break
		}
		if len(dst)-start > exactDigits && !bytes.ContainsAny(dst[start:], "eE") {
			dst = append(dst, "e0"...) // else it would pass through a DECIMAL
		}
		return dst
	case t.Kind == sqltype.HugeInt && len(dst)-start < 38:
		return dst
	case t.Kind == sqltype.Varchar || t.Kind == sqltype.Enum:
		return quoteLiteral(dst, start)
	}
	return append(append(quoteLiteral(dst, start), "::"...), t.String()...)
}

func isPlainInteger(k sqltype.Kind) bool {
	return k >= sqltype.TinyInt && k <= sqltype.UBigInt && k != sqltype.HugeInt
}

// quoteLiteral makes dst[start:] a SQL string.
func quoteLiteral(dst []byte, start int) []byte {
	text := bytes.Clone(dst[start:])
	dst = append(dst[:start], '\'')
	dst = append(dst, bytes.ReplaceAll(text, []byte("'"), []byte("''"))...)
	return append(dst, '\'')
}

func appendNestedLiteral(dst []byte, style cell.Style, t sqltype.Type, arr arrow.Array, row int) []byte {
	switch t.Kind {
	case sqltype.Struct:
		return appendStructLiteral(dst, style, t, arr.(*array.Struct), row)
	case sqltype.Union:
		return appendUnionLiteral(dst, style, t, arr.(*array.Struct), row)
	case sqltype.Map:
		return appendMapLiteral(dst, style, t, arr.(*array.Map), row)
	}
	list := arr.(array.ListLike)
	from, to := list.ValueOffsets(row)
	dst = append(dst, '[')
	for i := from; i < to; i++ {
		if i > from {
			dst = append(dst, ", "...)
		}
		dst = AppendLiteral(dst, style, t.Elem(), list.ListValues(), int(i))
	}
	return append(append(dst, "]::"...), t.String()...)
}

func appendStructLiteral(dst []byte, style cell.Style, t sqltype.Type, st *array.Struct, row int) []byte {
	named := len(t.Fields) > 0 && t.Fields[0].Name != ""
	open, end := "row(", ")"
	if named {
		open, end = "{", "}"
	}
	dst = append(dst, open...)
	for i, f := range t.Fields {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if named {
			dst = append(append(dst, sqltype.QuoteText(f.Name)...), ": "...)
		}
		dst = AppendLiteral(dst, style, f.Type, st.Field(i), row)
	}
	return append(dst, end...)
}

func appendUnionLiteral(dst []byte, style cell.Style, t sqltype.Type, st *array.Struct, row int) []byte {
	tag := int(st.Field(0).(*array.Uint8).Value(row))
	dst = append(append(dst, "union_value("...), sqltype.QuoteName(t.Fields[tag].Name)...)
	dst = AppendLiteral(append(dst, " := "...), style, t.Fields[tag].Type, st.Field(tag+1), row)
	return append(append(dst, ")::"...), t.String()...)
}

func appendMapLiteral(dst []byte, style cell.Style, t sqltype.Type, m *array.Map, row int) []byte {
	from, to := m.ValueOffsets(row)
	dst = append(dst, "MAP {"...)
	for i := from; i < to; i++ {
		if i > from {
			dst = append(dst, ", "...)
		}
		dst = AppendLiteral(dst, style, t.Fields[0].Type, m.Keys(), int(i))
		dst = AppendLiteral(append(dst, ": "...), style, t.Fields[1].Type, m.Items(), int(i))
	}
	return append(append(dst, "}::"...), t.String()...)
}
