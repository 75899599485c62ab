package repl

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
)

// lineReader reads lines of any stream, without editing or history, for input that is no terminal.
type lineReader struct {
	lines      <-chan line
	want       chan<- struct{} // one line
	closed     chan struct{}
	once       sync.Once
	asked      bool          // for a line that has not come yet
	out        io.Writer     // gets the prompts
	name       func() string // for them
	interrupts func() <-chan os.Signal
}

// line is what was read.
type line struct {
	text string
	err  error
}

// newLineReader reads lines in a goroutine of its own, so that Ctrl-C need not wait for Enter; it reads ahead of nothing.
func newLineReader(r *REPL) *lineReader {
	lines, want, closed := make(chan line), make(chan struct{}, 1), make(chan struct{})
	in := bufio.NewReader(r.in)
	go func() {
		for {
			select {
			case <-want:
			case <-closed:
				return
			}
			text, err := in.ReadString('\n')
			select {
			case lines <- line{text, err}:
			case <-closed:
			}
		}
	}()
	return &lineReader{lines: lines, want: want, closed: closed, out: r.out, name: r.label, interrupts: func() <-chan os.Signal { return r.interrupts }}
}

// newReader returns the line editor, or a plain reader if In or Out is no terminal.
func (r *REPL) newReader() (reader, error) {
	if !r.editing || !canEdit() {
		if r.in == nil {
			return nil, errors.New("there is no input to read statements from")
		}
		return newLineReader(r), nil
	}
	h, err := openHistory(r.history)
	if err != nil {
		r.notice(err.Error(), "Statements are remembered until the end of this session only.")
		h.path = ""
	}
	return newEditor(r, h)
}

// Read shows the prompt and reads a line. A last line without an end counts.
func (l *lineReader) Read(pending string) (kept, typed string, err error) {
	all := prompts(l.name(), pending)
	if _, err := io.WriteString(l.out, all[len(all)-1]); err != nil {
		return "", "", err
	}
	if !l.asked {
		l.want <- struct{}{}
		l.asked = true
	}
	select {
	case <-l.interrupts():
		_, err := io.WriteString(l.out, "\n") // behind ^C
		return "", "", errors.Join(errInterrupt, err)
	case <-l.closed:
		return "", "", io.EOF
	case got := <-l.lines:
		l.asked = false
		if got.err == io.EOF && got.text != "" {
			got.err = nil
		}
		return pending, strings.TrimRight(got.text, "\r\n"), got.err
	}
}

// Remember does nothing.
func (l *lineReader) Remember(string) error { return nil }

// Close lets go of the stream, which belongs to the caller; a Read in another goroutine returns io.EOF.
func (l *lineReader) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}
