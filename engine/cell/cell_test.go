package cell

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
)

var rewrite = flag.Bool("rewrite", false, "write the JSON golden file anew")

// value is one line of testdata/values.tsv: a type, the physical value as build reads it, and DuckDB 1.5.6's cast to
// VARCHAR, save for the spellings that Style.Append changes.
type value struct {
	t    sqltype.Type
	arr  arrow.Array
	text string
	line string
}

func values(t *testing.T) []value {
	t.Helper()
	data, err := os.ReadFile("testdata/values.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []value
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("%d fields in %q", len(f), line)
		}
		typ, err := sqltype.Parse(f[0])
		if err != nil {
			t.Fatal(err)
		}
		arr, err := build(typ, f[1])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		text := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(f[2])
		out = append(out, value{typ, arr, text, f[0] + " " + f[1]})
	}
	return out
}

func TestAppendSpellsAsDuckDB(t *testing.T) {
	for _, v := range values(t) {
		got := string(Style{}.Append([]byte("x"), v.t, v.arr, 1))
		if got != "x"+v.text {
			t.Errorf("%s: got %s, want %s", v.line, got[1:], v.text)
		}
		if got := string(Style{}.Append(nil, v.t, v.arr, 0)); got != "NULL" {
			t.Errorf("%s: row 0 is %s, want NULL", v.line, got)
		}
	}
}

func TestAppendJSON(t *testing.T) {
	var got bytes.Buffer
	for _, v := range values(t) {
		got.Write(Style{}.AppendJSON(nil, v.t, v.arr, 1))
		got.WriteByte('\n')
	}
	const file = "testdata/values.jsonl"
	if *rewrite {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Error(d)
	}
}

func TestNoAllocations(t *testing.T) {
	buf := make([]byte, 0, 4096)
	for _, v := range values(t) {
		if n := testing.AllocsPerRun(10, func() { buf = Style{}.Append(buf[:0], v.t, v.arr, 1) }); n > 0 {
			t.Errorf("Append of %s allocates %v times", v.line, n)
		}
		if strings.Contains(v.line, "JSON") {
			continue // encoding/json pools its validators, and a pool may be emptied at any time
		}
		if n := testing.AllocsPerRun(10, func() { buf = Style{}.AppendJSON(buf[:0], v.t, v.arr, 1) }); n > 0 {
			t.Errorf("AppendJSON of %s allocates %v times", v.line, n)
		}
	}
}

// TestSliced checks that a slice of an array, which shares its memory, gives the same text.
func TestSliced(t *testing.T) {
	for _, v := range values(t) {
		s := array.NewSlice(v.arr, 1, 2)
		if got := string(Style{}.Append(nil, v.t, s, 0)); got != v.text {
			t.Errorf("%s: got %s, want %s", v.line, got, v.text)
		}
	}
}

func TestFloatAsPostgres(t *testing.T) {
	for _, c := range []struct {
		f    float64
		bits int
		want string
	}{
		{1, 64, "1"}, {0.1, 64, "0.1"}, {1e14, 64, "100000000000000"}, {1e15, 64, "1e+15"},
		{123456789012345, 64, "123456789012345"}, {1e20, 64, "1e+20"}, {1e-4, 64, "0.0001"}, {1e-5, 64, "1e-05"},
		{1e6, 32, "1e+06"}, {123456, 32, "123456"}, {float64(float32(0.0001)), 32, "0.0001"},
		{float64(float32(0.1)), 32, "0.1"},
	} {
		if got := string(AppendFloat(nil, c.f, c.bits)); got != c.want {
			t.Errorf("%v of %d bits: got %s, want %s", c.f, c.bits, got, c.want)
		}
	}
}

// TestIntervalAsPostgres holds what PostgreSQL's EncodeInterval prints with IntervalStyle postgres.
func TestIntervalAsPostgres(t *testing.T) {
	for _, c := range []struct {
		months, days int32
		micros       int64
		want         string
	}{
		{14, 3, 14706000000, "1 year 2 mons 3 days 04:05:06"},
		{-13, 0, 0, "-1 years -1 mons"},
		{14, -3, 100000, "1 year 2 mons -3 days +00:00:00.1"},
		{-14, 3, -5000000, "-1 years -2 mons +3 days -00:00:05"},
		{0, 0, 0, "00:00:00"},
		{0, -1, 0, "-1 days"},
	} {
		if got := string(AppendInterval(nil, c.months, c.days, c.micros)); got != c.want {
			t.Errorf("%v: got %s", c, got)
		}
	}
}

func TestZones(t *testing.T) {
	for _, c := range []struct {
		zone   string
		micros int64
		want   string
	}{
		{"Europe/Berlin", 1720000000123456, "2024-07-03 11:46:40.123456+02"},
		{"Asia/Kolkata", 1720000000000000, "2024-07-03 15:16:40+05:30"},
		{"America/New_York", -5364662400000000, "1799-12-31 19:03:58-04:56:02"},
		{"America/New_York", 1704067200000000, "2023-12-31 19:00:00-05"},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(AppendTimestampTZ(nil, c.micros, loc)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.zone, got, c.want)
		}
	}
}

// TestDeepGeometry checks that geometries nested without end are no trouble.
func TestDeepGeometry(t *testing.T) {
	deep := bytes.Repeat([]byte{1, 7, 0, 0, 0, 1, 0, 0, 0}, 1_000_000)
	if got := string(appendGeometry(nil, deep)); !strings.HasPrefix(got, `\x01\x07`) {
		t.Errorf("got %.40s", got)
	}
}

func FuzzGeometry(f *testing.F) {
	f.Add([]byte{1, 7, 0, 0, 0, 1, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0})
	f.Add([]byte{0, 0, 0, 3, 235, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := appendGeometry([]byte("x"), b); len(got) == 0 || got[0] != 'x' {
			t.Fatal("what was there is gone")
		}
	})
}

func FuzzQuote(f *testing.F) {
	f.Add("it's \\ ok")
	f.Fuzz(func(t *testing.T, s string) {
		want := "ab'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
		if got := string(quote([]byte("ab"+s), 2)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
