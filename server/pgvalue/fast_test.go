package pgvalue

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
)

// fastTypes are the types that have a shape.
var fastTypes = []struct {
	sql sqltype.Type
	arr arrow.DataType
}{
	{sqltype.Of(sqltype.Integer), arrow.PrimitiveTypes.Int32}, {sqltype.Of(sqltype.BigInt), arrow.PrimitiveTypes.Int64},
	{sqltype.Of(sqltype.Double), arrow.PrimitiveTypes.Float64}, {sqltype.Of(sqltype.Date), arrow.PrimitiveTypes.Date32},
	{sqltype.Of(sqltype.Timestamp), &arrow.TimestampType{Unit: arrow.Microsecond}}, {sqltype.Of(sqltype.Boolean), arrow.FixedWidthTypes.Boolean},
	{sqltype.Of(sqltype.Varchar), arrow.BinaryTypes.String}, {sqltype.Of(sqltype.Enum), arrow.BinaryTypes.String},
	{sqltype.DecimalOf(9, 2), &arrow.Decimal128Type{Precision: 9, Scale: 2}}, {sqltype.DecimalOf(38, 0), &arrow.Decimal128Type{Precision: 38}},
	{sqltype.DecimalOf(18, 18), &arrow.Decimal128Type{Precision: 18, Scale: 18}}, {sqltype.DecimalOf(38, 30), &arrow.Decimal128Type{Precision: 38, Scale: 30}},
	{sqltype.DecimalOf(12, 4), &arrow.Decimal128Type{Precision: 12, Scale: 4}}, {sqltype.DecimalOf(30, 5), &arrow.Decimal128Type{Precision: 30, Scale: 5}},
}

// randomColumn makes an array of rows values, the edges of the type among them; every nulls-th is NULL.
func randomColumn(rnd *rand.Rand, t arrow.DataType, rows, nulls int) arrow.Array {
	b := array.NewBuilder(mem, t)
	edge := []int64{0, 1, -1, 9, 10, math.MaxInt64, -math.MaxInt64, -719162, -719163, 2932896, 2932897, -62135596800000001}
	for range rows {
		n := int64(rnd.Uint64()) >> rnd.IntN(64)
		if rnd.IntN(8) == 0 {
			n = edge[rnd.IntN(len(edge))]
		}
		if nulls > 0 && rnd.IntN(nulls) == 0 {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.Int32Builder:
			b.Append(int32(n))
		case *array.Int64Builder:
			b.Append(n)
		case *array.Float64Builder:
			b.Append([]float64{float64(n) / 100, float64(n%1e14) / 100, math.Copysign(0, float64(n)), float64(n%1e9) / 1e4, math.Float64frombits(rnd.Uint64()), math.Inf(1)}[rnd.IntN(6)])
		case *array.Date32Builder:
			b.Append(arrow.Date32(max(n%5_000_000, -2_000_000)))
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp([]int64{max(n, -200_000_000_000_000_000), n % 253402300800000000, n % 1e6 * 1e9, n % 1e6 * 1e3}[rnd.IntN(4)]))
		case *array.Decimal128Builder:
			num := decimal128.FromI64(n)
			if rnd.IntN(3) == 0 {
				num = decimal128.New(int64(rnd.Uint64())>>1, rnd.Uint64())
			}
			b.Append(num)
		case *array.BooleanBuilder:
			b.Append(n&1 == 0)
		case *array.StringBuilder:
			b.Append(strings.Repeat(fmt.Sprint("é", n), rnd.IntN(4)))
		}
	}
	return b.NewArray()
}

// TestFastWay checks that the shapes write what the general way writes, for whole arrays and for slices of them.
func TestFastWay(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for round := range 200 {
		var columns []engine.Column
		var arrays []arrow.Array
		var fields []arrow.Field
		from := round % 11
		for _, ft := range fastTypes {
			columns = append(columns, engine.Column{Type: ft.sql})
			whole := randomColumn(rnd, ft.arr, 200, round%4)
			arrays = append(arrays, array.NewSlice(whole, int64(from), int64(whole.Len())))
			fields = append(fields, arrow.Field{Type: ft.arr, Nullable: true})
		}
		rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, int64(200-from))
		for _, f := range []Format{Text, Binary} {
			formats := bytes.Repeat([]byte{byte(f)}, len(columns))
			if got, want := encodeAll(t, rec, columns, formats, true), encodeAll(t, rec, columns, formats, false); !bytes.Equal(got, want) {
				t.Fatalf("round %d, format %d: the bytes differ", round, f)
			}
		}
	}
}

func encodeAll(t *testing.T, rec arrow.RecordBatch, columns []engine.Column, codes []byte, fast bool) (out []byte) {
	t.Helper()
	formats := make([]Format, len(codes))
	for i, c := range codes {
		formats[i] = Format(c)
	}
	enc := NewEncoder(columns, formats, cell.Style{})
	for i := range enc.columns {
		if fast && enc.columns[i].shape == byCells {
			t.Fatalf("%s has no fast way", columns[i].Type)
		} else if !fast {
			enc.columns[i].shape = byCells
		}
	}
	enc.Reset(rec)
	for row := range int(rec.NumRows()) {
		var err error
		if out, err = enc.AppendRow(out, row); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
