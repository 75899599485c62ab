package server

import (
	"cmp"
	"maps"
	"net"
	"slices"
	"time"

	"tarn/engine"
)

// Activity is what a session does, as pg_stat_activity shows it. Times are zero where there is none.
type Activity struct {
	PID         uint32
	User        string
	Database    string
	Application string
	Client      net.Addr
	Begun       time.Time // the connection
	TxBegun     time.Time // the transaction
	QueryBegun  time.Time // the statement that runs, or ran last
	Changed     time.Time // the state
	State       string    // active, idle, idle in transaction, idle in transaction (aborted)
	Query       string
}

// Sessions lists what the sessions of the server do, the oldest first. It may be called from any goroutine.
func (s *Server) Sessions() []Activity {
	s.conns.mu.Lock()
	conns := maps.Clone(s.conns.conns)
	s.conns.mu.Unlock()
	out := make([]Activity, 0, len(conns))
	for id, c := range conns {
		c.mu.Lock()
		seen := c.seen
		c.mu.Unlock()
		seen.PID = id
		out = append(out, seen)
	}
	slices.SortFunc(out, func(a, b Activity) int { return cmp.Or(a.Begun.Compare(b.Begun), cmp.Compare(a.PID, b.PID)) })
	return out
}

// Cancel stops what a session runs, as pg_cancel_backend does; false if there is no such session.
func (s *Server) Cancel(pid uint32) bool {
	return s.conns.with(pid, func(c *conn) { c.interrupt(errUserCancel) })
}

// Terminate ends a session, as pg_terminate_backend does; false if there is no such session.
func (s *Server) Terminate(pid uint32) bool { return s.conns.with(pid, (*conn).kill) }

// with calls do for a connection, if it is there.
func (r *registry) with(id uint32, do func(*conn)) bool {
	r.mu.Lock()
	c := r.conns[id]
	r.mu.Unlock()
	if c != nil {
		do(c)
	}
	return c != nil
}

// noteLogin records who the session is.
func (c *conn) noteLogin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen.User, c.seen.Client, c.seen.Begun = c.client.settings.get("session_authorization"), c.net.RemoteAddr(), time.Now()
	c.seen.State, c.seen.Changed = "idle", c.seen.Begun
}

// noteStart records that a statement begins.
func (c *conn) noteStart(sql string) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if sql != "" {
		c.seen.Query, c.seen.QueryBegun = sql, now
	}
	if c.seen.State != "active" {
		c.seen.State, c.seen.Changed = "active", now
	}
	if c.seen.TxBegun.IsZero() {
		c.seen.TxBegun = now
	}
	c.seen.Application = c.client.settings.get("application_name")
}

// noteIdle records that the session waits for its client.
func (c *conn) noteIdle(status engine.TxStatus) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen.State = map[engine.TxStatus]string{engine.TxIdle: "idle", engine.TxOpen: "idle in transaction", engine.TxFailed: "idle in transaction (aborted)"}[status]
	c.seen.Changed = time.Now()
	if status == engine.TxIdle {
		c.seen.TxBegun = time.Time{}
	}
	c.seen.Application = c.client.settings.get("application_name")
}
