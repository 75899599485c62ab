package pgvalue

import (
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
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
			enc := NewEncoder(columns, []Format{f, f, f, f, f, f}, cell.Style{})
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

// BenchmarkTrips writes rows of 14 columns of the types that tables have.
func BenchmarkTrips(b *testing.B) {
	const rows = 2048
	day := arrow.Timestamp(1_700_000_000_000_000)
	var columns []engine.Column
	var arrays []arrow.Array
	var fields []arrow.Field
	add := func(t sqltype.Type, x array.Builder, fill func(r int)) {
		for r := range rows {
			fill(r)
		}
		arr := x.NewArray()
		columns = append(columns, engine.Column{Type: t})
		arrays = append(arrays, arr)
		fields = append(fields, arrow.Field{Type: arr.DataType(), Nullable: true})
	}
	ints := func(t sqltype.Kind, most int) {
		if x := array.NewInt64Builder(mem); t == sqltype.BigInt {
			add(sqltype.Of(t), x, func(r int) { x.Append(int64(r * 7919 % most)) })
		} else {
			x := array.NewInt32Builder(mem)
			add(sqltype.Of(t), x, func(r int) { x.Append(int32(r * 7919 % most)) })
		}
	}
	texts := func(like string, most int) {
		x := array.NewStringBuilder(mem)
		add(sqltype.Of(sqltype.Varchar), x, func(r int) { x.Append(fmt.Sprintf(like, r*7919%most)) })
	}
	stamps := func(step arrow.Timestamp) {
		x := array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Microsecond})
		add(sqltype.Of(sqltype.Timestamp), x, func(r int) { x.Append(day + arrow.Timestamp(r)*step) })
	}
	ints(sqltype.BigInt, 3_000_000)
	stamps(21_000_000)
	stamps(29_000_000)
	dates := array.NewDate32Builder(mem)
	add(sqltype.Of(sqltype.Date), dates, func(r int) { dates.Append(arrow.Date32(19_000 + r/1000)) })
	texts("City%d", 5)
	texts("rider-%d", 50_000)
	ints(sqltype.BigInt, 90_000)
	floats := array.NewFloat64Builder(mem)
	add(sqltype.Of(sqltype.Double), floats, func(r int) { floats.Append(float64(r*7919%4000) / 100) })
	tips := array.NewDecimal128Builder(mem, &arrow.Decimal128Type{Precision: 9, Scale: 2})
	add(sqltype.DecimalOf(9, 2), tips, func(r int) { tips.Append(decimal128.FromI64(int64(r * 7919 % 2000))) })
	ints(sqltype.Integer, 6)
	flags := array.NewBooleanBuilder(mem)
	add(sqltype.Of(sqltype.Boolean), flags, func(r int) { flags.Append(r%3 == 0) })
	texts("vendor%d", 3)
	ints(sqltype.Integer, 265)
	ints(sqltype.Integer, 265)
	rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, rows)
	for name, f := range map[string]Format{"text": Text, "binary": Binary} {
		b.Run(name, func(b *testing.B) {
			formats := make([]Format, len(columns))
			for i := range formats {
				formats[i] = f
			}
			enc := NewEncoder(columns, formats, cell.Style{})
			buf := make([]byte, 0, 1<<20)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if n%rows == 0 {
					enc.Reset(rec)
					buf = buf[:0]
				}
				buf, _ = enc.AppendRow(buf, n%rows)
				n++
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
