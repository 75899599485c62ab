package pgvalue

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// shape is how the values of a column are written without a call per cell through an interface. Only the commonest
// types have one.
type shape uint8

const (
	byCells shape = iota // with column.cells, as any type can be
	textInt32
	textInt64
	textFloat64
	textDate
	textMicros
	binaryInt32 // and what has its form
	binaryInt64
	binaryFloat64
	binaryDate
	binaryMicros
	anyBoolean
	anyString
)

// shapeOf returns the shape of a column.
func shapeOf(k sqltype.Kind, f Format) shape {
	shapes := map[sqltype.Kind][2]shape{ // text, binary
		sqltype.Integer: {textInt32, binaryInt32}, sqltype.BigInt: {textInt64, binaryInt64},
		sqltype.Double: {textFloat64, binaryFloat64}, sqltype.Date: {textDate, binaryDate},
		sqltype.Timestamp: {textMicros, binaryMicros}, sqltype.Boolean: {anyBoolean, anyBoolean},
		sqltype.Varchar: {anyString, anyString}, sqltype.Enum: {anyString, anyString},
	}[k]
	if f == Binary {
		return shapes[1]
	}
	return shapes[0]
}

// vectors are where a column's array holds its values, as its shape needs it.
type vectors struct {
	valid   []byte // nil if nothing is NULL
	offset  int    // of row 0 in valid and bits
	int32s  []int32
	int64s  []int64
	floats  []float64
	dates   []arrow.Date32
	stamps  []arrow.Timestamp
	bits    []byte
	offsets []int32
	text    []byte
}

// view finds the memory of arr.
func (s shape) view(arr arrow.Array) (v vectors) {
	data := arr.Data()
	if arr.NullN() > 0 {
		v.valid, v.offset = arr.NullBitmapBytes(), data.Offset()
	}
	switch s {
	case textInt32, binaryInt32:
		v.int32s = arr.(*array.Int32).Int32Values()
	case textInt64, binaryInt64:
		v.int64s = arr.(*array.Int64).Int64Values()
	case textFloat64, binaryFloat64:
		v.floats = arr.(*array.Float64).Float64Values()
	case textDate, binaryDate:
		v.dates = arr.(*array.Date32).Date32Values()
	case textMicros, binaryMicros:
		v.stamps = arr.(*array.Timestamp).TimestampValues()
	case anyBoolean:
		v.bits, v.offset = data.Buffers()[1].Bytes(), data.Offset()
	case anyString:
		v.offsets, v.text = arr.(*array.String).ValueOffsets(), data.Buffers()[2].Bytes()
	}
	return v
}

func (v *vectors) isNull(row int) bool {
	at := v.offset + row
	return v.valid != nil && v.valid[at>>3]>>(at&7)&1 == 0
}

// room is how many bytes the longest value of any shape takes with its length, save for texts.
const room = 40

// append appends the value of a row that is not NULL, with its length. dst has room for one that is no text.
func (c *column) append(dst []byte, row int, f *faults) []byte {
	at := len(dst)
	switch c.shape {
	case binaryInt32:
		return put32(dst, uint32(c.int32s[row]))
	case binaryInt64:
		return put64(dst, uint64(c.int64s[row]))
	case binaryFloat64:
		return put64(dst, math.Float64bits(c.floats[row]))
	case binaryDate:
		return put32(dst, uint32(pgDays(int32(c.dates[row]), f)))
	case binaryMicros:
		return put64(dst, uint64(pgMicros(int64(c.stamps[row]), 1e6, f)))
	case anyString:
		text := c.text[c.offsets[row]:c.offsets[row+1]]
		return append(be.AppendUint32(dst, uint32(len(text))), text...)
	case anyBoolean:
		bit := c.offset + row
		return append(dst, 0, 0, 0, 1, c.booleans[c.bits[bit>>3]>>(bit&7)&1])
	case textInt32:
		dst = cell.AppendInt(dst[:at+4], int64(c.int32s[row]))
	case textInt64:
		dst = cell.AppendInt(dst[:at+4], c.int64s[row])
	case textFloat64:
		dst = cell.AppendFloat(dst[:at+4], c.floats[row], 64)
	case textDate:
		dst = fixEra(cell.AppendDate(dst[:at+4], int32(c.dates[row])), at+4)
	case textMicros:
		dst = fixEra(cell.AppendTimestamp(dst[:at+4], int64(c.stamps[row]), arrow.Microsecond), at+4)
	default:
		dst = c.cells.append(dst[:at+4], row)
	}
	be.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

// put32 appends a value of 4 bytes with its length where there is room.
func put32(dst []byte, v uint32) []byte {
	b := dst[len(dst) : len(dst)+8]
	be.PutUint64(b, 4<<32|uint64(v))
	return dst[:len(dst)+8]
}

// put64 appends a value of 8 bytes with its length where there is room.
func put64(dst []byte, v uint64) []byte {
	b := dst[len(dst) : len(dst)+12]
	be.PutUint32(b, 8)
	be.PutUint64(b[4:], v)
	return dst[:len(dst)+12]
}
