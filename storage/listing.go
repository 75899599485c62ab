package storage

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Listing is the outcome of a walk; files and what is skipped are sorted by path.
type Listing struct {
	Files   []File
	Skipped []Skip
	Folders []string // that were listed, "" for the root; in no order
}

// Walk lists the tree without opening files. It leaves out hidden and _-prefixed names, empty files and what cannot be
// a data file, each with its reason. What cannot be read is skipped with the reason, never an error; an error means
// that the root itself cannot be listed or ctx ended.
//
// Symbolic links within the lake are followed, but each file and each directory is listed once: under its own path. Links to
// what is listed are skipped with the reason, and so are links to a directory above them and links out of the lake.
//
// It costs one listing a directory and one lstat a file, in a few goroutines. A lake of one file is listed whatever
// its name.
func (r *Root) Walk(ctx context.Context) (*Listing, error) {
	if r.single != "" {
		return r.listSingle()
	}
	w := newWalker(r)
	starts := []folder{{}}
	for len(starts) > 0 {
		if err := w.walk(ctx, starts); err != nil {
			return nil, fmt.Errorf("list lake %q: %w", r.dir, err)
		}
		starts = w.resolve()
	}
	w.resolveFiles()
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(w.skips, func(a, b Skip) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Reason, b.Reason)
	})
	return &Listing{Files: w.files, Skipped: w.skips, Folders: w.folders}, nil
}

// listSingle lists the one file of a lake that was opened on a file.
func (r *Root) listSingle() (*Listing, error) {
	info, err := os.Stat(r.Abs(r.single))
	if err != nil {
		return nil, fmt.Errorf("look at %q: %w", r.Abs(r.single), reasonOf(err))
	}
	id := identityOf(info)
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("look at %q: it is %s now and no longer a file", r.Abs(r.single), special(info.Mode()))
	case id.Size == 0:
		return &Listing{Skipped: []Skip{{Path: shown(r.single), Reason: "empty file"}}, Folders: []string{""}}, nil
	default:
		return &Listing{Files: []File{{Path: r.single, ID: id}}, Folders: []string{""}}, nil
	}
}
