package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Root is the directory, or the single data file, that a lake consists of. It is immutable and safe for concurrent use.
type Root struct {
	dir    string
	single string

	// readDir lists one directory; tests replace it to make listings fail.
	readDir func(abs string) (self fs.FileInfo, entries []fs.DirEntry, err error)
}

// Open returns the root at path, which may be a directory or one file. The path is made absolute and its symbolic
// links are resolved.
func Open(path string) (*Root, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open lake %q: %w", path, err)
	}
	abs, err = filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open lake %q: no such file or directory; name a directory or one data file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open lake %q: %w", path, err)
	}
	info, err := os.Stat(abs)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open lake %q: %w", path, err)
	case info.IsDir():
		return &Root{dir: abs, readDir: readDir}, nil
	case info.Mode().IsRegular():
		return &Root{dir: filepath.Dir(abs), single: filepath.Base(abs), readDir: readDir}, nil
	default:
		return nil, fmt.Errorf("open lake %q: it is %s; name a directory or one data file", path, special(info.Mode()))
	}
}

// Dir returns the absolute directory below which all file paths are.
func (r *Root) Dir() string { return r.dir }

// Single returns the name of the one file the root was opened on, or "" for a directory.
func (r *Root) Single() string { return r.single }

// Abs returns the absolute path of a file of the root.
func (r *Root) Abs(path string) string { return filepath.Join(r.dir, filepath.FromSlash(path)) }

// Stat returns the identity that a file has now; symbolic links are followed. The error matches fs.ErrNotExist if the
// file is gone.
func (r *Root) Stat(path string) (Identity, error) {
	info, err := os.Stat(r.Abs(path))
	if err != nil {
		return Identity{}, fmt.Errorf("look at %q: %w", path, reasonOf(err))
	}
	if !info.Mode().IsRegular() {
		return Identity{}, fmt.Errorf("look at %q: it is %s now and no longer a file", path, special(info.Mode()))
	}
	return identityOf(info), nil
}

// StatAll returns the identities that files have now, in the order of paths. One that cannot be looked at has the
// zero Identity, which equals that of no file. It costs about 2 µs a file.
func (r *Root) StatAll(paths []string) []Identity {
	ids := make([]Identity, len(paths))
	for i, p := range paths {
		if info, err := os.Stat(r.Abs(p)); err == nil && info.Mode().IsRegular() {
			ids[i] = identityOf(info)
		}
	}
	return ids
}

// readDir lists one directory without sorting, and says what the directory itself is. With an error, entries holds
// those that were read before.
func readDir(abs string) (fs.FileInfo, []fs.DirEntry, error) {
	f, err := os.Open(abs)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	self, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	entries, err := f.ReadDir(-1)
	return self, entries, err
}

// reasonOf strips the operation and the path from a file system error: what names the file once should not do it twice.
func reasonOf(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// special names a kind of directory entry that is neither file, directory nor link.
func special(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "neither a file nor a directory"
	}
}
