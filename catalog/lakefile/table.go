package lakefile

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"tarn/catalog/sqltype"
)

// file reads the whole file.
func (p *parser) file(out *File, root *yaml.Node) {
	p.mapping(root, p.name, keys{
		"include": func(_, v *yaml.Node) { out.Include = p.patterns(v, "include") },
		"exclude": func(_, v *yaml.Node) { out.Exclude = p.patterns(v, "exclude") },
		"defaults": func(_, v *yaml.Node) {
			p.mapping(v, "defaults", keys{
				"on_reject": func(_, v *yaml.Node) { p.policy(v, &out.OnReject) },
				"csv":       func(_, v *yaml.Node) { out.CSV = p.csv(v) },
			})
		},
		"files":  func(_, v *yaml.Node) { out.Files = p.files(v) },
		"tables": func(_, v *yaml.Node) { out.Tables = p.tables(v) },
	})
}

func (p *parser) policy(n *yaml.Node, out *Policy) {
	if s, ok := p.word(n, "on_reject", string(Skip), string(Fail)); ok {
		*out = Policy(s)
	}
}

// files reads the list of options for files by glob.
func (p *parser) files(n *yaml.Node) (out []Files) {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		p.fail(n, `files must be a list, not %s; write each entry as - {glob: "raw/*.txt", csv: {delimiter: "|"}}`, kindOf(n))
		return nil
	}
	for _, item := range n.Content {
		item = resolve(item)
		f, before := Files{Line: item.Line}, len(p.problems)
		p.mapping(item, "an entry of files", keys{
			"glob": func(_, v *yaml.Node) { f.Patterns = p.patterns(v, "files") },
			"csv":  func(_, v *yaml.Node) { f.CSV = p.csv(v) },
		})
		switch {
		case len(p.problems) > before:
		case f.Patterns == nil:
			p.fail(item, "this entry of files has no glob, so that it is about no file; add glob:")
		case f.CSV == nil:
			p.fail(item, "this entry of files says nothing about its files; add csv:")
		}
		out = append(out, f)
	}
	return out
}

// tables reads the tables in their order.
func (p *parser) tables(n *yaml.Node) (out []Table) {
	names := map[string]int{}   // the line of each table, by its full name
	globs := map[string]Table{} // the table of each glob
	p.each(n, "tables", func(key, value *yaml.Node) {
		t := p.table(key, value)
		full := t.Schema + "." + t.Name
		if t.Name != "" && names[full] > 0 {
			p.fail(key, "the table %s is named twice, first on line %d; keep one", full, names[full])
		}
		names[full] = key.Line
		for _, f := range t.Files {
			if other, ok := globs[f.Glob]; ok {
				p.fail(&yaml.Node{Line: f.Line}, "the glob %q is in the tables %s.%s and %s, but a file is in one table only; remove one",
					f.Glob, other.Schema, other.Name, full)
			}
			globs[f.Glob] = t
		}
		out = append(out, t)
	})
	for _, t := range out {
		if t.Rename == nil {
			continue
		}
		full := t.Rename.Schema + "." + t.Rename.Name
		if names[full] > 0 {
			p.fail(&yaml.Node{Line: t.Rename.Line}, "the new name %s is that of the table on line %d; choose another", full, names[full])
		}
		names[full] = t.Rename.Line
	}
	return out
}

// table reads one table.
func (p *parser) table(key, value *yaml.Node) Table {
	t := Table{Line: key.Line}
	t.Schema, t.Name = p.tableName(key, key.Value)
	before := len(p.problems)
	said := map[string]*yaml.Node{}
	note := func(read func(v *yaml.Node)) func(k, v *yaml.Node) {
		return func(k, v *yaml.Node) {
			said[k.Value] = k
			read(v)
		}
	}
	p.mapping(value, "the table "+key.Value, keys{
		"files": note(func(v *yaml.Node) { t.Files = p.patterns(v, key.Value) }),
		"name": note(func(v *yaml.Node) {
			if s, ok := p.text(v, "name"); ok {
				if schema, name := p.tableName(v, s); name != "" {
					t.Rename = &Name{v.Line, schema, name}
				}
			}
		}),
		"on_reject": note(func(v *yaml.Node) { p.policy(v, &t.OnReject); t.PolicyLine = v.Line }),
		"csv":       note(func(v *yaml.Node) { t.CSV = p.csv(v) }),
		"columns":   note(func(v *yaml.Node) { t.Columns = p.columns(v, key.Value) }),
	})
	files := said["files"]
	switch {
	case len(p.problems) > before:
	case files != nil && len(t.Files) == 0:
		p.fail(files, "files of the table %s names no files; list globs, or remove the line to change a table that tarn finds", key.Value)
	case files != nil && said["name"] != nil:
		p.fail(said["name"], "a table with files: is called by its key, %s; change that and remove name:", key.Value)
	case files == nil && t.CSV != nil:
		p.fail(said["csv"], "csv of the table %s needs files: beside it, since it decides how files are read before tarn groups them "+
			"into tables; list the table's files under files:, or move the options to the section files: with a glob", key.Value)
	case len(said) == 0:
		p.fail(key, "the table %s says nothing; add files:, name:, columns: or on_reject:", key.Value)
	}
	return t
}

