package complete

import (
	"strings"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// source is a table that a statement names, with the name by which its columns can be qualified.
type source struct {
	alias   string
	name    string         // without its schema
	table   *catalog.Table // nil for one that is not in the catalog
	columns []string       // of a subquery or a name that WITH defines, as far as its text tells them
}

// names are the columns of the source.
func (s source) names() []string {
	if s.table == nil {
		return s.columns
	}
	out := make([]string, len(s.table.Columns))
	for i, c := range s.table.Columns {
		out[i] = c.Name
	}
	return out
}

// sourcesOf finds the tables of a statement, finished or not: what stands after FROM or JOIN and after commas there,
// with an alias behind, and the names that WITH defines.
func sourcesOf(snap *catalog.Snapshot, sql string) []source {
	return sourcesIn(snap, sql, words(sql), 0)
}

// deepest is how many subqueries inside each other are looked into.
const deepest = 8

// sourcesIn is sourcesOf for some tokens of a statement, which are depth subqueries deep.
func sourcesIn(snap *catalog.Snapshot, sql string, tokens []sqltext.Token, depth int) []source {
	var out []source
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.Kind == sqltext.Word && tableAfter[t.Name(sql)]:
			out, i = tableList(snap, sql, tokens, i+1, out, depth)
		case isName(t):
			if s, ok := defined(snap, sql, tokens[i:], depth); ok {
				out = append(out, s)
			}
		}
	}
	for i, s := range out { // what WITH defines is named behind it
		for _, d := range out {
			if s.table == nil && s.columns == nil && d.alias == s.name {
				out[i].columns = d.columns
			}
		}
	}
	return out
}

// words are the tokens of sql without comments.
func words(sql string) []sqltext.Token {
	var out []sqltext.Token
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Comment {
			out = append(out, t)
		}
	}
	return out
}

func isName(t sqltext.Token) bool { return t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord }

func isAs(sql string, t sqltext.Token) bool {
	return t.Kind == sqltext.Word && t.Name(sql) == "as"
}

// tableList reads tables and subqueries separated by commas from tokens[i] on, and returns the last token it used.
func tableList(snap *catalog.Snapshot, sql string, tokens []sqltext.Token, i int, out []source, depth int) ([]source, int) {
	for {
		var s source
		if i < len(tokens) && tokens[i].Text(sql) == "(" && depth < deepest {
			end := closing(sql, tokens, i)
			inner := tokens[i+1 : end]
			out = append(out, sourcesIn(snap, sql, inner, depth+1)...)
			s.columns = outputs(snap, sql, inner, depth+1)
			i = min(end+1, len(tokens))
		} else {
			var name []string
			for i < len(tokens) && isName(tokens[i]) {
				name = append(name, tokens[i].Name(sql))
				if i++; i >= len(tokens) || tokens[i].Text(sql) != "." {
					break
				}
				i++
			}
			if len(name) == 0 {
				return out, i - 1
			}
			s.name = name[len(name)-1]
			s.alias, s.table = s.name, find(snap, name)
		}
		if i < len(tokens) && isAs(sql, tokens[i]) {
			i++
		}
		if i < len(tokens) && isName(tokens[i]) && !endsTable(tokens[i].Name(sql)) {
			s.alias = tokens[i].Name(sql)
			i++
		}
		if s.alias != "" {
			out = append(out, s)
		}
		if i >= len(tokens) || tokens[i].Text(sql) != "," {
			return out, i - 1
		}
		i++
	}
}

// endsTable reports whether a word after a table is no alias of it.
func endsTable(word string) bool {
	switch word {
	case "join", "left", "right", "full", "inner", "cross", "natural", "asof", "positional", "semi", "anti", "where",
		"sample", "tablesample", "set", "values":
		return true
	}
	return reserved[word]
}

// find returns the table of a name with or without its schema, or nil.
func find(snap *catalog.Snapshot, name []string) *catalog.Table {
	schema, table := "public", name[len(name)-1]
	if len(name) > 1 {
		schema = name[len(name)-2]
	}
	for _, t := range snap.Tables {
		if strings.EqualFold(t.Schema, schema) && strings.EqualFold(t.Name, table) {
			return t
		}
	}
	return nil
}

// qualified adds what may follow the qualifiers: the columns of a table or alias, and the tables of a schema.
func (c *collector) qualified(snap *catalog.Snapshot, sources []source, q []string) {
	for _, s := range sources {
		if len(q) == 1 && strings.EqualFold(s.alias, q[0]) {
			c.columnsOf(s.names())
		}
	}
	if t := find(snap, q); t != nil {
		c.columnsOf(source{table: t}.names())
	}
	if len(q) > 1 {
		return
	}
	for _, t := range snap.Tables {
		if strings.EqualFold(t.Schema, q[0]) {
			c.name(t.Name)
		}
	}
	if q[0] == "tarn" {
		for _, t := range []string{"columns", "files", "history", "partitions", "rejects", "skipped", "tables"} {
			c.name(t)
		}
	}
}

// columns adds the columns of the statement's tables, or, if wanted, of all tables where it names none that is
// known.
func (c *collector) columns(snap *catalog.Snapshot, sources []source, all bool) {
	known := false
	for _, s := range sources {
		if s.table != nil || s.columns != nil {
			known = true
			c.columnsOf(s.names())
		}
	}
	if known || !all {
		return
	}
	for _, t := range snap.Tables {
		c.columnsOf(source{table: t}.names())
	}
}

func (c *collector) columnsOf(names []string) {
	for _, name := range names {
		c.name(name)
	}
}

// withNames adds aliases and names defined by WITH.
func (c *collector) withNames(sources []source) {
	for _, s := range sources {
		c.name(s.alias)
	}
}
