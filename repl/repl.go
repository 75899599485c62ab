package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

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

// Options say where a REPL reads and writes, and what it may use beside the session.
type Options struct {
	In  io.Reader // the keyboard, for Run
	Out io.Writer // results
	Err io.Writer // errors, notices, progress, and timing where the format has no footer
	// Interactive is for Run. It takes line editing and colours only if In and Out are terminals; else lines are read
	// as they come.
	Interactive bool
	Format      string       // a name of Formats; empty means csv
	Color       string       // always, never, or auto, which is also the empty text: on terminals
	History     string       // file of the statements typed in Run; created readable by its owner alone; empty keeps none
	Log         *slog.Logger // nil logs nothing
	// News returns what the user should hear of the lake since its last call; it is shown beside the next result. May be nil.
	News func() []string
	// Progress tells how far the running statement is; it is called from another goroutine than the session's. May be nil.
	Progress func() (engine.Progress, bool)
	// Open opens another lake in place of the session's, for \open. May be nil.
	Open func(ctx context.Context, dir string) (Session, error)
	// Place says what the session is connected to, for \conninfo and \l.
	Place string
}

// The errors that callers tell apart.
var (
	// ErrFailed is a failure that has been reported on Err already.
	ErrFailed = errors.New("a statement failed")
	// ErrClosed says that Out was closed by its reader, e.g. head: the end, but no failure.
	ErrClosed = errors.New("the output was closed")
	// ErrInterrupted says that the statement ended with the context it ran in, outside of Run.
	ErrInterrupted = errors.New("interrupted")
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
	progress func() (engine.Progress, bool)
	open     func(ctx context.Context, dir string) (Session, error)
	place    string

	interactive bool // statements without rows show their tag
	editing     bool // In and Out are terminals
	colour      bool // results may hold escape codes
	colourErr   bool // errors may hold escape codes
	display

	std        *output // the standard output
	redirected *output // by \o; nil if not
	once       *output // by .once, while the next result is written; nil if not
	nextTarget string  // of .once; empty if the next result goes where all go
	last       *kept   // the last result; nil before the first
	lastSQL    string  // the last statement, for commands that run it again
	aside      bool    // what runs is part of a command, and leaves the last result and statement as they are
	vars       map[string]string
	branches   []branch // of \if, the innermost last
	depth      int      // of \i within \i
	offered    offered  // by completion
	buffer     query    // that a command is to run
	failed     bool     // a statement failed and the script went on

	pending    string           // what was typed of a statement that is not finished
	interrupts <-chan os.Signal // Ctrl-C during a query; nil outside of Run
}

// New returns a REPL over session. The error is an unknown format or colour.
func New(session Session, opts Options) (*REPL, error) {
	r := &REPL{session: session, in: opts.In, out: opts.Out, err: opts.Err, history: opts.History, log: opts.Log, news: opts.News,
		interactive: opts.Interactive, progress: opts.Progress, open: opts.Open, place: opts.Place, vars: map[string]string{},
		display: display{pager: pagerAuto}}
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
	terminal := isTerminal(opts.Out)
	r.std = &output{w: opts.Out, name: "the standard output", terminal: terminal}
	r.editing = isTerminal(opts.In) && terminal
	if r.colour, err = colours(opts.Color, opts.Out); err != nil {
		return nil, err
	}
	r.colourErr, _ = colours(opts.Color, opts.Err) // it has been checked
	if terminal {
		r.maxRows = shownRows
	}
	return r, nil
}

// colours reports whether escape codes may be written to a stream: as the user says with --color, else by the environment
// (no-color.org, bixense.com/clicolors), else to terminals.
func colours(when string, stream any) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "", "auto":
	default:
		return false, fmt.Errorf("colours are auto, always or never, not %q", when)
	}
	if os.Getenv("NO_COLOR") != "" {
		return false, nil
	}
	if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true, nil
	}
	return isTerminal(stream) && os.Getenv("TERM") != "dumb", nil
}

// Set sets a variable, as \set does.
func (r *REPL) Set(name, value string) error { return r.setVariable(name, value) }

