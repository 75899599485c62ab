package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	out := flag.String("o", "", "write the SVG to this file")
	columns := flag.Int("columns", 100, "of the terminal")
	lines := flag.Int("lines", 26, "of the terminal")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: record -o FILE.svg [-columns N] [-lines N] SESSION\nA line of SESSION is: type TEXT, key KEYS, wait TEXT, pause MILLISECONDS; or a comment behind #.")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out, *columns, *lines); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

// run plays a session and writes the drawing.
func run(session, out string, columns, lines int) error {
	steps, err := readSteps(session)
	if err != nil {
		return err
	}
	term, err := openTerminal(columns, lines)
	if err != nil {
		return err
	}
	defer term.close()
	r := newRecorder(term)
	for _, s := range steps {
		if err := r.play(s); err != nil {
			return fmt.Errorf("%s:%d: %w", session, s.line, err)
		}
	}
	frames, err := r.stop()
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(draw(frames, columns, lines)), 0o644)
}

// step is one line of a session.
type step struct {
	line      int
	verb, arg string
}

// readSteps reads a session.
func readSteps(path string) ([]step, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var steps []step
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		verb, arg, _ := strings.Cut(text, " ")
		if !strings.Contains(" type key wait pause ", " "+verb+" ") {
			return nil, fmt.Errorf("%s:%d: %q is no step: write type, key, wait or pause", path, n, verb)
		}
		steps = append(steps, step{n, verb, arg})
	}
	return steps, lines.Err()
}

// patience is how long a screen may take to show what a session waits for.
const patience = 20 * time.Second

var errPatience = errors.New("the screen does not show it")
