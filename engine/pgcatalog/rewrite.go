package pgcatalog

import (
	"strings"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// Edit replaces the bytes from Start to End of a statement.
type Edit struct {
	Start, End int
	Text       string
}

// Rewritten is a statement whose names of catalog objects lead to DuckDB's database of them.
type Rewritten struct {
	SQL   string
	Edits []Edit // sorted
	// Names are the relations of the catalog that the statement names, and the functions.
	Relations []string
	// Uses says that the statement needs the catalog: it names a relation, a function or a type of it.
	Uses bool
}

// Rewrite edits a statement. Tables and schemas of snap that are named like the catalog's stay what they are; snap may be nil.
func Rewrite(sql string, snap *catalog.Snapshot) Rewritten {
	w := &writer{sql: sql, snap: snap}
	mayUse := false
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment {
			w.tokens = append(w.tokens, t)
			mayUse = mayUse || inventory().mayUse(sql, t)
		}
	}
	if !mayUse {
		return Rewritten{SQL: sql}
	}
	w.findNamed()
	for w.at < len(w.tokens) {
		w.step()
	}
	w.systemColumns()
	out := Rewritten{Edits: w.withSearches(), Relations: w.relations, Uses: w.uses}
	var b strings.Builder
	end := 0
	for _, e := range out.Edits {
		b.WriteString(sql[end:e.Start] + e.Text)
		end = e.End
	}
	out.SQL = b.String() + sql[end:]
	return out
}

// writer goes through a statement.
type writer struct {
	sql       string
	snap      *catalog.Snapshot
	tokens    []sqltext.Token
	at        int
	edits     []Edit
	aliases   map[string]string // of the catalog's relations
	system    []int             // where names of system columns stand
	searches  []Edit            // by regular expressions; of use only if the statement uses the catalog
	relations []string
	uses      bool
	named     map[string]bool // by WITH
	from      []clause        // by depth of brackets
	casts     []bool          // by depth of brackets: they are a CAST's
	change    bool            // the statement changes rows
}

func (w *writer) text(i int) string {
	if i < 0 || i >= len(w.tokens) {
		return ""
	}
	return w.tokens[i].Text(w.sql)
}

// name is the identifier at i, or empty.
func (w *writer) name(i int) string {
	if i < 0 || i >= len(w.tokens) || w.tokens[i].Kind != sqltext.Word && w.tokens[i].Kind != sqltext.QuotedWord {
		return ""
	}
	return w.tokens[i].Name(w.sql)
}

// word is the unquoted word at i in upper case, or empty.
func (w *writer) word(i int) string {
	if i < 0 || i >= len(w.tokens) || w.tokens[i].Kind != sqltext.Word {
		return ""
	}
	return strings.ToUpper(w.text(i))
}

// findNamed gathers the names that WITH gives: they hide relations of the catalog.
func (w *writer) findNamed() {
	w.aliases = map[string]string{}
	w.named, w.from, w.casts = map[string]bool{}, []clause{others}, []bool{false}
	switch w.word(0) {
	case "INSERT", "UPDATE", "DELETE", "MERGE", "DROP", "ALTER", "TRUNCATE", "COMMENT":
		w.change = true
	}
	for i := range w.tokens {
		n := w.name(i)
		if n == "" || !strings.HasPrefix(n, "pg_") {
			continue
		}
		j := i + 1
		if w.text(j) == "(" {
			for ; j < len(w.tokens) && w.text(j) != ")"; j++ {
			}
			j++
		}
		if w.word(j) == "AS" && (w.text(j+1) == "(" || strings.HasSuffix(w.word(j+1), "MATERIALIZED")) {
			w.named[n] = true
		}
	}
}

// replace edits the tokens from i to before j.
func (w *writer) replace(i, j int, text string) {
	w.edits = append(w.edits, Edit{w.tokens[i].Start, w.tokens[j-1].End, text})
	w.uses = true
}

// step takes the next token, or a name of several.
func (w *writer) step() {
	i := w.at
	w.at++
	switch text := w.text(i); {
	case text == "(":
		inner := others
		if w.from[len(w.from)-1] == tables && w.tableMayStand(i) { // FROM (a JOIN b)
			inner = tables
		}
		w.from, w.casts = append(w.from, inner), append(w.casts, strings.HasSuffix(w.word(i-1), "CAST"))
		return
	case text == ")" && len(w.from) > 1:
		w.from, w.casts = w.from[:len(w.from)-1], w.casts[:len(w.casts)-1]
		return
	case text == "::":
		w.typeName(i + 1)
		return
	case text == "~" || text == "!" || w.word(i) == "OPERATOR":
		w.operator(i)
		return
	}
	w.clause(i)
	n := w.name(i)
	if systemColumns[n] != "" && w.text(i+1) != "(" {
		w.system = append(w.system, i)
	}
	if list := vectorColumns[n]; list != "" && w.text(i+1) != "(" {
		w.vector(i, list)
	}
	switch {
	case n == "" || w.text(i-1) == ".":
	case n == "pg_catalog" && w.text(i+1) == "." && !w.ownSchema(n, i):
		w.qualified(i, i, n)
	case n == "information_schema" && w.text(i+1) == "." && !w.ownSchema(n, i):
		w.qualified(i, i, n)
	case w.text(i+1) == "." && (w.name(i+2) == "pg_catalog" || w.name(i+2) == "information_schema") && w.text(i+3) == "." && !w.isLake(n):
		w.qualified(i, i+2, w.name(i+2)) // database.pg_catalog.x
	default:
		w.unqualified(i, n)
	}
}

