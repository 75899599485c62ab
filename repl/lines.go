package repl

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// lineReader reads lines of any stream, without editing or history, for input that is no terminal.
type lineReader struct {
	in   *bufio.Reader
	out  io.Writer     // gets the prompts
	name func() string // for them
}

// newReader returns the line editor, or a plain reader if In or Out is no terminal.
func (r *REPL) newReader() (reader, error) {
	if !r.editing || !canEdit() {
		if r.in == nil {
			return nil, errors.New("there is no input to read statements from")
		}
		return &lineReader{in: bufio.NewReader(r.in), out: r.out, name: r.label}, nil
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
	line, err := l.in.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return pending, strings.TrimRight(line, "\r\n"), err
}

// Remember does nothing.
func (l *lineReader) Remember(string) error { return nil }

// Close does nothing: the stream belongs to the caller.
func (l *lineReader) Close() error { return nil }
