package lineedit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chzyer/readline"
)

// ErrInterrupt is Ctrl-C.
var ErrInterrupt = errors.New("interrupt")

// Completion is how a text may go on at the cursor.
type Completion struct {
	Start int      // where the word begins, in bytes
	Words []string // what may stand there, the best first
	Notes []string // what is shown beside each in the menu; may be nil
}

// Config says how an Editor behaves.
type Config struct {
	In  *os.File // a terminal
	Out *os.File // a terminal
	// Prompts returns the prompt of each line of a text; they may hold colours.
	Prompts func(text string) []string
	// Complete finds how the text between before and after may go on. May be nil.
	Complete func(before, after string) Completion
	// Highlight returns how parts of the text are drawn; cursor is in bytes. May be nil.
	Highlight func(text string, cursor int) []Span
	// Finished reports whether Enter ends the text.
	Finished func(text string) bool
	Vi       bool // vi's keys, beginning with insertion
}

// Editor reads texts from a terminal.
type Editor struct {
	cfg      Config
	rl       *readline.Instance
	keys     *keyboard
	stdin    io.Closer
	unwinch  func()
	mu       sync.Mutex // guards what follows: the screen is also drawn when its size changes
	screen   screen
	active   bool
	text     []rune
	pos      int
	walk     walk
	search   search
	menu     menu
	kill     []rune
	undo     []state
	lastKey  rune
	vi       vi
	keyCount int
}

// state is a text with its cursor.
type state struct {
	text []rune
	pos  int
}

// New prepares a terminal for Read. It changes nothing there yet.
func New(cfg Config) (*Editor, error) {
	if cfg.Prompts == nil || cfg.Finished == nil {
		return nil, errors.New("the line editor needs to know its prompt and when a text is finished")
	}
	e := &Editor{cfg: cfg, screen: screen{out: cfg.Out}}
	stdin := readline.NewCancelableStdin(cfg.In)
	e.stdin, e.keys = stdin, newKeyboard(stdin)
	e.keys.vi = cfg.Vi
	var raw *readline.State
	fd := int(cfg.In.Fd())
	rl, err := readline.NewEx(&readline.Config{
		Stdin: e.keys, Stdout: io.Discard, Stderr: io.Discard, Painter: e, Listener: e, FuncFilterInputRune: e.filter,
		HistoryLimit: -1, DisableAutoSaveHistory: true, ForceUseInteractive: true, InterruptPrompt: "\n", EOFPrompt: "\n",
		FuncIsTerminal:     func() bool { return true },
		FuncGetWidth:       func() int { return 1 << 20 }, // so that readline wraps nothing
		FuncOnWidthChanged: func(func()) {},
		FuncMakeRaw: func() (err error) {
			raw, err = readline.MakeRaw(fd)
			return err
		},
		FuncExitRaw: func() error {
			if raw == nil {
				return nil
			}
			return readline.Restore(fd, raw)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start the line editor: %w", err)
	}
	e.rl = rl
	e.unwinch = onResize(e.resized)
	return e, nil
}

// Read edits a text that begins as it is given, and returns it when it is finished; ErrInterrupt at Ctrl-C, io.EOF at Ctrl-D.
func (e *Editor) Read(text string) (string, error) {
	e.mu.Lock()
	e.screen.width, e.screen.height = e.size()
	e.screen.rows, e.screen.row = nil, 0
	e.active = true
	e.walk.reset()
	e.search, e.menu, e.undo = search{}, menu{}, nil
	e.vi.reset()
	e.mu.Unlock()
	e.rl.Operation.SetBuffer(text)
	io.WriteString(e.cfg.Out, "\x1b[?2004h") // bracketed paste; that the terminal is gone is seen by the next read
	defer io.WriteString(e.cfg.Out, "\x1b[?2004l")
	e.keys.goOn()
	line, err := e.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", ErrInterrupt
	}
	return line, err
}

// Close gives the terminal back; a Read in another goroutine returns io.EOF.
func (e *Editor) Close() error {
	e.unwinch()
	return errors.Join(e.stdin.Close(), e.rl.Close())
}

func (e *Editor) size() (int, int) {
	w, h, err := readline.GetSize(int(e.cfg.Out.Fd()))
	if err != nil || w <= 0 || h <= 0 {
		return 80, 24
	}
	return w, h
}

func (e *Editor) resized() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.active {
		return
	}
	e.screen.resize(e.size())
	e.draw()
}

// Paint is readline's hook for drawing; what it returns is drawn nowhere.
func (e *Editor) Paint(line []rune, pos int) []rune {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.active && !holdsKey(line) {
		e.text, e.pos = append(e.text[:0], line...), min(pos, len(line))
		e.draw()
	}
	return nil
}

func holdsKey(line []rune) bool {
	for _, c := range line {
		if c > keyFirst && c < keyLast {
			return true
		}
	}
	return false
}

