package infer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func opener(text string) Opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// describeCSV puts what inference says into one line: what differs from RFC 4180 with a header, the columns with
// NULLs and bounds, the rows, the notices; or the error.
func describeCSV(text string) string {
	f, err := CSV(context.Background(), opener(text), Hints{})
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return "not an *Error: " + err.Error()
		}
		return "ERROR " + e.Error()
	}
	var b strings.Builder
	d := f.CSV
	for _, o := range []struct {
		say bool
		as  string
	}{
		{d.Delimiter != ",", fmt.Sprintf("delim %q ", d.Delimiter)}, {d.Quote != `"`, fmt.Sprintf("quote %q ", d.Quote)},
		{d.Escape != d.Quote, fmt.Sprintf("escape %q ", d.Escape)}, {!d.Header, "headerless "},
		{d.Skip > 0, fmt.Sprintf("skip %d ", d.Skip)}, {len(d.NullText) > 1, fmt.Sprintf("null %q ", d.NullText[1:])},
		{d.QuotedNull, "quotednull "}, {d.Encoding != "utf-8", d.Encoding + " "}, {d.NullPad, "pad "},
		{d.NewLine != "\n", fmt.Sprintf("%q ", d.NewLine)}, {d.MixedLines, "mixed "}, {d.Own, "own "},
		{d.HeaderRows > 1, fmt.Sprintf("%d header lines ", d.HeaderRows)}, {d.End > 0, fmt.Sprintf("end %d ", d.End)},
		{d.Comment != "", fmt.Sprintf("comment %q ", d.Comment)}, {d.Collapse, "collapse "},
	} {
		if o.say {
			b.WriteString(o.as)
		}
	}
	fmt.Fprintf(&b, "%d rows:", f.Rows)
	for _, c := range f.Columns {
		fmt.Fprintf(&b, " %s %s", c.Name, c.Type)
		if c.Stats.Nulls > 0 {
			fmt.Fprintf(&b, " %d null", c.Stats.Nulls)
		}
		if c.Text != nil {
			form, _ := json.Marshal(c.Text)
			fmt.Fprintf(&b, " %s", form)
		}
		if c.Stats.HasMinMax {
			fmt.Fprintf(&b, " [%s %s]", c.Stats.Min, c.Stats.Max)
		}
		b.WriteByte(',')
	}
	out := strings.TrimSuffix(b.String(), ",")
	for _, n := range f.Notices {
		out += "\nnotice: " + n
	}
	for _, r := range f.Rejects {
		out += fmt.Sprintf("\nreject %d %s: %s: %q", r.Line, r.Column, r.Reason, r.Text)
	}
	return out + checkRows(text, f)
}

// checkRows reads the file with Rows and says in what they differ from what inference proved.
func checkRows(text string, f *File) (out string) {
	forms := make([]*TextForm, len(f.Columns))
	for i, c := range f.Columns {
		forms[i] = c.Text
	}
	r, err := NewRows(opener(text), f.CSV, forms)
	if err != nil {
		return "\nrows: " + err.Error()
	}
	defer r.Close()
	n, nulls := int64(0), make([]int64, len(forms))
	for {
		cells, _, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out + "\nrows: " + err.Error()
		}
		n++
		for i, c := range cells {
			if c.Null {
				nulls[i]++
			} else if !fitsType(f.Columns[i].Type, c.Text) {
				out += fmt.Sprintf("\nrow %d: %q is no %s", n, c.Text, f.Columns[i].Type)
			}
		}
	}
	if n != f.Rows {
		out += fmt.Sprintf("\n%d rows are read, not %d", n, f.Rows)
	}
	for i, c := range f.Columns {
		if c.Stats.Nulls >= 0 && c.Stats.Nulls != nulls[i] {
			out += fmt.Sprintf("\n%d NULLs in %s are read, not %d", nulls[i], c.Name, c.Stats.Nulls)
		}
	}
	return out
}

