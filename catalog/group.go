package catalog

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"tarn/catalog/lakefile"
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
	said    *lakefile.Table // what lake.yaml says of the table; may be nil
	leftOut []storage.Skip  // files of the same folder and format that cannot be read
	score   float64         // how alike the files are; 0 if it is one file
	near    string          // for one file, which other of its folder is most like it, as a sentence; may be empty
	dated   map[*record][]PartitionValue
}

// folder is the data files that are judged together: those in one folder and, if it has partition folders, below them.
type folder struct {
	dir    string // below the root; "" is the root
	root   string // name of the root
	good   []*record
	broken map[storage.Format][]*record // files that cannot be read, by format, where that is known
	dated  map[*record][]PartitionValue // what the paths of files below folders of dates say
}

// groupFiles sorts records, which are in the order of their paths, into tables. DESIGN.md has the rule. The result is
// in the order of the groups' order.
func groupFiles(records []*record, root string) []group {
	folders := map[string]*folder{}
	for _, r := range undatedLast(records, findDateFolders(records)) {
		f := folders[r.base]
		if f == nil {
			f = &folder{dir: r.base, root: root, broken: map[storage.Format][]*record{}, dated: map[*record][]PartitionValue{}}
			folders[r.base] = f
		}
		if r.values != nil {
			f.dated[r.record] = r.values
		}
		switch {
		case r.file != nil:
			f.good = append(f.good, r.record)
		case r.kind.Format != storage.Unknown:
			f.broken[r.kind.Format] = append(f.broken[r.kind.Format], r.record)
		}
	}
	var out []group
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f := folders[dir]
		if slices.ContainsFunc(f.good, f.isPartitioned) {
			out = append(out, f.partitioned()...)
		} else {
			out = append(out, f.plain()...)
		}
	}
	slices.SortStableFunc(out, func(a, b group) int { return strings.Compare(a.order, b.order) })
	return out
}

// placedRecord is a record with the folder it is judged in.
type placedRecord struct {
	*record
	base   string
	values []PartitionValue // if folders of dates are partitions
}

// undatedLast returns the records with their folders. Folders named by dates are partitions if the files below them are
// alike, or half of them at least of kinds that are in several of those folders; else they are folders like others.
func undatedLast(records []*record, dates dateFolders) []placedRecord {
	out := make([]placedRecord, len(records))
	below := map[string][]*record{} // files below folders of dates, by the folder above
	for i, r := range records {
		base, _ := splitPartitions(r.path)
		out[i] = placedRecord{record: r, base: base}
		if len(dates) == 0 {
			continue
		}
		if above, _, dated := dates.split(r.path); dated && r.file != nil {
			below[above] = append(below[above], r)
		}
	}
	are := map[string]bool{}
	for above, files := range below {
		sets := clusters(files)
		spread := 0 // files of kinds that are in several folders
		for _, c := range sets {
			if slices.ContainsFunc(c.files, func(r *record) bool { return dirOf(r.path) != dirOf(c.files[0].path) }) {
				spread += len(c.files)
			}
		}
		are[above] = len(sets) == 1 || spread*2 >= len(files)
	}
	for i, r := range records {
		if len(are) > 0 {
			if above, values, dated := dates.split(r.path); dated && are[above] {
				out[i].base, out[i].values = above, values
			}
		}
	}
	return out
}

// isPartitioned reports whether a file is below partition folders.
func (f *folder) isPartitioned(r *record) bool { return r.file.Partition != nil || f.dated[r] != nil }

// plain groups the files of a folder without partition folders: one table named after the folder if they are alike, else one
// for each series of files that are alike, and one for each other file.
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
	sets := clusters(f.good)
	if len(sets) == 0 {
		return nil
	}
	most := slices.MaxFunc(sets, func(a, b cluster) int { return len(a.files) - len(b.files) })
	broken := f.broken[most.files[0].kind.Format]
	switch {
	case len(most.files)+len(broken) < total-spare:
		return f.parts(sets, f.good, f.difference())
	case len(most.files) == 1 && !isSeries(append(broken[:len(broken):len(broken)], most.files[0])):
		return f.single(f.good, "it is the only file of "+f.shown()+" that can be read")
	}
	why := fmt.Sprintf("the %s of %s are alike in their columns", countKind(most.files), f.shown())
	if len(most.files) == 1 {
		why = "it is the only file of " + f.shown() + " that can be read, and its name is one of a series"
	}
	g := f.whole(most, why)
	if names := severalSeries(most.files); names != nil {
		g.notices = []string{fmt.Sprintf("by their names the files are of %d series (%s), and one table since they are alike in their columns; "+
			"_file tells them apart, and tables in lake.yaml can, too", len(names), strings.Join(names, ", "))}
	}
	return append([]group{g}, f.parts(sets, others(f.good, most.files), "its columns are unlike those of the table "+g.name)...)
}

// How many series in one table are worth a notice, since more are parts of one thing, and of how many files.
const (
	mostSeries = 9
	mostNamed  = 10_000
)

// severalSeries returns the names of the series that files are of, if these are several with two files or more each: they
// may be different things that look alike, such as sales and refunds.
func severalSeries(files []*record) (names []string) {
	if len(files) > mostNamed {
		return nil
	}
	count := map[string]int{}
	for _, r := range files {
		if count[seriesOf(r.path)]++; len(count) > mostSeries {
			return nil
		}
	}
	for name, n := range count {
		if name == "" || n < 2 {
			return nil
		}
		names = append(names, name)
	}
	if slices.Sort(names); len(names) < 2 {
		return nil
	}
	return names
}

// manyAlike is from how many files on that are alike a set is one table although the names are no series.
const manyAlike = 10

