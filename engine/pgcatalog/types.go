package pgcatalog

import (
	"fmt"
	"strconv"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"
)

// Kind says how values of a catalog type are stored and shown.
type Kind uint8

// The kinds.
const (
	Number    Kind = iota // an integer
	Label                 // a text
	Reference             // an OID that is shown as the name of what it stands for
	Vector                // a list of integers that is shown as integers with blanks between
)

// Type is a type of PostgreSQL's catalog that DuckDB lacks. It is a type of DuckDB's by another name; columns keep the name
// through queries, so that clients are told the right OID.
type Type struct {
	Name  string // in DuckDB
	Base  string // the type as which DuckDB stores it
	OID   uint32
	Array uint32 // the OID of its array
	Size  int16
	Kind  Kind
}

// Types are all of them (src/include/catalog/pg_type.dat). DuckDB has types oid and char of its own, which mean others.
var Types = []Type{
	{"pgoid", "BIGINT", 26, 1028, 4, Number}, {"xid", "BIGINT", 28, 1011, 4, Number}, {"cid", "BIGINT", 29, 1012, 4, Number},
	{"xid8", "BIGINT", 5069, 271, 8, Number},
	{"pgchar", "VARCHAR", 18, 1002, 1, Label}, {"name", "VARCHAR", 19, 1003, 64, Label}, {"pgvarchar", "VARCHAR", 1043, 1015, -1, Label},
	{"tid", "VARCHAR", 27, 1010, 6, Label}, {"aclitem", "VARCHAR", 1033, 1034, 12, Label}, {"pg_node_tree", "VARCHAR", 194, 0, -1, Label},
	{"pg_lsn", "VARCHAR", 3220, 3221, 8, Label}, {"inet", "VARCHAR", 869, 1041, -1, Label}, {"anyarray", "VARCHAR", 2277, 0, -1, Label},
	{"pg_ndistinct", "VARCHAR", 3361, 0, -1, Label}, {"pg_dependencies", "VARCHAR", 3402, 0, -1, Label},
	{"pg_mcv_list", "VARCHAR", 5017, 0, -1, Label},
	{"regproc", "BIGINT", 24, 1008, 4, Reference}, {"regprocedure", "BIGINT", 2202, 2207, 4, Reference},
	{"regoper", "BIGINT", 2203, 2208, 4, Reference}, {"regoperator", "BIGINT", 2204, 2209, 4, Reference},
	{"regclass", "BIGINT", 2205, 2210, 4, Reference}, {"regtype", "BIGINT", 2206, 2211, 4, Reference},
	{"regrole", "BIGINT", 4096, 4097, 4, Reference}, {"regnamespace", "BIGINT", 4089, 4090, 4, Reference},
	{"regconfig", "BIGINT", 3734, 3735, 4, Reference}, {"regdictionary", "BIGINT", 3769, 3770, 4, Reference},
	{"regcollation", "BIGINT", 4191, 4192, 4, Reference},
	{"int2vector", "SMALLINT[]", 22, 1006, -1, Vector}, {"oidvector", "BIGINT[]", 30, 1013, -1, Vector},
}

var typesByName = func() map[string]*Type {
	m := map[string]*Type{}
	for i := range Types {
		m[Types[i].Name] = &Types[i]
	}
	return m
}()

// TypeNamed returns the catalog type of a name in DuckDB, or nil.
func TypeNamed(name string) *Type { return typesByName[name] }

// duckTypes are the types of catalog columns, as format_type spells them, that have another name in DuckDB.
var duckTypes = map[string]string{
	"oid": "pgoid", `"char"`: "pgchar", "text": "VARCHAR", "character varying": "pgvarchar", "boolean": "BOOLEAN", "smallint": "SMALLINT",
	"integer": "INTEGER", "bigint": "BIGINT", "real": "FLOAT", "double precision": "DOUBLE", "numeric": "DECIMAL(38,0)", "bytea": "BLOB",
	"timestamp with time zone": "TIMESTAMPTZ", "interval": "INTERVAL", "pg_statistic": "VARCHAR", "json": "JSON",
	"information_schema.sql_identifier": "name", "information_schema.character_data": "pgvarchar", "information_schema.yes_or_no": "pgvarchar",
	"information_schema.cardinal_number": "INTEGER", "information_schema.time_stamp": "TIMESTAMPTZ",
}

