package catalog

import (
	"slices"
	"strings"
	"unicode"

	"tarn/catalog/sqltype"
)

// The thresholds of likeness; DESIGN.md says why.
const (
	likeShare   = 0.5  // of all column names that two files have, so many are common
	subsetShare = 0.25 // the same where one file's names are all in the other
	subsetLeast = 3    // columns that such a file has at least
)

// alike reports whether files of two forms may be one table: whether their column names are mostly the same or, without
// header lines, the number and most classes of their columns.
func alike(a, b *form) bool {
	if a == b {
		return true
	}
	if a.headerless() || b.headerless() {
		return a.headerless() && b.headerless() && alikeTypes(a, b)
	}
	common := 0
	for i, j := 0, 0; i < len(a.names) && j < len(b.names); {
		switch c := strings.Compare(a.names[i], b.names[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	all, least := len(a.names)+len(b.names)-common, min(len(a.names), len(b.names))
	switch share := float64(common) / float64(max(all, 1)); {
	case share >= likeShare:
		return true
	default:
		return common == least && least >= subsetLeast && share >= subsetShare
	}
}

// alikeTypes compares forms without names.
func alikeTypes(a, b *form) bool {
	if len(a.columns) != len(b.columns) {
		return false
	}
	same := 0
	for i := range a.columns {
		if classOf(a.columns[i].Type) == classOf(b.columns[i].Type) {
			same++
		}
	}
	return float64(same) >= likeShare*float64(len(a.columns))
}

// classOf sorts types coarsely: a column may drift within its class and stay the same column.
func classOf(t sqltype.Type) string {
	switch k := t.Kind; {
	case t.IsNumeric():
		return "number"
	case k == sqltype.Date || k >= sqltype.TimestampS && k <= sqltype.TimestampTZ:
		return "time"
	case t.IsNested(), k == sqltype.JSON:
		return "nested"
	default:
		return k.String()
	}
}

// clusters splits records into sets of files that are alike, directly or through others, each in the order of records
// and the sets in that of their first files. Formats never mix. It stops early, with the rest in no set, once more than
// spare files are outside the largest set; spare < 0 means never. It compares forms, not files.
func clusters(records []*record, spare int) [][]*record {
	type kind struct {
		form   *form
		format uint8
	}
	byKind := map[kind][]*record{}
	var open []kind // kinds in no set yet, in order of first appearance
	for _, r := range records {
		k := kind{r.file.form, uint8(r.kind.Format)}
		if byKind[k] == nil {
			open = append(open, k)
		}
		byKind[k] = append(byKind[k], r)
	}
	var out [][]*record
	largest, done := 0, 0
	for len(open) > 0 {
		members := open[:1:1]
		open = open[1:]
		for i := 0; i < len(members); i++ {
			m := members[i]
			open = slices.DeleteFunc(open, func(k kind) bool {
				if k.format != m.format || !alike(k.form, m.form) {
					return false
				}
				members = append(members, k)
				return true
			})
		}
		var set []*record
		for _, m := range members {
			set = append(set, byKind[m]...)
		}
		sortRecords(set)
		out = append(out, set)
		largest, done = max(largest, len(set)), done+len(set)
		if spare >= 0 && done-largest > spare {
			break
		}
	}
	return out
}

func sortRecords(rs []*record) {
	slices.SortFunc(rs, func(a, b *record) int { return strings.Compare(a.path, b.path) })
}

// isSeries reports whether names look like parts of one set: equal but for their digits, or beginning with the same
// three or more letters.
func isSeries(records []*record) bool {
	names := make([]string, len(records))
	for i, r := range records {
		names[i] = strings.ToLower(stem(r.path))
	}
	prefix := names[0]
	same := true
	for _, n := range names[1:] {
		same = same && withoutDigits(n) == withoutDigits(names[0])
		for !strings.HasPrefix(n, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	letters := 0
	for _, r := range prefix {
		if !unicode.IsLetter(r) {
			break
		}
		letters++
	}
	return same || letters >= 3
}

// withoutDigits replaces each run of digits by one #.
func withoutDigits(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range s {
		if unicode.IsDigit(r) {
			r = '#'
		}
		if r != '#' || last != '#' {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