func utf16le(s string) string {
	var b bytes.Buffer
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

// csvCase is a file and what describeCSV says of it.
type csvCase struct{ name, text, want string }

// runCSVCases describes the files. With TARN_GOT set it also logs what it gets as JSON, to compare many cases at once.
func runCSVCases(t *testing.T, cases []csvCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := describeCSV(c.text); got != c.want {
				if os.Getenv("TARN_GOT") != "" {
					line, _ := json.Marshal(map[string]string{"name": c.name, "got": got})
					t.Logf("GOT %s", line)
				}
				t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestCSV(t *testing.T) {
	runCSVCases(t, []csvCase{
		// dialects
		{"plain", "id,name\n1,ann\n2,bob\n", "2 rows: id BIGINT [1 2], name VARCHAR [ann bob]"},
		{"no last line end", "id,name\n1,ann\n2,bob", "2 rows: id BIGINT [1 2], name VARCHAR [ann bob]"},
		{"semicolons", "id;v\n1;1,5\n2;2,5\n", "delim \";\" own 2 rows: id BIGINT [1 2], v DOUBLE {\"decimal\":\",\",\"thousands\":\".\"} [1.5 2.5]"},
		{"tabs", "id\tv\n1\tx y\n2\tz, w\n", `delim "\t" 2 rows: id BIGINT [1 2], v VARCHAR [x y z, w]`},
		{"pipes", "a|b\n1|2\n3|4\n", `delim "|" 2 rows: a BIGINT [1 3], b BIGINT [2 4]`},
		{"control-A", "a\x01b\n1\x012\n3\x014\n", `delim "\x01" 2 rows: a BIGINT [1 3], b BIGINT [2 4]`},
		{"comma and space", "a, b\n1, x\n2, y\n", `delim ", " 2 rows: a BIGINT [1 2], b VARCHAR [x y]`},
		{"spaces", "a b\n1 2\n3 4\n5 6\n", `delim " " 3 rows: a BIGINT [1 5], b BIGINT [2 6]`},
		{"one column", "v\n1\n2\n", "2 rows: v BIGINT [1 2]"},
		{"one column of text", "word\nfoo\nbar baz\n", "2 rows: word VARCHAR [bar baz foo]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"quotes", "id,q\n1,\"a,b\"\n2,\"c \"\"d\"\"\"\n", `2 rows: id BIGINT [1 2], q VARCHAR [a,b c "d"]`},
		{"line end in quotes", "id,q\n1,\"a\nb\"\n2,c\n", "2 rows: id BIGINT [1 2], q VARCHAR [a\nb c]\nnotice: 1 line end stands inside quotes, so that the file has 4 lines for 2 rows"},
		{"single quotes", "id,q\n1,'a,b'\n2,'c,d'\n", `quote "'" 2 rows: id BIGINT [1 2], q VARCHAR [a,b c,d]`},
		{"backslash", "id,q\n1,\"a\\\"b\"\n2,\"c\"\n", `escape "\\" 2 rows: id BIGINT [1 2], q VARCHAR [a"b c]`},
		{"quote within a field", "id,q\n1,5\" pipe\n2,x\n", "2 rows: id BIGINT [1 2], q VARCHAR [5\" pipe x]"},
		{"CRLF", "id,v\r\n1,a\r\n2,b\r\n", `"\r\n" 2 rows: id BIGINT [1 2], v VARCHAR [a b]`},
		{"CR", "id,v\r1,a\r2,b\r", `"\r" 2 rows: id BIGINT [1 2], v VARCHAR [a b]`},
		{"mixed line ends", "id,v\r\n1,a\n2,b\r\n", "mixed 2 rows: id BIGINT [1 2], v VARCHAR [a b]"},
		{"blank lines", "\nid,v\n\n1,a\n\n2,b\n\n", "skip 1 2 rows: id BIGINT [1 2], v VARCHAR [a b]"},
		{"blank lines in one column", "v\n1\n\n2\n", "3 rows: v BIGINT 1 null [1 2]"},
		{"preamble", "Report of May\n\nid,v\n1,a\n2,b\n3,c\n", "skip 2 3 rows: id BIGINT [1 3], v VARCHAR [a c]\nnotice: 2 lines before the table are passed over, the first is \"Report of May\""},
		{"byte order mark", "\xef\xbb\xbfid,v\n1,a\n", "1 rows: id BIGINT [1 1], v VARCHAR [a a]"},
		{"UTF-16", utf16le("id,v\n1,é\n2,b\n"), "utf-16 own 2 rows: id BIGINT [1 2], v VARCHAR [b é]"},
		{"UTF-16 big-endian", "\xfe\xff\x00i\x00d", "utf-16be own 0 rows: id VARCHAR\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"Latin-1", "id,v\n1,caf\xe9\n2,b\n", "latin-1 2 rows: id BIGINT [1 2], v VARCHAR [b café]"},
		{"Windows-1252", "id,v\n1,\x93x\x94\n", "windows-1252 own 1 rows: id BIGINT [1 1], v VARCHAR [“x” “x”]"},
		// headers and names
		{"headerless", "1,ann\n2,bob\n", "headerless 2 rows: column0 BIGINT [1 2], column1 VARCHAR [ann bob]"},
		{"header of text over text", "name,city\nann,Oslo\nbob,Rome\n", "2 rows: name VARCHAR [ann bob], city VARCHAR [Oslo Rome]"},
		{"short names over codes", "col1,col2\na,b\nc,d\n", "2 rows: col1 VARCHAR [a c], col2 VARCHAR [b d]"},
		{"codes without header", "Aruba,AW,AA\nBelgium,BE,BE\nChad,TD,CD\n", "headerless 3 rows: column0 VARCHAR [Aruba Chad], column1 VARCHAR [AW TD], column2 VARCHAR [AA CD]"},
		{"only a header", "id,name\n", "0 rows: id VARCHAR, name VARCHAR\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"names twice, empty, padded", "a,A,, b \n1,2,3,4\n", "1 rows: a BIGINT [1 1], A_1 BIGINT [2 2], column2 BIGINT [3 3], b BIGINT [4 4]"},
		{"years as names", "country,2019,2020\nNO,1,2\nSE,3,4\n", "2 rows: country VARCHAR [NO SE], 2019 BIGINT [1 3], 2020 BIGINT [2 4]"},
		// types
		{"leading zeros", "zip\n00501\n10001\n", "2 rows: zip VARCHAR [00501 10001]"},
		{"plus sign", "v\n+1\n2\n", "2 rows: v VARCHAR [+1 2]"},
		{"long integers", "v\n123456789012345678901\n123456789012345678902\n", "2 rows: v HUGEINT [123456789012345678901 123456789012345678902]"},
		{"beyond 128 bits", "v\n" + strings.Repeat("9", 40) + "\n", "1 rows: v VARCHAR [" + strings.Repeat("9", 40) + " " + strings.Repeat("9", 40) + "]"},
		{"integers and decimals", "v\n1\n2.5\n", "2 rows: v DOUBLE [1 2.5]"},
		{"decimal without whole part", "v\n.5\n-.25\n", "2 rows: v DOUBLE [-0.25 0.5]"},
		{"exponents", "v\n1e5\n-2.5E-3\n", "2 rows: v DOUBLE [-0.0025 100000]"},
		{"long integer and decimal", "v\n9007199254740993\n0.5\n", "2 rows: v DECIMAL(18,1) [0.5 9007199254740993]"},
		{"decimal beyond DOUBLE", "v\n0.12345678901234567890\n1\n", "2 rows: v DECIMAL(38,20) [0.12345678901234567890 1]"},
		{"NaN", "v,w\n1.5,1\nNaN,2\n", "2 rows: v DOUBLE, w BIGINT [1 2]"},
		{"NaN in text", "v\nx\nNaN\n", "2 rows: v VARCHAR [NaN x]"},
		{"booleans", "v\ntrue\nFalse\n", "2 rows: v BOOLEAN [false true]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"yes and no", "v\nyes\nno\n", "2 rows: v VARCHAR [no yes]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"dates", "d\n2024-02-29\n1999-12-31\n", "2 rows: d DATE [1999-12-31 2024-02-29]"},
		{"no such date", "d\n2023-02-29\n", "1 rows: d VARCHAR [2023-02-29 2023-02-29]"},
		{"dates and timestamps", "d\n2024-01-02\n2024-01-01T10:11:12.5\n", "2 rows: d TIMESTAMP [2024-01-01 10:11:12.5 2024-01-02 00:00:00]"},
		{"nanoseconds", "d\n2024-01-01 10:11:12.123456789\n", "1 rows: d TIMESTAMP_NS [2024-01-01 10:11:12.123456789 2024-01-01 10:11:12.123456789]"},
		{"zones", "d\n2024-01-01 10:00:00+02\n2024-01-01T09:00:00Z\n", "2 rows: d TIMESTAMP WITH TIME ZONE [2024-01-01 08:00:00+00 2024-01-01 09:00:00+00]"},
		{"UUIDs", "u,v\n6ba7b810-9dad-11d1-80b4-00c04fd430c8,1\n", "1 rows: u UUID [6ba7b810-9dad-11d1-80b4-00c04fd430c8 6ba7b810-9dad-11d1-80b4-00c04fd430c8], v BIGINT [1 1]"},
		{"a number, then text", "v\n1\n2\nx\n", "3 rows: v VARCHAR [1 x]"},
		// NULLs
		{"empty is NULL", "a,b\n1,\n,x\n", "2 rows: a BIGINT 1 null [1 1], b VARCHAR 1 null [x x]"},
		{"nothing but NULL", "a,b\n1,\n2,\n", "2 rows: a BIGINT [1 2], b VARCHAR 2 null"},
		{"backslash N", "a,b\n\\N,x\n2,\\N\n", `null ["\\N"] 2 rows: a BIGINT 1 null [2 2], b VARCHAR 1 null [x x]`},
		{"NA among numbers", "a,b\nNA,x\n2,y\n", `null ["NA"] 2 rows: a BIGINT 1 null [2 2], b VARCHAR [x y]`},
		{"NA is text elsewhere", "a,country\nNA,NA\n2,NO\n", "own 2 rows: a BIGINT 1 null {\"nulls\":[\"NA\"]} [2 2], country VARCHAR [NA NO]"},
		{"empty quotes are text", "a,b\n1,\"\"\n2,x\n", "2 rows: a BIGINT [1 2], b VARCHAR [ x]"},
		{"empty quotes among numbers", "a,b\n\"\",x\n\"2\",y\n", "quotednull 2 rows: a BIGINT 1 null [2 2], b VARCHAR [x y]"},
		// structure
		{"short rows", "a,b,c\n1,2,3\n4,5\n6,7,8\n", "pad 3 rows: a BIGINT [1 6], b BIGINT [2 7], c BIGINT 1 null [3 8]\nnotice: 1 row lacks trailing columns, which are NULL; the first is on line 3"},
		{"trailing delimiter", "a,b\n1,2,\n3,4\n", "2 rows: a BIGINT [1 3], b BIGINT [2 4]"},
		{"long rows", "a,b\n1,2\n3,4\n5,6,7\n8,9,10\n11,12\n", "own 3 rows: a BIGINT [1 11], b BIGINT [2 12]\nnotice: 2 rows are malformed and not part of the table; the first is on line 4: expected 2 columns, found 3\nreject 4 : expected 2 columns, found 3: \"5,6,7\"\nreject 5 : expected 2 columns, found 3: \"8,9,10\""},
		{"unterminated quote", "id,text\n1,a\n2,\"b\n3,c\n", "own 2 rows: id BIGINT [1 3], text VARCHAR [a c]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: the quote that is opened here is never closed\nreject 3 : the quote that is opened here is never closed: \"2,\\\"b\""},
		{"text behind a quote", "id,text\n1,\"a\"b\n2,c\n", "quote \"\" 2 rows: id BIGINT [1 2], text VARCHAR [\"a\"b c]\nnotice: quotes are read as text, since text follows some that close"},
		{"too wide", strings.Repeat("a,", maxColumns) + "a\n", "ERROR line 1: the table has 16385 columns, more than the 16384 that can be read"},
		{"nothing", "", "ERROR the file holds no rows"},
		{"blank", "\n \n\n", "ERROR the file holds no rows"},
		// the same, where it is easy to be wrong
		{"backslash at the end of a path", "a,b\n\"C:\\dir\\\",1\n\"D:\\\",2\n", "2 rows: a VARCHAR [C:\\dir\\ D:\\], b BIGINT [1 2]"},
		{"backslash before a letter", "id,q\n1,\"a\\\"b\"\n2,\"c\\d\"\n", "escape \"\\\\\" own 2 rows: id BIGINT [1 2], q VARCHAR [a\"b c\\d]"},
		{"quotes that are none, in TSV", "name\tn\n\"Weird Al\" Yankovic\t1\nBob\t2\n", "delim \"\\t\" quote \"\" 2 rows: name VARCHAR [\"Weird Al\" Yankovic Bob], n BIGINT [1 2]\nnotice: quotes are read as text, since text follows some that close"},
		{"colons", "root:x:0:/root\nbin:x:1:/bin\n", `delim ":" headerless 2 rows: column0 VARCHAR [bin root], column1 VARCHAR [x x], column2 BIGINT [0 1], column3 VARCHAR [/bin /root]`},
		{"colons within times", "10:00:00\n11:00:00\n", "headerless 2 rows: column0 TIME [10:00:00 11:00:00]"},
		{"spaces within timestamps", "2024-01-01 10:00:00\n2024-01-02 10:00:00\n", "headerless 2 rows: column0 TIMESTAMP [2024-01-01 10:00:00 2024-01-02 10:00:00]"},
		{"spaces that align", "a   b\n1   2\n", "1 rows: a   b VARCHAR [1   2 1   2]"},
		{"spaces around commas", "id , name\n1 , x\n2 , y\n", "delim \" , \" 2 rows: id BIGINT [1 2], name VARCHAR [x y]"},
		{"one cell with a delimiter", "v\na;b\nc\n", "2 rows: v VARCHAR [a;b c]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"blank line first in one column", "\n1\n2\n", "headerless 3 rows: column0 BIGINT 1 null [1 2]"},
		{"padded preamble", "Report,,\n,,\nid,name,v\n1,x,2\n2,y,3\n", "skip 2 2 rows: id BIGINT [1 2], name VARCHAR [x y], v BIGINT [2 3]\nnotice: 2 lines before the table are passed over, the first is \"Report,,\""},
		{"preamble with a delimiter", "Source: B, of 2020\nid,name,v\n1,x,2\n2,y,3\n", "skip 1 2 rows: id BIGINT [1 2], name VARCHAR [x y], v BIGINT [2 3]\nnotice: 1 line before the table is passed over, the first is \"Source: B, of 2020\""},
		{"comments before", "# one\n# two, more\nid,name,v\n1,x,2\n", "skip 2 1 rows: id BIGINT [1 1], name VARCHAR [x x], v BIGINT [2 2]\nnotice: 2 lines before the table are passed over, the first is \"# one\""},
		{"short first row is no preamble", "1,2\n1,2,3\n4,5,6\n", "headerless pad 3 rows: column0 BIGINT [1 4], column1 BIGINT [2 5], column2 BIGINT 1 null [3 6]\nnotice: 1 row lacks trailing columns, which are NULL; the first is on line 1"},
		{"line end in a quoted preamble", "\"Report, of\nmay\"\n\nid,name\n1,x\n", "skip 3 own 1 rows: id BIGINT [1 1], name VARCHAR [x x]\nnotice: 3 lines before the table are passed over, the first is \"\\\"Report, of\""},
		{"header shorter than its rows", "a,b\n1,2,3\n4,5,6\n", "own 2 rows: column0 BIGINT [1 4], a BIGINT [2 5], b BIGINT [3 6]\nnotice: the header names 2 of 3 columns; the one without a name is column0"},
		{"ragged without header", "1,2,3\n1,2\n1,2,3\n1,2\n", "headerless pad 4 rows: column0 BIGINT [1 1], column1 BIGINT [2 2], column2 BIGINT 2 null [3 3]\nnotice: 2 rows lack trailing columns, which are NULL; the first is on line 2"},
		{"CR and CRLF", "a,b\r1,2\r\n3,4\r", "mixed own 2 rows: a BIGINT [1 3], b BIGINT [2 4]"},
		{"CRLF in quotes among LF", "a,b\n1,\"x\r\ny\"\n", "mixed 1 rows: a BIGINT [1 1], b VARCHAR [x\r\ny x\r\ny]\nnotice: 1 line end stands inside quotes, so that the file has 3 lines for 1 row"},
		{"mixed line ends in one column", "a\r\n1\n2\n", "mixed own 2 rows: a BIGINT [1 2]"},
		{"mixed line ends and backslashes", "a,b\n1,\"x\\\"y\"\n2,c:\\d\r\n", "escape \"\\\\\" mixed own 2 rows: a BIGINT [1 2], b VARCHAR [c:\\d x\"y]"},
		{"NUL", "a,b\n1,2\n3,\x004\n", "own 1 rows: a BIGINT [1 1], b VARCHAR [2 2]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: the row holds the character NUL\nreject 3 : the row holds the character NUL: \"3,�4\""},
		{"UTF-16 without a mark", utf16le("id,v\n1,a\n")[2:], "utf-16 own 1 rows: id BIGINT [1 1], v VARCHAR [a a]"},
		{"UTF-16 beyond 16 bits", utf16le("a\n") + "\x3d\xd8\x00\xde", "utf-16 own 1 rows: a VARCHAR [😀 😀]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"UTF-16 cut short", utf16le("a\n1\n") + "2", "utf-16 own 1 rows: a VARCHAR [1 1]\nnotice: 1 row is malformed and not part of the table; the first is on line 3: the row holds what is no character of the file's encoding\nreject 3 : the row holds what is no character of the file's encoding: \"�\""},
		{"true is no name", "true,\nfalse,1905-12-16\n", "headerless 2 rows: column0 BOOLEAN [false true], column1 DATE 1 null [1905-12-16 1905-12-16]"},
		{"times are no names", "\"10:32:11\"\n\"02:07:55\"\n", "headerless 2 rows: column0 TIME [02:07:55 10:32:11]"},
		{"times of day", "t\n10:11:12\n00:00:00.5\n", "2 rows: t TIME [00:00:00.5 10:11:12]"},
		{"UUID in upper case", "u\n6BA7B810-9DAD-11D1-80B4-00C04FD430C8\n", "1 rows: u VARCHAR [6BA7B810-9DAD-11D1-80B4-00C04FD430C8 6BA7B810-9DAD-11D1-80B4-00C04FD430C8]\nnotice: line 1 is taken for the names of the columns, which nothing proves; header in lake.yaml says otherwise"},
		{"zoned and unzoned times", "t\n2024-01-01 10:00:00Z\n2024-01-01 10:00:00\n", "2 rows: t VARCHAR [2024-01-01 10:00:00 2024-01-01 10:00:00Z]"},
		{"nanoseconds out of range", "t\n2024-01-01 00:00:00.123456789\n2500-01-01 00:00:00\n", "2 rows: t VARCHAR\nnotice: column \"t\" is VARCHAR because it mixes nanoseconds with points in time that TIMESTAMP_NS cannot hold"},
		{"spaces around numbers", "a\n 1\n2\n", "own 2 rows: a BIGINT {\"trim\":true} [1 2]"},
		{"minus zero", "a\n-0.0\n-0\n", "2 rows: a DOUBLE [0 0]"},
		{"late text", "v\n" + strings.Repeat("1\n", 150) + "x\n", "151 rows: v VARCHAR [1 x]\nnotice: column \"v\" is VARCHAR because of \"x\" on line 152"},
		{"a column of NA beside numbers", "a,b\nNA,NA\nNA,2\n", `null ["NA"] 2 rows: a VARCHAR 2 null, b BIGINT 1 null [2 2]`},
		{"a column of NA alone", "a,b\nNA,1\nNA,2\n", "2 rows: a VARCHAR {\"nulls\":[\"NA\"],\"doubt\":\"nulls\"} [NA NA], b BIGINT [1 2]"},
		{"NA in quotes is text", "a,b\n1,\"NA\"\nNA,x\n", `null ["NA"] 2 rows: a BIGINT 1 null [1 1], b VARCHAR [NA x]`},
		{"empty quotes beside NaN", "a,b\nNaN,x\n\"\",y\n", "quotednull 2 rows: a DOUBLE 1 null, b VARCHAR [x y]"},
		{"empty quotes are needed and lost", "a,b\n1,\"\"\n\"\",x\n", "own 2 rows: a BIGINT 1 null {\"noquoted\":true} [1 1], b VARCHAR [ x]"},
		{"empty quotes and NA in quotes", "a,b\n\"\",\"NA\"\n2,x\n", "own 2 rows: a BIGINT 1 null {\"noquoted\":true} [2 2], b VARCHAR [NA x]"},
	})
}

// TestCSVBuffers reads the same rows through buffers of every small size, so that records end at every place in them.
func TestCSVBuffers(t *testing.T) {
	const text = "a,b\r\n1,\"x\r\n\"\"y\"\"\"\r\n\"\",é\n3,\"z\"\n\n4,w"
	read := func(size int) (out string) {
		r := newRecords(strings.NewReader(text), &Dialect{Delimiter: ",", Quote: `"`, Escape: `"`}, size)
		for {
			fields, err := r.next()
			if err == io.EOF {
				return out + fmt.Sprint(r.ends, r.longest)
			}
			if err != nil {
				t.Fatal(err)
			}
			out += fmt.Sprint(r.start, ":")
			for _, f := range fields {
				out += fmt.Sprintf("%q %t ", f.text, f.quoted)
			}
		}
	}
	want := read(1 << 10)
	for size := 1; size < 64; size++ {
		if got := read(size); got != want {
			t.Errorf("buffer of %d bytes: %s, want %s", size, got, want)
		}
	}
}

// TestCSVLateSurprises puts what changes the answer behind the sample.
func TestCSVLateSurprises(t *testing.T) {
	head := "id,v\n" + strings.Repeat("1,2\n", sampleSize/4)
	for tail, want := range map[string]string{
		"x,2\n":        "id VARCHAR",
		"3,\"open\n":   "reject 262146 : the quote that is opened here is never closed",
		"4,caf\xe9\n":  "latin-1",
		"4,\xff\x80\n": "windows-1252",
		"4,\x00\n":     "reject 262146 : the row holds the character NUL",
		"4,\xc3":       "latin-1",
		"5,6,7\n":      "reject 262146 : expected 2 columns, found 3",
		"6\n":          "pad ",
	} {
		if got := describeCSV(head + tail); !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", tail, got, want)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"", "a;b\r\n\"x\"\"\";2", "\xff\xfea\x00", "\xe9\n", "a\tb\n\\N\t", ", \n, ",
		"id,name\n1,\"a\nb\"\n2,\"c\n3,d\n", "a;b\n1;1,5\n2;x\n\nTotal;3\n", "# c\nd,v\n13/02/2024,\"1,234\"\n01/02/2024,NA\n", "|a|b|\n|-|-|\n|1|2|\n", "a  b\n1  2\n3  4\n5  6\n",
		"|\rnull;NA//a,b\n---"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		begin := time.Now()
		got, err := CSV(context.Background(), opener(text), Hints{})
		if d := time.Since(begin); d > 5*time.Second {
			t.Fatalf("took %v", d)
		}
		if err != nil {
			return
		}
		if d := checkRows(text, got); d != "" {
			t.Fatalf("%q is read in another way than it was proven: %s\n%+v", text, d, got.CSV)
		}
		if len(got.Columns) == 0 || got.CSV.Delimiter == "" || got.Rows < 0 {
			t.Fatalf("%+v", got)
		}
		for _, c := range got.Columns {
			if c.Stats.Nulls < 0 || c.Stats.Nulls > got.Rows {
				t.Fatalf("column %+v of %d rows", c, got.Rows)
			}
		}
	})
}
