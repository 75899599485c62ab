package repl

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/sqltext"
	"tarn/repl/render"
	"tarn/storage"
)

// maxNotices is how many notices of a table's files are shown.
const maxNotices = 10

var (
	textType   = sqltype.Of(sqltype.Varchar)
	numberType = sqltype.Of(sqltype.BigInt)
)

// listTables writes one row for each table whose name matches the pattern.
func (r *REPL) listTables(_ context.Context, pattern string) error {
	pattern = strings.ToLower(strings.ReplaceAll(pattern, `"`, ""))
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("the pattern %q cannot be read: a [ has no end", pattern)
	}
	snap := r.session.Snapshot()
	var rows [][]any
	for _, t := range snap.Tables {
		if !matches(pattern, t) {
			continue
		}
		rows = append(rows, []any{t.Schema, t.Name, formatsOf(t), int64(len(t.Columns)), int64(len(t.Files)),
			known(t.Rows()), t.Bytes()})
	}
	columns := []render.Column{{Name: "schema", Type: textType}, {Name: "table", Type: textType},
		{Name: "format", Type: textType}, {Name: "columns", Type: numberType}, {Name: "files", Type: numberType},
		{Name: "rows", Type: numberType}, {Name: "bytes", Type: numberType}}
	if err := r.showList(columns, rows); err != nil {
		return err
	}
	if n := len(snap.Skipped); n > 0 && pattern == "" && r.shownFormat().Footer {
		return r.print(render.Count(int64(n), "path") + " in no table: SELECT * FROM tarn.skipped\n")
	}
	return nil
}

func matches(pattern string, t *catalog.Table) bool {
	if pattern == "" {
		return true
	}
	// The pattern has been tried, and names have no slashes that would end a *.
	short, _ := path.Match(pattern, strings.ReplaceAll(strings.ToLower(t.Name), "/", "_"))
	long, _ := path.Match(pattern, strings.ReplaceAll(strings.ToLower(t.Schema+"."+t.Name), "/", "_"))
	return short || long
}

// known is n, or NULL for -1.
func known(n int64) any {
	if n < 0 {
		return nil
	}
	return n
}

// describe writes the columns of a table, and what else is known of it; without a name, the list of tables.
func (r *REPL) describe(ctx context.Context, name string) error {
	if name == "" {
		return r.listTables(ctx, "")
	}
	t, err := r.findTable(name)
	found := relation{}
	if err == nil {
		found.columns = t.Columns
	} else if found, err = r.findRelation(ctx, name); err != nil {
		return err
	}
	var rows [][]any
	for _, c := range found.columns {
		mark := any(nil)
		if c.Partition {
			mark = "partition"
		}
		rows = append(rows, []any{c.Name, c.Type.String(), mark})
	}
	columns := []render.Column{{Name: "column", Type: textType}, {Name: "type", Type: textType}, {Name: "role", Type: textType}}
	if err := r.showList(columns, rows); err != nil {
		return err
	}
	if t == nil {
		return nil
	}
	if r.shownFormat().Footer {
		return r.print(details(t))
	}
	fmt.Fprint(r.err, details(t)) // beside results that machines read
	return nil
}

// findTable finds the table that a name with or without its schema means.
func (r *REPL) findTable(name string) (*catalog.Table, error) {
	var parts []string
	for _, t := range sqltext.Tokens(name) {
		if t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord {
			parts = append(parts, t.Name(name))
		}
	}
	if len(parts) == 0 || len(parts) > 2 {
		return nil, fmt.Errorf("%q is no name of a table: write TABLE or SCHEMA.TABLE", name)
	}
	var found []*catalog.Table
	var names []string
	for _, t := range r.session.Snapshot().Tables {
		full := t.Schema + "." + t.Name
		if len(parts) == 2 && strings.EqualFold(full, strings.Join(parts, ".")) || len(parts) == 1 && strings.EqualFold(t.Name, parts[0]) {
			if len(parts) == 1 && t.Schema == "public" {
				return t, nil
			}
			found = append(found, t)
		}
		names = append(names, t.Name, full)
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		hint := `\dt lists all tables`
		if near := nearest(strings.Join(parts, "."), names); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		return nil, fmt.Errorf("there is no table %s: %s", name, hint)
	}
	names = nil
	for _, t := range found {
		names = append(names, t.Schema+"."+t.Name)
	}
	return nil, fmt.Errorf("%s could be %s: name the schema too", name, strings.Join(names, " or "))
}

// details says what a table consists of, in lines.
func details(t *catalog.Table) string {
	var b strings.Builder
	if len(t.Files) > 0 {
		fmt.Fprintf(&b, "format: %s\n", formatsOf(t))
	}
	switch n := len(t.Files); n {
	case 0:
		b.WriteString("files: none\n")
	case 1:
		fmt.Fprintf(&b, "file: %s\n", render.Visible(t.Files[0].Path))
	default:
		fmt.Fprintf(&b, "files: %d, %s to %s\n", n, render.Visible(t.Files[0].Path), render.Visible(t.Files[n-1].Path))
	}
	rows := "unknown"
	if n := t.Rows(); n >= 0 {
		rows, _, _ = strings.Cut(render.Count(n, "row"), " ")
	}
	fmt.Fprintf(&b, "rows: %s\nsize: %s\n", rows, byteCount(t.Bytes()))
	notices := slices.Clone(t.Notices)
	for _, f := range t.Files {
		for _, n := range f.Notices {
			notices = append(notices, f.Path+": "+n)
		}
	}
	for i, n := range notices {
		if i == maxNotices {
			fmt.Fprintf(&b, "and %s more\n", render.Count(int64(len(notices)-i), "notice"))
			break
		}
		fmt.Fprintf(&b, "notice: %s\n", render.Visible(n))
	}
	return b.String()
}

// formatsOf names the formats of the table's files, with their compression.
func formatsOf(t *catalog.Table) string {
	var names []string
	for _, f := range t.Files {
		name := f.Kind.Format.String()
		if f.Kind.Compression != storage.None {
			name += "." + f.Kind.Compression.String()
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// byteCount is n in the unit that leaves few digits.
func byteCount(n int64) string {
	if n < 1000 {
		return render.Count(n, "byte")
	}
	size, unit := float64(n), 0
	for size >= 999.5 && unit < 5 {
		size /= 1000
		unit++
	}
	return fmt.Sprintf("%.3g %s", size, [...]string{"", "kB", "MB", "GB", "TB", "PB"}[unit])
}
