package pgsql

// orderedObject spells json_object_agg(key, value ORDER BY x) as the aggregate of texts that DuckDB's macro is, for a macro takes no order;
// false if there is none.
func (p *parser) orderedObject(e expr, open int) bool {
	close, commas := p.match[open], p.commas(open+1, p.match[open])
	order := -1
	for i := open + 1; i < close; i++ {
		if p.match[i] >= 0 {
			i = p.match[i]
		} else if p.words(i, "ORDER", "BY") {
			order = i
			break
		}
	}
	if len(commas) == 0 || order < commas[0] || p.word(close+1) == "FILTER" || p.word(close+1) == "OVER" {
		return false
	}
	p.replace(e.start, open+1, "CAST('{' || string_agg(to_json(CAST(")
	p.replace(commas[0], commas[0]+1, " AS VARCHAR)) || ':' || coalesce(to_json(")
	p.note(opening, p.start(order), 0, "), 'null'), ',' ")
	p.replace(close, close+1, ") || '}' AS JSON)")
	return true
}
