package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"tarn/repl/lineedit"
)

// errInterrupt is Ctrl-C at the prompt.
var errInterrupt = lineedit.ErrInterrupt

// reader reads statements from a person.
type reader interface {
	// Read shows what is pending and returns what was typed, which goes on from kept; errInterrupt at Ctrl-C, io.EOF at
	// Ctrl-D.
	Read(pending string) (kept, typed string, err error)
	// Remember puts a statement with all its lines into the history.
	Remember(statement string) error
	// Close gives the terminal back; a Read in another goroutine returns io.EOF.
	Close() error
}

// Run reads statements from a person until \q, Ctrl-D or the end of ctx. Ctrl-C clears the statement being typed, or
// cancels the one that runs; the caller must not end the program at os.Interrupt. Failed statements are reported and
// do not end Run.
func (r *REPL) Run(ctx context.Context) error {
	in, err := r.newReader()
	if err != nil {
		return err
	}
	defer in.Close()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	r.interrupts = interrupts
	stop := context.AfterFunc(ctx, func() { in.Close() })
	defer stop()
	return r.loop(ctx, in)
}

// loop reads what is typed and runs what that completes.
func (r *REPL) loop(ctx context.Context, in reader) error {
	typed := "" // what there is of the statement, for the history
	for ctx.Err() == nil {
		kept, text, err := in.Read(r.pending)
		switch {
		case errors.Is(err, errInterrupt):
			r.pending, typed = "", ""
			continue
		case err == io.EOF:
			if r.editing {
				fmt.Fprintln(r.out)
			}
			return nil
		case err != nil:
			return fmt.Errorf("read from the terminal: %w", err)
		}
		if r.pending = kept; kept == "" {
			typed = ""
		}
		command := r.pending + text
		if command = lastLine(command); r.endsInCommand(kept + text) {
			r.remember(in, command)
		} else {
			typed += text + "\n"
		}
		if err := r.take(ctx, text); err != nil {
			r.remember(in, typed)
			if errors.Is(err, errQuit) {
				return nil
			}
			return err
		}
		if r.pending == "" {
			r.remember(in, typed)
			typed = ""
		}
	}
	return nil
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// remember puts what was typed into the history, but for statements that begin with a space or hold a secret.
func (r *REPL) remember(in reader, typed string) {
	statement := strings.TrimSpace(typed)
	if statement == "" || typed[0] == ' ' || secret(statement) {
		return
	}
	if err := in.Remember(statement); err != nil {
		r.log.Warn("cannot keep the history", "error", err)
	}
}

// take adds lines to what is pending and runs all that is finished. The error is errQuit or ErrClosed.
func (r *REPL) take(ctx context.Context, line string) error {
	if word := plainWord(line); r.pending == "" {
		if alias := plainWords[word]; alias != "" {
			line = alias
		}
	}
	if r.interjected(line) {
		return r.ignoreFailed(r.run(ctx, item{command: true, text: strings.TrimSpace(line)}, line))
	}
	text := r.pending + line + "\n"
	s := newScript(text, false)
	r.pending = ""
	for {
		it, ok := s.next()
		if !ok {
			break
		}
		if err := r.ignoreFailed(r.run(ctx, it, text)); err != nil {
			return err
		}
	}
	r.pending = s.rest()
	return nil
}

// plainWords are the words that stand for commands when they are typed alone.
var plainWords = map[string]string{"exit": `\q`, "quit": `\q`, "help": `\?`}

// interjected reports whether line is a command between the lines of a statement, which it leaves as it is.
func (r *REPL) interjected(line string) bool {
	return r.pending != "" && isCommand(line) && strings.IndexByte("-(", state(r.pending)) >= 0
}

func isCommand(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), `\`) }

// ignoreFailed drops the error that has been reported.
func (r *REPL) ignoreFailed(err error) error {
	if errors.Is(err, ErrFailed) {
		return nil
	}
	return err
}