// unclean is what a name of a table cannot hold.
var unclean = regexp.MustCompile(`[^\p{L}\p{M}\p{Nd}_]+`)

// cleaned makes a name of a table out of something else.
func cleaned(s string) string {
	schema, name, dotted := strings.Cut(strings.ToLower(s), ".")
	parts := []string{schema}
	if dotted {
		parts = append(parts, name)
	}
	for i, part := range parts {
		if part = strings.Trim(unclean.ReplaceAllString(part, "_"), "_"); !plainName.MatchString(part) {
			part = "_" + part
		}
		parts[i] = part
	}
	return strings.Join(parts, ".")
}

// plainName is a name that SQL takes without quotes.
var plainName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$`)

// tableName reads schema.name, or a name in public.
func (p *parser) tableName(n *yaml.Node, s string) (schema, name string) {
	schema, name, dotted := strings.Cut(s, ".")
	if !dotted {
		schema, name = "public", s
	}
	for _, part := range []string{schema, name} {
		if !plainName.MatchString(part) || strings.ToLower(part) != part {
			p.fail(n, "%q is no name of a table: it must be name or schema.name, in lower case, of letters, digits and _, not beginning "+
				"with a digit; e.g. %s", s, cleaned(s))
			return "", ""
		}
	}
	return schema, name
}

// columns reads what is said of a table's columns: a type, or keys.
func (p *parser) columns(n *yaml.Node, table string) (out []Column) {
	lines := map[string]int{}
	p.each(n, "columns of "+table, func(key, value *yaml.Node) {
		c := Column{Line: key.Line, Key: key.Value}
		if first := lines[strings.ToLower(c.Key)]; first > 0 {
			p.fail(key, "the column %s is named twice, first on line %d; columns whose names differ in case only are one", c.Key, first)
		}
		lines[strings.ToLower(c.Key)] = key.Line
		switch {
		case isNull(value):
			p.fail(key, "the column %s says nothing; give a type, e.g. %s: VARCHAR, or {name: ..., type: ...}", c.Key, c.Key)
		case value.Kind == yaml.ScalarNode:
			c.Type = p.sqlType(value, c.Key)
		default:
			p.mapping(value, "the column "+c.Key, keys{
				"name": func(_, v *yaml.Node) {
					if c.Name, _ = p.text(v, "name"); c.Name == "" && v.Tag == "!!str" {
						p.fail(v, "the new name of the column %s is empty", c.Key)
					}
				},
				"type": func(_, v *yaml.Node) { c.Type = p.sqlType(v, c.Key) },
			})
		}
		out = append(out, c)
	})
	p.checkColumns(out)
	return out
}

// checkColumns finds columns that are made one, but of two types.
func (p *parser) checkColumns(columns []Column) {
	typed := map[string]Column{}
	for _, c := range columns {
		if c.Name == "" || c.Type == nil {
			continue
		}
		fold := strings.ToLower(c.Name)
		if other, ok := typed[fold]; ok && !other.Type.Equal(*c.Type) {
			p.fail(&yaml.Node{Line: c.Line}, "the columns %s and %s are both named %s, but are %s and %s; give them one type", other.Key, c.Key, c.Name, other.Type, c.Type)
		}
		typed[fold] = c
	}
}

// sqlType reads a type.
func (p *parser) sqlType(n *yaml.Node, column string) *sqltype.Type {
	s, ok := p.text(n, "the type of "+column)
	if !ok {
		return nil
	}
	t, err := sqltype.Parse(s)
	switch {
	case err == nil && (t.Kind == sqltype.Null || t.Kind == sqltype.Invalid):
		p.fail(n, "the column %s cannot be of the type %s; choose one that holds values", column, s)
	case err == nil:
		return &t
	case !strings.Contains(s, "(") && Nearest(s, typeNames) != "" && !strings.EqualFold(Nearest(s, typeNames), s):
		p.fail(n, "%q is no SQL type; did you mean %s?", s, Nearest(s, typeNames))
	default:
		p.fail(n, "%q is no SQL type; use one that DuckDB knows, e.g. VARCHAR, BIGINT, DECIMAL(18,2), DATE or TIMESTAMP", s)
	}
	return nil
}

// typeNames are the types that users mean most often.
var typeNames = []string{"VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "HUGEINT", "SMALLINT",
	"TINYINT", "FLOAT", "UUID", "JSON", "BLOB", "DECIMAL", "TEXT", "INTERVAL"}
