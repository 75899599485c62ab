package pgvalue

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
)

// textArray writes arrays as {1,NULL,"a b"} (array_out in PostgreSQL's arrayfuncs.c).
type textArray struct {
	child  cells
	nested bool   // of arrays
	null   []byte // a NULL in it
	list   array.ListLike
	values arrow.Array
}

func newTextArray(t sqltype.Type, style Style, f *faults) cells {
	outer := newTextList(t, style, f)
	for inner := t.Elem(); inner.IsNested(); inner = inner.Elem() {
		if inner.Kind == sqltype.List {
			return &nestedText{textArray: outer, dimensions: dimensionsOf(t), faults: f}
		}
	}
	return outer
}

func newTextList(t sqltype.Type, style Style, f *faults) *textArray {
	c := &textArray{nested: t.Elem().IsNested(), null: nullText(t.Elem())}
	if c.nested {
		c.child = newTextList(t.Elem(), style, f)
	} else {
		c.child = textCells(t.Elem(), style, f)
	}
	return c
}

// nestedText writes lists of lists. Those that are no array of PostgreSQL's, as {{1,2},{3},NULL}, are written whole, and a warning says so.
type nestedText struct {
	*textArray
	dimensions
	faults *faults
}

func (c *nestedText) reset(arr arrow.Array) {
	c.textArray.reset(arr)
	c.dimensions.reset(arr)
}

func (c *nestedText) append(dst []byte, row int) []byte {
	if !c.measure(row) {
		c.faults.uneven = true
	}
	return c.textArray.append(dst, row)
}

// nullText is what stands for a NULL in an array: PostgreSQL's arrays are rectangular, so that an array in an array
// cannot be NULL; each of its elements is.
func nullText(t sqltype.Type) []byte {
	if t.Kind != sqltype.Array {
		return []byte("NULL")
	}
	out := []byte{'{'}
	for i := range t.Size {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, nullText(t.Elem())...)
	}
	return append(out, '}')
}

func (c *textArray) reset(arr arrow.Array) {
	c.list = arr.(array.ListLike)
	c.values = c.list.ListValues()
	c.child.reset(c.values)
}

func (c *textArray) append(dst []byte, row int) []byte {
	from, to := c.list.ValueOffsets(row)
	dst = append(dst, '{')
	for i := int(from); i < int(to); i++ {
		if i > int(from) {
			dst = append(dst, ',')
		}
		if c.values.IsNull(i) {
			dst = append(dst, c.null...)
			continue
		}
		start := len(dst)
		if dst = c.child.append(dst, i); !c.nested {
			dst = quoteElement(dst, start)
		}
	}
	return append(dst, '}')
}

// quoteElement puts the element at dst[start:] in quotes if it could be read as something else.
func quoteElement(dst []byte, start int) []byte {
	text := dst[start:]
	special, escapes := len(text) == 0 || len(text) == 4 && strings.EqualFold(string(text), "NULL"), 0
	for _, b := range text {
		switch b {
		case '"', '\\':
			escapes++
		case '{', '}', ',', ' ', '\t', '\n', '\r', '\v', '\f':
			special = true
		}
	}
	if !special && escapes == 0 {
		return dst
	}
	from := len(dst) - 1
	for range escapes + 2 {
		dst = append(dst, '"')
	}
	for to := len(dst) - 2; from >= start; from-- { // from the end, so that nothing is overwritten
		dst[to] = dst[from]
		to--
		if dst[from] == '"' || dst[from] == '\\' {
			dst[to] = '\\'
			to--
		}
	}
	dst[start] = '"'
	return dst
}
