package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"

	"tarn/storage"
)

// Options say where the catalog is kept and who hears of a crawl.
type Options struct {
	// StateDir holds the catalog and the cache; empty means .tarn in the root, or a folder of the user's cache directory
	// if the root cannot be written or is a single file.
	StateDir string
	Log      *slog.Logger   // nil means no log
	Progress func(Progress) // called during a crawl, from one goroutine, at most 20 times a second; may be nil
}

// Progress is how far a crawl has come.
type Progress struct {
	Phase string // "listing", "reading"
	Done  int    // files
	Total int    // files; 0 while not known
	Bytes int64  // read so far
	File  string // the one being read
}

// Catalog is the tables of one lake. It is safe for concurrent use, and several processes may open one lake.
type Catalog struct {
	root     *storage.Root
	dir      string // the state directory
	log      *slog.Logger
	progress func(Progress)
	look     looker
	notices  []string
	opened   *Report

	config configSight // the lake.yaml as it was last seen; only a crawl uses it

	crawling chan struct{}         // holds a value while a crawl runs
	running  atomic.Pointer[meter] // of that crawl
	now      atomic.Pointer[state]
	folders  atomic.Pointer[[]string] // that the last crawl listed
	still    stillness

	mu    sync.Mutex // guards store, and that now follows it
	store *store
}

// state is what is known of the lake at one moment. It never changes.
type state struct {
	stored *stored
	snap   *Snapshot
	config *config // by which the tables were made
	stale  bool    // the tables do not fit what is stored of them, so that they must be written again
}

// Open opens the catalog of root, and crawls if the lake is new or changed. A lake of one file that cannot be read is an
// error; any other file that cannot be read is in Snapshot.Skipped.
func Open(ctx context.Context, root *storage.Root, opts Options) (*Catalog, error) {
	return open(ctx, root, opts, lookInto)
}

func open(ctx context.Context, root *storage.Root, opts Options, look looker) (*Catalog, error) {
	c := &Catalog{root: root, log: opts.Log, progress: opts.Progress, look: look, crawling: make(chan struct{}, 1)}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	dir, notice, err := stateDir(root, opts.StateDir)
	if err != nil {
		return nil, err
	}
	c.dir = dir
	c.note(notice)
	err = c.openStore(ctx)
	if err == nil {
		c.opened, err = c.Refresh(ctx)
	}
	if err == nil {
		err = c.refuseEmptySingle()
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// note keeps a notice, if it is one.
func (c *Catalog) note(notice string) {
	if notice != "" {
		c.notices = append(c.notices, notice)
	}
}

// openStore opens and loads the store, and makes it again if it is damaged.
func (c *Catalog) openStore(ctx context.Context) error {
	s, notice, err := openStore(ctx, c.dir)
	if err != nil {
		return err
	}
	c.store = s
	c.note(notice)
	err = c.load(ctx)
	if isDamage(err) {
		c.log.Warn("the catalog is damaged and is made again", "error", err)
		if notice, err = s.replace(ctx); err == nil {
			c.note(notice)
			err = c.load(ctx)
		}
	}
	return err
}

// load takes over what the store holds; the caller holds mu, or nobody else has the catalog yet.
func (c *Catalog) load(ctx context.Context) error {
	st, err := c.store.load(ctx)
	if err != nil {
		return err
	}
	next := &state{stored: st, snap: &Snapshot{Version: st.version, Skipped: allSkips(st.walked, st.records)}}
	if lake := lakePath(c.root); st.lake != lake && st.lake != "" {
		if !isInside(c.root, c.dir) {
			return fmt.Errorf("the catalog in %s is that of another lake, %s; name another state directory with --state, "+
				"or delete %s there to use it for this lake", c.dir, st.lake, storeFile)
		}
		next.stale = true // the lake was moved or renamed
	}
	if next.config, err = storedConfig(st.config); err != nil {
		next.stale = true // other rules hold than when it was stored
	}
	for _, t := range buildTables(st.records, c.rootName(), next.config) {
		row, ok := st.tables[tableName{t.Schema, t.Name}]
		if !ok {
			next.stale = true
			continue
		}
		t.ID, t.Version = row.id, row.version
		next.snap.Tables = append(next.snap.Tables, t)
	}
	next.stale = next.stale || len(next.snap.Tables) < len(st.tables)
	c.now.Store(next)
	return nil
}

// save writes what a crawl made of base, and publishes it.
func (c *Catalog) save(ctx context.Context, base, next *state, ch *change) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		return errClosed
	}
	if err := c.store.save(ctx, base.stored, next.stored, ch); err != nil {
		if errors.Is(err, errNewer) {
			return err
		}
		return fmt.Errorf("write the catalog %s: %w", c.store.path, err)
	}
	for _, r := range ch.put {
		r.rejects, r.from = nil, ""
	}
	c.now.Store(next)
	return nil
}

var errClosed = errors.New("the catalog is closed")

// Sync looks whether another process changed the catalog and takes that over. It reports whether it did. It costs some
// microseconds if nothing changed.
func (c *Catalog) Sync(ctx context.Context) (changed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		return false, errClosed
	}
	if changed, err = c.store.changed(ctx); err != nil || !changed {
		return false, err
	}
	before := c.now.Load().stored.version
	if err := c.load(ctx); err != nil {
		return false, err
	}
	return c.now.Load().stored.version != before, nil
}

// refuseEmptySingle makes a lake of one file fail if that file is no table.
func (c *Catalog) refuseEmptySingle() error {
	s := c.Snapshot()
	if c.root.Single() == "" || len(s.Tables) > 0 {
		return nil
	}
	reason := "it vanished"
	if len(s.Skipped) > 0 {
		reason = s.Skipped[0].Reason
	}
	return fmt.Errorf("%s cannot be a table: %s", c.root.Single(), reason)
}

// rootName is the name of the root's folder.
func (c *Catalog) rootName() string { return filepath.Base(c.root.Dir()) }

// Close releases the store. Snapshots stay valid.
func (c *Catalog) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		return nil
	}
	err := c.store.close()
	c.store = nil
	if err != nil {
		return fmt.Errorf("close the catalog: %w", err)
	}
	return nil
}

// Root returns the lake's root.
func (c *Catalog) Root() *storage.Root { return c.root }

// StateDir returns the directory in which the catalog is kept.
func (c *Catalog) StateDir() string { return c.dir }

// Notices are what the user should know about opening, e.g. that the state directory had to be elsewhere.
func (c *Catalog) Notices() []string { return c.notices }

// Opened returns what the crawl at opening found and changed.
func (c *Catalog) Opened() *Report { return c.opened }

// Snapshot returns the catalog as it is now. It costs nothing.
func (c *Catalog) Snapshot() *Snapshot { return c.now.Load().snap }
