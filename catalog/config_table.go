package catalog

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/lakefile"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// groupTables sorts records, which are in the order of their paths, into tables with names that are their own: first those that
// the config makes, then those that are found in the other files.
func groupTables(records []*record, root string, c *config) []group {
	claimed, rest := c.claim(records)
	groups := append(claimed, groupFiles(rest, root)...)
	nameGroups(groups)
	if c != nil && c.change(groups) {
		nameGroups(groups)
	}
	return groups
}

// nameGroups makes names unique within each schema. Tables of the config come first.
func nameGroups(groups []group) {
	slices.SortStableFunc(groups, func(a, b group) int { return b.rank() - a.rank() })
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
}

// rank is higher for groups whose names are given.
func (g group) rank() int {
	switch {
	case g.said != nil && len(g.said.Files) > 0:
		return 2
	case g.said != nil && g.said.Rename != nil:
		return 1
	}
	return 0
}

// claim makes the tables of which the config lists the files.
func (c *config) claim(records []*record) (out []group, rest []*record) {
	if c == nil || !slices.ContainsFunc(c.patterns, func(p pattern) bool { return p.use == forTable }) {
		return nil, records
	}
	at := map[*lakefile.Table]int{}
	for _, r := range records {
		t := c.of(r.path).table
		if t == nil {
			rest = append(rest, r)
			continue
		}
		i, ok := at[t]
		if !ok {
			i = len(out)
			at[t] = i
			out = append(out, group{order: r.path, schema: t.Schema, name: t.Name, said: t, why: c.line(t.Line) + " says so"})
		}
		if r.file != nil {
			out[i].files = append(out[i].files, r)
		} else {
			out[i].leftOut = append(out[i].leftOut, storage.Skip{Path: r.path, Reason: r.reason})
		}
	}
	out = slices.DeleteFunc(out, func(g group) bool { return len(g.files) == 0 })
	for i := range out {
		out[i].dated = map[*record][]PartitionValue{}
		for _, r := range undatedLast(out[i].files, findDateFolders(out[i].files)) {
			if r.values != nil {
				out[i].dated[r.record] = r.values
			}
		}
	}
	return out, rest
}

// change marks the tables that the config changes by their name, and renames them. It reports whether a name changed.
func (c *config) change(groups []group) (renamed bool) {
	found := map[tableName]*lakefile.Table{}
	for i := range c.file.Tables {
		if t := &c.file.Tables[i]; len(t.Files) == 0 {
			found[tableName{t.Schema, t.Name}] = t
		}
	}
	for i := range groups {
		g := &groups[i]
		t := found[tableName{g.schema, g.name}]
		if t == nil || g.said != nil {
			continue
		}
		g.said = t
		if t.Rename != nil {
			renamed = true
			g.why += fmt.Sprintf("; %s renames it from %s.%s", c.line(t.Rename.Line), g.schema, g.name)
			g.schema, g.name = t.Rename.Schema, t.Rename.Name
		}
	}
	return renamed
}

// notFound tells of tables of the config that are in no snapshot.
func (c *config) notFound(tables []*Table) (notices []string) {
	if c == nil {
		return nil
	}
	have := map[tableName]bool{}
	var names []string
	for _, t := range tables {
		names = append(names, t.Schema+"."+t.Name)
		have[tableName{t.Schema, t.Name}] = true
		if t.said != nil {
			have[tableName{t.said.Schema, t.said.Name}] = true
		}
	}
	for _, t := range c.file.Tables {
		full := t.Schema + "." + t.Name
		switch {
		case have[tableName{t.Schema, t.Name}]:
		case len(t.Files) > 0:
			notices = append(notices, fmt.Sprintf("%s: there is no table %s, since none of its files is in the lake and can be read", c.line(t.Line), full))
		default:
			text := fmt.Sprintf("%s: there is no table %s to change", c.line(t.Line), full)
			if near := nearestTable(t.Name, full, names); near != "" {
				text += "; did you mean " + near + "?"
			}
			notices = append(notices, text)
		}
	}
	return notices
}

// nearestTable returns the table that a name may mean: one of the same name in another schema, or one that is spelled alike.
func nearestTable(name, full string, names []string) string {
	for _, n := range names {
		if strings.HasSuffix(n, "."+name) {
			return n
		}
	}
	return lakefile.Nearest(full, names)
}

// typePin is a type that the config gives to a column.
type typePin struct {
	t    sqltype.Type
	line int
}

// pinnedTypes returns the types that a table's columns are given, by their names in the files, in lower case. Columns that get
// one name get the type that is given to any of them.
func pinnedTypes(t *lakefile.Table) map[string]typePin {
	if t == nil {
		return nil
	}
	named, out := map[string]typePin{}, map[string]typePin{}
	for _, c := range t.Columns {
		if c.Type != nil {
			named[foldName(newName(c))] = typePin{*c.Type, c.Line}
		}
	}
	for _, c := range t.Columns {
		if pin, ok := named[foldName(newName(c))]; ok {
			out[foldName(c.Key)] = pin
		}
	}
	return out
}

