package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-isatty"

	"tarn/catalog"
	"tarn/engine"
	"tarn/storage"
)

// lake is an opened lake, from the bytes up to the engine.
type lake struct {
	cat *catalog.Catalog
	db  *engine.DB
}

// openCatalog opens the catalog of the lake in dir, which crawls it if it is new or changed.
func (p *program) openCatalog(ctx context.Context, dir string) (*catalog.Catalog, error) {
	root, err := storage.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the lake: %w", err)
	}
	progress, done := crawlProgress(p.stderr)
	cat, err := catalog.Open(ctx, root, catalog.Options{StateDir: p.state, Log: p.logger(), Progress: progress})
	done()
	if err != nil {
		return nil, fmt.Errorf("open the catalog of %s: %w", dir, err)
	}
	for _, n := range cat.Notices() {
		fmt.Fprintln(p.stderr, "notice: "+n)
	}
	return cat, nil
}

// openLake opens the lake in dir for queries.
func (p *program) openLake(ctx context.Context, dir string) (*lake, error) {
	cat, err := p.openCatalog(ctx, dir)
	if err != nil {
		return nil, err
	}
	for _, n := range cat.Opened().Notices {
		fmt.Fprintln(p.stderr, "notice: "+n)
	}
	db, err := engine.Open(ctx, cat, engine.Options{Threads: p.threads, MemoryLimit: p.memory, Log: p.logger(),
		CacheBytes: int64(p.cache), Background: p.background, CopyParquet: p.copyParquet})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the engine: %w", err), cat.Close())
	}
	return &lake{cat: cat, db: db}, nil
}

// watch follows the lake's files until stop is called, which waits for the end of a crawl that runs.
func (l *lake) watch(ctx context.Context, report func(*catalog.Report, error)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := l.cat.Watch(ctx, report); err != nil {
			report(nil, fmt.Errorf("watch the lake: %w", err))
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// news is what was heard of the lake and not yet shown. The zero value is ready for use.
type news struct {
	mu    sync.Mutex
	heard []string
}

// add keeps what went wrong; that files came and went is seen in the tables.
func (n *news) add(_ *catalog.Report, err error) {
	if err == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, err.Error())
}

// take returns what was heard since the last call.
func (n *news) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	heard := n.heard
	n.heard = nil
	return heard
}

func (l *lake) close() error { return errors.Join(l.db.Close(), l.cat.Close()) }

// dirOf is the DIR argument, or the current directory.
func dirOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && f != nil && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// crawlProgress returns a function that shows a crawl on one line of a terminal, and one that clears the line; both do
// nothing when w is no terminal.
func crawlProgress(w io.Writer) (show func(catalog.Progress), done func()) {
	if !isTerminal(w) {
		return nil, func() {}
	}
	var over atomic.Bool // later crawls would draw into what is being typed
	line := newStatusLine(w, "crawl")
	show = func(p catalog.Progress) {
		if !over.Load() {
			line.show(p.Done, p.Total, p.Bytes, p.File)
		}
	}
	return show, func() {
		over.Store(true)
		line.clear()
	}
}
