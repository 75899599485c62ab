package infer

import "strings"

// commonNames are words that name columns more often than they are values.
var commonNames = map[string]bool{}

func init() {
	for _, w := range strings.Fields("id name date time code type value count year month day status country city state " +
		"address email phone price amount total quantity description title category key label lat lon latitude longitude " +
		"first last firstname lastname user username url color colour size rank score number item region currency unit notes") {
		commonNames[w] = true
	}
}

// hasHeader reports whether the first row names the columns. Each column votes: a first cell that is a number or a time
// speaks against; one that is text above numbers, that differs in length from equally long cells below, or that is a
// usual name speaks for; a name twice speaks against.
func hasHeader(rows [][]string) bool {
	votes, ok := headerVotes(rows)
	return ok && votes >= 0
}

// headerVotes returns the sum of the votes; ok is false if the first row cannot be a header.
func headerVotes(rows [][]string) (votes int, ok bool) {
	first, rest := rows[0], rows[1:]
	seen := map[string]bool{}
	empty := 0
	for _, c := range first {
		name := strings.ToLower(strings.TrimSpace(c))
		if name == "" {
			empty++
			continue
		}
		if notName(c) {
			return 0, false
		}
		if seen[name] {
			votes -= 2
		}
		seen[name] = true
	}
	if empty == len(first) || empty > 1 && empty*2 > len(first) {
		return 0, false
	}
	for i, c := range first {
		votes += vote(c, column(rest, i))
	}
	return votes, true
}

// notName reports whether a cell of the first row cannot name a column.
func notName(c string) bool {
	switch valueOf([]byte(c)).form {
	case formInt, formWide, formFloat:
		// A year may head a column of a pivoted table.
		return len(c) != 4 || c < "1800" || c > "2100"
	case formText:
		return nullWords[c] || len(c) > 128 || strings.EqualFold(c, "true") || strings.EqualFold(c, "false")
	}
	return true
}

// column returns the cells below the first row in column i, of up to 200 rows, without empty ones.
func column(rows [][]string, i int) []string {
	var out []string
	for _, row := range rows[:min(len(rows), 200)] {
		if i < len(row) && row[i] != "" && !nullWords[row[i]] {
			out = append(out, row[i])
		}
	}
	return out
}

// vote is positive if the cell looks like the name of the column with these cells, negative if like one more of them.
func vote(name string, cells []string) int {
	if len(cells) == 0 {
		return 0
	}
	typed, same, equal := 0, 0, 0
	for _, c := range cells {
		if valueOf([]byte(c)).form != formText || notNumbers[c] {
			typed++
		}
		if len(c) == len(cells[0]) {
			same++
		}
		if c == name {
			equal++
		}
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == ' ' || r == '-' || r == '.' })
	common := len(words) > 0 && (commonNames[words[0]] || commonNames[words[len(words)-1]])
	votes := 0
	switch {
	case typed*10 >= len(cells)*9:
		votes = 3
	case equal > 0:
		votes = -3
	case typed*2 >= len(cells):
		votes = 2
	case same == len(cells) && len(cells) > 1 && len(name) != len(cells[0]):
		votes = 1
	case same*10 >= len(cells)*9 && len(cells) > 1 && len(name) == len(cells[0]):
		votes = -2
	}
	if common {
		votes += 2
	}
	return votes
}
