package pgvalue

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

// textCells returns what writes values of t in PostgreSQL's text format.
func textCells(t sqltype.Type, style Style, f *faults) cells {
	switch {
	case pgtype.IsArray(t):
		return newTextArray(t, style, f)
	case t.IsNested():
		return jsonCells(t, style)
	}
	if c := styledCells(t, style, f); c != nil {
		return c
	}
	if c := textNumbers(t); c != nil {
		return c
	}
	if c := textTimes(t, style, f); c != nil {
		return c
	}
	switch t.Kind {
	case sqltype.Boolean:
		return each(func(dst []byte, a *array.Boolean, row int) []byte {
			if a.Value(row) {
				return append(dst, 't')
			}
			return append(dst, 'f')
		})
	case sqltype.Blob:
		return each(func(dst []byte, a *array.Binary, row int) []byte {
			return hex.AppendEncode(append(dst, '\\', 'x'), a.Value(row))
		})
	case sqltype.UUID:
		return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte {
			return cell.AppendUUID(dst, a.Value(row))
		})
	}
	return plainCells(t, style)
}

// plainCells writes what both formats write alike: text as it is, and what has no type of its own in PostgreSQL.
func plainCells(t sqltype.Type, style Style) cells {
	switch t.Kind {
	case sqltype.Varchar, sqltype.JSON, sqltype.Enum, sqltype.Bit, sqltype.BigNum:
		return each(func(dst []byte, a *array.String, row int) []byte { return append(dst, a.Value(row)...) })
	}
	return each(func(dst []byte, a arrow.Array, row int) []byte { return style.Append(dst, t, a, row) })
}

// jsonCells writes nested values as JSON.
func jsonCells(t sqltype.Type, style Style) cells {
	return each(func(dst []byte, a arrow.Array, row int) []byte { return style.AppendJSON(dst, t, a, row) })
}

// textNumbers returns nil for what is no number.
func textNumbers(t sqltype.Type) cells {
	switch t.Kind {
	case sqltype.TinyInt:
		return each(func(dst []byte, a *array.Int8, row int) []byte {
			return cell.AppendInt(dst, int64(a.Value(row)))
		})
	case sqltype.SmallInt:
		return each(func(dst []byte, a *array.Int16, row int) []byte {
			return cell.AppendInt(dst, int64(a.Value(row)))
		})
	case sqltype.Integer:
		return each(func(dst []byte, a *array.Int32, row int) []byte {
			return cell.AppendInt(dst, int64(a.Value(row)))
		})
	case sqltype.BigInt:
		return each(func(dst []byte, a *array.Int64, row int) []byte { return cell.AppendInt(dst, a.Value(row)) })
	case sqltype.UTinyInt:
		return each(func(dst []byte, a *array.Uint8, row int) []byte {
			return cell.AppendUint(dst, uint64(a.Value(row)))
		})
	case sqltype.USmallInt:
		return each(func(dst []byte, a *array.Uint16, row int) []byte {
			return cell.AppendUint(dst, uint64(a.Value(row)))
		})
	case sqltype.UInteger:
		return each(func(dst []byte, a *array.Uint32, row int) []byte {
			return cell.AppendUint(dst, uint64(a.Value(row)))
		})
	case sqltype.UBigInt:
		return each(func(dst []byte, a *array.Uint64, row int) []byte { return cell.AppendUint(dst, a.Value(row)) })
	case sqltype.HugeInt, sqltype.Decimal:
		scale := int32(t.Scale)
		return each(func(dst []byte, a *array.Decimal128, row int) []byte {
			return cell.AppendDecimal(dst, a.Value(row), scale)
		})
	case sqltype.UHugeInt:
		return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte {
			return cell.AppendUHugeInt(dst, a.Value(row))
		})
	case sqltype.Float:
		return each(func(dst []byte, a *array.Float32, row int) []byte {
			return cell.AppendFloat(dst, float64(a.Value(row)), 32)
		})
	case sqltype.Double:
		return each(func(dst []byte, a *array.Float64, row int) []byte { return cell.AppendFloat(dst, a.Value(row), 64) })
	}
	return nil
}

