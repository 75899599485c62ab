package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/fsnotify/fsnotify"

	"tarn/storage"
)

// events is what the operating system tells of the lake's folders.
type events struct {
	watch  *fsnotify.Watcher
	single string // the lake's one file, or empty
	state  string // the catalog's own folder: what it writes there means nothing
	stir   chan<- struct{}
	count  *atomic.Int64 // grows with every event that matters
	done   sync.WaitGroup
}

// listen makes ready to hear of folders; stir gets a value when something happened in one.
func listen(root *storage.Root, state string, stir chan<- struct{}, count *atomic.Int64) (*events, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, limitReached(err)
	}
	e := &events{watch: w, single: root.Single(), state: state, stir: stir, count: count}
	e.done.Go(e.read)
	return e, nil
}

// read takes what the system tells until the watch is closed. An error, such as too many events at once, means that
// something was missed: then a crawl finds out what.
func (e *events) read() {
	for {
		select {
		case ev, ok := <-e.watch.Events:
			if !ok {
				return
			}
			if !e.matters(ev) {
				continue
			}
		case _, ok := <-e.watch.Errors:
			if !ok {
				return
			}
		}
		e.count.Add(1)
		select {
		case e.stir <- struct{}{}:
		default: // it is known already
		}
	}
}

// matters reports whether an event may concern a file of the lake.
func (e *events) matters(ev fsnotify.Event) bool {
	dir, name := filepath.Split(ev.Name)
	if e.single != "" && name != e.single {
		return false
	}
	if filepath.Clean(dir) == e.state && (strings.HasPrefix(name, storeFile) || strings.HasPrefix(name, "probe-")) {
		return false
	}
	return !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

// follow watches exactly these folders, and reports whether it began to watch one. The error means that the system does not
// watch as many.
func (e *events) follow(root *storage.Root, folders []string) (more bool, err error) {
	wanted := make(map[string]bool, len(folders))
	for _, f := range folders {
		wanted[root.Abs(f)] = true
	}
	for _, dir := range e.watch.WatchList() {
		if wanted[dir] {
			delete(wanted, dir)
			continue
		}
		// It may be gone already, which is no error. A folder that was moved has to be forgotten under its old path first.
		_ = e.watch.Remove(dir)
	}
	for dir := range wanted {
		switch err := e.watch.Add(dir); {
		case err == nil:
			more = true
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.ENOTDIR):
		default:
			return more, limitReached(err)
		}
	}
	return more, nil
}

// limitReached says in words which of the system's limits is in the way.
func limitReached(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the lake has more folders than the system watches (fs.inotify.max_user_watches): %w", err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fmt.Errorf("the system's limit of open files or watches (fs.inotify.max_user_instances) is reached: %w", err)
	}
	return err
}

// close ends the listening.
func (e *events) close() {
	// Closing fails only if the system has forgotten the watch already.
	_ = e.watch.Close()
	e.done.Wait()
}
