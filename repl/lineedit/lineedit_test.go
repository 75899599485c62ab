package lineedit

import (
	"fmt"
	"strings"
	"testing"
)

// at cuts a text with | at the cursor.
func at(s string) state {
	head, tail, _ := strings.Cut(s, "|")
	return state{[]rune(head + tail), len([]rune(head))}
}

func (s state) String() string { return string(s.text[:s.pos]) + "|" + string(s.text[s.pos:]) }

func TestApply(t *testing.T) {
	for _, c := range []struct {
		from string
		keys []rune
		want string
	}{
		{"ab\nc日|d", []rune{keyUp}, "ab|\nc日d"},
		{"a日b\ncde|f", []rune{keyUp}, "a日|b\ncdef"},
		{"a日b|\nx", []rune{keyDown}, "a日b\nx|"},
		{"e\u0301👩‍👩‍👧|x", []rune{keyBackspace}, "e\u0301|x"},
		{"e\u0301|x", []rune{keyLeft}, "|e\u0301x"},
		{"|👍🏽b", []rune{keyRight}, "👍🏽|b"},
		{"|👍🏽b", []rune{keyDelete}, "|b"},
		{"one two_2|", []rune{keyWordLeft}, "one |two_2"},
		{"|one two", []rune{keyWordRight, keyWordRight}, "one two|"},
		{"one| two three", []rune{keyKillWord}, "one| three"},
		{"a b.c|", []rune{keyKillWordBack, keyYank, keyYank}, "a b.cb.c|"},
		{"ab\ncd|e\nf", []rune{keyHome}, "ab\n|cde\nf"},
		{"ab\nc|de\nf", []rune{keyEnd}, "ab\ncde|\nf"},
		{"ab\nc|de\nf", []rune{keyKillLine}, "ab\nc|\nf"},
		{"ab\ncd|e", []rune{keyKillLineStart}, "ab\n|e"},
		{"  ab|c", []rune{keyNewline}, "  ab\n  |c"},
		{"ab|c", []rune{keyBackspace, keyUndo}, "ab|c"},
	} {
		e := &Editor{}
		e.walk.reset()
		s := at(c.from)
		for _, k := range c.keys {
			next := e.apply(s, k)
			if k != keyUndo && string(next.text) != string(s.text) {
				e.remember(s, k)
			}
			s = next
		}
		if s.String() != c.want {
			t.Errorf("%q %x: got %q, want %q", c.from, c.keys, s, c.want)
		}
	}
}

func TestVi(t *testing.T) {
	for _, c := range []struct{ from, keys, want string }{
		{"ab cd|", "0x", "|b cd"},
		{"ab\nc|d\nef", "dd", "ab\n|ef"},
		{"ab |cd ef", "dw", "ab |ef"},
		{"ab |cd ef", "D", "ab |"},
		{"|ab cd", "ex", "a| cd"},
		{"|ab(cd)", "dt(", "|(cd)"},
		{"|ab(cd)", "f(ra", "ab|acd)"},
		{"a|b\ncd", "jx", "ab\nc|"},
		{"|ab cd", "ywP", "ab |ab cd"},
		{"|ab cd", "xu", "|ab cd"},
		{"ab\nc|d", "gg", "|ab\ncd"},
		{"ab\nc|d", "O", "ab\n|\ncd"},
	} {
		e := &Editor{cfg: Config{Vi: true}, vi: vi{command: true}}
		e.walk.reset()
		s := at(c.from)
		for _, k := range c.keys {
			e.vi.key = k
			next := e.apply(s, keyVi)
			if k != 'u' && string(next.text) != string(s.text) {
				e.remember(s, keyVi)
			}
			s = next
		}
		if s.String() != c.want {
			t.Errorf("%q %s: got %q, want %q", c.from, c.keys, s, c.want)
		}
	}
}

