package render

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// readBack returns what a file in a binary format says, as text.
func readBack(t *testing.T, format string, data string) string {
	t.Helper()
	var out bytes.Buffer
	write := func(rec arrow.RecordBatch) {
		if err := array.RecordToJSON(rec, &out); err != nil {
			t.Fatal(err)
		}
	}
	switch format {
	case "parquet":
		pf, err := file.NewParquetReader(strings.NewReader(data))
		check(t, err)
		r, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		check(t, err)
		out.WriteString(pf.MetaData().Schema.String() + "\n")
		tab, err := r.ReadTable(context.Background())
		check(t, err)
		tr := array.NewTableReader(tab, 0)
		for tr.Next() {
			write(tr.RecordBatch())
		}
	case "arrow":
		r, err := ipc.NewReader(strings.NewReader(data))
		check(t, err)
		out.WriteString(r.Schema().String() + "\n")
		for r.Next() {
			write(r.RecordBatch())
		}
		check(t, r.Err())
	case "feather":
		r, err := ipc.NewFileReader(strings.NewReader(data))
		check(t, err)
		out.WriteString(r.Schema().String() + "\n")
		for i := range r.NumRecords() {
			rec, err := r.RecordBatch(i)
			check(t, err)
			write(rec)
		}
	default:
		z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
		check(t, err)
		for _, f := range z.File {
			if strings.Contains(f.Name, "sheet") {
				r, err := f.Open()
				check(t, err)
				text, err := io.ReadAll(r)
				check(t, err)
				out.WriteString(strings.NewReplacer("<row", "\n<row", "<c ", "\n <c ").Replace(string(text)) + "\n")
			}
		}
	}
	return out.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestBinaryFormats writes testdata/*.in.json in the binary formats, reads it back, and compares with testdata/NAME.FORMAT.
func TestBinaryFormats(t *testing.T) {
	for _, name := range []string{"kinds", "text", "empty", "same_names"} {
		in := readInput(t, "testdata/"+name+".in.json")
		for _, f := range Formats() {
			if !f.Binary {
				continue
			}
			t.Run(name+"."+f.Name, func(t *testing.T) {
				got := readBack(t, f.Name, draw(t, f, in, in.Options))
				golden := "testdata/" + name + "." + f.Name
				if *rewrite {
					check(t, os.WriteFile(golden, []byte(got), 0o644))
				}
				want, err := os.ReadFile(golden)
				check(t, err)
				if d := cmp.Diff(string(want), got); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

// TestTooLargeForTheFormat checks that what a format cannot hold is an error, never another value.
func TestTooLargeForTheFormat(t *testing.T) {
	b := array.NewDecimal128Builder(memory.DefaultAllocator, huge)
	check(t, b.AppendValueFromString("1"))
	one := b.NewArray()
	limit := array.NewFixedSizeBinaryBuilder(memory.DefaultAllocator, &arrow.FixedSizeBinaryType{ByteWidth: 16})
	limit.Append(bytes.Repeat([]byte{0xff}, 16))
	text := array.NewStringBuilder(memory.DefaultAllocator)
	text.Append(strings.Repeat("x", cellUnits+1))
	for _, c := range []struct {
		format string
		kind   sqltype.Kind
		arr    arrow.Array
		fails  bool
	}{
		{"parquet", sqltype.HugeInt, one, false}, {"parquet", sqltype.UHugeInt, limit.NewArray(), true},
		{"xlsx", sqltype.Varchar, text.NewArray(), true},
	} {
		w := lookup(t, c.format).New(io.Discard, Options{})
		check(t, w.Begin([]Column{{"c", sqltype.Of(c.kind)}}, cell.Style{}))
		rec := array.NewRecordBatch(arrow.NewSchema([]arrow.Field{{Name: "c", Type: c.arr.DataType()}}, nil), []arrow.Array{c.arr}, 1)
		if err := w.Batch(rec); (err != nil) != c.fails {
			t.Errorf("%s of %s: %v", c.format, c.kind, err)
		}
	}
}

// TestNullIsNoText checks that NULL and the text of the same letters differ in every text format, without colours.
func TestNullIsNoText(t *testing.T) {
	for _, f := range Formats() {
		if f.Binary {
			continue
		}
		var shown []string
		for _, v := range []string{`null`, `"NULL"`, `"'NULL'"`, `""`} {
			shown = append(shown, draw(t, f, oneText(t, v), Options{}))
		}
		for i := range shown {
			for j := range i {
				if shown[i] == shown[j] {
					t.Errorf("%s shows two values the same:\n%s", f.Name, shown[i])
				}
			}
		}
	}
}

// oneText is a result of one text.
func oneText(t *testing.T, value string) *input {
	in := &input{}
	check(t, json.Unmarshal([]byte(`{"Columns":[{"Name":"a","Type":"VARCHAR","Values":[`+value+`]}]}`), in))
	return in
}
