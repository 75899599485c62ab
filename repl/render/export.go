package render

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// exporter makes of the engine's arrays those that other programs understand, without loss or with an error: 128-bit integers are
// DECIMAL(38,0), UUID and JSON are Arrow's extension types, and what Arrow or Parquet has no type for (TIME WITH TIME ZONE, BIT, BIGNUM, in Parquet
// INTERVAL) is text.
type exporter struct {
	style     cell.Style
	intervals bool // Arrow's own intervals, which Parquet has not
}

// exportSchema is the schema of a result's columns; the SQL types are in the fields' metadata.
func (e exporter) schema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, name := range UniqueNames(columns) {
		fields[i] = arrow.Field{Name: name, Type: e.typeOf(columns[i].Type), Nullable: true,
			Metadata: arrow.NewMetadata([]string{"sqltype"}, []string{columns[i].Type.String()})}
	}
	return arrow.NewSchema(fields, nil)
}

// batch converts a batch; the caller releases what it gets.
func (e exporter) batch(schema *arrow.Schema, columns []Column, rec arrow.RecordBatch) (arrow.RecordBatch, error) {
	out := make([]arrow.Array, 0, len(columns))
	defer func() {
		for _, a := range out {
			a.Release()
		}
	}()
	for i, c := range columns {
		a, err := e.array(c.Type, rec.Column(i))
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		out = append(out, a)
	}
	return array.NewRecordBatch(schema, out, rec.NumRows()), nil
}

// plain holds the types whose arrays go out as they are.
var plain = map[sqltype.Kind]arrow.DataType{
	sqltype.Null: arrow.Null, sqltype.Boolean: arrow.FixedWidthTypes.Boolean,
	sqltype.TinyInt: arrow.PrimitiveTypes.Int8, sqltype.SmallInt: arrow.PrimitiveTypes.Int16,
	sqltype.Integer: arrow.PrimitiveTypes.Int32, sqltype.BigInt: arrow.PrimitiveTypes.Int64,
	sqltype.UTinyInt: arrow.PrimitiveTypes.Uint8, sqltype.USmallInt: arrow.PrimitiveTypes.Uint16,
	sqltype.UInteger: arrow.PrimitiveTypes.Uint32, sqltype.UBigInt: arrow.PrimitiveTypes.Uint64,
	sqltype.Float: arrow.PrimitiveTypes.Float32, sqltype.Double: arrow.PrimitiveTypes.Float64,
	sqltype.Varchar: arrow.BinaryTypes.String, sqltype.Enum: arrow.BinaryTypes.String, sqltype.Blob: arrow.BinaryTypes.Binary,
	sqltype.Bit: arrow.BinaryTypes.String, sqltype.BigNum: arrow.BinaryTypes.String,
	sqltype.Date: arrow.FixedWidthTypes.Date32, sqltype.Time: arrow.FixedWidthTypes.Time64us, sqltype.TimeNS: arrow.FixedWidthTypes.Time64ns,
	sqltype.TimestampMS: &arrow.TimestampType{Unit: arrow.Millisecond}, sqltype.Timestamp: &arrow.TimestampType{Unit: arrow.Microsecond},
	sqltype.TimestampNS: &arrow.TimestampType{Unit: arrow.Nanosecond},
	sqltype.TimestampTZ: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
}

// huge is the type of 128-bit integers.
var huge = &arrow.Decimal128Type{Precision: 38}

