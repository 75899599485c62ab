package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tarn/catalog"
	"tarn/engine"
	"tarn/repl"
	away "tarn/repl/remote"
)

// connection is what the REPL talks to: a lake in this process, or a server.
type connection struct {
	session  repl.Session
	place    string
	progress func() (engine.Progress, bool) // nil if it is never known
	closers  []func() error                 // the last first
	lake     *lake                          // nil for a server
	watching func()                         // ends the watch; nil if nothing is watched
}

func (c *connection) close() error {
	var errs []error
	if c.watching != nil {
		c.watching()
		c.watching = nil
	}
	for i := len(c.closers) - 1; i >= 0; i-- {
		errs = append(errs, c.closers[i]())
	}
	c.closers = nil
	return errors.Join(errs...)
}

// howFar returns the function that tells the progress of statements, also after another lake was opened; nil if it is not known.
func (c *connection) howFar() func() (engine.Progress, bool) {
	if c.progress == nil {
		return nil
	}
	return func() (p engine.Progress, ok bool) {
		if c.progress == nil {
			return p, false
		}
		return c.progress()
	}
}

// follow watches the lake's files until the connection is closed.
func (c *connection) follow(ctx context.Context, report func(*catalog.Report, error)) {
	if c.lake != nil {
		c.watching = c.lake.watch(ctx, report)
	}
}

// isURL reports whether the argument names a server and no folder.
func isURL(dir string) bool {
	return strings.HasPrefix(dir, "postgres://") || strings.HasPrefix(dir, "postgresql://")
}

// connect opens the lake in dir, or connects to the server of that URL.
func (p *program) connect(ctx context.Context, dir string) (*connection, error) {
	if isURL(dir) {
		s, err := away.Connect(ctx, dir)
		if err != nil {
			return nil, fmt.Errorf("connect to the server: %w", err)
		}
		return &connection{session: s, place: s.Place(), progress: s.Progress, closers: []func() error{s.Close}}, nil
	}
	l, err := p.openLake(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &connection{place: dir, lake: l, closers: []func() error{l.close}}
	session, err := l.db.NewSession(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open a session: %w", err), c.close())
	}
	c.closers = append(c.closers, session.Close)
	c.session = session
	if isTerminal(p.stderr) {
		if err := session.FollowProgress(); err != nil {
			return nil, errors.Join(fmt.Errorf("follow the progress of statements: %w", err), c.close())
		}
		c.progress = session.Progress
	}
	return c, nil
}

// reopen closes a connection and opens another in its place, if that can be opened.
func (p *program) reopen(ctx context.Context, c *connection, dir string, watch bool, report func(*catalog.Report, error)) (repl.Session, error) {
	next, err := p.connect(ctx, dir)
	if err != nil {
		return nil, err
	}
	old := *c
	*c = *next
	if watch {
		c.follow(context.WithoutCancel(ctx), report)
	}
	return c.session, old.close()
}

// isUnreachable reports whether an error may go away by itself: what is locked, not permitted, or does not answer.
func isUnreachable(err error) bool {
	var dial *net.OpError
	return errors.Is(err, away.ErrUnreachable) || errors.As(err, &dial) && dial.Op == "dial" || errors.Is(err, fs.ErrPermission) ||
		errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ETIMEDOUT) || errors.Is(err, syscall.ESTALE) || isLocked(err)
}

// isLocked reports whether another process holds the catalog, as SQLite says it.
func isLocked(err error) bool {
	return strings.Contains(err.Error(), "database is locked") || strings.Contains(err.Error(), "SQLITE_BUSY")
}

// registerCompletions tells the shell what the values of flags can be.
func registerCompletions(cmd *cobra.Command) {
	fixed := func(words []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return words, cobra.ShellCompDirectiveNoFileComp
		}
	}
	for flag, words := range map[string][]string{"format": repl.Formats(), "color": {"auto", "always", "never"}} {
		if err := cmd.RegisterFlagCompletionFunc(flag, fixed(words)); err != nil {
			panic("the flag " + flag + " is gone")
		}
	}
}
