package engine

import (
	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Progress is how far the running statement is, as DuckDB counts it.
type Progress struct {
	Percent   float64 // 0 to 100
	Rows, All uint64  // rows processed, and of how many; 0 if that is not known
}

// FollowProgress makes the session's statements count how far they are, at no cost that could be measured.
func (s *Session) FollowProgress() error { return s.main.exec("SET enable_progress_bar = true") }

// Progress returns how far the statement is that runs now; ok is false if that is not known. Another goroutine than the
// statement's calls it, but none after Close.
func (s *Session) Progress() (p Progress, ok bool) {
	q := bindings.QueryProgress(s.main.c)
	p.Percent, p.Rows, p.All = bindings.QueryProgressTypeMembers(&q)
	return p, p.Percent >= 0
}
