package repl

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/catalog/viewfile"
	"tarn/engine/sqltext"
	"tarn/repl/render"
)

// beside makes what runs until its end leave the last result and statement as they are.
func (r *REPL) beside() (end func()) {
	was := r.aside
	r.aside = true
	return func() { r.aside = was }
}

// ask runs a statement that a command is made of, and shows its result as all results.
func (r *REPL) ask(ctx context.Context, sql string) error {
	defer r.beside()()
	all := r.maxRows
	defer func() { r.maxRows = all }()
	r.maxRows = 0 // a list is asked for to be seen
	return r.statement(ctx, query{sql: sql, text: sql}, delivery{})
}

// glob is the SQL condition that a column matches a pattern with * and ?; an empty pattern matches all.
func glob(column, pattern string) string {
	if pattern == "" {
		return "TRUE"
	}
	return "lower(" + column + ") GLOB " + sqltype.QuoteText(strings.ToLower(strings.Trim(pattern, `"`)))
}

// listViews lists the lake's views and the session's; of a server, the lake's.
func (r *REPL) listViews(ctx context.Context, pattern string) error {
	own, ok := r.session.(interface {
		UserViews() (lake, temporary []viewfile.View, err error)
	})
	if !ok {
		return r.ask(ctx, "SELECT table_schema AS schema, table_name AS view, view_definition AS definition, comment FROM tarn.views WHERE "+
			glob("table_name", pattern)+" ORDER BY ALL")
	}
	lake, temporary, err := own.UserViews()
	if err != nil {
		return err
	}
	var rows [][]any
	for i, v := range slices.Concat(lake, temporary) {
		if ok, _ := path.Match(strings.ToLower(pattern), strings.ToLower(v.Name)); pattern != "" && !ok {
			continue
		}
		schema := v.Schema
		if i >= len(lake) {
			schema = "pg_temp"
		}
		rows = append(rows, []any{schema, v.Name, v.Query, optional(v.Comment)})
	}
	return r.showList(textColumns("schema", "view", "definition", "comment"), rows)
}

// optional is s, or NULL if it is empty.
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (r *REPL) listFunctions(ctx context.Context, pattern string) error {
	return r.ask(ctx, "SELECT DISTINCT function_name AS name, coalesce(return_type, '') AS result, "+
		"array_to_string(list_transform(parameters, (p, i) -> p || coalesce(' ' || parameter_types[i], '')), ', ') AS arguments, "+
		"function_type AS kind, coalesce(description, '') AS description FROM duckdb_functions() WHERE "+
		glob("function_name", pattern)+" AND substr(function_name, 1, 1) BETWEEN 'a' AND 'z' ORDER BY ALL")
}

