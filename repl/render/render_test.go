package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// input is a result as testdata/*.in.json describes it, column by column in the JSON that arrow-go reads.
type input struct {
	Batch   int // rows in each batch; 0 means all
	Options Options
	Repeat  int // how often the rows come; 0 means once
	Columns []struct {
		Name, Type string
		Values     json.RawMessage
	}
}

func (in *input) columns(t testing.TB) []Column {
	var out []Column
	for _, c := range in.Columns {
		typ, err := sqltype.Parse(c.Type)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Column{c.Name, typ})
	}
	return out
}

func (in *input) batches(t testing.TB, mem memory.Allocator) []arrow.RecordBatch {
	var fields []arrow.Field
	var arrays []arrow.Array
	for i, c := range in.columns(t) {
		dt := arrowType(c.Type)
		arr, _, err := array.FromJSON(mem, dt, bytes.NewReader(in.Columns[i].Values))
		if err != nil {
			t.Fatalf("column %s: %v", c.Name, err)
		}
		fields = append(fields, arrow.Field{Name: c.Name, Type: dt, Nullable: true})
		arrays = append(arrays, arr)
	}
	n := int64(arrays[0].Len())
	whole := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, n)
	step := int64(in.Batch)
	if step == 0 {
		step = n
	}
	var out []arrow.RecordBatch
	for range max(in.Repeat, 1) {
		for at := int64(0); at < n; at += step {
			out = append(out, whole.NewSlice(at, min(at+step, n)))
		}
	}
	whole.Release()
	for _, a := range arrays {
		a.Release()
	}
	return out
}

// arrowType is the Arrow type that holds t in results, for the types that the tests use.
func arrowType(t sqltype.Type) arrow.DataType {
	switch t.Kind {
	case sqltype.Boolean:
		return arrow.FixedWidthTypes.Boolean
	case sqltype.Integer:
		return arrow.PrimitiveTypes.Int32
	case sqltype.BigInt:
		return arrow.PrimitiveTypes.Int64
	case sqltype.Double:
		return arrow.PrimitiveTypes.Float64
	case sqltype.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Width), Scale: int32(t.Scale)}
	case sqltype.Blob:
		return arrow.BinaryTypes.Binary
	case sqltype.Date:
		return arrow.FixedWidthTypes.Date32
	case sqltype.Timestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case sqltype.Null:
		return arrow.Null
	case sqltype.List:
		return arrow.ListOf(arrowType(t.Elem()))
	case sqltype.Struct:
		var fields []arrow.Field
		for _, f := range t.Fields {
			fields = append(fields, arrow.Field{Name: f.Name, Type: arrowType(f.Type), Nullable: true})
		}
		return arrow.StructOf(fields...)
	}
	return arrow.BinaryTypes.String
}

func readInput(t testing.TB, file string) *input {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in := new(input)
	if err := json.Unmarshal(data, in); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return in
}

