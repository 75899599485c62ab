package pgcatalog

import (
	"slices"
	"strings"
)

// SearchPath returns the names of the schemas in a search path, of which each may have its database in front and may be quoted.
func SearchPath(path string) []string {
	var schemas []string
	quoted, start := false, 0
	add := func(item string) {
		if parts := splitIdent(strings.TrimSpace(item)); parts[len(parts)-1] != "" {
			schemas = append(schemas, parts[len(parts)-1])
		}
	}
	for i := range len(path) {
		switch {
		case path[i] == '"':
			quoted = !quoted
		case path[i] == ',' && !quoted:
			add(path[start:i])
			start = i + 1
		}
	}
	add(path[start:])
	return schemas
}

// visible reports whether a relation is found by its name alone: it is in a schema of the path, and none before that has the name.
func (n *names) visible(schema, name string, path []string) bool {
	if !slices.Contains(path, schema) {
		return false
	}
	for _, s := range append([]string{"pg_catalog"}, path...) {
		if s == schema {
			return true
		}
		if oid, ok := n.byRelation[s+"."+name]; ok && (s != "pg_catalog" || n.relations[oid].visible) {
			return false
		}
	}
	return false
}
