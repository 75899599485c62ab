package engine

import (
	"math/big"
	"math/bits"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
)

// reader copies DuckDB vectors of one type into Arrow arrays. The layouts are those of DuckDB's C API
// (https://duckdb.org/docs/stable/clients/c/vector): flat, with a validity bitmap that is absent when nothing is NULL.
type reader struct {
	t      sqltype.Type
	at     arrow.DataType
	kids   []*reader
	width  int    // bytes of one value in the vector; 0 for those that are not copied as they are
	mem    *arena // where the arrays lie; nil if each is to have memory of its own
	copier func(r *reader, v vector) arrow.ArrayData
}

// vector is the rows of a DuckDB vector that make up an Arrow array: the first n, or those that sel names.
type vector struct {
	vec   duck.Vector
	data  unsafe.Pointer
	valid unsafe.Pointer
	n     int
	sel   []int // nil means 0 to n-1
}

func newVector(vec duck.Vector, n int, sel []int) vector {
	return vector{vec: vec, data: duck.VectorGetData(vec), valid: duck.VectorGetValidity(vec), n: n, sel: sel}
}

// at returns the row of the vector that becomes row i of the array.
func (v vector) at(i int) int {
	if v.sel != nil {
		return v.sel[i]
	}
	return i
}

func (v vector) isNull(i int) bool { return !rowValid(v.valid, v.at(i)) }

func rowValid(mask unsafe.Pointer, row int) bool {
	return mask == nil || *(*uint64)(unsafe.Add(mask, row/64*8))&(1<<(row%64)) != 0
}

// validity returns Arrow's bitmap, which has the same layout as DuckDB's, and the number of NULLs.
func (v vector) validity(mem *arena) (*memory.Buffer, int) {
	if v.valid == nil {
		return nil, 0
	}
	buf := mem.take((v.n + 63) / 64 * 8)
	out := arrow.Uint64Traits.CastFromBytes(buf.Bytes())
	if v.sel == nil {
		copy(out, unsafe.Slice((*uint64)(v.valid), len(out)))
		if tail := v.n % 64; tail != 0 { // bits behind the last row mean nothing
			out[len(out)-1] &= 1<<tail - 1
		}
	} else {
		clear(out)
		for i, row := range v.sel {
			if rowValid(v.valid, row) {
				out[i/64] |= 1 << (i % 64)
			}
		}
	}
	set := 0
	for _, word := range out {
		set += bits.OnesCount64(word)
	}
	if set == v.n {
		buf.Release()
		return nil, 0
	}
	return buf, v.n - set
}

// newReader returns the reader for a type that arrowType accepts.
func newReader(t sqltype.Type) *reader {
	r := &reader{t: t, at: arrowType(t)}
	for _, f := range t.Fields {
		r.kids = append(r.kids, newReader(f.Type))
	}
	switch t.Kind {
	case sqltype.Null:
		r.copier = copyNulls
	case sqltype.Boolean:
		r.copier = copyBooleans
	case sqltype.Decimal:
		r.copier = copyDecimals
	case sqltype.UUID:
		r.copier = copyUUIDs
	case sqltype.Varchar, sqltype.JSON, sqltype.Blob, sqltype.Geometry:
		r.copier = copyStrings
	case sqltype.Enum:
		r.copier = copyTexts(enumText)
	case sqltype.Bit:
		r.copier = copyTexts(bitText)
	case sqltype.BigNum:
		r.copier = copyTexts(bigNumText)
	case sqltype.List, sqltype.Map:
		r.copier = copyLists
	case sqltype.Array:
		r.copier = copyArrays
	case sqltype.Struct, sqltype.Union:
		r.copier = copyStructs
	default:
		r.width = r.at.(arrow.FixedWidthDataType).BitWidth() / 8
		r.copier = copyFixed
	}
	return r
}

