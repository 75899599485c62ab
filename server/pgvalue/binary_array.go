package pgvalue

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

// binaryArray writes arrays: the number of dimensions, whether there are NULLs, the element's OID, the length and the
// lower bound of each dimension, then each element with its length (array_send in PostgreSQL's arrayfuncs.c).
type binaryArray struct {
	child  cells
	oid    uint32
	inner  []uint32 // the lengths of the dimensions but the first, which are part of the type
	lists  []array.ListLike
	values arrow.Array
	nulls  bool
	faults *faults
}

func newBinaryArray(t sqltype.Type, style cell.Style, f *faults) *binaryArray {
	elem := pgtype.Scalar(t)
	c := &binaryArray{child: binaryCells(elem, style, f), oid: Of(elem).OID, faults: f}
	for t = t.Elem(); t.Kind == sqltype.Array; t = t.Elem() {
		c.inner = append(c.inner, uint32(t.Size))
	}
	return c
}

func (c *binaryArray) reset(arr arrow.Array) {
	c.lists, c.values = c.lists[:0], arr
	for range len(c.inner) + 1 {
		list := c.values.(array.ListLike)
		c.lists, c.values = append(c.lists, list), list.ListValues()
	}
	c.child.reset(c.values)
}

func (c *binaryArray) append(dst []byte, row int) []byte {
	from, to := c.lists[0].ValueOffsets(row)
	if from == to {
		return be.AppendUint32(append(dst, 0, 0, 0, 0, 0, 0, 0, 0), c.oid)
	}
	dst = append(dst, 0, 0, 0, byte(len(c.lists)))
	nulls := len(dst) + 3
	dst = be.AppendUint32(append(dst, 0, 0, 0, 0), c.oid)
	dst = append(be.AppendUint32(dst, uint32(to-from)), 0, 0, 0, 1)
	for _, n := range c.inner {
		dst = append(be.AppendUint32(dst, n), 0, 0, 0, 1)
	}
	c.nulls = false
	dst = c.elements(dst, 0, row)
	if c.nulls {
		dst[nulls] = 1
	}
	return dst
}

// elements appends what a list of some dimension holds, in order.
func (c *binaryArray) elements(dst []byte, depth, row int) []byte {
	from, to := c.lists[depth].ValueOffsets(row)
	for i := int(from); i < int(to); i++ {
		if depth < len(c.inner) {
			if c.lists[depth+1].IsNull(i) {
				c.faults.fail(nullDimension)
				return dst
			}
			dst = c.elements(dst, depth+1, i)
			continue
		}
		at := len(dst)
		if c.values.IsNull(i) {
			c.nulls = true
			dst = append(dst, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		dst = c.child.append(append(dst, 0, 0, 0, 0), i)
		be.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst
}
