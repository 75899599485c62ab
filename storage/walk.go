package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
)

// walkers is how many goroutines list directories: more than processors, since network file systems make them wait.
const walkers = 8

// inode names a file or directory whatever the path to it.
type inode struct{ device, number uint64 }

func (id Identity) inode() inode { return inode{id.Device, id.Inode} }

// folder is a directory to list, with those above it, which a link in it must not lead back to.
type folder struct {
	path  string // below the root; "" is the root
	self  inode  // set when it was listed
	above *folder
}

// join returns the path of an entry of the folder.
func (f *folder) join(name string) string {
	if f.path == "" {
		return name
	}
	return f.path + "/" + name
}

// link is a symbolic link, kept until all that is not behind a link is known.
type link struct {
	path string
	in   *folder
}

// walker is one walk: a stack of directories that several goroutines take from, and what they found.
type walker struct {
	root *Root

	mu     sync.Mutex
	wake   sync.Cond // a directory was pushed, or the last one is done
	todo   []folder
	active int   // directories being listed
	err    error // why the walk ends early

	listed  map[inode]string // directories listed or about to be, with their paths
	folders []string         // directories listed
	files   []File
	skips   []Skip
	links   []link // not yet resolved
	linked  []link // those that lead to files
}

func newWalker(r *Root) *walker {
	w := &walker{root: r, listed: map[inode]string{}}
	w.wake.L = &w.mu
	return w
}

// walk lists the trees below starts, links in them apart. The error is that of the root or of ctx.
func (w *walker) walk(ctx context.Context, starts []folder) error {
	w.todo = append(w.todo, starts...)
	var wg sync.WaitGroup
	for range walkers {
		wg.Go(func() { w.work(ctx) })
	}
	wg.Wait()
	return w.err
}

// work lists directories until none is left.
func (w *walker) work(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.todo) == 0 && w.active > 0 && w.err == nil {
			w.wake.Wait()
		}
		if len(w.todo) == 0 || w.err != nil {
			w.wake.Broadcast()
			return
		}
		dir := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		w.active++
		w.mu.Unlock()
		found := w.list(ctx, &dir)
		w.mu.Lock()
		w.active--
		w.add(&dir, found)
		w.wake.Broadcast()
	}
}

// found is what one directory holds.
type found struct {
	files   []File
	skips   []Skip
	links   []link
	folders []folder
	err     error // nothing could be listed
}

// add takes over what a directory held, unless its content is listed under another path already.
func (w *walker) add(dir *folder, f *found) {
	if f.err != nil {
		if dir.path == "" || errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded) {
			w.err = f.err
			return
		}
		w.skip(dir.path+"/", cannotList(f.err))
		return
	}
	if at, ok := w.listed[dir.self]; ok && at != dir.path && dir.self != (inode{}) {
		w.skip(dir.path+"/", "the same directory as "+shownFolder(at)+", which is listed")
		return
	}
	w.listed[dir.self] = dir.path
	w.folders = append(w.folders, dir.path)
	w.files = append(w.files, f.files...)
	w.skips = append(w.skips, f.skips...)
	w.links = append(w.links, f.links...)
	w.todo = append(w.todo, f.folders...)
}

func (w *walker) skip(path, reason string) {
	w.skips = append(w.skips, Skip{Path: shown(path), Reason: reason})
}

// list reads one directory and looks at each entry.
func (w *walker) list(ctx context.Context, dir *folder) *found {
	f := &found{}
	if f.err = ctx.Err(); f.err != nil {
		return f
	}
	self, entries, err := w.root.readDir(w.root.Abs(dir.path))
	if self == nil {
		f.err = reasonOf(err)
		return f
	}
	dir.self = identityOf(self).inode()
	if err != nil {
		if dir.path == "" && len(entries) == 0 {
			f.err = reasonOf(err)
			return f
		}
		f.skips = append(f.skips, Skip{Path: shown(dir.path) + "/", Reason: "listed in part: " + cannotList(reasonOf(err))})
	}
	for i, e := range entries {
		if i%1024 == 1023 && ctx.Err() != nil {
			f.err = ctx.Err()
			return f
		}
		f.entry(dir, e)
	}
	return f
}

// entry sorts one directory entry into what it is.
func (f *found) entry(dir *folder, e fs.DirEntry) {
	p := dir.join(e.Name())
	slash := ""
	if e.IsDir() {
		slash = "/"
	}
	if reason := refuseName(e.Name(), e.IsDir()); reason != "" {
		f.skips = append(f.skips, Skip{Path: shown(p) + slash, Reason: reason})
		return
	}
	switch mode := e.Type(); {
	case mode.IsDir():
		f.folders = append(f.folders, folder{path: p, above: dir})
	case mode&fs.ModeSymlink != 0:
		f.links = append(f.links, link{path: p, in: dir})
	case mode.IsRegular():
		f.file(p, e)
	default:
		f.skips = append(f.skips, Skip{Path: p, Reason: "no data: " + special(mode)})
	}
}

// file looks at a regular file.
func (f *found) file(p string, e fs.DirEntry) {
	info, err := e.Info()
	switch {
	case err != nil:
		f.skips = append(f.skips, Skip{Path: p, Reason: cannotLook(reasonOf(err))})
	case !info.Mode().IsRegular():
		f.skips = append(f.skips, Skip{Path: p, Reason: "replaced while the lake was listed; crawl again"})
	case info.Size() == 0:
		f.skips = append(f.skips, Skip{Path: p, Reason: "empty file"})
	default:
		f.files = append(f.files, File{Path: p, ID: identityOf(info)})
	}
}

// cannotList says why a directory cannot be listed.
func cannotList(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "not allowed to list this directory; change its permissions"
	case errors.Is(err, fs.ErrNotExist):
		return "vanished while the lake was listed"
	default:
		return fmt.Sprintf("cannot list this directory: %v", err)
	}
}

// cannotLook says why an entry cannot be looked at.
func cannotLook(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "not allowed to look at this file; change the permissions of its directory"
	case errors.Is(err, fs.ErrNotExist):
		return "vanished while the lake was listed"
	default:
		return fmt.Sprintf("cannot look at this file: %v", err)
	}
}

// shownFolder names a directory in a reason.
func shownFolder(p string) string {
	if p == "" {
		return "the lake itself"
	}
	return path.Clean(shown(p)) + "/"
}
