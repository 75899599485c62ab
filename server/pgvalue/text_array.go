package pgvalue

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// nullDimension is why an array of arrays cannot be sent.
const nullDimension = "an array of arrays has NULL in place of an array, which PostgreSQL's arrays cannot"

// textArray writes arrays as {1,NULL,"a b"} (array_out in PostgreSQL's arrayfuncs.c).
type textArray struct {
	child  cells
	nested bool // of arrays
	list   array.ListLike
	values arrow.Array
	faults *faults
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
			if c.nested {
				c.faults.fail(nullDimension)
			}
			dst = append(dst, "NULL"...)
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
