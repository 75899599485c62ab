package pgvalue

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine"
)

// BenchmarkAppendRow writes rows of three integers and three floats, in each format.
func BenchmarkAppendRow(b *testing.B) {
	const rows = 2048
	var columns []engine.Column
	var arrays []arrow.Array
	var fields []arrow.Field
	for i := range 6 {
		if i < 3 {
			x := array.NewInt64Builder(mem)
			for r := range rows {
				x.Append(int64(r) * 1_000_003)
			}
			arrays = append(arrays, x.NewArray())
			columns = append(columns, engine.Column{Type: sqltype.Of(sqltype.BigInt)})
		} else {
			x := array.NewFloat64Builder(mem)
			for r := range rows {
				x.Append(float64(r) / 100)
			}
			arrays = append(arrays, x.NewArray())
			columns = append(columns, engine.Column{Type: sqltype.Of(sqltype.Double)})
		}
		fields = append(fields, arrow.Field{Type: arrays[i].DataType(), Nullable: true})
	}
	rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, rows)
	for name, f := range map[string]Format{"text": Text, "binary": Binary} {
		b.Run(name, func(b *testing.B) {
			enc := NewEncoder(columns, []Format{f, f, f, f, f, f}, Style{})
			enc.Reset(rec)
			buf := make([]byte, 0, 1<<20)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if n%rows == 0 {
					buf = buf[:0]
				}
				buf, _ = enc.AppendRow(buf, n%rows)
				n++
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
