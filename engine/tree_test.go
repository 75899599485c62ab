package engine

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// functionsSQL lists the functions by name with the weakest promise of all that share it. Macros and table functions promise
// nothing: they may call anything, or read it.
const functionsSQL = `SELECT string_agg(class[3:] || ' ' || name, chr(10) ORDER BY name) || chr(10) FROM (SELECT lower(function_name) AS name, max(CASE
	WHEN function_type = 'aggregate' AND stability = 'CONSISTENT' THEN '1 aggregate' WHEN function_type <> 'scalar' THEN '9 unknown'
	WHEN stability = 'CONSISTENT' THEN '2 consistent' WHEN stability = 'CONSISTENT_WITHIN_QUERY' THEN '3 steady' ELSE '4 volatile' END) AS class
	FROM duckdb_functions() WHERE internal AND NOT starts_with(function_name, 'tarn_') GROUP BY ALL) WHERE class NOT LIKE '9%'`

var rewriteFunctions = flag.Bool("rewrite-functions", false, "write functions.txt as DuckDB has it")

// TestFunctions compares functions.txt with what DuckDB says. A new DuckDB may need go test ./engine -run TestFunctions -rewrite-functions.
func TestFunctions(t *testing.T) {
	db, _ := openLake(t, nil)
	want, err := openSession(t, db).main.text(functionsSQL)
	if err != nil {
		t.Fatal(err)
	}
	if *rewriteFunctions {
		if err := os.WriteFile("functions.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(want, functionNames); diff != "" {
		t.Errorf("functions.txt (-DuckDB +file):\n%s", diff)
	}
	for name, class := range map[string]functionClass{"sum": aggregateFunction, "upper": consistentFunction, "now": steadyFunction, "random": volatileFunction, "glob": unknownFunction} {
		if got := functions()[name]; got != class {
			t.Errorf("%s is of class %d, want %d", name, got, class)
		}
	}
}