// draw renders the input and checks that every batch was freed.
func draw(t *testing.T, f Format, in *input, opts Options) string {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	var out bytes.Buffer
	w := f.New(&out, opts)
	if err := w.Begin(in.columns(t), cell.Style{}); err != nil {
		t.Fatal(err)
	}
	for _, rec := range in.batches(t, mem) {
		if err := w.Batch(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
	}
	if err := w.End(Summary{Elapsed: 1240 * time.Millisecond, Notes: []string{"2 of 5 files, 12 MB"}, More: ".last shows all"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFormats renders every testdata/NAME.in.json in every format and compares with testdata/NAME.FORMAT.
func TestFormats(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.in.json")
	if len(files) == 0 {
		t.Fatal("no input")
	}
	for _, file := range files {
		in := readInput(t, file)
		for _, f := range Formats() {
			if f.Binary {
				continue // see TestBinaryFormats
			}
			golden := strings.TrimSuffix(file, "in.json") + f.Name
			t.Run(filepath.Base(golden), func(t *testing.T) {
				got := draw(t, f, in, in.Options)
				if *rewrite {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(string(want), got); d != "" {
					t.Error(d)
				}
				if f.Name == "box" && !in.Options.Color {
					checkRectangle(t, got, in.Options.Width)
				}
			})
		}
	}
}

// checkRectangle checks that all lines but the footer are equally wide and fit the terminal.
func checkRectangle(t *testing.T, got string, width int) {
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	for i, l := range lines[:len(lines)-1] {
		if Width(l) != Width(lines[0]) || width > 0 && Width(l) > width {
			t.Errorf("line %d is %d cells wide, the first %d, the terminal %d:\n%s", i+1, Width(l), Width(lines[0]), width, l)
		}
	}
}

// TestJSONReads checks that both JSON formats hold every row and column for a reader.
func TestJSONReads(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.in.json")
	for _, file := range files {
		in := readInput(t, file)
		var rows []map[string]any
		if err := json.Unmarshal([]byte(draw(t, lookup(t, "json"), in, Options{})), &rows); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, r := range rows {
			if len(r) != len(in.Columns) {
				t.Errorf("%s: %d keys, want %d", file, len(r), len(in.Columns))
			}
		}
		lines := strings.Count(draw(t, lookup(t, "jsonl"), in, Options{}), "\n")
		if lines != len(rows) {
			t.Errorf("%s: %d lines for %d rows", file, lines, len(rows))
		}
	}
}

func lookup(t testing.TB, name string) Format {
	f, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestUnknownFormat(t *testing.T) {
	if _, err := Lookup("xml"); err == nil || !strings.Contains(err.Error(), "jsonl") {
		t.Errorf("error %v does not list the formats", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// TestWriteErrors checks that every format reports that its output cannot be written.
func TestWriteErrors(t *testing.T) {
	in := readInput(t, "testdata/kinds.in.json")
	for _, f := range Formats() {
		w := f.New(brokenWriter{}, Options{})
		err := w.Begin(in.columns(t), cell.Style{})
		for _, rec := range in.batches(t, memory.DefaultAllocator) {
			err = errors.Join(err, w.Batch(rec))
		}
		if errors.Join(err, w.End(Summary{})) == nil {
			t.Errorf("%s: no error", f.Name)
		}
	}
}

// TestNoCut checks that what a terminal cuts is whole in the other formats and without a width.
func TestNoCut(t *testing.T) {
	long := strings.Repeat("abcdefghij", 1000)
	in := &input{}
	data := `{"Columns":[{"Name":"a","Type":"VARCHAR","Values":["` + long + `"]}]}`
	if err := json.Unmarshal([]byte(data), in); err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats() {
		if f.Binary {
			continue
		}
		if got := draw(t, f, in, Options{}); !strings.Contains(got, long) {
			t.Errorf("%s cuts without a width", f.Name)
		}
	}
	got := draw(t, lookup(t, "box"), in, Options{Width: 40})
	checkRectangle(t, got, 40)
}

func BenchmarkFormats(b *testing.B) {
	in := readInput(b, "testdata/kinds.in.json")
	columns, batches := in.columns(b), in.batches(b, memory.DefaultAllocator)
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			w := f.New(new(nowhere), Options{MaxRows: 40, Width: 100})
			if err := w.Begin(columns, cell.Style{}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				for _, rec := range batches {
					if err := w.Batch(rec); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkGrid draws 10,000 rows of four columns with wide characters, uncut and as a terminal shows them. The target is 30 ms.
func BenchmarkGrid(b *testing.B) {
	in := &input{Repeat: 1000}
	data := `{"Columns":[{"Name":"id","Type":"BIGINT","Values":[1,2,3,4,5,6,7,8,9,10]},
		{"Name":"name","Type":"VARCHAR","Values":["Oslo","日本語テキスト","🦆 duck","","a longer text of some words","x","y",null,"NULL","ten"]},
		{"Name":"price","Type":"DOUBLE","Values":[1.5,2.25,1e20,0.1,-3,4,5,6,null,7.125]},
		{"Name":"day","Type":"DATE","Values":["2024-01-31","2024-02-29",null,"2024-01-01","2024-01-01","2024-01-01","2024-01-01","2024-01-01","2024-01-01","2024-01-01"]}]}`
	if err := json.Unmarshal([]byte(data), in); err != nil {
		b.Fatal(err)
	}
	columns, batches := in.columns(b), in.batches(b, memory.DefaultAllocator)
	for name, opts := range map[string]Options{"all": {}, "terminal": {Width: 100, MaxRows: 40, Color: true}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w := lookup(b, "box").New(nowhere{}, opts)
				if err := w.Begin(columns, cell.Style{}); err != nil {
					b.Fatal(err)
				}
				for _, rec := range batches {
					if err := w.Batch(rec); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.End(Summary{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// TestLongResults checks that rows beyond the sample are drawn, and that box keeps no more batches than it needs.
func TestLongResults(t *testing.T) {
	in := readInput(t, "testdata/long.in.json")
	in.Repeat = 150 // 15,000 rows
	got := draw(t, lookup(t, "table"), in, Options{})
	if n := strings.Count(got, "\n"); n != 15_000+6 {
		t.Errorf("%d lines", n)
	}
	g := newBox(nowhere{}, Options{MaxRows: 10, Width: 60}).(*grid)
	if err := g.Begin(in.columns(t), cell.Style{}); err != nil {
		t.Fatal(err)
	}
	for _, rec := range in.batches(t, memory.DefaultAllocator) {
		if err := g.Batch(rec); err != nil {
			t.Fatal(err)
		}
		if len(g.tail) > 10 || len(g.head) > 10 {
			t.Fatalf("keeps %d batches, %d rows", len(g.tail), len(g.head))
		}
	}
}
