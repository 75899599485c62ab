package pgcatalog

import (
	"fmt"
	"strconv"
	"strings"

	"tarn/catalog"
)

// names are what OIDs stand for, of PostgreSQL's own objects and of one snapshot of the lake.
type names struct {
	version    int64
	relations  map[int64]relationName
	byRelation map[string]int64 // schema.name
	types      map[int64]typeName
	byType     map[string]int64 // schema.name
	procs      map[int64]string
	byProc     map[string][]int64
	spaces     map[int64]string
	bySpace    map[string]int64
	roles      map[int64]string
	byRole     map[string]int64
	others     map[string]map[int64]string // by type: regoper, regconfig, regdictionary, regcollation
	said       map[string]map[int64]string // what functions of PostgreSQL say of its own objects, by function
	tables     map[int64]*liveTable
	comments   map[string]string // by class, object and column
	path       []string          // the lake's schemas in the order in which unqualified names are looked for
}

type relationName struct {
	schema, name string
	visible      bool // without its schema
	kind         string
}

type typeName struct {
	schema, name string
	elem         int64
	array        bool
}

// liveTable is a table of the lake with its numbers.
type liveTable struct {
	table *catalog.Table
	oid   int64
}

// newNames gathers the names of PostgreSQL's own objects.
func newNames(s *static) *names {
	n := &names{relations: map[int64]relationName{}, byRelation: map[string]int64{}, types: map[int64]typeName{}, byType: map[string]int64{},
		procs: map[int64]string{}, byProc: map[string][]int64{}, spaces: map[int64]string{}, bySpace: map[string]int64{},
		roles: map[int64]string{}, byRole: map[string]int64{}, others: map[string]map[int64]string{}, said: map[string]map[int64]string{},
		tables: map[int64]*liveTable{}, comments: map[string]string{}}
	s.each("pg_catalog.pg_namespace", "oid nspname", func(v []string) { n.addSpace(number(v[0]), v[1]) })
	s.each("pg_catalog.pg_class", "oid relname relnamespace relkind", func(v []string) {
		schema := n.spaces[number(v[2])]
		n.addRelation(number(v[0]), relationName{schema, v[1], schema == "pg_catalog", v[3]})
	})
	s.each("pg_catalog.pg_type", "oid typname typnamespace typelem typlen typcategory", func(v []string) {
		n.addType(number(v[0]), typeName{n.spaces[number(v[2])], v[1], number(v[3]), v[5] == "A" && v[4] == "-1"})
	})
	s.each("pg_catalog.pg_proc", "oid proname", func(v []string) {
		n.procs[number(v[0])] = v[1]
		n.byProc[v[1]] = append(n.byProc[v[1]], number(v[0]))
	})
	s.each("pg_catalog.pg_authid", "oid rolname", func(v []string) { n.addRole(number(v[0]), v[1]) })
	for typ, from := range map[string][2]string{"regoper": {"pg_operator", "oprname"}, "regconfig": {"pg_ts_config", "cfgname"},
		"regdictionary": {"pg_ts_dict", "dictname"}, "regcollation": {"pg_collation", "collname"}} {
		n.others[typ] = texts(s, "pg_catalog."+from[0], from[1])
	}
	n.others["regoperator"] = n.others["regoper"]
	for _, from := range [][3]string{{"pg_get_viewdef", "viewdef", "pretty"}, {"pg_get_indexdef", "indexdef", "def"},
		{"pg_get_constraintdef", "constraintdef", "def"}, {"pg_get_function_arguments", "procdef", "arguments"},
		{"pg_get_function_identity_arguments", "procdef", "identity"}, {"pg_get_function_result", "procdef", "result"},
		{"pg_get_functiondef", "procdef", "def"}} {
		n.said[from[0]] = texts(s, "tarn."+from[1], from[2])
	}
	s.each("pg_catalog.pg_description", "objoid classoid objsubid description", func(v []string) {
		n.comments[commentKey(v[1], v[0], v[2])] = v[3]
	})
	return n
}

func commentKey(class, object, column string) string { return class + " " + object + " " + column }

