package pgcatalog

import "strings"

// systemColumns are the columns that every table of PostgreSQL has besides its own, and what they are here. The table's OID is
// that of the relation.
var systemColumns = map[string]string{"tableoid": "CAST(%s AS pgoid)", "xmin": "CAST(1 AS xid)", "xmax": "CAST(0 AS xid)",
	"cmin": "CAST(0 AS cid)", "cmax": "CAST(0 AS cid)", "ctid": "CAST('(0,1)' AS tid)"}

// clauses are words behind a table's name that are no alias.
var clauses = map[string]bool{"WHERE": true, "JOIN": true, "LEFT": true, "RIGHT": true, "INNER": true, "OUTER": true, "FULL": true, "CROSS": true,
	"NATURAL": true, "ON": true, "USING": true, "ORDER": true, "GROUP": true, "LIMIT": true, "OFFSET": true, "UNION": true, "EXCEPT": true,
	"INTERSECT": true, "HAVING": true, "WINDOW": true, "FETCH": true, "FOR": true, "TABLESAMPLE": true, "QUALIFY": true, "POSITIONAL": true,
	"ASOF": true, "SEMI": true, "ANTI": true}

// systemColumns edits the system columns of the catalog's relations, once all relations are known.
func (w *writer) systemColumns() {
	for _, i := range w.system {
		relation, from := "", i
		switch {
		case w.text(i-1) == ".":
			relation, from = w.aliases[w.name(i-2)], i-2
			if w.text(i-3) == "." {
				continue
			}
		case w.word(i-1) != "AS":
			relation = w.selectedFrom(i)
		}
		if relation == "" {
			continue
		}
		n := w.name(i)
		text := strings.ReplaceAll(systemColumns[n], "%s", inventory().oids[relation])
		if w.needsAlias(i) {
			text += " AS " + n
		}
		w.searches = append(w.searches, Edit{w.tokens[from].Start, w.tokens[i].End, text})
	}
}

// selectedFrom is the relation that the query around i selects from, if it is one of the catalog's; else empty.
func (w *writer) selectedFrom(i int) string {
	for _, step := range []int{1, -1} { // FROM stands behind a result, and before a condition
		depth := 0
		for j := i; j >= 0 && j < len(w.tokens) && depth >= 0; j += step {
			switch {
			case w.text(j) == "(":
				depth += step
			case w.text(j) == ")":
				depth -= step
			case depth == 0 && w.word(j) == "FROM":
				if w.name(j+1) == "pg_catalog" && w.text(j+2) == "." {
					j += 2
				}
				return w.aliases[w.name(j+1)]
			}
		}
	}
	return ""
}

// needsAlias reports whether the column at i stands by itself in a list of results.
func (w *writer) needsAlias(i int) bool {
	from := i
	if w.text(i-1) == "." {
		from = i - 2
	}
	before, behind := w.word(from-1), w.word(i+1)
	return (before == "SELECT" || before == "DISTINCT" || w.text(from-1) == ",") && (w.text(i+1) == "," || w.text(i+1) == "" || w.text(i+1) == ";" || w.text(i+1) == ")" || behind == "FROM") && !w.inCall(from)
}

// inCall reports whether the token at i stands in brackets that are no subquery's.
func (w *writer) inCall(i int) bool {
	depth := 0
	for i--; i >= 0; i-- {
		switch {
		case w.text(i) == ")":
			depth++
		case w.text(i) == "(" && depth > 0:
			depth--
		case w.text(i) == "(":
			return true
		case depth == 0 && w.word(i) == "SELECT":
			return false
		case depth == 0 && (w.word(i) == "BY" || w.word(i) == "IN" || w.word(i) == "FROM"):
			return true
		}
	}
	return false
}

// vectorColumns are the columns of the types int2vector and oidvector, and the lists as which DuckDB takes them: of wider
// integers, since a cast to the type by which they are stored does nothing.
var vectorColumns = map[string]string{"indkey": "INTEGER[]", "indoption": "INTEGER[]", "indclass": "UBIGINT[]", "indcollation": "UBIGINT[]",
	"proargtypes": "UBIGINT[]", "partattrs": "INTEGER[]", "partclass": "UBIGINT[]", "partcollation": "UBIGINT[]", "stxkeys": "INTEGER[]",
	"tgattr": "INTEGER[]", "prattrs": "INTEGER[]"}

// vector makes a vector a list inside of an expression; a result that is one stays a vector.
func (w *writer) vector(i int, list string) {
	from := i
	if w.text(i-1) == "." {
		from = i - 2
	}
	if from < 0 || w.word(i-1) == "AS" || w.needsAlias(i) || !w.inCall(from) && w.text(i+1) != "[" && w.text(i+1) != "::" && w.text(from-1) != "(" {
		return
	}
	w.searches = append(w.searches, Edit{w.tokens[from].Start, w.tokens[from].Start, "CAST("}, Edit{w.tokens[i].End, w.tokens[i].End, " AS " + list + ")"})
}
