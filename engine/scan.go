package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/engine/textscan"
	"tarn/storage"
)

// scanGroup is the files of a table that one DuckDB reader can read: same format, dialect and own columns.
type scanGroup struct {
	files  []*catalog.File
	copies []string // absolute paths of the files' columnar copies, which are read instead; nil if the files themselves are
	name   string   // of the variable that holds the file list, unquoted
}

// scan is how a statement reads some files of one version of a table: a query over its groups and the lists that it needs. It never
// changes.
type scan struct {
	root   *storage.Root
	table  *catalog.Table
	extra  provenance // hidden columns, behind the table's own
	chosen choice
	groups []*scanGroup
	query  string
	lists  []fileList // what the query gets through variables
}

// fileList is a variable that holds a list with an element for each file of a group.
type fileList struct{ name, sql string }

// fewFiles is how many files a query lists itself. Setting a variable takes 0.1 ms; with a long list in it, a query takes long to parse.
const fewFiles = 8

// list returns the expression for a list of a group: the list itself if it is short, else the variable that is to hold it.
func (s *scan) list(g *scanGroup, suffix, sql string) string {
	if len(g.files) <= fewFiles {
		return "(" + sql + ")"
	}
	l := fileList{g.name + suffix, sql}
	if !slices.Contains(s.lists, l) {
		s.lists = append(s.lists, l)
	}
	return "getvariable('" + l.name + "')"
}

// choice is the files of a table that a statement reads.
type choice struct {
	files  []int          // ascending indexes into the table's files
	copies map[int]string // absolute paths of the columnar copies of those files that have one
	serial bool           // a delimited file is read by one thread
	summed bool           // all that is done with its floating-point columns is to add them up
}

// allFiles is the choice of everything, as it stands in the lake.
func allFiles(t *catalog.Table) choice {
	c := choice{files: make([]int, len(t.Files))}
	for i := range c.files {
		c.files[i] = i
	}
	return c
}

// scanNumber tells the variables of one scan from those of another.
var scanNumber atomic.Int64

// newScan groups the chosen files of a table. Files that differ in their columns or dialect need readers of their own, because
// DuckDB would sniff, or drop columns in silence, if one reader were given both.
func newScan(root *storage.Root, t *catalog.Table, extra provenance, chosen choice) *scan {
	s := &scan{root: root, table: t, extra: extra, chosen: chosen}
	number := scanNumber.Add(1)
	byKey, names := map[string]*scanGroup{}, map[string]string{}
	for _, c := range t.Columns {
		names[strings.ToLower(c.Name)] = c.Name
	}
	for _, i := range chosen.files {
		f := t.Files[i]
		copied, ok := chosen.copies[i]
		key := groupKey(f, names)
		if hidesFile(f) { // DuckDB's option of the name would hide the file's own column from filters
			key = f.Path
		}
		if ok {
			key = copyKey(f)
		}
		g := byKey[key]
		if g == nil {
			g = &scanGroup{name: fmt.Sprintf("%s%d_%d", s.prefix(), number, len(s.groups))}
			byKey[key] = g
			s.groups = append(s.groups, g)
		}
		g.files = append(g.files, f)
		if ok {
			g.copies = append(g.copies, copied)
		}
	}
	s.query = s.selectSQL()
	return s
}

// prefix begins the names of the variables of all scans of the table with the same hidden columns.
func (s *scan) prefix() string { return tablePrefix(s.table, s.extra) }

func tablePrefix(t *catalog.Table, extra provenance) string {
	return fmt.Sprintf("tarn_%s%d_", extra.letters(), t.ID)
}

// queryVariable names the variable that holds the query that reads a table: what the table's view runs. It tells versions apart, so
// that a view of another version finds nothing rather than the wrong files.
func queryVariable(t *catalog.Table, extra provenance) string {
	return tablePrefix(t, extra) + "v" + strconv.FormatInt(t.Version, 10)
}

