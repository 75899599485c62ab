package engine

import (
	"container/list"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
)

// A result is kept if the statement is sure to give it again, or if not that, then one that it might have given (see
// results_fit.go); it is given out only if every file of every table that the statement names is as it was. It is never stale:
// that costs one look at each file, as it does for a statement that runs.

// maxResults is how many bytes of results are kept, and maxResult how many of one.
const (
	maxResults = 64 << 20
	maxResult  = maxResults / 16
)

// resultKey is equal for statements that ask the same of the same session settings, but for comments, white space and letter
// case that mean nothing.
type resultKey string

// results keeps what statements returned, least recently used ones first to go. It is safe for concurrent use.
type results struct {
	mu    sync.Mutex
	byKey map[resultKey]*list.Element // of *result
	used  list.List                   // the most recently used first
	bytes int64
	limit int64 // 0: maxResults

	shapes  map[resultKey]*shape
	reasons map[string]string // by the statement's text: why its results are not kept; empty if they are
	snap    *catalog.Snapshot // for which shapes and reasons hold
}

// tableVersion is one state of a table's columns and files, and of what is to be said of rows that are missing.
type tableVersion struct {
	id, version int64
	onReject    string
	leftOut     int
	first       string // of what is left out
}

// result is what a statement returned. It never changes.
type result struct {
	key     resultKey
	named   []tableVersion // of all tables that the statement may read
	reads   []reading      // what it did read
	columns []Column
	schema  *arrow.Schema
	batches []arrow.RecordBatch
	notices []Notice
	bytes   int64
}

// reading is the files of a table that a statement reads: while they, and the columns, stay as they are, so does what it returns.
type reading struct {
	table   int64
	extra   provenance
	columns []catalog.Column
	files   []*catalog.File
	version int64 // of a table of which the catalog answered; 0 if the files were read
}

// sameReadings reports whether two statements read the same.
func sameReadings(a, b []reading) bool {
	return slices.EqualFunc(a, b, func(x, y reading) bool {
		return x.table == y.table && x.extra == y.extra && x.version == y.version && slices.Equal(x.files, y.files) &&
			slices.EqualFunc(x.columns, y.columns, func(c, d catalog.Column) bool { return c.Name == d.Name && c.Type.Equal(d.Type) })
	})
}

// get returns the result kept under a key, or nil. The caller releases its batches.
func (r *results) get(key resultKey) *result {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byKey[key]
	if e == nil {
		return nil
	}
	r.used.MoveToFront(e)
	kept := e.Value.(*result)
	for _, rec := range kept.batches {
		rec.Retain()
	}
	return kept
}

// has reports whether there is a result under a key, at less cost than get.
func (r *results) has(key resultKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byKey[key] != nil
}

// put keeps a result, whose batches it retains, and drops others until there is room. It reports whether there is.
func (r *results) put(kept *result) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	limit := r.limit
	if limit == 0 {
		limit = maxResults
	}
	if kept.bytes > limit/16 {
		return false
	}
	for _, rec := range kept.batches {
		rec.Retain()
	}
	if r.byKey == nil {
		r.byKey = map[resultKey]*list.Element{}
	}
	r.drop(r.byKey[kept.key])
	r.byKey[kept.key] = r.used.PushFront(kept)
	for r.bytes += kept.bytes; r.bytes > limit; {
		r.drop(r.used.Back())
	}
	return true
}

// drop forgets a result; the caller holds mu.
func (r *results) drop(e *list.Element) {
	if e == nil {
		return
	}
	kept := r.used.Remove(e).(*result)
	delete(r.byKey, kept.key)
	r.bytes -= kept.bytes
	for _, rec := range kept.batches {
		rec.Release()
	}
}

// clear forgets everything.
func (r *results) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.used.Len() > 0 {
		r.drop(r.used.Back())
	}
	r.snap, r.shapes, r.reasons = nil, nil, nil
}

// shape is what preparing a statement found, so that it need not be bound to find its result.
type shape struct {
	columns []Column
	params  []sqltype.Type
	mode    pgsql.Mode
}

// maxShapes is how many shapes and reasons are remembered.
const maxShapes = 2000

// refresh makes room for what holds in a snapshot; the caller holds mu.
func (r *results) refresh(snap *catalog.Snapshot) {
	if r.snap != snap || len(r.shapes) >= maxShapes || len(r.reasons) >= maxShapes {
		r.snap, r.shapes, r.reasons = snap, map[resultKey]*shape{}, map[string]string{}
	}
}

func (r *results) shape(snap *catalog.Snapshot, key resultKey) *shape {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.snap != snap {
		return nil
	}
	return r.shapes[key]
}

func (r *results) putShape(snap *catalog.Snapshot, key resultKey, s *shape) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh(snap)
	r.shapes[key] = s
}

// reason returns why the results of a statement are not kept, empty if they are; ok is false if that is not known.
func (r *results) reason(snap *catalog.Snapshot, sql string) (reason string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.snap != snap {
		return "", false
	}
	reason, ok = r.reasons[sql]
	return reason, ok
}

func (r *results) putReason(snap *catalog.Snapshot, sql, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh(snap)
	r.reasons[sql] = reason
}
