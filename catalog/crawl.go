package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tarn/storage"
)

// crawlTries is how often a crawl starts over because another process changed the catalog meanwhile; crawlPause, times the
// number of tries, is the longest wait before that, so that busy processes give way to each other.
const (
	crawlTries = 50
	crawlPause = 2 * time.Millisecond
)

// Refresh crawls: it reads new and changed files, drops vanished ones, and makes a new snapshot if anything differs.
// One crawl runs at a time; a second caller waits and then crawls again. Where nothing changed it costs one walk.
func (c *Catalog) Refresh(ctx context.Context) (*Report, error) {
	return c.refresh(ctx, crawlOptions{})
}

// crawlOptions are how a crawl differs from the usual one.
type crawlOptions struct {
	silent bool                    // nobody waits for it, so that its progress is not shown
	leave  func(storage.File) bool // tells files that are not to be looked into yet, because they are being written; may be nil
	reread map[string]bool         // files that are looked into again although they did not change
}

func (c *Catalog) refresh(ctx context.Context, opts crawlOptions) (*Report, error) {
	select {
	case c.crawling <- struct{}{}:
		defer func() { <-c.crawling }()
	case <-ctx.Done():
		return nil, fmt.Errorf("crawl %s: %w", lakePath(c.root), ctx.Err())
	}
	progress := c.progress
	if opts.silent {
		progress = nil
	}
	m := startMeter(progress)
	defer m.close()
	c.running.Store(m)
	defer c.running.Store(nil)
	k := &crawl{c: c, opts: opts, meter: m, seen: map[string]sight{}, forms: forms{}}
	for try := 1; ; try++ {
		report, err := k.once(ctx)
		if err == nil {
			return report, nil
		}
		if !errors.Is(err, errNewer) || try == crawlTries {
			return nil, fmt.Errorf("crawl %s: %w", lakePath(c.root), err)
		}
		c.log.Debug("another process changed the catalog; crawling again", "try", try)
		time.Sleep(rand.N(time.Duration(try) * crawlPause))
	}
}

// crawl is one call of Refresh.
type crawl struct {
	c     *Catalog
	opts  crawlOptions
	meter *meter
	seen  map[string]sight // what reading gave, by saying.key, for when the crawl starts over
	forms forms

	config *config // what lake.yaml says

	files atomic.Int64 // looked into
	bytes atomic.Int64 // their size
}

// findings compares a listing with the records of the base.
type findings struct {
	records []*record // as they are now, in the order of paths
	fresh   []*record // those of them that are new or changed
	changed map[string]bool
	gone    []*record
}

// once crawls from the newest state of the store. The error errNewer asks to start over.
func (k *crawl) once(ctx context.Context) (*Report, error) {
	c := k.c
	if _, err := c.Sync(ctx); err != nil {
		return nil, err
	}
	base := c.now.Load()
	k.meter.listing()
	listing, err := c.root.Walk(ctx)
	if err != nil {
		return nil, err
	}
	withoutState(listing, c.root, c.dir)
	c.folders.Store(&listing.Folders)
	chosen, err := c.choose(listing, base.config)
	if err != nil {
		return nil, err
	}
	k.config, listing = chosen.config, &chosen.listing
	found, err := k.compare(ctx, base.stored.records, listing.Files)
	if err != nil {
		return nil, err
	}
	skips := !slices.Equal(base.stored.walked, listing.Skipped)
	next := base
	if len(found.fresh) > 0 || len(found.gone) > 0 || skips || base.stale || base.stored.version == 0 || k.config.stored() != base.stored.config {
		var change *change
		next, change = c.derive(base, found, listing.Skipped, k.config)
		change.skips = skips
		if err := c.save(ctx, base, next, change); err != nil {
			return nil, err
		}
	}
	report := k.report(base, next, found)
	report.Wrong = chosen.wrong
	report.Notices = append(chosen.notices, k.config.notFound(next.snap.Tables)...)
	return report, nil
}

