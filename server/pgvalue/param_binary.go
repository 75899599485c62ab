package pgvalue

import (
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/cell"
	"tarn/engine/pgtype"
)

// sizes are the lengths that binary values of fixed size must have.
var sizes = map[uint32]int{oidBool: 1, oidInt2: 2, oidInt4: 4, oidInt8: 8, oidOID: 4, oidFloat4: 4, oidFloat8: 8,
	oidDate: 4, oidTime: 8, oidTimestamp: 8, oidTimestampTZ: 8, oidTimeTZ: 12, oidInterval: 16, oidUUID: 16}

func wrongBinary(oid uint32, why string) error {
	return &engine.Error{Kind: engine.KindInvalidValue, Detail: why,
		Message: "incorrect binary data for a parameter of type " + typeName(oid)}
}

// decodeBinary turns PostgreSQL's binary format (the *_recv functions of its types) into text that DuckDB casts.
func decodeBinary(oid uint32, b []byte, t sqltype.Type) (string, error) {
	if n, ok := sizes[oid]; ok && len(b) != n {
		return "", wrongBinary(oid, fmt.Sprintf("It has %d bytes, not %d.", len(b), n))
	}
	switch oid {
	case oidBool:
		return strconv.FormatBool(b[0] != 0), nil
	case oidInt2:
		return strconv.Itoa(int(int16(be.Uint16(b)))), nil
	case oidInt4:
		return strconv.Itoa(int(int32(be.Uint32(b)))), nil
	case oidInt8:
		return strconv.FormatInt(int64(be.Uint64(b)), 10), nil
	case oidOID:
		return strconv.FormatUint(uint64(be.Uint32(b)), 10), nil
	case oidFloat4:
		return floatText(float64(math.Float32frombits(be.Uint32(b))), 32), nil
	case oidFloat8:
		return floatText(math.Float64frombits(be.Uint64(b)), 64), nil
	case oidNumeric:
		text, err := readNumeric(b)
		if err != nil {
			return "", wrongBinary(oid, err.Error())
		}
		return text, nil
	case oidText, oidVarchar, oidBPChar, oidName, oidChar, oidUnknown, oidJSON, 0:
		return string(b), nil
	case oidJSONB:
		if len(b) == 0 || b[0] != 1 {
			return "", wrongBinary(oid, "Its version is not 1.")
		}
		return string(b[1:]), nil
	case oidBytea:
		return string(cell.AppendBlob(nil, b)), nil
	case oidUUID:
		return string(cell.AppendUUID(nil, b)), nil
	case oidBit, oidVarbit:
		return bitsText(oid, b)
	}
	if array, ok := pgtype.ElementOf(oid); ok {
		return binaryArrayText(array, b, t)
	}
	return binaryTimeText(oid, b)
}

// floatText writes the shortest text that reads back equal.
func floatText(f float64, bits int) string { return string(cell.AppendFloat(nil, f, bits)) }

// binaryTimeText reads dates, times and intervals.
func binaryTimeText(oid uint32, b []byte) (string, error) {
	switch oid {
	case oidDate:
		days := int64(int32(be.Uint32(b)))
		switch days {
		case math.MaxInt32:
			return "infinity", nil
		case math.MinInt32:
			return "-infinity", nil
		}
		if days+epochDays >= math.MaxInt32 {
			return "", wrongBinary(oid, "The date is out of range.")
		}
		return string(cell.AppendDate(nil, int32(days+epochDays))), nil
	case oidTime, oidTimeTZ:
		return binaryClock(oid, b)
	case oidTimestamp, oidTimestampTZ:
		micros := int64(be.Uint64(b))
		switch micros {
		case math.MaxInt64:
			return "infinity", nil
		case math.MinInt64:
			return "-infinity", nil
		}
		if micros > math.MaxInt64-epochMicros {
			return "", wrongBinary(oid, "The timestamp is out of range.")
		}
		if oid == oidTimestampTZ {
			return string(cell.AppendTimestampTZ(nil, micros+epochMicros, nil)), nil
		}
		return string(cell.AppendTimestamp(nil, micros+epochMicros, arrow.Microsecond)), nil
	case oidInterval:
		return fmt.Sprintf("%d months %d days %d microseconds", int32(be.Uint32(b[12:])), int32(be.Uint32(b[8:])),
			int64(be.Uint64(b))), nil
	}
	return "", &engine.Error{Kind: engine.KindUnsupported,
		Message: fmt.Sprintf("parameters of the type with OID %d are not supported in the binary format", oid),
		Hint:    "Send the parameter as text."}
}

