package engine

import (
	"slices"
	"strings"

	"tarn/engine/sqltext"
)

// A macro reads tables that a statement which calls it does not name. So what a statement names is looked for in its macros' texts, too,
// and the planner has the macros, in which they are put in as in DuckDB itself.

// macro is one that a session made.
type macro struct {
	name  string // in lower case, without schema
	table bool   // a table macro; a scalar one may have the same name
	sql   string // the CREATE that DuckDB ran
}

// macros are those of a session, the oldest first. They never change; nil has none.
type macros struct{ list []macro }

// made returns the macros after a CREATE MACRO.
func (m *macros) made(sql string, tokens []sqltext.Token) *macros {
	now := macro{name: madeName(sql, tokens), table: returnsTable(sql, tokens), sql: sql}
	same := func(old macro) bool { return old.name == now.name && old.table == now.table }
	if m == nil {
		return &macros{list: []macro{now}}
	}
	if exists := slices.ContainsFunc(tokens[:min(3, len(tokens))], func(t sqltext.Token) bool { return strings.EqualFold(t.Text(sql), "EXISTS") }); exists && slices.ContainsFunc(m.list, same) {
		return m
	}
	return &macros{list: append(slices.DeleteFunc(slices.Clone(m.list), same), now)}
}

// afterDrop looks which macros are left after a DROP MACRO, for it may take one of either kind.
func (s *Session) afterDrop(c *conn, sql string) error {
	words := sqltext.Words(sql, 2)
	if s.views.macros == nil || len(words) < 2 || words[1] != "MACRO" && words[1] != "FUNCTION" {
		return nil
	}
	left, err := c.names("SELECT function_type || ' ' || lower(function_name) AS name FROM duckdb_functions() WHERE function_type IN ('macro', 'table_macro') AND NOT internal")
	if err != nil {
		return err
	}
	s.views.macros = &macros{list: slices.DeleteFunc(slices.Clone(s.views.macros.list), func(m macro) bool {
		return m.table && !left["table_macro "+m.name] || !m.table && !left["macro "+m.name]
	})}
	return nil
}

// called returns the macros that a statement may call, and those that these may call, the oldest first: all whose names it has.
func (m *macros) called(sql string) []macro {
	if m == nil {
		return nil
	}
	names := map[string]bool{}
	for _, old := range m.list {
		names[old.name] = false
	}
	for texts := []string{sql}; len(texts) > 0; texts = texts[1:] {
		for _, t := range sqltext.Tokens(texts[0]) {
			if t.Kind != sqltext.Word && t.Kind != sqltext.QuotedWord {
				continue
			}
			name := strings.ToLower(t.Name(texts[0]))
			if seen, known := names[name]; seen || !known {
				continue
			}
			names[name] = true
			for _, old := range m.list {
				if old.name == name {
					texts = append(texts, old.sql)
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(m.list), func(old macro) bool { return !names[old.name] })
}

// textsOf are the texts of macros.
func textsOf(list []macro) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.sql)
	}
	return out
}

// returnsTable reports whether what is made is a table macro: AS TABLE follows its parameters.
func returnsTable(sql string, tokens []sqltext.Token) bool {
	at := topLevel(sql, tokens, "AS")
	return at >= 0 && at+1 < len(tokens) && strings.EqualFold(tokens[at+1].Text(sql), "TABLE")
}
