package server

import (
	"net"
	"time"

	"tarn/engine/pgcatalog"
)

// CatalogHooks are what PostgreSQL's catalog shows of the server.
func (s *Server) CatalogHooks() pgcatalog.Hooks {
	return pgcatalog.Hooks{
		Started: time.Now(),
		Version: VersionText(s.opts.Version),
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
