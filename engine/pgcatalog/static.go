package pgcatalog

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// exported is what scripts/pgcatalog/export.sh wrote.
//
//go:embed static/catalog.txt.gz
var exported []byte

// column is a column of a catalog relation, with its type as PostgreSQL spells it.
type column struct{ name, typ string }

// relation is a relation of PostgreSQL's catalog, and the rows that it has everywhere.
type relation struct {
	schema, name string
	view         bool
	oid          int64
	columns      []column
	rows         [][]*string // nil is NULL
}

// at returns the place of a column; it must exist.
func (r *relation) at(name string) int {
	for i, c := range r.columns {
		if c.name == name {
			return i
		}
	}
	panic(fmt.Sprintf("pgcatalog: %s.%s has no column %s", r.schema, r.name, name))
}

// static is the whole export.
type static struct {
	relations []*relation
	byName    map[string]*relation // schema.name
}

// get returns a relation that the export must have.
func (s *static) get(name string) *relation {
	r := s.byName[name]
	if r == nil {
		panic("pgcatalog: the export lacks " + name)
	}
	return r
}

// each calls do for every row of a relation, with its values in the named columns; NULL is empty.
func (s *static) each(name string, columns string, do func(v []string)) {
	r := s.get(name)
	var at []int
	for _, c := range strings.Fields(columns) {
		at = append(at, r.at(c))
	}
	v := make([]string, len(at))
	for _, row := range r.rows {
		for i, a := range at {
			v[i] = ""
			if row[a] != nil {
				v[i] = *row[a]
			}
		}
		do(v)
	}
}

// loadStatic unpacks the export, once in a process.
var loadStatic = sync.OnceValues(func() (*static, error) {
	z, err := gzip.NewReader(bytes.NewReader(exported))
	if err != nil {
		return nil, fmt.Errorf("unpack PostgreSQL's catalog: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack PostgreSQL's catalog: %w", err)
	}
	return parseStatic(string(text))
})

func parseStatic(text string) (*static, error) {
	s := &static{byName: map[string]*relation{}}
	var r *relation
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, `\r `):
			f := strings.Fields(line)
			if len(f) != 6 {
				return nil, fmt.Errorf("PostgreSQL's catalog: %q is no head of a relation", line)
			}
			oid, err := strconv.ParseInt(f[4], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("PostgreSQL's catalog: %q: %w", line, err)
			}
			r = &relation{schema: f[1], name: f[2], view: f[3] == "v", oid: oid}
			s.relations = append(s.relations, r)
			s.byName[r.schema+"."+r.name] = r
		case strings.HasPrefix(line, `\c `):
			name, typ, _ := strings.Cut(line[3:], " ")
			r.columns = append(r.columns, column{name, typ})
		default:
			row := make([]*string, 0, len(r.columns))
			for v := range strings.SplitSeq(line, "\t") {
				row = append(row, copied(v))
			}
			if len(row) != len(r.columns) {
				return nil, fmt.Errorf("PostgreSQL's catalog: a row of %s has %d values, not %d", r.name, len(row), len(r.columns))
			}
			r.rows = append(r.rows, row)
		}
	}
	return s, nil
}

// copyEscapes are what COPY writes for characters that would end a value.
var copyEscapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\b`, "\b", `\f`, "\f", `\v`, "\v")

// copied reads a value as COPY writes it.
func copied(v string) *string {
	if v == `\N` {
		return nil
	}
	if strings.IndexByte(v, '\\') >= 0 {
		v = copyEscapes.Replace(v)
	}
	return &v
}
