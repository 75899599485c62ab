package server

import "sync/atomic"

// defaultConnections is PostgreSQL's max_connections.
const defaultConnections = 100

// errTooMany is PostgreSQL's own error: clients know it.
var errTooMany = &failure{code: "53300", message: "sorry, too many clients already", fatal: true,
	hint: "Close connections that are not needed, or start the server with a larger --max-connections."}

// seats counts places of which there is a limited number.
type seats struct {
	taken atomic.Int64
	limit int64
}

// take takes a place; false if there is none.
func (s *seats) take() bool {
	if s.taken.Add(1) > s.limit {
		s.taken.Add(-1)
		return false
	}
	return true
}

// leave gives a place back.
func (s *seats) leave() { s.taken.Add(-1) }
