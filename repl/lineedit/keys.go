package lineedit

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/chzyer/readline"
)

// The keys that have no character of their own stand in the private use area while readline carries them.
const (
	keyFirst rune = 0xf700 + iota
	keyUp
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyTextStart
	keyTextEnd
	keyDelete
	keyWordLeft
	keyWordRight
	keyKillWord
	keyKillWordBack
	keyKillLine
	keyKillLineStart
	keyBackspace
	keyYank
	keyTab
	keyBackTab
	keyNewline
	keyPaste
	keySearch
	keySearchOn
	keyHistoryUp
	keyHistoryDown
	keyEscape
	keyNothing
	keyUndo
	keyVi // a command of vi's; which one is in the editor
	keyLast
)

// sequences are what terminals send for keys, tmux and screen among them, without the escape at the start.
var sequences = map[string]rune{
	"[A": keyUp, "[B": keyDown, "[C": keyRight, "[D": keyLeft, "OA": keyUp, "OB": keyDown, "OC": keyRight, "OD": keyLeft,
	"[H": keyHome, "[F": keyEnd, "OH": keyHome, "OF": keyEnd, "[1~": keyHome, "[4~": keyEnd, "[7~": keyHome, "[8~": keyEnd,
	"[3~": keyDelete, "[5~": keyHistoryUp, "[6~": keyHistoryDown, "[Z": keyBackTab,
	"[1;5D": keyWordLeft, "[1;5C": keyWordRight, "[1;3D": keyWordLeft, "[1;3C": keyWordRight, "[5D": keyWordLeft, "[5C": keyWordRight,
	"Od": keyWordLeft, "Oc": keyWordRight, "[1;5H": keyTextStart, "[1;5F": keyTextEnd, "[3;5~": keyKillWord,
	"[1;5A": keyHistoryUp, "[1;5B": keyHistoryDown,
	"b": keyWordLeft, "f": keyWordRight, "d": keyKillWord, "B": keyWordLeft, "F": keyWordRight, "D": keyKillWord,
	"\x7f": keyKillWordBack, "\b": keyKillWordBack, "\r": keyNewline, "\n": keyNewline, "<": keyTextStart, ">": keyTextEnd,
	"p": keyHistoryUp, "n": keyHistoryDown,
}

// controls are the control characters that mean something else than to readline.
var controls = map[rune]rune{
	1: keyHome, 2: keyLeft, 5: keyEnd, 6: keyRight, 8: keyBackspace, 127: keyBackspace, 9: keyTab, 11: keyKillLine, 14: keyDown, 15: keyNewline,
	16: keyUp, 18: keySearch, 19: keySearchOn, 21: keyKillLineStart, 23: keyKillWordBack, 25: keyYank, 31: keyUndo, 0: keyNothing, 29: keyNothing,
	20: keyNothing, 7: keyEscape, 17: keyNothing, 22: keyNothing, 24: keyNothing, 28: keyNothing, 30: keyNothing,
}

const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
)

// escapeWait is how long a lone escape waits to be the start of a key.
const escapeWait = 40 * time.Millisecond

// keyboard turns what a terminal sends into characters for readline. After a key that may end the text it reads no further
// until the editor wants more: what is typed then belongs to a pager or another program.
type keyboard struct {
	in     io.Reader
	chunks chan []byte
	want   chan struct{} // one chunk is wanted
	open   chan struct{} // the text goes on
	closed chan struct{}
	once   sync.Once

	raw     []byte // read, and not yet decoded
	out     []byte // decoded, and not yet taken
	asked   bool
	held    bool // a key that may end the text was given
	mu      sync.Mutex
	pastes  []string
	pasting bool
	vi      bool
}

func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{in: in, chunks: make(chan []byte), want: make(chan struct{}, 1), open: make(chan struct{}, 1), closed: make(chan struct{}),
		held: true}
	go k.pump()
	return k
}

