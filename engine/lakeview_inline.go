package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/catalog/viewfile"
	"tarn/engine/pgcatalog"
	"tarn/engine/pgsql"
	"tarn/engine/sqltext"
)

// inlining puts the queries of views in the places of their names.
type inlining struct {
	c         *conn
	snap      *catalog.Snapshot
	lake      string // the name of the database to clients
	views     viewsKey
	temporary map[string]bool // the session's temporary tables
	path      []string        // schemas in which names are looked up; nil for all, public first
	open      []*viewfile.View
	used      []*viewfile.View
	mode      pgsql.Mode
	usesTemp  bool // a temporary table or view is named
}

// isDatabase reports whether the first part of a name is the lake's database.
func isDatabase(name string) bool { return strings.EqualFold(name, database) }

// inlineViews returns the statement with the queries of the views that it names. A statement that cannot be taken apart stays as it is.
func (st *Statement) inlineViews(c *conn, snap *catalog.Snapshot) (string, error) {
	st.reshaped = false
	sql := st.rewrite.sql
	lake, err := st.s.lakeViews()
	if err != nil {
		return "", err
	}
	views := st.s.viewsKey(lake)
	if !views.named(sql) {
		return sql, nil
	}
	lasting := st.mode == pgsql.ByType && st.s.views.lake == nil && len(views.temp.Views) == 0 && !st.s.ownPath && len(st.s.temporaryTables) == 0
	if text, ok := st.s.db.inlined.get(snap, lake, sql); ok && lasting {
		st.reshaped = text != sql
		return text, nil
	}
	x, err := st.s.inliner(c, snap, views)
	if err != nil {
		return "", err
	}
	x.mode = st.mode
	text, err := x.text(describeQuery(sql))
	if err != nil {
		return "", err
	}
	if text == "" {
		return sql, nil
	}
	if lasting {
		st.s.db.inlined.put(snap, lake, sql, text)
	}
	st.reshaped = true
	return text, nil
}

// inliner returns what puts views in for the session.
func (s *Session) inliner(c *conn, snap *catalog.Snapshot, views viewsKey) (*inlining, error) {
	x := &inlining{c: c, snap: snap, lake: s.db.name, views: views}
	var err error
	if x.temporary, err = c.temporaryNames(); err != nil {
		return nil, err
	}
	if s.ownPath {
		path, err := c.text("SELECT array_to_string(current_schemas(false), chr(31))")
		if err != nil {
			return nil, err
		}
		x.path = strings.Split(path, partSeparator)
	}
	return x, s.db.makeSchemas(views.lake)
}

// text returns a statement with its views put in, or empty if it names none or cannot be taken apart.
func (x *inlining) text(sql string) (string, error) {
	cut := queryStart(sql)
	if cut < 0 {
		return "", nil
	}
	tree, err := x.c.parse(sql[cut:])
	if tree == nil || err != nil {
		return "", err
	}
	if err := x.tree(tree); err != nil || len(x.used) == 0 {
		return "", err
	}
	text, err := x.c.unparse(tree)
	if err != nil {
		return "", err
	}
	return sql[:cut] + " " + text, nil
}

// tree puts the views into a statement's tree.
func (x *inlining) tree(tree node) error {
	type place struct {
		n node
		v *viewfile.View
	}
	var places []place
	var err error
	eachNode(tree, scope{}, func(n node, in scope) {
		if n["type"] != "BASE_TABLE" || err != nil {
			return
		}
		var v *viewfile.View
		if v, err = x.resolve(n, in); v != nil {
			places = append(places, place{n, v})
		} else if len(x.open) > 0 {
			x.qualify(n, in)
		}
	})
	if err != nil {
		return err
	}
	bare := map[string]string{} // schemas of views without an alias
	for _, p := range places {
		query, err := x.query(p.v)
		if err != nil {
			return err
		}
		if p.n["alias"] == "" && p.n["schema_name"] != "" {
			bare[strings.ToLower(nameIn(p.n, "table_name"))] = strings.ToLower(nameIn(p.n, "schema_name"))
		}
		putView(p.n, p.v, query)
	}
	dropSchemas(tree, bare)
	return nil
}

