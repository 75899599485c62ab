package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tarn/storage"
)

// The line of progress begins after a while, and is drawn anew so often at most.
const (
	statusAfter = time.Second
	statusEvery = 100 * time.Millisecond
)

// statusLine shows on one line of a terminal how far a crawl or a building of copies is.
type statusLine struct {
	w           io.Writer
	what        string
	start, last time.Time
}

func newStatusLine(w io.Writer, what string) *statusLine {
	return &statusLine{w: w, what: what, start: time.Now()}
}

// show draws the line if it is time to: done of total files, which is 0 while it is not known, and the bytes read of them.
func (s *statusLine) show(done, total int, bytes int64, detail string) {
	if time.Since(s.start) < statusAfter || time.Since(s.last) < statusEvery {
		return
	}
	s.last = time.Now()
	text := []rune(statusText(s.what, done, total, bytes, time.Since(s.start)) + "  " + detail)
	fmt.Fprint(s.w, "\r\x1b[K"+string(text[:min(len(text), 78)]))
}

// clear takes the line away.
func (s *statusLine) clear() {
	if !s.last.IsZero() {
		fmt.Fprint(s.w, "\r\x1b[K")
	}
}

// statusText is what the line says after some time.
func statusText(what string, done, total int, bytes int64, after time.Duration) string {
	parts := []string{fmt.Sprintf("%s: %d files", what, done)}
	if total > 0 {
		parts[0] = fmt.Sprintf("%s: %d %%, %d of %d files", what, 100*done/total, done, total)
	}
	if bytes > 0 {
		parts = append(parts, storage.Bytes(bytes), storage.Bytes(int64(float64(bytes)/after.Seconds()))+"/s")
	}
	if done > 0 && done < total {
		left := time.Duration(float64(after) * float64(total-done) / float64(done))
		parts = append(parts, "about "+left.Round(time.Second).String()+" left")
	}
	return strings.Join(parts, ", ")
}
