package server

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/engine"
	"tarn/server/spool"
)

// cursor is what DECLARE made: a query whose rows are fetched piece by piece. Its place is as in PostgreSQL: 0 before the first row, n on
// row n, one more than there are rows behind the last.
type cursor struct {
	name     string
	sql      string // the whole DECLARE
	binary   bool
	hold     bool // lasts longer than its transaction
	held     bool // its transaction was committed
	scroll   bool // goes backwards
	declared time.Time

	rows *engine.Rows
	at   int64
	read int64        // rows that were taken from the query
	size int64        // how many there are; -1 if the end was not seen
	kept *spool.Spool // what was read; nil without SCROLL, until the cursor is held
	left arrow.RecordBatch
}

// errForwardOnly is PostgreSQL's error for going back without SCROLL.
var errForwardOnly = &failure{code: "55000", message: "cursor can only scan forward", hint: "Declare it with SCROLL option to enable backward scan."}

func (k *client) cursorNames() map[string]bool {
	names := map[string]bool{}
	for name := range k.cursors {
		names[name] = true
	}
	return names
}

// dropCursors closes the cursors for which it is wanted.
func (k *client) dropCursors(want func(*cursor) bool) {
	for name, c := range k.cursors {
		if want(c) {
			c.close()
			delete(k.cursors, name)
		}
	}
}

// keepCursors reads what is left of the cursors WITH HOLD, and closes the others, at the end of their transaction.
func (k *client) keepCursors(ctx context.Context) error {
	k.dropCursors(func(c *cursor) bool { return !c.hold })
	for _, c := range k.cursors {
		if err := c.keep(ctx); err != nil {
			return because(ctx, err)
		}
	}
	return nil
}

// keep reads all rows that are left, so that they last longer than the transaction.
func (c *cursor) keep(ctx context.Context) error {
	if c.held {
		return nil
	}
	if c.kept == nil {
		c.kept = spool.New(c.read)
	}
	for c.size < 0 {
		if err := c.pull(ctx); err != nil {
			return err
		}
	}
	c.held = true
	return nil
}

// pull takes a batch from the query: into kept if there is that, else it is left.
func (c *cursor) pull(ctx context.Context) error {
	rec, err := c.take(ctx)
	if err == io.EOF {
		c.size = c.read
		c.rows.Close()
		return nil
	}
	if err != nil {
		return err
	}
	if c.kept != nil {
		defer rec.Release()
		c.read += rec.NumRows()
		return c.kept.Add(rec)
	}
	c.left = rec
	return nil
}

// take returns the next batch that is not read.
func (c *cursor) take(ctx context.Context) (arrow.RecordBatch, error) {
	if rec := c.left; rec != nil {
		c.left = nil
		return rec, nil
	}
	return c.rows.Next(ctx)
}

// row returns a batch that begins with row n, of at most limit rows, and goes there; nil behind the last row. The caller releases it.
func (c *cursor) row(ctx context.Context, n, limit int64) (arrow.RecordBatch, error) {
	for c.size < 0 && c.read < n {
		if c.kept == nil {
			if c.left == nil {
				if err := c.pull(ctx); err != nil {
					return nil, err
				}
				continue
			}
			if skip := n - c.read - 1; skip >= c.left.NumRows() {
				c.read += c.left.NumRows()
				c.left.Release()
				c.left = nil
				continue
			}
			return c.cut(n-c.read-1, limit), nil
		}
		if err := c.pull(ctx); err != nil {
			return nil, err
		}
	}
	if c.size >= 0 && n > c.size {
		return nil, nil
	}
	return c.kept.Read(n, limit)
}

// cut takes rows from what is left, behind skip others.
func (c *cursor) cut(skip, limit int64) arrow.RecordBatch {
	end := min(skip+limit, c.left.NumRows())
	out := c.left.NewSlice(skip, end)
	c.read += end
	if rest := c.left; end < rest.NumRows() {
		c.left = rest.NewSlice(end, rest.NumRows())
		rest.Release()
	} else {
		rest.Release()
		c.left = nil
	}
	return out
}

