package catalog

import (
	"context"
	"errors"
	"log/slog"

	"tarn/storage"
)

// Options say where the catalog is kept and who hears of a crawl.
type Options struct {
	// StateDir holds the catalog and the cache; empty means .tarn in the root, or a folder of the user's cache directory
	// if the root cannot be written.
	StateDir string
	Log      *slog.Logger
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
type Catalog struct{}

// Open opens the catalog of root, and crawls if the lake is new or changed.
func Open(ctx context.Context, root *storage.Root, opts Options) (*Catalog, error) {
	return nil, errors.New("not yet")
}

// Close releases the store.
func (c *Catalog) Close() error { return nil }

// Root returns the lake's root.
func (c *Catalog) Root() *storage.Root { return nil }

// StateDir returns the directory in which the catalog is kept.
func (c *Catalog) StateDir() string { return "" }

// Notices are what the user should know about opening, e.g. that the state directory had to be elsewhere.
func (c *Catalog) Notices() []string { return nil }

// Snapshot returns the catalog as it is now. It costs nothing.
func (c *Catalog) Snapshot() *Snapshot { return nil }

// Refresh crawls: it reads new and changed files, drops vanished ones, and makes a new snapshot if anything differs.
// One crawl runs at a time; a second caller waits and then crawls again.
func (c *Catalog) Refresh(ctx context.Context) (*Report, error) { return nil, errors.New("not yet") }

// Report is what a crawl found and changed.
type Report struct {
	Files     int // data files in tables
	Read      int // files looked into because they were new or changed
	Bytes     int64
	Added     []string // files
	Changed   []string
	Removed   []string
	Skipped   []storage.Skip
	NewTables []string // schema.name
	Dropped   []string
	Altered   []TableChange
}

// TableChange says how a table's columns changed in a crawl.
type TableChange struct {
	Table   string   // schema.name
	Changes []string // in words, with the file that caused it
}
