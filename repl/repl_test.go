package repl

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var rewrite = flag.Bool("rewrite", false, "write the expected parts of the test files anew")

// eachFile runs the txtar files of a folder: run gets the part "in" and the first line's words as options, and
// returns the other parts.
func eachFile(t *testing.T, glob string, run func(t *testing.T, options []string, in string) []txtar.File) {
	files, _ := filepath.Glob(glob)
	if len(files) == 0 {
		t.Fatalf("no files %s", glob)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			comment, _, _ := strings.Cut(string(ar.Comment), "\n")
			_, options, _ := strings.Cut(comment, "|")
			got := run(t, strings.Fields(options), string(ar.Files[0].Data))
			want := ar.Files[1:]
			if *rewrite {
				ar.Files = append(ar.Files[:1:1], got...)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(format(want), format(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func format(files []txtar.File) string { return string(txtar.Format(&txtar.Archive{Files: files})) }

// part makes a part that ends with a line break, as the archive wants.
func part(name, text string) txtar.File {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return txtar.File{Name: name, Data: []byte(text)}
}

// TestSessions types testdata/session/*.txtar and compares the whole screen, and what the history remembers.
func TestSessions(t *testing.T) {
	eachFile(t, "testdata/session/*.txtar", func(t *testing.T, options []string, in string) []txtar.File {
		var screen bytes.Buffer
		session := &fakeSession{interrupts: make(chan os.Signal, 1)}
		r, err := New(session, Options{Out: &screen, Err: &screen, Interactive: true, Format: "box"})
		if err != nil {
			t.Fatal(err)
		}
		r.interrupts, r.maxRows = session.interrupts, 6
		r.colour = len(options) > 0 && options[0] == "colour"
		r.colourErr = r.colour
		typist := &typist{out: &screen, lines: strings.Split(strings.TrimSuffix(in, "\n"), "\n")}
		if err := r.loop(context.Background(), typist); err != nil {
			t.Fatal(err)
		}
		history := strings.ReplaceAll(strings.Join(typist.remember, "\n--\n"), "\x1b", "ESC")
		return []txtar.File{part("screen", strings.ReplaceAll(screen.String(), "\x1b", "ESC")), part("history", history)}
	})
}

var times = regexp.MustCompile(`time: .*`)

// TestExec runs the scripts testdata/exec/*.txtar, whose first line may name a format behind |.
func TestExec(t *testing.T) {
	eachFile(t, "testdata/exec/*.txtar", func(t *testing.T, options []string, in string) []txtar.File {
		var out, errs bytes.Buffer
		opts := Options{Out: &out, Err: &errs}
		if len(options) > 0 {
			opts.Format = options[0]
		}
		r, err := New(&fakeSession{}, opts)
		if err != nil {
			t.Fatal(err)
		}
		status := "ok"
		if err := r.Exec(context.Background(), strings.TrimSuffix(in, "\n")); err != nil {
			status = err.Error()
		}
		return []txtar.File{part("out", out.String()), part("err", times.ReplaceAllString(errs.String(), "time: T")), part("status", status)}
	})
}

type closedWriter struct{ err error }

func (w closedWriter) Write([]byte) (int, error) { return 0, w.err }

// TestClosedOutput checks that a reader who has gone ends quietly, and that a full disk does not.
func TestClosedOutput(t *testing.T) {
	for _, f := range Formats() {
		for _, c := range []struct{ cause, want error }{
			{&os.PathError{Op: "write", Path: "stdout", Err: syscall.EPIPE}, ErrClosed},
			{io.ErrClosedPipe, ErrClosed},
			{syscall.ENOSPC, ErrFailed},
		} {
			for _, sql := range []string{"select many", `\dt`} {
				var errs bytes.Buffer
				r, err := New(&fakeSession{}, Options{Out: closedWriter{c.cause}, Err: &errs, Format: f})
				if err != nil {
					t.Fatal(err)
				}
				err = r.Exec(context.Background(), sql)
				if !errors.Is(err, c.want) {
					t.Errorf("%s, %s, %v: got %v", f, sql, c.cause, err)
				}
				if quiet := errs.Len() == 0; quiet != (c.want == ErrClosed) {
					t.Errorf("%s, %s, %v: reported %q", f, sql, c.cause, errs.String())
				}
			}
		}
	}
}

// TestRunWithoutTerminal checks the loop over a stream: no line editing, no escape codes, Ctrl-D is the end.
func TestRunWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	r, err := New(&fakeSession{}, Options{In: strings.NewReader("select\n1;\n\\q"), Out: &out, Err: &out, Interactive: true, Format: "table"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, `select\n1`) || !strings.Contains(s, "tarn-> ") || strings.Contains(s, "\x1b") {
		t.Errorf("got %q", s)
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New(&fakeSession{}, Options{Format: "xml"}); err == nil {
		t.Error("no error")
	}
}

// TestHelpKnowsAll checks that every command explains itself and is found under its names.
func TestHelpKnowsAll(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if c.help == "" || c.run == nil || seen[c.name] || seen[c.alias] && c.alias != "" {
			t.Errorf("command %s is incomplete or there twice", c.name)
		}
		seen[c.name], seen[c.alias] = true, true
	}
}

func TestState(t *testing.T) {
	for pending, want := range map[string]byte{
		"select 1": '-', "select (1, (2)": '(', "select 'a": '\'', `select "a`: '"', "select /* a": '*', "select $$a": '$',
		"select 'it''s' -- '": '-',
	} {
		if got := state(pending); got != want {
			t.Errorf("%q: got %c, want %c", pending, got, want)
		}
	}
}

func TestByteCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1 kB", 1234567: "1.23 MB",
		999_999: "1 MB", 2_000_000_000: "2 GB", 45_600_000: "45.6 MB"} {
		if got := byteCount(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

// TestNews checks that what was heard of the lake stands beside the next result, once.
func TestNews(t *testing.T) {
	var out, errs bytes.Buffer
	heard := []string{"watch the lake: too many folders"}
	r, err := New(&fakeSession{}, Options{Out: &out, Err: &errs, News: func() []string {
		now := heard
		heard = nil
		return now
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Exec(context.Background(), "select 1; select 2"); err != nil {
		t.Fatal(err)
	}
	if got := errs.String(); got != "notice: watch the lake: too many folders\n" {
		t.Errorf("got %q", got)
	}
}

// TestStatementsAsTheyCome checks that reading line by line runs the same items as reading the whole, also where texts and comments run over lines.
func TestStatementsAsTheyCome(t *testing.T) {
	for _, text := range []string{
		"select 1;\nselect 'a;\n;''b\n;' as x; select\n2;\n", "select $t$;\n$ $t\n;$t$;\nselect 3", "/* ;\n */ select 4; -- ; '\nselect \";\n\" ;\n",
		"select 5\n\\g\n.mode json\nselect 6 \\g\n", "\\echo 'x'\nselect 7\n", "select 'open;\n", "\n\n;;\nselect 8;;\n",
	} {
		var out [2]strings.Builder
		for i := range out {
			r, err := New(&fakeSession{}, Options{Out: &out[i], Err: &out[i]})
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				err = r.Exec(t.Context(), text)
			} else {
				err = r.ExecReader(t.Context(), strings.NewReader(text))
			}
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		if out[0].String() != out[1].String() || out[0].Len() == 0 {
			t.Errorf("%q: whole %q, by lines %q", text, out[0].String(), out[1].String())
		}
	}
}
