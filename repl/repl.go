package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"tarn/catalog"
	"tarn/engine"
	"tarn/repl/render"
)

// Session is what the REPL needs of an engine session; *engine.Session is one.
type Session interface {
	// Query runs one statement; it is cancelled when ctx ends.
	Query(ctx context.Context, sql string) (*engine.Rows, error)
	// Snapshot is the catalog that commands list and completion looks into.
	Snapshot() *catalog.Snapshot
}

// Options say where a REPL reads and writes.
type Options struct {
	In  io.Reader // the keyboard, for Run
	Out io.Writer // results
	Err io.Writer // errors, notices, and timing where the format has no footer
	// Interactive is for Run. It takes line editing and colours only if In and Out are terminals; else lines are read
	// as they come.
	Interactive bool
	Format      string       // a name of Formats; empty means csv
	History     string       // file of the statements typed in Run; created readable by its owner alone; empty keeps none
	Log         *slog.Logger // nil logs nothing
	// News returns what the user should hear of the lake since its last call; it is shown beside the next result. May be nil.
	News func() []string
}

// The errors that callers tell apart.
var (
	// ErrFailed is a failure that has been reported on Err already.
	ErrFailed = errors.New("a statement failed")
	// ErrClosed says that Out was closed by its reader, e.g. head: the end, but no failure.
	ErrClosed = errors.New("the output was closed")
)

// errQuit ends the REPL, from \q.
var errQuit = errors.New("quit")

// shownRows is how many rows box shows on a terminal.
const shownRows = 40

// Formats returns the names of the output formats.
func Formats() []string {
	var names []string
	for _, f := range render.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// REPL runs statements and commands in one session. It is not safe for concurrent use.
type REPL struct {
	session  Session
	in       io.Reader
	out, err io.Writer
	history  string
	log      *slog.Logger
	news     func() []string

	interactive bool // statements without rows show their tag
	editing     bool // In and Out are terminals
	colour      bool // results may hold escape codes
	colourErr   bool // errors may hold escape codes
	format      render.Format
	expanded    bool // \x: line instead of format
	timing      bool
	maxRows     int // that box shows; 0 means all

	pending    string           // what was typed of a statement that is not finished
	interrupts <-chan os.Signal // Ctrl-C during a query; nil outside of Run
}

// New returns a REPL over session. The error is an unknown format.
func New(session Session, opts Options) (*REPL, error) {
	r := &REPL{session: session, in: opts.In, out: opts.Out, err: opts.Err, history: opts.History, log: opts.Log, news: opts.News,
		interactive: opts.Interactive}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.news == nil {
		r.news = func() []string { return nil }
	}
	name := opts.Format
	if name == "" {
		name = "csv"
	}
	var err error
	if r.format, err = render.Lookup(name); err != nil {
		return nil, err
	}
	r.editing = isTerminal(opts.In) && isTerminal(opts.Out)
	r.colour = r.editing && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	r.colourErr = r.colour && isTerminal(opts.Err)
	if isTerminal(opts.Out) {
		r.maxRows = shownRows
	}
	return r, nil
}

// Exec runs the statements and backslash commands of text in their order and stops at the first that fails. It
// returns ErrFailed, with the failure reported on Err, ErrClosed, or nil.
func (r *REPL) Exec(ctx context.Context, text string) error {
	s := newScript(text, true)
	for {
		it, ok := s.next()
		if !ok {
			return nil
		}
		if err := r.run(ctx, it, text); err != nil {
			if errors.Is(err, errQuit) {
				return nil
			}
			return err
		}
	}
}

// run runs one item of text. It reports what fails, and then returns ErrFailed.
func (r *REPL) run(ctx context.Context, it item, text string) error {
	var err error
	if it.command {
		err = r.command(ctx, it.text)
	} else {
		err = r.statement(ctx, it.text)
	}
	switch {
	case err == nil, errors.Is(err, errQuit), errors.Is(err, ErrClosed):
		return err
	case isClosed(err):
		return ErrClosed
	}
	r.report(err, it, text)
	return ErrFailed
}

// tell writes a line for the user beside the results.
func (r *REPL) tell(format string, args ...any) {
	fmt.Fprintf(r.err, format+"\n", args...)
}
