package pgsql

import "fmt"

// rowPlaces answers conditions on ctid, by which DuckDB's own reader of PostgreSQL cuts a table's pages into parts that it reads side by
// side: ctid BETWEEN '(0,0)'::tid AND '(999,0)'::tid. All rows of a table are in its first page here, so that each is in one part.
func (p *parser) rowPlaces() {
	for i := range p.tokens {
		if p.word(i) != "CTID" || !p.words(i+1, "BETWEEN") || !p.isTID(i+2) || !p.words(i+5, "AND") || !p.isTID(i+6) {
			continue
		}
		from, _ := p.literalText(i + 2)
		to, _ := p.literalText(i + 6)
		var a, b, c, d int64
		if _, err := fmt.Sscanf(from+" "+to, "(%d,%d) (%d,%d)", &a, &b, &c, &d); err != nil {
			continue
		}
		first := a == 0 && b <= 1 && (c > 0 || d >= 1)
		p.replace(i, i+9, fmt.Sprint(first))
	}
}

// isTID reports whether a text and its cast to tid stand at i.
func (p *parser) isTID(i int) bool {
	_, ok := p.literalText(i)
	return ok && p.isMark(i+1, "::") && p.word(i+2) == "TID"
}
