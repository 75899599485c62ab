package catalog

import (
	"slices"
	"strings"

	"tarn/storage"
)

// buildTables makes the tables of records, which are in the order of their paths; root is the name of the root. IDs and
// versions are left at zero. The result depends on the arguments alone.
func buildTables(records []*record, root string) []*Table {
	groups := groupFiles(records, root)
	bySchema := map[string][]int{}
	for i, g := range groups {
		bySchema[g.schema] = append(bySchema[g.schema], i)
	}
	for _, places := range bySchema {
		wanted := make([]string, len(places))
		for i, at := range places {
			wanted[i] = groups[at].name
		}
		for i, name := range uniqueNames(wanted) {
			groups[places[i]].name = name
		}
	}
	tables := make([]*Table, len(groups))
	for i, g := range groups {
		tables[i] = buildTable(g)
	}
	slices.SortFunc(tables, func(a, b *Table) int {
		if c := strings.Compare(a.Schema, b.Schema); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return tables
}

// buildTable joins the columns of a group's files.
func buildTable(g group) *Table {
	t := &Table{Schema: g.schema, Name: g.name, Notices: g.notices, LeftOut: g.leftOut, why: g.why, Files: make([]*File, len(g.files))}
	for i, r := range g.files {
		t.Files[i] = r.file
	}
	var spelled []string
	t.Files, spelled = settleSpelling(t.Files)
	columns, drift := joinColumns(t.Files)
	partitions, odd := partitionColumns(t.Files)
	keys := map[string]bool{}
	for _, p := range partitions {
		keys[p.Name] = true
	}
	for _, c := range columns {
		if !keys[foldName(c.Name)] {
			t.Columns = append(t.Columns, c)
		}
	}
	t.Columns = append(t.Columns, partitions...)
	t.Notices = slices.Concat(t.Notices, spelled, drift, odd)
	for _, s := range t.LeftOut {
		t.Notices = append(t.Notices, "the rows of "+s.Path+" are missing, because it cannot be read: "+s.Reason)
	}
	return t
}

// allSkips joins what a walk left out with the files that could not be read, sorted by path.
func allSkips(walked []storage.Skip, records []*record) []storage.Skip {
	out := slices.Clone(walked)
	for _, r := range records {
		if r.file == nil {
			out = append(out, storage.Skip{Path: r.path, Reason: r.reason})
		}
	}
	slices.SortStableFunc(out, func(a, b storage.Skip) int { return strings.Compare(a.Path, b.Path) })
	return out
}
