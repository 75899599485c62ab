package engine

import (
	"fmt"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// columns returns the columns that the group's reader must be told of. JSON files differ in theirs: all of them.
func (g *scanGroup) columns() []infer.Column {
	if g.files[0].Kind.Format != storage.JSON || g.copies != nil {
		return g.files[0].Columns
	}
	var all []infer.Column
	seen := map[string]bool{}
	for _, f := range g.files {
		for _, c := range f.Columns {
			if k := strings.ToLower(c.Name); !seen[k] {
				seen[k] = true
				all = append(all, c)
			}
		}
	}
	return all
}

// reader returns the table function call that reads the group, with everything stated so that DuckDB never sniffs.
func (s *scan) reader(g *scanGroup) string {
	f := g.files[0]
	if s.readsText(g) {
		return s.textReader(g, s.list(g, "", sqltype.QuoteText(g.paths())))
	}
	files := s.list(g, "", splitSQL(g.absolute(s.root, escapeGlob)))
	switch {
	case f.Kind.Format == storage.Parquet, g.copies != nil:
		options := ", hive_partitioning = false, union_by_name = false"
		if s.hidesIndex(g) && len(g.files) > 1 {
			options += ", filename = 'tarn_path'"
		}
		return "read_parquet(" + files + options + ")"
	case f.Kind.Format == storage.JSON:
		return fmt.Sprintf("read_json(%s, columns = %s, auto_detect = false, format = '%s', records = %t, "+
			"maximum_object_size = %d, compression = '%s', hive_partitioning = false)", files, s.columnTypes(g),
			f.JSON.Shape, f.JSON.Records, max(16<<20, 2*g.longest()), compressionSQL(f.Kind.Compression))
	default:
		return fmt.Sprintf("read_csv(%s, columns = %s, auto_detect = false, %s, %s, compression = '%s', "+
			"hive_partitioning = false)", files, s.columnTypes(g), s.dialectSQL(g), s.bufferSQL(g), compressionSQL(f.Kind.Compression))
	}
}

// compressionSQL is the spelling of a compression that both text readers take.
func compressionSQL(c storage.Compression) string {
	if c == storage.None {
		return "uncompressed"
	}
	return c.String()
}

// longest returns the length of the longest record in the group, in bytes.
func (g *scanGroup) longest() int64 {
	var n int64
	for _, f := range g.files {
		if f.CSV != nil {
			n = max(n, f.CSV.MaxLine)
		} else if f.JSON != nil {
			n = max(n, f.JSON.MaxRecord)
		}
	}
	return n
}

// columnTypes returns the columns option: the file's names with the table's types, so that text is parsed once,
// straight into what the table says.
func (s *scan) columnTypes(g *scanGroup) string {
	types := s.typesByName()
	var parts []string
	for _, c := range g.columns() {
		t, ok := types[strings.ToLower(c.Name)]
		if !ok { // a partition key of the same name hides it
			t = sqltype.Of(sqltype.Varchar)
		}
		parts = append(parts, sqltype.QuoteText(c.From())+": "+sqltype.QuoteText(t.String()))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// dialectSQL returns the options of read_csv that say how the file is written.
func (s *scan) dialectSQL(g *scanGroup) string {
	d := g.files[0].CSV
	var nulls []string
	for _, n := range d.NullText {
		if !strings.HasPrefix(n, d.Escape) || d.Escape == "" {
			nulls = append(nulls, sqltype.QuoteText(n))
		}
	}
	// new_line is left out: DuckDB finds the line ends as it reads, and given a wrong or escaped one it returns no rows
	// without an error. Strict mode refuses mixed ends; the catalog has proven the file's structure already.
	return fmt.Sprintf("delim = %s, quote = %s, escape = %s, header = %t, skip = %d, nullstr = [%s], "+
		"allow_quoted_nulls = %t, encoding = %s, strict_mode = %t, null_padding = %t, parallel = %t",
		sqltype.QuoteText(d.Delimiter), sqltype.QuoteText(d.Quote), sqltype.QuoteText(d.Escape), d.Header, d.Skip,
		strings.Join(nulls, ", "), d.QuotedNull, sqltype.QuoteText(d.Encoding), !d.MixedLines, d.NullPad, s.shares(g))
}
