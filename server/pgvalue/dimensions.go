package pgvalue

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// dimensions are the levels of a column of lists, the outermost first.
type dimensions struct {
	fixed   []int // the length that the type gives the lists of a level; -1 where they may have any
	lists   []array.ListLike
	values  arrow.Array // what the innermost lists hold
	lengths []int       // of the value that was measured last
}

func dimensionsOf(t sqltype.Type) dimensions {
	var d dimensions
	for ; t.Kind == sqltype.List || t.Kind == sqltype.Array; t = t.Elem() {
		length := -1
		if t.Kind == sqltype.Array {
			length = int(t.Size)
		}
		d.fixed = append(d.fixed, length)
	}
	d.lengths = make([]int, len(d.fixed))
	return d
}

func (d *dimensions) reset(arr arrow.Array) {
	d.lists, d.values = d.lists[:0], arr
	for range d.fixed {
		list := d.values.(array.ListLike)
		d.lists, d.values = append(d.lists, list), list.ListValues()
	}
}

// measure finds the lengths of the value of a row; false if there are none, because lists of one level differ in length, or one is NULL.
func (d *dimensions) measure(row int) bool {
	for i := range d.lengths {
		d.lengths[i] = -1
	}
	if !d.measureList(0, row) {
		return false
	}
	for i, n := range d.lengths {
		d.lengths[i] = max(n, 0) // nothing stands where another level is empty
	}
	return true
}

func (d *dimensions) measureList(level, at int) bool {
	from, to := d.lists[level].ValueOffsets(at)
	if n := int(to - from); d.lengths[level] < 0 {
		d.lengths[level] = n
	} else if d.lengths[level] != n {
		return false
	}
	if level+1 == len(d.lists) {
		return true
	}
	for i := int(from); i < int(to); i++ {
		if d.lists[level+1].IsNull(i) {
			if !d.measureNull(level + 1) {
				return false
			}
		} else if !d.measureList(level+1, i) {
			return false
		}
	}
	return true
}

// measureNull takes a list that is NULL for one of NULLs, which it can be where its length is part of its type.
func (d *dimensions) measureNull(level int) bool {
	for ; level < len(d.fixed); level++ {
		if d.fixed[level] < 0 || d.lengths[level] >= 0 && d.lengths[level] != d.fixed[level] {
			return false
		}
		d.lengths[level] = d.fixed[level]
	}
	return true
}

// empty reports whether the measured value has no element.
func (d *dimensions) empty() bool {
	for _, n := range d.lengths {
		if n == 0 {
			return true
		}
	}
	return false
}
