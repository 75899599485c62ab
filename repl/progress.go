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
	if r.progress == nil || !isTerminal(r.err) {
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
		if line := progressLine(p, time.Since(start), terminalWidth(r.err)); ok && line != "" {
			fmt.Fprint(r.err, "\r\x1b[K"+line)
			drawn = true
		}
	}
}

// progressLine says how far a statement is after some time, in a line of width cells: nothing if the engine cannot tell.
func progressLine(p engine.Progress, after time.Duration, width int) string {
	if p.Percent <= 0 || p.Percent > 100 {
		return ""
	}
	const bar = 20
	full := int(p.Percent / 100 * bar)
	parts := []string{fmt.Sprintf("%3.0f %% %s%s", p.Percent, strings.Repeat("█", full), strings.Repeat("░", bar-full))}
	if p.Rows > 0 && p.All > 0 {
		parts = append(parts, shortCount(p.Rows)+" of "+shortCount(p.All)+" rows",
			shortCount(uint64(float64(p.Rows)/after.Seconds()))+" rows/s")
	}
	parts = append(parts, render.Duration(after.Round(time.Second/10)))
	if p.Percent > 1 && p.Percent < 100 {
		left := time.Duration(float64(after) * (100 - p.Percent) / p.Percent)
		parts = append(parts, "about "+render.Duration(left.Round(time.Second))+" left")
	}
	return render.Cut(strings.Join(parts, ", "), max(width-1, 20))
}

// shortCount is a number in words if it is large.
func shortCount(n uint64) string {
	if words := render.Rounded(float64(n)); words != "" {
		return words
	}
	text, _, _ := strings.Cut(render.Count(int64(n), "row"), " ")
	return text
}
