package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chzyer/readline"
	"github.com/google/go-cmp/cmp"
)

// TestTab presses Tab at | and compares the line that follows, or the candidates in readline's form (what is missing of
// each).
func TestTab(t *testing.T) {
	for _, c := range []struct{ pending, line, want, list string }{
		{"", "sel|", "select|", ""},
		{"", "SEL|", "SELECT|", ""},
		{"", "select * from wo|", "select * from words|", ""},
		{"", "select * from wo| where", "select * from words| where", ""},
		{"", "select * from order| o", `select * from "order lines"| o`, ""},
		{"", `select * from "ord|`, `select * from "order lines"|`, ""},
		{"", "select * from sales.|", "select * from sales.orders|", ""},
		{"select n,\n", "wo|", "", "rd rds"},
		{"", "select wor| from words", "", "d ds"},
		{"", `\ti|`, `\timing|`, ""},
		{"", `\timing |`, "", "off on"},
		{"", `\format js|`, "", "on onl"},
		{"", `\pset for|`, `\pset format|`, ""},
		{"", `\d wo|`, `\d words|`, ""},
		{"", `\q x|`, "", ""},
		{"", "|", "\t|", ""},
		{"select 1,\n", "  |", "  \t|", ""},
		{"", "select 'wo|", "", ""},
	} {
		r := &REPL{session: &fakeSession{}, pending: c.pending}
		e := &editor{complete: r.completions}
		before, after, _ := strings.Cut(c.line, "|")
		line, list := press(e, before, after)
		if c.want != "" && line != c.want || list != c.list {
			t.Errorf("%q: line %q, list %q", c.line, line, list)
		}
	}
}

// press does what readline does at a Tab.
func press(e *editor, before, after string) (line, list string) {
	whole := []rune(before + after)
	pos := len([]rune(before))
	found, n := e.Do(whole, pos)
	if r, at, ok := e.onKey(whole, pos, readline.CharTab); ok {
		return string(r[:at]) + "|" + string(r[at:]), ""
	}
	if len(found) == 1 {
		return before + string(found[0]) + "|" + after, ""
	}
	if n > pos {
		panic("readline would look before the line")
	}
	var words []string
	for _, f := range found {
		words = append(words, string(f))
	}
	return before + "|" + after, strings.Join(words, " ")
}

func TestManyCandidates(t *testing.T) {
	var shared, apart []string
	for i := range 3 * maxListed {
		shared = append(shared, fmt.Sprintf("column_%d", i))
		apart = append(apart, fmt.Sprintf("%c%d", 'a'+i%20, i))
	}
	if got := suffixes(shared, "co"); len(got) != 1 || string(got[0]) != "lumn_" {
		t.Errorf("got %d candidates", len(got))
	}
	if got := suffixes(apart, ""); len(got) != maxListed {
		t.Errorf("got %d candidates", len(got))
	}
}

func TestPaint(t *testing.T) {
	e := &editor{}
	line := []rune("a" + string(lineMark) + "b")
	if got := string(e.Paint(line, 0)); got != "a⏎b" || line[1] != lineMark {
		t.Errorf("got %q, the line is %q", got, string(line))
	}
}

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "history")
	h, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	entries := []string{`\dt`, "select 1,\n  'a\\nb'\n;", "select 2;"}
	for _, e := range append(entries, "select 2;") {
		if err := h.add(e); err != nil {
			t.Fatal(err)
		}
	}
	again, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(entries, again.entries); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %o", info.Mode().Perm())
	}
}

func TestHistoryIsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte(strings.Repeat("a;\nb;\n", historyLimit+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from the file that was cut
		h, err := openHistory(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.entries) != historyLimit || h.entries[historyLimit-1] != "b;" {
			t.Errorf("%d entries", len(h.entries))
		}
	}
	if _, err := openHistory(filepath.Join(path, "below-a-file")); err == nil {
		t.Error("no error for a folder that cannot be made")
	}
}
