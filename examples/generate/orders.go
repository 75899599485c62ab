package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// month is one partition of the orders.
type month struct {
	year  int
	month time.Month
}

// orderMonths are the partitions, in order.
var orderMonths = []month{
	{2024, 10}, {2024, 11}, {2024, 12}, {2025, 1}, {2025, 2}, {2025, 3}, {2025, 4}, {2025, 5}, {2025, 6},
}

var orderSchema = arrow.NewSchema([]arrow.Field{
	{Name: "order_id", Type: arrow.PrimitiveTypes.Int64},
	{Name: "ordered_at", Type: &arrow.TimestampType{Unit: arrow.Microsecond}},
	{Name: "store_id", Type: arrow.PrimitiveTypes.Int32},
	{Name: "product_id", Type: arrow.PrimitiveTypes.Int32},
	{Name: "quantity", Type: arrow.PrimitiveTypes.Int32},
	{Name: "unit_price", Type: &arrow.Decimal128Type{Precision: 8, Scale: 2}},
	{Name: "payment", Type: arrow.BinaryTypes.String, Nullable: true},
}, nil)

var payments = []string{"card", "card", "card", "cash", "invoice"}

// orders makes the Parquet file of one month; December sells more.
func orders(m month) ([]byte, error) {
	rnd := rand.New(rand.NewPCG(uint64(m.year), uint64(m.month)))
	build := array.NewRecordBuilder(memory.DefaultAllocator, orderSchema)
	defer build.Release()
	count := 300
	if m.month == time.December {
		count = 480
	}
	start := time.Date(m.year, m.month, 1, 0, 0, 0, 0, time.UTC)
	step := start.AddDate(0, 1, 0).Sub(start) / time.Duration(count)
	for i := range count {
		at := start.Add(step*time.Duration(i) + time.Duration(rnd.Int64N(int64(step)))).Truncate(time.Second)
		p := catalogue[rnd.IntN(productCount)]
		cents := int64(math.Round(p.Price * 100))
		if rnd.IntN(10) == 0 {
			cents = cents * 9 / 10
		}
		build.Field(0).(*array.Int64Builder).Append(int64(m.year*100+int(m.month))*1000 + int64(i))
		build.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(at.UnixMicro()))
		build.Field(2).(*array.Int32Builder).Append(int32(1 + rnd.IntN(storeCount)))
		build.Field(3).(*array.Int32Builder).Append(int32(p.ID))
		build.Field(4).(*array.Int32Builder).Append(int32(1 + rnd.IntN(4)))
		build.Field(5).(*array.Decimal128Builder).Append(decimal128.FromI64(cents))
		if rnd.IntN(25) == 0 {
			build.Field(6).AppendNull()
		} else {
			build.Field(6).(*array.StringBuilder).Append(payments[rnd.IntN(len(payments))])
		}
	}
	batch := build.NewRecordBatch()
	defer batch.Release()
	return parquetFile(batch)
}

// parquetFile writes one batch as a Parquet file.
func parquetFile(batch arrow.RecordBatch) ([]byte, error) {
	var b bytes.Buffer
	props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy))
	w, err := pqarrow.NewFileWriter(batch.Schema(), &b, props, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	if err := w.Write(batch); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
