package engine

import (
	"io"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// In all tests of the package, memory that is freed holds nothing of use.
func init() { recycled.spoil = true }

// TestArena checks that a batch keeps its values while it is held, with the batches after it released, and that memory is
// used again.
func TestArena(t *testing.T) {
	s := openSession(t, openDir(t, t.TempDir()))
	rows, err := s.Query(t.Context(), `SELECT i, CASE WHEN i % 3 > 0 THEN 'text ' || i END AS s, i % 2 = 0 AS b, [i, i + 1] AS l
		FROM range(100000) t(i)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	pieces, batches := map[*byte]int{}, 0
	var held []arrow.RecordBatch
	for {
		rec, err := rows.Next(t.Context())
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		batches++
		pieces[&rec.Column(0).Data().Buffers()[1].Bytes()[0]]++
		if batches%10 == 0 {
			held = append(held, rec)
			continue
		}
		rec.Release()
	}
	if batches < 40 || len(pieces) > batches*3/4 {
		t.Errorf("%d batches lie in %d pieces of memory", batches, len(pieces))
	}
	for _, rec := range held {
		checkHeld(t, rec)
		rec.Release()
	}
}

func checkHeld(t *testing.T, rec arrow.RecordBatch) {
	t.Helper()
	ids, list := rec.Column(0).(*array.Int64), rec.Column(3).(*array.List)
	for i := range int(rec.NumRows()) {
		n := ids.Value(i)
		from, _ := list.ValueOffsets(i)
		if n != ids.Value(0)+int64(i) || rec.Column(2).(*array.Boolean).Value(i) != (n%2 == 0) ||
			rec.Column(1).IsNull(i) != (n%3 == 0) || list.ListValues().(*array.Int64).Value(int(from)) != n {
			t.Fatalf("row %d of a batch that is held has changed", i)
		}
	}
}
