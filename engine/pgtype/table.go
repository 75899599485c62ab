package pgtype

import (
	"fmt"
	"strings"

	"tarn/catalog/sqltype"
)

// Builtin is one of PostgreSQL's types.
type Builtin struct {
	OID   uint32
	Size  int16 // typlen: in bytes; -1 if it varies
	Array uint32
	Name  string // typname
	SQL   string // as format_type spells it
	// Param is the kind of a parameter of this type. Invalid for numeric, whose precision is not known before its value.
	Param sqltype.Kind
}

// Builtins are the types that columns and parameters have.
var Builtins = []Builtin{
	{Bool, 1, 1000, "bool", "boolean", sqltype.Boolean},
	{Bytea, -1, 1001, "bytea", "bytea", sqltype.Blob},
	{Char, 1, 1002, "char", `"char"`, sqltype.Varchar},
	{Name, 64, 1003, "name", "name", sqltype.Varchar},
	{Int8, 8, 1016, "int8", "bigint", sqltype.BigInt},
	{Int2, 2, 1005, "int2", "smallint", sqltype.SmallInt},
	{Int4, 4, 1007, "int4", "integer", sqltype.Integer},
	{Text, -1, 1009, "text", "text", sqltype.Varchar},
	{OID, 4, 1028, "oid", "oid", sqltype.BigInt},
	{JSON, -1, 199, "json", "json", sqltype.JSON},
	{Float4, 4, 1021, "float4", "real", sqltype.Float},
	{Float8, 8, 1022, "float8", "double precision", sqltype.Double},
	{BPChar, -1, 1014, "bpchar", "character", sqltype.Varchar},
	{Varchar, -1, 1015, "varchar", "character varying", sqltype.Varchar},
	{Date, 4, 1182, "date", "date", sqltype.Date},
	{Time, 8, 1183, "time", "time without time zone", sqltype.Time},
	{Timestamp, 8, 1115, "timestamp", "timestamp without time zone", sqltype.Timestamp},
	{TimestampTZ, 8, 1185, "timestamptz", "timestamp with time zone", sqltype.TimestampTZ},
	{Interval, 16, 1187, "interval", "interval", sqltype.Interval},
	{TimeTZ, 12, 1270, "timetz", "time with time zone", sqltype.TimeTZ},
	{Bit, -1, 1561, "bit", "bit", sqltype.Bit},
	{Varbit, -1, 1563, "varbit", "bit varying", sqltype.Bit},
	{Numeric, -1, 1231, "numeric", "numeric", sqltype.Invalid},
	{UUID, 16, 2951, "uuid", "uuid", sqltype.UUID},
	{JSONB, -1, 3807, "jsonb", "jsonb", sqltype.JSON},
}

var byOID, byArray = func() (map[uint32]Builtin, map[uint32]Builtin) {
	scalars, arrays := map[uint32]Builtin{}, map[uint32]Builtin{}
	for _, b := range Builtins {
		scalars[b.OID], arrays[b.Array] = b, b
	}
	return scalars, arrays
}()

// ByOID returns the scalar type with an OID.
func ByOID(oid uint32) (Builtin, bool) {
	b, ok := byOID[oid]
	return b, ok
}

// ElementOf returns the element type of the array type with an OID.
func ElementOf(oid uint32) (Builtin, bool) {
	b, ok := byArray[oid]
	return b, ok
}