// typeOf is the type under which a column goes out.
func (e exporter) typeOf(t sqltype.Type) arrow.DataType {
	if dt := plain[t.Kind]; dt != nil {
		return dt
	}
	switch t.Kind {
	case sqltype.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Width), Scale: int32(t.Scale)}
	case sqltype.HugeInt, sqltype.UHugeInt:
		return huge
	case sqltype.UUID:
		return extensions.NewUUIDType()
	case sqltype.TimestampS:
		return plain[sqltype.TimestampMS] // Parquet has no seconds
	case sqltype.Interval:
		if e.intervals {
			return arrow.FixedWidthTypes.MonthDayNanoInterval
		}
	case sqltype.List, sqltype.Array:
		return arrow.ListOf(e.typeOf(t.Elem()))
	case sqltype.Map:
		return arrow.MapOf(e.typeOf(t.Fields[0].Type), e.typeOf(t.Fields[1].Type))
	case sqltype.Struct, sqltype.Union:
		var fields []arrow.Field
		if t.Kind == sqltype.Union {
			fields = append(fields, arrow.Field{Name: "tag", Type: arrow.PrimitiveTypes.Uint8, Nullable: true})
		}
		for _, f := range t.Fields {
			fields = append(fields, arrow.Field{Name: f.Name, Type: e.typeOf(f.Type), Nullable: true})
		}
		return arrow.StructOf(fields...)
	case sqltype.Geometry:
		return arrow.BinaryTypes.Binary
	}
	return arrow.BinaryTypes.String
}

// array converts one array; the caller releases what it gets.
func (e exporter) array(t sqltype.Type, arr arrow.Array) (arrow.Array, error) {
	switch t.Kind {
	case sqltype.HugeInt:
		return e.build(t, arr, appendHuge)
	case sqltype.UHugeInt:
		return e.build(t, arr, appendUHuge)
	case sqltype.TimestampS:
		return e.build(t, arr, appendSeconds)
	case sqltype.TimeTZ, sqltype.Variant:
		return e.texts(t, arr)
	case sqltype.Interval:
		if e.intervals {
			return e.build(t, arr, appendInterval)
		}
		return e.texts(t, arr)
	case sqltype.UUID:
		return array.NewExtensionArrayWithStorage(extensions.NewUUIDType(), arr), nil
	case sqltype.List, sqltype.Array, sqltype.Map, sqltype.Struct, sqltype.Union:
		return e.nested(t, arr)
	}
	arr.Retain()
	return arr, nil
}

// build makes an array value by value.
func (e exporter) build(t sqltype.Type, arr arrow.Array, add func(b array.Builder, arr arrow.Array, row int) error) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, e.typeOf(t))
	defer b.Release()
	b.Reserve(arr.Len())
	for row := range arr.Len() {
		if arr.IsNull(row) {
			b.AppendNull()
			continue
		}
		if err := add(b, arr, row); err != nil {
			return nil, err
		}
	}
	return b.NewArray(), nil
}

// texts makes an array of the values' spellings.
func (e exporter) texts(t sqltype.Type, arr arrow.Array) (arrow.Array, error) {
	var text []byte
	return e.build(t, arr, func(b array.Builder, arr arrow.Array, row int) error {
		text = e.style.Append(text[:0], t, arr, row)
		b.(*array.StringBuilder).BinaryBuilder.Append(text)
		return nil
	})
}

// hugeLimit is the first integer with 39 digits.
var hugeLimit = new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil)

func appendBig(b array.Builder, n *big.Int) error {
	if n.CmpAbs(hugeLimit) >= 0 {
		return fmt.Errorf("the integer %s has more than the 38 digits of DECIMAL(38,0): cast the column to VARCHAR", n)
	}
	b.(*array.Decimal128Builder).Append(decimal128.FromBigInt(n))
	return nil
}

func appendHuge(b array.Builder, arr arrow.Array, row int) error {
	v := arr.(*array.Decimal128).Value(row)
	n := new(big.Int).Lsh(big.NewInt(v.HighBits()), 64)
	return appendBig(b, n.Or(n, new(big.Int).SetUint64(v.LowBits())))
}

func appendUHuge(b array.Builder, arr arrow.Array, row int) error {
	raw := arr.(*array.FixedSizeBinary).Value(row)
	n := new(big.Int).Lsh(new(big.Int).SetUint64(binary.LittleEndian.Uint64(raw[8:])), 64)
	return appendBig(b, n.Or(n, new(big.Int).SetUint64(binary.LittleEndian.Uint64(raw))))
}

