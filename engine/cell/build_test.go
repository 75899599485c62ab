package cell

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog/sqltype"
)

// build makes an array of two rows: NULL and the value that physical describes in JSON. Integers (also of dates and
// times) are numbers; floats, decimals and 128-bit integers strings; bytes hexadecimal; intervals [months, days, micros];
// structs arrays of their fields; maps arrays of pairs; unions {"tag": index, "value": v}.
func build(t sqltype.Type, physical string) (arrow.Array, error) {
	dec := json.NewDecoder(strings.NewReader(physical))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	b := array.NewBuilder(memory.DefaultAllocator, arrowType(t))
	b.AppendNull()
	fill(b, t, v)
	return b.NewArray(), nil
}

var scalars = map[sqltype.Kind]arrow.DataType{
	sqltype.Null: arrow.Null, sqltype.Boolean: arrow.FixedWidthTypes.Boolean,
	sqltype.TinyInt: arrow.PrimitiveTypes.Int8, sqltype.SmallInt: arrow.PrimitiveTypes.Int16,
	sqltype.Integer: arrow.PrimitiveTypes.Int32, sqltype.BigInt: arrow.PrimitiveTypes.Int64,
	sqltype.UTinyInt: arrow.PrimitiveTypes.Uint8, sqltype.USmallInt: arrow.PrimitiveTypes.Uint16,
	sqltype.UInteger: arrow.PrimitiveTypes.Uint32, sqltype.UBigInt: arrow.PrimitiveTypes.Uint64,
	sqltype.HugeInt: &arrow.Decimal128Type{Precision: 38}, sqltype.UHugeInt: &arrow.FixedSizeBinaryType{ByteWidth: 16},
	sqltype.Float: arrow.PrimitiveTypes.Float32, sqltype.Double: arrow.PrimitiveTypes.Float64,
	sqltype.Varchar: arrow.BinaryTypes.String, sqltype.JSON: arrow.BinaryTypes.String,
	sqltype.Enum: arrow.BinaryTypes.String, sqltype.Bit: arrow.BinaryTypes.String, sqltype.BigNum: arrow.BinaryTypes.String,
	sqltype.Blob: arrow.BinaryTypes.Binary, sqltype.Geometry: arrow.BinaryTypes.Binary,
	sqltype.UUID: &arrow.FixedSizeBinaryType{ByteWidth: 16}, sqltype.Date: arrow.FixedWidthTypes.Date32,
	sqltype.Time: arrow.FixedWidthTypes.Time64us, sqltype.TimeNS: arrow.FixedWidthTypes.Time64ns,
	sqltype.TimeTZ:      arrow.PrimitiveTypes.Uint64,
	sqltype.TimestampS:  &arrow.TimestampType{Unit: arrow.Second},
	sqltype.TimestampMS: &arrow.TimestampType{Unit: arrow.Millisecond},
	sqltype.Timestamp:   &arrow.TimestampType{Unit: arrow.Microsecond},
	sqltype.TimestampNS: &arrow.TimestampType{Unit: arrow.Nanosecond},
	sqltype.TimestampTZ: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
	sqltype.Interval:    &arrow.FixedSizeBinaryType{ByteWidth: 16},
}

// arrowType is the Arrow type that engine.Rows prescribes for t.
func arrowType(t sqltype.Type) arrow.DataType {
	switch t.Kind {
	case sqltype.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Width), Scale: int32(t.Scale)}
	case sqltype.List, sqltype.Array:
		return arrow.ListOf(arrowType(t.Elem()))
	case sqltype.Map:
		return arrow.MapOf(arrowType(t.Fields[0].Type), arrowType(t.Elem()))
	case sqltype.Struct, sqltype.Union:
		var fields []arrow.Field
		if t.Kind == sqltype.Union {
			fields = append(fields, arrow.Field{Name: "tag", Type: arrow.PrimitiveTypes.Uint8, Nullable: true})
		}
		for _, f := range t.Fields {
			fields = append(fields, arrow.Field{Name: f.Name, Type: arrowType(f.Type), Nullable: true})
		}
		return arrow.StructOf(fields...)
	}
	return scalars[t.Kind]
}

// fill appends one value to b.
func fill(b array.Builder, t sqltype.Type, v any) {
	if v == nil {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.StructBuilder:
		fillStruct(b, t, v)
	case *array.MapBuilder:
		b.Append(true)
		for _, e := range v.([]any) {
			fill(b.KeyBuilder(), t.Fields[0].Type, e.([]any)[0])
			fill(b.ItemBuilder(), t.Fields[1].Type, e.([]any)[1])
		}
	case *array.ListBuilder:
		b.Append(true)
		for _, e := range v.([]any) {
			fill(b.ValueBuilder(), t.Elem(), e)
		}
	case *array.Decimal128Builder:
		n, _ := new(big.Int).SetString(v.(string), 10)
		lo := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		b.Append(decimal128.New(n.Rsh(n, 64).Int64(), lo)) // FromBigInt refuses the least HUGEINT
	case *array.FixedSizeBinaryBuilder:
		b.Append(sixteen(t.Kind, v))
	case *array.BinaryBuilder:
		raw, _ := hex.DecodeString(v.(string))
		b.Append(raw)
	case *array.Uint64Builder: // also TIME WITH TIME ZONE; AppendValueFromString reads signed numbers
		n, _ := strconv.ParseUint(string(v.(json.Number)), 10, 64)
		b.Append(n)
	default:
		fillSimple(b, v)
	}
}

func fillSimple(b array.Builder, v any) {
	number := func() int64 { n, _ := v.(json.Number).Int64(); return n }
	switch b := b.(type) {
	case *array.Date32Builder:
		b.Append(arrow.Date32(number()))
	case *array.Time64Builder:
		b.Append(arrow.Time64(number()))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(number()))
	case *array.StringBuilder:
		b.Append(v.(string))
	default:
		if err := b.AppendValueFromString(fmt.Sprint(v)); err != nil {
			panic(err)
		}
	}
}

func fillStruct(b *array.StructBuilder, t sqltype.Type, v any) {
	b.Append(true)
	if t.Kind == sqltype.Struct {
		for i, f := range t.Fields {
			fill(b.FieldBuilder(i), f.Type, v.([]any)[i])
		}
		return
	}
	u := v.(map[string]any)
	tag, _ := u["tag"].(json.Number).Int64()
	b.FieldBuilder(0).(*array.Uint8Builder).Append(uint8(tag))
	for i, f := range t.Fields {
		if int64(i) == tag {
			fill(b.FieldBuilder(i+1), f.Type, u["value"])
			continue
		}
		b.FieldBuilder(i + 1).AppendNull()
	}
}

// sixteen returns the 16 bytes of a UUID, UHUGEINT or INTERVAL.
func sixteen(k sqltype.Kind, v any) []byte {
	out := make([]byte, 16)
	switch k {
	case sqltype.UUID:
		hex.Decode(out, []byte(v.(string)))
	case sqltype.UHugeInt:
		n, _ := new(big.Int).SetString(v.(string), 10)
		n.FillBytes(out)
		for i := range 8 {
			out[i], out[15-i] = out[15-i], out[i]
		}
	default:
		part := func(i int) int64 { n, _ := v.([]any)[i].(json.Number).Int64(); return n }
		binary.LittleEndian.PutUint32(out, uint32(part(0)))
		binary.LittleEndian.PutUint32(out[4:], uint32(part(1)))
		binary.LittleEndian.PutUint64(out[8:], uint64(part(2)))
	}
	return out
}
