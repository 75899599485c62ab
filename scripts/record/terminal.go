package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// terminal is a tmux server of its own with one window that runs a shell.
type terminal struct {
	dir string
}

// openTerminal starts the shell in the current folder, with a state of its own and a prompt of two characters.
func openTerminal(columns, lines int) (*terminal, error) {
	dir, err := os.MkdirTemp("", "record-")
	if err != nil {
		return nil, err
	}
	t := &terminal{dir: dir}
	_, err = t.tmux("new-session", "-d", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(lines), "env PS1='$ ' sh")
	if err == nil {
		_, err = t.tmux("set-option", "-g", "escape-time", "0")
	}
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// tmux runs a command of tmux's and returns what it prints.
func (t *terminal) tmux(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-f", "/dev/null", "-S", filepath.Join(t.dir, "socket")}, args...)...)
	cmd.Env = append(os.Environ(), "TMUX=", "TERM=screen-256color", "LC_ALL=C.UTF-8", "NO_COLOR=", "XDG_STATE_HOME="+t.dir, "XDG_CONFIG_HOME="+t.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// close ends the shell and what runs in it.
func (t *terminal) close() {
	t.tmux("kill-server")
	os.RemoveAll(t.dir)
}

// frame is what the screen showed from a moment on.
type frame struct {
	at   time.Duration // since the first
	rows [][]span
	x, y int // of the cursor; x is -1 if it is hidden
}

// capture returns the screen: its rows with their escape codes, and the cursor.
func (t *terminal) capture() (screen string, x, y int, err error) {
	if screen, err = t.tmux("capture-pane", "-e", "-p"); err != nil {
		return "", 0, 0, err
	}
	cursor, err := t.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}")
	if err != nil {
		return "", 0, 0, err
	}
	shown := 0
	if _, err := fmt.Sscan(cursor, &x, &y, &shown); err != nil {
		return "", 0, 0, fmt.Errorf("read the cursor's place %q: %w", cursor, err)
	}
	if shown == 0 {
		x = -1
	}
	return screen, x, y, nil
}
