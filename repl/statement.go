package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
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

// outputFailure wraps an error of a writer; that the pager was left is none.
func outputFailure(err error) error {
	if err == nil || errors.Is(err, errPagerLeft) {
		return nil
	}
	return &outputError{err}
}

// isClosed reports whether the reader of the output has gone.
func isClosed(err error) bool {
	var out *outputError
	return errors.As(err, &out) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe))
}

// query is a statement, and where it stands in a text.
type query struct {
	sql    string
	text   string
	offset int // of sql in text
}

// queryError is the failure of a statement, with the place that errors point into.
type queryError struct {
	query
	err error
}

func (e *queryError) Error() string { return e.err.Error() }
func (e *queryError) Unwrap() error { return e.err }

// delivery is what one statement's result is to become, if not what the session's settings say.
type delivery struct {
	to       *output        // nil: the current one
	format   *render.Format // nil: that of the output or the session
	options  *render.Options
	expanded bool
	writer   render.Writer // gets the rows in place of an output; may be nil
}

// statement runs one statement and delivers its result. Ctrl-C cancels it.
func (r *REPL) statement(ctx context.Context, q query, d delivery) error {
	if !r.aside {
		r.lastSQL = q.sql
	}
	if sql := r.interpolate(q.sql); sql != q.sql {
		q = query{sql: sql, text: sql}
	}
	ctx, done := r.interruptible(ctx)
	defer done()
	for _, n := range r.news() {
		r.notice(n, "")
	}
	if err := r.provideLast(ctx, q.sql); err != nil {
		return &queryError{query{}, err}
	}
	start := time.Now()
	stop := r.follow()
	defer stop()
	rows, err := r.session.Query(ctx, q.sql)
	if err != nil {
		return &queryError{q, err}
	}
	err = r.show(ctx, rows, start, d, stop)
	if e := rows.Close(); err == nil {
		err = e
	}
	stop()
	if err != nil {
		return &queryError{q, err}
	}
	r.vars["ERROR"] = "false"
	return nil
}

// show delivers the whole result, then notices and timing. stop ends the line of progress, before anything else is written to the terminal.
func (r *REPL) show(ctx context.Context, rows *engine.Rows, start time.Time, d delivery, stop func()) error {
	footer := false
	var err error
	switch {
	case len(rows.Columns()) == 0:
		err = r.finish(ctx, rows)
	case d.writer != nil:
		_, err = r.stream(ctx, rows, d.writer, func() render.Summary { return render.Summary{} }, func() {})
	default:
		footer, err = r.deliver(ctx, rows, start, d, stop)
	}
	if err != nil {
		return err
	}
	stop()
	for _, n := range rows.Notices() {
		r.notice(n.Message, n.Hint)
	}
	if r.timing && !footer {
		r.tell("time: %s", render.Duration(time.Since(start)))
	}
	return nil
}

// deliver writes the result to its output, and reports whether it has a footer.
func (r *REPL) deliver(ctx context.Context, rows *engine.Rows, start time.Time, d delivery, stop func()) (footer bool, err error) {
	if r.nextTarget != "" && d.to == nil {
		target := r.nextTarget
		r.nextTarget = ""
		if r.once, err = r.openOutput(target, true); err != nil {
			return false, err
		}
	}
	out := d.to
	if out == nil {
		out = r.current()
	}
	w, f, end, err := r.writerFor(rows, out, d)
	if err != nil {
		return false, err
	}
	defer render.Discard(w)
	out.results++
	whole := out.mark()
	first := func() {
		if (out.terminal || out.w == r.out) && !(f.Name == "box" && r.maxRows > 0) { // which writes at the end
			stop()
		}
	}
	sum := func() render.Summary {
		stop()
		return r.summary(rows, f, out, start)
	}
	cutShort, err := r.stream(ctx, rows, w, sum, first)
	if e := outputFailure(end()); err == nil {
		err = e
	}
	if err != nil {
		err = errors.Join(err, whole())
	}
	if out != r.std && isClosed(err) { // a program that has read enough
		return f.Footer, nil
	}
	if cutShort {
		r.tell("the rest was not read")
	}
	return f.Footer, err
}

