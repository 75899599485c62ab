package catalog

import (
	"strings"

	"tarn/catalog/sqltype"
)

// The parts of the score that says how surely two files are of one table, from 0 to 1; DESIGN.md says why.
const (
	alikeFrom   = 0.5  // files of this score and above are of one table
	seriesBonus = 0.15 // for names that are a series, as those of months are
	subsetShare = 0.25 // of all names that are common where one file's names are all in the other
	subsetLeast = 3    // columns that such a file has at least
	oneColumn   = 0.4  // the most that the schemas of files with one column say
	byPlace     = 0.4  // a file without a header line beside one with the same types at the same places
	textByPlace = 0.35 // the same where all is text
	folderBonus = 0.1  // the same, more if all files with a header line are alike
)

// schemaScore is the share of all column names that two forms have in common (Jaccard index); without header lines, that
// of the columns with the same class of types.
func schemaScore(a, b *form) float64 {
	s := 0.0
	switch {
	case a == b:
		s = 1
	case a.headerless() != b.headerless():
		if b.headerless() {
			a, b = b, a
		}
		switch {
		case !fitsByPlace(a, b):
		case countTyped(b) > 0:
			s = byPlace
		case len(a.columns) > 1:
			s = textByPlace
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

// fitsByPlace reports whether the columns of a form without names may be those of one with names, place by place: they are
// of the same class of type, as most have to be, or the named one is text, which holds all.
func fitsByPlace(bare, named *form) bool {
	if len(bare.columns) != len(named.columns) {
		return false
	}
	same := 0
	for i := range bare.columns {
		switch class := classOf(named.columns[i].Type); {
		case class == classOf(bare.columns[i].Type):
			same++
		case named.columns[i].Type.Kind != sqltype.Varchar:
			return false
		}
	}
	return same*2 > len(bare.columns)
}

// countTyped counts the columns that are not text.
func countTyped(f *form) (n int) {
	for _, c := range f.columns {
		if c.Type.Kind != sqltype.Varchar {
			n++
		}
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
