package catalog

import (
	"fmt"
	"slices"

	"tarn/catalog/infer"
	"tarn/storage"
)

// Report is what a crawl found and changed.
type Report struct {
	Files     int   // data files in tables
	Read      int   // files looked into because they were new or changed
	Bytes     int64 // size of the files looked into
	Added     []string
	Changed   []string // files that were known and differ now, broken ones too
	Removed   []string // files that were in tables and are gone
	Skipped   []storage.Skip
	NewSkips  []storage.Skip // those of Skipped that are new, or have another reason than before
	Notices   []string       // of lake.yaml: what is wrong with it, and what in it is about nothing
	Wrong     error          // what is wrong with lake.yaml, so that the settings before stay in force; nil if nothing is
	NewTables []string       // schema.name
	Dropped   []string
	Altered   []TableChange

	first bool // the lake was never crawled before
	same  bool // as before: nothing was added, changed, removed or skipped anew
}

// TableChange says how a table's columns changed in a crawl.
type TableChange struct {
	Table   string   // schema.name
	Changes []string // in words, with the file that caused it
}

// report compares the states before and after a crawl; they are one if nothing changed.
func (k *crawl) report(base, next *state, found *findings) *Report {
	r := &Report{first: base.stored.version == 0, Read: int(k.files.Load()), Bytes: k.bytes.Load(), Skipped: next.snap.Skipped}
	for _, t := range next.snap.Tables {
		r.Files += len(t.Files)
	}
	if r.same = base == next; r.same {
		return r
	}
	for _, f := range found.fresh {
		if found.changed[f.path] {
			r.Changed = append(r.Changed, f.path)
		} else if f.file != nil {
			r.Added = append(r.Added, f.path)
		}
	}
	for _, g := range found.gone {
		if g.file != nil {
			r.Removed = append(r.Removed, g.path)
		}
	}
	for _, list := range [][]string{r.Added, r.Changed, r.Removed} {
		slices.Sort(list)
	}
	for name := range base.stored.tables {
		if _, ok := next.stored.tables[name]; !ok {
			r.Dropped = append(r.Dropped, name.schema+"."+name.name)
		}
	}
	slices.Sort(r.Dropped)
	known := make(map[storage.Skip]bool, len(base.snap.Skipped))
	for _, s := range base.snap.Skipped {
		known[s] = true
	}
	for _, s := range r.Skipped {
		if !known[s] {
			r.NewSkips = append(r.NewSkips, s)
		}
	}
	for _, t := range next.snap.Tables {
		full := t.Schema + "." + t.Name
		if _, ok := base.stored.tables[tableName{t.Schema, t.Name}]; !ok {
			r.NewTables = append(r.NewTables, full)
		} else if changes := columnChanges(base.snap.Lookup(t.Schema, t.Name), t); len(changes) > 0 {
			r.Altered = append(r.Altered, TableChange{full, changes})
		}
	}
	return r
}

// columnChanges says in words how the columns of a table differ from before, and which file made them differ. old may be
// nil: then nothing is known of before.
func columnChanges(old, now *Table) []string {
	if old == nil || old == now {
		return nil
	}
	var out []string
	fresh := filesOnlyIn(now, old)
	for _, c := range now.Columns {
		was := findColumn(old.Columns, c.Name)
		switch {
		case was == nil:
			out = append(out, fmt.Sprintf("column %s %s added%s", c.Name, c.Type, because(", first in ", now.Files, c.Name, nil)))
		case !was.Type.Equal(c.Type):
			cause := because(": it is so in ", fresh, c.Name, was)
			if cause == "" {
				cause = because(": files changed or went, among them ", filesOnlyIn(old, now), c.Name, nil)
			}
			out = append(out, fmt.Sprintf("column %s changed from %s to %s%s", c.Name, was.Type, c.Type, cause))
		}
	}
	for _, c := range old.Columns {
		if findColumn(now.Columns, c.Name) == nil {
			out = append(out, fmt.Sprintf("column %s %s removed%s", c.Name, c.Type, because(", last in ", old.Files, c.Name, nil)))
		}
	}
	return out
}

func findColumn(columns []Column, name string) *Column {
	for i := range columns {
		if foldName(columns[i].Name) == foldName(name) {
			return &columns[i]
		}
	}
	return nil
}

// because names the first of files that has a column, of another type than not if that is given. It is empty if none has.
func because(lead string, files []*File, name string, not *Column) string {
	for _, f := range files {
		if hasKey(f, name) {
			return lead + f.Path
		}
		i := slices.IndexFunc(f.Columns, func(c infer.Column) bool { return foldName(c.Name) == foldName(name) })
		if i >= 0 && (not == nil || !f.Columns[i].Type.Equal(not.Type)) {
			return lead + f.Path
		}
	}
	return ""
}

// filesOnlyIn returns the files, by version, that a has and b has not.
func filesOnlyIn(a, b *Table) []*File {
	in := make(map[*File]bool, len(b.Files))
	for _, f := range b.Files {
		in[f.origin()] = true
	}
	return slices.DeleteFunc(slices.Clone(a.Files), func(f *File) bool { return in[f.origin()] })
}
