package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine"
	"tarn/repl/render"
)

// outputError is a failure to write a result.
type outputError struct{ err error }

// Error says what could not be done.
func (e *outputError) Error() string { return "cannot write the result: " + e.err.Error() }

// Unwrap returns the cause.
func (e *outputError) Unwrap() error { return e.err }

// isClosed reports whether the reader of the output has gone.
func isClosed(err error) bool {
	var out *outputError
	return errors.As(err, &out) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe))
}

// statement runs one statement and writes its result. Ctrl-C cancels it.
func (r *REPL) statement(ctx context.Context, sql string) error {
	ctx, done := r.interruptible(ctx)
	defer done()
	for _, n := range r.news() {
		r.notice(n, "")
	}
	start := time.Now()
	rows, err := r.session.Query(ctx, sql)
	if err != nil {
		return err
	}
	err = r.show(ctx, rows, start)
	if e := rows.Close(); err == nil {
		err = e
	}
	return err
}

// show writes the whole result, then notices and timing.
func (r *REPL) show(ctx context.Context, rows *engine.Rows, start time.Time) error {
	footer := false
	if len(rows.Columns()) > 0 {
		var w render.Writer
		w, footer = r.writerFor(rows.Columns())
		if err := r.stream(ctx, rows, w, footer, start); err != nil {
			return err
		}
	} else if err := r.finish(ctx, rows); err != nil {
		return err
	}
	for _, n := range rows.Notices() {
		r.notice(n.Message, n.Hint)
	}
	if r.timing && !footer {
		r.tell("time: %s", render.Duration(time.Since(start)))
	}
	return nil
}

// finish runs a statement without rows to its end.
func (r *REPL) finish(ctx context.Context, rows *engine.Rows) error {
	for {
		rec, err := rows.Next(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		rec.Release()
	}
	if !r.interactive || rows.Tag() == "" {
		return nil
	}
	if _, err := fmt.Fprintln(r.out, rows.Tag()); err != nil {
		return &outputError{err}
	}
	return nil
}

// stream writes the rows batch by batch.
func (r *REPL) stream(ctx context.Context, rows *engine.Rows, w render.Writer, footer bool, start time.Time) error {
	columns := make([]render.Column, len(rows.Columns()))
	for i, c := range rows.Columns() {
		columns[i] = render.Column{Name: c.Name, Type: c.Type}
	}
	if err := w.Begin(columns, rows.Style()); err != nil {
		return &outputError{err}
	}
	err := rows.Drain(ctx, func(rec arrow.RecordBatch) error {
		if err := w.Batch(rec); err != nil {
			return &outputError{err}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var elapsed time.Duration
	if r.timing && footer {
		elapsed = time.Since(start)
	}
	if err := w.End(elapsed); err != nil {
		return &outputError{err}
	}
	return nil
}

// writerFor returns a writer for a result with these columns, and whether it has a footer. Query plans, which EXPLAIN
// gives as columns explain_key and explain_value, are shown to people as they are drawn.
func (r *REPL) writerFor(columns []engine.Column) (w render.Writer, footer bool) {
	f := r.shownFormat()
	if f.Footer && len(columns) == 2 && columns[0].Name == "explain_key" && columns[1].Name == "explain_value" {
		return render.NewPlain(r.out), false
	}
	return f.New(r.out, r.room()), f.Footer
}

// shownFormat is the format of the next result.
func (r *REPL) shownFormat() render.Format {
	if !r.expanded {
		return r.format
	}
	f, err := render.Lookup("line")
	if err != nil {
		panic("repl: the format line is gone")
	}
	return f
}

// room is how much of a result the output can show now.
func (r *REPL) room() render.Options {
	return render.Options{Width: terminalWidth(r.out), MaxRows: r.maxRows, Color: r.colour}
}

// interruptible returns a context that ends at the next Ctrl-C. done must be called.
func (r *REPL) interruptible(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	if r.interrupts == nil {
		return ctx, cancel
	}
	for len(r.interrupts) > 0 {
		<-r.interrupts // came before the statement
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-r.interrupts:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-ended // it must not take the next statement's Ctrl-C
	}
}