// lieIn makes mem the memory of the arrays of r and what is nested in it.
func (r *reader) lieIn(mem *arena) {
	r.mem = mem
	for _, k := range r.kids {
		k.lieIn(mem)
	}
}

// read copies n rows of vec, or those that sel names, into a new Arrow array.
func (r *reader) read(vec duck.Vector, n int, sel []int) arrow.ArrayData {
	return r.copier(r, newVector(vec, n, sel))
}

// build makes array data from buffers that hold all rows, and takes them over.
func (r *reader) build(v vector, kids []arrow.ArrayData, buffers ...*memory.Buffer) arrow.ArrayData {
	valid, nulls := v.validity(r.mem)
	all := append([]*memory.Buffer{valid}, buffers...)
	data := array.NewData(r.at, v.n, all, kids, nulls, 0)
	for _, b := range all {
		if b != nil {
			b.Release() // data has its own hold
		}
	}
	return data
}

func copyNulls(r *reader, v vector) arrow.ArrayData {
	return array.NewData(arrow.Null, v.n, []*memory.Buffer{nil}, nil, v.n, 0)
}

// copyFixed copies values whose Arrow form is DuckDB's own.
func copyFixed(r *reader, v vector) arrow.ArrayData {
	buf := r.mem.take(v.n * r.width)
	out := buf.Bytes()
	if v.sel == nil {
		copy(out, unsafe.Slice((*byte)(v.data), len(out)))
	} else {
		for i, row := range v.sel {
			copy(out[i*r.width:(i+1)*r.width], unsafe.Slice((*byte)(unsafe.Add(v.data, row*r.width)), r.width))
		}
	}
	return r.build(v, nil, buf)
}

func copyBooleans(r *reader, v vector) arrow.ArrayData {
	buf := r.mem.take((v.n + 7) / 8)
	out := buf.Bytes()
	clear(out)
	for i := range v.n {
		out[i/8] |= *(*byte)(unsafe.Add(v.data, v.at(i))) & 1 << (i % 8) // DuckDB's booleans are 0 and 1
	}
	return r.build(v, nil, buf)
}

// copyDecimals widens DuckDB's 16, 32 or 64 bits, chosen by the width, to Arrow's 128.
func copyDecimals(r *reader, v vector) arrow.ArrayData {
	buf := r.mem.take(16 * v.n)
	out := arrow.Int64Traits.CastFromBytes(buf.Bytes()) // low and high words
	for i := range v.n {
		row := v.at(i)
		var n int64
		switch w := r.t.Width; {
		case w <= 4:
			n = int64(*(*int16)(unsafe.Add(v.data, row*2)))
		case w <= 9:
			n = int64(*(*int32)(unsafe.Add(v.data, row*4)))
		case w <= 18:
			n = *(*int64)(unsafe.Add(v.data, row*8))
		default:
			words := (*[2]int64)(unsafe.Add(v.data, row*16))
			out[2*i], out[2*i+1] = words[0], words[1]
			continue
		}
		out[2*i], out[2*i+1] = n, n>>63
	}
	return r.build(v, nil, buf)
}

// copyUUIDs turns DuckDB's UUID, a signed 128-bit integer with the top bit flipped, into its 16 bytes as printed.
func copyUUIDs(r *reader, v vector) arrow.ArrayData {
	buf := r.mem.take(16 * v.n)
	out := buf.Bytes()
	for i := range v.n {
		words := (*[2]uint64)(unsafe.Add(v.data, v.at(i)*16))
		for b := range 8 {
			out[i*16+b] = byte((words[1] ^ 1<<63) >> (56 - 8*b))
			out[i*16+8+b] = byte(words[0] >> (56 - 8*b))
		}
	}
	return r.build(v, nil, buf)
}