// putView makes the node of a view's name one of its query.
func putView(n node, v *viewfile.View, query node) {
	alias := nameIn(n, "alias")
	if alias == "" {
		alias = nameIn(n, "table_name")
	}
	columns, _ := n["column_name_alias"].([]any)
	if base := plainTable(query); base != nil && len(v.Columns) == 0 {
		for _, key := range []string{"catalog_name", "schema_name", "table_name"} {
			n[key] = base[key]
		}
		n["alias"] = alias
		return
	}
	for i := len(columns); i < len(v.Columns); i++ {
		columns = append(columns, v.Columns[i])
	}
	sample, location := n["sample"], n["query_location"]
	clear(n)
	n["type"], n["alias"], n["sample"], n["query_location"], n["column_name_alias"] = "SUBQUERY", alias, sample, location, columns
	n["subquery"] = node{"node": query, "named_param_map": []any{}}
}

// plainTable returns the table of a query that is no more than SELECT * FROM table, or nil: the catalog may know its answers.
func plainTable(query node) node {
	list, _ := query["select_list"].([]any)
	table, _ := query["from_table"].(node)
	if len(list) != 1 || table["type"] != "BASE_TABLE" || query["aggregate_handling"] != "STANDARD_HANDLING" {
		return nil
	}
	star, _ := list[0].(node)
	if star["class"] != "STAR" || star["columns"] != false || nameIn(star, "relation_name") != "" {
		return nil
	}
	m, _ := query["cte_map"].(node)
	for _, more := range []any{query["modifiers"], m["map"], query["where_clause"], query["group_expressions"], query["group_sets"], query["having"],
		query["sample"], query["qualify"], table["sample"], table["column_name_alias"], table["at_clause"], star["exclude_list"], star["replace_list"],
		star["expr"], star["qualified_exclude_list"], star["rename_list"]} {
		if l, isList := more.([]any); more != nil && (!isList || len(l) > 0) {
			return nil
		}
	}
	return table
}

// dropSchemas takes the schema off the names of columns of views that have become subqueries, which have none.
func dropSchemas(tree node, bare map[string]string) {
	if len(bare) == 0 {
		return
	}
	visit(tree, func(n node) {
		if n["class"] != "COLUMN_REF" {
			return
		}
		list, _ := n["column_names"].([]any)
		names := texts(n["column_names"])
		at := 0
		if len(names) > 3 && isDatabase(names[0]) {
			at = 1
		}
		if at+2 < len(names) {
			if schema, ok := bare[strings.ToLower(names[at+1])]; ok && strings.EqualFold(names[at], schema) {
				n["column_names"] = list[at+1:]
			}
		}
	})
}

// query returns the tree of a view's query, with the views in it put in.
func (x *inlining) query(v *viewfile.View) (node, error) {
	if slices.Contains(x.open, v) {
		return nil, &Error{Kind: KindInvalidValue, Message: "view " + v.FullName() + " is made of itself", Hint: "Make it anew: CREATE OR REPLACE VIEW " + v.FullName() + " AS ..."}
	}
	x.open = append(x.open, v)
	defer func() { x.open = x.open[:len(x.open)-1] }()
	if !slices.Contains(x.used, v) {
		x.used = append(x.used, v)
	}
	tree, err := x.c.parse(pgcatalog.Rewrite(rewriteStatement(v.Query, x.lake, nil, x.mode).sql, x.snap).SQL)
	if err != nil {
		return nil, err
	}
	statements, _ := tree["statements"].([]any)
	if len(statements) != 1 {
		return nil, &Error{Kind: KindUnsupported, Message: "the query of view " + v.FullName() + " is of a kind that views do not take",
			Hint: "Views take SELECT, VALUES, TABLE and FROM; a PIVOT stands in parentheses behind FROM, with its list of values."}
	}
	outer := x.path
	x.path = v.Path
	err = x.tree(tree)
	x.path = outer
	if err != nil {
		return nil, err
	}
	first, _ := statements[0].(node)
	query, _ := first["node"].(node)
	return query, nil
}

// resolve returns the view that a table's name means, or nil if it means something else.
func (x *inlining) resolve(n node, in scope) (*viewfile.View, error) {
	name, schema, base := strings.ToLower(nameIn(n, "table_name")), strings.ToLower(nameIn(n, "schema_name")), nameIn(n, "catalog_name")
	if base != "" && !isDatabase(base) {
		return nil, nil
	}
	if base == "" && schema == database {
		schema = ""
	}
	switch {
	case schema == tempSchema:
		return x.temp(name), nil
	case schema != "":
		if x.snap.Lookup(schema, name) != nil {
			return nil, nil
		}
		if v := x.views.lake.Lookup(schema, name); v != nil || schema != "temp" { // as pg_temp was rewritten
			return v, nil
		}
		return x.temp(name), nil
	case in[name]:
		return nil, nil
	case x.temporary[name]:
		x.usesTemp = true
		return nil, nil
	}
	if v := x.temp(name); v != nil {
		return v, nil
	}
	if x.path != nil {
		return x.onPath(name), nil
	}
	return x.anywhere(name)
}

