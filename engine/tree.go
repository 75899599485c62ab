package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
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

// functionList is what DuckDB says of its functions, read once.
type functionList struct {
	once   sync.Once
	byName map[string]functionClass
	err    error
}

// functionsSQL lists the functions by name with the weakest promise of all that share it. Macros promise nothing: they may
// call anything.
const functionsSQL = `SELECT CAST(json_group_array([lower(name), class]) AS VARCHAR) FROM (SELECT function_name AS name, max(CASE
	WHEN function_type = 'aggregate' AND stability = 'CONSISTENT' THEN '1a' WHEN function_type <> 'scalar' THEN '4'
	WHEN stability = 'CONSISTENT' THEN '1c' WHEN stability = 'CONSISTENT_WITHIN_QUERY' THEN '2' ELSE '3' END) AS class
	FROM duckdb_functions() WHERE internal GROUP BY ALL)`

// class returns what is known of a function.
func (l *functionList) class(c *conn, name string) (functionClass, error) {
	l.once.Do(func() {
		text, err := c.text(functionsSQL)
		var list [][2]string
		if err == nil {
			err = json.Unmarshal([]byte(text), &list)
		}
		if err != nil {
			l.err = fmt.Errorf("read DuckDB's list of functions: %w", err)
			return
		}
		classes := map[string]functionClass{"1a": aggregateFunction, "1c": consistentFunction, "2": steadyFunction, "3": volatileFunction}
		l.byName = make(map[string]functionClass, len(list))
		for _, e := range list {
			l.byName[e[0]] = classes[e[1]]
		}
	})
	return l.byName[strings.ToLower(name)], l.err
}
