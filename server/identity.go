package server

import (
	"net"
	"time"

	"tarn/engine/pgcatalog"
)

// identify makes what pg_settings, pg_cursors and the like say of the session fit for the statement that begins. The engine reads it
// from any goroutine while the statement runs, so it is never changed.
func (k *client) identify() {
	who := &pgcatalog.Client{User: k.settings.get("session_authorization"), Database: k.peer.database, PID: int(k.peer.pid),
		Address: k.peer.address, Port: k.peer.port, Settings: make(map[string]string, len(k.settings.values))}
	for name := range k.settings.values {
		if v := k.settings.get(name); v != "" || !k.settings.table[name].engine {
			who.Settings[name] = v
		}
	}
	who.Zone = who.Settings["timezone"]
	for name, ps := range k.statements {
		if name == "" {
			continue
		}
		p := pgcatalog.Prepared{Name: name, Statement: ps.sql, At: ps.made, FromSQL: ps.sqlText != ""}
		if p.FromSQL {
			p.Statement = ps.sqlText
		}
		for _, t := range ps.st.Params() {
			p.Parameters = append(p.Parameters, t.String())
		}
		who.Prepared = append(who.Prepared, p)
	}
	for _, c := range k.sortedCursors() {
		who.Cursors = append(who.Cursors, pgcatalog.Cursor{Name: c.name, Statement: c.sql, Hold: c.hold, Binary: c.binary, Scroll: c.scroll, At: c.declared})
	}
	k.who.Store(who)
}

// identity is what identify made.
func (k *client) identity() pgcatalog.Client {
	if who := k.who.Load(); who != nil {
		return *who
	}
	return pgcatalog.Client{}
}

// peer is who is at the other end.
type peer struct {
	pid      uint32
	database string
	address  string // empty for a Unix socket
	port     int
}

// peerOf describes the other end of a connection.
func peerOf(pid uint32, database string, nc net.Conn) peer {
	p := peer{pid: pid, database: database}
	if at, ok := nc.RemoteAddr().(*net.TCPAddr); ok {
		p.address, p.port = at.IP.String(), at.Port
	}
	return p
}

// CatalogSessions lists the sessions as pg_stat_activity has them.
func (s *Server) CatalogSessions() []pgcatalog.Activity {
	moment := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.UTC()
		return &t
	}
	var out []pgcatalog.Activity
	for _, a := range s.Sessions() {
		row := pgcatalog.Activity{PID: int(a.PID), User: a.User, Application: a.Application, Began: a.Begun.UTC(), Transaction: moment(a.TxBegun),
			QueryStart: moment(a.QueryBegun), Changed: moment(a.Changed), State: a.State, Query: a.Query}
		if at, ok := a.Client.(*net.TCPAddr); ok {
			address := at.IP.String()
			row.Address, row.Port = &address, &at.Port
		}
		out = append(out, row)
	}
	return out
}

// Signal cancels what a session runs, or ends it; false if there is none of that number.
func (s *Server) Signal(pid int, terminate bool) bool {
	if terminate {
		return s.Terminate(uint32(pid))
	}
	return s.Cancel(uint32(pid))
}
