package sqltype

import (
	"strconv"
	"strings"
)

// Kind is the outermost constructor of a type.
type Kind uint8

// The kinds, scalar ones first. Null is the type of a column in which no value was ever seen.
const (
	Invalid Kind = iota
	Null
	Boolean
	TinyInt
	SmallInt
	Integer
	BigInt
	HugeInt
	UTinyInt
	USmallInt
	UInteger
	UBigInt
	UHugeInt
	Float
	Double
	Decimal
	Varchar
	JSON
	Blob
	Bit
	BigNum
	UUID
	Date
	Time
	TimeNS
	TimeTZ
	TimestampS
	TimestampMS
	Timestamp // microseconds
	TimestampNS
	TimestampTZ
	Interval
	Enum
	List
	Array
	Struct
	Map
	Union
	Geometry
	Variant
)

// kindNames holds each kind's SQL spelling; for the constructors it is the keyword alone.
var kindNames = [...]string{
	Invalid: "INVALID", Null: `"NULL"`, Boolean: "BOOLEAN", TinyInt: "TINYINT", SmallInt: "SMALLINT",
	Integer: "INTEGER", BigInt: "BIGINT", HugeInt: "HUGEINT", UTinyInt: "UTINYINT", USmallInt: "USMALLINT",
	UInteger: "UINTEGER", UBigInt: "UBIGINT", UHugeInt: "UHUGEINT", Float: "FLOAT", Double: "DOUBLE",
	Decimal: "DECIMAL", Varchar: "VARCHAR", JSON: "JSON", Blob: "BLOB", Bit: "BIT", BigNum: "BIGNUM",
	UUID: "UUID", Date: "DATE", Time: "TIME", TimeNS: "TIME_NS", TimeTZ: "TIME WITH TIME ZONE",
	TimestampS: "TIMESTAMP_S", TimestampMS: "TIMESTAMP_MS", Timestamp: "TIMESTAMP",
	TimestampNS: "TIMESTAMP_NS", TimestampTZ: "TIMESTAMP WITH TIME ZONE", Interval: "INTERVAL",
	Enum: "ENUM", List: "LIST", Array: "ARRAY", Struct: "STRUCT", Map: "MAP", Union: "UNION",
	Geometry: "GEOMETRY", Variant: "VARIANT",
}

// String returns the kind's SQL keyword.
func (k Kind) String() string { return kindNames[k] }

// Type is one SQL type. The zero Type is Invalid. Types are values: treat Fields and Values as read-only.
type Type struct {
	Kind  Kind
	Width uint8 // Decimal: digits in all, 1 to 38
	Scale uint8 // Decimal: digits after the point
	Size  int   // Array: elements
	// Fields are a Struct's fields or a Union's members; one for List and Array (the element), two for Map
	// (key, value).
	Fields []Field
	Values []string // Enum: the labels in order
}

// Field is a named part of a nested type. The names in List, Array and Map mean nothing.
type Field struct {
	Name string
	Type Type
}

// Of returns the scalar type of a kind that needs no arguments.
func Of(k Kind) Type { return Type{Kind: k} }

// DecimalOf returns DECIMAL(width,scale).
func DecimalOf(width, scale uint8) Type { return Type{Kind: Decimal, Width: width, Scale: scale} }

// ListOf returns elem[].
func ListOf(elem Type) Type { return Type{Kind: List, Fields: []Field{{"element", elem}}} }

// ArrayOf returns elem[size].
func ArrayOf(elem Type, size int) Type {
	return Type{Kind: Array, Size: size, Fields: []Field{{"element", elem}}}
}

// MapOf returns MAP(key, value).
func MapOf(key, value Type) Type {
	return Type{Kind: Map, Fields: []Field{{"key", key}, {"value", value}}}
}

// StructOf returns STRUCT(fields...).
func StructOf(fields ...Field) Type { return Type{Kind: Struct, Fields: fields} }

// Elem returns the element type of a List or Array, and the value type of a Map.
func (t Type) Elem() Type { return t.Fields[len(t.Fields)-1].Type }

// Equal reports whether t and u are the same type, with the same field names in the same order.
func (t Type) Equal(u Type) bool {
	if t.Kind != u.Kind || t.Width != u.Width || t.Scale != u.Scale || t.Size != u.Size ||
		len(t.Fields) != len(u.Fields) || len(t.Values) != len(u.Values) {
		return false
	}
	for i, v := range t.Values {
		if v != u.Values[i] {
			return false
		}
	}
	named := t.Kind == Struct || t.Kind == Union
	for i, f := range t.Fields {
		if named && f.Name != u.Fields[i].Name || !f.Type.Equal(u.Fields[i].Type) {
			return false
		}
	}
	return true
}

// IsNumeric reports whether the type is an integer, floating or decimal number.
func (t Type) IsNumeric() bool {
	return t.Kind >= TinyInt && t.Kind <= Decimal || t.Kind == BigNum
}

// IsNested reports whether values of the type contain values of other types.
func (t Type) IsNested() bool { return t.Kind >= List && t.Kind <= Union }

// String returns the type in DuckDB's spelling; DuckDB and Parse accept it.
func (t Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t Type) write(b *strings.Builder) {
	switch t.Kind {
	case Decimal:
		b.WriteString("DECIMAL(" + strconv.Itoa(int(t.Width)) + "," + strconv.Itoa(int(t.Scale)) + ")")
	case Enum:
		b.WriteString("ENUM(")
		for i, v := range t.Values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("'" + strings.ReplaceAll(v, "'", "''") + "'")
		}
		b.WriteByte(')')
	case List:
		t.Elem().write(b)
		b.WriteString("[]")
	case Array:
		t.Elem().write(b)
		b.WriteString("[" + strconv.Itoa(t.Size) + "]")
	case Map:
		b.WriteString("MAP(")
		t.Fields[0].Type.write(b)
		b.WriteString(", ")
		t.Fields[1].Type.write(b)
		b.WriteByte(')')
	case Struct, Union:
		b.WriteString(t.Kind.String() + "(")
		for i, f := range t.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(QuoteName(f.Name) + " ")
			f.Type.write(b)
		}
		b.WriteByte(')')
	default:
		b.WriteString(t.Kind.String())
	}
}

// QuoteName returns name as a quoted SQL identifier.
func QuoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// QuoteText returns s as a SQL string literal.
func QuoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
