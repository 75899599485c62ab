package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseScreen(t *testing.T) {
	got := parseScreen("a \x1b[1;38;5;39mbé\x1b[0m  \n\x1b[7m日本\x1b[27m\x0f x\x1b[48;2;1;2;3m \x1b[m\n\n")
	want := [][]span{
		{{style{}, 0, 2, "a "}, {style{fore: "#00afff", bold: true}, 2, 2, "bé"}},
		{{style{reversed: true}, 0, 4, "日本"}, {style{}, 4, 2, " x"}, {style{back: "#010203"}, 6, 1, " "}},
		nil,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(span{}, style{})); diff != "" {
		t.Error(diff)
	}
}

// TestDraw draws three screens: a row that stays is drawn once, one that changes is seen in its turn.
func TestDraw(t *testing.T) {
	at := func(ms int, first, second string, x int) frame {
		return frame{at: time.Duration(ms) * time.Millisecond, rows: parseScreen(first + "\n" + second + "\n"), x: x, y: 1}
	}
	svg := draw([]frame{at(0, "stays", "one", 0), at(500, "stays", "<two> ", -1), at(1000, "stays", "<two>", -1)}, 10, 2)
	for want, n := range map[string]int{">stays<": 1, ">one<": 1, "&lt;two&gt;<": 1, `values="visible;hidden" keyTimes="0;0.5"`: 2, `values="hidden;visible" keyTimes="0;0.5"`: 1, `dur="1.00s"`: 3, cursorInk: 1} {
		if got := strings.Count(svg, want); got != n {
			t.Errorf("%s is there %d times, not %d:\n%s", want, got, n, svg)
		}
	}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadSteps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("# all\n\ntype  x \nkey Tab\nnosuch 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSteps(path); err == nil || !strings.Contains(err.Error(), `s:5: "nosuch" is no step`) {
		t.Error(err)
	}
	steps, err := readSteps("readme.session")
	if err != nil || len(steps) < 10 {
		t.Errorf("README's session: %v, %d steps", err, len(steps))
	}
}
