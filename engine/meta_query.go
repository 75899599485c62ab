package engine

import (
	"maps"
	"slices"
	"strings"

	"tarn/catalog"
)

// asking finds what the queries of one statement ask of their tables.
type asking struct {
	c     *conn
	sql   string // the text of the tree
	names *hiding
	edits []textEdit

	answered map[*catalog.Table]bool
	read     map[int64]bool
}

// asked is what one query asks of its table.
type asked struct {
	m       *asking
	table   *catalog.Table
	alias   string          // what the table is called in the query
	aliases map[string]bool // of the selected columns, in lower case
	columns map[string]int  // the places of the table's columns by their names in lower case
	parts   map[int]bool    // partition columns that the query names
	calls   []call
	numbers relation
	groups  bool // the query has a GROUP BY or DISTINCT, or aggregates
}

// call is an aggregate that gets another text.
type call struct {
	at   int // of its name in the text
	name string
	text string
	item int // the selected column it is part of, or -1
}

// selectKeys are the parts of a SELECT that are understood. A newer DuckDB may have more.
var selectKeys = []string{"aggregate_handling", "answered", "cte_map", "from_table", "group_expressions", "group_sets", "having", "modifiers", "qualify",
	"sample", "select_list", "type", "unnamed", "where_clause"}

// query edits one SELECT if the catalog can answer it.
func (m *asking) query(n node, in scope) {
	from, _ := n["from_table"].(node)
	if n["unnamed"] != nil || from["type"] != "BASE_TABLE" || from["sample"] != nil || from["at_clause"] != nil || len(texts(from["column_name_alias"])) > 0 ||
		n["sample"] != nil || n["qualify"] != nil || len(listOf(n["group_sets"])) > 1 {
		return
	}
	for key, v := range n {
		if v != nil && !slices.Contains(selectKeys, key) {
			return
		}
	}
	t := m.names.resolve(from, in)
	if t == nil {
		return
	}
	q := &asked{m: m, table: t, aliases: map[string]bool{}, columns: map[string]int{}, parts: map[int]bool{}}
	if q.alias, _ = from["alias"].(string); q.alias == "" {
		q.alias, _ = from["table_name"].(string)
	}
	for i, c := range t.Columns {
		q.columns[strings.ToLower(c.Name)] = i
	}
	q.groups = len(listOf(n["group_expressions"])) > 0
	if q.understands(n) && q.groups && q.numbers.fill(t, q.parts) && m.edit(n, from, q) {
		m.answered[t] = true
		from["answered"] = true
	}
}

