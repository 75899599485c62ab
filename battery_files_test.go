package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tarn/testing/sqltest"
)

// batteryChanges make the bytes of a file from its text in the archive. They stand at the end of the file's name there,
// and happen in their order: orders.csv.bom.utf16le
var batteryChanges = map[string]func([]byte) ([]byte, error){
	"quoted": unquoteLines,
	"gen":    generate,
	"bom":    func(b []byte) ([]byte, error) { return append([]byte("\ufeff"), b...), nil },
	"crlf":   func(b []byte) ([]byte, error) { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")), nil },
	"cr":     func(b []byte) ([]byte, error) { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r")), nil },
	"chop": func(b []byte) ([]byte, error) {
		return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r")), nil
	},
	"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes,
	"utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes,
	"latin1":  charmap.ISO8859_1.NewEncoder().Bytes,
	"cp1252":  charmap.Windows1252.NewEncoder().Bytes,
	"parquet": parquetOf,
	"gz":      gzipped,
	"zst":     zstandard,
	"half":    func(b []byte) ([]byte, error) { return b[:len(b)/2], nil },
}

// batteryFile returns the name and the bytes of a file of an archive. The changes gz, zst and parquet stay in the name;
// behind .raw nothing is a change.
func batteryFile(name string, data []byte) (string, []byte, error) {
	dir, base := filepath.Split(name)
	parts := strings.Split(base, ".")
	n := len(parts)
	for n > 1 && batteryChanges[parts[n-1]] != nil {
		n--
	}
	kept := strings.Join(parts[:n], ".")
	if raw, ok := strings.CutSuffix(base, ".raw"); ok {
		return dir + raw, data, nil
	}
	for _, change := range parts[n:] {
		var err error
		if data, err = batteryChanges[change](data); err != nil {
			return "", nil, fmt.Errorf("%s: %w", change, err)
		}
		if change == "gz" || change == "zst" || change == "parquet" {
			kept += "." + change
		}
	}
	return dir + kept, data, nil
}

// unquoteLines joins lines that are Go strings: "a,b\r\n"
func unquoteLines(data []byte) ([]byte, error) {
	var out []byte
	for line := range strings.Lines(string(data)) {
		text, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		out = append(out, text...)
	}
	return out, nil
}

// generate joins lines that are Go strings, and lines such as repeat 5000 "%d,row\n", in which %d counts from 1.
func generate(data []byte) ([]byte, error) {
	var out []byte
	for line := range strings.Lines(string(data)) {
		times, line := 1, strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "repeat "); ok {
			if _, err := fmt.Sscan(rest, &times); err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
			_, line, _ = strings.Cut(rest, " ")
		}
		text, err := strconv.Unquote(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		for i := range times {
			out = append(out, strings.ReplaceAll(text, "%d", strconv.Itoa(i+1))...)
		}
	}
	return out, nil
}

// parquetOf writes a table, which is written as sqltest.Table says, as Parquet.
func parquetOf(data []byte) ([]byte, error) {
	table, err := sqltest.ParseTable(data)
	if err != nil {
		return nil, err
	}
	return table.Encode("parquet")
}

func gzipped(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func zstandard(data []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(data, nil), nil
}

func writeBatteryFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