// qualify writes out which table a name in a view's query means: where the query is put in, the name could mean another.
func (x *inlining) qualify(n node, in scope) {
	name := strings.ToLower(nameIn(n, "table_name"))
	if nameIn(n, "schema_name") != "" || nameIn(n, "catalog_name") != "" || in[name] {
		return
	}
	if x.temporary[name] {
		n["catalog_name"], n["schema_name"] = "temp", "main"
		return
	}
	tables := x.snap.Find(name)
	for _, schema := range x.path {
		if t := x.snap.Lookup(strings.ToLower(schema), name); t != nil {
			tables = []*catalog.Table{t}
			break
		}
	}
	if t := x.snap.Lookup("public", name); t != nil && x.path == nil {
		tables = []*catalog.Table{t}
	}
	if len(tables) == 1 {
		n["catalog_name"], n["schema_name"] = database, tables[0].Schema
	}
}

func (x *inlining) temp(name string) *viewfile.View {
	v := x.views.temp.Lookup(tempSchema, name)
	x.usesTemp = x.usesTemp || v != nil
	return v
}

// onPath looks a name up in the schemas of the session's path.
func (x *inlining) onPath(name string) *viewfile.View {
	for _, schema := range x.path {
		if x.snap.Lookup(strings.ToLower(schema), name) != nil {
			return nil
		}
		if v := x.views.lake.Lookup(schema, name); v != nil {
			return v
		}
	}
	return nil
}

// anywhere looks a name up in public, and then in all schemas, as names of tables are.
func (x *inlining) anywhere(name string) (*viewfile.View, error) {
	if x.snap.Lookup("public", name) != nil {
		return nil, nil
	}
	if v := x.views.lake.Lookup("public", name); v != nil {
		return v, nil
	}
	tables, views := x.snap.Find(name), x.views.lake.Find(name)
	switch {
	case len(views) == 0:
		return nil, nil
	case len(tables) == 0 && len(views) == 1:
		return views[0], nil
	}
	var full []string
	for _, t := range tables {
		full = append(full, t.Schema+"."+t.Name)
	}
	for _, v := range views {
		full = append(full, v.FullName())
	}
	return nil, &Error{Kind: KindAmbiguous, Message: fmt.Sprintf("table name \"%s\" is ambiguous", name), Hint: "Write one of " + strings.Join(full, ", ") + "."}
}

// describeQuery makes DESCRIBE name, where no view could be put in, one of a query.
func describeQuery(sql string) string {
	var tokens []sqltext.Token
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			tokens = append(tokens, t)
		}
	}
	if len(tokens) < 2 || !slices.Contains([]string{"DESCRIBE", "DESC", "SUMMARIZE"}, strings.ToUpper(tokens[0].Text(sql))) {
		return sql
	}
	for i, t := range tokens[1:] {
		if isName := t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord; isName != (i%2 == 0) || !isName && t.Text(sql) != "." {
			return sql
		}
	}
	return sql[:tokens[1].Start] + "SELECT * FROM " + sql[tokens[1].Start:]
}

// makeSchemas makes the schemas that users made for DuckDB, too, so that search paths may name them.
func (db *DB) makeSchemas(set *viewfile.Set) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, schema := range set.Schemas {
		if db.schemas[schema] {
			continue
		}
		if err := db.admin.exec("CREATE SCHEMA IF NOT EXISTS " + database + "." + sqltype.QuoteName(schema)); err != nil {
			return err
		}
		db.schemas[schema] = true
	}
	return nil
}

// inlineMemo remembers statements with their views put in. It is safe for concurrent use.
type inlineMemo struct {
	mu    sync.Mutex
	snap  *catalog.Snapshot
	lake  *viewfile.Set
	bySQL map[string]string
}

// maxInlined is how many statements are remembered.
const maxInlined = 256

func (m *inlineMemo) get(snap *catalog.Snapshot, lake *viewfile.Set, sql string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.snap != snap || m.lake != lake {
		return "", false
	}
	text, ok := m.bySQL[sql]
	return text, ok
}

func (m *inlineMemo) put(snap *catalog.Snapshot, lake *viewfile.Set, sql, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.snap != snap || m.lake != lake || len(m.bySQL) >= maxInlined {
		m.snap, m.lake, m.bySQL = snap, lake, map[string]string{}
	}
	m.bySQL[sql] = text
}
