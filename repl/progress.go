package repl

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"tarn/engine"
	"tarn/repl/render"
)

// The line of progress begins after a while, and is drawn anew so often.
const (
	progressAfter = time.Second
	progressEvery = 200 * time.Millisecond
)

// follow shows on one line of the standard error, if that is a terminal, how far the running statement is, until stop is called,
// which takes the line away.
func (r *REPL) follow() (stop func()) {
	if r.progress == nil || !isTerminal(r.err) || !canEdit() {
		return func() {}
	}
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		r.drawProgress(ended)
	}()
	return sync.OnceFunc(func() {
		close(ended)
		<-gone
	})
}

func (r *REPL) drawProgress(ended <-chan struct{}) {
	start := time.Now()
	drawn := false
	var m meter
	for wait := progressAfter; ; wait = progressEvery {
		select {
		case <-ended:
			if drawn {
				fmt.Fprint(r.err, "\r\x1b[K")
			}
			return
		case <-time.After(wait):
		}
		p, ok := r.progress()
		if !ok {
			p = engine.Progress{Percent: -1}
		}
		m.read(p, time.Since(start))
		if line := m.line(terminalWidth(r.err)); line != "" {
			fmt.Fprint(r.err, "\r\x1b[K"+line)
			drawn = true
		}
	}
}

// stalled is how long the engine's count may stand still before nothing is said of speed and time left: between the parts of a statement it does.
const stalled = 1500 * time.Millisecond

// meter remembers how a statement's progress went.
type meter struct {
	now   engine.Progress
	at    time.Duration // since the statement's start
	moved time.Duration // when the count last grew
}

// read takes what the engine says after some time.
func (m *meter) read(p engine.Progress, after time.Duration) {
	if p.Percent > m.now.Percent || p.Rows > m.now.Rows || p.Bytes > m.now.Bytes {
		m.moved = after
	}
	m.now, m.at = p, after
}

// line says how far the statement is, in a line of width cells: of what cannot be told, only how long it takes.
func (m *meter) line(width int) string {
	p := m.now
	if p.Percent > 100 {
		p.Percent = -1
	}
	var parts []string
	if p.Percent > 0 {
		const bar = 20
		full := int(p.Percent / 100 * bar)
		parts = append(parts, fmt.Sprintf("%3.0f %% %s%s", p.Percent, strings.Repeat("█", full), strings.Repeat("░", bar-full)))
	}
	moves := m.at-m.moved < stalled
	parts = append(parts, m.amounts(moves)...)
	if len(parts) == 0 {
		parts = append(parts, "running")
	}
	parts = append(parts, render.Duration(m.at.Round(time.Second/10)))
	if p.Percent > 1 && p.Percent < 100 && moves {
		left := time.Duration(float64(m.at) * (100 - p.Percent) / p.Percent)
		parts = append(parts, "about "+render.Duration(left.Round(time.Second))+" left")
	}
	if p.Name != "" {
		parts = append(parts, render.Visible(p.Name))
	}
	return render.Cut(strings.Join(parts, ", "), max(width-4, 20)) // the terminal writes ^C behind it
}

// amounts says how much was done, and, while it moves, how fast.
func (m *meter) amounts(moves bool) (parts []string) {
	p := m.now
	if p.OfFiles > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s", shortCount(uint64(p.Files)), render.Count(int64(p.OfFiles), "file")))
	}
	if p.Bytes > 0 {
		parts = append(parts, byteCount(p.Bytes))
		if moves {
			parts = append(parts, byteCount(int64(float64(p.Bytes)/m.at.Seconds()))+"/s")
		}
	}
	if p.Rows > 0 {
		parts = append(parts, shortCount(p.Rows)+" rows")
		if moves {
			parts = append(parts, shortCount(uint64(float64(p.Rows)/m.at.Seconds()))+" rows/s")
		}
	}
	return parts
}

// shortCount is a number in words if it is large.
func shortCount(n uint64) string {
	if words := render.Rounded(float64(n)); words != "" {
		return words
	}
	text, _, _ := strings.Cut(render.Count(int64(n), "row"), " ")
	return text
}
