package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBatteryCatches runs a case whose every expectation is wrong, so that none of the battery's checks passes unseen.
func TestBatteryCatches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wrong.txtar")
	text := "A case that must fail.\n" +
		"-- t.csv --\nid,name\n1,Anna\n" +
		"-- empty.csv.raw --\n" +
		"-- want/tables --\npublic.t 2\n" +
		"-- want/t.columns --\nid VARCHAR\nname VARCHAR\n" +
		"-- want/t.rows --\n1,Bob\n" +
		"-- want/u.rows --\n1\n" +
		"-- want/query one --\nSELECT 1\n----\n2\n" +
		"-- want/query no --\nSELECT nothing\n----\n" +
		"-- want/aside --\nt.csv:7\n" +
		"-- want/notices --\nnever said\n" +
		"-- want/rejects --\nt.csv:2 wrong\n" +
		"-- want/typo --\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := readCase(t, path)
	c.run(t)
	for _, part := range []string{"tables (", "t columns (", "t rows (", "no table u", "query one (", "nothing", "t.csv:7", "never said",
		"rejects (", "skipped (", "want/typo"} {
		if !slices.ContainsFunc(c.problems, func(p string) bool { return strings.Contains(p, part) }) {
			t.Errorf("no problem says %q, only\n%s", part, strings.Join(c.problems, "\n"))
		}
	}
}

func TestBatteryFile(t *testing.T) {
	for _, c := range []struct{ name, text, wantName, want string }{
		{"a/t.csv", "x\n", "a/t.csv", "x\n"},
		{"t.csv.crlf.chop", "x\ny\n", "t.csv", "x\r\ny"},
		{"t.csv.chop.crlf", "x\ny\n", "t.csv", "x\r\ny"},
		{"t.csv.bom.utf16le", "x", "t.csv", "\xff\xfex\x00"},
		{"t.csv.latin1", "ë", "t.csv", "\xeb"},
		{"t.csv.quoted", "\"a\\xff\"\n\"b\\n\"\n", "t.csv", "a\xffb\n"},
		{"t.csv.gen", "\"id\\n\"\nrepeat 2 \"%d,x\\n\"\n", "t.csv", "id\n1,x\n2,x\n"},
		{"t.csv.half", "abcd", "t.csv", "ab"},
		{"t.csv.gz.raw", "abcd", "t.csv.gz", "abcd"},
	} {
		name, data, err := batteryFile(c.name, []byte(c.text))
		if err != nil || name != c.wantName || string(data) != c.want {
			t.Errorf("%s of %q is %s of %q, %v; want %s of %q", c.name, c.text, name, data, err, c.wantName, c.want)
		}
	}
}

func TestParseRows(t *testing.T) {
	rows, err := parseRows("1,\\N,\"\"\n\n\"a \"\"b\"\",\r\nc\",\\N x,\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, showRow(row))
	}
	want := []string{`"1", NULL, ""`, `"a \"b\",\r\nc", "\\N x", ""`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{`"a`, `"a"b`} {
		if _, err := parseRows(bad); err == nil {
			t.Errorf("%s gave no error", bad)
		}
	}
}
