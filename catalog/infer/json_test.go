package infer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

var rewriteJSON = flag.Bool("rewrite-json", false, "write what JSON inference says into testdata/json")

// inferJSON infers a text.
func inferJSON(ctx context.Context, text string) (*File, error) {
	return JSON(ctx, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil })
}

// describeJSON writes what inference says, one line for the layout, for each column, and for each notice.
func describeJSON(file *File, err error) string {
	var b strings.Builder
	var wrong *Error
	if errors.As(err, &wrong) {
		fmt.Fprintf(&b, "error: %s\n", wrong)
		if wrong.Hint != "" {
			fmt.Fprintf(&b, "hint: %s\n", wrong.Hint)
		}
		return b.String()
	}
	if err != nil {
		return "failure: " + err.Error() + "\n"
	}
	records := map[bool]string{true: "columns", false: "values"}[file.JSON.Records]
	fmt.Fprintf(&b, "%s of %s, %d rows, longest %d\n", file.JSON.Shape, records, file.Rows, file.JSON.MaxRecord)
	for _, c := range file.Columns {
		fmt.Fprintf(&b, "%q %s, %d null", c.Name, c.Type, c.Stats.Nulls)
		if c.Stats.HasMinMax {
			fmt.Fprintf(&b, ", %q to %q", c.Stats.Min, c.Stats.Max)
		}
		if c.Stats.Distinct > 0 {
			fmt.Fprintf(&b, ", %d distinct", c.Stats.Distinct)
		}
		if c.Proof.Line > 0 {
			fmt.Fprintf(&b, ", because of %q on line %d", c.Proof.Value, c.Proof.Line)
		}
		b.WriteByte('\n')
	}
	if file.JSON.Own {
		fmt.Fprintf(&b, "own, %s, %d rejected\n", file.JSON.Encoding, file.Rejected)
	}
	for _, r := range file.Rejects {
		fmt.Fprintf(&b, "reject: line %d: %s: %.60q\n", r.Line, r.Reason, r.Text)
	}
	for _, n := range file.Notices {
		fmt.Fprintf(&b, "notice: %s\n", n)
	}
	return b.String()
}

// jsonCase is one case of testdata/json: a line "== name", the text, a line "--", what inference says, an empty line.
// A text of one line that begins with ! is the Go expression of the text; REPEAT(s,n) in it repeats s.
type jsonCase struct{ name, text, want string }

func readJSONCases(t *testing.T, path string) []jsonCase {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []jsonCase
	for _, part := range strings.Split("\n"+string(data), "\n== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		text, want, ok := strings.Cut(rest, "--\n")
		if !ok {
			t.Fatalf("%s: case %q has no line --", path, name)
		}
		cases = append(cases, jsonCase{name, text, strings.TrimRight(want, "\n") + "\n"})
	}
	return cases
}

// input returns the text that the case stands for.
func (c jsonCase) input(t *testing.T) string {
	code, ok := strings.CutPrefix(strings.TrimSuffix(c.text, "\n"), "!")
	if !ok {
		return c.text
	}
	var b strings.Builder
	for code != "" {
		code = strings.TrimLeft(code, " +")
		count := 1
		if rest, ok := strings.CutPrefix(code, "REPEAT("); ok {
			lit, err := strconv.QuotedPrefix(rest)
			if err != nil {
				t.Fatal(err)
			}
			n, after, _ := strings.Cut(rest[len(lit)+1:], ")")
			if count, err = strconv.Atoi(n); err != nil {
				t.Fatal(err)
			}
			code = lit + after
		}
		lit, err := strconv.QuotedPrefix(code)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		s, _ := strconv.Unquote(lit)
		for range count {
			b.WriteString(s)
		}
		code = code[len(lit):]
	}
	return b.String()
}

