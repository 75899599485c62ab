package pgcatalog

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
)

// Database is the name of the DuckDB database that holds the catalog's relations.
const Database = "tarn_pg"

// The schemas of it.
const (
	schemaCatalog = Database + ".pgc" // pg_catalog
	schemaInfo    = Database + ".pgi" // information_schema
	schemaBase    = Database + ".pgb" // the rows below the views, and what PostgreSQL's functions say
)

// schemaOf is where relations of a schema of PostgreSQL's are.
var schemaOf = map[string]string{"pg_catalog": schemaCatalog, "information_schema": schemaInfo, "tarn": schemaBase}

// views are the relations that are computed, one file each, in PostgreSQL's names. A file's query gives columns of the
// relation by name; those that it lacks are listed in a comment and NULL.
//
//go:embed views
var views embed.FS

//go:embed functions/*.sql
var functions embed.FS

// Conn is the connection on which the catalog is made; no transaction is open on it.
type Conn struct {
	C    duck.Connection
	Exec func(sql string) error      // runs statements
	Plan func(do func() error) error // calls what makes DuckDB plan in another way
}

// create makes the database with what is the same for every lake.
func (c *Catalog) create(on Conn, s *static) error {
	var b strings.Builder
	fmt.Fprintf(&b, "ATTACH ':memory:' AS %s; CREATE SCHEMA %s; CREATE SCHEMA %s; CREATE SCHEMA %s;\n", Database, schemaCatalog, schemaInfo, schemaBase)
	for _, r := range s.relations {
		if _, isView := viewFile(r); isView && len(r.rows) == 0 && !liveRelations[r.schema+"."+r.name] {
			continue
		}
		fmt.Fprintf(&b, "CREATE TABLE %s (", tableOf(r))
		for i, col := range r.columns {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(sqltype.QuoteName(col.name) + " " + duckType(col.typ))
		}
		b.WriteString(");\n")
	}
	if err := on.Exec(b.String()); err != nil {
		return fmt.Errorf("make PostgreSQL's catalog: %w", err)
	}
	for _, r := range s.relations {
		if !liveRelations[r.schema+"."+r.name] {
			if err := fill(on, r, r.rows); err != nil {
				return err
			}
		}
	}
	return createFunctions(on)
}

// tableOf is the table that holds a relation's rows: the relation itself, or what its view reads.
func tableOf(r *relation) string {
	if _, isView := viewFile(r); isView {
		return schemaBase + "." + r.name
	}
	return schemaOf[r.schema] + "." + r.name
}

// viewFile returns the query of a relation that is computed.
func viewFile(r *relation) (sql string, ok bool) {
	text, err := views.ReadFile(path.Join("views", r.schema, r.name+".sql"))
	return string(text), err == nil
}

// createFunctions makes the functions of all files.
func createFunctions(on Conn) error {
	files, err := fs.Glob(functions, "functions/*.sql")
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := functions.ReadFile(name)
		if err != nil {
			return err
		}
		if err := on.Exec(macrosOf(string(text))); err != nil {
			return fmt.Errorf("make the functions of %s: %w", name, err)
		}
	}
	return nil
}

// createViews makes those of the named views that are not made yet, and what they read; all of them if names is nil. They are
// made when they are first named, because each costs a millisecond.
func (c *Catalog) createViews(on Conn, s *static, names []string) error {
	for _, r := range orderedViews(s, names) {
		if c.views[r.schema+"."+r.name] {
			continue
		}
		text, _ := viewFile(r)
		if err := on.Exec(viewOf(r, text)); err != nil {
			return fmt.Errorf("make the view %s.%s: %w", r.schema, r.name, err)
		}
		c.views[r.schema+"."+r.name] = true
	}
	return nil
}

// orderedViews returns the named relations that are computed, such that each comes behind those that it reads.
func orderedViews(s *static, names []string) []*relation {
	var out []*relation
	done := map[*relation]bool{}
	var add func(r *relation)
	add = func(r *relation) {
		text, isView := viewFile(r)
		if done[r] || !isView {
			return
		}
		done[r] = true
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return !isNameRune(c) }) {
			for _, schema := range []string{"pg_catalog.", "information_schema."} {
				if other := s.byName[schema+word]; other != nil && (schema == "pg_catalog." || r.schema == "information_schema") {
					add(other)
				}
			}
		}
		out = append(out, r)
	}
	for _, name := range names {
		if r := s.byName[name]; r != nil {
			add(r)
		}
	}
	if names == nil {
		for _, r := range s.relations {
			add(r)
		}
	}
	return out
}

func isNameRune(c rune) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
}

// viewOf gives a view exactly the columns that PostgreSQL's has.
func viewOf(r *relation, query string) string {
	null := nullColumns(query)
	query = strings.TrimRight(strings.TrimSpace(stripComments(query)), ";")
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE VIEW %s.%s AS SELECT ", schemaOf[r.schema], r.name)
	for i, col := range r.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		name := sqltype.QuoteName(col.name)
		value := name
		if null[col.name] {
			value = "NULL"
		}
		fmt.Fprintf(&b, "CAST(%s AS %s) AS %s", value, duckType(col.typ), name)
	}
	fmt.Fprintf(&b, " FROM (%s) AS %s", own(query), r.name)
	return b.String()
}

