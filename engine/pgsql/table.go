package pgsql

import (
	"strings"

	"tarn/engine/sqltext"
)

// fromEnds are the words behind which no table stands.
var fromEnds = wordSet("select where group having order limit offset fetch union intersect except window qualify values on using set")

// fromAfter tells whether a table may stand behind a word.
func fromAfter(in bool, w string) bool {
	if w == "FROM" || w == "JOIN" {
		return true
	}
	return in && (!fromEnds[w] || w == "ON" || w == "USING")
}

// setColumns are the functions that return rows, with the name of their column if it is not their own. In DuckDB, or as macros, they
// return lists.
var setColumns = map[string]string{"generate_series": "", "unnest": "", "regexp_split_to_table": "", "string_to_table": "", "json_array_elements": "value",
	"jsonb_array_elements": "value", "json_array_elements_text": "value", "jsonb_array_elements_text": "value", "json_object_keys": "", "jsonb_object_keys": "", "regexp_matches_all": ""}

// isSet reports whether a function returns rows, and whether it is a list to DuckDB where a table stands.
func isSet(name string) (set, list bool) {
	_, set = setColumns[name]
	return set, set && name != "generate_series" && name != "unnest"
}

// tableFunction goes through a function that stands for a table, and gives its column the name that it has in PostgreSQL. It
// returns i if there is none.
func (p *parser) tableFunction(i, end int) int {
	if !p.isName(i) || !p.isMark(i+1, "(") || !p.isTablePlace(i) {
		return i
	}
	name := strings.ToLower(p.tokens[i].Name(p.sql))
	set, list := isSet(name)
	switch {
	case name == "json_each_text" || name == "jsonb_each_text" || name == "jsonb_each":
		return p.pairs(i, end, name)
	case oneValue[name]:
		return p.oneRow(i, end, name)
	case !set:
		return i
	}
	before := len(p.edits)
	close := p.match[i+1]
	p.query(i+2, close)
	commas := p.commas(i+2, close)
	switch next := close + 1; {
	case list:
		p.rename(expr{start: i, end: i + 1, name: name}, i+1)
		p.wrap(i, close+1, "unnest(", ")")
	case name == "unnest" && len(commas) > 0 && p.word(next) != "WITH":
		p.note(opening, p.start(i), 0, "(SELECT ")
		for _, c := range commas {
			p.replace(c, c+1, "), unnest(")
		}
		p.note(closing, p.end(close+1), 0, ")")
		return close + 1
	case name == "generate_series" && len(commas) == 2 && p.kind(commas[1]+1) == sqltext.String && commas[1]+2 == close:
		p.note(opening, p.start(close-1), 0, "INTERVAL ")
	}
	if !p.nameColumn(name, list, close+1, end) {
		p.edits = p.edits[:before]
		return i
	}
	return close + 1
}

// oneValue are functions of one value that stand for a table in some clients' statements.
var oneValue = map[string]bool{"current_schema": true, "current_database": true, "current_catalog": true, "version": true, "pg_backend_pid": true,
	"string_to_array": true}

// oneRow makes a table of a function of one value: its column has the name of the alias, or of the function.
func (p *parser) oneRow(i, end int, name string) int {
	close := p.match[i+1]
	p.query(i+2, close)
	alias := close + 1
	if p.word(alias) == "AS" {
		alias++
	}
	column, tail := name, ") AS "+name
	if alias < end && p.isName(alias) && (alias > close+1 || !stops[p.word(alias)]) {
		column, tail = p.text(alias), ")"
	}
	p.note(opening, p.start(i), 0, "(SELECT ")
	p.note(closing, p.end(close+1), 0, " AS "+column+tail)
	return close + 1
}

// nameColumn says the name of the column of a function whose call ends at i; false if that cannot be.
func (p *parser) nameColumn(name string, list bool, i, end int) bool {
	column := setColumns[name]
	if i < end && p.words(i, "WITH", "ORDINALITY") {
		return !list
	}
	alias := i
	if p.word(alias) == "AS" {
		alias++
	}
	named := alias < end && p.isName(alias) && (alias > i || !stops[p.word(alias)])
	switch {
	case named && !p.isMark(alias+1, "("):
		if column == "" {
			column = p.text(alias)
		}
		p.note(closing, p.end(alias+1), 0, "("+column+")")
	case !named && list:
		if column == "" {
			column = name
		}
		p.note(closing, p.end(i), 0, " AS "+name+"("+column+")")
	}
	return true
}

// isTablePlace reports whether a table may stand at i.
func (p *parser) isTablePlace(i int) bool {
	w := p.word(i - 1)
	return w == "FROM" || w == "JOIN" || w == "LATERAL" || p.isMark(i-1, ",")
}

// commas returns the commas from i up to end outside of brackets.
func (p *parser) commas(i, end int) (out []int) {
	for ; i < end; i++ {
		if p.match[i] >= 0 {
			i = p.match[i]
		} else if p.isMark(i, ",") {
			out = append(out, i)
		}
	}
	return out
}

// smaller are functions whose results are wider in DuckDB than the type that clients of PostgreSQL expect.
var smaller = wordSet(`length char_length character_length octet_length bit_length position strpos ascii array_length array_upper cardinality array_position
	json_array_length jsonb_array_length regexp_count regexp_instr ntile grouping generate_subscripts`)

// returned says of a column of a select list what its function returns in PostgreSQL: rows, or a smaller type.
func (p *parser) returned(e expr, distinct bool) {
	if e.minus > 0 && !distinct {
		p.difference(e)
	}
	if e.function == "" {
		return
	}
	set, _ := isSet(e.function)
	switch {
	case set && e.function != "unnest":
		p.wrap(e.start, e.end, "unnest(", ")")
	case distinct: // ORDER BY must find the column as it is written
	case smaller[strings.ToUpper(e.function)]:
		p.wrap(e.start, e.end, "CAST(", " AS INTEGER)")
	case e.function == "date_part" && !p.ofList(e):
		p.wrap(e.start, e.end, "CAST(", " AS DOUBLE)")
	case e.function == "extract":
		p.part(e)
	case e.function == "avg":
		p.average(e)
	case e.function == "round":
		p.roundedAverage(e)
	}
}

// ofList reports whether a call's first argument is a list, as that of DuckDB's date_part may be: it returns a struct then.
func (p *parser) ofList(e expr) bool {
	for i := e.start; i < e.end; i++ {
		if p.isMark(i, "(") {
			return p.isMark(i+1, "[")
		}
	}
	return false
}

// pairs makes a table of keys and values of json_each_text and the like.
func (p *parser) pairs(i, end int, name string) int {
	close := p.match[i+1]
	p.query(i+2, close)
	alias, tail := close+1, ") AS "+name
	if p.word(alias) == "AS" || alias < end && p.isName(alias) && !stops[p.word(alias)] {
		tail = ")"
	}
	value := "value"
	if strings.HasSuffix(name, "text") {
		value = "value ->> '$' AS value"
	}
	p.replace(i, i+1, "(SELECT key, "+value+" FROM json_each")
	p.note(closing, p.end(close+1), 0, tail)
	return close + 1
}