// querySQL returns the FROM clause's item that reads a table through its variable.
func querySQL(t *catalog.Table, extra provenance) string {
	return "query(getvariable('" + queryVariable(t, extra) + "'))"
}

// copyKey is equal for columnar copies that one reader can read.
func copyKey(f *catalog.File) string {
	var b strings.Builder
	b.WriteString("copy")
	for _, c := range f.Columns {
		b.WriteString("," + strconv.Quote(c.Name))
	}
	return b.String()
}

// groupKey is equal for files that one reader can read. names are the table's columns by their lower-case names.
func groupKey(f *catalog.File, names map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d ", f.Kind.Format, f.Kind.Compression)
	switch f.Kind.Format {
	case storage.CSV:
		d := *f.CSV
		d.MaxLine, d.Score, d.OneLine = 0, 0, false
		fmt.Fprintf(&b, "%q", fmt.Sprint(d))
		for _, c := range f.Columns {
			b.WriteString("," + strconv.Quote(c.Name)) // the types are the table's
			b.WriteString(formKey(f, c))
		}
	case storage.JSON:
		l := *f.JSON
		l.MaxRecord = 0
		fmt.Fprintf(&b, "%q", fmt.Sprint(l))
		for _, c := range f.Columns { // a key that a record lacks is NULL anyway, but one in another case is not found
			if names[strings.ToLower(c.Name)] != c.From() {
				b.WriteString("," + strconv.Quote(c.From()))
			}
		}
	default:
		for _, c := range f.Columns {
			b.WriteString("," + strconv.Quote(c.Name) + strconv.Quote(c.Source) + " " + c.Type.String())
		}
	}
	return b.String()
}

// viewSQL returns the statement that makes a table's view, which runs what the session's variable holds.
func viewSQL(t *catalog.Table) string {
	return "CREATE OR REPLACE VIEW " + viewName(t) + " AS SELECT * FROM query(coalesce(getvariable('" + queryVariable(t, provenance{}) + "'), " + sqltype.QuoteText(unsetSQL(t)) + "))"
}

// unsetSQL is what a view runs as long as its variable holds nothing: it tells the columns, and fails if it is run. Setting a variable just
// to make the view takes as long as making it. No value is a constant, from which DuckDB could conclude that a condition keeps no row.
func unsetSQL(t *catalog.Table) string {
	var exprs []string
	for _, c := range t.Columns {
		exprs = append(exprs, fmt.Sprintf("CAST(unset AS %s) AS %s", c.Type, sqltype.QuoteName(c.Name)))
	}
	message := sqltype.QuoteText("no files were chosen for table " + t.Schema + "." + t.Name)
	return "SELECT " + strings.Join(exprs, ", ") + " FROM (SELECT CAST(error(" + message + ") AS VARCHAR) AS unset) WHERE unset IS NULL"
}

// selectSQL returns the query that reads the chosen files.
func (s *scan) selectSQL() string {
	if len(s.groups) == 0 {
		return s.emptySQL()
	}
	branches := make([]string, len(s.groups))
	for i, g := range s.groups {
		branches[i] = s.branch(g)
	}
	return strings.Join(branches, " UNION ALL ")
}

// emptySQL returns a query of the table's columns without rows, which opens no file.
func (s *scan) emptySQL() string {
	var exprs []string
	for _, c := range s.table.Columns {
		exprs = append(exprs, fmt.Sprintf("CAST(NULL AS %s) AS %s", c.Type, sqltype.QuoteName(c.Name)))
	}
	if s.extra.file {
		exprs = append(exprs, "CAST(NULL AS VARCHAR) AS "+fileColumn)
	}
	if s.extra.line {
		exprs = append(exprs, "CAST(NULL AS BIGINT) AS "+lineColumn)
	}
	return "SELECT " + strings.Join(exprs, ", ") + " WHERE false"
}

