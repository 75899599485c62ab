package lakefile

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var rewrite = flag.Bool("rewrite", false, "write what the tests get into testdata")

// TestParse reads each part of the archives in testdata and compares what came of it, or the problems, with the part behind it.
func TestParse(t *testing.T) {
	for _, archive := range []string{"testdata/problems.txtar", "testdata/good.txtar"} {
		a, err := txtar.ParseFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			in, want := a.Files[i], &a.Files[i+1]
			if want.Name != in.Name+".want" {
				t.Fatalf("%s: %q follows %q", archive, want.Name, in.Name)
			}
			f, err := Parse("lake.yaml", in.Data)
			if (err != nil) != strings.Contains(archive, "problems") {
				t.Errorf("%s: %s: error %v", archive, in.Name, err)
				continue
			}
			got := dump(t, f, err)
			if *rewrite {
				want.Data = []byte(got)
				continue
			}
			if d := cmp.Diff(string(want.Data), got); d != "" {
				t.Errorf("%s: %s (-want +got):\n%s", archive, in.Name, d)
			}
		}
		if *rewrite {
			if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func dump(t *testing.T, f *File, err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// TestMatch holds globs against paths.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		glob, file string
		want       bool
	}{
		{"*.csv", "a.csv", true},
		{"*.csv", "raw/a.csv", false},
		{"**/*.csv", "a.csv", true},
		{"**/*.csv", "raw/deep/a.csv", true},
		{"raw/", "raw/deep/a.csv", true},
		{"raw/", "rawer/a.csv", false},
		{"raw/**", "raw/a.csv", true},
		{"raw/20[0-9][0-9].csv", "raw/2024.csv", true},
		{"{a,b}/*.json", "b/x.json", true},
		{"a?c.csv", "abc.csv", true},
		{`odd\[1\].csv`, "odd[1].csv", true},
		{"RAW/*.csv", "raw/a.csv", false},
	} {
		if got := (Pattern{Glob: c.glob}).Match(c.file); got != c.want {
			t.Errorf("%s matches %s: %t", c.glob, c.file, got)
		}
	}
}

// FuzzParse looks for texts that make Parse fail in other ways than with Problems.
func FuzzParse(f *testing.F) {
	for _, archive := range []string{"testdata/problems.txtar", "testdata/good.txtar"} {
		a, err := txtar.ParseFile(archive)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			f.Add(part.Data)
		}
	}
	f.Add([]byte("&a a: *a"))
	f.Add([]byte("tables: &t {x: *t}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := Parse("lake.yaml", text)
		if ps, ok := err.(Problems); err != nil && (!ok || len(ps) == 0) {
			t.Errorf("error %v is no list of problems", err)
		}
	})
}
