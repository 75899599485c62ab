package engine

import (
	"github.com/apache/arrow-go/v18/arrow"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
)

// kinds maps DuckDB's type ids of scalar types.
var kinds = map[duck.Type]sqltype.Kind{
	duck.TypeSQLNull: sqltype.Null, duck.TypeBoolean: sqltype.Boolean,
	duck.TypeTinyInt: sqltype.TinyInt, duck.TypeSmallInt: sqltype.SmallInt, duck.TypeInteger: sqltype.Integer,
	duck.TypeBigInt: sqltype.BigInt, duck.TypeHugeInt: sqltype.HugeInt, duck.TypeUTinyInt: sqltype.UTinyInt,
	duck.TypeUSmallInt: sqltype.USmallInt, duck.TypeUInteger: sqltype.UInteger, duck.TypeUBigInt: sqltype.UBigInt,
	duck.TypeUHugeInt: sqltype.UHugeInt, duck.TypeFloat: sqltype.Float, duck.TypeDouble: sqltype.Double,
	duck.TypeVarchar: sqltype.Varchar, duck.TypeBlob: sqltype.Blob, duck.TypeBit: sqltype.Bit,
	duck.TypeBigNum: sqltype.BigNum, duck.TypeUUID: sqltype.UUID, duck.TypeDate: sqltype.Date,
	duck.TypeTime: sqltype.Time, duck.TypeTimeNS: sqltype.TimeNS, duck.TypeTimeTZ: sqltype.TimeTZ,
	duck.TypeTimestampS: sqltype.TimestampS, duck.TypeTimestampMS: sqltype.TimestampMS,
	duck.TypeTimestamp: sqltype.Timestamp, duck.TypeTimestampNS: sqltype.TimestampNS,
	duck.TypeTimestampTZ: sqltype.TimestampTZ, duck.TypeInterval: sqltype.Interval,
	duck.TypeGeometry: sqltype.Geometry, duck.TypeVariant: sqltype.Variant,
}

// sqlTypeOf describes a DuckDB type and frees it. An unresolved type (a parameter without context) is Invalid.
func sqlTypeOf(lt duck.LogicalType) sqltype.Type {
	defer duck.DestroyLogicalType(&lt)
	switch id := duck.GetTypeId(lt); id {
	case duck.TypeDecimal:
		return sqltype.DecimalOf(duck.DecimalWidth(lt), duck.DecimalScale(lt))
	case duck.TypeEnum:
		t := sqltype.Of(sqltype.Enum)
		for i := range duck.EnumDictionarySize(lt) {
			t.Values = append(t.Values, duck.EnumDictionaryValue(lt, duck.IdxT(i)))
		}
		return t
	case duck.TypeList:
		return sqltype.ListOf(sqlTypeOf(duck.ListTypeChildType(lt)))
	case duck.TypeArray:
		return sqltype.ArrayOf(sqlTypeOf(duck.ArrayTypeChildType(lt)), int(duck.ArrayTypeArraySize(lt)))
	case duck.TypeMap:
		return sqltype.MapOf(sqlTypeOf(duck.MapTypeKeyType(lt)), sqlTypeOf(duck.MapTypeValueType(lt)))
	case duck.TypeStruct:
		t := sqltype.Of(sqltype.Struct)
		for i := range duck.StructTypeChildCount(lt) {
			t.Fields = append(t.Fields, sqltype.Field{Name: duck.StructTypeChildName(lt, i), Type: sqlTypeOf(duck.StructTypeChildType(lt, i))})
		}
		return t
	case duck.TypeUnion:
		t := sqltype.Of(sqltype.Union)
		for i := range duck.UnionTypeMemberCount(lt) {
			t.Fields = append(t.Fields, sqltype.Field{Name: duck.UnionTypeMemberName(lt, i), Type: sqlTypeOf(duck.UnionTypeMemberType(lt, i))})
		}
		return t
	case duck.TypeVarchar:
		if duck.LogicalTypeGetAlias(lt) == "JSON" {
			return sqltype.Of(sqltype.JSON)
		}
		return sqltype.Of(sqltype.Varchar)
	default:
		return sqltype.Of(kinds[id])
	}
}