// binaryClock reads a time of day, of at most 24:00:00, and the zone in seconds west of Greenwich if it has one.
func binaryClock(oid uint32, b []byte) (string, error) {
	micros := int64(be.Uint64(b))
	if micros < 0 || micros > 24*60*60*1_000_000 {
		return "", wrongBinary(oid, "The time is out of range.")
	}
	if oid == oidTime {
		return string(cell.AppendTime(nil, micros, 1e6)), nil
	}
	west := int32(be.Uint32(b[8:]))
	if west < -57599 || west > 57599 { // DuckDB's and PostgreSQL's limit, 15:59:59
		return "", wrongBinary(oid, "The zone is out of range.")
	}
	return string(cell.AppendTimeTZ(nil, uint64(micros)<<24|uint64(57599+west))), nil
}

// bitsText reads a bit or varbit: the number of bits, and the bits from the left.
func bitsText(oid uint32, b []byte) (string, error) {
	if len(b) < 4 || uint64(be.Uint32(b)) > uint64(len(b)-4)*8 {
		return "", wrongBinary(oid, "It has fewer bits than it says.")
	}
	out := make([]byte, be.Uint32(b))
	for i := range out {
		out[i] = '0' + b[4+i/8]>>(7-i%8)&1
	}
	return string(out), nil
}

// binaryArrayText reads an array (array_recv in PostgreSQL's arrayfuncs.c) into a DuckDB list.
func binaryArrayText(array pgtype.Builtin, b []byte, t sqltype.Type) (string, error) {
	const header, dimension = 12, 8
	bad := func(why string) (string, error) { return "", wrongBinary(array.Array, why) }
	if len(b) < header {
		return bad("It is shorter than its header.")
	}
	dims, elem := be.Uint32(b), be.Uint32(b[8:])
	switch {
	case dims == 0:
		return "[]", nil
	case dims > pgtype.MaxDims:
		return bad(fmt.Sprintf("It has more than %d dimensions.", pgtype.MaxDims))
	case len(b) < header+int(dims)*dimension:
		return bad("It is shorter than its header.")
	case elem != array.OID:
		return bad(fmt.Sprintf("Its elements have OID %d, not %d.", elem, array.OID))
	}
	lengths := make([]uint32, dims)
	for i := range lengths {
		lengths[i] = be.Uint32(b[header+i*dimension:])
		if lengths[i] == 0 {
			return "[]", nil
		}
	}
	out, rest, err := appendBinaryList(nil, array, b[header+int(dims)*dimension:], lengths, t)
	if err == nil && len(rest) > 0 {
		return bad("It has more elements than it says.")
	}
	return string(out), err
}

// appendBinaryList appends a list with the lengths of its levels, whose elements stand in b, and returns what of b is left.
func appendBinaryList(dst []byte, array pgtype.Builtin, b []byte, lengths []uint32, t sqltype.Type) (out, rest []byte, err error) {
	dst = append(dst, '[')
	for i := range lengths[0] {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if len(lengths) > 1 {
			dst, b, err = appendBinaryList(dst, array, b, lengths[1:], t)
		} else {
			dst, b, err = appendBinaryElement(dst, array, b, t)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return append(dst, ']'), b, nil
}

func appendBinaryElement(dst []byte, array pgtype.Builtin, b []byte, t sqltype.Type) (out, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, wrongBinary(array.Array, "It has fewer elements than it says.")
	}
	size := int64(int32(be.Uint32(b)))
	b = b[4:]
	if size == -1 {
		return append(dst, "NULL"...), b, nil
	}
	if size < 0 || size > int64(len(b)) {
		return nil, nil, wrongBinary(array.Array, "An element is longer than the array.")
	}
	text, err := decodeBinary(array.OID, b[:size], sqltype.Type{})
	if err == nil {
		err = checkElement(array.OID, text, t)
	}
	if err != nil {
		return nil, nil, err
	}
	return appendListElement(dst, text), b[size:], nil
}
