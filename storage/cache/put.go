package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"tarn/storage"
)

// ErrPaused says that no copies are made at present; Paused tells why.
var ErrPaused = errors.New("no columnar copies are made for a while")

// ErrTooLarge says that a copy has no place in the cache, whatever else is in it.
var ErrTooLarge = errors.New("the columnar copy is too large")

// Put makes an entry. write writes the copy to a path that no one else knows. The entry is visible once it is complete and on disk;
// what was used least recently makes room for it. Where another goroutine puts the same key, Put waits for it.
func (c *Cache) Put(ctx context.Context, key string, about About, write func(path string) error) error {
	if !keys.MatchString(key) {
		return fmt.Errorf("put a columnar copy of %s: %q cannot be a key", about.Source, key)
	}
	if why := c.Paused(); why != "" {
		return fmt.Errorf("%w: %s", ErrPaused, why)
	}
	first, err := c.begin(ctx, key)
	if err != nil || !first {
		return err
	}
	defer c.end(key)
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		c.stop(fmt.Sprintf("the folder %s cannot be made: %v", c.dir, reasonOf(err)), pauseLong)
		return fmt.Errorf("%w: %w", ErrPaused, err)
	}
	if err := c.survey(false); err != nil {
		return fmt.Errorf("put a columnar copy of %s: %w", about.Source, err)
	}
	if err := c.put(key, about, write); err != nil {
		return c.failed(key, about, err)
	}
	return nil
}

// begin makes this call the one that puts the key. It is not the first if the key was put while it waited.
func (c *Cache) begin(ctx context.Context, key string) (first bool, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		c.mu.Lock()
		why, busy := c.refused[key], c.building[key]
		if why == "" && busy == nil {
			c.building[key] = make(chan struct{})
		}
		c.mu.Unlock()
		switch {
		case why != "":
			return false, fmt.Errorf("%w: %s", ErrTooLarge, why)
		case busy == nil:
			return true, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		if _, _, ok := c.Lookup(key); ok {
			return false, nil
		}
	}
}

func (c *Cache) end(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.building[key])
	delete(c.building, key)
}

// put writes the copy and then its note.
func (c *Cache) put(key string, about About, write func(path string) error) error {
	n := note{Format: noteFormat, File: c.fileName(key) + copySuffix, About: about}
	path := c.copyPath(n)
	writing.add(path)
	defer writing.drop(path)
	err := write(path)
	if err == nil {
		err = c.complete(key, path, &n)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// complete makes a written copy an entry.
func (c *Cache) complete(key, path string, n *note) error {
	if err := c.settle(path); err != nil {
		return err
	}
	id, err := storage.Identify(path)
	if err != nil {
		return err
	}
	if n.Sum, err = checksum(path); err != nil {
		return err
	}
	n.ID, n.Made = id, c.now().UTC()
	c.slow.Lock()
	defer c.slow.Unlock()
	if err := c.makeRoom(key, id.Size); err != nil {
		return err
	}
	old, errOld := c.readNote(key)
	if err := c.writeNote(key, *n); err != nil {
		return err
	}
	if errOld == nil && old.File != n.File {
		os.Remove(c.copyPath(old))
	}
	c.trust(key, *n)
	c.replaceSource(key, n.Source)
	return nil
}

// settle brings a copy to the disk and makes it the user's alone.
func (c *Cache) settle(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), c.persist(f), f.Close())
}

// replaceSource drops the copies that the same source has under other keys: it has changed since.
func (c *Cache) replaceSource(key, source string) {
	c.mu.Lock()
	stale := map[string]note{}
	for k, e := range c.entries {
		if k != key && e.note.Source == source {
			stale[k] = e.note
		}
	}
	c.mu.Unlock()
	for k, n := range stale {
		c.remove(k, n, nil)
	}
}

// failed says what a failure means for further copies.
func (c *Cache) failed(key string, about About, err error) error {
	text := strings.ToLower(err.Error())
	switch {
	case errors.Is(err, ErrTooLarge):
		c.mu.Lock()
		c.refused[key] = err.Error()
		c.mu.Unlock()
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(text, "no space left on device"), strings.Contains(text, "disk quota exceeded"):
		c.stop(fmt.Sprintf("the disk that holds %s is full", c.dir), pauseFor)
		return fmt.Errorf("%w: %w", ErrPaused, err)
	case !c.writable(): // else it is the source that cannot be read
		c.stop(fmt.Sprintf("the folder %s cannot be written", c.dir), pauseLong)
		return fmt.Errorf("%w: %w", ErrPaused, err)
	}
	return fmt.Errorf("put a columnar copy of %s: %w", about.Source, err)
}

// writable reports whether a file can be made in the folder, which the user may have removed meanwhile.
func (c *Cache) writable() bool {
	if os.MkdirAll(c.dir, 0o700) != nil {
		return false
	}
	f, err := os.OpenFile(filepath.Join(c.dir, c.fileName("probe")+tempSuffix), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}

// reasonOf strips the path from a file system error.
func reasonOf(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
