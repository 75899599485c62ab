package repl

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog/sqltype"
	"tarn/repl/render"
)

// showList writes rows that a command made as results are written. Values are text, int64 or nil.
func (r *REPL) showList(columns []render.Column, rows [][]any) error {
	out := r.current()
	f, err := r.formatFor(out, nil)
	if err != nil {
		return err
	}
	out.results++
	room := r.room(out)
	room.MaxRows = 0 // a list is asked for to be seen
	w, end := out.w, func() error { return nil }
	if out.terminal {
		w, end = r.page()
	}
	k := kept{columns: columns}
	if len(rows) > 0 {
		k.batches = append(k.batches, listBatch(columns, rows))
		defer k.release()
	}
	err = outputFailure(k.write(f.New(w, room)))
	if e := outputFailure(end()); err == nil {
		err = e
	}
	return err
}

// textColumns are columns of text.
func textColumns(names ...string) []render.Column {
	var out []render.Column
	for _, n := range names {
		out = append(out, render.Column{Name: n, Type: textType})
	}
	return out
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