func (r *REPL) listSchemas(_ context.Context, pattern string) error {
	pattern = strings.ToLower(pattern)
	tables := map[string]int64{"public": 0, "tarn": 0}
	for _, t := range r.session.Snapshot().Tables {
		tables[t.Schema]++
	}
	var rows [][]any
	for name, n := range tables {
		if ok, err := path.Match(pattern, strings.ToLower(name)); pattern != "" && (!ok || err != nil) {
			continue
		}
		what := any(n)
		note := "the lake's"
		if name == "tarn" {
			what, note = nil, "what the catalog knows: tarn.tables, tarn.columns, tarn.files, ..."
		}
		rows = append(rows, []any{name, what, note})
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return r.showList([]render.Column{{Name: "schema", Type: textType}, {Name: "tables", Type: numberType}, {Name: "what", Type: textType}}, rows)
}

func (r *REPL) listDatabases(context.Context, string) error {
	snap := r.session.Snapshot()
	files, bytes := size(snap)
	return r.showList([]render.Column{{Name: "database", Type: textType}, {Name: "tables", Type: numberType}, {Name: "files", Type: numberType},
		{Name: "bytes", Type: numberType}}, [][]any{{orDefault(r.place, "lake"), int64(len(snap.Tables)), files, bytes}})
}

// size counts the files of all tables and their bytes.
func size(snap *catalog.Snapshot) (files, bytes int64) {
	for _, t := range snap.Tables {
		files += int64(len(t.Files))
		bytes += t.Bytes()
	}
	return files, bytes
}

func (r *REPL) connInfo(context.Context, string) error {
	snap := r.session.Snapshot()
	files, bytes := size(snap)
	return r.print(fmt.Sprintf("Connected to %s: %s in %s of %s.\n", orDefault(r.place, "a lake"), render.Count(int64(len(snap.Tables)), "table"),
		render.Count(files, "file"), byteCount(bytes)))
}

// describeMore describes a table with what the catalog knows of its columns.
func (r *REPL) describeMore(ctx context.Context, name string) error {
	if name == "" {
		return r.listTables(ctx, "")
	}
	t, err := r.findTable(name)
	if err != nil {
		return err
	}
	if err := r.ask(ctx, "SELECT * EXCLUDE (table_schema, table_name) FROM tarn.columns WHERE table_schema = "+sqltype.QuoteText(t.Schema)+
		" AND table_name = "+sqltype.QuoteText(t.Name)+" ORDER BY ordinal_position"); err != nil {
		return err
	}
	if r.shownFormat().Footer {
		return r.print(details(t))
	}
	fmt.Fprint(r.err, details(t))
	return nil
}

// listFiles lists the files of a table.
func (r *REPL) listFiles(ctx context.Context, name string) error {
	t, err := r.needTable(`\files`, name)
	if err != nil {
		return err
	}
	return r.ask(ctx, "SELECT * EXCLUDE (table_schema, table_name) FROM tarn.files WHERE table_schema = "+sqltype.QuoteText(t.Schema)+
		" AND table_name = "+sqltype.QuoteText(t.Name)+" ORDER BY path")
}

// relation is anything that a query can read: a table of the lake, a view, a table of the session.
type relation struct {
	sql     string // its name in a statement
	columns []catalog.Column
	rows    int64 // -1 if not known
}

// findRelation finds a table of the lake, or asks the engine about the name.
func (r *REPL) findRelation(ctx context.Context, name string) (relation, error) {
	t, err := r.findTable(name)
	if err == nil {
		return relation{quotedTable(t.Schema, t.Name), t.Columns, t.Rows()}, nil
	}
	sql := "SELECT * FROM " + name + " LIMIT 0"
	if len(sqltext.SplitAll(sql)) != 1 || r.provideLast(ctx, sql) != nil {
		return relation{}, err
	}
	rows, e := r.session.Query(ctx, sql)
	if e != nil {
		return relation{}, err // which knows the names of all tables
	}
	defer rows.Close()
	out := relation{sql: name, rows: -1}
	for _, c := range rows.Columns() {
		out.columns = append(out.columns, catalog.Column{Name: c.Name, Type: c.Type})
	}
	return out, nil
}

// needTable finds the table that a command must be given.
func (r *REPL) needTable(command, name string) (*catalog.Table, error) {
	if name == "" {
		return nil, errors.New("name the table: " + command + " TABLE")
	}
	return r.findTable(name)
}

// explainCrawl says why the catalog thinks so.
func (r *REPL) explainCrawl(ctx context.Context, name string) error {
	if name == "" {
		return r.ask(ctx, "EXPLAIN CRAWL")
	}
	t, err := r.findTable(name)
	if err != nil {
		return err
	}
	return r.ask(ctx, "EXPLAIN CRAWL "+quotedTable(t.Schema, t.Name))
}

// refresh crawls the lake, or reads the files of a table again.
func (r *REPL) refresh(ctx context.Context, name string) error {
	if name == "" {
		return r.ask(ctx, "REFRESH")
	}
	t, err := r.findTable(name)
	if err != nil {
		return err
	}
	return r.ask(ctx, "REFRESH TABLE "+quotedTable(t.Schema, t.Name))
}

// showSchema writes tables as statements that would make them.
func (r *REPL) showSchema(_ context.Context, pattern string) error {
	pattern = strings.ToLower(strings.ReplaceAll(pattern, `"`, ""))
	var b strings.Builder
	for _, t := range r.session.Snapshot().Tables {
		if !matches(pattern, t) {
			continue
		}
		b.WriteString("CREATE TABLE " + quotedTable(t.Schema, t.Name) + " (\n")
		for i, c := range t.Columns {
			comma := ","
			if i == len(t.Columns)-1 {
				comma = ""
			}
			b.WriteString("  " + render.Visible(sqltype.QuoteName(c.Name)) + " " + c.Type.String() + comma + "\n")
		}
		b.WriteString(");\n")
	}
	if b.Len() == 0 && pattern != "" {
		return fmt.Errorf(`there is no table %s: \dt lists all tables`, pattern)
	}
	return r.print(b.String())
}

// openLake goes on with another lake.
func (r *REPL) openLake(ctx context.Context, dir string) error {
	if r.open == nil {
		return errors.New("another lake cannot be opened here: start tarn with it")
	}
	words, err := r.arguments(dir)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New(`name the lake's folder: \open DIR`)
	}
	s, err := r.open(ctx, expandHome(words[0]))
	if err != nil {
		return err
	}
	r.session, r.place = s, absolute(expandHome(words[0]))
	if server, ok := s.(interface{ Place() string }); ok {
		r.place = server.Place()
	}
	r.last.release()
	r.last = nil
	if r.interactive {
		return r.connInfo(ctx, "")
	}
	return nil
}
