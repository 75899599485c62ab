package cell

import (
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/catalog/sqltype"
)

// Style is how values are spelled where SQL leaves a choice.
type Style struct {
	Location *time.Location // for TIMESTAMP WITH TIME ZONE; nil means UTC
}

// Append appends the value at row of arr, whose SQL type is t, as a cast to VARCHAR in DuckDB spells it. NULL, also
// inside nested values, is NULL. engine.Rows says which Arrow array holds which type.
func (s Style) Append(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte { return dst }

// AppendJSON appends the value as JSON: numbers as numbers with all their digits (NaN and infinities as strings),
// nested values as arrays and objects with fields in order, JSON as it is, all else as strings; NULL is null.
func (s Style) AppendJSON(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte { return dst }

// AppendJSONString appends text as a JSON string with its quotes.
func AppendJSONString(dst []byte, text string) []byte { return dst }

// AppendFloat appends the shortest text that reads back equal, as PostgreSQL 12 and later and DuckDB spell it
// (1e+20, NaN, Infinity, -Infinity). bits is 32 or 64.
func AppendFloat(dst []byte, f float64, bits int) []byte { return dst }

// AppendDecimal appends n with scale digits after the point.
func AppendDecimal(dst []byte, n decimal128.Num, scale int32) []byte { return dst }

// AppendUHugeInt appends a little-endian unsigned 128-bit integer.
func AppendUHugeInt(dst []byte, b []byte) []byte { return dst }

// AppendDate appends 2024-01-31, with " (BC)" behind years before 1, infinity or -infinity.
func AppendDate(dst []byte, days int32) []byte { return dst }

// AppendTime appends 12:34:56 with the fraction's digits that are not zero; perSecond is 1e6 or 1e9.
func AppendTime(dst []byte, v, perSecond int64) []byte { return dst }

// AppendTimeTZ appends a TIME WITH TIME ZONE from DuckDB's bits, e.g. 12:34:56.5+02.
func AppendTimeTZ(dst []byte, bits uint64) []byte { return dst }

// AppendTimestamp appends 2024-01-31 12:34:56.5 from a count of unit since 1970, infinity or -infinity.
func AppendTimestamp(dst []byte, v int64, unit arrow.TimeUnit) []byte { return dst }

// AppendTimestampTZ appends the instant as loc's clock shows it, with the offset: 2024-01-31 12:34:56.5+01.
func AppendTimestampTZ(dst []byte, micros int64, loc *time.Location) []byte { return dst }

// AppendInterval appends DuckDB's spelling, which is also PostgreSQL's default: 1 year 2 mons 3 days 04:05:06.
func AppendInterval(dst []byte, months, days int32, micros int64) []byte { return dst }

// AppendUUID appends the 36 characters of 16 bytes.
func AppendUUID(dst []byte, b []byte) []byte { return dst }

// AppendBlob appends DuckDB's spelling: printable ASCII as it is, other bytes as \xAB.
func AppendBlob(dst []byte, b []byte) []byte { return dst }
