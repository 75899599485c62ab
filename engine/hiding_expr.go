package engine

import (
	"maps"
	"slices"
	"strings"
)

// expressions changes what stands beside a FROM: stars leave the hidden columns out, and queries inside are changed too.
func (h *hiding) expressions(v any, tables []shown, modifiers bool, in scope) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := h.expressions(e, tables, modifiers, in); err != nil {
				return err
			}
		}
	case node:
		if kind, _ := v["type"].(string); strings.HasSuffix(kind, "_NODE") {
			return h.walk(v, in)
		}
		if err := hideFrom(v, tables, modifiers); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := h.expressions(v[key], tables, modifiers, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// hideFrom keeps one expression from meaning the hidden columns unasked.
func hideFrom(n node, tables []shown, modifiers bool) error {
	if len(tables) == 0 {
		return nil
	}
	switch n["class"] {
	case "STAR":
		if modifiers { // ORDER BY ALL: what is selected
			return nil
		}
		return hideFromStar(n, tables)
	case "COLUMN_REF":
		return hideFromName(n, tables)
	case "POSITIONAL_REFERENCE":
		return unsupportedHidden("#1, #2, ... do not go together with _file and _line", "Write the columns' names.")
	}
	return nil
}

// hideFromStar adds an EXCLUDE.
func hideFromStar(n node, tables []shown) error {
	of, _ := n["relation_name"].(string)
	list, _ := n["qualified_exclude_list"].([]any)
	for _, t := range tables {
		if of != "" && !strings.EqualFold(of, t.alias) {
			continue
		}
		if n["expr"] != nil {
			return unsupportedHidden("COLUMNS with a pattern or a list does not go together with _file and _line",
				"Use it in a subquery: FROM (SELECT *, _file FROM ...).")
		}
		for _, name := range t.names {
			list = append(list, node{"catalog": "", "schema": "", "table": t.alias, "column": name})
		}
	}
	n["qualified_exclude_list"] = list
	return nil
}

// hideFromName refuses a table's whole row as a value, and takes off the schema of a column's table: in its place stands
// a subquery, which has none.
func hideFromName(n node, tables []shown) error {
	names := texts(n["column_names"])
	for _, t := range tables {
		if len(names) == 1 && strings.EqualFold(names[0], t.alias) && !t.has(names[0]) {
			return unsupportedHidden("the whole row of "+t.alias+" as one value does not go together with _file and _line", "Name its columns.")
		}
		if t.schema == "" {
			continue
		}
		at := slices.IndexFunc(names, func(s string) bool { return strings.EqualFold(s, t.schema) })
		if at >= 0 && at <= 1 && at+2 < len(names) && strings.EqualFold(names[at+1], t.alias) && (at == 0 || strings.EqualFold(names[0], database)) {
			list, _ := n["column_names"].([]any)
			n["column_names"] = list[at+1:]
			return nil
		}
	}
	return nil
}

func (s shown) has(column string) bool {
	for _, c := range s.table.Columns {
		if strings.EqualFold(c.Name, column) {
			return true
		}
	}
	return false
}

// visit calls f for every object below v.
func visit(v any, f func(node)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			visit(e, f)
		}
	case node:
		f(v)
		for _, e := range v {
			visit(e, f)
		}
	}
}

// texts returns the strings of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// nameSubqueries gives the columns that are subqueries the names that PostgreSQL gives them, those of the subqueries' columns.
// DuckDB would name them by their text, which is no longer the client's.
func nameSubqueries(n node) {
	list, _ := n["select_list"].([]any)
	for _, e := range list {
		column, _ := e.(node)
		if column["class"] != "SUBQUERY" || column["alias"] != "" {
			continue
		}
		inner, _ := column["subquery"].(node)
		query, _ := inner["node"].(node)
		if of, _ := query["select_list"].([]any); len(of) > 0 {
			column["alias"] = nameOfColumn(of[0])
		}
	}
}

// nameOfColumn is an expression's alias, or the name of its column or function.
func nameOfColumn(v any) string {
	e, _ := v.(node)
	names := texts(e["column_names"])
	for _, name := range []any{e["alias"], lastOf(names), e["function_name"]} {
		if text, _ := name.(string); text != "" {
			return text
		}
	}
	return "subquery"
}

func lastOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}
