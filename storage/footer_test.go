package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"
)

// parquetFile returns a Parquet file of columns required BIGINTs, each in groups row groups with rows 0, 1, 2 ...
func parquetFile(t testing.TB, columns, groups, rows int) []byte {
	t.Helper()
	var fields schema.FieldList
	for i := range columns {
		fields = append(fields, schema.NewInt64Node(fmt.Sprintf("column_%d", i), parquet.Repetitions.Required, -1))
	}
	values := make([]int64, rows)
	for i := range values {
		values[i] = int64(i)
	}
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, schema.MustGroup(schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)))
	for range groups {
		g := w.AppendRowGroup()
		for range columns {
			c, err := g.NextColumn()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.(*file.Int64ColumnChunkWriter).WriteBatch(values, nil, nil); err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edited returns a Parquet file with its metadata changed.
func edited(t *testing.T, data []byte, edit func(*metadata.FileMetaData)) []byte {
	t.Helper()
	at := len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	meta, err := metadata.NewFileMetaData(data[at:len(data)-8], nil)
	if err != nil {
		t.Fatal(err)
	}
	edit(meta)
	b := bytes.NewBuffer(bytes.Clone(data[:at]))
	if _, err := meta.WriteTo(b, nil); err != nil {
		t.Fatal(err)
	}
	n := b.Len() - at
	return append(binary.LittleEndian.AppendUint32(b.Bytes(), uint32(n)), parquetMagic...)
}

// footerOf writes data to a file and reads its footer.
func footerOf(t testing.TB, data []byte) (*Footer, error) {
	t.Helper()
	root, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root.Abs("x.parquet"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return root.Footer("x.parquet")
}

func TestFooter(t *testing.T) {
	f, err := footerOf(t, parquetFile(t, 2, 3, 10))
	if err != nil {
		t.Fatal(err)
	}
	bound := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	leaf := Leaf{HasMinMax: true, Min: bound(0), Max: bound(9), Exact: true}
	node := func(i int) *Node {
		return &Node{Name: fmt.Sprintf("column_%d", i), Converted: NoConverted, Physical: Int64, Leaf: i}
	}
	want := &Footer{Rows: 30, RowGroups: 3, CreatedBy: f.CreatedBy, Columns: []*Node{node(0), node(1)}, Leaves: []Leaf{leaf, leaf}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("footer (-want +got):\n%s", diff)
	}
	wide, err := footerOf(t, parquetFile(t, 1500, 1, 1))
	if err != nil || len(wide.Leaves) != 1500 {
		t.Errorf("a footer longer than the first read gives %v", err)
	}
}

func TestFooterDamage(t *testing.T) {
	whole := parquetFile(t, 2, 2, 10)
	length := func(n uint32) []byte {
		b := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(b[len(b)-8:], n)
		return b
	}
	type meta = metadata.FileMetaData
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"tiny":          {whole[:7], "it has only 7 bytes"},
		"cut":           {whole[:len(whole)-20], "cut short: it does not end with PAR1"},
		"encrypted":     {append(bytes.Clone(whole[:len(whole)-4]), "PARE"...), "encrypted Parquet file, which is not supported yet"},
		"long footer":   {length(1 << 30), "its footer has 1073741824 bytes"},
		"no footer":     {length(0), "its footer has 0 bytes"},
		"short footer":  {length(20), "its footer cannot be read"},
		"middle lost":   {append(bytes.Clone(whole[:4]), whole[len(whole)/2:]...), "and the data ends at byte"},
		"rows":          {edited(t, whole, func(m *meta) { m.NumRows++ }), "says 21 rows, and its row groups hold 20"},
		"columns":       {edited(t, whole, func(m *meta) { m.RowGroups[1].Columns = m.RowGroups[1].Columns[:1] }), "row group 2 has 1 columns and the schema 2"},
		"metadata":      {edited(t, whole, func(m *meta) { m.RowGroups[0].Columns[1].MetaData = nil }), "a column without metadata"},
		"elsewhere":     {edited(t, whole, func(m *meta) { m.SetFilePath("other.parquet") }), "columns are in other files"},
		"schema":        {edited(t, whole, func(m *meta) { *m.FileMetaData.Schema[0].NumChildren = 3 }), "its footer cannot be read"},
		"schema beyond": {edited(t, whole, func(m *meta) { *m.FileMetaData.Schema[0].NumChildren = 1 }), "schema has 3 elements"},
		"type missing":  {edited(t, whole, func(m *meta) { m.FileMetaData.Schema[1].Type = nil }), "neither a type nor parts"},
	} {
		_, err := footerOf(t, c.data)
		var no *NotData
		if !errors.As(err, &no) || !strings.Contains(no.Reason, c.want) {
			t.Errorf("%s: error %v, want a *NotData with %q", name, err, c.want)
		}
	}
}

// TestFooterNoise flips every byte of a footer: the outcome may be an error, never a panic.
func TestFooterNoise(t *testing.T) {
	whole := parquetFile(t, 2, 2, 10)
	at := len(whole) - 8 - int(binary.LittleEndian.Uint32(whole[len(whole)-8:]))
	thrift := whole[at : len(whole)-8]
	for i := range thrift {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			b := bytes.Clone(thrift)
			b[i] ^= flip
			if f, err := parseFooter(b, int64(at)); err == nil && len(f.Leaves) == 0 && len(f.Columns) > 0 {
				t.Errorf("byte %d ^ %#x gives columns without leaves", i, flip)
			}
		}
	}
}

func TestCompareSigned(t *testing.T) {
	ordered := []string{"\xff\x00\x00", "\xff\x00", "\xfe", "\xff", "\xff\xff\xff", "", "\x00\x00", "\x01", "\x00\x7f", "\x00\x80", "\x01\x00"}
	equal := map[[2]int]bool{{3, 4}: true, {5, 6}: true}
	for i := range ordered {
		for j := i + 1; j < len(ordered); j++ {
			got, back := compareSigned([]byte(ordered[i]), []byte(ordered[j])), compareSigned([]byte(ordered[j]), []byte(ordered[i]))
			if want := map[bool]int{true: 0, false: -1}[equal[[2]int{i, j}]]; got != want || back != -want {
				t.Errorf("%q against %q is %d and %d, want %d", ordered[i], ordered[j], got, back, want)
			}
		}
	}
}

// BenchmarkFooters reads 3,000 footers of 10 columns with two goroutines; the unit is all of them.
func BenchmarkFooters(b *testing.B) {
	root, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	data := parquetFile(b, 10, 1, 100)
	paths := make([]string, 3000)
	for i := range paths {
		paths[i] = fmt.Sprintf("%04d.parquet", i)
		if err := os.WriteFile(root.Abs(paths[i]), data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var wg sync.WaitGroup
		for half := range 2 {
			wg.Go(func() {
				for i := half; i < len(paths); i += 2 {
					if _, err := root.Footer(paths[i]); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
}

// BenchmarkWalk lists 100,000 files in 1,000 directories, and BenchmarkStatAll looks at 3,000 of them.
func BenchmarkWalk(b *testing.B) {
	root, _ := benchmarkTree(b, 1000, 100)
	for b.Loop() {
		l, err := root.Walk(context.Background())
		if err != nil || len(l.Files) != 100000 {
			b.Fatal(len(l.Files), err)
		}
	}
}

func BenchmarkStatAll(b *testing.B) {
	root, paths := benchmarkTree(b, 30, 100)
	for b.Loop() {
		root.StatAll(paths)
	}
}

// BenchmarkDetect looks into 3,000 small files.
func BenchmarkDetect(b *testing.B) {
	root, paths := benchmarkTree(b, 30, 100)
	for b.Loop() {
		for _, p := range paths {
			if _, err := root.Detect(p); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func benchmarkTree(b *testing.B, dirs, files int) (*Root, []string) {
	b.Helper()
	root, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	var paths []string
	for d := range dirs {
		dir := fmt.Sprintf("month=%04d", d)
		if err := os.Mkdir(root.Abs(dir), 0o755); err != nil {
			b.Fatal(err)
		}
		for f := range files {
			p := dir + fmt.Sprintf("/part-%05d.csv", f)
			if err := os.WriteFile(filepath.Join(root.Dir(), p), []byte("a,b\n1,2\n"), 0o644); err != nil {
				b.Fatal(err)
			}
			paths = append(paths, p)
		}
	}
	return root, paths
}
