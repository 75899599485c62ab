package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"tarn/storage"
)

// The times of watching. A file that was written less than watchQuiet ago is left until it is whole, but no longer than
// watchPatience: a log that grows all the time is to be read, too. watchDelay is a little longer, so that what was written at
// once is read at once.
const (
	watchQuiet    = 200 * time.Millisecond
	watchPatience = 5 * time.Second
	watchDelay    = 220 * time.Millisecond // from the last event to the crawl
	watchPause    = 500 * time.Millisecond // at most between two crawls, whatever they cost
	watchLatest   = 500 * time.Millisecond // from the first event, however many follow
	watchPoll     = 500 * time.Millisecond // between listings where the system tells no changes
	watchSafety   = 10 * time.Second       // between listings where it does: it tells nothing of network file systems
)

// Watch crawls whenever the lake changes, until ctx ends; then it returns nil. The callback gets the report of every crawl
// that found a difference, and every error that differs from the one before; it must not call Watch. Files that are being
// written are left until they are whole, and are among the skipped ones so long.
func (c *Catalog) Watch(ctx context.Context, report func(*Report, error)) error {
	return c.watch(ctx, report, listen)
}

func (c *Catalog) watch(ctx context.Context, report func(*Report, error), listen listener) (err error) {
	w := &watcher{c: c, report: report, stir: make(chan struct{}, 1)}
	if w.events, err = listen(c.root, c.dir, w.stir, &c.still.events); err != nil {
		w.giveUp(err)
	}
	defer w.close()
	for {
		w.crawl(ctx)
		if !w.wait(ctx) {
			return nil
		}
	}
}

// RefreshSettled is Refresh for a lake that may be written to right now: it waits a moment for files that are being written,
// and leaves those that still are.
func (c *Catalog) RefreshSettled(ctx context.Context) (*Report, error) {
	w := &watcher{c: c}
	for try := 1; ; try++ {
		w.left, w.before, w.hot = 0, w.hot, map[string]time.Time{}
		r, err := c.refresh(ctx, crawlOptions{silent: true, leave: w.leave})
		if err != nil || w.left == 0 || try == 2 {
			return r, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(watchQuiet):
		}
	}
}

// listener begins to hear of folders; tests replace it.
type listener func(root *storage.Root, state string, stir chan<- struct{}, count *atomic.Int64) (*events, error)

// watcher is one call of Watch.
type watcher struct {
	c      *Catalog
	report func(*Report, error)
	events *events              // nil where the lake is listed again and again
	stir   chan struct{}        // holds a value when something happened
	hot    map[string]time.Time // files that are being written, and since when this is known
	before map[string]time.Time // hot, as the crawl before had it
	left   int                  // files that the last crawl left as being written
	cost   time.Duration        // of the last crawl
	kinds  map[string]bool      // folders, and whether they are on a local file system
	failed string               // the last crawl's error, which is not reported twice
}

// crawl crawls, and once more if folders came to be watched: what happened in them before was not told.
func (w *watcher) crawl(ctx context.Context) {
	for range 3 {
		w.left, w.before, w.hot = 0, w.hot, map[string]time.Time{}
		start, events := time.Now(), w.c.still.events.Load()
		r, err := w.c.refresh(ctx, crawlOptions{silent: true, leave: w.leave})
		w.cost = time.Since(start)
		if ctx.Err() != nil {
			return
		}
		w.tell(r, err)
		if err != nil || w.events == nil {
			w.c.still.unsettle()
			return
		}
		more, err := w.events.follow(w.c.root, *w.c.folders.Load())
		if err != nil {
			w.giveUp(err)
			return
		}
		if !more {
			if w.left == 0 && r.Wrong == nil && w.local() {
				w.c.still.settle(events)
			}
			return
		}
	}
}

// local reports whether the system tells every change of the lake.
func (w *watcher) local() bool {
	if w.kinds == nil {
		w.kinds = map[string]bool{}
	}
	for _, dir := range *w.c.folders.Load() {
		if _, known := w.kinds[dir]; !known {
			w.kinds[dir] = w.c.root.Local(dir)
		}
		if !w.kinds[dir] {
			return false
		}
	}
	return true
}

// tell passes on what is new.
func (w *watcher) tell(r *Report, err error) {
	switch {
	case err == nil:
		if !r.same {
			w.report(r, nil)
		}
		if r.Wrong == nil {
			w.failed = ""
		} else if r.Wrong.Error() != w.failed {
			w.failed = r.Wrong.Error()
			w.report(nil, r.Wrong)
		}
	case err.Error() != w.failed && !errors.Is(err, errClosed):
		w.failed = err.Error()
		w.report(nil, err)
	}
}

// leave reports whether a file is being written, so that it is looked into later.
func (w *watcher) leave(f storage.File) bool {
	now := time.Now()
	age := now.Sub(time.Unix(0, f.ID.MtimeNS))
	if age < 0 || age >= watchQuiet { // in the future is a clock that goes wrong, and tells nothing
		return false
	}
	since, ok := w.before[f.Path]
	if !ok {
		since = now
	}
	w.hot[f.Path] = since
	if now.Sub(since) > watchPatience {
		w.hot[f.Path] = now
		return false
	}
	w.left++
	return true
}

// wait returns when it is time to crawl, or false when ctx ended. Crawls take a third of the time at most, but an event waits
// no longer than watchPause for an expensive one before it.
func (w *watcher) wait(ctx context.Context) bool {
	start := time.Now()
	earliest := start.Add(min(2*w.cost, watchPause))
	next := start.Add(max(watchSafety, 50*w.cost))
	if w.events == nil {
		next = start.Add(max(watchPoll, 4*w.cost))
	}
	if w.left > 0 {
		next = start.Add(watchQuiet)
	}
	var first time.Time
	for {
		timer := time.NewTimer(time.Until(later(next, earliest)))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
			return true
		case <-w.stir:
			timer.Stop()
			now := time.Now()
			if first.IsZero() {
				first = now
			}
			next = now.Add(watchDelay)
			if latest := first.Add(watchLatest); next.After(latest) {
				next = latest
			}
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// giveUp goes over to listing the lake again and again, because the system does not tell its changes.
func (w *watcher) giveUp(err error) {
	w.close()
	w.report(nil, fmt.Errorf("watch the lake: %w; it is listed again and again instead, so that changes are seen a little later", err))
}

func (w *watcher) close() {
	w.c.still.unsettle()
	if w.events != nil {
		w.events.close()
		w.events = nil
	}
}
