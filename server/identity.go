package server

import (
	"fmt"
	"net"

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
	if path := who.Settings["search_path"]; path != "" {
		who.Settings["search_path"] = plainPath(path)
	}
	who.SetConfig = k.setConfig
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

// setConfig is set_config() amid a query; the engine calls it while the connection's goroutine waits for the statement.
func (k *client) setConfig(name, value string, local bool) (string, error) {
	if t, ok := k.settings.lookup(name); ok && t.engine {
		return "", fmt.Errorf("set_config cannot change %s amid a query; use SET", t.name)
	}
	value, err := k.settings.check(name, value)
	if err == nil {
		k.settings.set(name, value, local)
	}
	return value, err
}
