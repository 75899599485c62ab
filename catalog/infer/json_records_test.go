package infer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func openText(text string) Opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// readRecords returns the records of a text and their lines.
func readRecords(t *testing.T, text string, l *Layout) (records []string, lines []int64) {
	t.Helper()
	r, err := NewRecords(openText(text), l)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		record, line, err := r.Next()
		if err == io.EOF {
			return records, lines
		}
		if err != nil {
			t.Fatal(err)
		}
		records, lines = append(records, string(record)), append(lines, line)
	}
}

// jsonCompact returns JSON text without white space between its tokens.
func jsonCompact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatalf("%q is no JSON: %v", text, err)
	}
	return b.String()
}

// sameJSON compares texts but for white space between tokens.
func sameJSON(t *testing.T, got []string, want [][]byte) bool {
	t.Helper()
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if jsonCompact(t, got[i]) != string(want[i]) {
			return false
		}
	}
	return true
}

// TestRecordsReadBack writes random tables in every shape, encoding and with a byte order mark, and reads them back.
func TestRecordsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	encode := map[string]func(string) (string, error){
		"utf-8":         func(s string) (string, error) { return s, nil },
		"utf-8 marked":  func(s string) (string, error) { return "\ufeff" + s, nil },
		"utf-16":        unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
		"utf-16 bare":   unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String,
		"utf-16be":      unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String,
		"utf-16be bare": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String,
		"latin-1":       charmap.ISO8859_1.NewEncoder().String,
		"windows-1252":  charmap.Windows1252.NewEncoder().String,
	}
	for i := range 40 {
		records := randomRecords(r)
		want := ""
		for _, shape := range []string{jsonLines, jsonOneArray, jsonUnstructured} {
			for _, name := range []string{"utf-8", "utf-8 marked", "utf-16", "utf-16 bare", "utf-16be", "utf-16be bare", "latin-1", "windows-1252"} {
				text := writeJSON(records, shape)
				if name == "latin-1" || name == "windows-1252" {
					text = strings.ReplaceAll(text, "😀", "ß")
				}
				coded, err := encode[name](text)
				if err != nil {
					t.Fatal(err)
				}
				file, err := JSON(t.Context(), openText(coded))
				if err != nil {
					t.Fatalf("%d: %s in %s: %v: %s", i, shape, name, err, text)
				}
				got := fmt.Sprint(file.Rows, file.Rejected)
				for _, c := range file.Columns {
					got += fmt.Sprint(c.Name, c.Type, c.Stats.Nulls)
				}
				if want == "" {
					want = got
				}
				if got != want {
					t.Fatalf("%d: %s in %s: got %s, want %s: %s", i, shape, name, got, want, text)
				}
				back, _ := readRecords(t, coded, file.JSON)
				if name != "latin-1" && name != "windows-1252" && !lossyJSON(records) && !sameJSON(t, back, records) {
					t.Fatalf("%d: %s in %s: got %s, want %s", i, shape, name, back, records)
				}
			}
		}
	}
}

// lossyJSON reports whether records have numbers that come as strings.
func lossyJSON(records [][]byte) bool {
	for _, record := range records {
		f := newJSONFixer(nil)
		r := newJSONReader(nil, nil)
		r.reset(record, 1)
		r.fixer = f
		if err := r.value(nil, 0); err != nil || len(f.fixes) > 0 {
			return true
		}
	}
	return false
}

// TestRecordsBesideBroken puts broken records between whole ones, and reads those back, with their lines.
func TestRecordsBesideBroken(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	broken := []string{`{"id":`, `{"id":1]`, `{"a" 1}`, `oops`, `{"id":1,}`, `{"a":"x`, `{'id':1}`, `{"id":01}`, `{"b":{"c":[1,2}}`, `{"id":tru}`}
	for i := range 150 {
		records := randomRecords(r)
		var whole [][]byte
		var lines []int64
		var b strings.Builder
		array := i%2 == 0
		if array {
			b.WriteString("[\n")
		}
		line, bad := int64(1+(i+1)%2), 0
		for k, record := range records {
			if k > 0 && r.IntN(3) == 0 && 2*bad < k {
				b.WriteString(broken[r.IntN(len(broken))])
				if array {
					b.WriteByte(',')
				}
				b.WriteByte('\n')
				bad, line = bad+1, line+1
			}
			b.Write(record)
			if array && k < len(records)-1 {
				b.WriteByte(',')
			}
			b.WriteByte('\n')
			whole, lines = append(whole, record), append(lines, line)
			line++
		}
		if array {
			b.WriteString("]\n")
		}
		file, err := JSON(t.Context(), openText(b.String()))
		if err != nil {
			t.Fatalf("%v: %s", err, b.String())
		}
		if file.Rejected != int64(bad) || file.Rows != int64(len(whole)) {
			t.Fatalf("%d rows, %d rejected %v, want %d and %d: %s", file.Rows, file.Rejected, file.Rejects, len(whole), bad, b.String())
		}
		back, at := readRecords(t, b.String(), file.JSON)
		if !lossyJSON(records) && !sameJSON(t, back, whole) || fmt.Sprint(at) != fmt.Sprint(lines) {
			t.Fatalf("got %s on %d, want %s on %d", back, at, whole, lines)
		}
	}
}