func TestJSONCases(t *testing.T) {
	paths, err := filepath.Glob("testdata/json/*.test")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		var out strings.Builder
		for _, c := range readJSONCases(t, path) {
			input := c.input(t)
			file, err := inferJSON(t.Context(), input)
			got := describeJSON(file, err)
			fmt.Fprintf(&out, "== %s\n%s--\n%s\n", c.name, c.text, got)
			if got != c.want && !*rewriteJSON {
				t.Errorf("%s: %s:\n%s\ngot:\n%s\nwant:\n%s", path, c.name, c.text, got, c.want)
			}
			if file != nil {
				checkRecords(t, c.name, input, file)
			}
			again, err := JSON(t.Context(), func() (io.ReadCloser, error) {
				return io.NopCloser(iotest.OneByteReader(strings.NewReader(input))), nil
			})
			if slow := describeJSON(again, err); len(input) < 1<<16 && slow != got {
				t.Errorf("%s: %s: read byte by byte:\n%s\nread at once:\n%s", path, c.name, slow, got)
			}
		}
		if *rewriteJSON {
			if err := os.WriteFile(path, []byte(strings.TrimSuffix(out.String(), "\n")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// checkRecords reads the records of a text that was inferred: they are as many as rows, each is JSON, each stands on its
// line, and they are the same read byte by byte.
func checkRecords(t *testing.T, name, input string, file *File) {
	t.Helper()
	read := func(src io.Reader) (all []string) {
		records, err := NewRecords(func() (io.ReadCloser, error) { return io.NopCloser(src), nil }, file.JSON)
		if err != nil {
			t.Fatal(err)
		}
		defer records.Close()
		for {
			text, line, err := records.Next()
			if err == io.EOF {
				return all
			}
			if err != nil {
				t.Errorf("%s: records: %v", name, err)
				return all
			}
			if !json.Valid(text) {
				t.Errorf("%s: line %d: %q is no JSON", name, line, text)
			}
			all = append(all, fmt.Sprintf("%d: %s", line, text))
		}
	}
	all := read(strings.NewReader(input))
	if int64(len(all)) != file.Rows {
		t.Errorf("%s: %d records, want %d: %.200q", name, len(all), file.Rows, all)
	}
	if len(input) < 1<<16 {
		if slow := read(iotest.OneByteReader(strings.NewReader(input))); !slices.Equal(slow, all) {
			t.Errorf("%s: records read byte by byte: %q, at once: %q", name, slow, all)
		}
	}
}

func TestJSONReadingFails(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, text := range []string{"", "{", `{"a":1}`, "[1,", `{"a":"x`, `{"a":12`, "tr", "[", "[1]"} {
		_, err := JSON(t.Context(), func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))), nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("after %q: got %v, want the reader's error", text, err)
		}
	}
	if _, err := JSON(t.Context(), func() (io.ReadCloser, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want the opener's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := inferJSON(ctx, "[1]"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

// TestJSONLongFile reads tokens that lie across the ends of the buffer, and a string longer than it.
func TestJSONLongFile(t *testing.T) {
	var text bytes.Buffer
	long := strings.Repeat("ä", jsonBufferSize)
	const rows = 20000
	for i := range rows {
		fmt.Fprintf(&text, `{"id":%d,"name":"näme %d","at":"2024-01-01 00:00:%02d","x":%d.5}`+"\n", i, i%7, i%60, i)
	}
	fmt.Fprintf(&text, `{"long":"%s"}`+"\n", long)
	file, err := inferJSON(t.Context(), text.String())
	want := fmt.Sprintf(`newline_delimited of columns, %d rows, longest %d
"id" BIGINT, 1 null, "0" to "19999", 19888 distinct
"name" VARCHAR, 1 null, "näme 0" to "näme 6", 7 distinct
"at" TIMESTAMP, 1 null, "2024-01-01 00:00:00" to "2024-01-01 00:00:59", 60 distinct
"x" DOUBLE, 1 null, "0.5" to "19999.5", 19740 distinct
"long" VARCHAR, %d null, 1 distinct
`, rows+1, len(long)+11, rows)
	if got := describeJSON(file, err); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestJSONLastLine covers files longer than a chunk of read_json whose last line has no line feed.
func TestJSONLastLine(t *testing.T) {
	record := `{"a":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, c := range []struct {
		records int
		end     string
		want    string
	}{
		{15, "", jsonLines},
		{16, "", jsonUnstructured}, // the last record lies across the end of the first chunk
		{16, "\n", jsonLines},
		{17, "", jsonLines},
	} {
		lines := strings.Repeat(record+"\n", c.records)
		file, err := inferJSON(t.Context(), strings.TrimSuffix(lines, "\n")+c.end)
		if err != nil {
			t.Fatal(err)
		}
		if file.JSON.Shape != c.want {
			t.Errorf("%d records, end %q: got %s, want %s", c.records, c.end, file.JSON.Shape, c.want)
		}
	}
}
