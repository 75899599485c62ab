package server

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"tarn/engine/pgcatalog"
)

// describer is a session that tells PostgreSQL's catalog whose it is.
type describer interface {
	Describe(client func() pgcatalog.Client)
}

// describeTo makes the connection known to the engine's session, and to those that DISCARD ALL opens after it.
func (c *conn) describeTo() {
	tell := func(b backend) {
		if e, ok := b.(engineBackend); ok {
			if d, ok := e.Session.(describer); ok {
				d.Describe(c.whoAsks)
			}
		}
	}
	tell(c.client.ses)
	open := c.client.reopen
	c.client.reopen = func(ctx context.Context) (backend, error) {
		b, err := open(ctx)
		if err == nil {
			tell(b)
		}
		return b, err
	}
}

// whoAsks describes the client. The engine asks while the connection's goroutine waits for it.
func (c *conn) whoAsks() pgcatalog.Client {
	k := c.client
	who := pgcatalog.Client{User: k.settings.get("session_authorization"), PID: int(c.id), Settings: map[string]string{}}
	for name, t := range k.settings.table {
		if !t.engine {
			who.Settings[name] = k.settings.get(name)
		}
	}
	if a, ok := c.net.RemoteAddr().(*net.TCPAddr); ok {
		who.Address, who.Port = a.IP.String(), a.Port
	}
	for _, name := range slices.Sorted(maps.Keys(k.statements)) {
		if p := k.statements[name]; name != "" {
			text := p.sql
			if p.sqlText != "" {
				text = p.sqlText
			}
			who.Prepared = append(who.Prepared, pgcatalog.Prepared{Name: name, Statement: text, FromSQL: p.sqlText != ""})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k.cursors)) {
		u := k.cursors[name]
		who.Cursors = append(who.Cursors, pgcatalog.Cursor{Name: name, Statement: strings.TrimSpace(u.sql), Hold: u.hold, Binary: u.binary,
			Scroll: u.scroll, At: u.declared.UTC()})
	}
	who.SetConfig = func(name, value string, local bool) (string, error) {
		if t, ok := k.settings.lookup(name); ok && t.engine {
			return "", fmt.Errorf("set_config cannot change %s amid a query; use SET", t.name)
		}
		value, err := k.settings.check(name, value)
		if err == nil {
			k.settings.set(name, value, local)
		}
		return value, err
	}
	return who
}

// CatalogHooks are what PostgreSQL's catalog shows of the server.
func (s *Server) CatalogHooks() pgcatalog.Hooks {
	return pgcatalog.Hooks{
		Roles: func() []string {
			if s.opts.Users == nil {
				return nil
			}
			return s.opts.Users.Names()
		},
		Sessions: func() []pgcatalog.Activity {
			var out []pgcatalog.Activity
			for _, a := range s.Sessions() {
				out = append(out, a.row())
			}
			return out
		},
		Signal: func(pid int, terminate bool) bool {
			if terminate {
				return s.Terminate(uint32(pid))
			}
			return s.Cancel(uint32(pid))
		},
	}
}

// row is a session as pg_stat_activity shows it.
func (a Activity) row() pgcatalog.Activity {
	row := pgcatalog.Activity{PID: int(a.PID), User: a.User, Application: a.Application, Began: a.Begun.UTC(), State: a.State, Query: a.Query, TLS: a.TLS, Cipher: a.Cipher}
	if addr, ok := a.Client.(*net.TCPAddr); ok {
		ip := addr.IP.String()
		row.Address, row.Port = &ip, &addr.Port
	}
	for _, t := range []struct {
		at   *(*time.Time)
		from time.Time
	}{{&row.Transaction, a.TxBegun}, {&row.QueryStart, a.QueryBegun}, {&row.Changed, a.Changed}} {
		if !t.from.IsZero() {
			utc := t.from.UTC()
			*t.at = &utc
		}
	}
	return row
}
