package spool

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// TestSpool reads rows from everywhere in a spool, of which a part is in memory, all of it or nothing.
func TestSpool(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64}, {Name: "s", Type: arrow.BinaryTypes.String}}, nil)
	for _, limit := range []int64{0, 30_000, MemoryLimit} {
		s := New(5)
		s.limit = limit
		next := int64(5)
		for size := range 100 {
			b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
			for range size + 1 {
				next++
				b.Field(0).(*array.Int64Builder).Append(next)
				if next%3 == 0 {
					b.Field(1).AppendNull()
				} else {
					b.Field(1).(*array.StringBuilder).Append("row")
				}
			}
			rec := b.NewRecordBatch()
			if err := s.Add(rec); err != nil {
				t.Fatal(err)
			}
			rec.Release()
			b.Release()
		}
		if inFile := s.file != nil; inFile != (limit < MemoryLimit) {
			t.Errorf("limit %d: in a file: %v", limit, inFile)
		}
		for _, n := range []int64{6, 7, next, 3000, 2999, 8, next - 1} {
			rec, err := s.Read(n, 3)
			if err != nil {
				t.Fatalf("limit %d, row %d: %v", limit, n, err)
			}
			if got := rec.Column(0).(*array.Int64).Value(0); got != n || rec.NumRows() > 3 || rec.Column(1).IsNull(0) != (n%3 == 0) {
				t.Errorf("limit %d, row %d: %d of %d rows", limit, n, got, rec.NumRows())
			}
			rec.Release()
		}
		for _, n := range []int64{5, next + 1} {
			if _, err := s.Read(n, 1); err == nil {
				t.Errorf("row %d is not kept, but was read", n)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