// nullColumns are the columns that a query leaves out, because they are always NULL: it names them in lines "-- null: a b c".
func nullColumns(query string) map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(query) {
		if list, ok := strings.CutPrefix(strings.TrimSpace(line), "-- null:"); ok {
			for name := range strings.FieldsSeq(list) {
				m[name] = true
			}
		}
	}
	return m
}

// stripComments removes whole lines of comment.
func stripComments(sql string) string {
	var b strings.Builder
	for line := range strings.Lines(sql) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// macrosOf turns a file of functions, each a paragraph "name(parameters) AS expression", into statements. Another paragraph
// of the same name is a variant with other parameters.
func macrosOf(text string) string {
	var order []string
	variants := map[string][]string{}
	for part := range strings.SplitSeq(stripComments(text), ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, rest, _ := strings.Cut(part, "(")
		if variants[name] == nil {
			order = append(order, name)
		}
		params, body, _ := strings.Cut("("+rest, " AS ")
		variants[name] = append(variants[name], params+" AS "+own(body))
	}
	var b strings.Builder
	for _, name := range order {
		schema := schemaCatalog
		if bare, ok := strings.CutPrefix(name, "information_schema."); ok {
			schema, name, variants[bare] = schemaInfo, bare, variants[name]
		}
		fmt.Fprintf(&b, "CREATE MACRO %s.%s%s;\n", schema, sqltype.QuoteName(name), strings.Join(variants[name], ", "))
	}
	return b.String()
}

// fill puts rows into the table of a relation.
func fill(on Conn, r *relation, rows [][]*string) error {
	if len(rows) == 0 {
		return nil
	}
	var b, casts strings.Builder
	for i, col := range r.columns {
		if i > 0 {
			b.WriteString(", ")
			casts.WriteString(", ")
		}
		fmt.Fprintf(&b, "c%d VARCHAR", i)
		switch typ := duckType(col.typ); {
		case typ == "VARCHAR":
			fmt.Fprintf(&casts, "c%d", i)
		case strings.HasSuffix(typ, "[]") || TypeNamed(typ) != nil && TypeNamed(typ).Kind == Vector:
			fmt.Fprintf(&casts, "CAST(CAST(CAST(c%d AS JSON) AS %s) AS %s)", i, jsonType(typ), typ)
		case TypeNamed(typ) != nil:
			fmt.Fprintf(&casts, "CAST(CAST(c%d AS %s) AS %s)", i, TypeNamed(typ).Base, typ)
		default:
			fmt.Fprintf(&casts, "CAST(c%d AS %s)", i, typ)
		}
	}
	stage := schemaBase + ".stage"
	if err := on.Exec("CREATE TABLE " + stage + " (" + b.String() + ")"); err != nil {
		return fmt.Errorf("fill %s: %w", r.name, err)
	}
	if err := on.Plan(func() error { return appendRows(on.C, rows, len(r.columns)) }); err != nil {
		return fmt.Errorf("fill %s: %w", r.name, err)
	}
	if err := on.Exec(fmt.Sprintf("INSERT INTO %s SELECT %s FROM %s; DROP TABLE %s", tableOf(r), casts.String(), stage, stage)); err != nil {
		return fmt.Errorf("fill %s: %w", r.name, err)
	}
	return nil
}

// jsonType is the type as which a list is read from JSON.
func jsonType(typ string) string {
	if t := TypeNamed(typ); t != nil {
		return t.Base
	}
	if t := TypeNamed(strings.TrimSuffix(typ, "[]")); t != nil {
		return t.Base + "[]"
	}
	return typ
}

// appendRows writes rows of texts into the staging table.
func appendRows(con duck.Connection, rows [][]*string, width int) error {
	db, rest, _ := strings.Cut(schemaBase, ".")
	var a duck.Appender
	if duck.AppenderCreateExt(con, db, rest, "stage", &a) != duck.StateSuccess {
		return fmt.Errorf("DuckDB gives no appender")
	}
	defer duck.AppenderDestroy(&a)
	text := baseTypes["VARCHAR"]()
	defer duck.DestroyLogicalType(&text)
	types := make([]duck.LogicalType, width)
	for i := range types {
		types[i] = text
	}
	chunk := duck.CreateDataChunk(types)
	defer duck.DestroyDataChunk(&chunk)
	size := int(duck.VectorSize())
	for len(rows) > 0 {
		n := min(size, len(rows))
		duck.DataChunkReset(chunk)
		for col := range width {
			v := duck.DataChunkGetVector(chunk, duck.IdxT(col))
			for row, values := range rows[:n] {
				if values[col] == nil {
					setNull(v, row)
				} else {
					setText(v, row, *values[col])
				}
			}
		}
		duck.DataChunkSetSize(chunk, duck.IdxT(n))
		if duck.AppendDataChunk(a, chunk) != duck.StateSuccess {
			return fmt.Errorf("append rows: %s", duck.AppenderError(a))
		}
		rows = rows[n:]
	}
	if duck.AppenderClose(a) != duck.StateSuccess {
		return fmt.Errorf("append rows: %s", duck.AppenderError(a))
	}
	return nil
}
