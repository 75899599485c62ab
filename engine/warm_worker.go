package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/engine/textscan"
	"tarn/storage/cache"
)

const (
	stillFor  = 3 * time.Second // a file that changed less long ago is likely to change again
	inUseFor  = time.Minute     // what was used within it makes no room for a copy that nobody asked for
	maxWanted = 100_000         // copies that wait to be made
	workerRAM = "1GiB"
)

// job is a columnar copy to be made.
type job struct {
	table *catalog.Table
	file  *catalog.File
	key   string
}

// worker makes columnar copies one after another, on an instance of DuckDB of its own with one thread of the lowest priority, so that
// statements hardly notice.
type worker struct {
	db     *DB
	ctx    context.Context
	cancel context.CancelFunc
	wake   chan struct{}
	done   chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	started bool
	queue   []job
	waiting map[string]bool          // keys in the queue
	failed  map[string]bool          // keys that could not be made and are not tried again
	parquet bool                     // Parquet files get copies, too
	spent   map[string]time.Duration // by key: what statements took for Parquet files without a copy
	idle    *sync.Cond               // the queue is empty and nothing is made
	busy    bool
}

func newWorker(db *DB, parquet bool) *worker {
	w := &worker{db: db, parquet: parquet, spent: map[string]time.Duration{}, wake: make(chan struct{}, 1), done: make(chan struct{}), waiting: map[string]bool{}, failed: map[string]bool{}}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.idle = sync.NewCond(&w.mu)
	return w
}

// want adds a job unless it waits already or has failed.
func (w *worker) want(j job) {
	if age := time.Since(j.file.ID.Modified()); age >= 0 && age < stillFor { // a time to come says nothing
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting[j.key] || w.failed[j.key] || len(w.queue) >= maxWanted || w.ctx.Err() != nil {
		return
	}
	w.waiting[j.key] = true
	w.queue = append(w.queue, j)
	if !w.started {
		w.started = true
		go w.run()
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close ends the worker within a moment, also in the middle of a copy.
func (w *worker) close() {
	w.cancel()
	w.mu.Lock()
	started := w.started
	w.started = true // no later want starts it
	w.mu.Unlock()
	if started {
		<-w.done
	}
}

// wait returns when nothing is left to do.
func (w *worker) wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.busy || len(w.queue) > 0 {
		w.idle.Wait()
	}
}

// run is the worker's goroutine. It keeps its thread, whose priority it lowers, and ends it with itself.
func (w *worker) run() {
	defer close(w.done)
	runtime.LockOSThread()
	lowerPriority()
	var b *builder
	defer func() { b.close() }()
	for {
		j, ok := w.next()
		if !ok {
			b.close() // an idle worker holds no memory
			b = nil
			select {
			case <-w.wake:
				continue
			case <-w.ctx.Done():
				return
			}
		}
		var err error
		if b == nil {
			b, err = w.db.openBuilder()
		}
		if err == nil {
			err = w.make(b, j)
		}
		w.made(j, err)
	}
}

// next takes a job from the queue.
func (w *worker) next() (job, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = len(w.queue) > 0 && w.ctx.Err() == nil
	if !w.busy {
		w.queue = nil
		w.idle.Broadcast()
		return job{}, false
	}
	j := w.queue[0]
	w.queue = w.queue[1:]
	return j, true
}

// errNoRoom says that a copy would drive out what is in use.
var errNoRoom = errors.New("the cache is full of copies that are in use")

func (w *worker) make(b *builder, j job) error {
	c := w.db.copies.cache
	if why := c.Paused(); why != "" {
		return fmt.Errorf("%w: %s", cache.ErrPaused, why)
	}
	if _, _, ok := c.Lookup(j.key); ok {
		return nil
	}
	if !c.Room(j.file.ID.Size/4, inUseFor) {
		return errNoRoom
	}
	if !isText(j.file) {
		if err := b.c.decompresses(w.db.cat.Root().Abs(j.file.Path)); err != nil {
			return err
		}
	}
	begun := time.Now()
	err := w.db.makeCopy(w.ctx, b.c, j.table, j.file)
	if err == nil && !isText(j.file) {
		err = w.db.copies.cache.Mark(parquetMark(j.table))
	}
	if err == nil {
		w.db.log.Debug("a columnar copy was made", "file", j.file.Path, "seconds", time.Since(begun).Seconds())
	}
	return err
}

// made notes the end of a job. What may go well at the next turn is tried again when a statement wants it again.
func (w *worker) made(j job, err error) {
	w.mu.Lock()
	delete(w.waiting, j.key)
	if err == nil {
		delete(w.spent, j.key)
	}
	again := err == nil || changed(err) || errors.Is(err, cache.ErrPaused) || errors.Is(err, errNoRoom) || w.ctx.Err() != nil
	if !again {
		w.failed[j.key] = true
	}
	w.mu.Unlock()
	switch {
	case err == nil || w.ctx.Err() != nil:
	case again:
		w.db.log.Debug("no columnar copy was made", "file", j.file.Path, "reason", err)
	case !isText(j.file):
		w.db.log.Debug("a Parquet file gets no columnar copy", "file", j.file.Path, "reason", err)
	default:
		w.db.log.Warn("a columnar copy cannot be made, the file is read as it stands", "file", j.file.Path, "reason", err)
	}
}

// builder is an instance of DuckDB that reads the lake and writes copies with one thread.
type builder struct {
	d duck.Database
	c *conn
}

// openBuilder starts a builder, which takes some ten milliseconds.
func (db *DB) openBuilder() (*builder, error) {
	config, err := db.config(Options{Threads: 1, MemoryLimit: workerRAM})
	if err != nil {
		return nil, err
	}
	defer duck.DestroyConfig(&config)
	duck.SetConfig(config, "temp_directory", "") // the other instance's; a copy is written row group by row group
	b := &builder{}
	var reason string
	if duck.OpenExt(":memory:", &b.d, config, &reason) != duck.StateSuccess {
		return nil, &Error{Kind: KindInternal, Message: "DuckDB does not start", Detail: reason}
	}
	b.c = &conn{set: map[string]*scan{}}
	if duck.Connect(b.d, &b.c.c) != duck.StateSuccess {
		duck.Close(&b.d)
		return nil, &Error{Kind: KindInternal, Message: "DuckDB refused its first connection"}
	}
	if err := db.prepareBuilder(b); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// prepareBuilder gives the instance what reading the lake needs.
func (db *DB) prepareBuilder(b *builder) error {
	text, err := textscan.Register(b.c.c, db.cat.Root())
	if err != nil {
		return err
	}
	b.c.stop = text.Connect(b.c.c)
	for _, sql := range append(db.shutIn(), connectionSettings...) {
		if err := b.c.exec(sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

func (b *builder) close() {
	if b != nil {
		b.c.close()
		duck.Close(&b.d)
	}
}
