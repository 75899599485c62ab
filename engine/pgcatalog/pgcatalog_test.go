package pgcatalog

import (
	"os"
	"strings"
	"testing"
)

// testdata/rewrite.txt holds statements, each with what becomes of it on the next line.
func TestRewrite(t *testing.T) {
	text, err := os.ReadFile("testdata/rewrite.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i := 0; i+1 < len(lines); i += 3 {
		if got := Rewrite(lines[i], nil).SQL; got != lines[i+1] {
			t.Errorf("%s\n got %s\nwant %s", lines[i], got, lines[i+1])
		}
	}
}

// FuzzRewrite: nothing fails, and edits are in order and inside of the text.
func FuzzRewrite(f *testing.F) {
	for _, s := range []string{"select * from pg_class", "select 'a'::regclass, c.tableoid from pg_catalog.pg_class c", "pg_catalog.", "OPERATOR(pg_catalog.~", "((( pg_class"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		end := 0
		for _, e := range Rewrite(sql, nil).Edits {
			if e.Start < end || e.End < e.Start || e.End > len(sql) {
				t.Fatalf("%q: edit %v behind %d", sql, e, end)
			}
			end = e.End
		}
	})
}

func TestFormatType(t *testing.T) {
	s, err := loadStatic()
	if err != nil {
		t.Fatal(err)
	}
	n := newNames(s)
	for _, c := range []struct {
		oid, mod int64
		want     string
	}{{23, -1, "integer"}, {1700, 655366, "numeric(10,2)"}, {1043, 14, "character varying(10)"}, {1042, -1, "bpchar"}, {1042, -2, "character"},
		{1009, -1, "text[]"}, {22, -1, "int2vector"}, {18, -1, `"char"`}, {2276, -1, `"any"`}, {1184, 3, "timestamp(3) with time zone"}, {99999999, -1, "???"}, {0, -1, "-"}} {
		if got := n.formatType(c.oid, c.mod); got != c.want {
			t.Errorf("%d, %d: %s, want %s", c.oid, c.mod, got, c.want)
		}
	}
	for text, want := range map[string]int64{"int": 23, "character varying(10)": 1043, "numeric(10,2)[]": 1231, "pg_catalog.text": 25, "timestamp with time zone": 1184} {
		if got, ok := n.typeOID(text); !ok || got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
