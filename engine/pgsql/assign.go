package pgsql

import (
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// Column is a column to which a statement assigns values.
type Column struct {
	Name string
	Type sqltype.Type
}

// Assigned returns the edits by which the literals that an INSERT, UPDATE or MERGE puts into columns mean what they do in PostgreSQL, where they have
// the column's type: '{1,2}' in a list, 'now' in a timestamp. columns gives those of a table as it is written; nil if there is none.
func Assigned(sql string, columns func(table string) []Column) []Edit {
	words := sqltext.Words(sql, 1)
	if len(words) == 0 || words[0] != "INSERT" && words[0] != "UPDATE" && words[0] != "MERGE" {
		return nil
	}
	p := newParser(sql, ByType)
	if p == nil {
		return nil
	}
	switch words[0] {
	case "INSERT":
		p.inserted(columns)
	case "UPDATE":
		p.updated(columns)
	case "MERGE":
		p.merged(columns)
	}
	return sorted(p.edits)
}

// tableName returns the text of a table's name at i, and what stands behind it.
func (p *parser) tableName(i int) (name string, next int) {
	from := i
	for p.isName(i) && p.isMark(i+1, ".") {
		i += 2
	}
	if !p.isName(i) {
		return "", from
	}
	return p.sql[p.start(from):p.end(i+1)], i + 1
}

// inserted goes through INSERT INTO table (columns) VALUES or SELECT.
func (p *parser) inserted(columns func(string) []Column) {
	i := 1
	for i < len(p.tokens) && p.word(i) != "INTO" {
		i++
	}
	name, i := p.tableName(i + 1)
	if name == "" {
		return
	}
	to := columns(name)
	if p.word(i) == "AS" && p.isName(i+1) {
		i += 2
	}
	for j := i; j < len(p.tokens); j++ {
		if p.words(j, "DO", "UPDATE", "SET") {
			p.set(j+3, to)
		}
	}
	p.into(i, to)
}

// merged goes through MERGE INTO table USING ... WHEN ... THEN UPDATE SET ... WHEN ... THEN INSERT ...
func (p *parser) merged(columns func(string) []Column) {
	if p.word(1) != "INTO" {
		return
	}
	name, i := p.tableName(2)
	if name == "" {
		return
	}
	to := columns(name)
	for ; i < len(p.tokens); i++ {
		if p.words(i, "THEN", "UPDATE", "SET") {
			p.set(i+3, to)
		} else if p.words(i, "THEN", "INSERT") {
			p.into(i+2, to)
		}
	}
}

// into goes through (columns) VALUES or SELECT.
func (p *parser) into(i int, to []Column) {
	listed := p.isMark(i, "(") && !queries[p.word(i+1)]
	if listed {
		all := to
		to = nil
		for j := i + 1; j < p.match[i]; j++ {
			if p.isName(j) {
				to = append(to, columnNamed(all, p.tokens[j].Name(p.sql)))
			}
		}
		i = p.match[i] + 1
	}
	p.fewer(listed, i, to)
	switch p.word(i) {
	case "SELECT":
		p.assignAll(i+1, to)
	case "VALUES":
		for i++; p.isMark(i, "("); i++ {
			p.assignAll(i+1, to)
			if i = p.match[i] + 1; !p.isMark(i, ",") {
				return
			}
		}
	}
}

// fewer names the columns of an INSERT of fewer values than the table has columns, which DuckDB wants to be told.
func (p *parser) fewer(listed bool, i int, to []Column) {
	n := 0
	switch p.word(i) {
	case "SELECT":
		for j := i + 1; j < len(p.tokens); n++ {
			next := p.skipItem(j, len(p.tokens))
			for ; j < next; j++ {
				if p.isMark(j, "*") && (j == i+1 || p.isMark(j-1, ",") || p.isMark(j-1, ".")) { // of nobody knows how many columns
					return
				}
			}
			if !p.isMark(next, ",") {
				j = len(p.tokens)
			} else {
				j = next + 1
			}
		}
	case "VALUES":
		n = p.rowWidth(i + 1)
	}
	if listed || n == 0 || n >= len(to) {
		return
	}
	names := make([]string, n)
	for j := range names {
		names[j] = sqltype.QuoteName(to[j].Name)
	}
	p.note(opening, p.start(i), 0, "("+strings.Join(names, ", ")+") ")
}

// columnNamed is the column of a name; of no type if there is none.
func columnNamed(columns []Column, name string) Column {
	for _, c := range columns {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return Column{}
}

// assignAll goes through values with commas between them.
func (p *parser) assignAll(i int, to []Column) {
	for n := 0; n < len(to) && i < len(p.tokens); n++ {
		next := p.skipItem(i, len(p.tokens))
		for j := i; j < next; j++ { // a bracket that was opened before ends the list
			if p.match[j] >= 0 {
				j = p.match[j]
			} else if p.isMark(j, ")") {
				next = j
			}
		}
		if next == i+1 {
			p.assign(i, to[n].Type)
		}
		if !p.isMark(next, ",") {
			return
		}
		i = next + 1
	}
}

// updated goes through UPDATE table SET column = value, ...
func (p *parser) updated(columns func(string) []Column) {
	i := 1
	if p.word(i) == "ONLY" {
		i++
	}
	name, i := p.tableName(i)
	for i < len(p.tokens) && p.word(i) != "SET" {
		i++
	}
	if name == "" || i == len(p.tokens) {
		return
	}
	p.set(i+1, columns(name))
}

// set goes through column = value, ...
func (p *parser) set(i int, to []Column) {
	for ; p.isName(i) && p.isMark(i+1, "="); i++ {
		next := p.skipItem(i+2, len(p.tokens))
		if p.word(i+3) == "WHEN" { // of a MERGE
			next = i + 3
		}
		if next == i+3 {
			p.assign(i+2, columnNamed(to, p.tokens[i].Name(p.sql)).Type)
		}
		if i = next; !p.isMark(i, ",") {
			return
		}
	}
}

// moments are words for times that are those of the statement, by the types that take them.
var moments = map[string]string{"now": "now()", "today": "date_trunc('day', now())", "tomorrow": "(date_trunc('day', now()) + INTERVAL 1 DAY)",
	"yesterday": "(date_trunc('day', now()) - INTERVAL 1 DAY)"}

// assign spells the literal at i as a value of a type.
func (p *parser) assign(i int, t sqltype.Type) {
	text, ok := p.literalText(i)
	if !ok {
		return
	}
	name := map[sqltype.Kind]string{sqltype.Date: "date", sqltype.Timestamp: "timestamp", sqltype.TimestampTZ: "timestamptz", sqltype.Interval: "interval"}[t.Kind]
	moment := moments[strings.ToLower(strings.TrimSpace(text))]
	switch {
	case t.Kind == sqltype.List:
		p.arrayLiteral(i)
	case moment != "" && name != "" && name != "interval":
		p.replace(i, i+1, "CAST("+moment+" AS "+t.String()+")")
	case name != "":
		p.fixLiteral(i, typeName{name: name})
	}
}