// draw shows the text, and what stands below it.
func (e *Editor) draw() {
	var spans []Span
	if e.cfg.Highlight != nil {
		spans = e.cfg.Highlight(string(e.text), len(string(e.text[:e.pos])))
	}
	l := lay(e.text, e.pos, e.screen.width, e.cfg.Prompts(string(e.text)), spans)
	extra := e.menu.rows(e.screen.width, max(e.screen.height-min(len(l.rows), 3), 1))
	if e.search.on {
		extra = []string{e.search.prompt(e.screen.width)}
	}
	if room := e.screen.height - len(extra); len(extra) > 0 && room > 0 {
		l.window(room)
	}
	for _, row := range extra {
		l.rows, l.cells = append(l.rows, row), append(l.cells, plainWidth(row))
	}
	e.screen.show(l)
}

// filter decides about a key before readline does.
func (e *Editor) filter(key rune) (rune, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if key == 0 || !e.active {
		return key, true
	}
	switch key {
	case readline.CharEnter, readline.CharCtrlJ:
		return e.enter(), true
	case readline.CharInterrupt:
		if e.search.on || e.menu.shown {
			return e.again(keyEscape), true
		}
		e.finish("^C")
	case readline.CharDelete:
		if len(e.text) > 0 {
			return e.again(keyDelete), true
		}
		e.finish("")
	case readline.CharCtrlL:
		io.WriteString(e.cfg.Out, "\x1b[H\x1b[2J")
		e.screen.rows, e.screen.row = nil, 0
		return keyNothing, true
	case readline.CharCtrlZ:
		e.suspend()
		return keyNothing, true
	default:
		return e.character(key), true
	}
	return key, true
}

// suspend gives the terminal to the shell until that lets the program go on.
func (e *Editor) suspend() {
	e.screen.leave()
	io.WriteString(e.cfg.Out, "\x1b[?2004l")
	if err := e.rl.Terminal.ExitRawMode(); err == nil {
		stopUntilContinued()
		e.rl.Terminal.EnterRawMode() // a terminal that is gone ends the next read
	}
	io.WriteString(e.cfg.Out, "\x1b[?2004h")
	e.screen.width, e.screen.height = e.size()
}

// character sends plain characters to the search and to vi's commands while these are on.
func (e *Editor) character(key rune) rune {
	if key >= ' ' && (key < keyFirst || key > keyLast) {
		switch {
		case e.search.on:
			e.search.typed = key
			return keySearchOn
		case e.vi.command:
			e.vi.key = key
			return keyVi
		}
	}
	return key
}

// again swaps a key for another, and has readline go on, which waits after keys that may end the text.
func (e *Editor) again(key rune) rune {
	e.rl.Terminal.KickRead()
	e.keys.goOn()
	return key
}

// enter ends the text or breaks the line.
func (e *Editor) enter() rune {
	if e.search.on {
		e.search = search{}
	}
	if e.menu.shown && e.menu.at >= 0 {
		return e.again(keyNothing) // the chosen word stays
	}
	if !e.cfg.Finished(string(e.text)) {
		return e.again(keyNewline)
	}
	e.finish("")
	return readline.CharEnter
}

// finish draws the text for the last time.
func (e *Editor) finish(mark string) {
	e.menu, e.search = menu{}, search{}
	at := e.pos
	e.pos = len(e.text)
	e.draw()
	e.pos = at
	io.WriteString(e.cfg.Out, mark)
	e.screen.leave()
	e.active = false
}

// OnChange is readline's hook after each key; the keys that readline does not know stand in the text by now.
func (e *Editor) OnChange(line []rune, pos int, key rune) ([]rune, int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.active || key <= keyFirst || key >= keyLast {
		if key >= ' ' && pos > 0 && pos <= len(line) {
			e.menu = menu{}
			e.remember(state{append(append([]rune(nil), line[:pos-1]...), line[pos:]...), pos - 1}, key)
		}
		return nil, 0, false
	}
	if pos == 0 || line[pos-1] != key {
		return nil, 0, false
	}
	s := state{append(append([]rune(nil), line[:pos-1]...), line[pos:]...), pos - 1}
	if key != keyTab && key != keyBackTab {
		defer func() { e.menu = menu{} }()
		e.menu = menu{}
	}
	next := e.apply(s, key)
	if key != keyUndo && string(next.text) != string(s.text) {
		e.remember(s, key)
	}
	e.lastKey = key
	return next.text, next.pos, true
}

// remember keeps a state for undoing, one for each run of typed characters.
func (e *Editor) remember(s state, key rune) {
	plain := key < keyFirst || key > keyLast
	if plain {
		e.lastKey = key
		if e.keyCount++; e.keyCount > 1 && key != ' ' {
			return
		}
	} else {
		e.keyCount = 0
	}
	e.undo = append(e.undo, s)
}

// replaceWord puts a word in the place of what stands before the cursor.
func replaceWord(s state, start int, word string) state {
	head := append(append([]rune(nil), s.text[:start]...), []rune(word)...)
	return state{append(head, s.text[s.pos:]...), len(head)}
}

// common returns the beginning that words share, whatever its case.
func common(words []string) string {
	shared := []rune(words[0])
	for _, w := range words[1:] {
		rs := []rune(w)
		n := 0
		for n < len(shared) && n < len(rs) && strings.EqualFold(string(shared[n]), string(rs[n])) {
			n++
		}
		shared = shared[:n]
	}
	return string(shared)
}
