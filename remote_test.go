package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRemoteREPL runs the same statements and commands on a lake and over a server of that lake: what comes out must be the same.
func TestRemoteREPL(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"t.csv": "id,name,day\n1,one,2024-01-31\n2,,2024-02-29\n", "u.csv": "x\n1.5\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	addr := serveForTest(t, dir, state)
	script := strings.Join([]string{
		"select * from t order by id;", `\dt`, `\d t`, `\ss t`, "select count(*) as n from t \\gset", `\echo :n`, ".mode jsonl",
		"select 12.50::decimal(10,2) as d, 9223372036854775807 as b, true as t, null as n, 'x' as s, '2024-02-29 12:00:00.5'::timestamp as ts, x from u;",
		"select d, b from _;",
		// All but what the protocol has as JSON or cuts.
		"select * exclude (struct, struct_of_arrays, array_of_structs, map, \"union\", fixed_struct_array, struct_of_fixed_array," +
			" fixed_nested_int_array, fixed_nested_varchar_array, timestamp_ns)" +
			" from test_all_types();", ".mode csv", "select [[1, 2], [3, null]]::int[2][2] as a, [''] as e, [interval 1 month] as i, []::date[] as d, {'x': [1]}.x as s;", "select * exclude (a) from _;", `\files u`, "select 1 as a where false;", `\set ON_ERROR_STOP off`, "select nope from t;", "select 2 as b;",
	}, "\n")
	var got [2]string
	for i, where := range []string{dir, "postgres://" + addr + "/"} {
		var out, errs bytes.Buffer
		file := filepath.Join(t.TempDir(), "s.sql")
		if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
		code := run(context.Background(), []string{where, "--state", state, "--no-rc", "-f", file}, nil, &out, &errs)
		if code != exitFailed {
			t.Errorf("%s: status %d: %s", where, code, errs.String())
		}
		got[i] = out.String() + "--\n" + errs.String()
	}
	const ragged = "notice: lists of lists whose lengths differ, or of which one is NULL, are no PostgreSQL arrays; to_json(x) gives a type that fits\n"
	if !strings.Contains(got[1], ragged) {
		t.Error("the server does not warn of lists of lists")
	}
	got[1] = strings.Replace(got[1], ragged, "", 1)
	if d := cmp.Diff(got[0], got[1]); d != "" || !strings.Contains(got[0], "one,2024-01-31") || !strings.Contains(got[0], `"int_array":[42,999,null,null,-42]`) ||
		!strings.Contains(got[0], "[1 month]") {
		t.Errorf("the lake and its server differ:\n%s", d)
	}
}
