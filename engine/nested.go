package engine

import (
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
)

// listEntry is where a list's elements stand in the child vector.
type listEntry struct{ offset, length uint64 }

// copyLists copies LIST and MAP, whose child is a struct of key and value. The elements of the lists may stand in
// any order in the child vector, with gaps; Arrow wants them one after another.
func copyLists(r *reader, v vector) arrow.ArrayData {
	offsets, sel, inOrder := make([]int32, v.n+1), []int(nil), true
	total := 0
	for i := range v.n {
		if !v.isNull(i) {
			e := *(*listEntry)(unsafe.Add(v.data, v.at(i)*16))
			inOrder = inOrder && (e.length == 0 || int(e.offset) == total)
			total += int(e.length)
		}
		offsets[i+1] = int32(total)
	}
	if !inOrder {
		sel = make([]int, 0, total)
		for i := range v.n {
			if v.isNull(i) {
				continue
			}
			e := *(*listEntry)(unsafe.Add(v.data, v.at(i)*16))
			for k := range e.length {
				sel = append(sel, int(e.offset+k))
			}
		}
	}
	child := duck.ListVectorGetChild(v.vec)
	var kid arrow.ArrayData
	if r.t.Kind == sqltype.Map {
		kid = r.mapEntries(newVector(child, total, sel))
	} else {
		kid = r.kids[0].read(child, total, sel)
	}
	defer kid.Release()
	return r.build(v, []arrow.ArrayData{kid}, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)))
}

// mapEntries copies the keys and values of a MAP's child.
func (r *reader) mapEntries(v vector) arrow.ArrayData {
	kids := make([]arrow.ArrayData, 2)
	for i := range kids {
		kids[i] = r.kids[i].read(duck.StructVectorGetChild(v.vec, duck.IdxT(i)), v.n, v.sel)
		defer kids[i].Release()
	}
	entries := r.at.(*arrow.MapType).Elem()
	return array.NewData(entries, v.n, []*memory.Buffer{nil}, kids, 0, 0)
}

// copyArrays copies arrays of a fixed size as lists.
func copyArrays(r *reader, v vector) arrow.ArrayData {
	size := r.t.Size
	offsets, sel := make([]int32, v.n+1), make([]int, 0, v.n*size)
	for i := range v.n {
		for k := range size {
			sel = append(sel, v.at(i)*size+k)
		}
		offsets[i+1] = int32(len(sel))
	}
	kid := r.kids[0].read(duck.ArrayVectorGetChild(v.vec), len(sel), sel)
	defer kid.Release()
	return r.build(v, []arrow.ArrayData{kid}, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)))
}

// tagReader reads the index of a union's active member.
var tagReader = &reader{t: sqltype.Of(sqltype.UTinyInt), at: arrow.PrimitiveTypes.Uint8, width: 1, copier: copyFixed}

// copyStructs copies STRUCT, and UNION, which has its tag as the first child.
func copyStructs(r *reader, v vector) arrow.ArrayData {
	readers := r.kids
	if r.t.Kind == sqltype.Union {
		readers = append([]*reader{tagReader}, r.kids...)
	}
	kids := make([]arrow.ArrayData, len(readers))
	for i, k := range readers {
		kids[i] = k.read(duck.StructVectorGetChild(v.vec, duck.IdxT(i)), v.n, v.sel)
		defer kids[i].Release()
	}
	return r.build(v, kids)
}