// arrowTypes are the Arrow types of the scalar SQL types; Rows documents them.
var arrowTypes = map[sqltype.Kind]arrow.DataType{
	sqltype.Null: arrow.Null, sqltype.Boolean: arrow.FixedWidthTypes.Boolean,
	sqltype.TinyInt: arrow.PrimitiveTypes.Int8, sqltype.SmallInt: arrow.PrimitiveTypes.Int16,
	sqltype.Integer: arrow.PrimitiveTypes.Int32, sqltype.BigInt: arrow.PrimitiveTypes.Int64,
	sqltype.UTinyInt: arrow.PrimitiveTypes.Uint8, sqltype.USmallInt: arrow.PrimitiveTypes.Uint16,
	sqltype.UInteger: arrow.PrimitiveTypes.Uint32, sqltype.UBigInt: arrow.PrimitiveTypes.Uint64,
	sqltype.HugeInt:  &arrow.Decimal128Type{Precision: 38},
	sqltype.UHugeInt: &arrow.FixedSizeBinaryType{ByteWidth: 16},
	sqltype.Float:    arrow.PrimitiveTypes.Float32, sqltype.Double: arrow.PrimitiveTypes.Float64,
	sqltype.Varchar: arrow.BinaryTypes.String, sqltype.JSON: arrow.BinaryTypes.String,
	sqltype.Enum: arrow.BinaryTypes.String, sqltype.Bit: arrow.BinaryTypes.String,
	sqltype.BigNum: arrow.BinaryTypes.String,
	sqltype.Blob:   arrow.BinaryTypes.Binary, sqltype.Geometry: arrow.BinaryTypes.Binary,
	sqltype.UUID: &arrow.FixedSizeBinaryType{ByteWidth: 16},
	sqltype.Date: arrow.FixedWidthTypes.Date32,
	sqltype.Time: arrow.FixedWidthTypes.Time64us, sqltype.TimeNS: arrow.FixedWidthTypes.Time64ns,
	sqltype.TimeTZ:      arrow.PrimitiveTypes.Uint64,
	sqltype.TimestampS:  &arrow.TimestampType{Unit: arrow.Second},
	sqltype.TimestampMS: &arrow.TimestampType{Unit: arrow.Millisecond},
	sqltype.Timestamp:   &arrow.TimestampType{Unit: arrow.Microsecond},
	sqltype.TimestampNS: &arrow.TimestampType{Unit: arrow.Nanosecond},
	sqltype.TimestampTZ: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
	sqltype.Interval:    &arrow.FixedSizeBinaryType{ByteWidth: 16},
}

// arrowType returns the Arrow type that carries t, or nil if results cannot carry it.
func arrowType(t sqltype.Type) arrow.DataType {
	switch t.Kind {
	case sqltype.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Width), Scale: int32(t.Scale)}
	case sqltype.List, sqltype.Array:
		if elem := arrowType(t.Elem()); elem != nil {
			return arrow.ListOfField(arrowField("element", t.Elem(), elem))
		}
		return nil
	case sqltype.Map:
		key, value := arrowType(t.Fields[0].Type), arrowType(t.Elem())
		if key == nil || value == nil {
			return nil
		}
		keyField := arrowField("key", t.Fields[0].Type, key)
		keyField.Nullable = false
		return arrow.MapOfFields(keyField, arrowField("value", t.Elem(), value))
	case sqltype.Struct:
		return structType(t.Fields, nil)
	case sqltype.Union:
		tag := arrow.Field{Name: "tag", Type: arrow.PrimitiveTypes.Uint8, Nullable: true}
		return structType(t.Fields, []arrow.Field{tag})
	}
	return arrowTypes[t.Kind]
}

func structType(members []sqltype.Field, fields []arrow.Field) arrow.DataType {
	for _, m := range members {
		at := arrowType(m.Type)
		if at == nil {
			return nil
		}
		fields = append(fields, arrowField(m.Name, m.Type, at))
	}
	return arrow.StructOf(fields...)
}

func arrowField(name string, t sqltype.Type, at arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: at, Nullable: true,
		Metadata: arrow.NewMetadata([]string{"sqltype"}, []string{t.String()})}
}

// arrowSchema returns the schema of a result with these columns.
func arrowSchema(columns []Column) (*arrow.Schema, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		at := arrowType(c.Type)
		if at == nil {
			return nil, &Error{Kind: KindUnsupported,
				Message: "column \"" + c.Name + "\" has the type " + c.Type.String() + ", which results cannot carry",
				Hint:    "Cast it to VARCHAR or JSON."}
		}
		fields[i] = arrowField(c.Name, c.Type, at)
	}
	return arrow.NewSchema(fields, nil), nil
}
