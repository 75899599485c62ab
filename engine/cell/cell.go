package cell

import (
	"encoding/hex"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// Style is how values are spelled where SQL leaves a choice.
type Style struct {
	Location *time.Location // for TIMESTAMP WITH TIME ZONE; nil means UTC
	// References returns the OID behind a name that a column of a type such as regclass shows; nil if no column has one.
	References func(typ, name string) uint32
}

// null is the text of NULL.
const null = "NULL"

// Append appends the value at row of arr, whose SQL type is t, as a cast to VARCHAR in DuckDB spells it. NULL, also
// inside nested values, is NULL. engine.Rows says which Arrow array holds which type.
//
// Three spellings differ from DuckDB 1.5 on purpose: a DECIMAL of scale equal to its width keeps the zero before the
// point (0.5 for DuckDB's .5), a zone offset keeps its seconds, without which the text means another instant, and a
// FLOAT never has more digits than tell it from its neighbours (of 10^5 to 10^8, DuckDB gives every tenth one more).
func (s Style) Append(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	if isNull(t, arr, row) {
		return append(dst, null...)
	}
	if t.IsNested() {
		return s.appendNested(dst, t, arr, row)
	}
	return s.appendScalar(dst, t, arr, row)
}

// isNull reports whether the value is NULL. A union is NULL as a whole only; a NULL member is a value of it.
func isNull(t sqltype.Type, arr arrow.Array, row int) bool {
	return t.Kind == sqltype.Null || arr.IsNull(row)
}

// appendScalar appends a value that is neither NULL nor nested.
func (s Style) appendScalar(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	switch a := arr.(type) {
	case *array.String:
		return append(dst, a.Value(row)...)
	case *array.Boolean:
		if a.Value(row) {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case *array.Float64:
		return appendFloat(dst, a.Value(row), 64, duckFloats)
	case *array.Float32:
		return appendFloat(dst, float64(a.Value(row)), 32, duckFloats)
	case *array.Date32:
		return AppendDate(dst, int32(a.Value(row)))
	case *array.Time64:
		return AppendTime(dst, int64(a.Value(row)), perSecond(a.DataType().(*arrow.Time64Type).Unit))
	case *array.Timestamp:
		if t.Kind == sqltype.TimestampTZ {
			return AppendTimestampTZ(dst, int64(a.Value(row)), s.Location)
		}
		return AppendTimestamp(dst, int64(a.Value(row)), a.DataType().(*arrow.TimestampType).Unit)
	case *array.Binary:
		if t.Kind == sqltype.Geometry {
			return appendGeometry(dst, a.Value(row))
		}
		return AppendBlob(dst, a.Value(row))
	case *array.FixedSizeBinary:
		return appendSixteen(dst, t.Kind, a.Value(row))
	}
	return appendInteger(dst, t, arr, row)
}

// appendSixteen appends one of the types held in 16 bytes.
func appendSixteen(dst []byte, k sqltype.Kind, b []byte) []byte {
	switch k {
	case sqltype.UUID:
		return AppendUUID(dst, b)
	case sqltype.UHugeInt:
		return AppendUHugeInt(dst, b)
	}
	months, days, micros := splitInterval(b)
	return appendInterval(dst, months, days, micros, duckInterval)
}

// AppendUUID appends the 36 characters of 16 bytes.
func AppendUUID(dst []byte, b []byte) []byte {
	var buf [36]byte
	hex.Encode(buf[0:8], b[0:4])
	hex.Encode(buf[9:13], b[4:6])
	hex.Encode(buf[14:18], b[6:8])
	hex.Encode(buf[19:23], b[8:10])
	hex.Encode(buf[24:36], b[10:16])
	buf[8], buf[13], buf[18], buf[23] = '-', '-', '-', '-'
	return append(dst, buf[:]...)
}

// AppendBlob appends DuckDB's spelling: printable ASCII as it is, but for backslash and quotes; other bytes as \xAB.
func AppendBlob(dst []byte, b []byte) []byte {
	const digits = "0123456789ABCDEF"
	for _, c := range b {
		if c < 0x20 || c > 0x7e || c == '\\' || c == '\'' || c == '"' {
			dst = append(dst, '\\', 'x', digits[c>>4], digits[c&15])
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
