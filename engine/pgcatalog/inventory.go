package pgcatalog

import (
	_ "embed"
	"strings"
	"sync"

	"tarn/engine/sqltext"
)

// relationNames are the names in the export, one a line: reading them there would take too long for every program.
//
//go:embed static/relations.txt
var relationNames string

// stock is what the catalog has, by name.
type stock struct {
	relations map[string]bool // schema.name
	functions map[string]bool // schema.name
	values    map[string]bool // functions that are called without brackets
	words     map[string]bool // that begin a name of the catalog, besides those with pg_
}

// inventory lists the relations and functions by name. It reads the names from the embedded files alone, since every statement
// asks for it.
var inventory = sync.OnceValue(func() *stock {
	s := &stock{relations: map[string]bool{}, functions: map[string]bool{}, words: map[string]bool{"information_schema": true, "oid": true, "char": true},
		values: map[string]bool{"current_user": true, "session_user": true, "current_role": true, "current_catalog": true,
			"current_schema": true}}
	for _, name := range strings.Fields(relationNames) {
		s.relations[name] = true
	}
	files, _ := functions.ReadDir("functions")
	for _, f := range files {
		text, err := functions.ReadFile("functions/" + f.Name())
		if err != nil {
			panic(err) // it is embedded
		}
		for part := range strings.SplitSeq(stripComments(string(text)), ";") {
			name, _, _ := strings.Cut(strings.TrimSpace(part), "(")
			if name == "" {
				continue
			}
			if !strings.Contains(name, ".") {
				name = "pg_catalog." + name
			}
			s.functions[name] = true
			_, bare, _ := strings.Cut(name, ".")
			s.words[bare] = true
		}
	}
	for name := range s.values {
		s.words[name] = true
	}
	for _, t := range Types {
		s.words[t.Name] = true
	}
	return s
})

// mayUse is a quick look for names of the catalog.
func (s *stock) mayUse(sql string, t sqltext.Token) bool {
	if t.Kind != sqltext.Word && t.Kind != sqltext.QuotedWord {
		return false
	}
	name := t.Name(sql)
	return strings.HasPrefix(name, "pg_") || s.words[name]
}
