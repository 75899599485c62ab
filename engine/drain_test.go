package engine

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/engine/cell"
)

// counted is a stream of n batches of one row, 0 to n-1, that ends with err.
type counted struct {
	n, next int64
	err     error
	onNext  func(i int64)
}

func (c *counted) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if c.onNext != nil {
		c.onNext(c.next)
	}
	if err := cancelled(ctx); err != nil {
		return nil, err
	}
	if c.next == c.n {
		return nil, c.err
	}
	b := array.NewInt64Builder(memory.DefaultAllocator)
	defer b.Release()
	b.Append(c.next)
	c.next++
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64}}, nil)
	return array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 1), nil
}

func (c *counted) Notices() []Notice { return nil }
func (c *counted) Close() error      { return nil }

// drained drains s and returns how many batches came, which have to come in order.
func drained(t *testing.T, ctx context.Context, s Stream, use func(i int64) error) (n int64, err error) {
	t.Helper()
	err = NewRows("SELECT", nil, nil, cell.Style{}, s).Drain(ctx, func(rec arrow.RecordBatch) error {
		if got := rec.Column(0).(*array.Int64).Value(0); got != n {
			t.Errorf("batch %d came in place of %d", got, n)
		}
		n++
		return use(n)
	})
	return n, err
}

func fine(int64) error { return nil }

func TestDrain(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		s    *counted
		use  func(i int64) error
		n    int64
		err  error
	}{
		{"nothing", &counted{err: io.EOF}, fine, 0, nil},
		{"all", &counted{n: 100, err: io.EOF}, fine, 100, nil},
		{"all rows before an error", &counted{n: 100, err: broken}, fine, 100, broken},
		{"an error of the user", &counted{n: 1 << 40, err: io.EOF}, func(i int64) error {
			if i == 7 {
				return broken
			}
			return nil
		}, 7, broken},
	} {
		if n, err := drained(t, t.Context(), c.s, c.use); n != c.n || err != c.err {
			t.Errorf("%s: %d batches and %v, want %d and %v", c.name, n, err, c.n, c.err)
		}
	}
}

// TestDrainCancelled checks that a result that was cut off is never taken for a whole one, at whatever batch it is cut.
func TestDrainCancelled(t *testing.T) {
	for at := range int64(12) {
		ctx, cancel := context.WithCancel(t.Context())
		n, err := drained(t, ctx, &counted{n: 10, err: io.EOF}, func(i int64) error {
			if i == at {
				cancel()
			}
			return nil
		})
		var e *Error
		if whole := n == 10; whole != (err == nil) && at != 10 || err != nil && (!errors.As(err, &e) || e.Kind != KindCancelled) {
			t.Errorf("cancelled at %d: %d batches and %v", at, n, err)
		}
		cancel()
	}
}

// TestDrainPanics checks that a panic of the user reaches Drain's caller.
func TestDrainPanics(t *testing.T) {
	defer func() {
		if p := recover(); p != "oops" {
			t.Errorf("got %v", p)
		}
	}()
	drained(t, t.Context(), &counted{n: 1 << 40, err: io.EOF}, func(int64) error { panic("oops") })
	t.Error("no panic")
}

// TestDrainWaits checks that a slow user holds up the statement: with the first batch in use, no more are computed than
// may wait, and one.
func TestDrainWaits(t *testing.T) {
	var computed atomic.Int64
	enough := make(chan struct{})
	s := &counted{n: 50, err: io.EOF, onNext: func(i int64) {
		if computed.Store(i); i == drainAhead+1 {
			close(enough)
		}
	}}
	n, err := drained(t, t.Context(), s, func(i int64) error {
		if i == 1 {
			<-enough
			runtime.Gosched()
			if got := computed.Load(); got != drainAhead+1 {
				t.Errorf("batch %d is computed while the first is in use", got)
			}
		}
		return nil
	})
	if n != 50 || err != nil {
		t.Errorf("%d batches and %v", n, err)
	}
}
