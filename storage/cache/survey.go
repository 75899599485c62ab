package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tarn/storage"
)

// written are the names of files that a process makes: KEY.PID-N.parquet and KEY.PID-N.json.tmp.
var written = regexp.MustCompile(`^[0-9a-zA-Z_]+\.(\d+)-\d+\.(?:parquet|json\.tmp|tmp)$`)

// survey looks through the folder, if that was not done a short while ago: which entries there are, also those of other processes,
// and what killed processes left.
func (c *Cache) survey(again bool) error {
	c.slow.Lock()
	defer c.slow.Unlock()
	return c.look(again)
}

// look is survey for those who hold slow.
func (c *Cache) look(again bool) error {
	c.mu.Lock()
	recent := !again && !c.surveyed.IsZero() && c.now().Sub(c.surveyed) < surveyEvery
	c.mu.Unlock()
	if recent {
		return nil
	}
	listed, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list the columnar copies: %w", err)
	}
	found := map[string]*entry{}
	for _, d := range listed {
		if key, ok := strings.CutSuffix(d.Name(), noteSuffix); ok && keys.MatchString(key) {
			if e := c.seen(key, d); e != nil {
				found[key] = e
			}
		}
	}
	c.sweep(listed, found)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(found) != len(c.entries) {
		c.grown.Add(1)
	}
	c.entries, c.surveyed = found, c.now()
	if c.limit == 0 {
		c.limit = c.bound(c.usage().Bytes)
	}
	return nil
}

// seen returns the entry of a listed note, or nil if it is none.
func (c *Cache) seen(key string, d fs.DirEntry) *entry {
	info, err := d.Info()
	if err != nil {
		return nil
	}
	c.mu.Lock()
	known := c.entries[key]
	if known != nil && info.ModTime().Equal(known.used) {
		c.mu.Unlock()
		return known
	}
	c.mu.Unlock()
	n, err := c.readNote(key)
	switch {
	case errors.Is(err, errNoNote):
		c.remove(key, n, err)
		return nil
	case err != nil:
		return nil
	}
	e := &entry{note: n, used: info.ModTime()}
	if known != nil && known.note.File == n.File && known.note.ID == n.ID {
		c.mu.Lock() // a Lookup may be marking it used
		e.trusted, e.touched = known.trusted, known.touched
		c.mu.Unlock()
	}
	return e
}

// sweep removes what no note names and no living process writes.
func (c *Cache) sweep(listed []fs.DirEntry, found map[string]*entry) {
	named := map[string]bool{}
	for _, e := range found {
		named[e.note.File] = true
	}
	for _, d := range listed {
		m := written.FindStringSubmatch(d.Name())
		if m == nil || named[d.Name()] {
			continue
		}
		pid, err := strconv.Atoi(m[1])
		if err != nil || c.alive(pid, d.Name()) || c.isNamed(d.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(c.dir, d.Name())); err == nil {
			c.log.Debug("what a killed process left of a columnar copy is removed", "file", d.Name())
		}
	}
}

// alive reports whether a process that may write a file still does.
func (c *Cache) alive(pid int, file string) bool {
	if pid == os.Getpid() { // an earlier process may have had the same number, always so in containers
		return writing.has(filepath.Join(c.dir, file))
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}

// isNamed reports whether a note names a file by now: it may have been written after the folder was listed.
func (c *Cache) isNamed(file string) bool {
	key, _, _ := strings.Cut(file, ".")
	n, err := c.readNote(key)
	return err == nil && n.File == file
}

// bound is the limit on the bytes of all copies, of which some are there.
func (c *Cache) bound(held int64) int64 {
	if c.asked > 0 {
		return c.asked
	}
	free, ok := freeBytes(c.dir)
	if !ok {
		return defaultMost
	}
	return min((free+held)/10, defaultMost)
}

// makeRoom drops what was used least recently until size bytes fit beside the rest; a copy of the same key is replaced and does not
// count. The caller holds slow.
func (c *Cache) makeRoom(key string, size int64) error {
	c.mu.Lock()
	u := c.usage()
	if old := c.entries[key]; old != nil {
		u.Bytes -= old.note.ID.Size
	}
	c.mu.Unlock()
	if size > u.Limit {
		return fmt.Errorf("%w: it has %s, the cache holds %s", ErrTooLarge, storage.Bytes(size), storage.Bytes(u.Limit))
	}
	if u.Bytes+size <= u.Limit {
		return nil
	}
	return c.trim(u.Limit-size, key)
}

// Trim drops what was used least recently until no more than the limit is held: another process may have a higher one.
func (c *Cache) Trim() error {
	c.slow.Lock()
	defer c.slow.Unlock()
	if err := c.look(true); err != nil {
		return err
	}
	c.mu.Lock()
	limit := c.limit
	c.mu.Unlock()
	return c.trim(limit, "")
}

// trim drops entries but that of one key until the others have at most limit bytes. The caller holds slow.
func (c *Cache) trim(limit int64, but string) error {
	if err := c.look(true); err != nil { // what other processes used stays
		return err
	}
	type aged struct {
		key  string
		note note
		used time.Time
	}
	var all []aged
	var held int64
	c.mu.Lock()
	for k, e := range c.entries {
		if k != but {
			all = append(all, aged{k, e.note, e.lastUse()})
			held += e.note.ID.Size
		}
	}
	c.mu.Unlock()
	slices.SortFunc(all, func(a, b aged) int {
		if d := a.used.Compare(b.used); d != 0 {
			return d
		}
		return strings.Compare(a.key, b.key)
	})
	for _, a := range all {
		if held <= limit {
			break
		}
		c.remove(a.key, a.note, nil)
		held -= a.note.ID.Size
		c.log.Debug("a columnar copy makes room", "source", a.note.Source, "size", a.note.ID.Size, "used", a.used)
	}
	return nil
}