// parts makes a table of each set of those files whose names are a series, or that is large, and of each other file. why
// says of a single one why it is not in a larger table.
func (f *folder) parts(sets []cluster, files []*record, why string) []group {
	left := map[*record]bool{}
	for _, r := range files {
		left[r] = true
	}
	var out []group
	for _, set := range sets {
		if len(set.files) < 2 || !left[set.files[0]] {
			continue
		}
		name, ok := seriesName(set.files)
		if !ok && len(set.files) < manyAlike {
			continue
		}
		text := fmt.Sprintf("the %s of %s with names such as %s are alike in their columns", countKind(set.files), f.shown(), path.Base(set.files[0].path))
		g := f.whole(set, text)
		g.leftOut = f.brokenLike(set)
		if ok && name != "" {
			g.schema, g.name, g.order = schemaName(f.dir), cleanName(name), set.files[0].path
		}
		out = append(out, g)
		for _, r := range set.files {
			delete(left, r)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(files), func(r *record) bool { return !left[r] })
	return append(out, f.single(rest, why)...)
}

// partitioned groups the files of a folder with partition folders. Files below those are one table named after the
// folder if they are alike; else each kind is a table, named after its files if those share a name.
func (f *folder) partitioned() []group {
	var keyed, rest []cluster
	for _, set := range clusters(f.good) {
		if slices.ContainsFunc(set.files, f.isPartitioned) {
			keyed = append(keyed, set)
		} else {
			rest = append(rest, set)
		}
	}
	var out []group
	for _, set := range keyed {
		g := f.whole(set, fmt.Sprintf("the %s in the partition folders of %s are alike in their columns", countKind(set.files), f.shown()))
		if len(set.files) == 1 {
			g.why = "it is the only file in the partition folders of " + f.shown()
		}
		if len(keyed) > 1 {
			g.why = fmt.Sprintf("the files in the partition folders of %s are of %d kinds, and this is one kind", f.shown(), len(keyed))
			g.notices = []string{fmt.Sprintf("the partition folders of %s hold files of %d kinds, too different to be one table",
				f.shown(), len(keyed))}
			most := len(set.files)*10 >= len(f.good)*9 // a few odd files do not change its name
			if name := commonName(set.files); name != "" && !most {
				g.schema, g.name, g.order = schemaName(f.dir), name, set.files[0].path
				g.leftOut = f.brokenLike(set)
			}
		}
		out = append(out, g)
	}
	for _, set := range rest {
		out = append(out, f.single(set.files, "its columns are unlike those of the files in the partition folders of "+f.shown())...)
	}
	return out
}

// commonName returns the name for a table of files that share it, or are a series; empty if they share none.
func commonName(files []*record) string {
	name := cleanName(stem(files[0].path))
	if !slices.ContainsFunc(files, func(r *record) bool { return cleanName(stem(r.path)) != name }) {
		return name
	}
	if name, ok := seriesName(files); ok && name != "" {
		return cleanName(name)
	}
	return ""
}

// whole makes a table named after the folder.
func (f *folder) whole(set cluster, why string) group {
	g := group{schema: schemaName(""), name: cleanName(f.root), files: set.files, why: why, dated: f.dated}
	if len(set.files) > 1 {
		g.score = set.score
	}
	if f.dir != "" {
		g.order, g.schema, g.name = f.dir, schemaName(dirOf(f.dir)), cleanName(path.Base(f.dir))
	}
	for _, r := range f.broken[set.files[0].kind.Format] {
		g.leftOut = append(g.leftOut, storage.Skip{Path: r.path, Reason: r.reason})
	}
	return g
}

// brokenLike returns the files that cannot be read and belong by name to some of a set.
func (f *folder) brokenLike(set cluster) (out []storage.Skip) {
	for _, r := range f.broken[set.files[0].kind.Format] {
		if slices.ContainsFunc(set.files, func(o *record) bool { return seriesOf(o.path) == seriesOf(r.path) }) {
			out = append(out, storage.Skip{Path: r.path, Reason: r.reason})
		}
	}
	return out
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
		g := group{order: r.path, schema: schemaName(f.dir), name: cleanName(stem(r.path)), files: []*record{r}, why: why, near: f.nearest(r)}
		if other := headed[len(r.file.Columns)]; other != "" && r.file.form.headerless() {
			g.notices = []string{fmt.Sprintf("%s has no header line, while %s in its folder has one and as many columns: they "+
				"are not one table; give both a header line to make them one", r.path, other)}
		}
		out = append(out, g)
	}
	return out
}

// fewFiles is the size of folders in which nearest looks.
const fewFiles = 200

// nearest says which file of the same format is most like r.
func (f *folder) nearest(r *record) string {
	if len(f.good) > fewFiles {
		return ""
	}
	var best *record
	most, own := 0.0, kindsOf([]*record{r})[0]
	for _, o := range f.good {
		if o == r || o.kind.Format != r.kind.Format {
			continue
		}
		if s := own.score(kindsOf([]*record{o})[0]); best == nil || s > most {
			best, most = o, s
		}
	}
	switch {
	case best == nil:
		return ""
	case most == 0:
		return fmt.Sprintf("no other %s file there has anything in common with it", r.kind.Format)
	case most >= alikeFrom:
		return fmt.Sprintf("%s is like it (score %.2f of 1), but there are other files too and the names are no series", best.path, most)
	}
	return fmt.Sprintf("%s is most like it, with a score of %.2f of 1, and %.2f makes one table", best.path, most, alikeFrom)
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
	if len(formats) == 1 && !slices.ContainsFunc(f.good, func(r *record) bool { return len(r.file.Columns) > 1 }) {
		return "one column is too little to tell whether the files of " + f.shown() + " belong together, and their names do not say so"
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