// newName is the name that a column gets.
func newName(c lakefile.Column) string {
	if c.Name != "" {
		return c.Name
	}
	return c.Key
}

// namedTypes returns the types that a table's columns are given, by their names in the table, in lower case.
func namedTypes(t *lakefile.Table) map[string]sqltype.Type {
	if t == nil {
		return nil
	}
	out := map[string]sqltype.Type{}
	for _, c := range t.Columns {
		if c.Type != nil {
			out[foldName(newName(c))] = *c.Type
		}
	}
	return out
}

// renameColumns returns files whose columns have the names that the config gives them, and notices of names that it
// cannot give.
func renameColumns(said *lakefile.Table, files []*File) (out []*File, notices []string) {
	names := map[string]string{}
	if said != nil {
		for _, c := range said.Columns {
			if c.Name != "" {
				names[foldName(c.Key)] = c.Name
			}
		}
	}
	if len(names) == 0 {
		return files, nil
	}
	out = slices.Clone(files)
	for i, f := range files {
		columns, clash := renamed(f.Columns, names)
		if clash != "" {
			notices = append(notices, fmt.Sprintf("%s of %s, since it has a column of that name already", clash, f.Path))
		}
		keys := slices.Clone(f.Partition)
		for j := range keys {
			if n := names[foldName(keys[j].Key)]; n != "" {
				keys[j].Key = n
			}
		}
		out[i] = f.with(columns)
		out[i].of = f.origin()
		out[i].Partition = keys
	}
	return out, notices
}

// renamed returns columns under new names. A column keeps its name if the new one is that of another column.
func renamed(columns []infer.Column, names map[string]string) (out []infer.Column, clash string) {
	out = slices.Clone(columns)
	taken := map[string]bool{}
	for _, c := range columns {
		if names[foldName(c.Name)] == "" {
			taken[foldName(c.Name)] = true
		}
	}
	for i, c := range columns {
		n := names[foldName(c.Name)]
		switch {
		case n == "":
		case taken[foldName(n)]:
			clash = fmt.Sprintf("column %s is not renamed to %s in the rows", c.Name, n)
		default:
			taken[foldName(n)] = true
			out[i].Name, out[i].Source = n, c.From()
		}
	}
	return out, clash
}

// settle finishes a table that the config changes: its policy, the types of partition columns, what is said of each column, and
// notices of columns that it does not have.
func (c *config) settle(t *Table) {
	t.OnReject = OnRejectSkip
	if c == nil {
		return
	}
	t.OnReject = string(c.file.OnReject)
	said := t.said
	if said == nil {
		t.Pins = c.optionPins(t)
		return
	}
	if said.OnReject != "" {
		t.OnReject = string(said.OnReject)
		t.Pins = append(t.Pins, fmt.Sprintf("%s: on_reject is %s", c.line(said.PolicyLine), said.OnReject))
	}
	for _, s := range said.Columns {
		i := slices.IndexFunc(t.Columns, func(col Column) bool { return foldName(col.Name) == foldName(newName(s)) })
		if i < 0 || !hasSource(t.Files, s.Key) {
			t.Notices = append(t.Notices, c.noColumn(t, s))
			continue
		}
		col := &t.Columns[i]
		if s.Type != nil {
			col.Type = *s.Type
		}
		if s.Type != nil || col.Pinned == "" {
			col.Pinned = c.line(s.Line)
		}
	}
	t.Pins = append(t.Pins, c.optionPins(t)...)
}

// hasSource reports whether files have a column or a partition key of a name.
func hasSource(files []*File, name string) bool {
	for _, f := range files {
		if hasKey(f.origin(), foldName(name)) || slices.ContainsFunc(f.Columns, func(c infer.Column) bool { return foldName(c.From()) == foldName(name) }) {
			return true
		}
	}
	return false
}

// noColumn tells of a column that a table does not have.
func (c *config) noColumn(t *Table, s lakefile.Column) string {
	var names []string
	for _, f := range t.Files {
		for _, own := range f.Columns {
			if !slices.Contains(names, own.From()) {
				names = append(names, own.From())
			}
		}
	}
	text := fmt.Sprintf("%s: no file of the table has a column %s", c.line(s.Line), s.Key)
	if near := lakefile.Nearest(s.Key, names); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}

// optionPins says which options of delimited text the config gives to the table's files.
func (c *config) optionPins(t *Table) (out []string) {
	files := map[*saying]int{}
	var order []*saying
	for _, f := range t.Files {
		if s := c.of(f.Path); f.CSV != nil && len(s.csv) > 0 {
			if files[s]++; files[s] == 1 {
				order = append(order, s)
			}
		}
	}
	for _, s := range order {
		for _, o := range s.csv {
			value := fmt.Sprintf("%q", o.Value)
			if o.Values != nil {
				value = fmt.Sprintf("%q", o.Values)
			}
			out = append(out, fmt.Sprintf("%s: %s is %s for %s", c.line(o.Line), o.Key, value, countFiles(files[s])))
		}
	}
	return out
}
