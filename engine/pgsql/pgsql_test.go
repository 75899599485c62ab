package pgsql

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write what is got into the files of testdata")

// TestTranslate reads pairs of lines, a statement and its translation, with an empty line between pairs.
func TestTranslate(t *testing.T) {
	path := filepath.Join("testdata", "translate.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		sql, want, _ := strings.Cut(block, "\n")
		sql = strings.ReplaceAll(sql, `\n`, "\n")
		got := Apply(sql, Translate(sql, ByType))
		if got != strings.ReplaceAll(want, `\n`, "\n") && !*rewrite {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(strings.ReplaceAll(sql, "\n", `\n`) + "\n" + strings.ReplaceAll(got, "\n", `\n`) + "\n")
	}
	if *rewrite {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMacros checks that no macro is made twice, or not found by its name.
func TestMacros(t *testing.T) {
	if n, m := len(makes(Schema, functions))+len(makes(typedSchema, typedFunctions))+len(makes(operandSchema, operandFunctions))-3, len(Macros())+len(TypedMacros()); n != m || n < 30 {
		t.Errorf("%d statements make %d macros", n, m)
	}
}

func FuzzTranslate(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "translate.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f.Add(strings.TrimSpace(line))
	}
	f.Fuzz(func(t *testing.T, sql string) {
		for _, mode := range []Mode{ByType, ByOperands, Untyped} {
			end := 0
			for _, e := range Translate(sql, mode) {
				if e.At < end || e.Del < 0 || e.At+e.Del > len(sql) {
					t.Fatalf("mode %d: edit %+v after byte %d of %d", mode, e, end, len(sql))
				}
				end = e.At + e.Del
			}
		}
	})
}
