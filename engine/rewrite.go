package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
	"tarn/engine/sqltext"
)

// rewritten is a statement as DuckDB gets it, and where it differs from the client's text.
type rewritten struct {
	sql    string
	edits  []edit
	before *rewritten // what sql was made of; nil if that is the client's text
}

// edit is a replacement of length del at byte at of the original by length ins.
type edit struct{ at, del, ins int }

// rewriteStatement says in DuckDB's SQL what the client says in PostgreSQL's, casts the parameters whose type is given, and turns the listings
// into queries of the catalog.
func rewriteStatement(sql string, types []sqltype.Type) rewritten {
	if listing := listingSQL(sql); listing != "" {
		return rewritten{sql: listing, edits: []edit{{0, len(sql), len(listing)}}}
	}
	edits := pgsql.Translate(sql)
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind != sqltext.Param {
			continue
		}
		n, err := strconv.Atoi(tok.Text(sql)[1:])
		if err != nil || n < 1 || n > len(types) || types[n-1].Kind == sqltype.Invalid {
			continue
		}
		edits = append(edits, pgsql.Edit{At: tok.Start, Del: tok.End - tok.Start, Text: fmt.Sprintf("CAST(%s AS %s)", tok.Text(sql), types[n-1])})
	}
	slices.SortStableFunc(edits, func(a, b pgsql.Edit) int { return cmp.Compare(a.At, b.At) }) // what is put in front of a parameter stays there
	r := rewritten{sql: strings.TrimRight(strings.TrimSpace(pgsql.Apply(sql, edits)), ";")}
	for _, e := range edits {
		r.edits = append(r.edits, edit{e.At, e.Del, len(e.Text)})
	}
	if lead := len(sql) - len(strings.TrimLeft(sql, " \t\r\n\f\v")); lead > 0 {
		r.edits = append([]edit{{0, lead, 0}}, r.edits...)
	}
	return r
}

// original returns the byte offset in the client's text of an offset in the rewritten one.
func (r rewritten) original(at int) int {
	shift := 0 // of the rewritten text against the original, before the edit
	for _, e := range r.edits {
		start := e.at + shift
		if at < start {
			break
		}
		if at < start+e.ins {
			if r.before != nil {
				return r.before.original(e.at)
			}
			return e.at
		}
		shift += e.ins - e.del
	}
	if r.before != nil {
		return r.before.original(at - shift)
	}
	return at - shift
}