// compare finds what is new, changed and gone, and reads what it must.
func (k *crawl) compare(ctx context.Context, known []*record, files []storage.File) (*findings, error) {
	f := &findings{records: make([]*record, 0, len(files)), changed: map[string]bool{}}
	all := known
	var todo []storage.File
	before := map[string]*record{} // of todo
	for len(known) > 0 || len(files) > 0 {
		switch {
		case len(files) == 0 || len(known) > 0 && known[0].path < files[0].Path:
			f.gone = append(f.gone, known[0])
			known = known[1:]
			continue
		case len(known) == 0 || known[0].path > files[0].Path:
			todo = append(todo, files[0])
		case known[0].id == files[0].ID && !known[0].again && !k.opts.reread[known[0].path] && k.fits(known[0]):
			f.records = append(f.records, known[0])
			known = known[1:]
		default:
			before[known[0].path] = known[0]
			todo = append(todo, files[0])
			known = known[1:]
		}
		files = files[1:]
	}
	if len(todo) > 0 {
		todo = f.leave(k.opts.leave, f.takeMoved(k, todo, before), before)
		k.forms.share(all)
		sights, err := k.read(ctx, todo, k.says)
		if err != nil {
			return nil, err
		}
		for i, s := range sights {
			f.take(k, todo[i].Path, s, before[todo[i].Path])
		}
		sortRecords(f.records)
	}
	return f, k.readTyped(ctx, f)
}

// takeMoved uses what is known of files that only moved to another folder: their identity is the same, and their name,
// by which their format may have been told. It returns the files that are left to read.
func (f *findings) takeMoved(k *crawl, todo []storage.File, before map[string]*record) []storage.File {
	if len(f.gone) == 0 {
		return todo
	}
	byID := make(map[storage.Identity]*record, len(f.gone))
	for _, r := range f.gone {
		if !r.again {
			byID[r.id] = r
		}
	}
	return slices.DeleteFunc(todo, func(file storage.File) bool {
		r := byID[file.ID]
		if r == nil || path.Base(r.path) != path.Base(file.Path) || r.print != k.says(file.Path).printFor(r.kind) || before[file.Path] != nil {
			return false
		}
		r = r.moved(file.Path)
		f.records, f.fresh = append(f.records, r), append(f.fresh, r)
		return true
	})
}

// take turns what reading a file gave into its record. old is its record so far, or nil.
func (f *findings) take(k *crawl, path string, s sight, old *record) {
	if s.gone {
		if old != nil {
			f.gone = append(f.gone, old)
		}
		return
	}
	r := k.recordOf(path, s)
	if old != nil && old.same(r) {
		f.records = append(f.records, old)
		return
	}
	f.changed[path] = old != nil
	f.records, f.fresh = append(f.records, r), append(f.fresh, r)
}

// recordOf makes the record of what reading a file gave.
func (k *crawl) recordOf(path string, s sight) *record {
	r := &record{path: path, id: s.id, kind: s.kind, reason: s.reason, print: s.print, again: s.again}
	if s.in == nil {
		return r
	}
	fm, err := k.forms.of(s.in)
	if err != nil {
		r.reason = "internal error, please report it: " + err.Error()
		return r
	}
	r = newRecord(path, s.id, s.kind, s.in, fm)
	r.print = s.print
	return r
}

// leave keeps what is known of files that are being written, and notes new ones as skipped. It returns the files that are
// left to read.
func (f *findings) leave(written func(storage.File) bool, todo []storage.File, before map[string]*record) []storage.File {
	if written == nil {
		return todo
	}
	return slices.DeleteFunc(todo, func(file storage.File) bool {
		if !written(file) {
			return false
		}
		r := before[file.Path]
		if r == nil || r.file == nil && r.reason != beingWritten {
			f.changed[file.Path] = r != nil
			r = &record{path: file.Path, id: file.ID, reason: beingWritten, again: true}
			f.fresh = append(f.fresh, r)
		}
		f.records = append(f.records, r)
		return true
	})
}

// read looks into files, as many at a time as there are processors, the large ones first so that none is left for the
// end; says tells what the user says of each. The result is in the order of files.
func (k *crawl) read(ctx context.Context, files []storage.File, says func(path string) *saying) ([]sight, error) {
	k.meter.reading(len(files))
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(files[b].ID.Size, files[a].ID.Size) })
	out := make([]sight, len(files))
	fail := make([]error, len(files))
	var next atomic.Int64
	var wg sync.WaitGroup
	said := make([]*saying, len(files))
	for i := range files {
		said[i] = says(files[i].Path)
	}
	for range min(runtime.NumCPU(), len(files)) {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(order) || ctx.Err() != nil {
					return
				}
				i := order[n]
				if s, ok := k.seen[said[i].key(files[i].Path)]; ok && s.id == files[i].ID && !s.again {
					out[i] = s
				} else {
					k.meter.file(files[i].Path)
					out[i], fail[i] = k.c.lookAt(ctx, files[i], said[i])
					k.files.Add(1)
					k.bytes.Add(files[i].ID.Size)
				}
				k.meter.read(files[i].ID.Size)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(append(fail, ctx.Err())...); err != nil {
		return nil, err
	}
	for i, f := range files {
		k.seen[said[i].key(f.Path)] = out[i]
	}
	return out, nil
}
