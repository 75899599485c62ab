package cache

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how much a cache may hold.
type Options struct {
	MaxBytes int64 // of all copies; 0 means a tenth of the disk that is free or holds copies already, at most 20 GiB
	Log      *slog.Logger
}

// Cache is a folder of copies. An entry is a copy, KEY.PID-N.parquet, whose content never changes, and a note, KEY.json, that names
// it with its size and checksum: without a note that fits there is no entry. Any number of goroutines and processes may share the
// folder: an entry may go away at any time, also while its copy is read.
type Cache struct {
	dir     string
	asked   int64 // Options.MaxBytes
	log     *slog.Logger
	now     func() time.Time // tests set the clock
	persist func(f *os.File) error
	grown   atomic.Uint64

	slow sync.Mutex // held while the folder is looked through or changed; taken before mu

	mu       sync.Mutex // guards what follows; never held while a file is touched
	entries  map[string]*entry
	building map[string]chan struct{} // keys that are put now; closed at the end
	hopeless map[string]bool          // names of copies that are known bad and could not be removed
	refused  map[string]string        // keys that this process puts no more, with the reason
	absent   map[string]bool          // keys that had no entry when the folder had the time absentAt
	absentAt time.Time
	surveyed time.Time // when the folder was last looked through
	limit    int64     // of bytes, known from the first survey on
	pause    pause
}

// entry is what this process knows of one copy.
type entry struct {
	note    note
	used    time.Time // the note's time of last change
	touched time.Time // when this process last said that the copy is used
	trusted bool      // this process has compared the copy with the note
}

// pause says why and until when nothing is put.
type pause struct {
	reason string
	until  time.Time
}

const (
	touchEvery  = time.Minute      // the least time between two marks of one entry as used
	surveyEvery = 30 * time.Second // for which the folder is taken to be as this process knows it
	pauseFor    = time.Minute      // after the disk was full
	pauseLong   = time.Hour        // where the folder cannot be written
	defaultMost = 20 << 30
)

// keys are what may name an entry.
var keys = regexp.MustCompile(`^[0-9a-zA-Z_]{1,64}$`)

// Open returns the cache in dir. It costs nothing: the folder is made when the first copy is put, and looked through then.
func Open(dir string, o Options) (*Cache, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxBytes < 0 {
		return nil, fmt.Errorf("open the cache in %q: a size of %d bytes is less than nothing", dir, o.MaxBytes)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open the cache in %q: %w", dir, err)
	}
	return &Cache{dir: abs, asked: o.MaxBytes, log: o.Log, now: time.Now, persist: (*os.File).Sync, entries: map[string]*entry{},
		building: map[string]chan struct{}{}, hopeless: map[string]bool{}, refused: map[string]string{}}, nil
}

// Generation grows whenever this process sees an entry come or go.
func (c *Cache) Generation() uint64 { return c.grown.Load() }

// Dir returns the folder of the copies.
func (c *Cache) Dir() string { return c.dir }

// Paused returns why nothing is put at present, or an empty text.
func (c *Cache) Paused() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pause.reason != "" && c.now().After(c.pause.until) {
		c.pause = pause{}
	}
	return c.pause.reason
}

// stop begins a pause and says so once.
func (c *Cache) stop(reason string, d time.Duration) {
	c.mu.Lock()
	said := c.pause.reason == reason
	c.pause = pause{reason, c.now().Add(d)}
	c.mu.Unlock()
	if !said {
		c.log.Warn("no columnar copies are made for a while", "reason", reason)
	}
}

// Usage is what a cache holds.
type Usage struct {
	Entries int
	Bytes   int64 // of all copies
	Limit   int64 // on Bytes
}

// Usage looks through the folder, unless it did a short while ago.
func (c *Cache) Usage() (Usage, error) {
	if err := c.survey(false); err != nil {
		return Usage{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usage(), nil
}

// usage sums up; the caller holds mu.
func (c *Cache) usage() Usage {
	u := Usage{Entries: len(c.entries), Limit: c.limit}
	for _, e := range c.entries {
		u.Bytes += e.note.ID.Size
	}
	return u
}

// Room reports whether a copy of about size bytes has a place without taking that of one used within the last while. It is for those
// who put copies unasked: what does not fit would drive out what is in use, to be driven out itself at the next turn.
func (c *Cache) Room(size int64, while time.Duration) bool {
	if c.survey(false) != nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	free := c.limit
	for _, e := range c.entries {
		if c.now().Sub(e.lastUse()) < while {
			free -= e.note.ID.Size
		}
	}
	return size <= free
}

// lastUse is when any process last used the entry, within touchEvery.
func (e *entry) lastUse() time.Time {
	if e.touched.After(e.used) {
		return e.touched
	}
	return e.used
}

func (c *Cache) notePath(key string) string { return filepath.Join(c.dir, key+noteSuffix) }

func (c *Cache) copyPath(n note) string { return filepath.Join(c.dir, n.File) }
