package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tarn/catalog"
)

// node is an object of DuckDB's serialised tree.
type node = map[string]any

// hiding changes the tree of one statement.
type hiding struct {
	c         *conn
	snap      *catalog.Snapshot
	ownPath   bool
	temporary map[string]bool
	refs      []hiddenRef
	scans     map[string]source // what the statement reads with hidden columns, by the prefix of its variables
	read      map[int64]bool    // gets the IDs of the tables that are read; may be nil
}

// hiddenRef is one mention of a hidden column: of the table called of, or of any if that is empty.
type hiddenRef struct{ name, of string }

// shown is a table of one FROM that has got hidden columns.
type shown struct {
	alias  string
	schema string // empty if the table has an alias
	table  *catalog.Table
	names  []string
}

// scope is the names of common table expressions that hide tables.
type scope map[string]bool

// findReferences collects the mentions of hidden columns.
func (h *hiding) findReferences(v any) {
	visit(v, func(n node) {
		if n["class"] == "COLUMN_REF" {
			names := texts(n["column_names"])
			for i, name := range names {
				h.mention(name, strings.Join(names[max(0, i-1):i], ""))
			}
		}
		for _, name := range texts(n["using_columns"]) {
			h.mention(name, "")
		}
	})
}

func (h *hiding) mention(name, of string) {
	if name = strings.ToLower(name); name == fileColumn || name == lineColumn {
		h.refs = append(h.refs, hiddenRef{name, strings.ToLower(of)})
	}
}

// wanted returns what of a table's hidden columns the statement mentions; a column of the data's own comes first.
func (h *hiding) wanted(t *catalog.Table, alias string) provenance {
	var p provenance
	for _, r := range h.refs {
		if r.of == "" || r.of == strings.ToLower(alias) {
			p.file, p.line = p.file || r.name == fileColumn, p.line || r.name == lineColumn
		}
	}
	for _, c := range t.Columns {
		switch strings.ToLower(c.Name) {
		case fileColumn:
			p.file = false
		case lineColumn:
			p.line = false
		}
	}
	return p
}

func (h *hiding) statement(tree node) error { return h.walk(tree, scope{}) }

// walk changes all queries below v.
func (h *hiding) walk(v any, in scope) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := h.walk(e, in); err != nil {
				return err
			}
		}
	case node:
		in, err := h.commonTables(v, in)
		if err != nil {
			return err
		}
		if v["type"] == "SELECT_NODE" {
			return h.query(v, in)
		}
		if v["type"] == "RECURSIVE_CTE_NODE" {
			in = in.with(v["cte_name"])
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == "cte_map" {
				continue
			}
			if err := h.walk(v[key], in); err != nil {
				return err
			}
		}
	}
	return nil
}

// with is the scope with one more name.
func (s scope) with(name any) scope {
	out := maps.Clone(s)
	text, _ := name.(string)
	out[strings.ToLower(text)] = true
	return out
}

// commonTables changes the queries of a node's WITH, each of which sees those before it.
func (h *hiding) commonTables(n node, in scope) (scope, error) {
	m, _ := n["cte_map"].(node)
	list, _ := m["map"].([]any)
	for _, e := range list {
		entry, _ := e.(node)
		if err := h.walk(entry["value"], in); err != nil {
			return in, err
		}
		in = in.with(entry["key"])
	}
	return in, nil
}

// query changes one SELECT: its FROM, then its expressions.
func (h *hiding) query(n node, in scope) error {
	nameSubqueries(n)
	tables, err := h.from(n, "from_table", in)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(n)) {
		switch key {
		case "cte_map", "from_table":
			continue
		}
		if err := h.expressions(n[key], tables, key == "modifiers", in); err != nil {
			return err
		}
	}
	return nil
}

// from replaces the tables below parent[key] and returns those that got hidden columns.
func (h *hiding) from(parent node, key string, in scope) ([]shown, error) {
	n, _ := parent[key].(node)
	switch n["type"] {
	case "BASE_TABLE":
		return h.table(parent, key, n, in)
	case "JOIN":
		left, err := h.from(n, "left", in)
		if err != nil {
			return nil, err
		}
		right, err := h.from(n, "right", in)
		if err != nil {
			return nil, err
		}
		tables := append(left, right...)
		if err := joinable(n, left, right); err != nil {
			return nil, err
		}
		return tables, h.expressions(n["condition"], tables, false, in)
	case "PIVOT":
		tables, err := h.from(n, "source", in)
		if err == nil && len(tables) > 0 {
			err = unsupportedHidden("PIVOT and UNPIVOT of a table do not take _file and _line", "Select them in a subquery: FROM (SELECT *, _file FROM ...).")
		}
		return nil, err
	}
	return nil, h.walk(n, in)
}

