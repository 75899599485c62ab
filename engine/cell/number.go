package cell

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"tarn/catalog/sqltype"
)

// appendInteger appends a value of an array that holds integers or decimals. Another array breaks the invariant of
// engine.Rows, whose table lists them all.
func appendInteger(dst []byte, t sqltype.Type, arr arrow.Array, row int) []byte {
	switch a := arr.(type) {
	case *array.Int64:
		return AppendInt(dst, a.Value(row))
	case *array.Int32:
		return AppendInt(dst, int64(a.Value(row)))
	case *array.Int16:
		return AppendInt(dst, int64(a.Value(row)))
	case *array.Int8:
		return AppendInt(dst, int64(a.Value(row)))
	case *array.Uint64:
		if t.Kind == sqltype.TimeTZ {
			return AppendTimeTZ(dst, a.Value(row))
		}
		return AppendUint(dst, a.Value(row))
	case *array.Uint32:
		return AppendUint(dst, uint64(a.Value(row)))
	case *array.Uint16:
		return AppendUint(dst, uint64(a.Value(row)))
	case *array.Uint8:
		return AppendUint(dst, uint64(a.Value(row)))
	case *array.Decimal128:
		return AppendDecimal(dst, a.Value(row), a.DataType().(*arrow.Decimal128Type).Scale)
	}
	panic(fmt.Sprintf("cell: an array of %s cannot hold %s", arr.DataType(), t))
}

// AppendDecimal appends n with scale digits after the point.
func AppendDecimal(dst []byte, n decimal128.Num, scale int32) []byte {
	hi, lo := uint64(n.HighBits()), n.LowBits()
	if n.HighBits() < 0 {
		dst = append(dst, '-')
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	var buf [40]byte
	digits := formatUint128(&buf, hi, lo)
	if scale <= 0 {
		return append(dst, digits...)
	}
	point := len(digits) - int(scale)
	if point <= 0 {
		dst = append(dst, '0', '.')
		for ; point < 0; point++ {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(dst, digits[:point]...)
	dst = append(dst, '.')
	return append(dst, digits[point:]...)
}

// AppendUHugeInt appends a little-endian unsigned 128-bit integer.
func AppendUHugeInt(dst []byte, b []byte) []byte {
	var buf [40]byte
	return append(dst, formatUint128(&buf, binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b))...)
}

// formatUint128 writes the decimal digits at the end of buf and returns them. It divides by 10^19, the largest power
// of ten in 64 bits, so two steps do.
func formatUint128(buf *[40]byte, hi, lo uint64) []byte {
	const e19 = 10_000_000_000_000_000_000
	i := len(buf)
	for hi > 0 {
		var low uint64
		q := hi / e19
		lo, low = bits.Div64(hi%e19, lo, e19)
		hi = q
		putDigits(buf[i-19:i], low)
		i -= 19
	}
	for lo >= 100 {
		two := lo % 100 * 2
		lo /= 100
		i -= 2
		buf[i], buf[i+1] = pairs[two], pairs[two+1]
	}
	if lo >= 10 {
		i -= 2
		buf[i], buf[i+1] = pairs[lo*2], pairs[lo*2+1]
		return buf[i:]
	}
	i--
	buf[i] = byte('0' + lo)
	return buf[i:]
}

// floatStyle is where the spellings of floating-point numbers differ.
type floatStyle struct {
	nan, inf string
	e32, e64 float64 // from this magnitude on with an exponent, for FLOAT and DOUBLE
	point    bool    // whole numbers end with .0
}

// PostgreSQL writes an exponent where the shortest digits would not reach the point (src/common/d2s.c and f2s.c);
// DuckDB takes fmt's limits, and so does its WKT. JSON has no spelling for what is not finite, and gets these strings.
var (
	postgresFloats = &floatStyle{"NaN", "Infinity", 1e6, 1e15, false}
	duckFloats     = &floatStyle{"nan", "inf", 1e16, 1e16, true}
	jsonFloats     = &floatStyle{`"NaN"`, `Infinity"`, 1e16, 1e16, true}
	wktFloats      = &floatStyle{"nan", "inf", 1e16, 1e16, false}
)

// AppendFloat appends the shortest text that reads back equal, as PostgreSQL 12 and later spell it (1, 1e+20, NaN,
// Infinity, -Infinity). bits is 32 or 64. DuckDB's own spelling (1.0, nan, inf) is what Style.Append writes.
func AppendFloat(dst []byte, f float64, bits int) []byte {
	return appendFloat(dst, f, bits, postgresFloats)
}

func appendFloat(dst []byte, f float64, bits int, style *floatStyle) []byte {
	if math.IsNaN(f) {
		return append(dst, style.nan...)
	}
	if math.IsInf(f, 0) {
		return appendInf(dst, f < 0, style)
	}
	abs := math.Abs(f)
	if bits == 64 {
		if out, ok := appendShort(dst, f); ok {
			if style.point && f == math.Trunc(f) {
				out = append(out, '.', '0')
			}
			return out
		}
	}
	small, large := abs < 1e-4, abs >= style.e64
	if bits == 32 {
		small, large = float32(abs) < 1e-4, abs >= style.e32
	}
	if abs != 0 && (small || large) {
		return strconv.AppendFloat(dst, f, 'e', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'f', -1, bits)
	if style.point && f == math.Trunc(f) {
		dst = append(dst, '.', '0')
	}
	return dst
}

func appendInf(dst []byte, negative bool, style *floatStyle) []byte {
	if style == jsonFloats {
		dst = append(dst, '"')
	}
	if negative {
		dst = append(dst, '-')
	}
	return append(dst, style.inf...)
}