// texts maps OIDs to a column.
func texts(s *static, relation, column string) map[int64]string {
	m := map[int64]string{}
	s.each(relation, "oid "+column, func(v []string) { m[number(v[0])] = v[1] })
	return m
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func (n *names) addSpace(oid int64, name string) { n.spaces[oid], n.bySpace[name] = name, oid }

func (n *names) addRole(oid int64, name string) { n.roles[oid], n.byRole[name] = name, oid }

func (n *names) addRelation(oid int64, r relationName) {
	n.relations[oid], n.byRelation[r.schema+"."+r.name] = r, oid
}

func (n *names) addType(oid int64, t typeName) {
	n.types[oid], n.byType[t.schema+"."+t.name] = t, oid
}

// name is what a type that refers to objects shows for an OID: its number if nothing has it, - for none.
func (n *names) name(typ string, oid int64) string {
	if oid == 0 {
		return "-"
	}
	var name string
	var ok bool
	switch typ {
	case "regclass":
		var r relationName
		if r, ok = n.relations[oid]; ok {
			name = quoteIdent(r.name)
			if !r.visible {
				name = quoteIdent(r.schema) + "." + name
			}
		}
	case "regtype":
		name, ok = n.formatType(oid, -1), true
		if name == unknownType {
			ok = false
		}
	case "regproc":
		name, ok = n.procs[oid]
	case "regprocedure":
		if name, ok = n.procs[oid]; ok {
			name += "(" + n.said["pg_get_function_identity_arguments"][oid] + ")"
		}
	case "regnamespace":
		name, ok = n.spaces[oid]
		name = quoteIdent(name)
	case "regrole":
		name, ok = n.roles[oid]
		name = quoteIdent(name)
	default:
		name, ok = n.others[typ][oid]
	}
	if !ok {
		return strconv.FormatInt(oid, 10)
	}
	return name
}

// oid reads a name or a number.
func (n *names) oid(typ, text string) (int64, error) {
	text = strings.TrimSpace(text)
	if v, err := strconv.ParseInt(text, 10, 64); err == nil && v >= 0 {
		return v, nil
	}
	if text == "-" {
		return 0, nil
	}
	if typ == "regtype" {
		if oid, ok := n.typeOID(text); ok {
			return oid, nil
		}
		return 0, fmt.Errorf("type \"%s\" does not exist", text)
	}
	parts := splitIdent(text)
	if oid, ok := n.find(typ, parts); ok {
		return oid, nil
	}
	shown := strings.Join(parts, ".")
	switch typ {
	case "regclass":
		return 0, fmt.Errorf("relation \"%s\" does not exist", shown)
	case "regproc", "regprocedure":
		return 0, fmt.Errorf("function \"%s\" does not exist", text)
	case "regnamespace":
		return 0, fmt.Errorf("schema \"%s\" does not exist", shown)
	case "regrole":
		return 0, fmt.Errorf("role \"%s\" does not exist", shown)
	case "regoper", "regoperator":
		return 0, fmt.Errorf("operator does not exist: %s", text)
	case "regconfig":
		return 0, fmt.Errorf("text search configuration \"%s\" does not exist", shown)
	case "regdictionary":
		return 0, fmt.Errorf("text search dictionary \"%s\" does not exist", shown)
	}
	return 0, fmt.Errorf("collation \"%s\" does not exist", shown)
}

// find looks a name up that may be qualified.
func (n *names) find(typ string, parts []string) (int64, bool) {
	if len(parts) == 0 || len(parts) > 3 {
		return 0, false
	}
	last := parts[len(parts)-1]
	switch typ {
	case "regclass":
		if len(parts) > 1 {
			oid, ok := n.byRelation[parts[len(parts)-2]+"."+last]
			return oid, ok
		}
		for _, schema := range append([]string{"pg_catalog"}, n.path...) {
			if oid, ok := n.byRelation[schema+"."+last]; ok {
				return oid, true
			}
		}
	case "regproc", "regprocedure":
		last, _, _ = strings.Cut(last, "(")
		if found := n.byProc[last]; len(found) > 0 {
			return found[0], true
		}
	case "regnamespace":
		oid, ok := n.bySpace[last]
		return oid, ok
	case "regrole":
		oid, ok := n.byRole[last]
		return oid, ok
	default:
		for oid, name := range n.others[typ] {
			if name == last {
				return oid, true
			}
		}
	}
	return 0, false
}

// splitIdent cuts a name at its dots, unfolds quotes and folds the rest to lower case.
func splitIdent(text string) []string {
	var parts []string
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && quoted && i+1 < len(text) && text[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"':
			quoted = !quoted
		case c == '.' && !quoted:
			parts = append(parts, b.String())
			b.Reset()
		case quoted || c < 'A' || c > 'Z':
			b.WriteByte(c)
		default:
			b.WriteByte(c + 'a' - 'A')
		}
	}
	return append(parts, b.String())
}
