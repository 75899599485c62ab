package catalog

import (
	"slices"
	"strings"

	"tarn/storage"
)

// cluster is files that are alike, directly or through others.
type cluster struct {
	files []*record // in the order of paths
	score float64   // the least by which a file came in; 1 for one file
	kinds []*fileKind
}

// fileKind is files of one form, which are alike. Those of one column are so only if their names say so, too.
type fileKind struct {
	form   *form
	format storage.Format
	files  []*record
	series map[string]bool // of the files' names; made when needed
	starts map[string]bool // of their names
}

// kindKey is what files of one kind have in common.
type kindKey struct {
	form   *form
	format storage.Format
	name   string // if there is one column
}

// kindsOf sorts files by their kinds, in order of first appearance.
func kindsOf(records []*record) []*fileKind {
	var out []*fileKind
	byKey := map[kindKey]*fileKind{}
	for _, r := range records {
		key := kindKey{form: r.file.form, format: r.kind.Format}
		if len(key.form.columns) == 1 {
			var ok bool
			if key.name, ok = startOf(r.path); !ok {
				key.name = "#" + seriesOf(r.path)
			}
		}
		k := byKey[key]
		if k == nil {
			k = &fileKind{form: key.form, format: key.format}
			byKey[key] = k
			out = append(out, k)
		}
		k.files = append(k.files, r)
	}
	return out
}

// score is the likeness of the schemas, and more if names are of one series; 0 for files of different formats.
func (k *fileKind) score(o *fileKind) float64 {
	if k.format != o.format {
		return 0
	}
	s := schemaScore(k.form, o.form)
	if s > 0 && s < 1 && s+seriesBonus >= alikeFrom && k.sharesSeries(o) {
		s += seriesBonus
	}
	return min(s, 1)
}

// sharesSeries reports whether a file of each kind is of the same series. For files of one column, names that begin alike
// are enough.
func (k *fileKind) sharesSeries(o *fileKind) bool {
	for _, x := range []*fileKind{k, o} {
		if x.series != nil {
			continue
		}
		x.series, x.starts = map[string]bool{}, map[string]bool{}
		for _, r := range x.files {
			x.series[seriesOf(r.path)] = true
			if start, ok := startOf(r.path); ok {
				x.starts[start] = true
			}
		}
	}
	return meet(k.series, o.series) || len(k.form.columns) == 1 && len(o.form.columns) == 1 && meet(k.starts, o.starts)
}

// meet reports whether two sets have an element in common.
func meet(a, b map[string]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// mostCompared is how many pairs of kinds are compared in one folder. That is all pairs of 2,000 kinds.
const mostCompared = 2_000_000

// clusters splits records into sets of files that are alike, in the order of their first files. Formats never mix. It
// compares schemas, of which a folder has few, and not files.
func clusters(records []*record) []cluster {
	open := kindsOf(records)
	var out []cluster
	for compared := 0; len(open) > 0; {
		c := cluster{score: 1, kinds: []*fileKind{open[0]}}
		open = open[1:]
		for i := 0; i < len(c.kinds); i++ {
			k := c.kinds[i]
			c.files = append(c.files, k.files...)
			if len(k.files) > 1 {
				c.score = min(c.score, k.score(k))
			}
			if compared += len(open); compared > mostCompared {
				continue
			}
			open = slices.DeleteFunc(open, func(o *fileKind) bool {
				s := k.score(o)
				if s < alikeFrom {
					return false
				}
				c.score = min(c.score, s)
				c.kinds = append(c.kinds, o)
				return true
			})
		}
		out = append(out, c)
	}
	out = joinHeaderless(out)
	for _, c := range out {
		sortRecords(c.files)
	}
	return out
}

// joinHeaderless puts files without a header line to those with one if the latter are all alike, two at least, so that
// the folder looks like one table, and the types at the places fit and say something.
func joinHeaderless(sets []cluster) []cluster {
	home := -1
	for i, c := range sets {
		if !slices.ContainsFunc(c.kinds, isHeaded) {
			continue
		}
		if home >= 0 {
			return sets
		}
		home = i
	}
	if home < 0 || countHeaded(sets[home].kinds) < 2 {
		return sets
	}
	to, out := sets[home], []cluster{}
	for i, c := range sets {
		if i != home && !slices.ContainsFunc(c.kinds, func(k *fileKind) bool { return !to.hasPlaceFor(k) }) {
			to.files, to.score = append(to.files, c.files...), min(to.score, byPlace+folderBonus)
		} else {
			out = append(out, c)
		}
	}
	out[slices.IndexFunc(out, func(c cluster) bool { return c.kinds[0] == to.kinds[0] })] = to
	return out
}

// hasPlaceFor reports whether files without a header line fit by their types to some with one.
func (c cluster) hasPlaceFor(k *fileKind) bool {
	return k.form.headerless() && slices.ContainsFunc(c.kinds, func(o *fileKind) bool {
		return isHeaded(o) && fitsByPlace(k.form, o.form) && countTyped(o.form) > 0 && (len(o.form.columns) > 2 || countTyped(o.form) > 1)
	})
}

// isHeaded reports whether the files are delimited text with a header line.
func isHeaded(k *fileKind) bool { return k.form.csv != nil && !k.form.headerless() }

func countHeaded(kinds []*fileKind) (files int) {
	for _, k := range kinds {
		if isHeaded(k) {
			files += len(k.files)
		}
	}
	return files
}

func sortRecords(rs []*record) {
	slices.SortFunc(rs, func(a, b *record) int { return strings.Compare(a.path, b.path) })
}
