package storage

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// gz compresses s into one gzip member.
func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// zst compresses s into one zstd frame.
func zst(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

// utf16le returns s, which is ASCII, in UTF-16 with a byte order mark.
func utf16le(s string) string {
	return "\xff\xfe" + strings.Join(strings.Split(s, ""), "\x00") + "\x00"
}

const (
	someJSON = `{"a": 1, "b": [null, "x"]}` + "\n"
	someCSV  = "a,b\n1,x\n2,y\n"
	prose    = "It was a dark and stormy night, said the man.\nNobody answered.\nSo, as ever, he went on, and on.\n"
	parquetX = "PAR1....PAR1"
)

var detections = []struct {
	name, content string
	want          string // format and compression, or ! and part of the reason
}{
	{"a.parquet", parquetX, "parquet none"},
	{"a.csv", parquetX, "parquet none"},
	{"a", parquetX, "parquet none"},
	{"a.parquet", "PAR1\x00\x01\x02 and no end", "!cut short"},
	{"a.csv", "PAR1\x00\x01\x02 and no end", "!cut short"},
	{"a.parquet", "PARE....PARE", "!encrypted"},
	{"a.parquet", someCSV, "!named .parquet"},
	{"a.csv", "PAR1,PAR2\n1,2\n", "csv none"},
	{"a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", "!git lfs pull"},
	{"a.parquet.gz", gz(parquetX), "!Parquet file inside gzip"},

	{"a.csv", someCSV, "csv none"},
	{"a.tsv", "a\tb\n", "csv none"},
	{"a.txt", prose, "csv none"},
	{"a.dat", "x", "csv none"},
	{"a.CSV", "a", "csv none"},
	{"a.csv.gz", gz(someCSV), "csv gzip"},
	{"a.csv.zst", zst(someCSV), "csv zstd"},
	{"a.csv", gz(someCSV), "csv gzip"},
	{"a.csv.gz", someCSV, "csv none"},
	{"a.gz", gz(someCSV), "csv gzip"},
	{"a.csv", "\xef\xbb\xbf" + someCSV, "csv none"},
	{"a.csv", utf16le(someCSV), "csv none"},
	{"a", utf16le(someCSV), "csv none"},
	{"a.csv", "name,ort\nM\xfcller,K\xf6ln\n", "csv none"},
	{"a.csv", "a\x01b\x012\n1\x012\x013\n", "csv none"},
	{"a.csv", "имя,город\nАнна,Москва\n", "csv none"},
	{"a.csv", "\xe8\xec\xff,\xe3\xee\xf0\xee\xe4\n\xc0\xed\xed\xe0,\xcc\xee\xf1\xea\xe2\xe0\n", "!neither UTF-8"},
	{"a.csv", "  \n\n", "!nothing but blanks"},
	{"a.csv.gz", gz(""), "!empty"},
	{"a.csv", "", "!empty"},
	{"a.csv", "a,b\n1,x\x00y\n2,plain text\n", "csv none"},
	{"a.csv", "a\x00\x00\x00,b\n", "!zero byte"},
	{"a.csv", "\x05\x06\x07\x08,b\n", "!control characters"},
	{"a.csv", utf16le(someCSV)[2:], "csv none"},
	{"a.csv", "\xff\xfe\x00\x00a\x00\x00\x00", "!UTF-32"},
	{"a.csv", "<!DOCTYPE html><html>", "!web page"},
	{"a.csv", "\n<?xml version='1.0'?>", "!XML"},
	{"a.csv", "<b>,x\n", "csv none"},

	{"a.json", someJSON, "json none"},
	{"a.jsonl", someJSON + someJSON, "json none"},
	{"a.ndjson.gz", gz(someJSON), "json gzip"},
	{"a.json.zstd", zst(someJSON), "json zstd"},
	{"a.csv", someJSON, "json none"},
	{"a", someJSON, "json none"},
	{"a.geojson", someJSON, "json none"},
	{"a.json", "\xef\xbb\xbf \n" + someJSON, "json none"},
	{"a.json", `[1, 2`, "json none"},
	{"a.json", `{a: 1}`, "json none"},
	{"a.json", `"text"` + "\n7\n", "json none"},
	{"a.json", someCSV, "csv none"},
	{"a.json", prose, "!neither JSON nor delimited"},
	{"a.json", utf16le(someJSON), "json none"},
	{"a.csv", `[1, 2],3` + "\n", "csv none"},
	{"a.csv", "[1]\n[2]\n", "csv none"},
	{"a.csv", `[{"a": 1}, {"a": 2}]`, "json none"},
	{"a.csv", `{"a": 1},x` + "\n", "csv none"},
	{"a.csv", "{name},{city}\n", "csv none"},
	{"a", "[" + strings.Repeat(`{"a": "long"}, `, 5000), "json none"},
	{"a", "[INFO] started\n[INFO] done\n", "!share no delimiter"},

	{"a", someCSV, "csv none"},
	{"a.2024", "x|1|2\ny|2|3\n", "csv none"},
	{"a", "\"x,1\";2\n\"y\n,\";3\n", "csv none"},
	{"a", "a,b,c\n", "!share no delimiter"},
	{"notes", prose, "!share no delimiter"},
	{"greeting", "Hello, world\nBye, moon\n", "!share no delimiter"},
	{"code", "int a;\nint b;\nreturn;\n", "!share no delimiter"},
	{"a", strings.Repeat("1,2,3\n", 20000), "csv none"},
	{"a", strings.Repeat("ä", 20000), "!share no delimiter"},
	{"a", strings.Repeat("x", 40000), "!share no delimiter"},

	{"a.arrow", "ARROW1\x00\x00", "!an Arrow (Feather) file, which is not supported yet"},
	{"a.csv", "ARROW1,x\n1,2\n", "csv none"},
	{"a.avro", "Obj\x01", "!an Avro file, which is not supported yet"},
	{"a.orc", "ORC\x08\x03\x00", "!an ORC file, which is not supported yet"},
	{"a.xlsx", "PK\x03\x04......[Content_Types].xml", "!Excel"},
	{"a.zip", "PK\x03\x04......a.csv", "!zip archive"},
	{"a.db", "SQLite format 3\x00", "!SQLite"},
	{"a.duckdb", "12345678DUCK\x00", "!DuckDB"},
	{"a", "%PDF-1.7\n\x00", "!PDF"},
	{"a", "\x89PNG\r\n\x1a\n", "!PNG"},
	{"a.tar.gz", gz("a.csv" + strings.Repeat("\x00", 252) + "ustar\x00"), "!tar archive"},
	{"a.csv.bz2", "BZh91AY&SY\x00", "!bzip2"},
	{"a.csv.gz", gz(gz(someCSV)), "!compressed twice"},
	{"a.csv.gz", "\x1f\x8bgarbage that is no header", "!damaged"},
	{"a.csv.gz", gz(someCSV)[:12], "!cut short"},
	{"a.csv.zst", zst(someCSV)[:6], "!cut short"},
}

func TestDetect(t *testing.T) {
	root, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range detections {
		if err := os.WriteFile(root.Abs(c.name), []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		kind, err := root.Detect(c.name)
		got := kind.Format.String() + " " + kind.Compression.String()
		reason, refused := strings.CutPrefix(c.want, "!")
		var no *NotData
		switch {
		case refused && !errors.As(err, &no):
			t.Errorf("%s %.40q: found %s (%v), want a *NotData", c.name, c.content, got, err)
		case refused && !strings.Contains(no.Reason, reason):
			t.Errorf("%s %.40q: reason %q, want %q", c.name, c.content, no.Reason, reason)
		case !refused && (err != nil || got != c.want):
			t.Errorf("%s %.40q: found %s (%v), want %s", c.name, c.content, got, err, c.want)
		}
	}
}

func TestDetectFaults(t *testing.T) {
	dir := t.TempDir()
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var no *NotData
	if _, err := root.Detect("gone.csv"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `"gone.csv"`) {
		t.Errorf("error %v for a file that is gone", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "d.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := root.Detect("d.csv"); !errors.As(err, &no) {
		t.Errorf("error %v for a directory", err)
	}
}

func TestOpen(t *testing.T) {
	root, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat(someCSV, 50000)
	for _, c := range []struct {
		name, content string
		c             Compression
		want          string // the text, or ! and part of the error
	}{
		{"plain", someCSV, None, someCSV},
		{"one", gz(someCSV), Gzip, someCSV},
		{"members", gz(long) + gz(someCSV), Gzip, long + someCSV},
		{"frames", zst(someCSV) + zst(long), Zstd, someCSV + long},
		{"cut.gz", gz(long)[:800], Gzip, `!read "cut.gz": the gzip data is cut short; write or copy the file again`},
		{"cut.zst", zst(long)[:len(zst(long))-6], Zstd, `!read "cut.zst": the zstd data is cut short`},
		{"sum.gz", gz(long)[:len(gz(long))-8] + "12345678", Gzip, `!read "sum.gz": the gzip data is damaged`},
		{"not.gz", someCSV, Gzip, `!read "not.gz": the gzip data is damaged`},
		{"tail.gz", gz(someCSV) + "garbage after the end", Gzip, `!read "tail.gz": the gzip data is damaged`},
	} {
		if err := os.WriteFile(root.Abs(c.name), []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := readAll(root, c.name, c.c)
		if reason, fails := strings.CutPrefix(c.want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s: error %v, want %q", c.name, err, reason)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%s: read %d bytes (%v), want %d", c.name, len(got), err, len(c.want))
		}
	}
}

func readAll(root *Root, path string, c Compression) (string, error) {
	f, err := root.Open(path, c)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	return string(b), errors.Join(err, f.Close())
}
