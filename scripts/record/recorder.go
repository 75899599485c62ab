package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// recorder looks at a terminal many times a second and keeps what changes.
type recorder struct {
	term   *terminal
	begun  time.Time
	frames []frame
	last   string
}

const (
	keystroke = 45 * time.Millisecond // between two characters that are typed
	look      = 30 * time.Millisecond // between two looks at the screen
)

func newRecorder(t *terminal) *recorder { return &recorder{term: t, begun: time.Now()} }

// play carries out one step.
func (r *recorder) play(s step) error {
	switch s.verb {
	case "type":
		for _, c := range s.arg {
			text := string(c)
			if text == ";" {
				text = `\;` // else it is tmux's own
			}
			if _, err := r.term.tmux("send-keys", "-l", "--", text); err != nil {
				return err
			}
			if err := r.watch(keystroke); err != nil {
				return err
			}
		}
	case "key":
		if _, err := r.term.tmux(append([]string{"send-keys"}, strings.Fields(s.arg)...)...); err != nil {
			return err
		}
		return r.watch(look)
	case "wait":
		for end := time.Now().Add(patience); ; {
			if strings.Contains(plain(r.last), s.arg) {
				return nil
			}
			if time.Now().After(end) {
				return fmt.Errorf("wait %s: %w; it shows\n%s", s.arg, errPatience, plain(r.last))
			}
			if err := r.watch(look); err != nil {
				return err
			}
		}
	case "pause":
		n, err := strconv.Atoi(s.arg)
		if err != nil {
			return fmt.Errorf("pause: %w", err)
		}
		return r.watch(time.Duration(n) * time.Millisecond)
	}
	return nil
}

// watch records for a while.
func (r *recorder) watch(d time.Duration) error {
	for end := time.Now().Add(d); ; time.Sleep(min(look, max(0, time.Until(end)))) {
		screen, x, y, err := r.term.capture()
		if err != nil {
			return err
		}
		if state := fmt.Sprint(screen, x, y); state != r.last {
			r.last = state
			r.frames = append(r.frames, frame{at: time.Since(r.begun), rows: parseScreen(screen), x: x, y: y})
		}
		if !time.Now().Before(end) {
			return nil
		}
	}
}

// stop returns what was recorded, with one more frame for the end, at which the film begins anew.
func (r *recorder) stop() ([]frame, error) {
	if len(r.frames) == 0 {
		return nil, fmt.Errorf("nothing was recorded")
	}
	first := r.frames[0].at
	for i := range r.frames {
		r.frames[i].at -= first
	}
	end := r.frames[len(r.frames)-1]
	end.at = time.Since(r.begun) - first
	return append(r.frames, end), nil
}