// duckType returns DuckDB's name of the type of a catalog column.
func duckType(pg string) string {
	elem, isArray := strings.CutSuffix(pg, "[]")
	if name, ok := duckTypes[elem]; ok {
		elem = name
	}
	if isArray {
		return elem + "[]"
	}
	return elem
}

// baseTypes are the types by which catalog types are stored.
var baseTypes = map[string]func() duck.LogicalType{
	"BIGINT":     func() duck.LogicalType { return duck.CreateLogicalType(duck.TypeBigInt) },
	"VARCHAR":    func() duck.LogicalType { return duck.CreateLogicalType(duck.TypeVarchar) },
	"SMALLINT[]": func() duck.LogicalType { return listOf(duck.TypeSmallInt) },
	"BIGINT[]":   func() duck.LogicalType { return listOf(duck.TypeBigInt) },
}

func listOf(elem duck.Type) duck.LogicalType {
	e := duck.CreateLogicalType(elem)
	defer duck.DestroyLogicalType(&e)
	return duck.CreateListType(e)
}

// registerTypes makes the catalog types and their casts known to the database of con.
func (c *Catalog) registerTypes(con duck.Connection) error {
	text := baseTypes["VARCHAR"]()
	defer duck.DestroyLogicalType(&text)
	for _, t := range Types {
		if err := c.registerType(con, t, text); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalog) registerType(con duck.Connection, t Type, text duck.LogicalType) error {
	lt, base := baseTypes[t.Base](), baseTypes[t.Base]()
	defer duck.DestroyLogicalType(&lt)
	defer duck.DestroyLogicalType(&base)
	duck.LogicalTypeSetAlias(lt, t.Name)
	if duck.RegisterLogicalType(con, lt, duck.CreateTypeInfo{}) != duck.StateSuccess {
		return fmt.Errorf("DuckDB does not take the type %s", t.Name)
	}
	if err := registerCast(con, lt, base, 1, nil); err != nil {
		return err
	}
	switch t.Kind {
	case Reference:
		if err := registerCast(con, lt, text, 200, c.castOut(t.Name)); err != nil {
			return err
		}
		return registerCast(con, text, lt, -1, c.castIn(t.Name))
	case Vector:
		if err := registerCast(con, lt, text, 200, vectorOut(t)); err != nil {
			return err
		}
	}
	return nil
}

// castOut turns OIDs into names.
func (c *Catalog) castOut(typ string) cast {
	return func(in, out duck.Vector, count int) error {
		names, from := c.names.Load(), newReading(in)
		for row := range count {
			if from.null(row) {
				setNull(out, row)
			} else {
				duck.VectorAssignStringElement(out, duck.IdxT(row), names.name(typ, from.int64(row)))
			}
		}
		return nil
	}
}

// castIn turns names into OIDs.
func (c *Catalog) castIn(typ string) cast {
	return func(in, out duck.Vector, count int) error {
		names, from := c.names.Load(), newReading(in)
		for row := range count {
			text := from.text(row)
			if text == nil {
				setNull(out, row)
				continue
			}
			oid, err := names.oid(typ, *text)
			if err != nil {
				return err
			}
			setInt64(out, row, oid)
		}
		return nil
	}
}

// vectorOut spells int2vector and oidvector.
func vectorOut(t Type) cast {
	return func(in, out duck.Vector, count int) error {
		from, child := newReading(in), newReading(duck.ListVectorGetChild(in))
		for row := range count {
			if from.null(row) {
				setNull(out, row)
				continue
			}
			at, n := from.list(row)
			var b []byte
			for i := at; i < at+n; i++ {
				if i > at {
					b = append(b, ' ')
				}
				if t.Base == "SMALLINT[]" {
					b = strconv.AppendInt(b, int64(child.int16(i)), 10)
				} else {
					b = strconv.AppendInt(b, child.int64(i), 10)
				}
			}
			duck.VectorAssignStringElement(out, duck.IdxT(row), string(b))
		}
		return nil
	}
}
