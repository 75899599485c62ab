package engine

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// stream reads the chunks of a running statement as Arrow record batches.
type stream struct {
	s       *Session
	of      *Statement
	c       *conn
	owned   *prepared // to free at the end; nil if a Statement keeps it
	res     *duck.Result
	schema  *arrow.Schema
	readers []*reader
	mem     *arena              // of the batches; nil before the first
	ahead   []arrow.RecordBatch // fetched before the first Next
	ended   bool                // nothing is left but ahead
	scans   []*scan             // whose files are compared with the catalog at the end
	notices []Notice
	columns []Column
	keep    *recorder     // nil if the result is not to be kept
	took    time.Duration // that DuckDB computed
	closed  bool
	cut     bool // closed by the session before the last row
}

// Next returns the next batch, or io.EOF.
func (st *stream) Next(ctx context.Context) (arrow.RecordBatch, error) {
	switch {
	case st.cut:
		return nil, &Error{Kind: KindTransaction, Message: "the rows ended with the transaction they were read in",
			Hint: "Read all rows before BEGIN, COMMIT and ROLLBACK."}
	case st.closed:
		return nil, io.EOF
	}
	if len(st.ahead) > 0 {
		rec := st.ahead[0]
		st.ahead = st.ahead[1:]
		return rec, nil
	}
	if st.ended {
		st.Close()
		return nil, io.EOF
	}
	rec, err := st.fetch(ctx)
	if err == io.EOF {
		err = st.finish()
		if err == nil {
			st.Close()
			return nil, io.EOF
		}
	}
	if err != nil {
		err = st.of.located(st.spoiled(err), st.s.Snapshot())
		st.Close()
		return nil, st.s.fail(err)
	}
	return rec, nil
}

// spoiled explains an error that came after rows were given out by files that have changed, or by columnar copies, which it drops so
// that the statement, run again, reads the files themselves.
func (st *stream) spoiled(err error) error {
	var e *Error
	if errors.As(err, &e) && (e.Kind == KindCancelled || e.Kind == KindFileChanged) {
		return err
	}
	if e := st.s.db.stillRead(st.scans); e != nil {
		return e
	}
	if st.s.db.readSerially(err, st.scans) {
		return &Error{Kind: KindIO, Message: "threads that shared a file could not find its records, after rows had been given out", Detail: err.Error(), Err: err,
			Hint: "Run the statement again: one thread reads each file of the table now."}
	}
	if !st.s.db.dropCorrupt(err, st.scans) {
		return err
	}
	return &Error{Kind: KindFileChanged, Message: "a columnar copy was damaged or removed while rows were read from it", Detail: err.Error(), Err: err,
		Hint: "Run the statement again: it reads the file itself where there is no copy."}
}

// fetch computes the next batch.
func (st *stream) fetch(ctx context.Context) (arrow.RecordBatch, error) {
	ctx, stop := st.s.watch(ctx, st.c)
	defer stop()
	defer func(begun time.Time) { st.took += time.Since(begun) }(time.Now())
	for {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		chunk := duck.FetchChunk(*st.res)
		if chunk.Ptr == nil {
			return nil, st.end(ctx)
		}
		n := int(duck.DataChunkGetSize(chunk))
		if n == 0 {
			duck.DestroyDataChunk(&chunk)
			continue
		}
		rec := st.record(chunk, n)
		duck.DestroyDataChunk(&chunk)
		st.keep.add(rec)
		return rec, nil
	}
}

// finish is called after the last row: the files must be those that the statement was bound to.
func (st *stream) finish() error {
	if err := st.s.db.stillRead(st.scans); err != nil {
		return err
	}
	return st.keep.finish(st.c, st.columns, st.schema)
}

// end tells the end of the rows from an error in their midst.
func (st *stream) end(ctx context.Context) error {
	if duck.ResultError(st.res) == "" {
		return io.EOF
	}
	err := resultError(st.res)
	var e *Error
	if c := cancelled(ctx); c != nil && errors.As(err, &e) && e.Kind == KindCancelled {
		return c
	}
	return st.s.db.localise(err)
}

func (st *stream) record(chunk duck.DataChunk, n int) arrow.RecordBatch {
	cols := make([]arrow.Array, len(st.readers))
	if st.mem == nil {
		st.mem = &arena{}
		for _, r := range st.readers {
			r.lieIn(st.mem)
		}
	}
	st.mem.begin()
	defer st.mem.end()
	for i, r := range st.readers {
		data := r.read(duck.DataChunkGetVector(chunk, duck.IdxT(i)), n, nil)
		cols[i] = array.MakeFromData(data)
		data.Release()
	}
	rec := array.NewRecordBatch(st.schema, cols, int64(n))
	for _, c := range cols {
		c.Release()
	}
	return rec
}

// Notices returns what the user should know.
func (st *stream) Notices() []Notice { return st.notices }

// Close ends the statement and gives its connection back.
func (st *stream) Close() error {
	if !st.closed {
		st.free()
		st.s.release(st.c)
	}
	return nil
}

// free ends the statement.
func (st *stream) free() {
	st.closed = true
	st.keep.drop()
	for _, rec := range st.ahead {
		rec.Release()
	}
	st.ahead = nil
	duck.DestroyResult(st.res)
	st.owned.close()
	st.c.busy.Store(false)
	if st.c == st.s.main {
		for _, p := range st.s.garbage {
			p.close()
		}
		st.s.garbage = nil
	}
	delete(st.s.open, st)
	st.s.missed(st.scans, st.took)
}

// ended is the stream of a statement without rows.
type ended struct{ notices []Notice }

func (e *ended) Next(context.Context) (arrow.RecordBatch, error) { return nil, io.EOF }
func (e *ended) Notices() []Notice                               { return e.notices }
func (e *ended) Close() error                                    { return nil }
