package engine

import (
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// steadyTables are the table functions whose rows depend on their arguments only.
var steadyTables = map[string]bool{"range": true, "generate_series": true, "unnest": true}

// unsteady are functions of which DuckDB promises more than they keep from one statement to the next. So does age() of one argument,
// which takes that from today.
var unsteady = map[string]bool{"current_localtime": true, "current_localtimestamp": true, "getvariable": true, "current_setting": true, "currval": true, "nextval": true, "reservoir_quantile": true,
	"query": true, "query_table": true}

// knownClasses are the kinds of expressions that depend on nothing but what they hold.
var knownClasses = wordSet("CONSTANT COLUMN_REF FUNCTION WINDOW COMPARISON CONJUNCTION OPERATOR CASE CAST BETWEEN STAR SUBQUERY PARAMETER LAMBDA " +
	"LAMBDA_REF COLLATE POSITIONAL_REFERENCE")

// unkept says why the result of a statement cannot be kept; empty if it can. The parser's tree decides: functions that DuckDB calls
// consistent, tables of the lake, and nothing that a newer DuckDB may have invented.
func (db *DB) unkept(c *conn, snap *catalog.Snapshot, sql string) (string, error) {
	if why, ok := db.results.reason(snap, sql); ok {
		return why, nil
	}
	why, err := findUnkept(c, snap, sql)
	if err == nil {
		db.results.putReason(snap, sql, why)
	}
	return why, err
}

// findUnkept takes the statement apart.
func findUnkept(c *conn, snap *catalog.Snapshot, sql string) (why string, err error) {
	tree, err := c.parse(sql)
	if err != nil {
		return "", err
	}
	if tree == nil {
		return "DuckDB does not take the statement apart", nil
	}
	f := &fitness{names: &hiding{c: c, snap: snap}}
	eachNode(tree, scope{}, func(n node, in scope) {
		if f.why == "" {
			f.why = f.object(n, in)
		}
	})
	if f.why == "" && !f.lake {
		f.why = "it reads no table of the lake"
	}
	return f.why, nil
}

// fitness is what is known of a statement so far.
type fitness struct {
	names *hiding
	lake  bool // it reads a table of the lake
	why   string
}

// object says why one object of the tree makes results differ from one time to the next, or is empty.
func (f *fitness) object(n node, in scope) string {
	if n["sample"] != nil {
		return "it takes a sample"
	}
	switch kind := nameIn(n, "type"); kind {
	case "BASE_TABLE":
		return f.table(n, in)
	case "TABLE_FUNCTION":
		call, _ := n["function"].(node)
		if name := strings.ToLower(nameIn(call, "function_name")); !steadyTables[name] {
			return "it calls " + name + "()"
		}
	case "SHOW_REF", "PIVOT", "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF":
		return "it is no plain query"
	case "OPERATOR_CAST":
		if to, _ := n["cast_type"].(node); nameIn(to, "id") == "TIME WITH TIME ZONE" {
			return zoned
		}
	}
	class, isExpression := n["class"].(string)
	if isExpression && !knownClasses[class] {
		return "it holds an expression of the kind " + class
	}
	switch {
	case class == "FUNCTION", class == "WINDOW" && n["type"] == "WINDOW_AGGREGATE":
		return function(strings.ToLower(nameIn(n, "function_name")), len(listOf(n["children"])))
	case class == "COLUMN_REF":
		if names := texts(n["column_names"]); len(names) == 1 && valueWords[strings.ToLower(names[0])] {
			return "it names " + strings.ToLower(names[0])
		}
	}
	return ""
}

func (f *fitness) table(n node, in scope) string {
	name := strings.ToLower(nameIn(n, "table_name"))
	switch {
	case n["at_clause"] != nil:
		return "it asks for an earlier version of " + name
	case nameIn(n, "schema_name") == "" && nameIn(n, "catalog_name") == "" && in[name]:
		return ""
	}
	t := f.names.resolve(n, in)
	switch {
	case t == nil:
		return "it reads " + name + ", which is no table of the lake"
	case slices.ContainsFunc(t.Columns, func(c catalog.Column) bool { return c.Type.Kind == sqltype.TimeTZ }):
		return zoned
	}
	f.lake = true
	return ""
}

// zoned is said of statements with times of day in a time zone, whose offset may depend on the day on which it is asked for.
const zoned = "it has times of day with a time zone, whose offset may be another tomorrow"

// function says why a function's value may differ from one time to the next, or is empty.
func function(name string, args int) string {
	switch class := functions()[name]; {
	case unsteady[name] || name == "age" && args == 1 || class == volatileFunction || class == steadyFunction:
		return name + "() may give another value the next time"
	case class == unknownFunction && !steadyTables[name]:
		return "nothing is known of " + name + "()"
	}
	return ""
}