// textTimes returns nil for what is no date, time or interval.
func textTimes(t sqltype.Type, style Style, f *faults) cells {
	switch t.Kind {
	case sqltype.Date:
		return each(func(dst []byte, a *array.Date32, row int) []byte {
			return fixEra(cell.AppendDate(dst, int32(a.Value(row))), len(dst))
		})
	case sqltype.Time, sqltype.TimeNS:
		per := timeUnit(t.Kind)
		return each(func(dst []byte, a *array.Time64, row int) []byte {
			return cell.AppendTime(dst, toMicros(int64(a.Value(row)), per, f), 1e6)
		})
	case sqltype.TimeTZ:
		return each(func(dst []byte, a *array.Uint64, row int) []byte { return cell.AppendTimeTZ(dst, a.Value(row)) })
	case sqltype.TimestampS, sqltype.TimestampMS, sqltype.Timestamp:
		unit := map[sqltype.Kind]arrow.TimeUnit{sqltype.TimestampS: arrow.Second, sqltype.TimestampMS: arrow.Millisecond,
			sqltype.Timestamp: arrow.Microsecond}[t.Kind]
		return each(func(dst []byte, a *array.Timestamp, row int) []byte {
			return fixEra(cell.AppendTimestamp(dst, int64(a.Value(row)), unit), len(dst))
		})
	case sqltype.TimestampNS:
		return each(func(dst []byte, a *array.Timestamp, row int) []byte {
			return cell.AppendTimestamp(dst, toMicros(int64(a.Value(row)), 1e9, f), arrow.Microsecond)
		})
	case sqltype.TimestampTZ:
		return each(func(dst []byte, a *array.Timestamp, row int) []byte {
			return fixEra(cell.AppendTimestampTZ(dst, int64(a.Value(row)), style.Location), len(dst))
		})
	case sqltype.Interval:
		return each(func(dst []byte, a *array.FixedSizeBinary, row int) []byte {
			months, days, micros := splitInterval(a.Value(row))
			return cell.AppendInterval(dst, months, days, micros)
		})
	}
	return nil
}

// splitInterval reads the 16 bytes in which engine.Rows holds an INTERVAL.
func splitInterval(b []byte) (months, days int32, micros int64) {
	return int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:])),
		int64(binary.LittleEndian.Uint64(b[8:]))
}

// timeUnit is how many units of a TIME make a second.
func timeUnit(k sqltype.Kind) int64 {
	if k == sqltype.TimeNS {
		return 1e9
	}
	return 1e6
}

// toMicros cuts v, which counts units of 1/per second, down to microseconds, and notes what is lost. Infinities stay.
func toMicros(v, per int64, f *faults) int64 {
	if per <= 1e6 || v == math.MaxInt64 || v == -math.MaxInt64 {
		return v
	}
	n := per / 1e6
	q := v / n
	if r := v % n; r != 0 {
		f.nanos = true
		if r < 0 {
			q--
		}
	}
	return q
}

var duckBC = []byte(" (BC)")

// fixEra moves the mark of years before 1 from DuckDB's place, "0044-03-15 (BC) 12:00", to PostgreSQL's,
// "0044-03-15 12:00 BC", in the value that begins at dst[start].
func fixEra(dst []byte, start int) []byte {
	const dateLen = len("0044-03-15")
	if len(dst)-start > dateLen+1 && dst[start+4] == '-' && dst[start+dateLen] == ' ' && dst[start+dateLen+1] != '(' {
		return dst
	}
	if len(dst)-start < dateLen+len(duckBC) || dst[len(dst)-1] != ')' && bytes.IndexByte(dst[start+dateLen:], '(') < 0 {
		return dst
	}
	at := start + bytes.Index(dst[start:], duckBC)
	dst = append(dst[:at], dst[at+len(duckBC):]...)
	return append(dst, " BC"...)
}
