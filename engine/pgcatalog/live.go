package pgcatalog

import (
	"fmt"
	"hash/fnv"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// OIDs. A table's are made of its ID in the catalog, which stays as long as its schema and name do; a schema's of its name.
const (
	firstOID  = 16384 // of what PostgreSQL does not bring along
	perTable  = 4     // the table, its row type and the array of it; one is left free
	schemaOID = 1 << 30
	// Owner is the role that owns everything: PostgreSQL's first one.
	ownerOID  = 10
	publicOID = 2200
	// DatabaseOID is the OID of the only database.
	databaseOID = 5
)

// TableOID is the OID of a table of the lake.
func TableOID(t *catalog.Table) int64 { return firstOID + perTable*t.ID }

// spaceOID is the OID of a schema.
func spaceOID(name string, taken map[int64]string) int64 {
	if name == "public" {
		return publicOID
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	oid := int64(schemaOID | h.Sum32()&(schemaOID-1))
	for taken[oid] != "" && taken[oid] != name { // the order of the names decides
		oid++
	}
	return oid
}

// formatsFrom is the first OID of the access methods that stand for formats of files.
const formatsFrom = 15001

// formats are the access methods: how a table is stored.
var formats = []string{"parquet", "csv", "json", "mixed"}

// liveRelations are those whose rows come from the lake, besides PostgreSQL's own.
var liveRelations = map[string]bool{"pg_catalog.pg_namespace": true, "pg_catalog.pg_class": true, "pg_catalog.pg_attribute": true,
	"pg_catalog.pg_type": true, "pg_catalog.pg_description": true, "pg_catalog.pg_am": true}

// live is one snapshot of the lake as rows of PostgreSQL's catalog.
type live struct {
	s     *static
	names *names
	rows  map[string][][]*string // by relation
	types map[int64]attributeType
}

// attributeType is what a column takes over from its type.
type attributeType struct{ length, byVal, align, storage, collation string }

// newLive describes a snapshot. base are the names of PostgreSQL's own objects; they are not changed.
func newLive(s *static, base *names, from Source) *live {
	snap := from.Snapshot
	n := *base
	n.version = snap.Version
	n.relations, n.byRelation = maps.Clone(n.relations), maps.Clone(n.byRelation)
	n.types, n.byType = maps.Clone(n.types), maps.Clone(n.byType)
	n.spaces, n.bySpace, n.comments = maps.Clone(n.spaces), maps.Clone(n.bySpace), maps.Clone(n.comments)
	n.tables = map[int64]*liveTable{}
	n.said = maps.Clone(n.said)
	n.said["pg_get_viewdef"] = maps.Clone(n.said["pg_get_viewdef"])
	l := &live{s: s, names: &n, rows: map[string][][]*string{}, types: map[int64]attributeType{}}
	s.each("pg_catalog.pg_type", "oid typlen typbyval typalign typstorage typcollation", func(v []string) {
		l.types[number(v[0])] = attributeType{v[1], v[2], v[3], v[4], v[5]}
	})
	for i, f := range formats {
		l.add("pg_am", map[string]string{"oid": itoa(formatsFrom + int64(i)), "amname": f, "amhandler": "0", "amtype": "t"})
	}
	l.spaces(from)
	for _, t := range snap.Tables {
		l.table(t)
	}
	for _, o := range from.Others {
		l.other(o)
	}
	return l
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// defaults are the values of columns that a row does not name, by relation.
var defaults = map[string]map[string]string{
	"pg_class": fields("reloftype=0 relfilenode=0 reltablespace=0 relallvisible=0 reltoastrelid=0 relhasindex=f relisshared=f relpersistence=p " +
		"relkind=r relchecks=0 relhasrules=f relhastriggers=f relhassubclass=f relrowsecurity=f relforcerowsecurity=f relispopulated=t " +
		"relreplident=d relispartition=f relrewrite=0 relfrozenxid=0 relminmxid=0 relowner=10"),
	"pg_attribute": fields("attstattarget=-1 attndims=0 attcacheoff=-1 atttypmod=-1 attcompression= attnotnull=f atthasdef=f atthasmissing=f " +
		"attidentity= attgenerated= attisdropped=f attislocal=t attinhcount=0"),
	"pg_type": fields("typowner=10 typbyval=f typispreferred=f typisdefined=t typdelim=, typsubscript=0 typelem=0 typarray=0 typmodin=0 " +
		"typmodout=0 typanalyze=0 typstorage=x typnotnull=f typbasetype=0 typtypmod=-1 typndims=0 typcollation=0 typrelid=0 typlen=-1 typalign=d"),
}

func fields(s string) map[string]string {
	m := map[string]string{}
	for f := range strings.FieldsSeq(s) {
		k, v, _ := strings.Cut(f, "=")
		m[k] = v
	}
	return m
}

// add makes a row; columns that neither it nor defaults name are NULL.
func (l *live) add(relation string, values map[string]string) {
	r := l.s.get("pg_catalog." + relation)
	row := make([]*string, len(r.columns))
	for i, c := range r.columns {
		v, ok := values[c.name]
		if !ok {
			v, ok = defaults[relation][c.name]
		}
		if ok {
			row[i] = &v
		}
	}
	l.rows[relation] = append(l.rows[relation], row)
}

// readAll is the privilege that everyone has.
const readAll = `["=r/tarn"]`

// spaces describes the lake's schemas, the schema tarn and the order of their names.
func (l *live) spaces(from Source) {
	schemas := slices.DeleteFunc(slices.Clone(from.Schemas), func(s string) bool { return s == "public" })
	for _, t := range from.Snapshot.Tables {
		if t.Schema != "public" && !slices.Contains(schemas, t.Schema) {
			schemas = append(schemas, t.Schema)
		}
	}
	slices.Sort(schemas)
	l.names.path = append([]string{"public"}, schemas...)
	l.names.addSpace(ownSchema, "tarn")
	l.add("pg_namespace", map[string]string{"oid": itoa(ownSchema), "nspname": "tarn", "nspowner": itoa(ownerOID), "nspacl": `["=U/tarn"]`})
	for _, schema := range schemas {
		oid := spaceOID(schema, l.names.spaces)
		l.names.addSpace(oid, schema)
		l.add("pg_namespace", map[string]string{"oid": itoa(oid), "nspname": schema, "nspowner": itoa(ownerOID), "nspacl": `["=U/tarn"]`})
	}
}

// table describes a table, its row type and its columns.
func (l *live) table(t *catalog.Table) {
	oid := TableOID(t)
	l.names.tables[oid] = &liveTable{t, oid}
	rows := "-1"
	if n := t.Rows(); n >= 0 {
		rows = itoa(n)
	}
	l.relation(oid, t.Schema, t.Name, map[string]string{"relam": itoa(formatsFrom + int64(slices.Index(formats, formatOf(t)))),
		"relpages": itoa(pages(t.Bytes())), "reltuples": rows, "relnatts": itoa(int64(len(t.Columns)))})
	l.comment(oid, 0, describe(t))
	for i, c := range t.Columns {
		l.column(oid, i+1, c)
	}
}

// other describes a view, or a relation of Tarn's own.
func (l *live) other(o Other) {
	l.relation(o.OID, o.Schema, o.Name, map[string]string{"relam": "0", "relkind": o.Kind, "relpages": "0", "reltuples": "-1",
		"relnatts": itoa(int64(len(o.Columns)))})
	if o.Definition != "" {
		l.names.said["pg_get_viewdef"][o.OID] = o.Definition
	}
	l.comment(o.OID, 0, o.Comment)
	for i, c := range o.Columns {
		l.column(o.OID, i+1, catalog.Column{Name: c.Name, Type: c.Type})
	}
}

// relation describes a relation with its row type; values are those of pg_class besides its names.
func (l *live) relation(oid int64, schema, name string, values map[string]string) {
	space := itoa(l.names.bySpace[schema])
	l.names.addRelation(oid, relationName{schema, name, l.names.visible(schema, name, l.names.path), values["relkind"]})
	l.names.addType(oid+1, typeName{schema: schema, name: name})
	l.names.addType(oid+2, typeName{schema: schema, name: "_" + name, elem: oid + 1, array: true})
	maps.Copy(values, map[string]string{"oid": itoa(oid), "relname": name, "relnamespace": space, "reltype": itoa(oid + 1), "relacl": readAll})
	l.add("pg_class", values)
	l.add("pg_type", map[string]string{"oid": itoa(oid + 1), "typname": name, "typnamespace": space, "typtype": "c", "typcategory": "C",
		"typrelid": itoa(oid), "typarray": itoa(oid + 2), "typinput": "2290", "typoutput": "2291", "typreceive": "2402", "typsend": "2403"})
	l.add("pg_type", map[string]string{"oid": itoa(oid + 2), "typname": "_" + name, "typnamespace": space, "typtype": "b",
		"typcategory": "A", "typelem": itoa(oid + 1), "typsubscript": arraySubscript, "typinput": "750", "typoutput": "751",
		"typreceive": "2400", "typsend": "2401", "typanalyze": "3816"})
}

// column describes one column.
func (l *live) column(table int64, at int, c catalog.Column) {
	typ := typeOf(c.Type)
	a := l.types[typ.oid]
	l.add("pg_attribute", map[string]string{"attrelid": itoa(table), "attname": c.Name, "atttypid": itoa(typ.oid), "attlen": a.length,
		"attnum": itoa(int64(at)), "atttypmod": itoa(typ.mod), "attndims": itoa(int64(typ.dims)), "attbyval": a.byVal,
		"attalign": a.align, "attstorage": a.storage, "attcollation": a.collation})
	var said []string
	if c.Partition {
		said = append(said, "partition column: its value comes from the path of the file")
	}
	if c.Pinned != "" {
		said = append(said, "as "+c.Pinned+" says")
	}
	if shown := c.Type.String(); c.Type.IsNested() && c.Type.Kind != sqltype.List || c.Type.Kind == sqltype.HugeInt || c.Type.Kind == sqltype.UBigInt {
		said = append(said, "in the lake: "+shown)
	}
	l.comment(table, at, strings.Join(said, "; "))
}

// comment keeps a comment on a table, or on a column.
func (l *live) comment(table int64, column int, text string) {
	if text == "" {
		return
	}
	l.names.comments[commentKey("1259", itoa(table), strconv.Itoa(column))] = text
	l.add("pg_description", map[string]string{"objoid": itoa(table), "classoid": "1259", "objsubid": strconv.Itoa(column), "description": text})
}

// pages is how many blocks of PostgreSQL's size so many bytes are.
func pages(bytes int64) int64 { return min((bytes+8191)/8192, 1<<31-1) }

// formatOf is the format of a table's files.
func formatOf(t *catalog.Table) string {
	var format string
	for _, f := range t.Files {
		switch name := strings.ToLower(f.Kind.Format.String()); {
		case !slices.Contains(formats, name) || format != "" && name != format:
			return "mixed"
		default:
			format = name
		}
	}
	return format
}

// describe says in words which files a table is.
func describe(t *catalog.Table) string {
	if len(t.Files) == 0 {
		return ""
	}
	var b strings.Builder
	newest := t.Files[0]
	for _, f := range t.Files {
		if f.ID.Modified().After(newest.ID.Modified()) {
			newest = f
		}
	}
	if len(t.Files) == 1 {
		fmt.Fprintf(&b, "%s file %s", formatOf(t), t.Files[0].Path)
	} else {
		fmt.Fprintf(&b, "%d %s files in %s/", len(t.Files), formatOf(t), commonFolder(t))
	}
	fmt.Fprintf(&b, ", last changed %s", newest.ID.Modified().UTC().Format("2006-01-02 15:04 UTC"))
	var keys []string
	for _, c := range t.Columns {
		if c.Partition {
			keys = append(keys, c.Name)
		}
	}
	if len(keys) > 0 {
		b.WriteString("; partitioned by " + strings.Join(keys, ", "))
	}
	if n := t.Rejected(); n > 0 {
		fmt.Fprintf(&b, "; %d malformed rows are left out", n)
	}
	for _, s := range t.Notices {
		b.WriteString("; " + s)
	}
	return b.String()
}

// commonFolder is the folder that holds all files of a table.
func commonFolder(t *catalog.Table) string {
	dir := path.Dir(t.Files[0].Path)
	for _, f := range t.Files {
		for dir != "." && !strings.HasPrefix(f.Path, dir+"/") {
			dir = path.Dir(dir)
		}
	}
	return dir
}
