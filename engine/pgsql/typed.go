package pgsql

import (
	"fmt"
	"strings"

	"tarn/engine/sqltext"
)

// UsesTyped reports whether a translated statement asks for types.
func UsesTyped(sql string) bool {
	return strings.Contains(sql, typedSchema) || strings.Contains(sql, operandSchema)
}

// simplyTyped are functions for which a macro of the same name stands, with an overload for each type.
var simplyTyped = wordSet("length gcd lcm sha256 isfinite sign")

// aggregates are functions of which no other may be an argument.
var aggregates = wordSet(`sum avg count min max stddev variance stddev_pop stddev_samp var_pop var_samp string_agg array_agg list bool_and bool_or
	row_number rank dense_rank lag lead ntile first_value last_value first any_value median mode quantile_cont percentile_cont`)

// typedCall translates a call whose result has a type by that of its argument. The translation knows no types: macros have an overload for
// each, and DuckDB chooses when it binds. Those of aggregates get the argument once more, for its type alone, so that FILTER and OVER
// stay behind the aggregate. open is the bracket of the arguments.
func (p *parser) typedCall(e expr, open int) {
	close := p.match[open]
	alone := e.end == close+1
	switch arg := ""; {
	case p.mode == Untyped:
	case e.function == "sum" || e.function == "round" && alone && len(p.commas(open+1, close)) == 0:
		if arg = p.argument(open); arg == "" {
			return
		}
		macro := map[string]string{"sum": "sum_as", "round": "round_as"}[e.function]
		if e.function == "sum" && alone && p.word(open+1) != "DISTINCT" {
			macro = "sum_plain"
		}
		p.note(opening, p.start(e.start), 0, fmt.Sprintf("%s.%s(%s, ", typedSchema, macro, arg))
		p.note(closing, p.end(e.end), 0, ")")
	case simplyTyped[strings.ToUpper(e.function)] && alone && close > open+1:
		p.replace(e.start, open, typedSchema+"."+e.function)
	}
}

// mostTyped is how many types may be asked for inside of an expression whose type is asked for: each of them binds it once more.
const mostTyped = 2

// longestTyped is how long the text of such an expression may be.
const longestTyped = 2000

// argument returns the translated text of an aggregate's argument; empty if it cannot stand in another place.
func (p *parser) argument(open int) string {
	i, close := open+1, p.match[open]
	if w := p.word(i); w == "DISTINCT" || w == "ALL" {
		i++
	}
	if i >= close || p.isMark(i, "*") && i+1 == close || len(p.commas(i, close)) > 0 {
		return ""
	}
	for j := i; j < close; j++ {
		if w := p.word(j); w == "ORDER" || queries[w] || w == "ANY" {
			return ""
		}
	}
	return p.copied(i, close)
}

// copied returns the tokens from i up to end as they are translated so far; empty if it is too much to be bound once more, or has a parameter,
// whose type is said in its own place.
func (p *parser) copied(i, end int) string {
	from, to := p.start(i), p.end(end)
	if to-from > longestTyped || strings.Contains(p.sql[from:to], "--") {
		return ""
	}
	for j := i; j < end; j++ {
		if p.kind(j) == sqltext.Param || aggregates[p.word(j)] && p.isMark(j+1, "(") { // an aggregate is not bound a second time
			return ""
		}
	}
	text := p.translated(i, end)
	if strings.Count(text, typedSchema) > mostTyped {
		return ""
	}
	return text
}

// translated returns the tokens from i up to end as they are translated so far.
func (p *parser) translated(i, end int) string {
	from, to := p.start(i), p.end(end)
	var within []placed
	for _, e := range p.edits {
		if e.within(from, to) {
			e.At -= from
			within = append(within, e)
		}
	}
	return Apply(p.sql[from:to], sorted(within))
}

// average gives the average of integers and decimals as numeric where it is a column of the outermost query. Inside of expressions it stays double
// precision: DuckDB's decimals do not hold what arithmetic would make of them.
func (p *parser) average(e expr) {
	open := e.start + 1
	if p.mode == Untyped || p.depth > topDepth || !p.isMark(open, "(") {
		return
	}
	arg := p.argument(open)
	if arg == "" || p.overWindow(open, e.end) { // one division a row takes longer than the window
		return
	}
	behind := p.translated(open, e.end)
	p.note(opening, p.start(e.start), 0, fmt.Sprintf("%s.avg_as(%s, ", typedSchema, arg))
	p.note(closing, p.end(e.end), 0, fmt.Sprintf(", sum%s, count%s)", behind, behind))
}

