package repl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/chzyer/readline"

	"tarn/repl/complete"
	"tarn/repl/render"
)

// lineMark stands for a line break within an entry of the history, in the one line that readline edits. It is a
// character that text does not hold, and is painted as lineSign.
const (
	lineMark = '\ue00a'
	lineSign = '⏎'
)

// maxListed is how many candidates of a completion are listed.
const maxListed = 100

// editor is readline behind the reader interface.
type editor struct {
	rl      *readline.Instance
	history *history
	// complete finds how the text before the cursor may go on.
	complete func(before, after string) (complete.Candidates, string)
	replace  *replacement // what the Tab that was just typed replaces
}

// replacement is a change that readline's completion, which only appends, cannot make.
type replacement struct {
	line []rune
	pos  int
}

// newEditor takes over the terminal while a line is read.
func newEditor(r *REPL, h *history) (*editor, error) {
	e := &editor{history: h, complete: r.completions}
	cfg := &readline.Config{
		AutoComplete: e, Painter: e, DisableAutoSaveHistory: true, HistoryLimit: 2 * historyLimit, HistorySearchFold: true,
		EOFPrompt: "\n", // nothing; the loop ends the line
	}
	cfg.SetListener(e.onKey)
	cfg.FuncFilterInputRune = e.onRune
	rl, err := readline.NewEx(cfg)
	if err != nil {
		return nil, fmt.Errorf("start the line editor: %w", err)
	}
	e.rl = rl
	e.offer()
	return e, nil
}

// offer gives readline the history anew. Adding a single entry would not do: after a walk through the history,
// readline adds the entry last looked at instead.
func (e *editor) offer() {
	e.rl.ResetHistory()
	for _, entry := range e.history.entries {
		// The error is that of a history file, and readline has none.
		_ = e.rl.SaveHistory(strings.ReplaceAll(entry, "\n", string(lineMark)))
	}
}

// Read edits one line.
func (e *editor) Read(prompt string) (string, error) {
	e.rl.SetPrompt(prompt)
	line, err := e.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", errInterrupt
	}
	return strings.ReplaceAll(line, string(lineMark), "\n"), err
}

// Remember adds a statement to the history, in memory and in the file.
func (e *editor) Remember(statement string) error {
	err := e.history.add(statement)
	e.offer()
	return err
}

// Close gives the terminal back.
func (e *editor) Close() error { return e.rl.Close() }

// Paint shows line breaks; readline calls it for each drawing.
func (e *editor) Paint(line []rune, _ int) []rune {
	out := line
	for i, c := range line {
		if c != lineMark {
			continue
		}
		if &out[0] == &line[0] {
			out = append([]rune(nil), line...)
		}
		out[i] = lineSign
	}
	return out
}

// Do is readline's completion: it returns what may be appended at the cursor, and how many characters of each
// candidate stand there already. At the start of a line a tab is a tab.
func (e *editor) Do(line []rune, pos int) ([][]rune, int) {
	e.replace = nil
	before, after := string(line[:pos]), string(line[pos:])
	if strings.TrimSpace(before) == "" {
		return [][]rune{[]rune("\t")}, 0
	}
	c, text := e.complete(strings.ReplaceAll(before, string(lineMark), "\n"), after)
	typed := text[c.Start:]
	if len(c.Words) == 1 && !hasPrefix(c.Words[0], typed) {
		start := pos - len([]rune(typed))
		whole := append(append([]rune(nil), line[:start]...), []rune(c.Words[0])...)
		e.replace = &replacement{line: append(whole, line[pos:]...), pos: len(whole)}
		return nil, 0
	}
	return suffixes(c.Words, typed), len([]rune(typed))
}

// onKey makes the change that Do could not.
func (e *editor) onKey(_ []rune, _ int, key rune) ([]rune, int, bool) {
	r := e.replace
	e.replace = nil
	if key != readline.CharTab || r == nil {
		return nil, 0, false
	}
	return r.line, r.pos, true
}

// onRune lets Ctrl-C clear the line while candidates are listed, where readline would only close the list.
func (e *editor) onRune(key rune) (rune, bool) {
	if key == readline.CharInterrupt && e.rl.Operation.IsInCompleteMode() {
		e.rl.Operation.ExitCompleteMode(true)
	}
	return key, true
}

// suffixes returns what is missing of the words that go on from typed. Too many are cut to what they share, or else to
// the first.
func suffixes(words []string, typed string) [][]rune {
	var out [][]rune
	for _, w := range words {
		if hasPrefix(w, typed) && (len(words) == 1 || render.Width(w) < 60) {
			out = append(out, []rune(w[len(typed):]))
		}
	}
	if len(out) <= maxListed {
		return out
	}
	shared := out[0]
	for _, s := range out[1:] {
		n := 0
		for n < len(shared) && n < len(s) && shared[n] == s[n] {
			n++
		}
		shared = shared[:n]
	}
	if len(shared) > 0 {
		return [][]rune{shared}
	}
	return out[:maxListed]
}

func hasPrefix(word, typed string) bool {
	return len(word) >= len(typed) && strings.EqualFold(word[:len(typed)], typed)
}
