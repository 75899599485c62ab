package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"tarn/catalog"
	"tarn/storage/cache"
)

// NoCache as Options.CacheBytes means that no columnar copies are read or made.
const NoCache = -1

// copies are the columnar copies of the lake's files: where they are, and the worker that makes those of text that statements missed.
type copies struct {
	cache *cache.Cache
	keys  keyring
	work  *worker // nil if none are made in the background
}

// openCopies opens the cache below the state directory, or does nothing if there is to be none.
func (db *DB) openCopies(opts Options) error {
	if opts.CacheBytes < 0 {
		return nil
	}
	c, err := cache.Open(filepath.Join(db.cat.StateDir(), "cache"), cache.Options{MaxBytes: opts.CacheBytes, Log: opts.Log})
	if err != nil {
		return &Error{Kind: KindIO, Message: "cannot open the columnar cache", Detail: err.Error(), Err: err}
	}
	db.copies = &copies{cache: c}
	if opts.Background {
		db.copies.work = newWorker(db, opts.CopyParquet)
	}
	return nil
}

// closeCopies ends the worker.
func (db *DB) closeCopies() {
	if db.copies != nil && db.copies.work != nil {
		db.copies.work.close()
	}
}

// keyring remembers the keys of the files of tables, which take 5 µs each to compute.
type keyring struct {
	mu   sync.Mutex
	keys map[*catalog.Table]map[*catalog.File]string
}

// maxKeyTables is of how many versions of tables keys are kept.
const maxKeyTables = 256

func (k *keyring) of(t *catalog.Table, f *catalog.File) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := k.keys[t]
	if own == nil {
		if k.keys == nil || len(k.keys) >= maxKeyTables {
			k.keys = map[*catalog.Table]map[*catalog.File]string{}
		}
		own = map[*catalog.File]string{}
		k.keys[t] = own
	}
	key, ok := own[f]
	if !ok {
		if uncopied(t, f) == "" {
			key = cacheKey(t, f)
		}
		own[f] = key
	}
	return key
}

// copyOf returns the columnar copy of a file, which may go away at any time.
func (db *DB) copyOf(t *catalog.Table, f *catalog.File) (path string, ok bool) {
	if db.copies == nil {
		return "", false
	}
	key := db.copies.keys.of(t, f)
	if key == "" {
		return "", false
	}
	path, _, ok = db.copies.cache.Lookup(key)
	return path, ok
}

// copied adds the columnar copies of files that have one to a choice. Lines are told by the files themselves.
func (db *DB) copied(s *Session, src source, ch choice) choice {
	if db.copies == nil || !s.switches.columnarCache || src.extra.line {
		return ch
	}
	var places []int
	var keys []string
	for _, i := range db.mayBeCopied(src.table, ch.files) {
		if key := db.copies.keys.of(src.table, src.table.Files[i]); key != "" {
			places, keys = append(places, i), append(keys, key)
		}
	}
	if len(keys) == 0 {
		return ch
	}
	var found map[int]string
	for i, path := range db.copies.cache.LookupAll(keys) {
		if path != "" {
			if found == nil {
				found = map[int]string{}
			}
			found[places[i]] = path
		}
	}
	ch.copies = found
	return ch
}

// mayBeCopied leaves out the Parquet files of a table that has no copies of any: their keys alone would take longer than many a statement.
func (db *DB) mayBeCopied(t *catalog.Table, files []int) []int {
	isParquet := func(i int) bool { return !isText(t.Files[i]) }
	if !slices.ContainsFunc(files, isParquet) || db.copies.cache.Marked(parquetMark(t)) {
		return files
	}
	return slices.DeleteFunc(slices.Clone(files), isParquet)
}

// parquetMark is the cache's mark of tables whose Parquet files have copies.
func parquetMark(t *catalog.Table) string {
	h := sha256.Sum256([]byte(t.Schema + "\x00" + t.Name))
	return fmt.Sprintf("parquet_%x", h[:16])
}

// wantCached asks for columnar copies of files that a statement has read as they stand, of Parquet files only if it took long enough for
// each of their bytes. It does not wait for them.
func (db *DB) wantCached(t *catalog.Table, files []*catalog.File, perByte float64) {
	if db.copies == nil || db.copies.work == nil {
		return
	}
	for _, f := range files {
		if !isText(f) {
			db.spent(t, f, time.Duration(perByte*float64(f.ID.Size)))
			continue
		}
		if key := db.copies.keys.of(t, f); key != "" {
			db.copies.work.want(job{t, f, key})
		}
	}
}

// missed asks for copies of the files that scans have read as they stand; took is how long the statement took.
func (s *Session) missed(scans []*scan, took time.Duration) {
	if !s.switches.columnarCache {
		return
	}
	perByte := float64(took) / float64(max(1, bytesOf(scans)))
	for _, scan := range scans {
		if scan.extra.line {
			continue
		}
		var files []*catalog.File
		for _, i := range scan.chosen.files {
			if _, copied := scan.chosen.copies[i]; !copied {
				files = append(files, scan.table.Files[i])
			}
		}
		s.db.wantCached(scan.table, files, perByte)
	}
}

// bytesOf is the size of all files that scans read.
func bytesOf(scans []*scan) (n int64) {
	for _, scan := range scans {
		for _, i := range scan.chosen.files {
			n += scan.table.Files[i].ID.Size
		}
	}
	return n
}

// copyName finds the name of a columnar copy in an error.
var copyName = regexp.MustCompile(`\b([0-9a-f]{32})\.\d+-\d+\.parquet\b`)

// dropCorrupt drops the columnar copies among those that scans read to which an error may be due, and reports whether there are any:
// the statement may then read the files themselves. A copy that went away because it made room for another is named in the same way.
func (db *DB) dropCorrupt(err error, scans []*scan) bool {
	var e *Error
	if db.copies == nil || !errors.As(err, &e) || e.Kind == KindCancelled {
		return false
	}
	found := copyName.FindAllStringSubmatch(e.File+"\n"+e.Message+"\n"+e.Detail, -1)
	for _, m := range found {
		db.copies.cache.Drop(m[1], fmt.Errorf("the engine cannot read it: %w", err))
	}
	if len(found) > 0 {
		return true
	}
	switch e.Kind { // DuckDB's reader of Parquet does not always name the file
	case KindInternal, KindIO, KindCorruptFile, KindOutOfMemory:
		return db.verifyCopies(scans)
	case KindInvalidValue:
		return e.Position == 0 && db.verifyCopies(scans)
	}
	return false
}

// verifyCopies reads the copies through that scans read, and reports whether one had to be dropped.
func (db *DB) verifyCopies(scans []*scan) (dropped bool) {
	for _, s := range scans {
		for i := range s.chosen.copies {
			if db.copies.cache.Verify(context.Background(), db.copies.keys.of(s.table, s.table.Files[i])) != nil { // the log says why
				dropped = true
			}
		}
	}
	return dropped
}
