package engine

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"tarn/catalog"
)

// unchanged reports an error if a file that matters to the statement is not as the catalog read it. A file that it does not read
// matters, too, because what it held is why; unless the lake is known to be as the snapshot has it.
func (st *Statement) unchanged() error {
	db := st.s.db
	if st.s.pinned == nil && db.still(st.target.snap) {
		return db.stillRead(st.scans)
	}
	return db.unchanged(st.tables)
}

// still reports whether the lake is known to be as a snapshot has it.
func (db *DB) still(snap *catalog.Snapshot) bool {
	return db.cat.Still() && db.cat.Snapshot().Version == snap.Version
}

// kept is unchanged for a result of the result cache.
func (db *DB) kept(snap *catalog.Snapshot, tables []*catalog.Table, r *result) error {
	if !db.still(snap) {
		return db.unchanged(tables)
	}
	for _, read := range r.reads {
		for _, t := range tables {
			if t.ID != read.table || read.version != 0 {
				continue
			}
			if err := db.compare(t, read.files); err != nil {
				return err
			}
		}
	}
	return nil
}

// unchanged compares the files of the tables with what the catalog read. It costs one stat a file, 1 to 2 µs, shared out over several threads if there are many.
func (db *DB) unchanged(tables []*catalog.Table) error {
	const share = 512 // files for which another thread is worth its while
	for _, t := range tables {
		if len(t.Files) < 2*share {
			if err := db.compare(t, t.Files); err != nil {
				return err
			}
			continue
		}
		var g errgroup.Group
		for part := range slices.Chunk(t.Files, max(share, len(t.Files)/runtime.NumCPU()+1)) {
			g.Go(func() error { return db.compare(t, part) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// stillRead compares the files that scans have read with what the catalog read.
func (db *DB) stillRead(scans []*scan) error {
	return readFiles(scans, func(t *catalog.Table, f *catalog.File) error { return db.compare(t, []*catalog.File{f}) })
}

// compare compares files of a table with what the catalog read.
func (db *DB) compare(t *catalog.Table, files []*catalog.File) error {
	root := db.cat.Root()
	for _, f := range files {
		id, err := root.Stat(f.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fileChanged("a file of table "+t.Schema+"."+t.Name+" is gone", f.Path, err)
		case err != nil:
			return &Error{Kind: KindIO, Message: "cannot look at a file of table " + t.Schema + "." + t.Name,
				Detail: err.Error(), File: f.Path, Err: err}
		case id != f.ID:
			return fileChanged("a file of table "+t.Schema+"."+t.Name+" changed", f.Path, nil)
		}
	}
	return nil
}

func fileChanged(message, path string, err error) error {
	return &Error{Kind: KindFileChanged, Message: message, File: path, Err: err,
		Detail: "The statement would have mixed rows of two versions of the file.",
		Hint:   "Run the statement again; inside a transaction, end the transaction first."}
}

// localise names an error's file relative to the root.
func (db *DB) localise(err error) error {
	var e *Error
	if errors.As(err, &e) && filepath.IsAbs(e.File) {
		if rel, err := filepath.Rel(db.cat.Root().Dir(), e.File); err == nil && !strings.HasPrefix(rel, "..") {
			e.File = filepath.ToSlash(rel)
		}
	}
	return err
}