// pump reads the terminal, one piece for each that is wanted.
func (k *keyboard) pump() {
	defer close(k.chunks)
	for {
		select {
		case <-k.want:
		case <-k.closed:
			return
		}
		buf := make([]byte, 8192)
		n, err := k.in.Read(buf)
		if n > 0 {
			select {
			case k.chunks <- buf[:n]:
			case <-k.closed:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// goOn lets the keyboard read again.
func (k *keyboard) goOn() {
	select {
	case k.open <- struct{}{}:
	default:
	}
}

// Close ends Read.
func (k *keyboard) Close() error {
	k.once.Do(func() { close(k.closed) })
	return nil
}

// Read gives characters in UTF-8, for readline.
func (k *keyboard) Read(p []byte) (int, error) {
	if k.held {
		select {
		case <-k.open:
			k.held = false
		case <-k.closed:
			return 0, io.EOF
		}
	}
	for len(k.out) == 0 {
		if k.decode(false) {
			break
		}
		if err := k.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, k.out)
	k.out = k.out[n:]
	return n, nil
}

// fill waits for more of the terminal, or for a lone escape to be one.
func (k *keyboard) fill() error {
	if !k.asked {
		k.want <- struct{}{}
		k.asked = true
	}
	var late <-chan time.Time
	if len(k.raw) > 0 && !k.pasting {
		late = time.After(escapeWait)
	}
	select {
	case b, ok := <-k.chunks:
		if !ok {
			return io.EOF
		}
		k.asked = false
		k.raw = append(k.raw, b...)
	case <-late:
		k.decode(true)
	case <-k.closed:
		return io.EOF
	}
	return nil
}

// decode takes one key off raw, and reports whether there was one. late says that nothing followed for a while.
func (k *keyboard) decode(late bool) bool {
	if len(k.raw) == 0 {
		return false
	}
	if bytes.HasPrefix(k.raw, []byte(pasteBegins)) {
		return k.paste()
	}
	if k.raw[0] == 27 {
		return k.escape(late)
	}
	if !utf8.FullRune(k.raw) && !late {
		return false
	}
	c, n := utf8.DecodeRune(k.raw)
	k.raw = k.raw[n:]
	if to, ok := controls[c]; ok {
		c = to
	} else if c > keyFirst && c < keyLast {
		c = keyNothing
	}
	k.give(c)
	return true
}

// give passes a key on.
func (k *keyboard) give(c rune) {
	if c == readline.CharEnter || c == readline.CharCtrlJ || c == readline.CharInterrupt || c == readline.CharDelete {
		k.held = true
	}
	k.out = utf8.AppendRune(k.out, c)
}

// paste takes a whole paste, when its end has come.
func (k *keyboard) paste() bool {
	end := bytes.Index(k.raw, []byte(pasteEnds))
	k.pasting = end < 0
	if end < 0 {
		return false
	}
	text := string(k.raw[len(pasteBegins):end])
	k.raw = k.raw[end+len(pasteEnds):]
	k.mu.Lock()
	k.pastes = append(k.pastes, cleanPaste(text))
	k.mu.Unlock()
	k.give(keyPaste)
	return true
}

// cleanPaste gives lines their ends, and leaves out what would be keys.
func cleanPaste(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 127 || c > keyFirst && c < keyLast {
			return -1
		}
		return c
	}, text)
}

// pasted takes the oldest paste.
func (k *keyboard) pasted() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.pastes) == 0 {
		return ""
	}
	text := k.pastes[0]
	k.pastes = k.pastes[1:]
	return text
}

// escape takes a key that begins with an escape. An unknown one is passed over.
func (k *keyboard) escape(late bool) bool {
	if len(k.raw) == 1 {
		if late {
			k.raw = k.raw[1:]
			k.give(keyEscape)
		}
		return late
	}
	n := 2
	switch k.raw[1] {
	case '[':
		for n < len(k.raw) && k.raw[n] >= 0x20 && k.raw[n] < 0x40 {
			n++
		}
		n++
	case 'O':
		n++
	case 27:
		n = 1 // an escape, and the start of the next key
		k.raw = k.raw[n:]
		k.give(keyEscape)
		return true
	}
	if n > len(k.raw) {
		if !late {
			return false
		}
		n = len(k.raw)
	}
	seq := string(k.raw[1:n])
	key, known := sequences[seq]
	switch {
	case known && len(seq) == 1 && k.vi: // there a command follows the escape, however soon
		n, key = 1, keyEscape
	case known:
	case len(seq) == 1: // an escape, and then a key
		n, key = 1, keyEscape
	default:
		key = keyNothing
	}
	k.raw = k.raw[n:]
	k.give(key)
	return true
}
