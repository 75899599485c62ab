package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/plan"
	"tarn/engine/sqltext"
)

// The hidden columns _file and _line are no columns of the views, where * and every listing would show them. A statement that
// names one is taken apart by DuckDB's own parser; each table of the lake in it is replaced by a query that has the column, and
// each * is told to leave it out.

// showHidden returns the statement with the hidden columns that it names, and the sources that then read the lake.
func (st *Statement) showHidden(c *conn, snap *catalog.Snapshot) (string, []source, error) {
	sql := st.text
	if !namesHidden(sql) {
		return sql, nil, nil
	}
	cut := queryStart(sql)
	if cut < 0 {
		return sql, nil, nil
	}
	tree, err := c.parse(sql[cut:])
	if tree == nil || err != nil {
		return sql, nil, err
	}
	h := &hiding{c: c, snap: snap, ownPath: st.s.ownPath, scans: map[string]source{}}
	h.findReferences(tree)
	if len(h.refs) == 0 {
		return sql, nil, nil
	}
	if h.temporary, err = c.temporaryNames(); err != nil {
		return sql, nil, err
	}
	if err := h.statement(tree); err != nil || len(h.scans) == 0 {
		return sql, nil, err
	}
	text, err := c.unparse(tree)
	if err != nil {
		return sql, nil, err
	}
	st.reshaped = true
	var sources []source
	for _, prefix := range slices.Sorted(maps.Keys(h.scans)) {
		sources = append(sources, h.scans[prefix])
	}
	return sql[:cut] + " " + text, sources, nil
}

// namesHidden reports whether a statement may name a hidden column.
func namesHidden(sql string) bool {
	return slices.ContainsFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool {
		if t.Kind != sqltext.Word && t.Kind != sqltext.QuotedWord {
			return false
		}
		name := strings.ToLower(t.Name(sql))
		return name == fileColumn || name == lineColumn
	})
}

// queryStart returns where the query begins in a statement that is one or carries one: EXPLAIN, CREATE TEMP TABLE AS and
// INSERT. It returns -1 for the others: what a view or a macro holds would outlive the files it was made for.
func queryStart(sql string) int {
	tokens := sqltext.Tokens(sql)
	words := sqltext.Words(sql, 5)
	if len(words) == 0 {
		return -1
	}
	switch words[0] {
	case "EXPLAIN":
		cut := carried(sql, tokens)
		if cut < 0 {
			return -1
		}
		if inner := queryStart(sql[cut:]); inner >= 0 {
			return cut + inner
		}
		return -1
	case "CREATE":
		if !isTemporary(words) || !slices.Contains(words, "TABLE") {
			return -1
		}
		if at := topLevel(sql, tokens, "AS"); at >= 0 {
			return tokens[at].End
		}
		return -1
	case "INSERT":
		if at := topLevel(sql, tokens, "SELECT", "WITH", "FROM"); at >= 0 {
			return tokens[at].Start
		}
		return -1
	case "SELECT", "WITH", "FROM", "VALUES", "DESCRIBE", "DESC", "SUMMARIZE", "TABLE", "PIVOT", "UNPIVOT":
		return 0
	}
	return -1
}

// topLevel returns the first token outside of parentheses that is one of words, or -1.
func topLevel(sql string, tokens []sqltext.Token, words ...string) int {
	depth := 0
	for i, t := range tokens {
		switch text := t.Text(sql); {
		case t.Kind == sqltext.Operator && text == "(":
			depth++
		case t.Kind == sqltext.Operator && text == ")":
			depth--
		case t.Kind == sqltext.Word && depth == 0 && slices.Contains(words, strings.ToUpper(text)):
			return i
		}
	}
	return -1
}

// parse returns the tree of a query as DuckDB serialises it, or nil if it is none that can be.
func (c *conn) parse(sql string) (map[string]any, error) {
	text, err := c.text("SELECT json_serialize_sql(" + sqltype.QuoteText(sql) + ")")
	if err != nil {
		return nil, nil // the statement itself gets the error, with its place
	}
	dec := json.NewDecoder(bytes.NewReader(plan.Finite([]byte(text))))
	dec.UseNumber() // as written: the numbers of a statement may be larger than a float64 holds
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read DuckDB's tree of a statement: %w", err)
	}
	if tree["error"] != false {
		return nil, nil
	}
	visit(tree, spellInfinity)
	return tree, nil
}

// spellInfinity makes a constant such as 1e400 a cast of a text: DuckDB writes an infinite number and does not read it again.
func spellInfinity(n node) {
	value, _ := n["value"].(node)
	of, _ := value["type"].(node)
	text, ok := value["value"].(string)
	if n["class"] != "CONSTANT" || !ok || of["id"] != "DOUBLE" {
		return
	}
	n["child"] = node{"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "query_location": n["query_location"],
		"value": node{"type": node{"id": "VARCHAR", "type_info": nil}, "is_null": false, "value": text}}
	n["class"], n["type"], n["cast_type"], n["try_cast"] = "CAST", "OPERATOR_CAST", of, false
	delete(n, "value")
}

// unparse is the reverse of parse.
func (c *conn) unparse(tree map[string]any) (string, error) {
	text, err := json.Marshal(tree)
	if err != nil {
		return "", fmt.Errorf("write DuckDB's tree of a statement: %w", err)
	}
	return c.text("SELECT json_deserialize_sql(" + sqltype.QuoteText(string(text)) + ")")
}

// temporaryNames returns the names of the session's temporary tables and views, which come before the lake's.
func (c *conn) temporaryNames() (map[string]bool, error) {
	return c.names("SELECT lower(table_name) AS name FROM duckdb_tables() WHERE temporary UNION ALL " +
		"SELECT lower(view_name) FROM duckdb_views() WHERE temporary")
}

// names returns the texts of a query's column name.
func (c *conn) names(query string) (map[string]bool, error) {
	text, err := c.text("SELECT CAST(coalesce(to_json(list(name)), '[]') AS VARCHAR) FROM (" + query + ")")
	if err != nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal([]byte(text), &names); err != nil {
		return nil, fmt.Errorf("read the names of temporary tables: %w", err)
	}
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set, nil
}

// hiddenHint tells of the limits when a hidden column was not found.
func hiddenHint(message string) string {
	m := strings.ToLower(message)
	if !strings.Contains(m, `"`+fileColumn+`"`) && !strings.Contains(m, `"`+lineColumn+`"`) {
		return ""
	}
	return "_file and _line belong to the lake's tables. They can be named in queries, in CREATE TEMP TABLE ... AS, INSERT ... SELECT and EXPLAIN; " +
		"a subquery passes them on only if it selects them."
}
