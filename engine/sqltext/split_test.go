package sqltext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		sql  string
		done []string
		rest string
	}{
		{"", nil, ""},
		{" ;; -- nothing\n;", nil, ""},
		{"select 1", nil, "select 1"},
		{"select 1; select 2;", []string{"select 1", "select 2"}, ""},
		{"select ';' ; select \";\"", []string{"select ';'"}, `select ";"`},
		{"select 'it''s;' ;", []string{"select 'it''s;'"}, ""},
		{`select e'it\';s';`, []string{`select e'it\';s'`}, ""},
		{`select '\'; select 2;`, []string{`select '\'`, "select 2"}, ""},
		{"select $$a;b$$; x", []string{"select $$a;b$$"}, "x"},
		{"select $t$a;$$;b$t$;", []string{"select $t$a;$$;b$t$"}, ""},
		{"select $1;", []string{"select $1"}, ""},
		{"select 1 -- a;b\n;", []string{"select 1 -- a;b"}, ""},
		{"select /* a;/* b; */ c; */ 1;", []string{"select /* a;/* b; */ c; */ 1"}, ""},
		{"select 'open;", nil, "select 'open;"},
		{"/* open ;", nil, "/* open ;"},
		{"-- only a comment", nil, ""},
		{"select\u00a01;\u2003select é;", []string{"select\u00a01", "select é"}, ""},
		{"select 1e-5;select 0x1F-1;", []string{"select 1e-5", "select 0x1F-1"}, ""},
	} {
		done, rest := Split(c.sql)
		var texts []string
		for _, s := range done {
			texts = append(texts, s.Text)
			if c.sql[s.Offset:s.Offset+len(s.Text)] != s.Text {
				t.Errorf("%q: offset %d is wrong", c.sql, s.Offset)
			}
		}
		if d := cmp.Diff(c.done, texts); d != "" || rest.Text != c.rest {
			t.Errorf("%q: rest %q, want %q; statements %s", c.sql, rest.Text, c.rest, d)
		}
	}
}

func TestWords(t *testing.T) {
	for sql, want := range map[string]string{
		"select 1":                          "SELECT",
		"-- c\n /* d */ (( select a from b": "SELECT A FROM",
		"create or replace temp view":       "CREATE OR REPLACE",
		"'x'":                               "",
		"create\u00a0table\u3000é":          "CREATE TABLE É",
	} {
		if got := strings.Join(Words(sql, 3), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", sql, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("select 'a' \"b\" $$c$$ /* d */ -- e\n 1.5e-3 $1 ?;")
	f.Fuzz(func(t *testing.T, sql string) {
		end := 0
		for _, tok := range Tokens(sql) {
			if tok.Start < end || tok.End <= tok.Start || tok.End > len(sql) {
				t.Fatalf("token %+v after byte %d of %d", tok, end, len(sql))
			}
			end = tok.End
		}
	})
}
