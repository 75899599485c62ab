package pgvalue

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/catalog/sqltype"
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
	textDecimal
	binaryInt32 // and what has its form
	binaryInt64
	binaryFloat64
	binaryDate
	binaryMicros
	binaryDecimal
	anyBoolean
	anyString
)

// shapeOf returns the shape of a column.
func shapeOf(k sqltype.Kind, f Format) shape {
	shapes := map[sqltype.Kind][2]shape{ // text, binary
		sqltype.Integer: {textInt32, binaryInt32}, sqltype.BigInt: {textInt64, binaryInt64},
		sqltype.Double: {textFloat64, binaryFloat64}, sqltype.Date: {textDate, binaryDate},
		sqltype.Timestamp: {textMicros, binaryMicros}, sqltype.Boolean: {anyBoolean, anyBoolean},
		sqltype.Decimal: {textDecimal, binaryDecimal},
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
	nums    []decimal128.Num
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
	case textDecimal, binaryDecimal:
		v.nums = arr.(*array.Decimal128).Values()
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

// room is how many bytes are set aside for a value of any shape with its length, save for texts.
const room = 64

// microsecond is the unit of the shape textMicros.
const microsecond = arrow.Microsecond

// putBoolean writes a boolean in either format.
func (c *column) putBoolean(buf []byte, at, row int) int {
	bit := c.offset + row
	be.PutUint64(buf[at:], 1<<32|uint64(c.booleans[c.bits[bit>>3]>>(bit&7)&1])<<24)
	return at + 5
}

// putBinary writes the value of a row of the binary shapes.
func (c *column) putBinary(buf []byte, at, row int, f *faults) int {
	switch c.shape {
	case binaryInt32:
		return put32(buf, at, uint32(c.int32s[row]))
	case binaryInt64:
		return put64(buf, at, uint64(c.int64s[row]))
	case binaryFloat64:
		return put64(buf, at, math.Float64bits(c.floats[row]))
	case binaryDate:
		return put32(buf, at, uint32(pgDays(int32(c.dates[row]), f)))
	case binaryMicros:
		return put64(buf, at, uint64(pgMicros(int64(c.stamps[row]), 1e6, f)))
	case binaryDecimal:
		return c.putNumeric(buf, at, c.nums[row], f)
	}
	panic("pgvalue: a shape without a way to write it")
}

// put32 writes a value of 4 bytes with its length.
func put32(buf []byte, at int, v uint32) int {
	be.PutUint64(buf[at:], 4<<32|uint64(v))
	return at + 8
}

// put64 writes a value of 8 bytes with its length.
func put64(buf []byte, at int, v uint64) int {
	be.PutUint32(buf[at:], 8)
	be.PutUint64(buf[at+4:], v)
	return at + 12
}

// putText writes text[from:to] with its length. There is room for it and 16 bytes more.
func putText(buf []byte, at int, text []byte, from, to int) int {
	be.PutUint32(buf[at:], uint32(to-from))
	at += 4
	if to-from <= 16 && from+16 <= len(text) { // without a call
		*(*[16]byte)(buf[at:]) = *(*[16]byte)(text[from:])
	} else {
		copy(buf[at:], text[from:to])
	}
	return at + to - from
}
