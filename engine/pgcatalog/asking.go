package pgcatalog

import (
	"strings"

	"tarn/engine/sqltext"
)

// own turns the SQL of an embedded file into DuckDB's: names lead to the catalog, and arguments of tarn_pg_call and
// tarn_pg_fact are texts.
func own(sql string) string {
	sql = Rewrite(sql, nil).SQL
	tokens := sqltext.Tokens(sql)
	var b strings.Builder
	end := 0
	insert := func(at int, text string) {
		b.WriteString(sql[end:at] + text)
		end = at
	}
	type call struct{ depth, from int }
	var open []call
	depth := 0
	for i, t := range tokens {
		switch t.Text(sql) {
		case "(":
			depth++
			if i > 0 && strings.HasPrefix(tokens[i-1].Text(sql), "tarn_pg_") && tokens[i+1].Text(sql) != ")" {
				open = append(open, call{depth, t.End})
				insert(t.End, "CAST(")
			}
		case ")":
			if n := len(open); n > 0 && open[n-1].depth == depth {
				insert(t.Start, " AS VARCHAR)")
				open = open[:n-1]
			}
			depth--
		case ",":
			if n := len(open); n > 0 && open[n-1].depth == depth {
				insert(t.Start, " AS VARCHAR)")
				insert(t.End, " CAST(")
			}
		}
	}
	b.WriteString(sql[end:])
	return b.String()
}
