package repl

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/repl/render"
)

// showList writes rows that a command made as results are written. Values are text, int64 or nil.
func (r *REPL) showList(columns []render.Column, rows [][]any) error {
	f := r.shownFormat()
	room := r.room()
	room.MaxRows = 0 // a list is asked for to be seen
	w := f.New(r.out, room)
	if err := w.Begin(columns, cell.Style{}); err != nil {
		return &outputError{err}
	}
	if len(rows) > 0 {
		rec := listBatch(columns, rows)
		defer rec.Release()
		if err := w.Batch(rec); err != nil {
			return &outputError{err}
		}
	}
	if err := w.End(0); err != nil {
		return &outputError{err}
	}
	return nil
}

// listBatch puts rows into an Arrow batch.
func listBatch(columns []render.Column, rows [][]any) arrow.RecordBatch {
	var fields []arrow.Field
	for _, c := range columns {
		at := arrow.DataType(arrow.BinaryTypes.String)
		if c.Type.Kind == sqltype.BigInt {
			at = arrow.PrimitiveTypes.Int64
		}
		fields = append(fields, arrow.Field{Name: c.Name, Type: at, Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, row := range rows {
		for i, v := range row {
			switch v := v.(type) {
			case string:
				b.Field(i).(*array.StringBuilder).Append(v)
			case int64:
				b.Field(i).(*array.Int64Builder).Append(v)
			default:
				b.Field(i).AppendNull()
			}
		}
	}
	return b.NewRecordBatch()
}
