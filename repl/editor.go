package repl

import (
	"fmt"
	"os"
	"strings"

	"tarn/repl/lineedit"
)

// editor is the line editor behind the reader interface.
type editor struct {
	line    *lineedit.Editor
	history *history
}

// canEdit reports whether the terminal understands escape codes.
func canEdit() bool {
	term := os.Getenv("TERM")
	return term != "" && term != "dumb"
}

// newEditor prepares the terminal for editing.
func newEditor(r *REPL, h *history) (*editor, error) {
	cfg := lineedit.Config{In: r.in.(*os.File), Out: r.out.(*os.File), Prompts: func(text string) []string { return prompts(r.label(), text) }, Finished: finished, Complete: r.complete,
		Vi: viKeys()}
	if r.colour {
		cfg.Highlight = highlight
	}
	line, err := lineedit.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("prepare the terminal: %w", err)
	}
	line.SetHistory(h.entries)
	return &editor{line: line, history: h}, nil
}

// Read edits a statement that begins with what is pending.
func (e *editor) Read(pending string) (kept, typed string, err error) {
	if pending != "" {
		pending = strings.TrimRight(pending, " \t\r\n") + "\n"
	}
	typed, err = e.line.Read(pending)
	return "", typed, err
}

// Remember adds a statement to the history, in memory and in the file.
func (e *editor) Remember(statement string) error {
	err := e.history.add(statement)
	e.line.SetHistory(e.history.entries)
	return err
}

// Close gives the terminal back.
func (e *editor) Close() error { return e.line.Close() }

// complete is completions for the line editor.
func (r *REPL) complete(before, after string) lineedit.Completion {
	head := ""
	line := lastLine(before)
	if isCommand(line) && (len(line) == len(before) || strings.IndexByte("-(", state(before[:len(before)-len(line)])) >= 0) {
		head, before = before[:len(before)-len(line)], line
	}
	pending := r.pending
	r.pending = "" // it is in the text
	defer func() { r.pending = pending }()
	c, text := r.completions(before, after)
	shift := len(head) + len(before) - len(text)
	return lineedit.Completion{Start: c.Start + shift, Words: c.Words, Notes: c.Notes}
}

// viKeys reports whether the user's readline is set to vi's keys, as bash and psql read it.
func viKeys() bool {
	path := os.Getenv("INPUTRC")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return false
		}
		path = home + "/.inputrc"
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return false // most have none
	}
	vi := false
	for _, line := range strings.Split(string(data), "\n") {
		words := strings.Fields(line)
		if len(words) == 3 && words[0] == "set" && words[1] == "editing-mode" {
			vi = words[2] == "vi"
		}
	}
	return vi
}
