package pgsql

import (
	"fmt"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// stops are words that end an expression, and that no alias without AS can be.
var stops = wordSet(`select from where group having order limit offset fetch union intersect except window qualify for on using join inner cross
	natural full left right outer lateral asof positional anti semi as then else end when asc desc nulls sample tablesample returning set values into with
	within filter over and or not is isnull notnull in between like ilike similar glob collate at operator escape to by all distinct exclude ignore respect
	rows range groups partition`)

func wordSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(text) {
		out[strings.ToUpper(w)] = true
	}
	return out
}

// uncalled are stops of which no function has the name: a bracket behind them belongs to an expression.
var uncalled = wordSet("where having on qualify when then else limit offset by distinct all")

// queries are the words with which a query begins.
var queries = wordSet("select with from values table describe summarize pivot unpivot show")

// statement translates the whole statement.
func (p *parser) statement() {
	switch p.word(0) {
	case "SET", "RESET", "SHOW", "PRAGMA", "USE", "ATTACH", "DETACH", "CALL", "LOAD", "INSTALL", "COPY", "BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT":
		return
	}
	for i := range p.tokens { // whose aggregates are no expressions
		if p.word(i) == "PIVOT" || p.word(i) == "UNPIVOT" {
			p.mode = Untyped
		}
	}
	p.query(0, len(p.tokens))
	if n := p.rowWidth(1); n > 0 && p.word(0) == "VALUES" {
		p.wrap(0, len(p.tokens), "SELECT * FROM (", fmt.Sprintf(") AS \"*VALUES*\"(%s)", columnNames(n)))
	}
}

// query goes through the tokens from i up to end, and returns the name of the first column that a SELECT in it selects.
func (p *parser) query(i, end int) (first expr) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return expr{}
	}
	selected, inFrom := false, false
	for i < end {
		before := i
		inFrom = fromAfter(inFrom, p.word(i))
		if inFrom {
			if i = p.tableFunction(i, end); i > before {
				continue
			}
		}
		switch w := p.word(i); {
		case w == "TABLESAMPLE" && p.isMark(i+2, "(") && p.kind(i+3) == sqltext.Number && p.match[i+2] == i+4:
			p.note(closing, p.end(i+4), 0, " PERCENT")
			i += 5
		case w == "SELECT":
			name, next := p.selectList(i+1, end)
			if !selected {
				first, selected = name, true
			}
			i = next
		case w == "FOR":
			i = p.locking(i, end)
		case w == "VALUES" && p.isMark(i-1, "(") && p.match[i-1] == end && p.depth > 1:
			i = p.tuples(i+1, end)
		case w == "AS" && p.isName(i+1) && !queries[p.word(i+1)] && !p.words(i+1, "NOT", "MATERIALIZED") && p.word(i+1) != "MATERIALIZED":
			if i += 2; p.isMark(i, "(") { // an alias with the names of columns
				i = p.match[i] + 1
			}
		case w == "AS" || stops[w] && !p.isMark(i+1, "(") || uncalled[w]:
			i++
		case p.isMark(i, ","):
			i++
		default:
			i = p.expression(i, end, 0).end
		}
		if i <= before {
			i = before + 1
		}
	}
	return first
}

// selectList goes through what stands behind SELECT.
func (p *parser) selectList(i, end int) (first expr, next int) {
	switch {
	case p.word(i) == "ALL":
		i++
	case p.words(i, "DISTINCT", "ON") && p.isMark(i+2, "("):
		p.query(i+3, p.match[i+2])
		i = p.match[i+2] + 1
	case p.word(i) == "DISTINCT":
		i++
	}
	distinct := p.word(i-1) == "DISTINCT"
	for n := 0; i < end; n++ {
		item := p.item(i, end, distinct)
		if n == 0 {
			first = item
		}
		i = item.end
		if i >= end || !p.isMark(i, ",") {
			return first, i
		}
		i++
	}
	return first, i
}

