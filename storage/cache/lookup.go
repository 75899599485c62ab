package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tarn/storage"
)

// Lookup returns the copy of a key, and marks it used. It costs one stat for a copy that this process knows or for none; the first
// time it reads the note, and the whole copy if that is not the file the note was written for. The copy may go away at any time.
func (c *Cache) Lookup(key string) (path string, size int64, ok bool) {
	c.mu.Lock()
	e := c.entries[key]
	c.mu.Unlock()
	if e == nil || !e.trusted || !c.same(e.note) {
		if e = c.examine(key); e == nil {
			return "", 0, false
		}
	}
	c.use(key, e)
	return c.copyPath(e.note), e.note.ID.Size, true
}

// surely is how old a folder's time of change must be for its next change to give it another one: clocks of file systems are coarse.
const surely = time.Second

// LookupAll looks up many keys and returns the paths of their copies, empty where there is none. Keys that have none cost nothing as long
// as nothing comes into the folder or goes.
func (c *Cache) LookupAll(keys []string) []string {
	paths := make([]string, len(keys))
	var at time.Time
	if info, err := os.Stat(c.dir); err == nil {
		at = info.ModTime()
	}
	c.mu.Lock()
	if !at.Equal(c.absentAt) || c.absent == nil {
		c.absent, c.absentAt = map[string]bool{}, at
	}
	absent := c.absent
	var ask []int
	for i, key := range keys {
		if !absent[key] {
			ask = append(ask, i)
		}
	}
	c.mu.Unlock()
	var none []string
	for _, i := range ask {
		var ok bool
		if paths[i], _, ok = c.Lookup(keys[i]); !ok {
			none = append(none, keys[i])
		}
	}
	if c.now().Sub(at) > surely && len(none) > 0 {
		c.mu.Lock()
		for _, key := range none {
			absent[key] = true
		}
		c.mu.Unlock()
	}
	return paths
}

// same reports whether a copy is the very file that its note was written for.
func (c *Cache) same(n note) bool {
	id, err := storage.Identify(c.copyPath(n))
	return err == nil && id == n.ID
}

// use marks an entry used, for all processes.
func (c *Cache) use(key string, e *entry) {
	now := c.now()
	c.mu.Lock()
	late := now.Sub(e.touched) >= touchEvery
	if late {
		e.touched = now
	}
	c.mu.Unlock()
	if late { // where the folder cannot be written the order is this process's alone
		os.Chtimes(c.notePath(key), now, now)
	}
}

// examine compares a copy with its note and returns the entry that this process may trust from now on, or nil.
func (c *Cache) examine(key string) *entry {
	if !keys.MatchString(key) {
		return nil
	}
	n, err := c.readNote(key)
	if err != nil && !errors.Is(err, errNoNote) { // by far the most frequent: there is none
		c.forget(key)
		if !errors.Is(err, fs.ErrNotExist) {
			c.log.Debug("a columnar copy cannot be looked up", "reason", err)
		}
		return nil
	}
	c.slow.Lock()
	defer c.slow.Unlock()
	for range 3 {
		if err == nil {
			if err = c.check(key, &n); err == nil {
				return c.trust(key, n)
			}
		}
		again, errAgain := c.readNote(key)
		if errAgain == nil && again.File != n.File { // another process has put the entry anew
			n, err = again, nil
			continue
		}
		break
	}
	c.remove(key, n, err)
	return nil
}

// check compares a copy with its note. A copy that is another file of the same content, as a restored backup is, gets a new note.
func (c *Cache) check(key string, n *note) error {
	c.mu.Lock()
	bad := c.hopeless[n.File]
	c.mu.Unlock()
	if bad {
		return errors.New("the copy is damaged")
	}
	id, err := storage.Identify(c.copyPath(*n))
	if err != nil || id == n.ID {
		return err
	}
	if err := c.compare(*n); err != nil {
		return err
	}
	n.ID = id
	if err := c.writeNote(key, *n); err != nil {
		c.log.Warn("the note of a columnar copy cannot be renewed", "source", n.Source, "error", err)
	}
	return nil
}

// compare reads a copy through.
func (c *Cache) compare(n note) error {
	path := c.copyPath(n)
	id, err := storage.Identify(path)
	switch {
	case err != nil:
		return err
	case id.Size != n.ID.Size:
		return fmt.Errorf("the copy has %d bytes instead of %d", id.Size, n.ID.Size)
	}
	sum, err := checksum(path)
	if err == nil && sum != n.Sum {
		err = errors.New("the copy does not fit its checksum")
	}
	return err
}

// trust keeps an entry.
func (c *Cache) trust(key string, n note) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.entries[key]
	e := &entry{note: n, trusted: true, used: c.now()}
	delete(c.absent, key)
	if old != nil {
		e.used, e.touched = old.used, old.touched
	}
	if old == nil || old.note.File != n.File {
		c.grown.Add(1)
	}
	c.entries[key] = e
	return e
}

// forget drops what this process knows of an entry.
func (c *Cache) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[key] != nil {
		delete(c.entries, key)
		c.grown.Add(1)
	}
}

// remove drops an entry, note first so that none sees half of it, and says why unless another process did so already. The caller
// holds slow.
func (c *Cache) remove(key string, n note, why error) {
	c.forget(key)
	err := os.Remove(c.notePath(key))
	if n.File != "" {
		if e := os.Remove(c.copyPath(n)); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		if err != nil {
			c.mu.Lock()
			c.hopeless[n.File] = true
			c.mu.Unlock()
		}
	}
	if why != nil && !errors.Is(why, fs.ErrNotExist) {
		c.log.Warn("a columnar copy is dropped", "source", n.Source, "copy", n.File, "reason", why, "size", n.ID.Size)
	}
}

// Drop removes the entry of a key; the log says why.
func (c *Cache) Drop(key string, why error) {
	if !keys.MatchString(key) {
		return
	}
	c.slow.Lock()
	defer c.slow.Unlock()
	n, err := c.readNote(key)
	if errors.Is(err, fs.ErrNotExist) {
		c.forget(key)
		return
	}
	c.remove(key, n, why)
}

// ErrNone says that there is no copy.
var ErrNone = errors.New("there is no columnar copy")

// Verify reads a copy through and drops it if it is not what was put. The error matches ErrNone if there is none.
func (c *Cache) Verify(ctx context.Context, key string) error {
	n, err := c.readNote(key)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	if err == nil {
		if err = ctx.Err(); err != nil {
			return err
		}
		err = c.compare(n)
	}
	if err == nil {
		return nil
	}
	c.Drop(key, err)
	return fmt.Errorf("check the columnar copy of %s: %w", n.Source, err)
}

// Mark leaves a mark in the folder that Marked finds, in every process and as long as the folder is there. What a mark means is the
// caller's affair; its name is like a key.
func (c *Cache) Mark(name string) error {
	if !keys.MatchString(name) {
		return fmt.Errorf("mark the columnar cache: %q cannot be a mark", name)
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fmt.Errorf("mark the columnar cache: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, name+markSuffix), nil, 0o600); err != nil {
		return fmt.Errorf("mark the columnar cache: %w", err)
	}
	return nil
}

// Marked reports whether there is a mark. It costs one stat.
func (c *Cache) Marked(name string) bool {
	_, err := os.Stat(filepath.Join(c.dir, name+markSuffix))
	return err == nil
}
