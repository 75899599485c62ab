package repl

import (
	"io"
	"reflect"
	"testing"
)

func TestInterpolate(t *testing.T) {
	r := withVariables(t)
	for sql, want := range map[string]string{
		"select :n":                  "select 42",
		"select :'s', :\"s\"":        `select 'it''s', "it's"`,
		"select ':n', \":n\" -- :n":  "select ':n', \":n\" -- :n",
		"select a::n, [1,2][1:2]":    "select a::n, [1,2][1:2]",
		"select :nope, :{?n}, :{?x}": "select :nope, TRUE, FALSE",
		"select $$:n$$ :n":           "select $$:n$$ 42",
		"select : n":                 "select : n",
	} {
		if got := r.interpolate(sql); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}

func TestArguments(t *testing.T) {
	r := withVariables(t)
	for text, want := range map[string][]string{
		"":                nil,
		"a  b\tc":         {"a", "b", "c"},
		"'a b' 'it''s'":   {"a b", "it's"},
		`'a\nb\tc\\'`:     {"a\nb\tc\\"},
		`"Quoted Name" x`: {`"Quoted Name"`, "x"},
		"x:n :s :nope":    {"x42", "it's", ":nope"},
		"`echo hi`":       {"hi"},
		":{?n} :{?x}":     {"true", "false"},
	} {
		got, err := r.arguments(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"'open", `"open`, "`open"} {
		if _, err := r.arguments(text); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

func withVariables(t *testing.T) *REPL {
	r, err := New(&fakeSession{}, Options{Out: io.Discard, Err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"n": "42", "s": "it's"} {
		if err := r.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Set("no name", ""); err == nil {
		t.Error("a name with a space is taken")
	}
	return r
}
