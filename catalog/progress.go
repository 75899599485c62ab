package catalog

import (
	"sync"
	"time"
)

// progressEvery is the least time between two reports of progress.
const progressEvery = 50 * time.Millisecond

// meter counts what a crawl did and reports it from a goroutine of its own.
type meter struct {
	mu   sync.Mutex
	now  Progress
	stop chan struct{}
	done chan struct{}
}

// startMeter begins to report to tell, which may be nil.
func startMeter(tell func(Progress)) *meter {
	m := &meter{now: Progress{Phase: "listing"}, stop: make(chan struct{}), done: make(chan struct{})}
	if tell == nil {
		close(m.done)
		return m
	}
	go func() {
		defer close(m.done)
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-tick.C:
				m.mu.Lock()
				now := m.now
				m.mu.Unlock()
				tell(now)
			}
		}
	}()
	return m
}

// Crawling returns how far the crawl is that runs now; false if none does.
func (c *Catalog) Crawling() (Progress, bool) {
	m := c.running.Load()
	if m == nil {
		return Progress{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now, true
}

// listing begins the first phase.
func (m *meter) listing() { m.set(func(p *Progress) { *p = Progress{Phase: "listing"} }) }

// reading begins the second phase.
func (m *meter) reading(files int) {
	m.set(func(p *Progress) { *p = Progress{Phase: "reading", Total: files} })
}

// file says which file is read now.
func (m *meter) file(path string) { m.set(func(p *Progress) { p.File = path }) }

// read counts a file.
func (m *meter) read(bytes int64) {
	m.set(func(p *Progress) {
		p.Done++
		p.Bytes += bytes
	})
}

func (m *meter) set(f func(*Progress)) {
	m.mu.Lock()
	f(&m.now)
	m.mu.Unlock()
}

// close ends the reports; none comes after it returns.
func (m *meter) close() {
	close(m.stop)
	<-m.done
}
