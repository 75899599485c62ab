package engine

import (
	"path"
	"strings"

	"tarn/catalog"
)

// suggestTable returns a hint for a name that no table has: that its file was skipped, the table nearest to it, or how
// to list them.
func suggestTable(name string, snap *catalog.Snapshot) string {
	for _, s := range snap.Skipped {
		stem, _, _ := strings.Cut(path.Base(s.Path), ".")
		if strings.EqualFold(stem, name) {
			return s.Path + " is in no table: " + s.Reason
		}
	}
	best, at := "", 3 // at most two letters wrong
	for _, t := range snap.Tables {
		if d := distance(name, t.Name, at); d < at {
			best, at = t.Schema+"."+t.Name, d
		}
	}
	if best != "" {
		return "Did you mean " + best + "?"
	}
	return "SHOW TABLES lists the tables of the lake."
}

// distance is the Levenshtein distance of two names, or limit if it is not below.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return min(row[len(b)], limit)
}
