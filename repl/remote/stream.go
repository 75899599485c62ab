package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/jackc/pgx/v5/pgconn"

	"tarn/engine"
)

// batchRows is how many rows a batch has.
const batchRows = 2048

// stream is the rows of a statement as they arrive.
type stream struct {
	s       *Session
	ctx     context.Context // of the statement: the connection watches it
	res     *pgconn.ResultReader
	columns []column
	schema  *arrow.Schema
	closed  bool
	ahead   [][][]byte // rows that were read to learn the dimensions of arrays
}

// peek reads some rows ahead.
func (st *stream) peek() {
	for len(st.ahead) < batchRows && st.res.NextRow() {
		var row [][]byte
		for _, v := range st.res.Values() {
			row = append(row, bytes.Clone(v)) // nil stays nil
		}
		st.ahead = append(st.ahead, row)
	}
}

// row returns the next row.
func (st *stream) row() ([][]byte, bool) {
	if len(st.ahead) > 0 {
		row := st.ahead[0]
		st.ahead = st.ahead[1:]
		return row, true
	}
	if !st.res.NextRow() {
		return nil, false
	}
	return st.res.Values(), true
}

// begin learns the columns.
func (st *stream) begin(fields []pgconn.FieldDescription) ([]engine.Column, error) {
	var columns []engine.Column
	var schema []arrow.Field
	if slices.ContainsFunc(fields, isArray) {
		st.peek()
	}
	for i, f := range fields {
		c := columnOf(f)
		if isArray(f) {
			c = listOf(f, dimensionsOf(st.ahead, i))
		}
		st.columns = append(st.columns, c)
		columns = append(columns, engine.Column{Name: f.Name, Type: c.typ})
		schema = append(schema, arrow.Field{Name: f.Name, Type: c.arrow, Nullable: true})
	}
	st.schema = arrow.NewSchema(schema, nil)
	return columns, nil
}

// Next returns the next batch, or io.EOF.
func (st *stream) Next(context.Context) (arrow.RecordBatch, error) {
	if st.closed {
		return nil, io.EOF
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, st.schema)
	defer b.Release()
	n := 0
	for ; n < batchRows; n++ {
		row, ok := st.row()
		if !ok {
			break
		}
		for i, v := range row {
			if v == nil {
				b.Field(i).AppendNull()
				continue
			}
			if err := st.columns[i].add(b.Field(i), v); err != nil {
				st.Close()
				return nil, &engine.Error{Kind: engine.KindInternal, Message: fmt.Sprintf("cannot read the value %q of column %s", v, st.schema.Field(i).Name), Err: err}
			}
		}
	}
	st.s.received.Add(uint64(n))
	if n > 0 {
		return b.NewRecordBatch(), nil
	}
	st.closed = true
	st.s.open = nil
	if _, err := st.res.Close(); err != nil {
		return nil, translate(st.ctx, err)
	}
	return nil, io.EOF
}

// Notices returns what the server said besides the rows.
func (st *stream) Notices() []engine.Notice { return st.s.notices }

// Close ends the statement: one that still sends rows is cancelled.
func (st *stream) Close() error {
	if st.closed {
		return nil
	}
	st.closed = true
	st.s.open = nil
	ctx, done := context.WithTimeout(context.Background(), cancelPatience)
	defer done()
	if err := st.s.conn.CancelRequest(ctx); err != nil {
		return fmt.Errorf("cancel the statement: %w", err)
	}
	st.res.Close() // that it was cancelled is what was wanted
	return nil
}

// ended is the stream of a statement without rows.
type ended struct{ notices []engine.Notice }

func (e *ended) Next(context.Context) (arrow.RecordBatch, error) { return nil, io.EOF }
func (e *ended) Notices() []engine.Notice                        { return e.notices }
func (e *ended) Close() error                                    { return nil }
