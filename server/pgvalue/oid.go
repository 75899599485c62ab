package pgvalue

import "tarn/catalog/sqltype"

// Format is how a value is written on the wire, as the protocol numbers it.
type Format int16

// The two formats.
const (
	Text   Format = 0
	Binary Format = 1
)

// Type is how PostgreSQL describes the type of a column.
type Type struct {
	OID  uint32
	Size int16 // in bytes; -1 if it varies
	Mod  int32 // precision and scale of numeric; -1 for all others
}

// The OIDs of PostgreSQL's built-in types (src/include/catalog/pg_type.dat).
const (
	oidBool        = 16
	oidBytea       = 17
	oidChar        = 18
	oidName        = 19
	oidInt8        = 20
	oidInt2        = 21
	oidInt4        = 23
	oidText        = 25
	oidOID         = 26
	oidJSON        = 114
	oidFloat4      = 700
	oidFloat8      = 701
	oidUnknown     = 705
	oidBPChar      = 1042
	oidVarchar     = 1043
	oidDate        = 1082
	oidTime        = 1083
	oidTimestamp   = 1114
	oidTimestampTZ = 1184
	oidInterval    = 1186
	oidTimeTZ      = 1266
	oidBit         = 1560
	oidVarbit      = 1562
	oidNumeric     = 1700
	oidUUID        = 2950
	oidJSONB       = 3802
)

// builtin is a PostgreSQL type: its OID, its size, the OID of its array, and the SQL type that a parameter of it has.
type builtin struct {
	oid   uint32
	size  int16
	array uint32
	kind  sqltype.Kind
}

// builtins are the types that clients may name for parameters and that columns have. A numeric parameter has no kind,
// because its precision is not known before its value.
var builtins = []builtin{
	{oidBool, 1, 1000, sqltype.Boolean}, {oidBytea, -1, 1001, sqltype.Blob}, {oidChar, 1, 1002, sqltype.Varchar},
	{oidName, 64, 1003, sqltype.Varchar}, {oidInt8, 8, 1016, sqltype.BigInt}, {oidInt2, 2, 1005, sqltype.SmallInt},
	{oidInt4, 4, 1007, sqltype.Integer}, {oidText, -1, 1009, sqltype.Varchar}, {oidOID, 4, 1028, sqltype.BigInt},
	{oidJSON, -1, 199, sqltype.JSON}, {oidFloat4, 4, 1021, sqltype.Float}, {oidFloat8, 8, 1022, sqltype.Double},
	{oidBPChar, -1, 1014, sqltype.Varchar}, {oidVarchar, -1, 1015, sqltype.Varchar}, {oidDate, 4, 1182, sqltype.Date},
	{oidTime, 8, 1183, sqltype.Time}, {oidTimestamp, 8, 1115, sqltype.Timestamp},
	{oidTimestampTZ, 8, 1185, sqltype.TimestampTZ}, {oidInterval, 16, 1187, sqltype.Interval},
	{oidTimeTZ, 12, 1270, sqltype.TimeTZ}, {oidBit, -1, 1561, sqltype.Bit}, {oidVarbit, -1, 1563, sqltype.Bit},
	{oidNumeric, -1, 1231, sqltype.Invalid}, {oidUUID, 16, 2951, sqltype.UUID}, {oidJSONB, -1, 3807, sqltype.JSON},
}

var byOID, byArray = func() (map[uint32]builtin, map[uint32]builtin) {
	scalars, arrays := map[uint32]builtin{}, map[uint32]builtin{}
	for _, b := range builtins {
		scalars[b.oid], arrays[b.array] = b, b
	}
	return scalars, arrays
}()

// oids gives each scalar SQL type its PostgreSQL type. Integers become the smallest that holds them; what has no
// integer type that wide is numeric.
var oids = map[sqltype.Kind]uint32{
	sqltype.Null: oidText, sqltype.Boolean: oidBool,
	sqltype.TinyInt: oidInt2, sqltype.SmallInt: oidInt2, sqltype.UTinyInt: oidInt2,
	sqltype.Integer: oidInt4, sqltype.USmallInt: oidInt4,
	sqltype.BigInt: oidInt8, sqltype.UInteger: oidInt8,
	sqltype.UBigInt: oidNumeric, sqltype.HugeInt: oidNumeric, sqltype.UHugeInt: oidNumeric, sqltype.BigNum: oidNumeric,
	sqltype.Decimal: oidNumeric, sqltype.Float: oidFloat4, sqltype.Double: oidFloat8,
	sqltype.Varchar: oidText, sqltype.Enum: oidText, sqltype.Geometry: oidText,
	sqltype.JSON: oidJSON, sqltype.Variant: oidJSON,
	sqltype.Blob: oidBytea, sqltype.Bit: oidVarbit, sqltype.UUID: oidUUID,
	sqltype.Date: oidDate, sqltype.Time: oidTime, sqltype.TimeNS: oidTime, sqltype.TimeTZ: oidTimeTZ,
	sqltype.TimestampS: oidTimestamp, sqltype.TimestampMS: oidTimestamp, sqltype.Timestamp: oidTimestamp,
	sqltype.TimestampNS: oidTimestamp, sqltype.TimestampTZ: oidTimestampTZ, sqltype.Interval: oidInterval,
}

// Of returns the PostgreSQL type of a column of type t. A list of scalars is an array; what is nested otherwise is
// json.
func Of(t sqltype.Type) Type {
	if isArray(t) {
		elem := Of(t.Elem())
		return Type{OID: byOID[elem.OID].array, Size: -1, Mod: elem.Mod}
	}
	oid, ok := oids[t.Kind]
	if !ok {
		oid = oidJSON
	}
	out := Type{OID: oid, Size: byOID[oid].size, Mod: -1}
	if t.Kind == sqltype.Decimal {
		out.Mod = (int32(t.Width)<<16 | int32(t.Scale)) + 4 // numerictypmodin in PostgreSQL's numeric.c
	}
	return out
}

// isArray reports whether values of t are PostgreSQL arrays.
func isArray(t sqltype.Type) bool {
	return (t.Kind == sqltype.List || t.Kind == sqltype.Array) && !t.Elem().IsNested()
}

// Param returns the SQL type of a parameter that the client declares with an OID. Invalid means that the type is to
// be taken from the statement: the client left it open, or it is numeric, or a type that Tarn does not know.
func Param(oid uint32) sqltype.Type {
	if b, ok := byOID[oid]; ok {
		return sqltype.Of(b.kind)
	}
	if b, ok := byArray[oid]; ok && b.kind != sqltype.Invalid {
		return sqltype.ListOf(sqltype.Of(b.kind))
	}
	return sqltype.Type{}
}

// IsOpen reports whether a client that declares a parameter with this OID leaves its type to the server.
func IsOpen(oid uint32) bool { return oid == 0 || oid == oidUnknown }

// IsNumeric reports whether oid is numeric, whose values may have any precision.
func IsNumeric(oid uint32) bool { return oid == oidNumeric }