// oids gives each scalar SQL type its PostgreSQL type. Integers become the smallest that holds them; what has no
// integer type that wide is numeric.
var oids = map[sqltype.Kind]uint32{
	sqltype.Null: Text, sqltype.Boolean: Bool,
	sqltype.TinyInt: Int2, sqltype.SmallInt: Int2, sqltype.UTinyInt: Int2,
	sqltype.Integer: Int4, sqltype.USmallInt: Int4,
	sqltype.BigInt: Int8, sqltype.UInteger: Int8,
	sqltype.UBigInt: Numeric, sqltype.HugeInt: Numeric, sqltype.UHugeInt: Numeric, sqltype.BigNum: Numeric,
	sqltype.Decimal: Numeric, sqltype.Float: Float4, sqltype.Double: Float8,
	sqltype.Varchar: Text, sqltype.Enum: Text, sqltype.Geometry: Text,
	sqltype.JSON: JSON, sqltype.Variant: JSON,
	sqltype.Blob: Bytea, sqltype.Bit: Varbit, sqltype.UUID: UUID,
	sqltype.Date: Date, sqltype.Time: Time, sqltype.TimeNS: Time, sqltype.TimeTZ: TimeTZ,
	sqltype.TimestampS: Timestamp, sqltype.TimestampMS: Timestamp, sqltype.Timestamp: Timestamp,
	sqltype.TimestampNS: Timestamp, sqltype.TimestampTZ: TimestampTZ, sqltype.Interval: Interval,
}

// Type is how PostgreSQL describes the type of a column.
type Type struct {
	OID  uint32
	Size int16 // in bytes; -1 if it varies
	Mod  int32 // precision and scale of numeric; -1 for all others
}

// Of returns the PostgreSQL type of a column of type t. A list of scalars is an array, of as many dimensions as it is
// deep; what is nested otherwise is json.
func Of(t sqltype.Type) Type {
	if IsArray(t) {
		elem := Of(Scalar(t))
		return Type{OID: byOID[elem.OID].Array, Size: -1, Mod: elem.Mod}
	}
	oid, ok := oids[t.Kind]
	if !ok {
		oid = JSON
	}
	out := Type{OID: oid, Size: byOID[oid].Size, Mod: -1}
	if t.Kind == sqltype.Decimal {
		out.Mod = (int32(t.Width)<<16 | int32(t.Scale)) + 4 // numerictypmodin in PostgreSQL's numeric.c
	}
	return out
}

// MaxDims is how many dimensions an array has at most (MAXDIM in PostgreSQL's c.h).
const MaxDims = 6

// IsArray reports whether values of t are PostgreSQL arrays: lists of scalars, and lists of lists. Those are of one length in PostgreSQL, where
// arrays are rectangular; the values of a list need not be, which their encoder sees.
func IsArray(t sqltype.Type) bool {
	dims := Dims(t)
	return dims > 0 && dims <= MaxDims && !Scalar(t).IsNested()
}

// Dims is how deep the lists of a type nest.
func Dims(t sqltype.Type) (n int) {
	for ; t.Kind == sqltype.List || t.Kind == sqltype.Array; n++ {
		t = t.Elem()
	}
	return n
}

// Scalar returns what an array of any number of dimensions is made of.
func Scalar(t sqltype.Type) sqltype.Type {
	for t.Kind == sqltype.List || t.Kind == sqltype.Array {
		t = t.Elem()
	}
	return t
}

// String is what format_type says of t.
func (t Type) String() string {
	b, ok := byOID[t.OID]
	suffix := ""
	if !ok {
		if b, ok = byArray[t.OID]; !ok {
			return "???"
		}
		suffix = "[]"
	}
	if t.Mod < 0 {
		return b.SQL + suffix
	}
	switch b.OID {
	case Numeric:
		return fmt.Sprintf("numeric(%d,%d)%s", (t.Mod-4)>>16, (t.Mod-4)&0x7ff, suffix)
	case Varchar, BPChar:
		return fmt.Sprintf("%s(%d)%s", b.SQL, t.Mod-4, suffix)
	case Bit, Varbit:
		return fmt.Sprintf("%s(%d)%s", b.SQL, t.Mod, suffix)
	case Time, TimeTZ, Timestamp, TimestampTZ:
		first, rest, _ := strings.Cut(b.SQL, " ")
		return fmt.Sprintf("%s(%d) %s%s", first, t.Mod, rest, suffix)
	}
	return b.SQL + suffix
}