// SetOutput sends results to a file, or with | to a program, as \o does, but the file appears when
// Close ends it; byName lets its name choose the format.
func (r *REPL) SetOutput(target string, byName bool) error {
	err := r.setOutput(target, true)
	if err == nil && !byName {
		r.redirected.format = nil
	}
	return err
}

// Exec runs the statements and commands of text in their order and stops at the first that fails, unless the variable
// ON_ERROR_STOP is off. It returns ErrFailed, with the failure reported on Err, ErrInterrupted, ErrClosed, or nil.
func (r *REPL) Exec(ctx context.Context, text string) error {
	return r.endScript(r.exec(ctx, text))
}

// endScript says what became of a script.
func (r *REPL) endScript(err error) error {
	switch {
	case errors.Is(err, errQuit):
		err = nil
	case err == nil && len(r.branches) > 0:
		r.branches = nil
		r.tell("%s %s", r.red("error:"), `the script ends within \if: \endif is missing`)
		return ErrFailed
	}
	if err == nil && r.failed {
		err = ErrFailed
	}
	r.failed = false
	return err
}

func (r *REPL) exec(ctx context.Context, text string) error {
	s := newScript(text, true)
	for {
		it, ok := s.next()
		if !ok {
			return nil
		}
		if err := r.goOn(r.run(ctx, it, s.text)); err != nil {
			return err
		}
	}
}

// goOn drops the failure of a statement if the script is to go on.
func (r *REPL) goOn(err error) error {
	if !errors.Is(err, ErrFailed) {
		return err
	}
	if r.stopsAtFailure() {
		return err
	}
	r.failed = true
	return nil
}

func (r *REPL) stopsAtFailure() bool {
	stop, ok := r.vars["ON_ERROR_STOP"]
	on, err := truth(stop)
	return !ok || err != nil || on
}

// ExecReader runs statements and commands as they arrive: each as soon as its end has been read. Results are as of Exec.
func (r *REPL) ExecReader(ctx context.Context, in io.Reader) error {
	lines := bufio.NewReader(in)
	var pending strings.Builder
	waits := "" // for what, if a text or comment is open: else a long one would be looked through at each line
	for {
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return r.endScript(fmt.Errorf("read statements: %w", err))
		}
		fresh := strings.TrimSpace(pending.String()) == ""
		pending.WriteString(line)
		if err == io.EOF {
			return r.endScript(r.exec(ctx, pending.String()))
		}
		if !strings.Contains(line, waits) {
			continue
		}
		if !strings.ContainsAny(line, `;\`) && !(fresh && strings.HasPrefix(strings.TrimSpace(line), ".")) {
			continue // nothing can end here
		}
		s := newScript(pending.String(), false)
		for {
			it, ok := s.next()
			if !ok {
				break
			}
			if err := r.goOn(r.run(ctx, it, s.text)); err != nil {
				return r.endScript(err)
			}
		}
		waits = s.waitsFor()
		pending.Reset()
		pending.WriteString(s.rest())
	}
}

// run runs one item of text. It reports what fails, and then returns ErrFailed.
func (r *REPL) run(ctx context.Context, it item, text string) error {
	if r.skipping() && !(it.command && isBranching(it.text)) {
		return nil
	}
	var err error
	if it.command {
		err = r.command(ctx, it, text)
	} else {
		err = r.statement(ctx, query{sql: it.text, text: text, offset: it.offset}, delivery{})
	}
	if e := r.endOnce(err != nil); err == nil && !it.command {
		err = e
	}
	switch {
	case err == nil, errors.Is(err, errQuit), errors.Is(err, ErrClosed), errors.Is(err, ErrFailed), errors.Is(err, ErrInterrupted):
		return err
	case r.current() == r.std && isClosed(err):
		return ErrClosed
	}
	r.vars["ERROR"] = "true"
	if r.report(err) {
		return ErrInterrupted
	}
	return ErrFailed
}

// tell writes a line for the user beside the results.
func (r *REPL) tell(format string, args ...any) {
	fmt.Fprintf(r.err, format+"\n", args...)
}
