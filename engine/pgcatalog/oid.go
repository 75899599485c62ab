package pgcatalog

import "tarn/catalog/sqltype"

// ColumnType is the type of a lake's column as PostgreSQL describes it.
type ColumnType struct {
	OID  uint32
	Mod  int32
	Dims int // of an array
}

// TypeOf returns PostgreSQL's type for a SQL type.
func TypeOf(t sqltype.Type) ColumnType {
	if (t.Kind == sqltype.List || t.Kind == sqltype.Array) && !t.Elem().IsNested() {
		elem := TypeOf(t.Elem())
		return ColumnType{OID: arrayOIDs[elem.OID], Mod: elem.Mod, Dims: 1}
	}
	oid, ok := oids[t.Kind]
	if !ok {
		oid = 114
	}
	out := ColumnType{OID: oid, Mod: -1}
	if t.Kind == sqltype.Decimal {
		out.Mod = (int32(t.Width)<<16 | int32(t.Scale)) + 4
	}
	return out
}

var oids = map[sqltype.Kind]uint32{
	sqltype.Null: 25, sqltype.Boolean: 16, sqltype.TinyInt: 21, sqltype.SmallInt: 21, sqltype.UTinyInt: 21, sqltype.Integer: 23,
	sqltype.USmallInt: 23, sqltype.BigInt: 20, sqltype.UInteger: 20, sqltype.UBigInt: 1700, sqltype.HugeInt: 1700, sqltype.UHugeInt: 1700,
	sqltype.BigNum: 1700, sqltype.Decimal: 1700, sqltype.Float: 700, sqltype.Double: 701, sqltype.Varchar: 25, sqltype.Enum: 25,
	sqltype.Geometry: 25, sqltype.JSON: 114, sqltype.Variant: 114, sqltype.Blob: 17, sqltype.Bit: 1562, sqltype.UUID: 2950,
	sqltype.Date: 1082, sqltype.Time: 1083, sqltype.TimeNS: 1083, sqltype.TimeTZ: 1266, sqltype.TimestampS: 1114,
	sqltype.TimestampMS: 1114, sqltype.Timestamp: 1114, sqltype.TimestampNS: 1114, sqltype.TimestampTZ: 1184, sqltype.Interval: 1186,
}

var arrayOIDs = map[uint32]uint32{16: 1000, 17: 1001, 20: 1016, 21: 1005, 23: 1007, 25: 1009, 114: 199, 700: 1021, 701: 1022, 1082: 1182,
	1083: 1183, 1114: 1115, 1184: 1185, 1186: 1187, 1266: 1270, 1562: 1563, 1700: 1231, 2950: 2951}

// typeFromText reads a type as DuckDB spells it.
func typeFromText(text string) ColumnType {
	t, err := sqltype.Parse(text)
	if err != nil {
		return ColumnType{OID: 25, Mod: -1}
	}
	return TypeOf(t)
}
