package repl

import (
	"io"
	"strings"
	"testing"
)

// FuzzScript checks that no text breaks the cutting into items, variables, arguments and \copy, and that items lie where they say.
func FuzzScript(f *testing.F) {
	for _, s := range []string{"select 1; \\x\n select 2 \\g | cat\nselect 'a;b' ; -- c\n.mode csv\n", "select :'x', :\"y\", :{?z}, a::b \\gset p\n", "\\set a 'b''c' `\n",
		"\\copy (select 1) to 'x.csv' (format csv, delimiter ';')", "select $$\\$$ \\watch 1", "/* open", "select 1\\", ".", "\\", "\\if\n;;\\g"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := New(&fakeSession{}, Options{Out: io.Discard, Err: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		r.vars["x"], r.vars["y"] = "1", "it's"
		s := newScript(text, true)
		for n := 0; ; n++ {
			if n > len(text)+1 {
				t.Fatal("the script does not end")
			}
			it, ok := s.next()
			if !ok {
				break
			}
			if it.offset < 0 || it.offset+len(it.text) > len(text) || !it.command && s.text[it.offset:it.offset+len(it.text)] != it.text {
				t.Fatalf("the item %q is not at %d", it.text, it.offset)
			}
			if it.buffer != "" && s.text[it.at:it.at+len(it.buffer)] != it.buffer {
				t.Fatalf("the buffer %q is not at %d", it.buffer, it.at)
			}
		}
		r.interpolate(text)
		if strings.Contains(text, "`") {
			return // which would run it
		}
		r.arguments(text)
		parseCopy(text)
	})
}
