package engine

import (
	"cmp"
	"slices"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// textEdit puts a text in the place of another. The statement is edited as the client wrote it, since DuckDB's own text of a
// tree loses which names were quoted.
type textEdit struct {
	start, end int
	text       string
}

// edited returns the statement with all edits, for a text that has lead bytes in front of it.
func (m *asking) edited(lead int) (string, []edit) {
	slices.SortStableFunc(m.edits, func(a, b textEdit) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	end := 0
	var places []edit
	for _, e := range m.edits {
		places = append(places, edit{lead + e.start, e.end - e.start, len(e.text)})
		b.WriteString(m.sql[end:e.start] + e.text)
		end = e.end
	}
	return b.String() + m.sql[end:], places
}

// edit notes the edits of one query; it is false, and nothing is noted, if the places of the tree are not found in the text.
func (m *asking) edit(n, from node, q *asked) bool {
	text := newLayout(m.sql)
	table := text.at(location(from))
	if table < 1 || !text.isWord(table-1, "FROM") {
		return false
	}
	end := table
	for end+2 < len(text.tokens) && text.text(end+1) == "." {
		end += 2
	}
	if !strings.EqualFold(text.tokens[end].Name(m.sql), nameIn(from, "table_name")) {
		return false
	}
	relation := "(" + q.numbers.sql() + ")"
	if nameIn(from, "alias") == "" {
		relation += " AS " + text.text(end)
	}
	edits := []textEdit{{text.tokens[table].Start, text.tokens[end].End, relation}}
	for _, c := range q.calls {
		name := text.at(c.at)
		if name < 0 || !text.isWord(name, c.name) && !text.isWord(name, c.name+"_star") || name+1 >= len(text.tokens) || text.text(name+1) != "(" {
			return false
		}
		edits = append(edits, textEdit{c.at, text.tokens[text.closing(name+1)].End, c.text})
	}
	named, ok := m.keepNames(n, text, table, q)
	if !ok {
		return false
	}
	m.edits = append(m.edits, append(edits, named...)...)
	return true
}

func nameIn(n node, key string) string {
	name, _ := n[key].(string)
	return name
}

// keepNames gives the selected columns that have no alias and get another text the names that DuckDB gives to the text of the
// client.
func (m *asking) keepNames(n node, text layout, table int, q *asked) (edits []textEdit, ok bool) {
	list := objects(n["select_list"])
	var unnamed []int
	for i, e := range list {
		if nameIn(e, "alias") == "" && slices.ContainsFunc(q.calls, func(c call) bool { return c.item == i }) {
			unnamed = append(unnamed, i)
		}
	}
	if unnamed == nil {
		return nil, true
	}
	items := text.items(table - 1)
	if len(items) != len(list) {
		return nil, false
	}
	var exprs, columns []string
	for _, i := range unnamed {
		exprs = append(exprs, m.sql[items[i].start:items[i].end])
	}
	for _, c := range q.table.Columns {
		columns = append(columns, "CAST(NULL AS "+c.Type.String()+") AS "+sqltype.QuoteName(c.Name))
	}
	p, err := m.c.prepare("SELECT " + strings.Join(exprs, ", ") + " FROM (SELECT " + strings.Join(columns, ", ") + ") AS " + sqltype.QuoteName(q.alias))
	if err != nil {
		return nil, false // the statement itself gets the error, with its place
	}
	defer p.close()
	names := columnsOf(p.p, duck.StatementTypeSelect)
	if len(names) != len(unnamed) {
		return nil, false
	}
	for k, i := range unnamed {
		at := items[i].end
		edits = append(edits, textEdit{at, at, " AS " + sqltype.QuoteName(names[k].Name)})
	}
	return edits, true
}

// layout is the tokens of a statement, without comments, and how deep each stands in parentheses.
type layout struct {
	sql    string
	tokens []sqltext.Token
	depth  []int // of parentheses, brackets and braces; those themselves count as outside
}

func newLayout(sql string) layout {
	l := layout{sql: sql}
	depth := 0
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind == sqltext.Comment {
			continue
		}
		opens, closes := false, false
		if t.Kind == sqltext.Operator {
			opens, closes = strings.Contains("([{", t.Text(sql)), strings.Contains(")]}", t.Text(sql))
		}
		if closes {
			depth--
		}
		l.tokens, l.depth = append(l.tokens, t), append(l.depth, depth)
		if opens {
			depth++
		}
	}
	return l
}

func (l *layout) text(i int) string { return l.tokens[i].Text(l.sql) }

func (l *layout) isWord(i int, word string) bool {
	return l.tokens[i].Kind == sqltext.Word && strings.EqualFold(l.text(i), word)
}

// at returns the token that begins at a byte, or -1.
func (l *layout) at(start int) int {
	return slices.IndexFunc(l.tokens, func(t sqltext.Token) bool { return t.Start == start })
}

// closing returns the token that closes the parenthesis at token i, or the last one.
func (l *layout) closing(i int) int {
	for k := i + 1; k < len(l.tokens); k++ {
		if l.depth[k] == l.depth[i] {
			return k
		}
	}
	return len(l.tokens) - 1
}

// items returns the selected columns of the SELECT whose FROM is token from, as places in the text; nil if they are not found.
func (l *layout) items(from int) []textEdit {
	first := from - 1
	for ; ; first-- {
		if first < 0 || l.depth[first] < l.depth[from] {
			return nil
		}
		if l.depth[first] == l.depth[from] && l.isWord(first, "SELECT") {
			break
		}
	}
	first++
	for l.isWord(first, "DISTINCT") || l.isWord(first, "ALL") {
		first++
	}
	var out []textEdit
	for i := first; i < from; i++ {
		if i+1 == from || l.depth[i+1] == l.depth[from] && l.text(i+1) == "," {
			out = append(out, textEdit{start: l.tokens[first].Start, end: l.tokens[i].End})
			first, i = i+2, i+1
		}
	}
	return out
}
