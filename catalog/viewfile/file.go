package viewfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"tarn/storage"
)

// Name is that of the file in the state directory.
const Name = "views.json"

// File is the file of one lake's views. It is safe for concurrent use, and several processes may have the same file.
type File struct {
	dir string
	now atomic.Pointer[Set] // as last seen
	mu  sync.Mutex          // guards what follows
	id  storage.Identity    // of the file that now was read from; zero if there was none
}

// sets counts the sets that this process has seen.
var sets atomic.Int64

// Open returns the file in a state directory, which need not exist.
func Open(dir string) *File {
	f := &File{dir: dir}
	f.now.Store(empty())
	return f
}

func empty() *Set { return &Set{Format: format, NextID: 1, Seq: sets.Add(1)} }

func (f *File) path() string { return filepath.Join(f.dir, Name) }

// Load returns the views as they are now. It costs one stat while the file stays the same. A file that cannot be read is an error,
// never a lake without views.
func (f *File) Load() (*Set, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.load()
}

func (f *File) load() (*Set, error) {
	id, err := storage.Identify(f.path())
	if errors.Is(err, fs.ErrNotExist) {
		if f.id != (storage.Identity{}) {
			f.id = storage.Identity{}
			f.now.Store(empty())
		}
		return f.now.Load(), nil
	}
	if err == nil && id == f.id {
		return f.now.Load(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the lake's views: %w", err)
	}
	text, err := os.ReadFile(f.path())
	if err != nil {
		return nil, fmt.Errorf("read the lake's views: %w", err)
	}
	set := &Set{Seq: sets.Add(1)}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err = d.Decode(set); err == nil {
		err = set.check()
	}
	if err != nil {
		return nil, fmt.Errorf("read the lake's views: %s: %w; mend the file, or move it away to begin without views", f.path(), err)
	}
	f.id = id
	f.now.Store(set)
	return set, nil
}

// Update changes the views: it calls change with the views as they are, while no other process changes them, and writes what that
// returns, in one step. An error of change is returned as it is, and nothing is written then.
func (f *File) Update(change func(*Set) (*Set, error)) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	unlock, err := lock(filepath.Join(f.dir, Name+".lock"))
	if err != nil {
		return fmt.Errorf("change the lake's views: %w", err)
	}
	defer unlock()
	before, err := f.load()
	if err != nil {
		return err
	}
	next, err := change(before)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(next, "", "  ")
	if err != nil {
		return fmt.Errorf("change the lake's views: %w", err)
	}
	if err := f.write(append(text, '\n')); err != nil {
		return fmt.Errorf("change the lake's views: %w", err)
	}
	_, err = f.load()
	return err
}

// write puts a new file in the place of the old one; one or the other survives a crash.
func (f *File) write(text []byte) (err error) {
	temp, err := os.CreateTemp(f.dir, Name+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(text)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), f.path())
}
