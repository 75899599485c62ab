package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"syscall"

	"tarn/catalog/infer"
	"tarn/storage"
)

// looker looks into a file: which kind it is of and what it holds. The kind is valid with an error, too, if it was found.
type looker func(ctx context.Context, root *storage.Root, path string, says *saying) (storage.Kind, *infer.File, error)

// lookInto is the looker that reads files.
func lookInto(ctx context.Context, root *storage.Root, path string, says *saying) (storage.Kind, *infer.File, error) {
	kind, err := detect(root, path, says)
	if err != nil {
		return storage.Kind{}, nil, err
	}
	open := func() (io.ReadCloser, error) { return root.Open(path, kind.Compression) }
	var in *infer.File
	switch kind.Format {
	case storage.Parquet:
		var footer *storage.Footer
		if footer, err = root.Footer(path); err == nil {
			in, err = infer.Parquet(footer)
		}
	case storage.CSV:
		in, err = infer.CSV(ctx, open, says.hints)
	case storage.JSON:
		in, err = infer.JSON(ctx, open)
	default:
		err = fmt.Errorf("no reader for format %s", kind.Format)
	}
	return kind, in, err
}

// detect says what a file holds. One for which the user gives options of delimited text is that, if it is text at all.
func detect(root *storage.Root, path string, says *saying) (storage.Kind, error) {
	kind, err := root.Detect(path)
	var no *storage.NotData
	if says.force && errors.As(err, &no) {
		return root.DetectText(path)
	}
	return kind, err
}

// sight is what looking into a file gave.
type sight struct {
	id     storage.Identity // of the version that was read
	kind   storage.Kind
	in     *infer.File // nil if the file is skipped
	reason string
	print  string // fingerprint of the hints
	again  bool
	gone   bool // the file vanished; it is neither data nor skipped
}

// beingWritten is why a file is skipped that changes while it is read, or did a moment ago.
const beingWritten = "it is being written; crawl again when that is done"

// lookTries is how often a file is read that changes meanwhile.
const lookTries = 2

// lookAt looks into one file and makes sure that it did not change meanwhile. An error means that ctx ended.
func (c *Catalog) lookAt(ctx context.Context, f storage.File, says *saying) (sight, error) {
	before := f.ID
	for try := 1; ; try++ {
		s := sight{id: before}
		var err error
		s.kind, s.in, err = c.guarded(ctx, f.Path, says)
		s.print = says.printFor(s.kind)
		if ctx.Err() != nil {
			return sight{}, ctx.Err()
		}
		after, gone := c.root.Stat(f.Path)
		switch {
		case errors.Is(gone, fs.ErrNotExist):
			return sight{gone: true}, nil
		case gone == nil && after != before && try < lookTries:
			before = after
			continue
		case gone == nil && after != before:
			return sight{id: after, kind: s.kind, print: s.print, reason: beingWritten, again: true}, nil
		case err != nil:
			s.in = nil
			s.reason, s.again = skipReason(err)
		}
		return s, nil
	}
}

// guarded looks into a file and turns a panic into an error, so that a bug met in one file costs that file only.
func (c *Catalog) guarded(ctx context.Context, path string, says *saying) (kind storage.Kind, in *infer.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("panic while looking into a file", "file", path, "panic", p, "stack", string(debug.Stack()))
			in, err = nil, fmt.Errorf("internal error, please report it: %v", p)
		}
	}()
	return c.look(ctx, c.root, path, says)
}

// skipReason says in words why a file cannot be a table, and whether that may pass although the file stays the same.
func skipReason(err error) (reason string, again bool) {
	var broken *infer.Error
	if errors.As(err, &broken) {
		if broken.Hint != "" {
			return broken.Error() + "; " + broken.Hint, false
		}
		return broken.Error(), false
	}
	var system syscall.Errno
	return err.Error(), errors.As(err, &system)
}
