package pgvalue

import (
	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/pgtype"
)

// binaryArray writes arrays: the number of dimensions, whether there are NULLs, the element's OID, the length and the
// lower bound of each dimension, then each element with its length (array_send in PostgreSQL's arrayfuncs.c).
type binaryArray struct {
	child cells
	oid   uint32
	dimensions
	nulls  bool
	faults *faults
}

func newBinaryArray(t sqltype.Type, style Style, f *faults) *binaryArray {
	elem := pgtype.Scalar(t)
	return &binaryArray{child: binaryCells(elem, style, f), oid: Of(elem).OID, dimensions: dimensionsOf(t), faults: f}
}

func (c *binaryArray) reset(arr arrow.Array) {
	c.dimensions.reset(arr)
	c.child.reset(c.values)
}

func (c *binaryArray) append(dst []byte, row int) []byte {
	if len(c.lists) == 1 {
		from, to := c.lists[0].ValueOffsets(row)
		c.lengths[0] = int(to - from)
	} else if !c.measure(row) {
		c.faults.ragged()
		return dst
	}
	if c.empty() {
		return be.AppendUint32(append(dst, 0, 0, 0, 0, 0, 0, 0, 0), c.oid)
	}
	dst = append(dst, 0, 0, 0, byte(len(c.lists)))
	nulls := len(dst) + 3
	dst = be.AppendUint32(append(dst, 0, 0, 0, 0), c.oid)
	for _, n := range c.lengths {
		dst = append(be.AppendUint32(dst, uint32(n)), 0, 0, 0, 1)
	}
	c.nulls = false
	dst = c.elements(dst, 0, row)
	if c.nulls {
		dst[nulls] = 1
	}
	return dst
}

// elements appends what a list of some level holds, in order.
func (c *binaryArray) elements(dst []byte, level, row int) []byte {
	from, to := c.lists[level].ValueOffsets(row)
	for i := int(from); i < int(to); i++ {
		if level+1 < len(c.lists) {
			if c.lists[level+1].IsNull(i) {
				dst = c.nothing(dst, level+1)
			} else {
				dst = c.elements(dst, level+1, i)
			}
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

// nothing appends the elements of a list that is NULL in a list, as nullText does.
func (c *binaryArray) nothing(dst []byte, level int) []byte {
	n := 1
	for _, length := range c.lengths[level:] {
		n *= length
	}
	for range n {
		dst = append(dst, 0xff, 0xff, 0xff, 0xff)
	}
	c.nulls = true
	return dst
}
