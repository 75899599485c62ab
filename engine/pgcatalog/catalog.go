package pgcatalog

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
)

// Catalog is what one engine shows of PostgreSQL's catalog. Its functions may be called by any goroutine.
type Catalog struct {
	lake  string // the database's name
	names atomic.Pointer[names]

	mu      sync.Mutex // guards what follows
	base    *names
	version int64 // of the snapshot that the relations show; -1 before the first

	clients sync.Map // by session number: func() Client
	last    atomic.Int64
	hooks   atomic.Pointer[Hooks]
	log     compat
}

// New returns the catalog of a lake. It costs nothing before Load.
func New(lake string) *Catalog {
	c := &Catalog{lake: lake, version: -1}
	c.names.Store(&names{})
	c.hooks.Store(&Hooks{})
	return c
}

// Loaded reports whether the relations show a snapshot of this version, or a later one.
func (c *Catalog) Loaded(version int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version >= version
}

// Load makes the relations if need be, and has them show snap unless they show a later one. con is a connection on which no
// transaction is open, exec runs statements on it.
func (c *Catalog) Load(con duck.Connection, exec func(sql string) error, snap *catalog.Snapshot) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version >= snap.Version {
		return nil
	}
	s, err := loadStatic()
	if err != nil {
		return err
	}
	on := conn{con, exec}
	if c.base == nil {
		base := newNames(s)
		c.names.Store(base) // macros and views may cast names
		if err := c.create(on, s); err != nil {
			return err
		}
		c.base = base
	}
	if err := exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	l := newLive(s, c.base, snap)
	if err := l.write(on); err != nil {
		return fmt.Errorf("show the lake in PostgreSQL's catalog: %w", firstOf(err, exec("ROLLBACK")))
	}
	if err := exec("COMMIT"); err != nil {
		return err
	}
	c.names.Store(l.names)
	c.version = snap.Version
	return nil
}

func firstOf(err, _ error) error { return err }

// write replaces the rows of the live relations.
func (l *live) write(on conn) error {
	for name := range liveRelations {
		r := l.s.get(name)
		if err := on.exec("DELETE FROM " + tableOf(r)); err != nil {
			return err
		}
		rows := slices.Concat(r.rows, l.rows[r.name])
		if err := fill(on, r, rows); err != nil {
			return err
		}
	}
	return nil
}
