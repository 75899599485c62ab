package engine

import (
	"context"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
)

// drainAhead is how many batches wait for their user at most; with more, a fast statement would only fill memory.
const drainAhead = 4

// Drain gives every batch to use, in order, and computes the next ones meanwhile: use runs on a goroutine of its own, and
// has ended for good when Drain returns. The batch is released after use. Drain ends with the first error of either; use
// gets all batches before an error of the statement, unless ctx has ended.
func (r *Rows) Drain(ctx context.Context, use func(arrow.RecordBatch) error) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	u := &user{use: use, batches: make(chan arrow.RecordBatch, drainAhead), ended: make(chan struct{})}
	go u.run(reading, stop)
	err := r.feed(reading, u.batches)
	close(u.batches)
	<-u.ended
	switch {
	case u.panicked != nil:
		panic(u.panicked)
	case u.err != nil: // which stopped the reading
		return u.err
	}
	return err
}

// feed sends all batches; the end of the rows is no error.
func (r *Rows) feed(ctx context.Context, to chan<- arrow.RecordBatch) error {
	for {
		rec, err := r.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case to <- rec:
		case <-ctx.Done():
			rec.Release() // Next says why, and ends the statement
		}
	}
}

// user calls use for each batch on a goroutine.
type user struct {
	use      func(arrow.RecordBatch) error
	batches  chan arrow.RecordBatch
	ended    chan struct{}
	err      error
	panicked any // to go on in the goroutine of Drain's caller, who may be prepared for it
}

func (u *user) run(ctx context.Context, stop func()) {
	defer close(u.ended)
	for rec := range u.batches {
		if u.err == nil && u.panicked == nil {
			if u.err = cancelled(ctx); u.err == nil {
				u.one(rec)
			}
			if u.err != nil || u.panicked != nil {
				stop()
			}
		}
		rec.Release()
	}
}

func (u *user) one(rec arrow.RecordBatch) {
	defer func() { u.panicked = recover() }()
	u.err = u.use(rec)
}
