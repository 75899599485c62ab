package catalog

import (
	"slices"
	"strings"
	"unicode"

	"tarn/catalog/sqltype"
	"tarn/storage"
)

// The parts of the score that says how surely two files are of one table, from 0 to 1; DESIGN.md says why.
const (
	alikeFrom   = 0.5  // files of this score and above are of one table
	seriesBonus = 0.15 // for names that differ in digits only, as those of months do
	subsetShare = 0.25 // of all names that are common where one file's names are all in the other
	subsetLeast = 3    // columns that such a file has at least
	oneColumn   = 0.4  // the most that the schemas of files with one column say
	byPlace     = 0.4  // a file without a header line beside one with the same types at the same places
)

// fileKind is what matters of a file for its likeness to others.
type fileKind struct {
	form   *form
	format storage.Format
	series string // its name, without digits
}

// score is the likeness of the schemas, and more if the names are of a series; 0 for files of different formats.
func (k fileKind) score(o fileKind) float64 {
	if k.format != o.format {
		return 0
	}
	s := schemaScore(k.form, o.form)
	if s > 0 && (k.series == o.series || s == oneColumn && letterPrefix(k.series, o.series) >= 3) {
		s += seriesBonus
	}
	return min(s, 1)
}

// schemaScore is the share of all column names that two forms have in common (Jaccard index); without header lines, that
// of the columns with the same class of types.
func schemaScore(a, b *form) float64 {
	s := 0.0
	switch {
	case a == b:
		s = 1
	case a.headerless() != b.headerless():
		if fitsByPlace(a, b) {
			s = byPlace
		}
	case a.headerless():
		s = sharedTypes(a, b)
	default:
		s = sharedNames(a, b)
	}
	if len(a.columns) == 1 || len(b.columns) == 1 {
		s = min(s, oneColumn)
	}
	return s
}

// sharedNames is the Jaccard index of the column names, raised to just enough where all names of one form are in the other.
func sharedNames(a, b *form) float64 {
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
	share := float64(common) / float64(max(all, 1))
	if common == least && least >= subsetLeast && share >= subsetShare {
		return max(share, alikeFrom)
	}
	return share
}

// sharedTypes is the share of columns of the same class of types in forms without names.
func sharedTypes(a, b *form) float64 {
	if len(a.columns) != len(b.columns) {
		return 0
	}
	same := 0
	for i := range a.columns {
		if classOf(a.columns[i].Type) == classOf(b.columns[i].Type) {
			same++
		}
	}
	return float64(same) / float64(max(len(a.columns), 1))
}

// fitsByPlace reports whether forms, of which one has no names, have the same class of types in all columns, and not
// only text.
func fitsByPlace(a, b *form) bool {
	typed := false
	for i := range min(len(a.columns), len(b.columns)) {
		class := classOf(a.columns[i].Type)
		if class != classOf(b.columns[i].Type) {
			return false
		}
		typed = typed || class != sqltype.Of(sqltype.Varchar).Kind.String()
	}
	return typed && len(a.columns) == len(b.columns)
}

// letterPrefix counts the letters with which both names begin.
func letterPrefix(a, b string) int {
	n := 0
	for i, r := range a {
		if !unicode.IsLetter(r) || !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			break
		}
		n++
	}
	return n
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

// cluster is files that are alike, directly or through others.
type cluster struct {
	files []*record // in the order of paths
	score float64   // the least by which a file came in; 1 for one file
}

// manyKinds is how many kinds of files are compared, each with each, before clusters stops early.
const manyKinds = 1000

// clusters splits records into sets of files that are alike, in the order of their first files. Formats never mix. Of very
// many kinds of files it stops, with the rest in no set, once more than spare files are outside the largest set; spare < 0
// means never.
func clusters(records []*record, spare int) []cluster {
	byKind := map[fileKind][]*record{}
	var open []fileKind // kinds in no set yet, in order of first appearance
	for _, r := range records {
		k := fileKind{r.file.form, r.kind.Format, withoutDigits(strings.ToLower(stem(r.path)))}
		if byKind[k] == nil {
			open = append(open, k)
		}
		byKind[k] = append(byKind[k], r)
	}
	stopEarly := spare >= 0 && len(open) > manyKinds
	var out []cluster
	largest, done := 0, 0
	for len(open) > 0 {
		members := open[:1:1]
		open = open[1:]
		c := cluster{score: 1}
		for i := 0; i < len(members); i++ {
			m := members[i]
			open = slices.DeleteFunc(open, func(k fileKind) bool {
				s := m.score(k)
				if s < alikeFrom {
					return false
				}
				c.score = min(c.score, s)
				members = append(members, k)
				return true
			})
		}
		for _, m := range members {
			c.files = append(c.files, byKind[m]...)
			if len(byKind[m]) > 1 {
				c.score = min(c.score, m.score(m))
			}
		}
		sortRecords(c.files)
		out = append(out, c)
		largest, done = max(largest, len(c.files)), done+len(c.files)
		if stopEarly && done-largest > spare {
			break
		}
	}
	return out
}

func sortRecords(rs []*record) {
	slices.SortFunc(rs, func(a, b *record) int { return strings.Compare(a.path, b.path) })
}

// seriesName returns the name that a set of files has in common, without what differs in digits or behind three letters
// or more; ok is false if their names are no series. It may be empty: names of digits alone are a series too.
func seriesName(records []*record) (name string, ok bool) {
	first := strings.ToLower(stem(records[0].path))
	pattern, prefix, same := withoutDigits(first), first, true
	for _, r := range records[1:] {
		n := strings.ToLower(stem(r.path))
		same = same && withoutDigits(n) == pattern
		for !strings.HasPrefix(n, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	if same {
		return strings.Trim(strings.ReplaceAll(pattern, "#", ""), " _-.()[]"), true
	}
	if i := strings.LastIndexFunc(prefix, func(r rune) bool { return !unicode.IsLetter(r) }); i > 0 { // a whole word
		prefix = prefix[:i]
	}
	return strings.TrimRight(prefix, " _-."), letterPrefix(prefix, prefix) >= 3
}

// isSeries reports whether the names of files look like parts of one set.
func isSeries(records []*record) bool {
	_, ok := seriesName(records)
	return ok
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
