package repl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// historyLimit is how many statements the history keeps; the file may grow to twice as many before it is cut.
const historyLimit = 1000

// history is the statements typed, oldest first, and the file they are kept in. In the file each statement is one
// line, with \n for its line breaks and \\ for backslashes. Several REPLs may append to one file.
type history struct {
	path    string // empty keeps them in memory
	entries []string
}

var (
	historyEscape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	historyUnescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

// openHistory reads the file, which need not exist, and cuts it if it has grown too long.
func openHistory(path string) (*history, error) {
	h := &history{path: path}
	if path == "" {
		return h, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return h, fmt.Errorf("make a folder for the history: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return h, fmt.Errorf("read the history: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		if lines.Text() != "" {
			h.entries = append(h.entries, historyUnescape.Replace(lines.Text()))
		}
	}
	if len(h.entries) > 2*historyLimit {
		h.entries = h.entries[len(h.entries)-historyLimit:]
		return h, h.rewrite()
	}
	return h, nil
}

// add appends a statement, unless it is the same as the one before.
func (h *history) add(statement string) error {
	if n := len(h.entries); n > 0 && h.entries[n-1] == statement {
		return nil
	}
	h.entries = append(h.entries, statement)
	if h.path == "" {
		return nil
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	_, err = f.WriteString(historyEscape.Replace(statement) + "\n")
	return errors.Join(err, f.Close())
}

// rewrite replaces the file by the entries, at once, so that no reader sees half of it.
func (h *history) rewrite() error {
	f, err := os.CreateTemp(filepath.Dir(h.path), "history-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("cut the history: %w", err)
	}
	w := bufio.NewWriter(f)
	for _, e := range h.entries {
		w.WriteString(historyEscape.Replace(e) + "\n") // Flush returns its error
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cut the history: %w", err)
	}
	if err := os.Rename(f.Name(), h.path); err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cut the history: %w", err)
	}
	return nil
}
