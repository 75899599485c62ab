package copyin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// rows reads data in pieces of n bytes, and writes what comes of it on one line.
func rows(f Format, data string, n int) string {
	var out []string
	r := NewReader(f, func(fields [][]byte) error {
		var row []string
		for _, v := range fields {
			if v == nil {
				row = append(row, "NULL")
			} else {
				row = append(row, fmt.Sprintf("%q", v))
			}
		}
		out = append(out, strings.Join(row, " "))
		return nil
	})
	var err error
	for ; len(data) > 0 && err == nil; data = data[min(n, len(data)):] {
		err = r.Feed([]byte(data[:min(n, len(data))]))
	}
	if err == nil {
		err = r.Close()
	}
	var bad *Error
	if errors.As(err, &bad) {
		out = append(out, fmt.Sprintf("line %d: %s", bad.Line, bad.Message))
	}
	return strings.Join(out, "; ")
}

// TestReader reads each text whole and in small pieces. What is expected was compared with PostgreSQL 15.
func TestReader(t *testing.T) {
	text := Format{Delimiter: '\t', Null: `\N`, Columns: []string{"a", "b"}}
	csv := Format{CSV: true, Delimiter: ',', Quote: '"', Escape: '"', Columns: []string{"a", "b"}}
	with := func(f Format, change func(*Format)) Format {
		change(&f)
		return f
	}
	for _, c := range []struct {
		f          Format
		data, want string
	}{
		{text, "1\tx\n2\t\\N\n", `"1" "x"; "2" NULL`},
		{text, "1\ta\\tb\\\\c\\nd\\x41\\101\\\n\\q\n", `"1" "a\tb\\c\ndAA\nq"`},
		{text, "1\tx\r\n2\ty", `"1" "x"; "2" "y"`},
		{text, "1\tx\n\\.\nrubbish", `"1" "x"`},
		{text, "1\n", `line 1: missing data for column "b"`},
		{text, "1\t2\n1\t2\t3\n", `"1" "2"; line 2: extra data after last expected column`},
		{text, "1\ta\rb\n", `line 1: literal carriage return found in data`},
		{with(text, func(f *Format) { f.Delimiter, f.Null, f.Header = '|', "", true }), "x|y\n1|\n|2\n", `"1" NULL; NULL "2"`},
		{csv, "1,x\n2,\n3,\"\"\n", `"1" "x"; "2" NULL; "3" ""`},
		{csv, "1,\"a,\"\"b\"\"\nc\"\r\n2,y\"z\"\n", `"1" "a,\"b\"\nc"; "2" "yz"`},
		{csv, "1,\"a\n", `line 1: unterminated CSV quoted field`},
		{csv, "1,a\n\"x\ny\",2\n3\n", `"1" "a"; "x\ny" "2"; line 4: missing data for column "b"`},
		{with(csv, func(f *Format) { f.Quote, f.Escape = '\'', '!' }), "1,'a!'b!!c'\n", `"1" "a'b!c"`},
		{with(csv, func(f *Format) { f.ForceNotNull, f.ForceNull = []bool{true, false}, []bool{false, true} }), ",\"\"\n", `"" NULL`},
		{with(csv, func(f *Format) { f.Header, f.Match = true, true }), "a,c\n1,2\n", `line 1: column name mismatch in header line field 2: got "c", expected "b"`},
		{Format{Binary: true, Columns: []string{"a", "b"}}, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x01X\x00\x02\x00\x00\x00\x01z\xff\xff\xff\xff\xff\xff", `"z" NULL`},
		{Format{Binary: true, Columns: []string{"a"}}, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02", `line 1: row field count is 2, expected 1`},
		{Format{Binary: true, Columns: []string{"a"}}, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00", `line 1: unexpected EOF in COPY data`},
		{Format{Binary: true, Columns: []string{"a"}}, "nonsense", `line 1: COPY file signature not recognized`},
	} {
		for _, n := range []int{1000, 1, 3} {
			if got := rows(c.f, c.data, n); got != c.want {
				t.Errorf("%q in pieces of %d:\n got %s\nwant %s", c.data, n, got, c.want)
			}
		}
	}
}

// FuzzReader reads anything: without a panic, and the same in any pieces.
func FuzzReader(f *testing.F) {
	f.Add("1\tx\\t\n\\.\n", uint8(0))
	f.Add("1,\"a\n\"\n", uint8(1))
	f.Add("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02", uint8(2))
	f.Fuzz(func(t *testing.T, data string, kind uint8) {
		format := Format{CSV: kind%3 == 1, Binary: kind%3 == 2, Delimiter: '\t', Quote: '"', Escape: "\"\\"[kind>>2&1], Null: `\N`, Columns: []string{"a", "b"}}
		if whole, pieces := rows(format, data, len(data)+1), rows(format, data, 2); whole != pieces {
			t.Errorf("whole: %s\nin pieces: %s", whole, pieces)
		}
	})
}
