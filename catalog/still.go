package catalog

import "sync/atomic"

// stillness tells whether the lake is known to be as the last crawl found it. Any number of goroutines may use it.
type stillness struct {
	events atomic.Int64 // of the lake's files, so far
	crawl  atomic.Int64 // one more than the events before the last crawl that saw all and left nothing; 0 while nobody watches
}

// Still reports whether the lake is watched, on a file system that tells all changes, and nothing has changed since the last
// crawl. It costs nothing. A change is known within the fraction of a millisecond that the system takes to tell it.
func (c *Catalog) Still() bool { return c.still.crawl.Load() == c.still.events.Load()+1 }

// settle notes that a crawl which began after events has seen the lake as it is.
func (s *stillness) settle(events int64) { s.crawl.Store(events + 1) }

// unsettle notes that nobody knows what changes.
func (s *stillness) unsettle() { s.crawl.Store(0) }