// TestKeys decodes what terminals send, cut at every byte.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		sent string
		want []rune
	}{
		{"aé日", []rune{'a', 'é', '日'}},
		{"\x1b[A\x1bOB\x1b[1~\x1b[4~\x1b[1;5D", []rune{keyUp, keyDown, keyHome, keyEnd, keyWordLeft}},
		{"\x1bb\x1b\x7f\x01\x17", []rune{keyWordLeft, keyKillWordBack, keyHome, keyKillWordBack}},
		{"\x1b[99;99zx", []rune{keyNothing, 'x'}},
		{"\x1b[200~a\rb\x1b[Ac\x1b[201~x", []rune{keyPaste, 'x'}},
	} {
		k := &keyboard{}
		for i := range len(c.sent) {
			k.raw = append(k.raw, c.sent[i])
			for k.decode(false) {
			}
		}
		if got := []rune(string(k.out)); string(got) != string(c.want) {
			t.Errorf("%q: got %x, want %x", c.sent, got, c.want)
		}
		if c.want[0] == keyPaste {
			if got := k.pasted(); got != "a\nb[Ac" {
				t.Errorf("pasted %q", got)
			}
		}
	}
	k := &keyboard{raw: []byte("\x1b")}
	if k.decode(false) || !k.decode(true) || []rune(string(k.out))[0] != keyEscape {
		t.Error("a lone escape is no key")
	}
}

func TestHistoryWalk(t *testing.T) {
	w := walk{entries: []string{"a", "b"}}
	w.reset()
	got := ""
	text := "new"
	for _, by := range []int{-1, -1, -1, 1, 1, 1} {
		if next, ok := w.step(text, by); ok {
			text = next
		}
		got += text + " "
	}
	if got != "b a a b new new " {
		t.Error(got)
	}
}

func TestLayout(t *testing.T) {
	for _, c := range []struct {
		text     string
		width    int
		rows     []string
		row, col int
	}{
		{"ab|c\nd", 20, []string{"> abc", "- d"}, 0, 4},
		{"日本語日本語|", 8, []string{"> 日本語", "日本語"}, 1, 6},
		{"abcdef|", 8, []string{"> abcdef", ""}, 1, 0},
		{"abcdefg|日", 9, []string{"> abcdefg", "日"}, 1, 0},
		{"|e\u0301x", 20, []string{"> e\u0301x"}, 0, 2},
		{"👍🏽|b🇳🇴", 20, []string{"> 👍🏽\x1b[5Gb🇳🇴\x1b[8G"}, 0, 4},
		{"a\tb\x01|", 20, []string{"> a    b·"}, 0, 9},
	} {
		s := at(c.text)
		l := lay(s.text, s.pos, c.width, []string{"> ", "- "}, nil)
		if fmt.Sprintf("%q %d %d", l.rows, l.row, l.col) != fmt.Sprintf("%q %d %d", c.rows, c.row, c.col) {
			t.Errorf("%q: got %q, cursor %d, %d", c.text, l.rows, l.row, l.col)
		}
	}
}

// TestClusters checks that characters are cut as Unicode says wherever plain ones stand beside them.
func TestClusters(t *testing.T) {
	for text, want := range map[string]string{
		"ab":                  "a1 b1",
		"ae\u0301x":           "a1 e\u03011 x1",
		"a👩‍👩‍👧b":             "a1 👩‍👩‍👧2 b1",
		"🇳🇴🇩🇪x👍🏽":             "🇳🇴2 🇩🇪2 x1 👍🏽2",
		"1\ufe0f\u20e3日\n\tx": "1\ufe0f\u20e31 日2 0     4 x1",
		"a\r\nb\x01":          "a1 0 b1 ·1",
		"e\u0301e\u0301":      "e\u03011 e\u03011",
	} {
		var got []string
		for _, c := range clusters([]rune(text)) {
			got = append(got, fmt.Sprint(c.text, c.width))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: got %q, want %q", text, s, want)
		}
	}
}
