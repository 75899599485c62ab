package catalog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tarn/storage"
)

// stateName is the state directory in a lake. It begins with a dot, so walks leave it out.
const stateName = ".tarn"

// loginDir is a folder of the state directory for what the server keeps: users, keys. It is never part of the lake.
const loginDir = "login"

// LoginDir returns the folder in which the server of a lake keeps users and keys, made if need be. named is the state
// directory that the user asked for, or empty.
func LoginDir(root *storage.Root, named string) (string, error) {
	dir, _, err := stateDir(root, named)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, loginDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of users and keys: %w", err)
	}
	return dir, nil
}

// stateDir returns the directory in which the catalog of root is kept, made if need be, and a notice if it is not where
// the user expects it. named is what the user asked for, or empty.
func stateDir(root *storage.Root, named string) (dir, notice string, err error) {
	if named != "" {
		if dir, err = filepath.Abs(named); err == nil {
			err = makeState(dir)
		}
		if err != nil {
			return "", "", fmt.Errorf("make the state directory %q: %w; name another with --state", named, err)
		}
		return dir, "", nil
	}
	var why error
	if root.Single() == "" {
		dir = filepath.Join(root.Dir(), stateName)
		if why = makeState(dir); why == nil {
			return dir, "", ignoreState(dir)
		}
	}
	cache, err := os.UserCacheDir()
	if err == nil {
		sum := sha256.Sum256([]byte(lakePath(root)))
		dir = filepath.Join(cache, "tarn", fmt.Sprintf("%x", sum[:12]))
		err = makeState(dir)
	}
	if err != nil {
		return "", "", fmt.Errorf("find a place for the catalog: %w; name a state directory with --state", errors.Join(why, err))
	}
	if why != nil {
		notice = fmt.Sprintf("the catalog is kept in %s, since the lake cannot hold it: %v", dir, why)
	}
	return dir, notice, nil
}

// makeState makes a state directory that only the user can read, and checks that the store can be written in it.
func makeState(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	store, err := os.OpenFile(filepath.Join(dir, storeFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, "probe-*") // SQLite makes files beside the store
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// ignoreState makes Git leave out the state directory of a lake that is kept in a repository.
func ignoreState(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = f.WriteString("*\n")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("write .gitignore in the state directory: %w", err)
	}
	return nil
}

// lakePath names a lake: its folder or its one file, absolute.
func lakePath(root *storage.Root) string { return filepath.Join(root.Dir(), root.Single()) }

// withoutState takes the catalog's own files out of a listing: in silence those in its usual place, with a reason a state
// directory that the user named inside the lake.
func withoutState(l *storage.Listing, root *storage.Root, dir string) {
	l.Skipped = slices.DeleteFunc(l.Skipped, func(s storage.Skip) bool { return s.Path == stateName+"/" })
	rel, err := filepath.Rel(root.Dir(), dir)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return
	}
	prefix, shown := filepath.ToSlash(rel)+"/", filepath.ToSlash(rel)+"/"
	if rel == "." {
		prefix, shown = storeFile, storeFile
		private := func(p string) bool { return strings.HasPrefix(p+"/", loginDir+"/") }
		l.Folders = slices.DeleteFunc(l.Folders, private)
		l.Files = slices.DeleteFunc(l.Files, func(f storage.File) bool { return private(f.Path) })
	}
	l.Folders = slices.DeleteFunc(l.Folders, func(p string) bool { return strings.HasPrefix(p+"/", prefix) })
	n := len(l.Files)
	l.Files = slices.DeleteFunc(l.Files, func(f storage.File) bool { return strings.HasPrefix(f.Path, prefix) })
	if len(l.Files) == n {
		return
	}
	l.Skipped = slices.DeleteFunc(l.Skipped, func(s storage.Skip) bool { return strings.HasPrefix(s.Path, prefix) })
	l.Skipped = append(l.Skipped, storage.Skip{Path: shown, Reason: "tarn keeps its catalog here (--state)"})
	slices.SortFunc(l.Skipped, func(a, b storage.Skip) int { return strings.Compare(a.Path, b.Path) })
}

// isInside reports whether the state directory lies in the lake's folder and so moves with it.
func isInside(root *storage.Root, dir string) bool {
	rel, err := filepath.Rel(root.Dir(), dir)
	return err == nil && root.Single() == "" && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
