package pgvalue

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine"
)

// Encoder writes the rows of one result as DataRow messages. The code for each column is chosen once; a cell costs no
// allocation.
type Encoder struct {
	columns []column
	faults  faults
}

// column is one column of the batch being written.
type column struct {
	cells    cells
	shape    shape
	booleans [2]byte // false and true
	scale    int     // of decimals
	day      int32   // that is in dayWire
	dayWire  [16]byte
	scratch  []byte // for a decimal's text
	vectors
}

// cells writes the values of one array at a time.
type cells interface {
	reset(arrow.Array)
	// append appends the value of a row that is not NULL, without its length.
	append(dst []byte, row int) []byte
}

// faults is what cells could not write as it is.
type faults struct {
	err    error // a value has no PostgreSQL form at all
	nanos  bool  // digits below the microsecond were cut off
	uneven bool  // a list of lists is no rectangle, as arrays are
}

// ragged notes that a list of lists has no binary form.
func (f *faults) ragged() {
	if f.err == nil {
		f.err = &engine.Error{Kind: engine.KindArraySubscript, Message: "a list of lists whose lengths differ, or of which one is NULL, is no PostgreSQL array",
			Hint: "Select to_json(x) in the place of x, or read the column in the text format."}
	}
}

func (f *faults) fail(format string, args ...any) {
	if f.err == nil {
		f.err = &engine.Error{Kind: engine.KindOutOfRange, Message: fmt.Sprintf(format, args...),
			Hint: "Cast the column to VARCHAR, or read it in the text format."}
	}
}

// NewEncoder returns the encoder for a result with these columns, in these formats (one a column).
func NewEncoder(columns []engine.Column, formats []Format, style Style) *Encoder {
	makeTables()
	e := &Encoder{columns: make([]column, len(columns))}
	for i, c := range columns {
		col := &e.columns[i]
		col.shape, col.scale = shapeOf(c.Type.Kind, formats[i]), int(c.Type.Scale)
		col.keepDay(0)
		if formats[i] == Text && styledCells(c.Type, style, &e.faults) != nil {
			col.shape = byCells
		}
		if own := catalogCells(c, style, &e.faults); own != nil && formats[i] == Binary {
			col.cells, col.shape = own, byCells
		} else if formats[i] == Binary {
			col.cells, col.booleans = binaryCells(c.Type, style, &e.faults), [2]byte{0, 1}
		} else {
			col.cells, col.booleans = textCells(c.Type, style, &e.faults), [2]byte{'f', 't'}
		}
	}
	return e
}

// Reset makes rec the batch whose rows AppendRow writes. The encoder reads it until the next Reset.
func (e *Encoder) Reset(rec arrow.RecordBatch) {
	for i := range e.columns {
		c := &e.columns[i]
		arr := rec.Column(i)
		c.vectors = c.shape.view(arr)
		if c.shape == byCells {
			c.cells.reset(arr)
		}
	}
}

// AppendRow appends row of the current batch as a whole DataRow message. The error is an *engine.Error: a value that
// PostgreSQL's type cannot hold.
func (e *Encoder) AppendRow(dst []byte, row int) ([]byte, error) {
	start, need := len(dst), room*(len(e.columns)+1) // for all that has a bounded size
	buf := grow(dst, need)
	buf[start] = 'D'
	be.PutUint16(buf[start+5:], uint16(len(e.columns)))
	at := start + 7
	for i := range e.columns {
		c := &e.columns[i]
		if c.valid != nil && c.isNull(row) {
			be.PutUint32(buf[at:], math.MaxUint32)
			at += 4
			continue
		}
		switch c.shape {
		case anyString:
			from, to := int(c.offsets[row]), int(c.offsets[row+1])
			if len(buf)-at < to-from+need {
				buf = grow(buf[:at], to-from+need)
			}
			at = putText(buf, at, c.text, from, to)
		case byCells:
			value := c.cells.append(buf[:at+4], row)
			be.PutUint32(value[at:], uint32(len(value)-at-4))
			at = len(value)
			buf = grow(value, need)
		case textInt32:
			at = putInt(buf, at, int64(c.int32s[row]))
		case textInt64:
			at = putInt(buf, at, c.int64s[row])
		case textDate:
			at = c.putDate(buf, at, int32(c.dates[row]))
		case textMicros:
			at = c.putTimestamp(buf, at, int64(c.stamps[row]))
		case textFloat64:
			at = c.putFloat(buf, at, c.floats[row])
		case textDecimal:
			at = c.putDecimal(buf, at, c.nums[row])
		case anyBoolean:
			at = c.putBoolean(buf, at, row)
		default:
			at = c.put(buf, at, row, &e.faults)
		}
	}
	if e.faults.err != nil {
		return buf[:start], e.faults.err
	}
	if at-start-1 > math.MaxInt32 {
		return buf[:start], &engine.Error{Kind: engine.KindOutOfRange, Message: "a row has more than 2 GiB",
			Hint: "Select fewer or shorter columns."}
	}
	be.PutUint32(buf[start+1:], uint32(at-start-1))
	return buf[:at], nil
}

// grow makes room for need bytes behind dst, and returns all that dst has room for.
func grow(dst []byte, need int) []byte {
	if cap(dst)-len(dst) < need {
		dst = slices.Grow(dst, need)
	}
	return dst[:cap(dst)]
}

// Warnings says what was lost in the values written so far.
func (e *Encoder) Warnings() []string {
	var out []string
	if e.faults.nanos {
		out = append(out, "nanoseconds were cut to microseconds, which is all that PostgreSQL's times hold; cast to VARCHAR to see them")
	}
	if e.faults.uneven {
		out = append(out, "lists of lists whose lengths differ, or of which one is NULL, are no PostgreSQL arrays; to_json(x) gives a type that fits")
	}
	return out
}

// cellsOf writes the values of one kind of array with a function.
type cellsOf[A arrow.Array] struct {
	arr A
	add func(dst []byte, arr A, row int) []byte
}

func (c *cellsOf[A]) reset(arr arrow.Array)             { c.arr = arr.(A) }
func (c *cellsOf[A]) append(dst []byte, row int) []byte { return c.add(dst, c.arr, row) }

func each[A arrow.Array](add func(dst []byte, arr A, row int) []byte) cells {
	return &cellsOf[A]{add: add}
}
