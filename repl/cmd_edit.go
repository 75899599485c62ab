package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// edit opens the statement before it, the last one, or a file in the user's editor, and then runs what is finished of it.
func (r *REPL) edit(ctx context.Context, arg string) error {
	if !r.editing {
		return errors.New("an editor needs a terminal: standard input or output is none")
	}
	words, err := r.arguments(arg)
	if err != nil {
		return err
	}
	path := ""
	if len(words) > 0 {
		path = expandHome(words[0])
	} else {
		f, err := os.CreateTemp("", "tarn-*.sql") // made with mode 0600
		if err != nil {
			return fmt.Errorf("make a file for the editor: %w", err)
		}
		path = f.Name()
		defer os.Remove(path)
		_, err = f.WriteString(r.buffer.sql + "\n")
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("write a file for the editor: %w", err)
		}
	}
	if err := r.runEditor(path); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read what was edited: %w", err)
	}
	return r.runEdited(ctx, string(text))
}

// runEditor gives the terminal to the user's editor.
func (r *REPL) runEditor(path string) error {
	editor := "vi"
	for _, name := range []string{"EDITOR", "VISUAL", "PSQL_EDITOR"} {
		if v := os.Getenv(name); v != "" {
			editor = v
		}
	}
	cmd := exec.Command("sh", "-c", editor+` "$1"`, "sh", path) // the user's editor may have arguments
	if in, ok := r.in.(*os.File); ok {
		cmd.Stdin = in
	}
	cmd.Stdout, cmd.Stderr = r.out, r.err
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run the editor %s: %w; set EDITOR to another", editor, err)
	}
	return nil
}

// runEdited shows and runs the statements that end with a semicolon; what is behind them is being typed again.
func (r *REPL) runEdited(ctx context.Context, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if err := r.print(strings.TrimRight(text, "\n") + "\n"); err != nil {
		return err
	}
	s := newScript(text, false)
	for it, ok := s.next(); ok; it, ok = s.next() {
		if err := r.run(ctx, it, s.text); err != nil {
			return err
		}
	}
	r.pending = s.rest()
	return nil
}
