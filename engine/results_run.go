package engine

import (
	"context"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// keepsResults reports whether results of the session's next statement may be kept and given again. Temporary views and macros may
// hide what a statement reads, a transaction sees a lake of its own, and a search path decides what names mean.
func (s *Session) keepsResults() bool {
	return s.switches.resultCache && !s.indirect && s.pinned == nil && !s.ownPath && s.status == TxIdle
}

// maxKeptText is how long a statement may be whose result is kept.
const maxKeptText = 64 << 10

// recallShape takes over what an earlier Prepare of the same text found, if its result is kept; it reports whether it did.
func (st *Statement) recallShape(ctx context.Context, declared []sqltype.Type) (bool, error) {
	s := st.s
	if !s.keepsResults() || len(st.sql) > maxKeptText || s.namesOwn(st.sql) {
		return false, nil
	}
	var err error
	if st.shapeKey, err = s.shapeKey(st.sql, declared); err != nil {
		return false, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return false, err
	}
	known := s.db.results.shape(snap, st.shapeKey)
	if known == nil {
		return false, nil
	}
	st.columns, st.params, st.kind, st.mode = known.columns, known.params, duck.StatementTypeSelect, known.mode
	st.rewrite = st.rewritten(known.params)
	return true, nil
}

// resultKey is the key of the statement's result; ok is false if it is not to be kept.
func (st *Statement) resultKey(args []Arg) (key resultKey, ok bool, err error) {
	if !st.s.keepsResults() || st.kind != duck.StatementTypeSelect || st.columns == nil || len(st.sql) > maxKeptText || st.s.namesOwn(st.sql) {
		return "", false, nil
	}
	base, err := st.s.shapeKey(st.sql, st.params)
	return base.withArgs(args), err == nil, err
}

// recall returns the kept result if every file is as it was, or nil.
func (st *Statement) recall(ctx context.Context, args []Arg) (*Rows, error) {
	key, ok, err := st.resultKey(args)
	if err != nil || !ok || !st.s.db.results.has(key) {
		return nil, err
	}
	snap, err := st.s.current(ctx)
	if err != nil {
		return nil, err
	}
	text, err := st.expanded(snap)
	if err != nil {
		return nil, err
	}
	tables := findReferences(text, snap).tables
	kept := st.s.db.results.get(key)
	if kept == nil || !slices.Equal(kept.named, versionsOf(tables)) || st.s.db.kept(snap, tables, kept) != nil {
		kept.release()
		return nil, nil // it runs, and finds out what changed
	}
	return st.replay(kept, kept.notices)
}

// replay returns rows over a kept result, whose batches it owns from now on.
func (st *Statement) replay(kept *result, missing []Notice) (*Rows, error) {
	var c *conn
	if st.s.spelling == nil {
		var err error
		if c, err = st.s.idle(); err != nil {
			kept.release()
			return nil, err
		}
		defer st.s.release(c)
	}
	style, notices := st.s.style(c)
	out := &replayed{batches: kept.batches, notices: slices.Clone(missing)}
	if hasZone(kept.columns) {
		out.notices = append(out.notices, notices...)
	}
	return &Rows{tag: st.tag, columns: kept.columns, schema: kept.schema, style: style, stream: out}, nil
}

// again returns the kept result if the statement, which is bound by now, would read the same files as then: those that changed
// hold none of its rows. It returns nil if not.
func (st *Statement) again(args []Arg, missing []Notice) (*Rows, error) {
	key, ok, err := st.resultKey(args)
	if err != nil || !ok {
		return nil, err
	}
	kept := st.s.db.results.get(key)
	if kept == nil || !sameReadings(kept.reads, st.readings()) {
		kept.release()
		return nil, nil
	}
	now := *kept
	now.named, now.notices = versionsOf(st.target.checked), missing
	st.s.db.results.put(&now)
	return st.replay(&now, missing)
}

// readings is what the bound statement reads.
func (st *Statement) readings() []reading {
	var out []reading
	for _, s := range st.scans {
		r := reading{table: s.table.ID, extra: s.extra, columns: s.table.Columns, files: s.table.Files}
		if len(s.chosen.files) < len(s.table.Files) {
			r.files = make([]*catalog.File, len(s.chosen.files))
			for i, at := range s.chosen.files {
				r.files[i] = s.table.Files[at]
			}
		}
		out = append(out, r)
	}
	if st.target.answer != nil {
		for _, t := range st.target.answer.tables {
			out = append(out, reading{table: t.ID, columns: t.Columns, version: t.Version})
		}
	}
	return out
}

func versionsOf(tables []*catalog.Table) []tableVersion {
	out := make([]tableVersion, len(tables))
	for i, t := range tables {
		out[i] = tableVersion{id: t.ID, version: t.Version, onReject: t.OnReject, leftOut: len(t.LeftOut)}
		if len(t.LeftOut) > 0 {
			out[i].first = t.LeftOut[0].Path + ": " + t.LeftOut[0].Reason
		}
	}
	return out
}

// recorder collects the batches of a running statement to keep them.
type recorder struct {
	st     *Statement
	shape  resultKey
	snap   *catalog.Snapshot
	result *result
}

// record returns a recorder for a statement that is about to run, or nil if its result is not to be kept. missing is what its
// rows lack.
func (st *Statement) record(args []Arg, missing []Notice) (*recorder, error) {
	key, ok, err := st.resultKey(args)
	if err != nil || !ok || len(st.target.checked) == 0 {
		return nil, err
	}
	if why, known := st.s.db.results.reason(st.target.snap, st.text); known && why != "" {
		return nil, nil
	}
	r := &result{key: key, named: versionsOf(st.target.checked), reads: st.readings(), notices: missing, bytes: int64(len(key)) + 1024}
	for _, read := range r.reads {
		r.bytes += int64(8 * len(read.files))
	}
	return &recorder{st: st, shape: st.shapeKey, snap: st.target.snap, result: r}, nil
}

// add keeps one more batch, until they are too large.
func (r *recorder) add(rec arrow.RecordBatch) {
	if r == nil || r.result == nil {
		return
	}
	r.result.bytes += sizeOf(rec)
	if r.result.bytes > maxResult {
		r.drop()
		return
	}
	rec.Retain()
	r.result.batches = append(r.result.batches, rec)
}

// sizeOf is how many bytes a batch holds.
func sizeOf(rec arrow.RecordBatch) (n int64) {
	for _, c := range rec.Columns() {
		n += sizeOfData(c.Data())
	}
	return n
}

func sizeOfData(d arrow.ArrayData) (n int64) {
	for _, b := range d.Buffers() {
		if b != nil {
			n += int64(b.Cap())
		}
	}
	for _, c := range d.Children() {
		n += sizeOfData(c)
	}
	return n + 200 // the objects around the buffers
}

// drop forgets what was collected: the statement failed, or nobody read it to its end.
func (r *recorder) drop() {
	if r != nil {
		r.result.release()
		r.result = nil
	}
}

// finish keeps the result, of which all rows were read from unchanged files. Nothing runs on c.
func (r *recorder) finish(c *conn, columns []Column, schema *arrow.Schema) error {
	if r == nil || r.result == nil {
		return nil
	}
	defer r.drop()
	results := &r.st.s.db.results
	why, err := r.st.s.db.unkept(c, r.snap, r.st.text)
	if err != nil || why != "" {
		return err
	}
	r.result.columns, r.result.schema = columns, schema
	if results.put(r.result) && r.shape != "" && !r.st.outgrown {
		results.putShape(r.snap, r.shape, &shape{columns: r.st.columns, params: r.st.params, mode: r.st.mode})
	}
	return nil
}

// release gives up the batches that get returned; r may be nil.
func (r *result) release() {
	if r != nil {
		for _, rec := range r.batches {
			rec.Release()
		}
	}
}

// replayed is a stream of kept batches.
type replayed struct {
	batches []arrow.RecordBatch
	notices []Notice
}

func (r *replayed) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if err := cancelled(ctx); err != nil {
		return nil, err
	}
	if len(r.batches) == 0 {
		return nil, io.EOF
	}
	rec := r.batches[0]
	r.batches = r.batches[1:]
	return rec, nil
}

func (r *replayed) Notices() []Notice { return r.notices }

func (r *replayed) Close() error {
	for _, rec := range r.batches {
		rec.Release()
	}
	r.batches = nil
	return nil
}