// stringAt returns the bytes of a duckdb_string_t, which belong to the vector: 4 bytes of length, then up to 12 bytes
// of text, or 4 bytes of prefix and a pointer.
func stringAt(data unsafe.Pointer, row int) []byte {
	s := unsafe.Add(data, row*16)
	n := int(*(*uint32)(s))
	if n <= 12 {
		return unsafe.Slice((*byte)(unsafe.Add(s, 4)), n)
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(s, 8)), n)
}

func copyStrings(r *reader, v vector) arrow.ArrayData {
	ends := r.mem.take(4 * (v.n + 1))
	offsets, size := arrow.Int32Traits.CastFromBytes(ends.Bytes()), 0
	offsets[0] = 0
	if v.valid == nil && v.sel == nil {
		for i := range v.n {
			size += int(*(*uint32)(unsafe.Add(v.data, i*16)))
			offsets[i+1] = int32(size)
		}
	} else {
		for i := range v.n {
			if !v.isNull(i) {
				size += int(*(*uint32)(unsafe.Add(v.data, v.at(i)*16)))
			}
			offsets[i+1] = int32(size)
		}
	}
	buf := r.mem.take(size)
	copyTextsOf(v, buf.Bytes(), offsets)
	return r.build(v, nil, ends, buf)
}

// copyTextsOf copies the texts of a vector to where offsets say.
func copyTextsOf(v vector, text []byte, offsets []int32) {
	for i := range v.n {
		from, to := int(offsets[i]), int(offsets[i+1])
		if from == to {
			continue
		}
		s := unsafe.Add(v.data, v.at(i)*16)
		if to-from <= 12 && from+12 <= len(text) { // lies in the entry itself; 12 bytes go without a call
			*(*[12]byte)(text[from:]) = *(*[12]byte)(unsafe.Add(s, 4))
		} else {
			copy(text[from:to], stringAt(v.data, v.at(i)))
		}
	}
}

// copyTexts copies values that need text made from them.
func copyTexts(appendText func(dst []byte, r *reader, data unsafe.Pointer, row int) []byte) func(*reader, vector) arrow.ArrayData {
	return func(r *reader, v vector) arrow.ArrayData {
		offsets, text := make([]int32, v.n+1), []byte{}
		for i := range v.n {
			if !v.isNull(i) {
				text = appendText(text, r, v.data, v.at(i))
			}
			offsets[i+1] = int32(len(text))
		}
		return r.build(v, nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)), memory.NewBufferBytes(text))
	}
}

// enumText appends the label; the index takes the fewest bytes that the dictionary needs.
func enumText(dst []byte, r *reader, data unsafe.Pointer, row int) []byte {
	var at int
	switch n := len(r.t.Values); {
	case n < 1<<8:
		at = int(*(*uint8)(unsafe.Add(data, row)))
	case n < 1<<16:
		at = int(*(*uint16)(unsafe.Add(data, row*2)))
	default:
		at = int(*(*uint32)(unsafe.Add(data, row*4)))
	}
	return append(dst, r.t.Values[at]...)
}

// bitText appends the bits as digits: the first byte says how many bits of the second are padding.
func bitText(dst []byte, _ *reader, data unsafe.Pointer, row int) []byte {
	b := stringAt(data, row)
	for i := int(b[0]); i < (len(b)-1)*8; i++ {
		dst = append(dst, '0'+b[1+i/8]>>(7-i%8)&1)
	}
	return dst
}

// bigNumText appends the digits. A BIGNUM is three bytes of sign and length and a big-endian magnitude, all of it
// inverted if negative (DuckDB, src/include/duckdb/common/types/bignum.hpp).
func bigNumText(dst []byte, _ *reader, data unsafe.Pointer, row int) []byte {
	b := append([]byte(nil), stringAt(data, row)...)
	negative := b[0]&0x80 == 0
	if negative {
		for i := range b {
			b[i] = ^b[i]
		}
	}
	n := new(big.Int).SetBytes(b[3:])
	if negative {
		n.Neg(n)
	}
	return n.Append(dst, 10)
}
