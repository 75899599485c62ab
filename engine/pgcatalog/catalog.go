package pgcatalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// Catalog is what one engine shows of PostgreSQL's catalog. Its functions may be called by any goroutine.
type Catalog struct {
	lake  string // the database's name
	names atomic.Pointer[names]

	mu      sync.Mutex // guards what follows
	base    *names
	version int64           // of the snapshot that the relations show; -1 before the first
	seq     int64           // of the lake's views that they show
	views   map[string]bool // that are made, by schema.name
	failed  error           // of the first attempt to make the relations, half of which may stand

	clients sync.Map // by session number: func() Client
	last    atomic.Int64
	hooks   atomic.Pointer[Hooks]
	log     compat
}

// New returns the catalog of a lake. It costs nothing before Load.
func New(lake string) *Catalog {
	c := &Catalog{lake: lake, version: -1, views: map[string]bool{}}
	c.names.Store(&names{})
	c.hooks.Store(&Hooks{})
	return c
}

// Register makes the types, casts and functions of the catalog known to the database of con. It is done when the database opens,
// because a transaction would not see those that are made after its start.
func (c *Catalog) Register(con duck.Connection) error {
	if err := errors.Join(c.registerTypes(con), RegisterInput(con)); err != nil {
		return err
	}
	return c.registerFunctions(con)
}

// Source is what the relations are to show.
type Source struct {
	Snapshot *catalog.Snapshot
	Seq      int64 // tells one set of others from the next
	Others   []Other
	Schemas  []string // that hold no table
}

// Other is a relation that is no table of the lake: a view, or one of Tarn's own.
type Other struct {
	OID          int64
	Schema, Name string
	Kind         string // r or v
	Definition   string // of a view
	Comment      string
	Columns      []OtherColumn
}

// OtherColumn is a column of one.
type OtherColumn struct {
	Name string
	Type sqltype.Type
}

// The OIDs of views begin here, those of Tarn's own relations and their schema below PostgreSQL's first for users.
const (
	FirstView = 1 << 29
	FirstOwn  = 15100
	ownSchema = 15099
)

// Loaded reports whether the relations show a snapshot of this version, or a later one, and the named ones are there; all if
// names is nil.
func (c *Catalog) Loaded(version, seq int64, names []string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version < version || c.version == version && c.seq != seq {
		return false
	}
	if names == nil {
		return c.views[""]
	}
	for _, name := range names {
		if !c.views[name] && isComputed(name) {
			return false
		}
	}
	return true
}

// Load makes the named relations if need be, all if names is nil, and has them show from unless they show a later one.
func (c *Catalog) Load(on Conn, from Source, names []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := loadStatic()
	if err != nil {
		return err
	}
	if c.base == nil && c.failed == nil {
		base := newNames(s)
		c.names.Store(base) // macros and views may cast names
		if c.failed = c.create(on, s); c.failed == nil {
			c.base = base
		}
	}
	if c.failed != nil {
		return c.failed
	}
	if c.version < from.Snapshot.Version || c.version == from.Snapshot.Version && c.seq != from.Seq {
		if err := c.show(on, s, from); err != nil {
			return err
		}
	}
	if err := c.createViews(on, s, names); err != nil {
		return err
	}
	c.views[""] = c.views[""] || names == nil
	return nil
}

// show makes the relations show a snapshot; the caller holds mu.
func (c *Catalog) show(on Conn, s *static, from Source) error {
	if err := on.Exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	l := newLive(s, c.base, from)
	if err := l.write(on); err != nil {
		return fmt.Errorf("show the lake in PostgreSQL's catalog: %w", errors.Join(err, on.Exec("ROLLBACK")))
	}
	if err := on.Exec("COMMIT"); err != nil {
		return err
	}
	c.names.Store(l.names)
	c.version, c.seq = from.Snapshot.Version, from.Seq
	return nil
}

// Name is what a type that refers to objects shows for an OID.
func (c *Catalog) Name(typ string, oid int64) string { return c.names.Load().name(typ, oid) }

// OID is the number behind a name that Name gave; 0 if the object is gone.
func (c *Catalog) OID(typ, name string) uint32 {
	oid, err := c.names.Load().oid(typ, name)
	if err != nil {
		return 0
	}
	return uint32(oid)
}

// isComputed reports whether a relation is a view.
func isComputed(name string) bool {
	_, err := views.Open("views/" + strings.Replace(name, ".", "/", 1) + ".sql")
	return err == nil
}

// write replaces the rows of the live relations.
func (l *live) write(on Conn) error {
	for name := range liveRelations {
		r := l.s.get(name)
		if err := on.Exec("DELETE FROM " + tableOf(r)); err != nil {
			return err
		}
		rows := slices.Concat(r.rows, l.rows[r.name])
		if err := fill(on, r, rows); err != nil {
			return err
		}
	}
	return nil
}
