package catalog

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// fake is a looker whose files say what they hold: a line for each column (name, type, then optionally min and max), and
// before them "rows N", "nulls N" (for all columns that follow), "headerless", "notice TEXT", or "broken TEXT". The
// suffix is the format; a file without one is of no known format.
type fake struct {
	mu    sync.Mutex
	reads []string
	hook  func(path string) // called between the two stats of a file
}

func (k *fake) look(_ context.Context, root *storage.Root, path string, says *saying) (storage.Kind, *infer.File, error) {
	k.mu.Lock()
	k.reads = append(k.reads, path)
	k.mu.Unlock()
	if k.hook != nil {
		k.hook(path)
	}
	kind := storage.Kind{Format: map[string]storage.Format{".csv": storage.CSV, ".json": storage.JSON, ".parquet": storage.Parquet}[filepath.Ext(path)]}
	if kind.Format == storage.Unknown {
		return kind, nil, &storage.NotData{Reason: "it is no data"}
	}
	text, err := os.ReadFile(root.Abs(path))
	if err != nil {
		return kind, nil, err
	}
	f, err := parseFake(text, kind)
	if err == nil && kind.Format == storage.CSV {
		for i := range f.Columns {
			if t, ok := says.hints.Types[foldName(f.Columns[i].Name)]; ok {
				f.Columns[i].Type = t
			}
		}
	}
	return kind, f, err
}

// taken returns how many files were looked into since the last call.
func (k *fake) taken() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(k.reads)
	k.reads = nil
	return n
}

func parseFake(text []byte, kind storage.Kind) (*infer.File, error) {
	f := &infer.File{Rows: 1}
	switch kind.Format {
	case storage.CSV:
		f.CSV = &infer.Dialect{Delimiter: ",", Quote: `"`, Escape: `"`, Header: true, NullText: []string{""}, Encoding: "utf-8", NewLine: "\n", MaxLine: int64(len(text))}
	case storage.JSON:
		f.JSON = &infer.Layout{Shape: "array", Records: true, MaxRecord: int64(len(text))}
	}
	var nulls int64
	for sc := bufio.NewScanner(bytes.NewReader(text)); sc.Scan(); {
		word, rest, _ := strings.Cut(sc.Text(), " ")
		switch word {
		case "":
		case "rows":
			f.Rows, _ = strconv.ParseInt(rest, 10, 64)
		case "nulls":
			nulls, _ = strconv.ParseInt(rest, 10, 64)
		case "headerless":
			f.CSV.Header = false
		case "notice":
			f.Notices = append(f.Notices, rest)
		case "broken":
			return nil, &infer.Error{Reason: rest, Line: 3, Hint: "mend it"}
		case "panic":
			panic("a bug")
		default:
			parts := strings.Split(rest, " | ")
			t, err := sqltype.Parse(parts[0])
			if err != nil {
				return nil, fmt.Errorf("fake file: %w", err)
			}
			c := infer.Column{Name: word, Type: t, Stats: infer.Stats{Nulls: nulls}}
			if len(parts) == 3 {
				c.Stats.HasMinMax, c.Stats.Min, c.Stats.Max = true, parts[1], parts[2]
			}
			f.Columns = append(f.Columns, c)
		}
	}
	return f, nil
}

// put writes files below dir; their folders are made.
func put(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// newLake makes a lake of files in a folder called lake.
func newLake(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, dir, files)
	return dir
}

// tryOpen opens the catalog of dir with a fake looker.
func tryOpen(t testing.TB, dir string, opts Options) (*Catalog, *fake, error) {
	t.Helper()
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	k := &fake{}
	c, err := open(t.Context(), root, opts, k.look)
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, k, err
}

func mustOpen(t testing.TB, dir string, opts Options) (*Catalog, *fake) {
	t.Helper()
	c, k, err := tryOpen(t, dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c, k
}

func refresh(t testing.TB, c *Catalog) *Report {
	t.Helper()
	r, err := c.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// dump prints a snapshot without what differs from run to run.
func dump(s *Snapshot) string {
	var b strings.Builder
	for _, t := range s.Tables {
		fmt.Fprintf(&b, "%s.%s\n", t.Schema, t.Name)
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "\t%s %s", c.Name, c.Type)
			if c.Partition {
				b.WriteString(" partition")
			}
			if c.Pinned != "" {
				b.WriteString(" by " + c.Pinned)
			}
			b.WriteByte('\n')
		}
		for _, f := range t.Files {
			fmt.Fprintf(&b, "\tfile %s", f.Path)
			for _, p := range f.Partition {
				if p.Null {
					fmt.Fprintf(&b, " %s is NULL", p.Key)
				} else {
					fmt.Fprintf(&b, " %s=%q", p.Key, p.Value)
				}
			}
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "\tbecause %s\n", t.why)
		if t.OnReject != OnRejectSkip {
			fmt.Fprintf(&b, "\ton reject %s\n", t.OnReject)
		}
		for _, p := range t.Pins {
			fmt.Fprintf(&b, "\tpin %s\n", p)
		}
		for _, n := range t.Notices {
			fmt.Fprintf(&b, "\tnotice %s\n", n)
		}
	}
	for _, k := range s.Skipped {
		fmt.Fprintf(&b, "skipped %s: %s\n", k.Path, k.Reason)
	}
	return b.String()
}