func appendSeconds(b array.Builder, arr arrow.Array, row int) error {
	v := arr.(*array.Timestamp).Value(row)
	if v != math.MaxInt64 && v != -math.MaxInt64 { // the infinities stay
		if v > math.MaxInt64/1000 || v < math.MinInt64/1000 {
			return fmt.Errorf("a time %d s from 1970 is too far away for milliseconds: cast the column to VARCHAR", v)
		}
		v *= 1000
	}
	b.(*array.TimestampBuilder).Append(v)
	return nil
}

func appendInterval(b array.Builder, arr arrow.Array, row int) error {
	raw := arr.(*array.FixedSizeBinary).Value(row)
	micros := int64(binary.LittleEndian.Uint64(raw[8:]))
	if micros > math.MaxInt64/1000 || micros < math.MinInt64/1000 {
		return fmt.Errorf("an interval of %d microseconds is too long for nanoseconds: cast the column to VARCHAR", micros)
	}
	b.(*array.MonthDayNanoIntervalBuilder).Append(arrow.MonthDayNanoInterval{
		Months: int32(binary.LittleEndian.Uint32(raw)), Days: int32(binary.LittleEndian.Uint32(raw[4:])), Nanoseconds: micros * 1000})
	return nil
}

// nested converts what the value holds and keeps its own layout.
func (e exporter) nested(t sqltype.Type, arr arrow.Array) (arrow.Array, error) {
	var children []arrow.Array
	defer func() {
		for _, c := range children {
			c.Release()
		}
	}()
	add := func(t sqltype.Type, a arrow.Array) error {
		c, err := e.array(t, a)
		if err == nil {
			children = append(children, c)
		}
		return err
	}
	dt := e.typeOf(t)
	if st, ok := arr.(*array.Struct); ok {
		types := t.Fields
		if t.Kind == sqltype.Union {
			types = append([]sqltype.Field{{Name: "tag", Type: sqltype.Of(sqltype.UTinyInt)}}, types...)
		}
		for i, f := range types {
			if err := add(f.Type, st.Field(i)); err != nil {
				return nil, err
			}
		}
		return madeOf(dt, st.Len(), []*memory.Buffer{validity(st)}, children, st.NullN(), 0), nil
	}
	data := arr.Data()
	if m, ok := arr.(*array.Map); ok {
		if err := add(t.Fields[0].Type, m.Keys()); err != nil {
			return nil, err
		}
		if err := add(t.Fields[1].Type, m.Items()); err != nil {
			return nil, err
		}
		entries := madeOf(dt.(*arrow.MapType).Elem(), m.Keys().Len(), []*memory.Buffer{nil}, children, 0, 0)
		defer entries.Release()
		return madeOf(dt, m.Len(), data.Buffers(), []arrow.Array{entries}, m.NullN(), data.Offset()), nil
	}
	if err := add(t.Elem(), arr.(array.ListLike).ListValues()); err != nil {
		return nil, err
	}
	return madeOf(dt, arr.Len(), data.Buffers(), children, arr.NullN(), data.Offset()), nil
}

// madeOf puts an array together.
func madeOf(dt arrow.DataType, n int, buffers []*memory.Buffer, children []arrow.Array, nulls, offset int) arrow.Array {
	parts := make([]arrow.ArrayData, len(children))
	for i, c := range children {
		parts[i] = c.Data()
	}
	data := array.NewData(dt, n, buffers, parts, nulls, offset)
	defer data.Release()
	return array.MakeFromData(data)
}

// validity is the bitmap of a struct from its first row on, whose fields start there; nil if there are no NULLs.
func validity(st *array.Struct) *memory.Buffer {
	if st.NullN() == 0 {
		return nil
	}
	bits := make([]byte, bitutil.BytesForBits(int64(st.Len())))
	for i := range st.Len() {
		if st.IsValid(i) {
			bitutil.SetBit(bits, i)
		}
	}
	return memory.NewBufferBytes(bits)
}