// roundedAverage goes through round(avg(x), 2): the halves that it rounds are not exact in double precision.
func (p *parser) roundedAverage(e expr) {
	open := e.start + 1
	close := p.match[max(open, 0)]
	if !p.isMark(open, "(") || p.word(open+1) != "AVG" || !p.isMark(open+2, "(") || close != e.end-1 {
		return
	}
	if c := p.commas(open+1, close); len(c) == 1 && p.kind(c[0]+1) == sqltext.Number && c[0]+2 == close && p.aggregateEnds(open+1, c[0]) {
		p.average(expr{start: open + 1, end: c[0]})
	}
}

// aggregateEnds reports whether the tokens from i up to end are a call and what may stand behind one.
func (p *parser) aggregateEnds(i, end int) bool {
	j := p.match[i+1] + 1
	return j == end || p.word(j) == "FILTER" && p.isMark(j+1, "(") && p.match[j+1]+1 == end
}

// topDepth is the depth of the outermost query.
const topDepth = 1

// part gives extract(...) PostgreSQL's type.
func (p *parser) part(e expr) {
	switch unit := p.word(e.start + 2); unit {
	case "SECOND", "SECONDS", "MILLISECOND", "MILLISECONDS", "JULIAN", "":
	case "EPOCH":
		p.wrap(e.start, e.end, "CAST(", " AS DECIMAL(20,6))")
	default:
		for i := range p.tokens { // groups of integers are found twice as fast
			if p.word(i) == "GROUP" || p.word(i) == "PARTITION" {
				return
			}
		}
		if timeUnits[strings.TrimSuffix(unit, "S")] || otherUnits[unit] {
			p.wrap(e.start, e.end, "CAST(", " AS DECIMAL(18,0))")
		}
	}
}

// otherUnits are parts of a date that are no units of intervals.
var otherUnits = wordSet("century centuries dow isodow doy isoyear millennia hour hours day days")

// difference gives the number of days between two dates its type.
func (p *parser) difference(e expr) {
	if p.mode != ByType || p.depth > topDepth {
		return
	}
	left, right := p.copied(e.start, e.minus), p.copied(e.minus+1, e.end)
	if left == "" || right == "" {
		return
	}
	p.note(opening, p.start(e.start), 0, fmt.Sprintf("%s.minus_as(%s, %s, ", typedSchema, left, right))
	p.note(closing, p.end(e.end), 0, ")")
}

// textOf writes the value of the tokens of left, cast to text by those from i up to end, as PostgreSQL does. Statements about the catalog
// cast its own types, which are texts.
func (p *parser) textOf(left expr, t typeName, i, end int) {
	if p.mode == Untyped || t.name != "text" && t.name != "varchar" || t.array || t.args > 0 || left.literal >= 0 || left.foreign || p.ofCatalog() {
		return
	}
	if text := p.copied(left.start, left.end); text != "" {
		p.note(opening, p.start(i), 0, fmt.Sprintf("%s.to_text(%s, ", typedSchema, text))
		p.note(closing, p.end(end), 0, ")")
	}
}

// asNumeric begins the call of the macro that casts the value of the tokens of left to a numeric of as many digits as its type has, where the
// type t says none; empty if it is another type, or a literal, whose digits are known.
func (p *parser) asNumeric(left expr, t typeName) string {
	if p.mode == Untyped || t.name != "numeric" || t.array || t.args > 0 || left.foreign || p.ofCatalog() {
		return ""
	}
	if alone := left.end == left.start+1; alone && (p.kind(left.start) == sqltext.String || p.kind(left.start) == sqltext.Number || p.word(left.start) == "NULL") {
		return ""
	}
	text := p.copied(left.start, left.end)
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%s.to_numeric(%s, ", typedSchema, text)
}

// ofCatalog reports whether the statement names something of PostgreSQL's catalog.
func (p *parser) ofCatalog() bool {
	for i := range p.tokens {
		if w := strings.ToLower(p.text(i)); p.isName(i) && (strings.HasPrefix(w, "pg_") || strings.HasPrefix(w, "reg") && knownTypes[strings.ToUpper(w)] || w == "information_schema" || w == "oid") {
			return true
		}
	}
	return false
}

// overWindow reports whether an OVER stands behind the arguments in the bracket at open.
func (p *parser) overWindow(open, end int) bool {
	for i := p.match[open] + 1; i < end; i++ {
		if p.word(i) == "OVER" {
			return true
		}
	}
	return false
}
