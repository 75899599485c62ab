package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// resolve looks where the links found so far lead, and returns the directories behind them that are not listed yet.
// It marks them as listed, so that overlapping trees come out the same in every walk.
func (w *walker) resolve() []folder {
	links := w.links
	w.links = nil
	links = slices.DeleteFunc(links, func(l link) bool {
		out := w.root.leadsOut(l.path)
		if out {
			w.skip(l.path, leadsOutReason)
		}
		return out
	})
	slices.SortFunc(links, func(a, b link) int { return strings.Compare(a.path, b.path) })
	var starts []folder
	for _, l := range links {
		info, err := os.Stat(w.root.Abs(l.path))
		switch {
		case err != nil:
			w.skip(l.path, cannotFollow(reasonOf(err)))
		case info.IsDir():
			if reason := w.refuseFolder(l, identityOf(info).inode()); reason != "" {
				w.skip(l.path+"/", reason)
				continue
			}
			starts = append(starts, folder{path: l.path, above: l.in})
		default:
			w.linked = append(w.linked, l)
		}
	}
	return starts
}

// leadsOutReason is why a link out of the lake is not followed: the engine may open nothing beside the lake.
const leadsOutReason = "a link out of the lake, which queries cannot follow; move what it leads to into the lake, or open that as a lake of its own"

// leadsOut reports whether a link leads to something that exists and is not below the root.
func (r *Root) leadsOut(path string) bool {
	target, err1 := filepath.EvalSymlinks(r.Abs(path))
	root, err2 := filepath.EvalSymlinks(r.dir)
	if err1 != nil || err2 != nil {
		return false
	}
	below, err := filepath.Rel(root, target)
	return err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator))
}

// refuseFolder returns why the directory that a link leads to is left out, or "" and marks it as listed there.
func (w *walker) refuseFolder(l link, to inode) string {
	if to == (inode{}) {
		return "a link to a directory, which is not followed on this system"
	}
	for f := l.in; f != nil; f = f.above {
		if f.self == to {
			return "a link back to " + shownFolder(f.path) + ", which would never end"
		}
	}
	if at, ok := w.listed[to]; ok {
		return "a link to " + shownFolder(at) + ", which is listed"
	}
	w.listed[to] = l.path
	return ""
}

// resolveFiles lists the files behind links, those that are not listed yet.
func (w *walker) resolveFiles() {
	if len(w.linked) == 0 {
		return
	}
	known := make(map[inode]string, len(w.files))
	for _, f := range w.files {
		known[f.ID.inode()] = f.Path
	}
	slices.SortFunc(w.linked, func(a, b link) int { return strings.Compare(a.path, b.path) })
	for _, l := range w.linked {
		info, err := os.Stat(w.root.Abs(l.path))
		if err != nil {
			w.skip(l.path, cannotFollow(reasonOf(err)))
			continue
		}
		id := identityOf(info)
		at, ok := known[id.inode()]
		switch {
		case !info.Mode().IsRegular():
			w.skip(l.path, "no data: a link to "+special(info.Mode()))
		case ok && id.inode() != (inode{}):
			w.skip(l.path, "a link to "+shown(at)+", which is listed")
		case id.Size == 0:
			w.skip(l.path, "a link to an empty file")
		default:
			known[id.inode()] = l.path
			w.files = append(w.files, File{Path: l.path, ID: id})
		}
	}
}

// cannotFollow says why a link leads nowhere.
func cannotFollow(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "a link to something that does not exist"
	case errors.Is(err, syscall.ELOOP):
		return "a link that leads to itself"
	case errors.Is(err, fs.ErrPermission):
		return "a link to something that may not be looked at; change its permissions"
	default:
		return fmt.Sprintf("a link that cannot be followed: %v", err)
	}
}
