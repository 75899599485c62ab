package textscan

import (
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/infer"
)

// maxChunkBytes ends a chunk early, so that memory stays flat however long the cells are.
const maxChunkBytes = 4 << 20

// inlined is how many bytes of a string DuckDB keeps in the vector itself.
const inlined = 12

// textRef is DuckDB's duckdb_string_t: short texts stand in the vector, of longer ones the first four bytes and the address.
type textRef struct {
	length uint32
	prefix [4]byte
	rest   [8]byte // the other inlined bytes, or the address
}

// chunk writes rows into DuckDB's vectors. There is no call into C per cell: short texts are written in place; long ones are
// gathered and handed over as one piece of memory per column, into which the vector's entries then point.
type chunk struct {
	columns []column // of the files' text
	lines   unsafe.Pointer
	index   unsafe.Pointer
	file    column
	rows    int // the vectors' size
	bytes   int // of long texts so far
}

// column is one vector of texts.
type column struct {
	from  int // the cell's place in its row
	vec   duck.Vector
	data  unsafe.Pointer
	valid unsafe.Pointer // nil as long as there is no NULL
	long  []byte
	refs  []longText
}

// longText is the row of a text that is not inlined, and where it is in long.
type longText struct{ row, at, length int }

// begin takes a new chunk of DuckDB's.
func (c *chunk) begin(out duck.DataChunk, at []place, texts int) {
	if c.rows == 0 {
		c.rows = int(duck.VectorSize())
		for _, p := range at {
			if p.column < texts {
				c.columns = append(c.columns, column{from: p.column})
			}
		}
	}
	c.bytes, c.lines, c.index, c.file.data = 0, nil, nil, nil
	i := 0
	for _, p := range at {
		vec := duck.DataChunkGetVector(out, duck.IdxT(p.vector))
		switch p.column - texts {
		case lineColumn:
			c.lines = duck.VectorGetData(vec)
		case indexColumn:
			c.index = duck.VectorGetData(vec)
		case fileColumn:
			c.file.reset(vec)
		default:
			c.columns[i].reset(vec)
			i++
		}
	}
}

func (c *column) reset(vec duck.Vector) {
	c.vec, c.data, c.valid = vec, duck.VectorGetData(vec), nil
	c.long, c.refs = c.long[:0], c.refs[:0]
}

// row writes the texts and the line of row n.
func (c *chunk) row(n int, cells []infer.Cell, line int64) {
	for i := range c.columns {
		col := &c.columns[i]
		cell := &cells[col.from]
		switch {
		case cell.Null:
			col.null(n)
		case len(cell.Text) <= inlined:
			col.short(n, cell.Text)
		default:
			col.refs = append(col.refs, longText{n, len(col.long), len(cell.Text)})
			col.long = append(col.long, cell.Text...)
			c.bytes += len(cell.Text)
		}
	}
	if c.lines != nil {
		*(*int64)(unsafe.Add(c.lines, n*8)) = line
	}
}

func (c *column) ref(n int) *textRef {
	return (*textRef)(unsafe.Add(c.data, n*int(unsafe.Sizeof(textRef{}))))
}

func (c *column) null(n int) {
	if c.valid == nil {
		duck.VectorEnsureValidityWritable(c.vec)
		c.valid = duck.VectorGetValidity(c.vec)
	}
	*(*uint64)(unsafe.Add(c.valid, n/64*8)) &^= 1 << (n % 64)
}

func (c *column) short(n int, text []byte) {
	r := c.ref(n)
	*r = textRef{length: uint32(len(text))}
	copy(unsafe.Slice(&r.prefix[0], inlined), text)
}

// end hands the long texts over and fills what is the same in all n rows.
func (c *chunk) end(n, index int, path string) {
	for i := range c.columns {
		c.columns[i].handOver()
	}
	for i := 0; c.index != nil && i < n; i++ {
		*(*uint64)(unsafe.Add(c.index, i*8)) = uint64(index)
	}
	if c.file.data == nil || n == 0 {
		return
	}
	if len(path) <= inlined {
		c.file.short(0, []byte(path))
	} else {
		bindings.UnsafeVectorAssignStringElementLen(c.file.vec, 0, []byte(path))
	}
	for i := 1; i < n; i++ {
		*c.file.ref(i) = *c.file.ref(0)
	}
}

// handOver copies the long texts into memory of the vector's own, in one call, and points its entries to them.
func (c *column) handOver() {
	if len(c.refs) == 0 {
		return
	}
	first := c.ref(c.refs[0].row)
	bindings.UnsafeVectorAssignStringElementLen(c.vec, duck.IdxT(c.refs[0].row), c.long)
	base := *(*uint64)(unsafe.Pointer(&first.rest))
	for _, l := range c.refs {
		r := c.ref(l.row)
		r.length = uint32(l.length)
		copy(r.prefix[:], c.long[l.at:])
		*(*uint64)(unsafe.Pointer(&r.rest)) = base + uint64(l.at)
	}
}