// markUnnamed marks the queries inside of selected columns that have no alias: their text is the column's name.
func markUnnamed(tree any) {
	visit(tree, func(n node) {
		for _, e := range objects(n["select_list"]) {
			if nameIn(e, "alias") == "" {
				visit(e, func(inner node) {
					if inner["type"] == "SELECT_NODE" {
						inner["unnamed"] = true
					}
				})
			}
		}
	})
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// understands goes through all expressions of a query; it is false if one asks what the catalog does not know.
func (q *asked) understands(n node) bool {
	list := objects(n["select_list"])
	for _, e := range list {
		if alias, _ := e["alias"].(string); alias != "" {
			q.aliases[strings.ToLower(alias)] = true
		}
	}
	for i, e := range list {
		if !q.expression(e, i) {
			return false
		}
	}
	for _, mod := range objects(n["modifiers"]) {
		switch mod["type"] {
		case "DISTINCT_MODIFIER":
			if len(listOf(mod["distinct_on_targets"])) > 0 {
				return false
			}
			q.groups = true
		case "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER":
		default:
			return false
		}
		for _, o := range objects(mod["orders"]) {
			if e, _ := o["expression"].(node); e["class"] == "STAR" && e["relation_name"] == "" && e["expr"] == nil {
				o["expression"] = nil // ORDER BY ALL: what is selected
			}
		}
		if !q.within(mod, -1) {
			return false
		}
	}
	return q.expression(n["where_clause"], -1) && q.expression(n["group_expressions"], -1) && q.expression(n["having"], -1)
}

// expression goes through an expression or a list of some; item is the selected column it is part of, or -1.
func (q *asked) expression(v any, item int) bool {
	n, ok := v.(node)
	if !ok {
		for _, e := range listOf(v) {
			if !q.expression(e, item) {
				return false
			}
		}
		return true
	}
	switch n["class"] {
	case nil, "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "BETWEEN":
		return q.within(n, item)
	case "CONSTANT", "PARAMETER":
		return true
	case "COLUMN_REF":
		return q.reference(n)
	case "FUNCTION":
		return q.function(n, item)
	case "SUBQUERY":
		return q.expression(n["child"], item) && q.uncorrelated(n["subquery"])
	}
	return false
}

// within goes through what an object holds.
func (q *asked) within(n node, item int) bool {
	for _, key := range slices.Sorted(maps.Keys(n)) {
		if key != "cast_type" && key != "value" && !q.expression(n[key], item) {
			return false
		}
	}
	return true
}

// column returns the place of the table's column that a reference means; ok is false if it means another thing.
func (q *asked) column(n node) (at int, ok bool) {
	names := texts(n["column_names"])
	if len(names) == 2 && strings.EqualFold(names[0], q.alias) {
		names = names[1:]
	}
	if len(names) != 1 {
		return 0, false
	}
	at, ok = q.columns[strings.ToLower(names[0])]
	return at, ok
}

// reference takes account of a column outside of the aggregates: it must be a partition column, or another selected column.
func (q *asked) reference(n node) bool {
	if at, ok := q.column(n); ok {
		q.parts[at] = true
		return q.table.Columns[at].Partition
	}
	names := texts(n["column_names"])
	if len(names) != 1 {
		return false
	}
	name := strings.ToLower(names[0])
	return q.aliases[name] || valueWords[name]
}

// uncorrelated reports whether a subquery names nothing that could be the table's and that a relation of numbers lacks.
func (q *asked) uncorrelated(v any) bool {
	ok := true
	visit(v, func(n node) {
		for _, name := range texts(n["column_names"]) {
			at, own := q.columns[strings.ToLower(name)]
			ok = ok && !strings.EqualFold(name, q.alias) && (!own || q.table.Columns[at].Partition)
			if own {
				q.parts[at] = true
			}
		}
		ok = ok && n["class"] != "POSITIONAL_REFERENCE"
	})
	return ok
}

// function takes account of a function: an aggregate that the catalog knows, or one whose value depends on its arguments only.
func (q *asked) function(n node, item int) bool {
	name, _ := n["function_name"].(string)
	name = strings.ToLower(name)
	order, _ := n["order_bys"].(node)
	if n["filter"] != nil || n["distinct"] == true || len(listOf(order["orders"])) > 0 {
		return false
	}
	switch name {
	case "count_star", "count", "min", "max":
		q.groups = true
		return q.aggregate(n, name, item)
	}
	if class := functions()[name]; class != consistentFunction && class != steadyFunction {
		return false
	}
	return q.expression(n["children"], item)
}

// aggregate finds the text that computes an aggregate from the catalog's numbers.
func (q *asked) aggregate(n node, name string, item int) bool {
	list := objects(n["children"])
	made := call{at: location(n), name: strings.TrimSuffix(name, "_star"), item: item}
	switch {
	case made.at < 0 || len(list) > 1:
		return false
	case len(list) == 0 || list[0]["class"] == "CONSTANT":
		if len(list) == 1 {
			value, _ := list[0]["value"].(node)
			if name != "count" || value["is_null"] != false {
				return false
			}
		}
		made.text = q.numbers.rows()
		q.calls = append(q.calls, made)
		return true
	case list[0]["class"] != "COLUMN_REF":
		return false
	}
	at, ok := q.column(list[0])
	if !ok || item < 0 && q.aliases[strings.ToLower(q.table.Columns[at].Name)] {
		return false
	}
	switch partition := q.table.Columns[at].Partition; {
	case partition && name == "count":
		q.parts[at] = true
		made.text = q.numbers.rowsWith(q.table.Columns[at])
	case partition: // as it is
		q.parts[at] = true
		return true
	case name == "count":
		made.text = q.numbers.values(at)
	default:
		made.text = name + "(" + q.numbers.bound(at, name) + ")"
	}
	q.calls = append(q.calls, made)
	return true
}
