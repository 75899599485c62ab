package engine

import (
	"sync/atomic"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Progress is how far the running statement is, as DuckDB counts it, or as a crawl or the making of copies counts files.
type Progress struct {
	Percent   float64 // 0 to 100; negative if that is not known
	Rows, All uint64  // rows processed, and of how many; 0 if that is not known
	Files     int     // that are done
	OfFiles   int     // 0 if the statement is not about files
	Bytes     int64   // read of files; 0 if that is not counted
	Name      string  // of the table or file at hand; may be empty
}

// FollowProgress makes the session's statements count how far they are, at no cost that could be measured.
func (s *Session) FollowProgress() error { return s.main.exec("SET enable_progress_bar = true") }

// Progress returns how far the statement is that runs now; ok is false if that is not known. Another goroutine than the
// statement's calls it, but none after Close.
func (s *Session) Progress() (p Progress, ok bool) {
	if own := s.ownProgress.Load(); own != nil {
		return (*own)()
	}
	q := bindings.QueryProgress(s.main.c)
	p.Percent, p.Rows, p.All = bindings.QueryProgressTypeMembers(&q)
	return p, p.Percent >= 0
}

// tellCrawl makes Progress tell of the crawl that the running statement waits for, until end is called.
func (s *Session) tellCrawl() (end func()) {
	return s.tell(func() (Progress, bool) {
		c, ok := s.db.cat.Crawling()
		return filesDone(c.Done, c.Total, c.Bytes, c.File), ok
	})
}

// tellWarm does the same for the making of copies; hear is to be told of it.
func (s *Session) tellWarm() (hear func(WarmProgress), end func()) {
	var last atomic.Pointer[WarmProgress]
	end = s.tell(func() (Progress, bool) {
		p := last.Load()
		if p == nil {
			return Progress{Percent: -1}, true
		}
		return filesDone(p.Done, p.Total, 0, p.Table), true
	})
	return func(p WarmProgress) { last.Store(&p) }, end
}

func (s *Session) tell(far func() (Progress, bool)) (end func()) {
	s.ownProgress.Store(&far)
	return func() { s.ownProgress.Store(nil) }
}

func filesDone(done, total int, bytes int64, name string) Progress {
	p := Progress{Percent: -1, Files: done, OfFiles: total, Bytes: bytes, Name: name}
	if total > 0 {
		p.Percent = 100 * float64(done) / float64(total)
	}
	return p
}
