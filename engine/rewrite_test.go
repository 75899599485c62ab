package engine

import (
	"strings"
	"testing"

	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
)

func TestRewriteStatement(t *testing.T) {
	types := []sqltype.Type{sqltype.Of(sqltype.BigInt), {}, sqltype.Of(sqltype.Date)}
	for sql, want := range map[string]string{
		"select $1":                         `select CAST($1 AS BIGINT) AS "?column?"`,
		"select $2, $3 ;":                   `select $2 AS "?column?", CAST($3 AS DATE) AS "?column?" `,
		"select '$1', \"$1\", $$ $1 $$, $1": `select '$1' AS "?column?", "$1", $$ $1 $$ AS "?column?", CAST($1 AS BIGINT) AS "?column?"`,
		"select 1 -- $1":                    `select 1 AS "?column?" -- $1`,
		"select $9":                         `select $9 AS "?column?"`,
		"  select $1":                       `select CAST($1 AS BIGINT) AS "?column?"`,
		`select t.x from lake.public.t, "LAKE"."s"."u" join lake.t on lake.public.t.x = lake.s.y`: `select t.x from public.t, "s"."u" join lake.t on public.t.x = lake.s.y`,
		"drop table if exists pg_temp.a":                                "drop table if exists temp.a",
		"create table if not exists \"pg_temp\".a (b int)":              "create TEMP table if not exists temp.a (b int)",
		"create table pg_temp_1.a as select pg_temp.b.c from pg_temp.b": "create TEMP table temp.a as select temp.b.c from temp.b",
		"select pg_temp from t, s.pg_temp.x":                            "select pg_temp from t, s.pg_temp.x",
		"set search_path = 'pg_catalog'":                                "set search_path = 'public'",
		"SET search_path TO \"$user\", a, pg_catalog;":                  "SET search_path TO 'a'",
		"set session search_path to a, b":                               "set session search_path to a, b",
		"select 1 from t where (a, b) < ($1, $3)":                       "select 1 AS \"?column?\" from t where tarndb.tarn_pgsql.row_lt(a, b, CAST($1 AS BIGINT), CAST($3 AS DATE))",
		"select 1 from t where (a, 2) in (($1, $3))":                    "select 1 AS \"?column?\" from t where (a, 2) in ((CAST($1 AS BIGINT), CAST($3 AS DATE)))",
		"select 1 from t where (lake.public.t.a, 2) in ((1, 2))":        "select 1 AS \"?column?\" from t where (public.t.a, 2) in ((1, 2))",
		"select * from t where a = $1 and $1":                           "select * from t where a = CAST($1 AS BIGINT) and CAST($1 AS BIGINT)",
	} {
		if got := rewriteStatement(sql, "lake", types, pgsql.ByType).sql; got != want {
			t.Errorf("%q became %q, want %q", sql, got, want)
		}
	}
}

// TestOriginalPosition checks that a place behind casts is found again in the client's text.
func TestOriginalPosition(t *testing.T) {
	types := []sqltype.Type{sqltype.Of(sqltype.BigInt), sqltype.Of(sqltype.Varchar)}
	for _, sql := range []string{"select HERE", "  select $1, HERE", "select $1 + $2, $1, HERE", "HERE $1", "\n\tHERE", "select a ~ b, c / HERE",
		"select (a ~ b) / (c), 'x'::regclass = HERE", "select count(*) from (values ($1)) for update HERE"} {
		r := rewriteStatement(sql, "lake", types, pgsql.ByType)
		if got, want := r.original(strings.Index(r.sql, "HERE")), strings.Index(sql, "HERE"); got != want {
			t.Errorf("%q: byte %d, want %d", sql, got, want)
		}
	}
	r := rewriteStatement("select $1, x", "lake", types, pgsql.ByType)
	if got := r.original(strings.Index(r.sql, "BIGINT")); got != 7 {
		t.Errorf("inside a cast: byte %d, want 7, the parameter's", got)
	}
}

func TestInnermost(t *testing.T) {
	for sql, want := range map[string]string{
		"select 1":                                   "select 1",
		"explain select 1":                           "select 1",
		"EXPLAIN ANALYZE copy t to 'x'":              "copy t to 'x'",
		"explain (analyze, format json) copy t":      "copy t",
		"explain /* c */ analyze verbose attach 'x'": "attach 'x'",
	} {
		if got := strings.TrimSpace(innermost(sql)); got != want {
			t.Errorf("%q carries %q, want %q", sql, got, want)
		}
	}
}

func TestTransactionVerb(t *testing.T) {
	for sql, want := range map[string]txVerb{
		"begin": txBegin, "BEGIN READ ONLY": txBegin, "start transaction isolation level serializable": txBegin,
		"commit": txCommit, "end": txCommit, "rollback": txRollback, "abort work": txRollback,
		"rollback to savepoint a": txNone, "select 1": txNone, "start": txNone,
	} {
		if got := transactionVerb(sql); got != want {
			t.Errorf("%q: %d, want %d", sql, got, want)
		}
	}
}

func TestEscapeGlob(t *testing.T) {
	for path, want := range map[string]string{
		"/a/b.csv": "/a/b.csv", "/a[1].csv": "/a[[]1].csv", "/*?": "/[*][?]", "/a]b": "/a]b",
	} {
		if got := escapeGlob(path); got != want {
			t.Errorf("%q became %q, want %q", path, got, want)
		}
	}
}

func TestTranslate(t *testing.T) {
	for _, c := range []struct {
		message string
		want    Error
	}{
		{`{"exception_type":"Binder","exception_message":"Referenced column \"x\" not found in FROM clause!\nCandidate bindings: \"y\"","position":"7","error_subtype":"COLUMN_NOT_FOUND"}`,
			Error{Kind: KindUndefinedColumn, Message: `referenced column "x" not found in FROM clause`, Hint: `Did you mean "y"?`, Position: 8}},
		{`Parser Error: {"exception_type":"Parser","exception_message":"syntax error at or near \"selec\"","position":"0"}`,
			Error{Kind: KindSyntax, Message: `syntax error at or near "selec"`, Position: 1}},
		{`{"exception_type":"Catalog","exception_message":"Table with name nope does not exist!\nDid you mean \"pg_enum\"?"}`,
			Error{Kind: KindUndefinedTable, Message: "table with name nope does not exist"}},
		{`{"exception_type":"INTERRUPT","exception_message":"Interrupted!"}`,
			Error{Kind: KindCancelled, Message: "the statement was cancelled"}},
		{`{"exception_type":"Out of Range","exception_message":"Overflow in addition of INT64 (1 + 2)!"}`,
			Error{Kind: KindOutOfRange, Message: "overflow in addition of INT64 (1 + 2)"}},
		{"something new", Error{Kind: KindInternal, Message: "something new"}},
		{`{"exception_type":"Invalid Input","exception_message":"Malformed JSON in file \"/lake/a b.json\", at byte 1 in record/value 2: unexpected character. "}`,
			Error{Kind: KindCorruptFile, File: "/lake/a b.json", Message: `malformed JSON in file "/lake/a b.json", at byte 1 in record/value 2: unexpected character`,
				Hint: "The record is number 2 in the file. Run 'tarn crawl' to look at the file again."}},
	} {
		if got := *translate(c.message, 0); got != c.want {
			t.Errorf("%s\n got %+v\nwant %+v", c.message, got, c.want)
		}
	}
}
