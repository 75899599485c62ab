package engine

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestRefresh runs REFRESH after changes that no statement has seen yet.
func TestRefresh(t *testing.T) {
	db, dir := openLake(t, map[string]string{"a.csv": "x,y\n1,2\n", "west/b.csv": "p,q\n1,2\n", "east/b.csv": "u,v\n1,2\n"})
	s := openSession(t, db)
	for _, step := range []struct {
		put  map[string]string
		sql  string
		want string // rows after the first, which says what the crawl cost
	}{
		{sql: "refresh", want: ""},
		{sql: "REFRESH TABLE a;", want: ""},
		{put: map[string]string{"c.json": `{"k": 1}`}, sql: "refresh", want: "file added|c.json|NULL\ntable added|public.c|NULL"},
		{put: map[string]string{"a.csv": "x,y\n1,2.5\n"}, sql: "refresh /* all */ table Public.\"A\"",
			want: "file changed|a.csv|NULL\ntable altered|public.a|column y changed from BIGINT to "},
		{put: map[string]string{"d.csv": "m,n\n1,a\n"}, sql: "refresh d", want: "file added|d.csv|NULL\ntable added|public.d|NULL"},
		{sql: "refresh tarndb.east.b", want: ""},
		{put: map[string]string{"e.parquet": "PAR1 and no footer"}, sql: "refresh", want: "file skipped|e.parquet|"},
	} {
		for name, text := range step.put {
			writeFile(t, filepath.Join(dir, name), text)
		}
		got := answer(s, step.sql)
		first, rest, _ := strings.Cut(got, "\n")
		if !strings.HasPrefix(first, "crawled|") || !strings.HasPrefix(rest, step.want) || step.want == "" && rest != "" {
			t.Errorf("%s: got %q, want %q", step.sql, got, step.want)
		}
	}
	st, err := s.Prepare(t.Context(), "refresh", nil)
	if err != nil || len(st.Columns()) != 3 || st.Tag() != "REFRESH" || len(st.Params()) != 0 {
		t.Errorf("prepared: %v, %v", st, err)
	}
}

// TestCatalogStatementErrors checks what REFRESH and EXPLAIN CRAWL refuse, and where they point.
func TestCatalogStatementErrors(t *testing.T) {
	db, _ := openLake(t, map[string]string{"orders.csv": "x,y\n1,2\n", "west/b.csv": "p,q\n1,2\n", "east/b.csv": "u,v\n1,2\n"})
	s := openSession(t, db)
	for sql, want := range map[string]Error{
		"refresh table":                {Kind: KindSyntax, Position: 14, Hint: "REFRESH TABLE name"},
		"refresh table orders west":    {Kind: KindSyntax, Position: 22, Hint: "REFRESH TABLE name"},
		"refresh 'orders'":             {Kind: KindSyntax, Position: 9, Hint: "REFRESH TABLE name"},
		"explain crawl a.b.c":          {Kind: KindSyntax, Position: 19, Hint: "EXPLAIN CRAWL name"},
		"explain crawl ordesr":         {Kind: KindUndefinedTable, Position: 15, Hint: "Did you mean public.orders?"},
		"refresh table ordesr":         {Kind: KindUndefinedTable, Position: 15, Hint: "Did you mean public.orders?"},
		"explain crawl b":              {Kind: KindAmbiguous, Hint: "east.b, west.b"},
		"refresh materialized view mv": {Kind: KindUnsupported, Hint: "REFRESH TABLE name"},
	} {
		_, err := s.Query(t.Context(), sql)
		var e *Error
		if !errors.As(err, &e) || e.Kind != want.Kind || e.Position != want.Position || !strings.Contains(e.Hint, want.Hint) {
			t.Errorf("%s: %#v", sql, err)
		}
	}
	answer(s, "begin")
	if got := answer(s, "explain crawl orders"); !strings.HasPrefix(got, "table|public.orders: ") {
		t.Errorf("in a transaction: %q", got)
	}
	if got := answer(s, "refresh"); !strings.Contains(got, "inside a transaction block") || s.Status() != TxFailed {
		t.Errorf("in a transaction: %q", got)
	}
	answer(s, "rollback")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var e *Error
	if _, err := s.Query(ctx, "refresh"); !errors.As(err, &e) || e.Kind != KindCancelled {
		t.Errorf("cancelled: %v", err)
	}
}

// TestExplainCrawl checks that both forms name the columns and what decided their types.
func TestExplainCrawl(t *testing.T) {
	db, _ := openLake(t, map[string]string{"a.csv": "x,y\n1,2\n3,z\n", "b.json": `{"k": 1}`})
	s := openSession(t, db)
	one, all := answer(s, "explain crawl table a"), answer(s, "explain crawl")
	if !strings.Contains(one, "column y|VARCHAR|") || !strings.Contains(one, "|a.csv|3") || strings.Contains(one, "column k") {
		t.Errorf("a: %s", one)
	}
	if !strings.Contains(all, one) || !strings.Contains(all, "column k|BIGINT") {
		t.Errorf("all: %s", all)
	}
}
