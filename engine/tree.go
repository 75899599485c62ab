package engine

import (
	_ "embed" // functions.txt
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"tarn/engine/pgsql"
)

// eachNode calls f for every object of a statement's tree, with the names of the common table expressions that it sees. A CTE
// sees those before it, and a recursive one itself.
func eachNode(v any, in scope, f func(n node, in scope)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			eachNode(e, in, f)
		}
	case node:
		m, _ := v["cte_map"].(node)
		list, _ := m["map"].([]any)
		for _, e := range list {
			entry, _ := e.(node)
			eachNode(entry["value"], in, f)
			in = in.with(entry["key"])
		}
		if v["type"] == "RECURSIVE_CTE_NODE" {
			in = in.with(v["cte_name"])
		}
		f(v, in)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key != "cte_map" {
				eachNode(v[key], in, f)
			}
		}
	}
}

// objects returns the objects of a list.
func objects(v any) []node {
	list, _ := v.([]any)
	out := make([]node, 0, len(list))
	for _, e := range list {
		if n, ok := e.(node); ok {
			out = append(out, n)
		}
	}
	return out
}

// location is the byte at which the text of an object begins, or -1.
func location(n node) int {
	number, _ := n["query_location"].(json.Number)
	at, err := number.Int64()
	if err != nil {
		return -1
	}
	return int(at)
}

// valueWords are the names that DuckDB takes for functions without parentheses where no column is called so.
var valueWords = map[string]bool{"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true,
	"current_catalog": true, "current_role": true, "current_schema": true, "current_user": true, "session_user": true, "user": true}

// functionClass says what DuckDB promises of a function of some name, with whatever arguments.
type functionClass uint8

const (
	unknownFunction functionClass = iota // a macro, a table function, or none at all
	volatileFunction
	steadyFunction     // the same value within one statement
	consistentFunction // the same value always
	aggregateFunction
)

// functionNames lists DuckDB's functions, a class and a name on each line. Asking DuckDB takes 20 ms or more; a test asks and
// compares.
//
//go:embed functions.txt
var functionNames string

// functionClasses are the classes by the names that functions.txt has for them.
var functionClasses = map[string]functionClass{"aggregate": aggregateFunction, "consistent": consistentFunction, "steady": steadyFunction, "volatile": volatileFunction}

// functions returns the classes of DuckDB's functions by their names in lower case.
var functions = sync.OnceValue(func() map[string]functionClass {
	out := map[string]functionClass{}
	for line := range strings.Lines(functionNames) {
		class, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		out[name] = functionClasses[class]
	}
	out["tarn_pg_text"] = consistentFunction
	macros := maps.Clone(pgsql.Macros())
	maps.Copy(macros, pgsql.TypedMacros())
	for name := range macros {
		if out[name] == unknownFunction && name != "timeofday" {
			out[name] = consistentFunction
		}
	}
	return out
})
