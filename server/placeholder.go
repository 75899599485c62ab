package server

import (
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
)

// castTypes finds the types of the parameters that a statement casts itself, $1::int or CAST($1 AS int), by number. In
// PostgreSQL that is a parameter's type if the client leaves it open; the engine would take it for text.
func castTypes(sql string) map[int]sqltype.Type {
	found := map[int]sqltype.Type{}
	w := newWords(sql)
	for i := range w.tokens {
		if w.tokens[i].Kind != sqltext.Param {
			continue
		}
		n, err := strconv.Atoi(w.tokens[i].Text(sql)[1:])
		if err != nil || i+2 >= len(w.tokens) {
			continue
		}
		rest := &words{sql: sql, tokens: w.tokens[i+1:]}
		before := &words{sql: sql, tokens: w.tokens[max(i-2, 0):i]}
		if !rest.eat("::") && !((before.eat("CAST", "(") || before.eat("TRY_CAST", "(")) && rest.eat("AS")) {
			continue
		}
		if t, ok := rest.sqlType(); ok && found[n].Kind == sqltype.Invalid {
			found[n] = t
		}
	}
	return found
}

// sqlType takes the longest run of tokens that is a type.
func (w *words) sqlType() (t sqltype.Type, ok bool) {
	if len(w.tokens) == 0 {
		return t, false
	}
	start := w.tokens[0].Start
	for i, tok := range w.tokens {
		if i > 20 { // no scalar or array is that long; nested types come as json
			break
		}
		if found, err := sqltype.Parse(w.sql[start:tok.End]); err == nil {
			t, ok = found, true
		}
	}
	return t, ok
}

// catalogCasts are types of PostgreSQL's catalog to which statements cast parameters, with the OIDs of the type and its array.
var catalogCasts = map[string][2]uint32{"oid": {26, 1028}, "name": {19, 1003}, `"char"`: {18, 1002}}

// castOIDs finds the parameters that a statement casts to one of them, by number. Drivers know these types without asking for
// them, and would ask without end for others in the questions by which they get to know types.
func castOIDs(sql string) map[int]uint32 {
	found := map[int]uint32{}
	w := newWords(sql)
	for i := range w.tokens {
		n, err := strconv.Atoi(strings.TrimPrefix(w.tokens[i].Text(sql), "$"))
		if w.tokens[i].Kind != sqltext.Param || err != nil {
			continue
		}
		rest := &words{sql: sql, tokens: w.tokens[i+1:]}
		if !rest.eat("::") {
			continue
		}
		rest.eat("PG_CATALOG", ".")
		if len(rest.tokens) == 0 {
			continue
		}
		oids, ok := catalogCasts[strings.ToLower(rest.tokens[0].Text(sql))]
		if !ok {
			continue
		}
		found[n] = oids[0]
		rest.tokens = rest.tokens[1:]
		if rest.eat("[", "]") {
			found[n] = oids[1]
		}
	}
	return found
}
