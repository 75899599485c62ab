package infer

import (
	"bytes"
	"strings"
)

// patternScore is higher the fewer different numbers of cells the rows have, and the more cells. It is low for one
// column, which every text has under some delimiter.
func (r *reading) patternScore() float64 {
	count := map[int]int{}
	total := 0
	for _, row := range r.rows {
		if !isBlank(row) {
			count[len(row)]++
			total++
		}
	}
	if total == 0 {
		return 0
	}
	const onlyOne = 1e-3
	if r.width() == 1 {
		return onlyOne * float64(count[1]) / float64(total)
	}
	score := 0.0
	for cells, n := range count {
		score += float64(n) * max(onlyOne, float64(cells-1)) / float64(cells)
	}
	return score / float64(len(count)) / float64(total)
}

// typeScore is the share of cells that look like a value of one kind, of which typed has the number for each row.
func typeScore(rows [][]string, typed []int) float64 {
	known, all := 1e-10, 0
	for i, row := range rows {
		all += len(row)
		known += float64(typed[i])
	}
	return known / float64(max(all, 1))
}

// typedCells counts the cells of a row that look like a value of one kind, or like a text that is quoted because it has to be.
func typedCells(row []string, fields []field) int {
	n := 0
	for i, c := range row {
		if looksTyped([]byte(c)) || fields[i].quoted && !strings.Contains(c, "\n") {
			n++
		}
	}
	return n
}

// looksTyped reports whether a cell is empty, a number as anybody writes it, a time, or words without spaces or quotes around them that hold
// none of the characters that structure a file.
func looksTyped(c []byte) bool {
	if len(c) == 0 {
		return true
	}
	if valueOf(c).form != formText || stylesOf(c) != 0 {
		return true
	}
	last := c[len(c)-1]
	if c[0] == ' ' || last == ' ' || len(c) > 1 && c[0] == '\'' && last == '\'' {
		return false
	}
	return !bytes.ContainsAny(c, ",;\t|\"\x01\n")
}