// summary is what the footer says.
func (r *REPL) summary(rows *engine.Rows, f render.Format, out *output, start time.Time) render.Summary {
	var s render.Summary
	if !f.Footer || !r.timing && !out.terminal {
		return s
	}
	s.Elapsed = time.Since(start)
	if !out.terminal {
		return s
	}
	if r.interactive {
		s.More = ".last shows all"
	}
	if reads, ok := rows.Reads(); ok {
		s.Notes = append(s.Notes, readsText(reads))
	}
	return s
}

// readsText says in a few words what a statement read.
func readsText(n engine.Reads) string {
	switch {
	case n.Kept:
		return "the result was kept"
	case n.Catalog:
		return "answered by the catalog"
	}
	text := render.Count(int64(n.Files), "file")
	if n.Of != n.Files {
		text = fmt.Sprintf("%d of %s", n.Files, render.Count(int64(n.Of), "file"))
	}
	if n.Copies > 0 {
		text += fmt.Sprintf(" (%d from the cache)", n.Copies)
	}
	if n.Bytes > 0 {
		text += " of " + byteCount(n.Bytes)
	}
	return text
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

// stream writes the rows batch by batch, and keeps them as the last result. begun is called before the first is written. It reports whether the
// reader wanted no more.
func (r *REPL) stream(ctx context.Context, rows *engine.Rows, w render.Writer, sum func() render.Summary, begun func()) (cutShort bool, err error) {
	k := &kept{style: rows.Style()}
	for _, c := range rows.Columns() {
		k.columns = append(k.columns, render.Column{Name: c.Name, Type: c.Type})
	}
	if err := w.Begin(k.columns, k.style); err != nil {
		return false, &outputError{err}
	}
	var more bool
	err = rows.Drain(ctx, func(rec arrow.RecordBatch) error {
		if !more {
			begun()
		}
		more = true
		if !r.aside {
			k.add(rec)
		}
		if err := w.Batch(rec); err != nil {
			return &outputError{err}
		}
		return nil
	})
	if err == nil {
		begun()
		end := sum()
		if k.cut && end.More != "" {
			end.More = `too large for .last and _; \g | less shows all`
		}
		if err = w.End(end); err != nil {
			err = &outputError{err}
		}
	}
	if errors.Is(err, errPagerLeft) {
		cutShort, err = more, nil
	}
	if err != nil || cutShort {
		k.release()
		return cutShort, err
	}
	if r.aside {
		return false, nil
	}
	r.vars["ROW_COUNT"] = strconv.FormatInt(k.rows, 10)
	r.last.release()
	r.last = k
	return false, nil
}

// writerFor returns a writer for a result, its format, and the end of what is between it and the output. Query plans, which EXPLAIN
// gives as columns explain_key and explain_value, are shown to people as they are drawn.
func (r *REPL) writerFor(rows *engine.Rows, out *output, d delivery) (render.Writer, render.Format, func() error, error) {
	nothing := func() error { return nil }
	f, err := r.formatFor(out, d.format)
	if err != nil {
		return nil, f, nothing, err
	}
	room := r.room(out)
	if d.options != nil {
		room = *d.options
	}
	auto := false
	if d.format == nil && f.Name == "box" || d.expanded {
		if d.expanded || r.expanded == expandedOn {
			f = mustFormat("vertical")
		}
		auto = f.Name == "box" && r.expanded == expandedAuto && out.terminal
	}
	w, end := out.w, nothing
	columns := rows.Columns()
	plan := f.Footer && len(columns) == 2 && columns[0].Name == "explain_key" && columns[1].Name == "explain_value"
	if out.terminal && (f.Name != "box" || room.MaxRows == 0 || auto || plan || r.pager == pagerOn) {
		w, end = r.page()
	}
	switch {
	case plan:
		f.Footer = false
		return render.NewPlain(w), f, end, nil
	case auto:
		return render.NewAuto(w, room), f, end, nil
	}
	return f.New(w, room), f, end, nil
}

// interruptible returns a context that ends at the next Ctrl-C. done must be called.
func (r *REPL) interruptible(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	if r.interrupts == nil {
		return ctx, cancel
	}
	interrupts := r.interrupts
	for len(interrupts) > 0 {
		<-interrupts // came before the statement
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-interrupts:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-ended // it must not take the next statement's Ctrl-C
	}
}
