package catalog

import (
	"fmt"
	"slices"
	"strings"

	"tarn/storage"
)

// buildTables makes the tables of records, which are in the order of their paths; root is the name of the root, and c what
// lake.yaml says. IDs and versions are left at zero. The result depends on the arguments alone.
func buildTables(records []*record, root string, c *config) []*Table {
	groups := groupTables(records, root, c)
	tables := make([]*Table, 0, len(groups))
	for _, g := range groups {
		if t := buildTable(g, c); t != nil {
			tables = append(tables, t)
		}
	}
	slices.SortFunc(tables, func(a, b *Table) int {
		if c := strings.Compare(a.Schema, b.Schema); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return tables
}

// buildTable joins the columns of a group's files; nil if none can be read with the types that are given.
func buildTable(g group, c *config) *Table {
	t := &Table{Schema: g.schema, Name: g.name, said: g.said, Notices: g.notices, LeftOut: g.leftOut, why: g.why, score: g.score, near: g.near, Files: make([]*File, 0, len(g.files))}
	for _, r := range g.files {
		file := r.effective().file
		if file == nil {
			t.LeftOut = append(t.LeftOut, storage.Skip{Path: r.path, Reason: r.effective().reason})
			continue
		}
		if v := g.dated[r]; v != nil {
			f := *file
			f.Partition, f.of = v, file
			file = &f
		}
		t.Files = append(t.Files, file)
	}
	if len(t.Files) == 0 {
		return nil
	}
	named := append(nameByPlace(t.Files), twins(t.Files)...)
	var beside, renamed []string
	t.Files, beside = besideOwn(t.Files)
	t.Files, renamed = renameColumns(g.said, t.Files)
	var told []settled
	t.Files, told = settleSpelling(t.Files)
	columns, drift := joinColumns(t.Files, namedTypes(g.said))
	spelled := spellingNotices(told, columns)
	partitions, odd := partitionColumns(t.Files)
	keys := map[string]bool{}
	for _, p := range partitions {
		keys[foldName(p.Name)] = true
	}
	for _, c := range columns {
		if !keys[foldName(c.Name)] {
			t.Columns = append(t.Columns, c)
		}
	}
	t.Columns = append(t.Columns, partitions...)
	t.Notices = slices.Concat(t.Notices, named, beside, renamed, spelled, drift, odd)
	for _, s := range t.LeftOut {
		t.Notices = append(t.Notices, "the rows of "+s.Path+" are missing, because it cannot be read: "+s.Reason)
	}
	c.settle(t)
	return t
}

// twins tells of files that look like copies of each other, one compressed and one not: each counts.
func twins(files []*File) (notices []string) {
	for i, f := range files[1:] {
		o := files[i] // they stand beside each other in the order of paths
		if f.Kind.Compression != o.Kind.Compression && f.Rows == o.Rows && dirOf(f.Path) == dirOf(o.Path) && stem(f.Path) == stem(o.Path) {
			notices = append(notices, fmt.Sprintf("%s and %s may hold the same %d rows, which count twice; delete one of them", o.Path, f.Path, f.Rows))
		}
	}
	return notices
}

// nameByPlace gives the columns of files without a header line the names that files with one have at their places, and
// returns a notice. It prefers a file with the same types.
func nameByPlace(files []*File) (notices []string) {
	var named []string
	var by *File
	headed := map[int][]*File{} // a file of each form, by the number of columns
	seen := map[*form]bool{}
	for _, f := range files {
		if f.CSV != nil && !f.form.headerless() && !seen[f.form] {
			seen[f.form] = true
			headed[len(f.Columns)] = append(headed[len(f.Columns)], f)
		}
	}
	for at, f := range files {
		if f.CSV == nil || !f.form.headerless() || headed[len(f.Columns)] == nil {
			continue
		}
		like := headed[len(f.Columns)]
		by = like[max(0, slices.IndexFunc(like, func(o *File) bool { return fitsByPlace(f.form, o.form) }))]
		columns := slices.Clone(f.Columns)
		for c := range columns {
			columns[c].Name = by.Columns[c].Name
		}
		files[at] = f.with(columns)
		named = append(named, f.Path)
	}
	switch len(named) {
	case 0:
		return nil
	case 1:
		return []string{named[0] + " has no header line: its columns have the names that those of " + by.Path + " have at their places"}
	}
	return []string{fmt.Sprintf("%d files have no header line, e.g. %s: their columns have the names that those of %s have at their places", len(named), named[0], by.Path)}
}

// allSkips joins what a walk left out with the files that could not be read, sorted by path.
func allSkips(walked []storage.Skip, records []*record) []storage.Skip {
	out := slices.Clone(walked)
	for _, r := range records {
		if e := r.effective(); e.file == nil {
			out = append(out, storage.Skip{Path: r.path, Reason: e.reason})
		}
	}
	slices.SortStableFunc(out, func(a, b storage.Skip) int { return strings.Compare(a.Path, b.Path) })
	return out
}