// TestRecordsExact checks the text of what the engine would read differently.
func TestRecordsExact(t *testing.T) {
	text := `{"Id":1,"x":0.1234567890123456789,"y":0.1}` + "\n" + ` {"id":2,"x":[99999999999999.99, 1.5],"ID":"0.1234567890123456789"}{"iD":{"Id":3}}`
	got, lines := readRecords(t, text, &Layout{Shape: jsonLines, Records: true, Own: true, Keys: map[string]string{"id": "Id", "ID": "Id", "iD": "Id"}})
	want := []string{`{"Id":1,"x":"0.1234567890123456789","y":0.1}`, `{"Id":2,"x":["99999999999999.99", 1.5],"Id":"0.1234567890123456789"}`, `{"Id":{"Id":3}}`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || fmt.Sprint(lines) != "[1 2 2]" {
		t.Errorf("got %s on %d, want %s", got, lines, want)
	}
}

// TestRecordsTooLong reads records longer than may be held: they are rejected, and the others are read.
func TestRecordsTooLong(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", 4*jsonBufferSize) + `"}`
	for _, c := range []struct{ shape, text string }{
		{jsonLines, "{}\n" + long + "\n{}\n"},
		{jsonOneArray, "[{},\n" + long + ",\n{}]"},
		{jsonUnstructured, "{}\n" + long + "\n{}\n"},
	} {
		s := newJSONScan(t.Context(), strings.NewReader(c.text), &Layout{Shape: c.shape, Own: true}, nil)
		s.most = 2 * jsonBufferSize
		var lines []int64
		for {
			_, line, err := s.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line)
		}
		if fmt.Sprint(lines) != "[1 3]" || s.rejected != 1 || s.rejects[0].Line != 2 || !strings.Contains(s.rejects[0].Reason, "longer than") {
			t.Errorf("%s: records on %v, rejects %v", c.shape, lines, s.rejects)
		}
	}
}

func TestRecordsFail(t *testing.T) {
	disk := errors.New("disk on fire")
	for _, shape := range []string{jsonLines, jsonOneArray, jsonUnstructured} {
		for _, own := range []bool{false, true} {
			for _, text := range []string{"", "[", `{"a":1}`, `[{"a":1},`, `{"a":"`, "x"} {
				src := io.MultiReader(strings.NewReader(text), iotest.ErrReader(disk))
				r, err := NewRecords(func() (io.ReadCloser, error) { return io.NopCloser(src), nil }, &Layout{Shape: shape, Own: own})
				for n := 0; err == nil && n < 10; n++ {
					_, _, err = r.Next()
				}
				if !errors.Is(err, disk) {
					t.Errorf("%s after %q: got %v, want the reader's error", shape, text, err)
				}
			}
		}
	}
}

// TestRecordsBounded reads texts whose every line seems to swallow the rest: time must not grow with the square.
func TestRecordsBounded(t *testing.T) {
	start := time.Now()
	for _, line := range []string{"{\"a\":[1,\n", "{\"a\":\n", "[\n", "{\"a\":1,\n{\"b\":[{\"c\":1},\n", "x{\n", "\"\n"} {
		for _, shape := range []string{jsonLines, jsonOneArray, jsonUnstructured} {
			text := strings.Repeat(line, 1<<17/len(line))
			readRecords(t, "["+text, &Layout{Shape: shape, Own: true})
			readRecords(t, text, &Layout{Shape: shape, Own: true})
		}
	}
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("it took %v", d)
	}
}

// FuzzRecords checks that no text makes Records crash, hang, or return what is no JSON.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{"{\"a\":1}\n{\"a\":\n", "[{},\n{x},\n{}]", "{\n \"a\":x\n}\n{\n}\n"} {
		f.Add(s, 0)
	}
	f.Fuzz(func(t *testing.T, text string, how int) {
		shape := []string{jsonLines, jsonOneArray, jsonUnstructured}[uint(how)%3]
		records, lines := readRecords(t, text, &Layout{Shape: shape, Own: true})
		last := int64(bytes.Count([]byte(text), []byte("\n"))) + 1
		for i, record := range records {
			jsonCompact(t, record)
			if lines[i] < 1 || lines[i] > last {
				t.Fatalf("%q: record %q on line %d", text, record, lines[i])
			}
		}
	})
}