// viewName is a table's name in DuckDB.
func viewName(t *catalog.Table) string {
	return database + "." + sqltype.QuoteName(t.Schema) + "." + sqltype.QuoteName(t.Name)
}

// branch returns the SELECT over one group, with exactly the table's columns and types, then the hidden ones.
func (s *scan) branch(g *scanGroup) string {
	own := map[string]int{}
	columns := g.columns()
	for i, c := range columns {
		own[strings.ToLower(c.Name)] = i
	}
	exprs, keys := make([]string, len(s.table.Columns)), 0
	for i, c := range s.table.Columns {
		name, typ := sqltype.QuoteName(c.Name), c.Type.String()
		at, ok := own[strings.ToLower(c.Name)]
		switch {
		case c.Partition && g.oneValue(c):
			exprs[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", partitionLiteral(partitionValue(g.files[0], c)), typ, name)
			keys++
		case c.Partition:
			exprs[i] = fmt.Sprintf("CAST(%s AS %s[])[%s] AS %s", s.list(g, fmt.Sprintf("_%d", keys), partitionSQL(g.files, c)), typ, s.fileNumber(g), name)
			keys++
		case !ok:
			exprs[i] = fmt.Sprintf("CAST(NULL AS %s) AS %s", typ, name)
		case g.copies != nil:
			exprs[i] = copiedColumn(c)
		case s.readsText(g):
			exprs[i] = s.textColumn(g, columns[at], at, c)
		default:
			exprs[i] = readColumn(g, columns[at], c, !s.chosen.summed && g.mayHideNaN(at))
		}
	}
	exprs = append(exprs, s.extraColumns(g)...)
	return "SELECT " + strings.Join(exprs, ", ") + " FROM " + s.reader(g)
}

// oneValue reports whether all files of the group are of one value of a partition column.
func (g *scanGroup) oneValue(c catalog.Column) bool {
	first := partitionValue(g.files[0], c)
	return !slices.ContainsFunc(g.files, func(f *catalog.File) bool { return partitionValue(f, c) != first })
}

// readColumn returns the expression for a column that DuckDB's readers read; see mayHideNaN.
func readColumn(g *scanGroup, f infer.Column, c catalog.Column, mayHideNaN bool) string {
	name, from := sqltype.QuoteName(c.Name), sqltype.QuoteName(f.From())
	if mayHideNaN {
		from = "TRY(" + from + ")"
	}
	switch {
	case g.files[0].Kind.Format != storage.Parquet, f.Type.Equal(c.Type):
		return fmt.Sprintf("%s AS %s", from, name)
	}
	return fmt.Sprintf("CAST(%s AS %s) AS %s", from, c.Type, name)
}

// hidesIndex reports whether the files have a column called as DuckDB's file_index, which is then not to be had.
func (s *scan) hidesIndex(g *scanGroup) bool {
	return slices.ContainsFunc(g.columns(), func(c infer.Column) bool { return strings.EqualFold(c.From(), "file_index") })
}

// mayHideNaN reports whether a column of Parquet files may hold NaN beyond the bounds that the files state, as most writers leave it
// out of them. DuckDB trusts those bounds, and TRY keeps it from that: it costs a few per cent, where x > 5 would lose the NaN.
func (g *scanGroup) mayHideNaN(at int) bool {
	first := g.files[0]
	if first.Kind.Format != storage.Parquet || g.copies != nil || !hasFloat(first.Columns[at].Type) {
		return false
	}
	return first.Columns[at].Type.IsNested() || slices.ContainsFunc(g.files, func(f *catalog.File) bool { return !f.Columns[at].Stats.HasMinMax })
}

// hasFloat reports whether values of a type are or hold floating-point numbers.
func hasFloat(t sqltype.Type) bool {
	return t.Kind == sqltype.Float || t.Kind == sqltype.Double || slices.ContainsFunc(t.Fields, func(f sqltype.Field) bool { return hasFloat(f.Type) })
}

// hidesFile reports whether a Parquet file has columns with the names of both of the things by which DuckDB tells files apart.
func hidesFile(f *catalog.File) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(f.Columns, func(c infer.Column) bool { return strings.EqualFold(c.From(), name) })
	}
	return f.Kind.Format == storage.Parquet && has("file_index") && has("filename")
}