// joinable refuses joins whose meaning the hidden columns would change.
func joinable(n node, left, right []shown) error {
	if n["ref_type"] == "NATURAL" && len(left) > 0 && len(right) > 0 {
		return unsupportedHidden("NATURAL JOIN does not go together with _file and _line", "Write JOIN ... USING.")
	}
	for _, name := range texts(n["using_columns"]) {
		if name = strings.ToLower(name); name == fileColumn || name == lineColumn {
			return unsupportedHidden("USING does not take "+name, "Write JOIN ... ON a."+name+" = b."+name+".")
		}
	}
	for _, l := range left {
		for _, r := range right {
			if strings.EqualFold(l.alias, r.alias) {
				return unsupportedHidden("two tables are called "+l.alias+" where "+l.names[0]+" is named", "Give them aliases.")
			}
		}
	}
	return nil
}

func unsupportedHidden(message, hint string) error {
	return &Error{Kind: KindUnsupported, Message: message, Hint: hint}
}

// table replaces one table by its query with the hidden columns that are wanted.
func (h *hiding) table(parent node, key string, n node, in scope) ([]shown, error) {
	t := h.resolve(n, in)
	if t == nil {
		return nil, nil
	}
	if h.read != nil {
		h.read[t.ID] = true
	}
	alias, _ := n["alias"].(string)
	s := shown{alias: alias, table: t}
	if alias == "" {
		s.alias, _ = n["table_name"].(string)
		s.schema = t.Schema
	}
	want := h.wanted(t, s.alias)
	if want == (provenance{}) {
		return nil, nil
	}
	query, err := h.scan(t, want)
	if err != nil {
		return nil, err
	}
	parent[key] = node{"type": "SUBQUERY", "alias": s.alias, "sample": n["sample"], "query_location": n["query_location"],
		"subquery": node{"node": query, "named_param_map": []any{}}, "column_name_alias": n["column_name_alias"]}
	if want.file {
		s.names = append(s.names, fileColumn)
	}
	if want.line {
		s.names = append(s.names, lineColumn)
	}
	return []shown{s}, nil
}

// resolve returns the lake's table that a name means, or nil if it means something else.
func (h *hiding) resolve(n node, in scope) *catalog.Table {
	name, _ := n["table_name"].(string)
	schema, _ := n["schema_name"].(string)
	base, _ := n["catalog_name"].(string)
	name, schema, base = strings.ToLower(name), strings.ToLower(schema), strings.ToLower(base)
	if schema == database && base == "" {
		schema = ""
	}
	if base != "" && base != database {
		return nil
	}
	if schema != "" {
		return h.snap.Lookup(schema, name)
	}
	if base == "" && (in[name] || h.temporary[name]) {
		return nil
	}
	if t := h.snap.Lookup("public", name); t != nil && !h.ownPath {
		return t
	}
	found := h.snap.Find(name)
	if len(found) == 1 {
		return found[0]
	}
	return h.onPath(found)
}

// onPath returns the first of tables whose schema is on the session's search path.
func (h *hiding) onPath(tables []*catalog.Table) *catalog.Table {
	path, err := h.c.text("SELECT array_to_string(current_schemas(false), chr(31))")
	if err != nil {
		return nil
	}
	for _, schema := range strings.Split(path, partSeparator) {
		for _, t := range tables {
			if t.Schema == strings.ToLower(schema) {
				return t
			}
		}
	}
	return nil
}

// scan returns the tree of the query that reads a table with hidden columns.
func (h *hiding) scan(t *catalog.Table, want provenance) (node, error) {
	tree, err := h.c.parse("SELECT * FROM " + querySQL(t, want))
	if err != nil {
		return nil, err
	}
	statements, _ := tree["statements"].([]any)
	if len(statements) != 1 {
		return nil, &Error{Kind: KindInternal, Message: fmt.Sprintf("DuckDB does not take apart the query of table %s.%s", t.Schema, t.Name)}
	}
	h.scans[tablePrefix(t, want)] = source{t, want}
	first, _ := statements[0].(node)
	query, _ := first["node"].(node)
	return query, nil
}
