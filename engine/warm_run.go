package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/storage"
	"tarn/storage/cache"
)

// Warming is what Warm did for one table.
type Warming struct {
	Table     string // with its schema
	Files     int    // that can have copies: of text, or Parquet too
	Bytes     int64  // of those files
	Copied    int    // files that have a columnar copy now
	Made      int    // copies that were made, the others were there and have been read through
	CopyBytes int64  // of all copies of the table
	Took      time.Duration
	Without   []Uncopied // files that have no copy

	copies []madeCopy
}

// madeCopy is a copy that Warm has made or found.
type madeCopy struct {
	file *catalog.File
	key  string
	size int64
}

// Uncopied is a file that has no columnar copy, with the reason.
type Uncopied struct {
	File   string
	Err    error
	Nature bool // there can be none: the file is always read as it stands
}

// WarmProgress says how far Warm is; all numbers are of files.
type WarmProgress struct {
	Table       string
	Done, Total int
}

// WarmOptions say what Warm makes copies of.
type WarmOptions struct {
	Tables  []string           // none mean all
	Parquet bool               // of Parquet files, too
	Tell    func(WarmProgress) // hears of every file; may be nil
}

// Warm makes the columnar copies of all text files of tables, at once and with all threads, and reads through those that are there.
// Those of Parquet files are encoded and compressed in the way that DuckDB reads fastest. The error is about the call as a whole; what
// is wrong with a single file is in the result.
func (db *DB) Warm(ctx context.Context, o WarmOptions) ([]Warming, error) {
	if db.copies == nil {
		return nil, &Error{Kind: KindUnsupported, Message: "there is no columnar cache", Hint: "Open the lake with a --cache-size other than 0."}
	}
	if _, err := db.cat.Sync(ctx); err != nil {
		return nil, &Error{Kind: KindIO, Message: "cannot read the catalog", Detail: err.Error(), Err: err}
	}
	snap := db.cat.Snapshot()
	tables := snap.Tables
	if len(o.Tables) > 0 {
		tables = nil
	}
	for _, name := range o.Tables {
		own, err := parseOwn("WARM TABLE " + name)
		if err != nil {
			return nil, err
		}
		t, err := own.table(snap)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(tables, t) {
			tables = append(tables, t)
		}
	}
	return db.warm(ctx, tables, o)
}

// warm is Warm for tables of a snapshot.
func (db *DB) warm(ctx context.Context, tables []*catalog.Table, o WarmOptions) ([]Warming, error) {
	if why := db.copies.cache.Paused(); why != "" {
		return nil, &Error{Kind: KindIO, Message: "no columnar copies are made for a while", Detail: why}
	}
	if err := db.copies.cache.Trim(); err != nil { // the limit may be lower than it was
		return nil, &Error{Kind: KindIO, Message: "cannot use the columnar cache", Detail: err.Error(), Err: err}
	}
	var out []Warming
	var err error
	for _, t := range tables {
		var w Warming
		if w, err = db.warmTable(ctx, t, o); err != nil {
			break
		}
		out = append(out, w)
	}
	for i := range out {
		out[i].recount(db.copies.cache)
	}
	return out, err
}

// recount takes out the copies that have made room for others since.
func (w *Warming) recount(c *cache.Cache) {
	w.Copied, w.CopyBytes = 0, 0
	for _, m := range w.copies {
		if _, _, ok := c.Lookup(m.key); ok {
			w.Copied++
			w.CopyBytes += m.size
			continue
		}
		w.Without = append(w.Without, Uncopied{File: m.file.Path, Err: errors.New("its copy made room for others: the cache is full, and a larger --cache-size holds more")})
	}
	slices.SortFunc(w.Without, func(a, b Uncopied) int { return cmp.Compare(a.File, b.File) })
}

// isText reports whether a file is of a kind that gets a columnar copy unasked.
func isText(f *catalog.File) bool {
	return f.Kind.Format == storage.CSV || f.Kind.Format == storage.JSON
}

// warmTable makes the copies of one table, the largest files first, several at a time.
func (db *DB) warmTable(ctx context.Context, t *catalog.Table, o WarmOptions) (Warming, error) {
	w := Warming{Table: t.Schema + "." + t.Name}
	var files []*catalog.File
	for _, f := range t.Files {
		if isText(f) || o.Parquet {
			files = append(files, f)
			w.Bytes += f.ID.Size
		}
	}
	w.Files = len(files)
	slices.SortStableFunc(files, func(a, b *catalog.File) int { return cmp.Compare(b.ID.Size, a.ID.Size) })
	begun := time.Now()
	var mu sync.Mutex
	done := 0
	err := db.eachOn(ctx, files, func(c *conn, f *catalog.File) error {
		size, made, err := db.warmFile(ctx, c, t, f)
		if ctx.Err() != nil {
			return cancelled(ctx)
		}
		mu.Lock()
		defer mu.Unlock()
		w.count(madeCopy{f, db.copies.keys.of(t, f), size}, made, err)
		if done++; o.Tell != nil {
			o.Tell(WarmProgress{Table: w.Table, Done: done, Total: len(files)})
		}
		return nil
	})
	w.Took = time.Since(begun)
	return w, errors.Join(err, db.markParquet(t, w.copies))
}

