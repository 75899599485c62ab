package catalog

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"tarn/storage"
)

// manyFiles is the size of a folder above which a few odd files do not keep the others from being one table; nine in
// ten must be alike.
const manyFiles = 50

// group is files that become one table.
type group struct {
	order   string // the path of the file or folder it is named after, in whose order names are given out
	schema  string
	name    string // as wanted; another table may have it
	files   []*record
	why     string // why these files are a table of this name, as a sentence
	notices []string
	leftOut []storage.Skip // files of the same folder and format that cannot be read
}

// folder is the data files that are judged together: those in one folder and, if it has partition folders, below them.
type folder struct {
	dir    string // below the root; "" is the root
	root   string // name of the root
	good   []*record
	broken map[storage.Format][]*record // files that cannot be read, by format, where that is known
}

// groupFiles sorts records, which are in the order of their paths, into tables. DESIGN.md has the rule. The result is
// in the order of the groups' order.
func groupFiles(records []*record, root string) []group {
	folders := map[string]*folder{}
	for _, r := range records {
		base, _ := splitPartitions(r.path)
		f := folders[base]
		if f == nil {
			f = &folder{dir: base, root: root, broken: map[storage.Format][]*record{}}
			folders[base] = f
		}
		switch {
		case r.file != nil:
			f.good = append(f.good, r)
		case r.kind.Format != storage.Unknown:
			f.broken[r.kind.Format] = append(f.broken[r.kind.Format], r)
		}
	}
	var out []group
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f := folders[dir]
		if slices.ContainsFunc(f.good, isPartitioned) {
			out = append(out, f.partitioned()...)
		} else {
			out = append(out, f.plain()...)
		}
	}
	slices.SortStableFunc(out, func(a, b group) int { return strings.Compare(a.order, b.order) })
	return out
}

func isPartitioned(r *record) bool { return r.file.Partition != nil }

// plain groups the files of a folder without partition folders: one table, or one for each file.
func (f *folder) plain() []group {
	total := len(f.good)
	for _, rs := range f.broken {
		total += len(rs)
	}
	spare := 0
	if total > manyFiles {
		spare = total / 10
	}
	if total < 2 {
		return f.single(f.good, "it is the only file of "+f.shown())
	}
	sets := clusters(f.good, spare)
	if len(sets) == 0 {
		return nil
	}
	set := slices.MaxFunc(sets, func(a, b []*record) int { return len(a) - len(b) })
	broken := f.broken[set[0].kind.Format]
	switch {
	case len(set)+len(broken) < total-spare:
		return f.single(f.good, f.difference())
	case len(set) == 1 && !isSeries(append(broken[:len(broken):len(broken)], set[0])):
		return f.single(f.good, "it is the only file of "+f.shown()+" that can be read")
	case oneColumn(set) && !isSeries(set):
		return f.single(f.good, "one column is too little to tell whether the files of "+f.shown()+" belong together, "+
			"and their names do not say so")
	}
	why := fmt.Sprintf("the %s of %s are alike in their columns", countKind(set), f.shown())
	if len(set) == 1 {
		why = "it is the only file of " + f.shown() + " that can be read, and its name is one of a series"
	}
	g := f.whole(set, why)
	return append([]group{g}, f.single(others(f.good, set), "its columns are unlike those of the table "+g.name)...)
}

// partitioned groups the files of a folder with partition folders. Files below those are one table named after the
// folder if they are alike; else each kind is a table, named after its files if those share a name.
func (f *folder) partitioned() []group {
	var keyed, rest [][]*record
	for _, set := range clusters(f.good, -1) {
		if slices.ContainsFunc(set, isPartitioned) {
			keyed = append(keyed, set)
		} else {
			rest = append(rest, set)
		}
	}
	var out []group
	for _, set := range keyed {
		g := f.whole(set, fmt.Sprintf("the %s in the partition folders of %s are alike in their columns", countKind(set), f.shown()))
		if len(set) == 1 {
			g.why = "it is the only file in the partition folders of " + f.shown()
		}
		if len(keyed) > 1 {
			g.why = fmt.Sprintf("the files in the partition folders of %s are of %d kinds, and this is one kind", f.shown(), len(keyed))
			g.notices = []string{fmt.Sprintf("the partition folders of %s hold files of %d kinds, too different to be one table",
				f.shown(), len(keyed))}
			if name := cleanName(stem(set[0].path)); !slices.ContainsFunc(set, func(r *record) bool { return cleanName(stem(r.path)) != name }) {
				g.schema, g.name, g.order = schemaName(f.dir), name, set[0].path
			}
		}
		out = append(out, g)
	}
	for _, set := range rest {
		out = append(out, f.single(set, "its columns are unlike those of the files in the partition folders of "+f.shown())...)
	}
	return out
}

// whole makes a table named after the folder.
func (f *folder) whole(set []*record, why string) group {
	g := group{schema: schemaName(""), name: cleanName(f.root), files: set, why: why}
	if f.dir != "" {
		g.order, g.schema, g.name = f.dir, schemaName(dirOf(f.dir)), cleanName(path.Base(f.dir))
	}
	for _, r := range f.broken[set[0].kind.Format] {
		g.leftOut = append(g.leftOut, storage.Skip{Path: r.path, Reason: r.reason})
	}
	return g
}

// single makes each file a table of its own.
func (f *folder) single(files []*record, why string) []group {
	headed := map[int]string{} // a file with a header line, by its number of columns
	for _, r := range f.good {
		if r.file.form.csv != nil && !r.file.form.headerless() {
			headed[len(r.file.Columns)] = r.path
		}
	}
	var out []group
	for _, r := range files {
		g := group{order: r.path, schema: schemaName(f.dir), name: cleanName(stem(r.path)), files: []*record{r}, why: why}
		if other := headed[len(r.file.Columns)]; other != "" && r.file.form.headerless() {
			g.notices = []string{fmt.Sprintf("%s has no header line, while %s in its folder has one and as many columns: they "+
				"are not one table; give both a header line to make them one", r.path, other)}
		}
		out = append(out, g)
	}
	return out
}

// difference says why the folder's files are not one table.
func (f *folder) difference() string {
	formats := map[storage.Format]bool{}
	for _, r := range f.good {
		formats[r.kind.Format] = true
	}
	for k := range f.broken {
		formats[k] = true
	}
	if len(formats) == 1 {
		return "the files of " + f.shown() + " are too different in their columns to be one table"
	}
	var names []string
	for _, k := range slices.Sorted(maps.Keys(formats)) {
		names = append(names, k.String())
	}
	return "the files of " + f.shown() + " differ in format (" + strings.Join(names, ", ") + ")"
}

// shown names the folder in a sentence.
func (f *folder) shown() string {
	if f.dir == "" {
		return "the root folder"
	}
	return f.dir + "/"
}

// countKind says how many files of which format in words.
func countKind(set []*record) string {
	n := countFiles(len(set))
	i := strings.IndexByte(n, ' ')
	return n[:i+1] + set[0].kind.Format.String() + n[i:]
}

// oneColumn reports whether no file of the set has more than one column.
func oneColumn(set []*record) bool {
	return !slices.ContainsFunc(set, func(r *record) bool { return len(r.file.Columns) > 1 })
}

// others returns the records that are not in set; both are in the order of paths.
func others(all, set []*record) []*record {
	var out []*record
	for _, r := range all {
		if len(set) > 0 && set[0] == r {
			set = set[1:]
			continue
		}
		out = append(out, r)
	}
	return out
}
