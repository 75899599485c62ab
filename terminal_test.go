package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// terminalPatience is how long a screen may take to become as a case says; only failures take so long.
const terminalPatience = 30 * time.Second

// TestTerminal runs the REPL in tmux as testdata/terminal/*.txt say. A line is one of
//
//	file NAME TEXT             write a file of one line, into the home directory
//	start COLUMNSxLINES ARGS   run tarn with a lake of one table, t.csv
//	shell COLUMNSxLINES        run a shell with job control and the prompt $, in which tarn is a command
//	dumb COLUMNSxLINES ARGS    the same with TERM=dumb
//	type TEXT                  type it, and Enter
//	text TEXT                  type it, without Enter
//	key KEYS                   press keys, as tmux names them
//	paste N TEXT               paste TEXT as N lines, in brackets if the program asks for them; # is the line's number
//	size COLUMNSxLINES         change the terminal's size
//	cursor X,Y                 wait until the cursor is there
//	see REGEXP                 wait until the screen shows it
//	gone REGEXP                wait until the screen does not
func TestTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("starts terminals")
	}
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("tmux is not installed: scripts/clients/install.sh tmux")
		}
		t.Skip("tmux is not installed: scripts/clients/install.sh tmux")
	}
	files, err := filepath.Glob("testdata/terminal/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			term := newTerminal(t)
			for i, line := range strings.Split(string(text), "\n") {
				if line != "" && !strings.HasPrefix(line, "#") {
					term.at = fmt.Sprintf("%s:%d: %s", file, i+1, line)
					term.do(line)
				}
			}
		})
	}
}

// terminal is one tmux server with one window.
type terminal struct {
	t      *testing.T
	dir    string
	socket string
	at     string // the line of the case, for messages
}

func newTerminal(t *testing.T) *terminal {
	dir := t.TempDir()
	for name, text := range map[string]string{"lake/t.csv": "id,name\n1,one\n2,two\n", "config/tarn/tarnrc": "\\set who you\n"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	term := &terminal{t: t, dir: dir, socket: filepath.Join(dir, "tmux")}
	t.Cleanup(func() { exec.Command("tmux", "-S", term.socket, "kill-server").Run() }) // it may have ended
	return term
}

// tmux runs a command of tmux's.
func (x *terminal) tmux(args ...string) string {
	x.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-f", "/dev/null", "-S", x.socket}, args...)...)
	cmd.Dir = x.dir
	cmd.Env = append(os.Environ(), "INPUTRC="+filepath.Join(x.dir, "inputrc"), "XDG_STATE_HOME="+x.dir, "XDG_CONFIG_HOME="+filepath.Join(x.dir, "config"), "PAGER=", "TARN_PAGER=less -RSX",
		"LESSHISTFILE=-", `EDITOR=sed -i -e "s/6/7/" -e "\$s/$/;/"`, "VISUAL=", "PSQL_EDITOR=", "TMUX=", "SHELL=/bin/sh", "TERM=screen-256color", "LC_ALL=C.UTF-8", "NO_COLOR=", "CLICOLOR_FORCE=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.t.Fatalf("%s: tmux %s: %v\n%s", x.at, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (x *terminal) do(line string) {
	verb, arg, _ := strings.Cut(line, " ")
	switch verb {
	case "start", "dumb":
		size, args, _ := strings.Cut(arg, " ")
		columns, lines, _ := strings.Cut(size, "x")
		term := ""
		if verb == "dumb" {
			term = "TERM=dumb"
		}
		x.tmux("new-session", "-d", "-x", columns, "-y", lines, "trap : INT; "+term+" tarn lake "+args+"; echo status $?; exec sleep 1000")
	case "shell":
		columns, lines, _ := strings.Cut(arg, "x")
		x.tmux("new-session", "-d", "-x", columns, "-y", lines, "PS1='$ ' exec bash --norc -i")
	case "file":
		name, text, _ := strings.Cut(arg, " ")
		if err := os.WriteFile(filepath.Join(x.dir, name), []byte(text+"\n"), 0o600); err != nil {
			x.t.Fatalf("%s: %v", x.at, err)
		}
	case "type", "text":
		if strings.HasSuffix(arg, ";") {
			arg = strings.TrimSuffix(arg, ";") + `\;` // a semicolon at the end would be tmux's
		}
		x.tmux("send-keys", "-l", "--", arg)
		if verb == "type" {
			x.tmux("send-keys", "Enter")
		}
	case "key":
		x.tmux(append([]string{"send-keys"}, strings.Fields(arg)...)...)
	case "paste":
		x.paste(arg)
	case "size":
		columns, lines, _ := strings.Cut(arg, "x")
		x.tmux("resize-window", "-x", columns, "-y", lines)
	case "cursor":
		x.cursor(arg)
	case "see", "gone":
		x.wait(regexp.MustCompile("(?m)"+arg), verb == "see")
	default:
		x.t.Fatalf("%s: unknown verb", x.at)
	}
}

// paste puts lines into tmux's buffer, and that into the window.
func (x *terminal) paste(arg string) {
	x.t.Helper()
	number, text, _ := strings.Cut(arg, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		x.t.Fatalf("%s: %v", x.at, err)
	}
	var lines []string
	for i := range n {
		lines = append(lines, strings.ReplaceAll(text, "#", strconv.Itoa(i)))
	}
	file := filepath.Join(x.dir, "paste")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		x.t.Fatal(err)
	}
	x.tmux("load-buffer", file)
	x.tmux("paste-buffer", "-p")
}

// cursor waits until the cursor is at a place.
func (x *terminal) cursor(want string) {
	x.t.Helper()
	got := ""
	for deadline := time.Now().Add(terminalPatience); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if got = strings.TrimSpace(x.tmux("display-message", "-p", "#{cursor_x},#{cursor_y}")); got == want {
			return
		}
	}
	x.t.Fatalf("%s: the cursor is at %s; the screen is\n%s", x.at, got, x.tmux("capture-pane", "-p"))
}

// wait looks at the screen until it matches, or no longer does.
func (x *terminal) wait(want *regexp.Regexp, there bool) {
	x.t.Helper()
	screen := ""
	for deadline := time.Now().Add(terminalPatience); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if screen = x.tmux("capture-pane", "-p"); want.MatchString(screen) == there {
			return
		}
	}
	x.t.Fatalf("%s: the screen is\n%s", x.at, screen)
}
