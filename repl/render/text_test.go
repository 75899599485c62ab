package render

import (
	"testing"
	"time"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain":          "plain",
		"日本 🦆":           "日本 🦆",
		"a\nb\tc\r":      `a\nb\tc\r`,
		"\x1b[31mred":    `\x1B[31mred`,
		"\u009b31m":      `\x9B31m`,
		"\x7f\x00":       `\x7F\x00`,
		"\u202egnp.exe":  `\u202Egnp.exe`,
		"bad \xff utf-8": `bad \xFF utf-8`,
		"fine \ufffd":    "fine \ufffd",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWidthAndCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		cut   string // to 4 cells
	}{
		{"abcd", 4, "abcd"}, {"abcde", 5, "abc…"}, {"日本語", 6, "日…"}, {"é", 1, "é"}, {"e\u0301tude", 5, "e\u0301tu…"},
		{"🦆🦆🦆", 6, "🦆…"}, {"👩‍👩‍👧‍👦 x", 4, "👩‍👩‍👧‍👦 x"}, {"", 0, ""},
	} {
		if got := Width(c.text); got != c.width {
			t.Errorf("%q is %d wide, want %d", c.text, got, c.width)
		}
		if got := Cut(c.text, 4); got != c.cut {
			t.Errorf("%q cut is %q, want %q", c.text, got, c.cut)
		}
	}
}

func TestCountAndDuration(t *testing.T) {
	for n, want := range map[int64]string{0: "0 rows", 1: "1 row", 999: "999 rows", 1000: "1,000 rows", 1234567: "1,234,567 rows"} {
		if got := Count(n, "row"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		1300 * time.Microsecond: "1.3 ms", 12 * time.Millisecond: "12 ms", 1240 * time.Millisecond: "1.24 s", 125 * time.Second: "2 min 5 s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// FuzzVisible checks that nothing a terminal obeys gets through.
func FuzzVisible(f *testing.F) {
	f.Add("a\x1b]0;t\x07\u2066\xc2")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range Visible(s) {
			if isObeyed(r) {
				t.Errorf("%q contains %U", Visible(s), r)
			}
		}
	})
}
