package server

import (
	"context"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/engine"
	"tarn/engine/cell"
)

// textRows is a result of text columns.
func textRows(tag string, columns []engine.Column, rows ...[]string) *engine.Rows {
	if columns == nil {
		return engine.NewRows(tag, nil, nil, cell.Style{}, &batches{})
	}
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: arrow.BinaryTypes.String}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range rows {
		for i, v := range row {
			b.Field(i).(*array.StringBuilder).Append(v)
		}
	}
	return engine.NewRows(tag, columns, schema, cell.Style{}, &batches{list: []arrow.RecordBatch{b.NewRecordBatch()}})
}

// textRowsWith is a result without rows but with a notice.
func textRowsWith(n engine.Notice, tag string) *engine.Rows {
	return engine.NewRows(tag, nil, nil, cell.Style{}, &batches{notes: []engine.Notice{n}})
}

// batches is a stream of batches that are there already.
type batches struct {
	list  []arrow.RecordBatch
	notes []engine.Notice
}

// Next returns the next batch, which the caller releases, or io.EOF.
func (b *batches) Next(context.Context) (arrow.RecordBatch, error) {
	if len(b.list) == 0 {
		return nil, io.EOF
	}
	rec := b.list[0]
	b.list = b.list[1:]
	return rec, nil
}

// Notices returns what the user should know.
func (b *batches) Notices() []engine.Notice { return b.notes }

// Close releases what was not read.
func (b *batches) Close() error {
	for _, rec := range b.list {
		rec.Release()
	}
	b.list = nil
	return nil
}
