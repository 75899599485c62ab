package engine

import (
	"strings"

	"tarn/catalog"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// origin is where a column of a result comes from: a column of one of the lake's tables; none if table is nil.
type origin struct {
	table *catalog.Table
	at    int // from 1
}

// markOrigins notes which columns of the result are plain columns of the lake's tables. It understands SELECT lists of names over
// tables and joins, and nothing else: what it does not understand has no origin.
func (st *Statement) markOrigins() {
	if len(st.columns) == 0 || st.target == nil || len(st.target.checked) == 0 || st.own != nil || st.s.namesOwn(st.sql) {
		return
	}
	o := &origins{sql: st.sql, snap: st.target.snap}
	for _, t := range sqltext.Tokens(st.sql) {
		if t.Kind == sqltext.Semicolon {
			break
		}
		if t.Kind != sqltext.Comment {
			o.tokens = append(o.tokens, t)
		}
	}
	found := o.find()
	if len(found) != len(st.columns) {
		return
	}
	for i, f := range found {
		if f.table != nil {
			st.columns[i].Table, st.columns[i].Attribute = uint32(pgcatalog.TableOID(f.table)), int16(f.at)
		}
	}
}

// origins reads one statement.
type origins struct {
	sql    string
	snap   *catalog.Snapshot
	tokens []sqltext.Token
	tables []fromItem
}

// fromItem is a table of FROM by the name that it has there.
type fromItem struct {
	name  string
	table *catalog.Table
}

func (o *origins) text(i int) string {
	if i >= len(o.tokens) {
		return ""
	}
	return strings.ToUpper(o.tokens[i].Text(o.sql))
}

func (o *origins) name(i int) string {
	if i >= len(o.tokens) || o.tokens[i].Kind != sqltext.Word && o.tokens[i].Kind != sqltext.QuotedWord {
		return ""
	}
	return o.tokens[i].Name(o.sql)
}

// find returns an origin for each column, or nil if the statement is of another form.
func (o *origins) find() []origin {
	if o.text(0) != "SELECT" || o.text(1) == "DISTINCT" || o.text(1) == "ALL" {
		return nil
	}
	var items [][2]int
	from, depth, start := -1, 0, 1
	for i := 1; i < len(o.tokens) && from < 0; i++ {
		switch o.text(i) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 {
				items, start = append(items, [2]int{start, i}), i+1
			}
		case "FROM":
			if depth == 0 {
				items, from = append(items, [2]int{start, i}), i
			}
		}
	}
	if from < 0 || !o.sources(from+1) {
		return nil
	}
	var out []origin
	for _, item := range items {
		found := o.item(item[0], item[1])
		if found == nil {
			return nil
		}
		out = append(out, found...)
	}
	return out
}

// sources reads FROM; false if it holds more than names of the lake's tables and their joins.
func (o *origins) sources(i int) bool {
	for table := true; i < len(o.tokens); {
		switch word := o.text(i); {
		case table:
			t := o.table(&i)
			if t == nil {
				return false
			}
			if o.text(i) == "AS" {
				i++
			}
			name := t.Name
			if n := o.name(i); n != "" && !afterTable[o.text(i)] {
				name, i = n, i+1
			}
			o.tables, table = append(o.tables, fromItem{name, t}), false
		case word == "," || word == "JOIN":
			table, i = true, i+1
		case word == "WHERE" || word == "ORDER" || word == "LIMIT" || word == "OFFSET" || word == "FETCH" || word == "FOR":
			return !o.combined(i)
		case word == "ON":
			for i++; i < len(o.tokens) && !afterOn[o.text(i)]; i++ {
			}
		case word == "INNER" || word == "CROSS" || word == "LEFT" || word == "RIGHT" || word == "FULL" || word == "OUTER":
			i++
		default:
			return false
		}
	}
	return true
}

var afterTable = map[string]bool{"WHERE": true, "ORDER": true, "LIMIT": true, "OFFSET": true, "FETCH": true, "FOR": true, "JOIN": true, "INNER": true,
	"CROSS": true, "LEFT": true, "RIGHT": true, "FULL": true, "ON": true, ",": true, "GROUP": true, "HAVING": true, "UNION": true,
	"EXCEPT": true, "INTERSECT": true, "USING": true, "NATURAL": true, "WINDOW": true, "QUALIFY": true, "TABLESAMPLE": true,
	"POSITIONAL": true, "ASOF": true, "SEMI": true, "ANTI": true}

var afterOn = map[string]bool{"WHERE": true, "ORDER": true, "LIMIT": true, "JOIN": true, "INNER": true, "CROSS": true, "LEFT": true, "RIGHT": true,
	"FULL": true, ",": true, "GROUP": true, "HAVING": true, "UNION": true, "EXCEPT": true, "INTERSECT": true}

// combined reports whether what follows makes the result another one than the SELECT list says.
func (o *origins) combined(i int) bool {
	for ; i < len(o.tokens); i++ {
		switch o.text(i) {
		case "UNION", "EXCEPT", "INTERSECT", "GROUP":
			return true
		}
	}
	return false
}

// table reads the name of a table and returns it if the lake has just one that it can mean.
func (o *origins) table(i *int) *catalog.Table {
	parts := []string{o.name(*i)}
	for *i++; o.text(*i) == "." && o.name(*i+1) != ""; *i += 2 {
		parts = append(parts, o.name(*i+1))
	}
	last := parts[len(parts)-1]
	if last == "" || o.text(*i) == "(" {
		return nil
	}
	if len(parts) > 1 {
		return o.snap.Lookup(parts[len(parts)-2], last)
	}
	if t := o.snap.Lookup("public", last); t != nil {
		return t
	}
	if found := o.snap.Find(last); len(found) == 1 {
		return found[0]
	}
	return nil
}

// item reads one entry of the SELECT list; nil if it is not known how many columns it gives.
func (o *origins) item(i, end int) []origin {
	switch {
	case i >= end:
		return nil
	case o.text(i) == "*" && end == i+1:
		var out []origin
		for _, s := range o.tables {
			out = append(out, allOf(s.table)...)
		}
		return out
	case end == i+3 && o.text(i+1) == "." && o.text(i+2) == "*":
		for _, s := range o.tables {
			if s.name == o.name(i) {
				return allOf(s.table)
			}
		}
		return nil
	}
	for j := i; j < end; j++ {
		if o.text(j) == "*" && (o.text(j+1) == "EXCLUDE" || o.text(j+1) == "REPLACE" || o.text(j+1) == "LIKE" || j == end-1) || o.text(j) == "COLUMNS" || o.text(j) == "UNNEST" {
			return nil
		}
	}
	of, at := "", i
	if o.text(i+1) == "." && o.name(i) != "" {
		of, at = o.name(i), i+2
	}
	rest := at + 1
	if rest < end && o.text(rest) == "AS" {
		rest++
	}
	if o.name(at) == "" || rest+1 < end || rest+1 == end && o.name(rest) == "" {
		return []origin{{}} // an expression
	}
	var found []origin
	for _, s := range o.tables {
		for n, c := range s.table.Columns {
			if (of == "" || of == s.name) && strings.EqualFold(c.Name, o.name(at)) {
				found = append(found, origin{s.table, n + 1})
			}
		}
	}
	if len(found) != 1 {
		return []origin{{}}
	}
	return found
}

func allOf(t *catalog.Table) []origin {
	out := make([]origin, len(t.Columns))
	for i := range out {
		out[i] = origin{t, i + 1}
	}
	return out
}
