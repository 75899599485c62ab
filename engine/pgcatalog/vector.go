package pgcatalog

import (
	"unsafe"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// reading is a flat vector that is read.
type reading struct{ data, valid unsafe.Pointer }

func newReading(v duck.Vector) reading {
	return reading{duck.VectorGetData(v), duck.VectorGetValidity(v)}
}

func (r reading) null(row int) bool {
	return r.valid != nil && *(*uint64)(unsafe.Add(r.valid, row/64*8))&(1<<(row%64)) == 0
}

// inlined is how many bytes of a string DuckDB keeps in the vector itself.
const inlined = 12

// text copies a VARCHAR; nil is NULL.
func (r reading) text(row int) *string {
	if r.null(row) {
		return nil
	}
	at := unsafe.Add(r.data, row*16)
	n, from := int(*(*uint32)(at)), unsafe.Add(at, 4)
	if n > inlined {
		from = *(*unsafe.Pointer)(unsafe.Add(at, 8))
	}
	s := string(unsafe.Slice((*byte)(from), n))
	return &s
}

func (r reading) int64(row int) int64 { return *(*int64)(unsafe.Add(r.data, row*8)) }

func (r reading) int16(row int) int16 { return *(*int16)(unsafe.Add(r.data, row*2)) }

// list returns where a list's elements are in its child vector.
func (r reading) list(row int) (from, n int) {
	at := unsafe.Add(r.data, row*16)
	return int(*(*uint64)(at)), int(*(*uint64)(unsafe.Add(at, 8)))
}

func setNull(v duck.Vector, row int) {
	duck.VectorEnsureValidityWritable(v)
	*(*uint64)(unsafe.Add(duck.VectorGetValidity(v), row/64*8)) &^= 1 << (row % 64)
}

func setInt64(v duck.Vector, row int, n int64) {
	*(*int64)(unsafe.Add(duck.VectorGetData(v), row*8)) = n
}

// setText writes a text: a short one in place, which saves a call into C.
func setText(v duck.Vector, row int, s string) {
	if len(s) > inlined {
		duck.VectorAssignStringElement(v, duck.IdxT(row), s)
		return
	}
	at := unsafe.Add(duck.VectorGetData(v), row*16)
	*(*[16]byte)(at) = [16]byte{}
	*(*uint32)(at) = uint32(len(s))
	copy(unsafe.Slice((*byte)(unsafe.Add(at, 4)), inlined), s)
}
