package engine

import (
	"strings"

	"tarn/catalog"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// references are the lake's tables that a statement may read. They are found by name in the text, without parsing, so
// there may be too many of them (a column called as a table is), never too few: a table too many costs a view.
type references struct {
	tables []*catalog.Table
	system bool // the relations of schema tarn
	stored bool // those of them that are in the store alone
	all    bool // DuckDB's own listings, which show a table only once it has a view
}

// findReferences looks through the names in a statement.
func findReferences(sql string, snap *catalog.Snapshot) references {
	var refs references
	seen := map[int64]bool{}
	var before, last sqltext.Token // the two tokens before
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind == sqltext.Comment {
			continue
		}
		if name := strings.ToLower(tableName(sql, tok)); name != "" {
			refs.system = refs.system || name == "tarn"
			refs.stored = refs.stored || name == "rejects" || name == "history"
			schema := ""
			if last.Kind == sqltext.Operator && last.Text(sql) == "." {
				schema = strings.ToLower(before.Name(sql))
			}
			refs.all = refs.all || listsAll(name) && !pgcatalog.Owns(schema) && name != pgcatalog.Database
			if schema != "" {
				if schema == database {
					schema = ""
				}
			}
			for _, t := range snap.Find(name) {
				if (schema == "" || schema == t.Schema) && !seen[t.ID] {
					seen[t.ID] = true
					refs.tables = append(refs.tables, t)
				}
			}
		}
		before, last = last, tok
	}
	return refs
}

// tableName returns what a token may name: a table by a word, or by a text, as in FROM 'orders'. Text that holds SQL,
// as query() takes, is looked at by listsAll.
func tableName(sql string, tok sqltext.Token) string {
	text := tok.Text(sql)
	switch {
	case tok.Kind == sqltext.Word || tok.Kind == sqltext.QuotedWord:
		return tok.Name(sql)
	case tok.Kind == sqltext.String && len(text) > 2:
		text = strings.Trim(text, "'$")
		if i := strings.LastIndexByte(text, '.'); i >= 0 {
			text = text[i+1:]
		}
		return text
	}
	return ""
}

// listsAll reports whether a name stands for a listing of DuckDB's own, or for a function that may read any table.
func listsAll(name string) bool {
	switch name {
	case "information_schema", "query", "query_table", "pragma", "show":
		return true
	}
	return strings.HasPrefix(name, "pg_") || strings.HasPrefix(name, "duckdb_") || strings.HasPrefix(name, "pragma_")
}

// merge adds the tables of other that are not there yet.
func (r *references) merge(other []*catalog.Table) {
	seen := map[int64]bool{}
	for _, t := range r.tables {
		seen[t.ID] = true
	}
	for _, t := range other {
		if !seen[t.ID] {
			r.tables = append(r.tables, t)
		}
	}
}

// ambiguous returns the tables that an unqualified name could mean when none of them is in public; nil if every
// name is clear. Only names behind FROM, JOIN, a comma and the like can be tables.
func ambiguous(sql string, snap *catalog.Snapshot) (name string, tables []*catalog.Table) {
	var last string
	tokens := sqltext.Tokens(sql)
	for i, tok := range tokens {
		if tok.Kind == sqltext.Comment {
			continue
		}
		text := strings.ToUpper(tok.Text(sql))
		if (tok.Kind == sqltext.Word || tok.Kind == sqltext.QuotedWord) && tableMayFollow[last] && !dotFollows(sql, tokens[i+1:]) {
			name := strings.ToLower(tok.Name(sql))
			if found := snap.Find(name); len(found) > 1 && snap.Lookup("public", name) == nil {
				return name, found
			}
		}
		last = text
	}
	return "", nil
}

var tableMayFollow = map[string]bool{
	"FROM": true, "JOIN": true, ",": true, "TABLE": true, "DESCRIBE": true, "DESC": true, "SUMMARIZE": true,
	"PIVOT": true, "UNPIVOT": true, "SHOW": true,
}

func dotFollows(sql string, rest []sqltext.Token) bool {
	return len(rest) > 0 && rest[0].Kind == sqltext.Operator && (rest[0].Text(sql) == "." || rest[0].Text(sql) == "(")
}