func (c *cursor) close() {
	if c.left != nil {
		c.left.Release()
		c.left = nil
	}
	c.rows.Close()
	if c.kept != nil {
		c.kept.Close()
	}
}

// total reads to the end, and returns how many rows there are.
func (c *cursor) total(ctx context.Context) (int64, error) {
	for c.size < 0 {
		if rec, err := c.row(ctx, c.read+1, 1<<40); err != nil {
			return 0, err
		} else if rec != nil {
			rec.Release()
		}
	}
	return c.size, nil
}

// plan turns what FETCH asks for into places: rows first, first+step, ... count of them, and where the cursor is if there are fewer.
// count is negative for all.
func (c *cursor) plan(ctx context.Context, f fetch) (first, step, count int64, err error) {
	n := f.count
	switch f.how {
	case absolute:
		if n < 0 {
			size, err := c.total(ctx)
			if err != nil {
				return 0, 0, 0, err
			}
			n = max(size+1+n, 0)
		}
		first, step, count = n, 1, 1
	case relative:
		first, step, count = max(c.at+n, 0), 1, 1
	case forward:
		first, step, count = c.at+1, 1, n
		if n < 0 && !f.all {
			first, step, count = c.at-1, -1, -n
		}
		if n == 0 {
			first, step, count = c.at, 1, 1
		}
	case backward:
		first, step, count = c.at-1, -1, n
		if n < 0 && !f.all {
			first, step, count = c.at+1, 1, -n
		}
		if n == 0 {
			first, step, count = c.at, 1, 1
		}
	}
	if f.all {
		count = -1
	}
	stays := first == c.at && count == 1
	if c.kept == nil && (first < c.at || step < 0 && !stays || stays && c.at > 0 && first <= c.read) {
		return 0, 0, 0, errForwardOnly
	}
	if !c.scroll && (first < c.at || step < 0) {
		return 0, 0, 0, errForwardOnly
	}
	return first, step, count, nil
}

// fetching is the stream of the rows that a FETCH takes.
type fetching struct {
	c           *cursor
	f           fetch
	at, step    int64
	left        int64 // how many rows are wanted; negative for all
	sent        int64
	begun, done bool
}

// Next returns the next batch, which the caller releases, or io.EOF.
func (s *fetching) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if !s.begun {
		first, step, count, err := s.c.plan(ctx, s.f)
		if err != nil {
			return nil, err
		}
		s.at, s.step, s.left, s.begun = first, step, count, true
	}
	if s.done || s.left == 0 {
		return nil, io.EOF
	}
	if s.at < 1 {
		s.done, s.c.at = true, 0
		return nil, io.EOF
	}
	limit := int64(1)
	if s.step > 0 {
		if limit = s.left; limit < 0 {
			limit = 1 << 40
		}
	}
	rec, err := s.c.row(ctx, s.at, limit)
	if err != nil {
		return nil, err
	}
	if rec == nil {
		s.c.at = s.c.size + 1
		if s.step < 0 { // backwards from behind the end
			s.at = s.c.size
			return s.Next(ctx)
		}
		s.done = true
		return nil, io.EOF
	}
	n := rec.NumRows()
	s.c.at = s.at + n - 1
	s.at += n * s.step
	s.sent += n
	if s.left > 0 {
		s.left -= n
	}
	return rec, nil
}

// Notices returns none.
func (s *fetching) Notices() []engine.Notice { return nil }

// Close has nothing to free.
func (s *fetching) Close() error { return nil }

// sortedCursors lists the cursors, the oldest first.
func (k *client) sortedCursors() []*cursor {
	var out []*cursor
	for _, c := range k.cursors {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *cursor) int { return a.declared.Compare(b.declared) })
	return out
}