// fileNumber returns the expression for a row's file: its place in the group's list, from 1.
func (s *scan) fileNumber(g *scanGroup) string {
	if len(g.files) == 1 {
		return "1"
	}
	if s.hidesIndex(g) && !s.readsText(g) {
		return fmt.Sprintf("list_position(CAST(%s AS VARCHAR[]), tarn_path)", s.list(g, "_p", splitSQL(g.absolute(s.root, func(p string) string { return p }))))
	}
	return "CAST(file_index AS BIGINT) + 1"
}

// Separators for the lists that variables hold. No cleaned absolute path holds two slashes in a row, and the control
// characters are checked for; one long literal parses a hundred times faster than a list of many.
const (
	pathSeparator = textscan.PathSeparator
	partSeparator = "\x1f"
	partNull      = "\x1e"
)

// splitSQL returns a list of texts that are parted by pathSeparator.
func splitSQL(joined string) string {
	return fmt.Sprintf("string_split(%s, '%s')", sqltype.QuoteText(joined), pathSeparator)
}

// variablesSQL returns the statements that set what the table's view reads: the lists, then the query.
func (s *scan) variablesSQL() []string {
	var out []string
	for _, l := range s.lists {
		out = append(out, "SET VARIABLE "+l.name+" = "+l.sql)
	}
	return append(out, "SET VARIABLE "+queryVariable(s.table, s.extra)+" = "+sqltype.QuoteText(s.query))
}

// absolute returns the absolute paths of the group's files in one text, each spelled by f.
func (g *scanGroup) absolute(root *storage.Root, f func(string) string) string {
	paths := make([]string, len(g.files))
	for i, file := range g.files {
		if g.copies != nil {
			paths[i] = f(g.copies[i])
		} else {
			paths[i] = f(root.Abs(file.Path))
		}
	}
	return strings.Join(paths, pathSeparator)
}

// partitionValue returns a file's value of a partition column, or partNull.
func partitionValue(f *catalog.File, c catalog.Column) string {
	for _, p := range f.Partition {
		if strings.EqualFold(p.Key, c.Name) && !p.Null {
			return p.Value
		}
	}
	return partNull
}

// partitionLiteral spells a partition value.
func partitionLiteral(v string) string {
	if v == partNull {
		return "NULL"
	}
	return sqltype.QuoteText(v)
}

// partitionSQL returns the list of the files' values of one partition column.
func partitionSQL(files []*catalog.File, c catalog.Column) string {
	values := make([]string, len(files))
	for i, f := range files {
		values[i] = partitionValue(f, c)
	}
	return textList(values, c.Type)
}

// textList returns a list of a type, whose values are given as text, or partNull.
func textList(values []string, t sqltype.Type) string {
	for _, v := range values {
		if v != partNull && strings.ContainsAny(v, partSeparator+partNull) {
			return literalList(values, t)
		}
	}
	return fmt.Sprintf("CAST(list_transform(string_split(%s, chr(31)), lambda v: nullif(v, chr(30))) AS %s[])",
		sqltype.QuoteText(strings.Join(values, partSeparator)), t)
}

// literalList is the slow spelling, for values that hold the separators.
func literalList(values []string, t sqltype.Type) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = partitionLiteral(v)
	}
	return fmt.Sprintf("CAST([%s] AS %s[])", strings.Join(parts, ", "), t)
}

// escapeGlob makes DuckDB take a path literally: it treats *, ? and [ as patterns even in a list of files, so that
// a[1].csv would read a1.csv.
func escapeGlob(path string) string {
	if !strings.ContainsAny(path, "*?[") {
		return path
	}
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}