// clause is what stands at a depth of brackets.
type clause int

const (
	others    clause = iota
	tables           // behind FROM
	condition        // of a join: tables may follow behind a comma
)

// clause notes what is listed at the present depth.
func (w *writer) clause(i int) {
	top := &w.from[len(w.from)-1]
	switch w.word(i) {
	case "FROM", "JOIN":
		*top = tables
	case "ON", "USING":
		if *top == tables {
			*top = condition
		}
	case "SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "SET", "WINDOW", "QUALIFY", "UNION", "EXCEPT", "INTERSECT",
		"RETURNING", "VALUES", "OFFSET", "WHEN":
		*top = others
	case "":
		if *top == condition && w.text(i) == "," {
			*top = tables
		}
	}
}

// tableMayStand reports whether a table's name may stand at i.
func (w *writer) tableMayStand(i int) bool {
	switch w.word(i - 1) {
	case "FROM":
		return !w.change || w.word(i-2) != "DELETE"
	case "JOIN", "TABLE", "DESCRIBE", "DESC", "SUMMARIZE", "ONLY", "PIVOT", "UNPIVOT", "SHOW", "LATERAL":
		return !w.change || w.word(i-1) != "TABLE"
	}
	return (w.text(i-1) == "," || w.text(i-1) == "(") && w.from[len(w.from)-1] == tables
}

// isLake reports whether name is a schema of the lake.
func (w *writer) isLake(name string) bool {
	if w.snap == nil {
		return false
	}
	for _, t := range w.snap.Tables {
		if t.Schema == name {
			return true
		}
	}
	return false
}

// ownSchema reports whether the lake has a folder of that name with the table that stands behind it.
func (w *writer) ownSchema(schema string, i int) bool {
	return w.snap != nil && w.snap.Lookup(schema, w.name(i+2)) != nil
}

// qualified edits schema.x, whose tokens begin at i; the schema stands at s.
func (w *writer) qualified(i, s int, schema string) {
	x := s + 2
	if x >= len(w.tokens) { // the statement ends behind the point, and is no statement
		w.at = x
		return
	}
	if w.word(i-1) == "COLLATE" { // pg_catalog.default: what there is
		w.replace(i-1, x+1, "")
		w.at = x + 1
		return
	}
	n := w.name(x)
	w.at = x + 1
	switch {
	case w.isRowsOf(i, x):
		w.rowsOf(i, x)
	case w.text(x+1) == "(" && n != "":
		if scalarRows[n] && w.tableMayStand(i) {
			w.rowAlias(x)
		}
		if w.percentFormat(n, x) {
			w.replace(i, x+1, schemaCatalog+".pg_format")
			return
		}
		if inventory().functions[schema+"."+n] {
			w.function(i, x, schemaOf[schema], n)
		} else {
			w.replace(i, x, "")
		}
	case w.text(x+1) == ".": // relation.column
		w.replace(i, x, "")
	case w.tableMayStand(i):
		w.relation(i, x, schema, n)
	case w.isCastType(i):
		w.replace(i, x+1, castType(schema, w.text(x)))
	default:
		w.replace(i, x, "")
	}
}

// relation leads a name to DuckDB's database.
func (w *writer) relation(i, x int, schema, n string) {
	w.replace(i, x+1, schemaOf[schema]+"."+w.text(x))
	w.relations = append(w.relations, schema+"."+n)
	alias := x + 1
	if w.word(alias) == "AS" {
		alias++
	}
	w.aliases[n] = schema + "." + n
	if a := w.name(alias); a != "" && !clauses[w.word(alias)] {
		w.aliases[a] = schema + "." + n
	}
}

// rowsOf are PostgreSQL's functions that return the rows of a relation.
var rowsOf = map[string]string{"pg_show_all_settings": "pg_settings", "pg_lock_status": "pg_locks", "pg_cursor": "pg_cursors", "pg_prepared_statement": "pg_prepared_statements"}

// isRowsOf reports whether one of rowsOf stands for a table; its name begins at i, the last part of it is at x.
func (w *writer) isRowsOf(i, x int) bool {
	return rowsOf[w.name(x)] != "" && w.text(x+1) == "(" && w.text(x+2) == ")" && w.tableMayStand(i)
}

// rowsOf leads the name of such a function to its relation.
func (w *writer) rowsOf(i, x int) {
	n := rowsOf[w.name(x)]
	w.replace(i, x+3, schemaCatalog+"."+n)
	w.relations = append(w.relations, "pg_catalog."+n)
	w.at = x + 3
}

