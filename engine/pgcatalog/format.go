package pgcatalog

import (
	"fmt"
	"strings"
)

// unknownType is what format_type says of an OID that no type has.
const unknownType = "???"

// spelled are the types whose names in SQL are not those in pg_type.
var spelled = map[string]string{
	"bool": "boolean", "bpchar": "character", "char": `"char"`, "any": `"any"`, "float4": "real", "float8": "double precision", "int2": "smallint",
	"int4": "integer", "int8": "bigint", "numeric": "numeric", "time": "time without time zone", "timetz": "time with time zone",
	"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone", "varbit": "bit varying",
	"varchar": "character varying", "bit": "bit", "interval": "interval",
}

// otherSpellings are names that SQL takes for types besides those of spelled.
var otherSpellings = map[string]string{
	"int": "int4", "float": "float8", "decimal": "numeric", "dec": "numeric", "varchar": "varchar", "string": "text", "time": "time",
	"timestamp": "timestamp", "char": "bpchar", "national character": "bpchar", "char varying": "varchar",
}

// formatType is format_type(oid, typmod); a typmod of -2 is NULL.
func (n *names) formatType(oid, mod int64) string {
	if oid == 0 {
		return "-"
	}
	t, ok := n.types[oid]
	if !ok {
		return unknownType
	}
	if t.array && t.elem != 0 {
		return n.formatType(t.elem, mod) + "[]"
	}
	if t.schema == "pg_catalog" {
		name, ok := spelled[t.name]
		if !ok {
			name = quoteIdent(t.name)
		}
		return withMod(t.name, name, mod)
	}
	name := quoteIdent(t.name)
	if r, ok := n.byRelation[t.schema+"."+t.name]; !ok || !n.relations[r].visible {
		name = quoteIdent(t.schema) + "." + name
	}
	return name
}

// withMod adds what a typmod says.
func withMod(typ, name string, mod int64) string {
	if mod < 0 {
		if mod == -1 && (typ == "bit" || typ == "bpchar") { // what is said of a column, not of a type
			return map[string]string{"bit": `"bit"`, "bpchar": "bpchar"}[typ]
		}
		return name
	}
	switch typ {
	case "numeric":
		return fmt.Sprintf("numeric(%d,%d)", (mod-4)>>16, (mod-4)&0x7ff)
	case "varchar", "bpchar":
		return fmt.Sprintf("%s(%d)", name, mod-4)
	case "bit", "varbit":
		return fmt.Sprintf("%s(%d)", name, mod)
	case "time", "timetz", "timestamp", "timestamptz":
		first, rest, _ := strings.Cut(name, " ")
		return fmt.Sprintf("%s(%d) %s", first, mod, rest)
	case "interval":
		if mod&0xffff != 0xffff {
			return fmt.Sprintf("interval(%d)", mod&0xffff)
		}
	}
	return name
}

// typeOID reads the name of a type as SQL spells it.
func (n *names) typeOID(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	if elem, ok := strings.CutSuffix(text, "[]"); ok {
		oid, ok := n.typeOID(elem)
		if !ok {
			return 0, false
		}
		for array, t := range n.types {
			if t.array && t.elem == oid {
				return array, true
			}
		}
		return 0, false
	}
	if i := strings.IndexByte(text, '('); i > 0 && !strings.Contains(text, `"`) { // numeric(10,2), timestamp(3) with time zone
		if j := strings.IndexByte(text, ')'); j > i {
			text = strings.TrimSpace(text[:i]) + text[j+1:]
		}
	}
	lower := strings.ToLower(text)
	if name, ok := otherSpellings[lower]; ok {
		lower, text = name, name
	}
	for name, s := range spelled {
		if s == lower {
			return n.byType["pg_catalog."+name], true
		}
	}
	parts := splitIdent(text)
	last := parts[len(parts)-1]
	if len(parts) > 1 {
		oid, ok := n.byType[parts[len(parts)-2]+"."+last]
		return oid, ok
	}
	for _, schema := range append([]string{"pg_catalog"}, n.path...) {
		if oid, ok := n.byType[schema+"."+last]; ok {
			return oid, true
		}
	}
	return 0, false
}

// reserved are the keywords that quote_ident quotes, filled from PostgreSQL's list: all but the unreserved.
var reserved = map[string]bool{}

// quoteIdent quotes a name where SQL needs it.
func quoteIdent(name string) string {
	plain := name != "" && (name[0] == '_' || name[0] >= 'a' && name[0] <= 'z') && !reserved[name]
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
