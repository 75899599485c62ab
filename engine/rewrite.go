package engine

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
	"tarn/engine/pgtype"
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
// into queries of the catalog. More edits may be given, of other places.
func rewriteStatement(sql, lake string, types []sqltype.Type, mode pgsql.Mode, more ...pgsql.Edit) rewritten {
	if listing := listingSQL(sql); listing != "" {
		return rewritten{sql: listing, edits: []edit{{0, len(sql), len(listing)}}}
	}
	edits := slices.Concat(pgsql.Translate(sql, mode), withoutDatabase(sql, lake), temporary(sql), more)
	if edit, ok := lakePath(sql); ok {
		edits = append(edits, edit)
	}
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind != sqltext.Param {
			continue
		}
		n, err := strconv.Atoi(tok.Text(sql)[1:])
		if err != nil || n < 1 || n > len(types) || types[n-1].Kind == sqltype.Invalid {
			continue
		}
		edits = append(edits, pgsql.Edit{At: tok.Start, Del: tok.End - tok.Start, Text: fmt.Sprintf("CAST(%s AS %s)", tok.Text(sql), types[n-1])})
		edits = append(edits, asDeep(sql, tok.End, pgtype.Dims(types[n-1]))...)
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

// asDeep returns the edit that gives the type behind an array parameter, $1::int[], as many dimensions as its value has: PostgreSQL's do not
// count.
func asDeep(sql string, at, dims int) []pgsql.Edit {
	cast := arrayCast.FindStringSubmatchIndex(sql[at:])
	if cast == nil || dims == 0 {
		return nil
	}
	from, to := at+cast[2], at+cast[3]
	if strings.Count(sql[from:to], "[") == dims {
		return nil
	}
	return []pgsql.Edit{{At: from, Del: to - from, Text: strings.Repeat("[]", dims)}}
}

// arrayCast is a cast to an array.
var arrayCast = regexp.MustCompile(`(?i)^(?:\s*::\s*|\s+AS\s+)(?:\w+\s*\.\s*)?\w+(?:\s+precision)?(?:\s*\([^()]*\))?\s*((?:\[\s*\]\s*)*\[\s*\])`)

// nameBegins are the words behind which the name of a table, view or schema begins.
var nameBegins = map[string]bool{"FROM": true, "JOIN": true, "INTO": true, "TABLE": true, "VIEW": true, "UPDATE": true, "EXISTS": true, "ONLY": true, ",": true,
	"(": true, "DESCRIBE": true, "SUMMARIZE": true, "COPY": true, "LATERAL": true}

// withoutDatabase returns the edits that take the lake's name, as which clients know the database, off names of three parts.
func withoutDatabase(sql, lake string) (edits []pgsql.Edit) {
	tokens := slices.DeleteFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })
	isName := func(i int) bool {
		return i < len(tokens) && (tokens[i].Kind == sqltext.Word || tokens[i].Kind == sqltext.QuotedWord)
	}
	isDot := func(i int) bool { return i < len(tokens) && tokens[i].Text(sql) == "." }
	for i, t := range tokens {
		if !isName(i) || !strings.EqualFold(t.Name(sql), lake) || !isDot(i+1) || !isName(i+2) || !isDot(i+3) || !isName(i+4) || i > 0 && isDot(i-1) {
			continue
		}
		if four := isDot(i+5) && isName(i+6); four || i > 0 && nameBegins[strings.ToUpper(tokens[i-1].Text(sql))] {
			edits = append(edits, pgsql.Edit{At: t.Start, Del: tokens[i+2].Start - t.Start})
		}
	}
	return edits
}

// temporary returns the edits that say by DuckDB's words what pg_temp, or the schema's own name, says of tables.
func temporary(sql string) (edits []pgsql.Edit) {
	tokens := slices.DeleteFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })
	for i, t := range tokens {
		if t.Kind != sqltext.Word && t.Kind != sqltext.QuotedWord || i+2 >= len(tokens) || tokens[i+1].Text(sql) != "." || i > 0 && tokens[i-1].Text(sql) == "." {
			continue
		}
		if name := strings.ToLower(t.Name(sql)); name != tempSchema && name != "pg_temp_1" {
			continue
		}
		begins := tokens[:i]
		if len(begins) > 4 && strings.EqualFold(begins[2].Text(sql), "IF") { // CREATE TABLE IF NOT EXISTS
			begins = begins[:2]
		}
		if len(begins) == 2 && strings.EqualFold(begins[0].Text(sql), "CREATE") && strings.EqualFold(begins[1].Text(sql), "TABLE") {
			edits = append(edits, pgsql.Edit{At: begins[1].Start, Text: "TEMP "})
		}
		edits = append(edits, pgsql.Edit{At: t.Start, Del: t.End - t.Start, Text: "temp"})
	}
	return edits
}

// lakePath returns the edit that leaves schemas out of SET search_path which are no schemas of DuckDB's database: it would look for all
// others beside them.
func lakePath(sql string) (pgsql.Edit, bool) {
	words := sqltext.Words(sql, 3)
	if len(words) < 2 || words[0] != "SET" || words[1] != "SEARCH_PATH" && !(len(words) == 3 && words[2] == "SEARCH_PATH") {
		return pgsql.Edit{}, false
	}
	var kept []string
	first, left := 0, false
	for _, t := range sqltext.Tokens(sql) {
		text := t.Text(sql)
		switch upper := strings.ToUpper(text); {
		case t.Kind == sqltext.Comment || t.Kind == sqltext.Semicolon || upper == "SET" || upper == "SESSION" || upper == "LOCAL" || upper == "SEARCH_PATH" || upper == "TO" || upper == "=":
			continue
		}
		if first == 0 {
			first = t.Start
		}
		for name := range strings.SplitSeq(strings.Trim(text, "'"), ",") {
			switch name = strings.TrimSpace(name); strings.ToLower(strings.Trim(name, "\"")) {
			case "":
			case "pg_catalog", "information_schema", "$user", "pg_temp":
				left = true
			default:
				kept = append(kept, name)
			}
		}
	}
	if !left {
		return pgsql.Edit{}, false
	}
	if kept == nil {
		kept = []string{"public"}
	}
	end := len(strings.TrimRight(sql, "; \t\r\n"))
	return pgsql.Edit{At: first, Del: end - first, Text: sqltype.QuoteText(strings.Join(kept, ","))}, true
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