// item goes through one column of a select list, and gives it the name that it has in PostgreSQL.
func (p *parser) item(i, end int, distinct bool) expr {
	if p.isName(i) && p.isMark(i+1, ":") { // DuckDB's alias: expression
		e := p.expression(i+2, end, 0)
		return expr{start: i, end: p.skipItem(e.end, end), foreign: true}
	}
	e := p.expression(i, end, 0)
	if e.end > i {
		p.returned(e, distinct)
	}
	if p.word(i) == "NULL" && e.end == i+1 && p.aloneQuery() {
		p.replace(i, i+1, "CAST(NULL AS VARCHAR)")
	}
	switch {
	case e.end <= i:
		return expr{start: i, end: p.skipItem(i, end), foreign: true}
	case e.end >= end || p.isMark(e.end, ",") || stops[p.word(e.end)] && p.word(e.end) != "AS":
		if name := e.columnName(); !e.foreign && !e.plain {
			p.note(closing, p.end(e.end), 0, " AS "+sqltype.QuoteName(name))
		}
		if e.end < end && !p.isMark(e.end, ",") && !ends[p.word(e.end)] {
			p.query(e.end, p.skipItem(e.end, end))
			e.end, e.foreign = p.skipItem(e.end, end), true
		}
		return e
	case p.word(e.end) == "AS" && (p.isName(e.end+1) || p.kind(e.end+1) == sqltext.String):
		e.name, e.strength, e.end = p.tokens[e.end+1].Name(p.sql), 2, e.end+2
	case p.isName(e.end):
		e.name, e.strength, e.end = p.tokens[e.end].Name(p.sql), 2, e.end+1
	}
	if rest := p.skipItem(e.end, end); rest > e.end {
		p.query(e.end, rest)
		e.end = rest
	}
	return e
}

// ends are the words that may follow a select list.
var ends = wordSet("from where group having order limit offset fetch union intersect except window qualify for into sample using returning on")

// skipItem returns where a column that is not understood ends.
func (p *parser) skipItem(i, end int) int {
	for i < end && !p.isMark(i, ",") && !ends[p.word(i)] {
		if p.match[i] >= 0 {
			i = p.match[i]
		}
		i++
	}
	return min(i, end)
}

// locking takes a locking clause away: a lake is not locked.
func (p *parser) locking(i, end int) int {
	j := i + 1
	switch {
	case p.words(j, "NO", "KEY", "UPDATE"):
		j += 3
	case p.words(j, "KEY", "SHARE"):
		j += 2
	case p.word(j) == "UPDATE" || p.word(j) == "SHARE":
		j++
	default:
		return i + 1
	}
	if p.word(j) == "OF" {
		for j++; j < end && (p.isName(j) && p.word(j) != "NOWAIT" && p.word(j) != "SKIP" && p.word(j) != "FOR" && p.word(j) != "LIMIT" || p.isMark(j, ",") || p.isMark(j, ".")); j++ {
		}
	}
	if p.word(j) == "NOWAIT" {
		j++
	} else if p.words(j, "SKIP", "LOCKED") {
		j += 2
	}
	p.replace(i, j, "")
	return j
}

// tuples goes through a VALUES list in parentheses that end, and names its columns as PostgreSQL does unless they have names.
func (p *parser) tuples(i, end int) int {
	n := p.rowWidth(i)
	p.query(i, end)
	if n == 0 {
		return end
	}
	next := end + 1
	if p.word(next) == "AS" {
		next++
	}
	switch named := p.isName(next) && !stops[p.word(next)]; {
	case !named && p.word(next-1) != "AS" && p.follows(p.matchOf(end)):
		p.note(closing, p.end(end+1), 0, fmt.Sprintf(" AS \"*VALUES*\"(%s)", columnNames(n)))
	case named && !p.isMark(next+1, "("):
		p.note(closing, p.end(next+1), 0, "("+columnNames(n)+")")
	}
	return end
}

// matchOf returns the bracket that a closing one closes.
func (p *parser) matchOf(end int) int {
	for i := end; i >= 0; i-- {
		if p.match[i] == end {
			return i
		}
	}
	return -1
}

// follows reports whether a table may stand at i: behind FROM, JOIN or a comma of a FROM.
func (p *parser) follows(i int) bool {
	w := p.word(i - 1)
	return w == "FROM" || w == "JOIN"
}

// rowWidth counts the values of the row in parentheses at i; 0 if there is none.
func (p *parser) rowWidth(i int) int {
	if !p.isMark(i, "(") || p.match[i] <= i+1 {
		return 0
	}
	n := 1
	for j := i + 1; j < p.match[i]; j++ {
		if p.match[j] >= 0 {
			j = p.match[j]
		} else if p.isMark(j, ",") {
			n++
		}
	}
	return n
}

// columnNames are column1, column2, ...
func columnNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("column%d", i+1)
	}
	return strings.Join(names, ", ")
}

// aloneQuery reports whether the query is the outermost and its columns have no types but their own: it fills no table and is part of no union.
func (p *parser) aloneQuery() bool {
	if p.depth > topDepth || p.word(0) != "SELECT" {
		return false
	}
	for i := range p.tokens {
		if w := p.word(i); w == "UNION" || w == "INTERSECT" || w == "EXCEPT" || w == "INTO" {
			return false
		}
	}
	return true
}