// markParquet makes known that a table has copies of Parquet files.
func (db *DB) markParquet(t *catalog.Table, copies []madeCopy) error {
	if !slices.ContainsFunc(copies, func(m madeCopy) bool { return !isText(m.file) }) {
		return nil
	}
	return db.copies.cache.Mark(parquetMark(t))
}

// count adds what became of one file.
func (w *Warming) count(m madeCopy, made bool, err error) {
	if err != nil {
		var by *notCopied
		w.Without = append(w.Without, Uncopied{File: m.file.Path, Err: err, Nature: errors.As(err, &by)})
		return
	}
	w.copies = append(w.copies, m)
	if made {
		w.Made++
	}
}

// eachOn calls do for every file, on as many connections as there are processors.
func (db *DB) eachOn(ctx context.Context, files []*catalog.File, do func(c *conn, f *catalog.File) error) error {
	g, ctx := errgroup.WithContext(ctx)
	next := make(chan *catalog.File)
	g.Go(func() error {
		defer close(next)
		for _, f := range files {
			select {
			case next <- f:
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	for range min(runtime.NumCPU(), len(files)) {
		g.Go(func() error {
			c, err := db.connect()
			if err != nil {
				return err
			}
			defer c.close()
			for f := range next {
				if err := do(c, f); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// warmFile makes the copy of one file, or reads the one through that is there.
func (db *DB) warmFile(ctx context.Context, c *conn, t *catalog.Table, f *catalog.File) (size int64, made bool, err error) {
	if why := uncopied(t, f); why != "" {
		return 0, false, &notCopied{why}
	}
	key := db.copies.keys.of(t, f)
	if _, _, ok := db.copies.cache.Lookup(key); !ok || db.copies.cache.Verify(ctx, key) != nil { // the log says what is wrong with it
		if err := db.makeCopy(ctx, c, t, f); err != nil {
			return 0, false, err
		}
		made = true
	}
	_, size, ok := db.copies.cache.Lookup(key)
	if !ok {
		return 0, made, nil // it made room for another already, which is told at the end
	}
	return size, made, nil
}

// CacheUsage returns what the columnar cache holds.
func (db *DB) CacheUsage() (cache.Usage, error) {
	if db.copies == nil {
		return cache.Usage{}, nil
	}
	return db.copies.cache.Usage()
}

var warmColumns = []Column{{Name: "table", Type: sqltype.Of(sqltype.Varchar)}, {Name: "files", Type: sqltype.Of(sqltype.BigInt)}, {Name: "copied", Type: sqltype.Of(sqltype.BigInt)},
	{Name: "made", Type: sqltype.Of(sqltype.BigInt)}, {Name: "file_bytes", Type: sqltype.Of(sqltype.BigInt)}, {Name: "copy_bytes", Type: sqltype.Of(sqltype.BigInt)},
	{Name: "milliseconds", Type: sqltype.Of(sqltype.BigInt)}, {Name: "not_copied", Type: sqltype.Of(sqltype.Varchar)}}

// runWarm carries out WARM: it makes the columnar copies of a table, or of all that have text files.
func runWarm(ctx context.Context, s *Session, o *ownStatement) ([][]any, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	tables := snap.Tables
	if len(o.name) > 0 {
		t, err := o.table(snap)
		if err != nil {
			return nil, err
		}
		tables = []*catalog.Table{t}
	}
	if s.db.copies == nil {
		return nil, &Error{Kind: KindUnsupported, Message: "there is no columnar cache", Hint: "Open the lake with a --cache-size other than 0."}
	}
	hear, end := s.tellWarm()
	defer end()
	warmed, err := s.db.warm(ctx, tables, WarmOptions{Parquet: o.parquet, Tell: hear})
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, w := range warmed {
		if w.Files > 0 || len(o.name) > 0 {
			rows = append(rows, []any{w.Table, int64(w.Files), int64(w.Copied), int64(w.Made), w.Bytes, w.CopyBytes, w.Took.Milliseconds(), orNull(w.reasons())})
		}
	}
	return rows, nil
}

// reasons tells in one line why files have no copy.
func (w *Warming) reasons() string {
	if len(w.Without) == 0 {
		return ""
	}
	first := w.Without[0]
	text := fmt.Sprintf("%s: %v", first.File, first.Err)
	if n := len(w.Without) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}