// function leads a call to the macro of that name.
func (w *writer) function(i, x int, schema, n string) {
	if n == "current_setting" && w.text(x+3) == ")" && w.ofEngine(x+2) {
		if i < x {
			w.replace(i, x, "")
		}
		return
	}
	w.replace(i, x+1, schema+"."+n)
}

// ofEngine reports whether the argument at i is the name of a setting that DuckDB keeps: of its own, or TimeZone, which has no
// other place.
func (w *writer) ofEngine(i int) bool {
	if i >= len(w.tokens) || w.tokens[i].Kind != sqltext.String {
		return false
	}
	name := strings.ToLower(strings.Trim(w.text(i), "'"))
	_, known := initialSettings()[name]
	return name == "timezone" || !known && !strings.Contains(name, ".")
}

// unqualified edits a name without a schema.
func (w *writer) unqualified(i int, n string) {
	inv := inventory()
	switch {
	case w.isRowsOf(i, i):
		w.rowsOf(i, i)
	case w.text(i+1) == "(" && scalarRows[n] && w.tableMayStand(i):
		w.rowAlias(i)
	case w.percentFormat(n, i) && w.word(i-1) != "FUNCTION" && w.word(i-1) != "MACRO":
		w.replace(i, i+1, schemaCatalog+".pg_format")
	case w.text(i+1) == "(":
		if inv.functions["pg_catalog."+n] && w.word(i-1) != "FUNCTION" && w.word(i-1) != "MACRO" && w.word(i-1) != "AS" {
			w.function(i, i, schemaCatalog, n)
		}
	case inv.values[n] && w.tokens[i].Kind == sqltext.Word && w.text(i+1) != "." && w.word(i-1) != "AS" && !w.tableMayStand(i):
		text := schemaCatalog + "." + n + "()"
		if w.needsAlias(i) {
			text += " AS " + n
		}
		w.replace(i, i+1, text)
	case inv.relations["pg_catalog."+n] && w.tableMayStand(i) && !w.named[n] && (w.snap == nil || len(w.snap.Find(n)) == 0) && w.text(i+1) != ".":
		w.relation(i, i, "pg_catalog", n)
	case w.isCastType(i):
		w.typeName(i)
	case TypeNamed(n) != nil && i+1 < len(w.tokens) && w.tokens[i+1].Kind == sqltext.String:
		w.uses = true // regclass 'x'
	}
}

// isCastType reports whether the type of a CAST stands at i.
func (w *writer) isCastType(i int) bool {
	return w.word(i-1) == "AS" && w.casts[len(w.casts)-1]
}

// percentFormat reports whether a call of format() is PostgreSQL's: DuckDB's has braces where that has %.
func (w *writer) percentFormat(n string, i int) bool {
	return n == "format" && w.text(i+1) == "(" && i+2 < len(w.tokens) && w.tokens[i+2].Kind == sqltext.String && strings.Contains(w.text(i+2), "%")
}

// scalarRows are functions whose rows have one column, which PostgreSQL calls like the table.
var scalarRows = map[string]bool{"generate_series": true, "unnest": true, "generate_subscripts": true}

// rowAlias names the column of a function at i like its table: FROM generate_series(1, 3) AS s is s(s).
func (w *writer) rowAlias(i int) {
	end := w.closing(i + 1)
	if end < 0 {
		return
	}
	alias := end + 1
	if w.word(alias) == "AS" {
		alias++
	}
	if n := w.name(alias); n != "" && !clauses[w.word(alias)] && w.word(alias) != "WITH" && w.text(alias+1) != "(" {
		at := w.tokens[alias].End
		w.searches = append(w.searches, Edit{at, at, "(" + w.text(alias) + ")"})
	}
}

// typeName edits the type at i, behind :: or CAST's AS.
func (w *writer) typeName(i int) {
	n := w.name(i)
	w.at = max(w.at, i)
	if before := i - 2; before >= 0 && w.tokens[before].Kind == sqltext.String && (n == "regclass" || n == "pg_catalog" && w.name(i+2) == "regclass") {
		w.replace(before, before+1, schemaCatalog+".regclass_text("+w.text(before)+")")
	}
	if (n == "pg_catalog" || n == "information_schema") && w.text(i+1) == "." {
		if w.text(i+2) != "" {
			w.replace(i, i+3, castType(n, w.text(i+2)))
			w.at = i + 3
		}
		return
	}
	switch to := castType("", w.text(i)); {
	case to != w.text(i):
		w.replace(i, i+1, to)
		w.at = i + 1
	case TypeNamed(n) != nil:
		w.uses = true
		w.at = i + 1
	}
}

// castType is DuckDB's name of a type.
func castType(schema, typ string) string {
	switch strings.ToLower(typ) {
	case "oid", `"oid"`:
		return "pgoid"
	case `"char"`:
		return "pgchar"
	case `"name"`:
		return "name"
	case `"any"`, "cstring":
		return "VARCHAR"
	}
	if schema == "information_schema" {
		return duckType(schema + "." + typ)
	}
	return typ
}
