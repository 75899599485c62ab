package sqltest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGolden reads a golden file, writes it back unchanged, and names the line of what it cannot read.
func TestGolden(t *testing.T) {
	const text = "# about\n\nstatement ok\nSET x = 1\n\nonlyif csv ndjson\nquery rowsort\nSELECT 1,\n  2\n----\na BIGINT | b BIGINT\n1 | 2\n\n" +
		"statement error 42P01 no such\nSELECT * FROM nope\n"
	path := filepath.Join(t.TempDir(), "x.test")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := ReadGolden(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Records) != 4 || g.Records[1].SQL != "SET x = 1" || g.Records[3].State != "42P01" || g.Records[3].Message != "no such" {
		t.Errorf("read %+v", g.Records)
	}
	query := g.Records[2]
	if query.SQL != "SELECT 1,\n  2" || !query.Sort || query.Line != 6 || query.RunsOn("parquet") || !query.RunsOn("csv") {
		t.Errorf("read the query as %+v", query)
	}
	if err := g.Write(); err != nil {
		t.Fatal(err)
	}
	back, err := os.ReadFile(path)
	if diff := cmp.Diff(text, string(back)); diff != "" || err != nil {
		t.Errorf("written back: %v\n%s", err, diff)
	}
}

func TestGoldenErrors(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1\n":                        ":1: \"SELECT 1\" begins no record",
		"# fine\n\nquery\n":                 ":3: a record without SQL",
		"statement ok\nSELECT 1\n----\n1\n": ":1: only a query has a result",
		"statement error 42 x\nSELECT 1\n":  ":1: \"42\" is no SQLSTATE",
		"onlyif csv\n":                      ":1: a condition without a statement",
	} {
		path := filepath.Join(t.TempDir(), "x.test")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadGolden(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestCell(t *testing.T) {
	for _, c := range []struct {
		text string
		null bool
		want string
	}{
		{"x", true, "NULL"}, {"NULL", false, "'NULL'"}, {"", false, "''"}, {" a", false, "' a'"}, {"'a'", false, "''a''"},
		{"a|b\nc\\", false, `a\|b\nc\\`}, {"æ 日", false, "æ 日"},
	} {
		if got := Cell(c.text, c.null); got != c.want {
			t.Errorf("Cell(%q, %v) = %s, want %s", c.text, c.null, got, c.want)
		}
	}
}

// TestEncode writes a small table in the text formats, and in Parquet, which other packages read back.
func TestEncode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	const source = `["id BIGINT","name VARCHAR","total DECIMAL(5,2)","tags VARCHAR[]"]
[9007199254740993,"a, \"b\"","1.50",["x",null]]
[2,"",null,null]
[3,null,null,[]]
`
	if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	table, err := ReadTable(path)
	if err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{
		"csv": "id,name\n9007199254740993,\"a, \"\"b\"\"\"\n2,\"\"\n3,\n",
		"ndjson": `{"id":9007199254740993,"name":"a, \"b\"","tags":["x",null]}` + "\n" +
			`{"id":2,"name":"","tags":null}` + "\n" + `{"id":3,"name":null,"tags":[]}` + "\n",
	} {
		got, err := table.Encode(format)
		if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", format, err, diff)
		}
	}
	got, err := table.Encode("parquet")
	if err != nil || !strings.HasPrefix(string(got), "PAR1") || !strings.HasSuffix(string(got), "PAR1") {
		t.Errorf("Parquet: %v, %d bytes", err, len(got))
	}
}

// TestReadTableErrors breaks a source in the ways that are easily made.
func TestReadTableErrors(t *testing.T) {
	for text, want := range map[string]string{
		"[\"a WORD\"]\n":            ":1: column a: no type \"WORD\"",
		"[\"a BIGINT\"]\n[1, 2]\n":  ":2: 2 values for 1 columns",
		"[\"a BIGINT\"]\n{\"a\":1}": ":2: ",
	} {
		path := filepath.Join(t.TempDir(), "x.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadTable(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// TestLakeDump writes the lakes of the golden tests to a folder that the environment names, for a look with other tools.
func TestLakeDump(t *testing.T) {
	dir := os.Getenv("TARN_DUMP_LAKES")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, format := range Formats {
		if err := WriteLake(filepath.Join("..", "..", "testdata", "tables"), filepath.Join(dir, format), format); err != nil {
			t.Error(err)
		}
	}
}
