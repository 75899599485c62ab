package pgvalue

import (
	"encoding/binary"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

var be = binary.BigEndian

// binaryCells returns what writes values of t in PostgreSQL's binary format (the *_send functions of its types).
func binaryCells(t sqltype.Type, style cell.Style, f *faults) cells {
	switch {
	case pgtype.IsArray(t):
		return newBinaryArray(t, style, f)
	case t.IsNested():
		return jsonCells(t, style)
	}
	if c := binaryNumbers(t); c != nil {
		return c
	}
	if c := binaryTimes(t, f); c != nil {
		return c
	}
	switch t.Kind {
	case sqltype.Boolean:
		return each(func(dst []byte, a *array.Boolean, row int) []byte {
			if a.Value(row) {
				return append(dst, 1)
			}
			return append(dst, 0)
		})
	case sqltype.Blob:
		return each(func(dst []byte, a *array.Binary, row int) []byte { return append(dst, a.Value(row)...) })
	case sqltype.UUID:
		return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte { return append(dst, a.Value(row)...) })
	case sqltype.Bit:
		return each(func(dst []byte, a *array.String, row int) []byte { return appendBits(dst, a.Value(row)) })
	case sqltype.BigNum:
		return each(func(dst []byte, a *array.String, row int) []byte { return appendNumeric(dst, []byte(a.Value(row)), f) })
	}
	return plainCells(t, style)
}

// binaryNumbers returns nil for what is no number.
func binaryNumbers(t sqltype.Type) cells {
	switch t.Kind {
	case sqltype.TinyInt:
		return each(func(dst []byte, a *array.Int8, row int) []byte { return be.AppendUint16(dst, uint16(a.Value(row))) })
	case sqltype.SmallInt:
		return each(func(dst []byte, a *array.Int16, row int) []byte { return be.AppendUint16(dst, uint16(a.Value(row))) })
	case sqltype.UTinyInt:
		return each(func(dst []byte, a *array.Uint8, row int) []byte { return be.AppendUint16(dst, uint16(a.Value(row))) })
	case sqltype.Integer:
		return each(func(dst []byte, a *array.Int32, row int) []byte { return be.AppendUint32(dst, uint32(a.Value(row))) })
	case sqltype.USmallInt:
		return each(func(dst []byte, a *array.Uint16, row int) []byte { return be.AppendUint32(dst, uint32(a.Value(row))) })
	case sqltype.BigInt:
		return each(func(dst []byte, a *array.Int64, row int) []byte { return be.AppendUint64(dst, uint64(a.Value(row))) })
	case sqltype.UInteger:
		return each(func(dst []byte, a *array.Uint32, row int) []byte { return be.AppendUint64(dst, uint64(a.Value(row))) })
	case sqltype.Float:
		return each(func(dst []byte, a *array.Float32, row int) []byte {
			return be.AppendUint32(dst, math.Float32bits(a.Value(row)))
		})
	case sqltype.Double:
		return each(func(dst []byte, a *array.Float64, row int) []byte {
			return be.AppendUint64(dst, math.Float64bits(a.Value(row)))
		})
	}
	if Of(t).OID != oidNumeric || t.Kind == sqltype.BigNum {
		return nil
	}
	digits, scratch := textNumbers(t), make([]byte, 0, 48)
	return &numericCells{digits: digits, scratch: scratch}
}

// numericCells writes wide integers and decimals by way of their decimal digits.
type numericCells struct {
	digits  cells
	scratch []byte
}

func (c *numericCells) reset(arr arrow.Array) { c.digits.reset(arr) }

func (c *numericCells) append(dst []byte, row int) []byte {
	c.scratch = c.digits.append(c.scratch[:0], row)
	return appendNumeric(dst, c.scratch, nil) // 39 digits always fit
}

// appendBits appends a varbit: the number of bits, then the bits from the left, padded with zeros.
func appendBits(dst []byte, digits string) []byte {
	dst = be.AppendUint32(dst, uint32(len(digits)))
	var b byte
	for i := range len(digits) {
		b |= (digits[i] - '0') << (7 - i%8)
		if i%8 == 7 || i == len(digits)-1 {
			dst = append(dst, b)
			b = 0
		}
	}
	return dst
}
