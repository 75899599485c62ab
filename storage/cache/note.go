package cache

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zeebo/xxh3"

	"tarn/storage"
)

// About is what a listing tells of a copy.
type About struct {
	Source string `json:"source"` // what was copied: one source has one copy, the newest
	Rows   int64  `json:"rows"`
}

// note is what is written beside a copy.
type note struct {
	Format int    `json:"format"`
	File   string `json:"file"` // the copy's name in the same folder
	Sum    string `json:"xxh3"`
	About
	Made time.Time        `json:"made"`
	ID   storage.Identity `json:"identity"`
}

const (
	noteFormat = 1
	noteSuffix = ".json"
	copySuffix = ".parquet"
	tempSuffix = ".tmp"
	markSuffix = ".mark"
)

// errNoNote says that a note is not what it should be.
var errNoNote = errors.New("the note beside the copy is damaged")

// readNote reads the note of a key.
func (c *Cache) readNote(key string) (note, error) {
	text, err := os.ReadFile(c.notePath(key))
	if err != nil {
		return note{}, err
	}
	var n note
	if err := json.Unmarshal(text, &n); err != nil {
		return note{}, fmt.Errorf("%w: %w", errNoNote, err)
	}
	if n.Format != noteFormat || filepath.Base(n.File) != n.File || !strings.HasPrefix(n.File, key+".") || !strings.HasSuffix(n.File, copySuffix) {
		return note{}, fmt.Errorf("%w: it is of another format or names no copy of %s", errNoNote, key)
	}
	return n, nil
}

// writeNote makes a note visible in one step.
func (c *Cache) writeNote(key string, n note) (err error) {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	temp := filepath.Join(c.dir, c.fileName(key)+noteSuffix+tempSuffix)
	writing.add(temp)
	defer writing.drop(temp)
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	_, err = f.Write(text)
	if err == nil {
		err = c.persist(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp, c.notePath(key)); err != nil {
		return err
	}
	return syncDir(c.dir)
}

// fileNumber tells the files of this process apart that are made at one time.
var fileNumber atomic.Int64

// fileName returns a name for a new file of a key that no other process and no other call uses.
func (c *Cache) fileName(key string) string {
	return fmt.Sprintf("%s.%d-%d", key, os.Getpid(), c.now().UnixNano()+fileNumber.Add(1))
}

// fileSet is a set of files, safe for concurrent use.
type fileSet struct {
	mu    sync.Mutex
	files map[string]bool
}

// writing are the files that this process writes, in all caches.
var writing = fileSet{files: map[string]bool{}}

func (s *fileSet) add(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = true
}

func (s *fileSet) drop(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, path)
}

func (s *fileSet) has(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[path]
}

// checksum reads a file through. It takes 0.1 to 0.3 s a gigabyte.
func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := xxh3.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{h}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return "", fmt.Errorf("read %q: %w", path, err)
	}
	sum := h.Sum128().Bytes()
	return fmt.Sprintf("%x", sum[:]), nil
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
