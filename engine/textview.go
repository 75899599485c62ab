package engine

import (
	"encoding/json"
	"fmt"
	"strings"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/engine/textscan"
	"tarn/storage"
)

// provenance says which of the hidden columns a scan has.
type provenance struct{ file, line bool }

// The names of the hidden columns.
const (
	fileColumn = "_file"
	lineColumn = "_line"
)

func (p provenance) letters() string {
	var s string
	if p.file {
		s += "f"
	}
	if p.line {
		s += "l"
	}
	return s
}

// readsText reports whether Tarn's own readers read the group: DuckDB's would read it differently, or do not tell lines.
func (s *scan) readsText(g *scanGroup) bool {
	f := g.files[0]
	if g.copies != nil {
		return false
	}
	switch f.Kind.Format {
	case storage.CSV:
		types := s.typesByName()
		for _, c := range f.Columns {
			if !c.Text.Plain() || spellsNull(f) && c.Type.Kind != sqltype.Varchar && types[strings.ToLower(c.Name)].Kind == sqltype.Varchar {
				return true
			}
		}
		return f.CSV.Own || s.extra.line || s.hidesIndex(g)
	case storage.JSON:
		return f.JSON.Own || s.extra.line || s.hidesIndex(g)
	}
	return false
}

// paths returns the paths of the group's files in one text.
func (g *scanGroup) paths() string {
	paths := make([]string, len(g.files))
	for i, f := range g.files {
		paths[i] = f.Path
	}
	return strings.Join(paths, pathSeparator)
}

// spellsNull reports whether words mean NULL in a delimited file. A column that other files make text keeps them: the same word
// must not be text in one file and NULL in another.
func spellsNull(f *catalog.File) bool { return len(f.CSV.NullText) > 1 }

// formKey tells columns apart that Rows must be asked for in different ways.
func formKey(f *catalog.File, c infer.Column) string {
	if c.Text == nil && !spellsNull(f) {
		return ""
	}
	text, err := json.Marshal(c.Text)
	if err != nil {
		panic(fmt.Sprintf("the form of a column does not marshal: %v", err))
	}
	return fmt.Sprintf(" %s %t", text, c.Type.Kind == sqltype.Varchar)
}

// textReader returns the call of Tarn's own reader.
func (s *scan) textReader(g *scanGroup, files string) string {
	f := g.files[0]
	spec := &textscan.Spec{Compression: f.Kind.Compression}
	for _, f := range g.files {
		spec.Rows += max(0, f.Rows)
	}
	if f.Kind.Format == storage.JSON {
		spec.JSON = f.JSON
		return fmt.Sprintf("(SELECT from_json(json, %s) AS record, line, file_index, file FROM %s(%s, %s))",
			sqltype.QuoteText(s.jsonStructure(g)), textscan.Name, files, sqltype.QuoteText(spec.String()))
	}
	spec.CSV = f.CSV
	types := s.typesByName()
	for _, c := range f.Columns {
		form := c.Text
		if t := types[strings.ToLower(c.Name)]; (form != nil || spellsNull(f)) && t.Kind == sqltype.Varchar && c.Type.Kind != sqltype.Varchar {
			form = &infer.TextForm{Keep: true} // other files made the column text: it shows what the file spells
		}
		spec.Columns = append(spec.Columns, form)
	}
	return fmt.Sprintf("%s(%s, %s)", textscan.Name, files, sqltype.QuoteText(spec.String()))
}

// textColumn returns the expression for column f of a file, the at-th, that is column c of the table.
func (s *scan) textColumn(g *scanGroup, f infer.Column, at int, c catalog.Column) string {
	name := sqltype.QuoteName(c.Name)
	switch {
	case g.files[0].Kind.Format == storage.JSON && g.files[0].JSON.Records:
		return fmt.Sprintf("record.%s AS %s", sqltype.QuoteName(f.From()), name)
	case g.files[0].Kind.Format == storage.JSON:
		return "record AS " + name
	case c.Type.Kind == sqltype.Varchar:
		return fmt.Sprintf("c%d AS %s", at, name)
	}
	return fmt.Sprintf("CAST(c%d AS %s) AS %s", at, c.Type, name)
}

// jsonStructure returns the second argument of from_json, which reads a record as read_json does with the same types.
func (s *scan) jsonStructure(g *scanGroup) string {
	types := s.typesByName()
	var parts []string
	for _, c := range g.columns() {
		t, ok := types[strings.ToLower(c.Name)]
		if !ok { // a partition key of the same name hides it
			t = sqltype.Of(sqltype.Varchar)
		}
		if !g.files[0].JSON.Records {
			return jsonText(t.String())
		}
		parts = append(parts, jsonText(c.From())+":"+jsonText(t.String()))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func jsonText(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("a text does not marshal: %v", err))
	}
	return string(text)
}

// typesByName returns the types of the table's columns that its files hold, by their names in lower case.
func (s *scan) typesByName() map[string]sqltype.Type {
	types := map[string]sqltype.Type{}
	for _, c := range s.table.Columns {
		if !c.Partition {
			types[strings.ToLower(c.Name)] = c.Type
		}
	}
	return types
}

// extraColumns returns the expressions of the hidden columns.
func (s *scan) extraColumns(g *scanGroup) []string {
	var out []string
	switch {
	case !s.extra.file:
	case s.readsText(g):
		out = append(out, "file AS "+fileColumn)
	default:
		out = append(out, fmt.Sprintf("CAST(%s AS VARCHAR[])[%s] AS %s", s.list(g, "_f", splitSQL(g.paths())), s.fileNumber(g), fileColumn))
	}
	switch {
	case !s.extra.line:
	case s.readsText(g):
		out = append(out, "line AS "+lineColumn)
	default:
		out = append(out, "CAST(NULL AS BIGINT) AS "+lineColumn)
	}
	return out
}
