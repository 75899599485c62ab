package remote

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tarn/catalog/sqltype"
)

// column is how the texts of one column become Arrow values.
type column struct {
	typ   sqltype.Type
	arrow arrow.DataType
	add   func(b array.Builder, text []byte) error
}

// columnOf chooses the SQL type for a column of the server's. What is not here is text as the server spells it: times with zone, bits, ranges
// and records. Arrays are those of listOf.
func columnOf(f pgconn.FieldDescription) column {
	of := func(k sqltype.Kind, dt arrow.DataType, add func(array.Builder, []byte) error) column {
		return column{sqltype.Of(k), dt, add}
	}
	switch f.DataTypeOID {
	case pgtype.BoolOID:
		return of(sqltype.Boolean, arrow.FixedWidthTypes.Boolean, addBool)
	case pgtype.Int2OID:
		return of(sqltype.SmallInt, arrow.PrimitiveTypes.Int16, addParsed)
	case pgtype.Int4OID:
		return of(sqltype.Integer, arrow.PrimitiveTypes.Int32, addParsed)
	case pgtype.Int8OID:
		return of(sqltype.BigInt, arrow.PrimitiveTypes.Int64, addParsed)
	case pgtype.Float4OID:
		return of(sqltype.Float, arrow.PrimitiveTypes.Float32, addParsed)
	case pgtype.Float8OID:
		return of(sqltype.Double, arrow.PrimitiveTypes.Float64, addParsed)
	case pgtype.NumericOID:
		if width, scale := (f.TypeModifier-4)>>16, (f.TypeModifier-4)&0xffff; f.TypeModifier >= 4 && width <= 38 && scale <= width {
			t := sqltype.DecimalOf(uint8(width), uint8(scale))
			return column{t, &arrow.Decimal128Type{Precision: int32(width), Scale: int32(scale)}, addParsed}
		}
		return of(sqltype.BigNum, arrow.BinaryTypes.String, addText) // a number of any size
	case pgtype.JSONOID, pgtype.JSONBOID:
		return of(sqltype.JSON, arrow.BinaryTypes.String, addText)
	case pgtype.ByteaOID:
		return of(sqltype.Blob, arrow.BinaryTypes.Binary, addBytes)
	case pgtype.UUIDOID:
		return of(sqltype.UUID, &arrow.FixedSizeBinaryType{ByteWidth: 16}, addUUID)
	case pgtype.DateOID:
		return of(sqltype.Date, arrow.FixedWidthTypes.Date32, addDate)
	case pgtype.TimeOID:
		return of(sqltype.Time, arrow.FixedWidthTypes.Time64us, addTime)
	case pgtype.IntervalOID:
		return of(sqltype.Interval, &arrow.FixedSizeBinaryType{ByteWidth: 16}, addInterval)
	case pgtype.TimestampOID:
		return of(sqltype.Timestamp, &arrow.TimestampType{Unit: arrow.Microsecond}, addTimestamp)
	case pgtype.TimestamptzOID:
		return of(sqltype.TimestampTZ, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, addTimestamp)
	}
	return of(sqltype.Varchar, arrow.BinaryTypes.String, addText)
}

func addText(b array.Builder, text []byte) error {
	b.(*array.StringBuilder).BinaryBuilder.Append(text)
	return nil
}

func addBool(b array.Builder, text []byte) error {
	b.(*array.BooleanBuilder).Append(string(text) == "t")
	return nil
}

func addParsed(b array.Builder, text []byte) error { return b.AppendValueFromString(string(text)) }

func addBytes(b array.Builder, text []byte) error {
	raw, err := hex.DecodeString(strings.TrimPrefix(string(text), `\x`))
	b.(*array.BinaryBuilder).Append(raw)
	return err
}

func addUUID(b array.Builder, text []byte) error {
	raw, err := hex.DecodeString(strings.ReplaceAll(string(text), "-", ""))
	if err != nil || len(raw) != 16 {
		return fmt.Errorf("a UUID has 32 digits")
	}
	b.(*array.FixedSizeBinaryBuilder).Append(raw)
	return nil
}

// addInterval reads what IntervalStyle postgres writes.
func addInterval(b array.Builder, text []byte) error {
	var v pgtype.Interval
	if err := intervals.Scan(pgtype.IntervalOID, pgtype.TextFormatCode, text, &v); err != nil {
		return err
	}
	raw := binary.LittleEndian.AppendUint32(nil, uint32(v.Months))
	raw = binary.LittleEndian.AppendUint32(raw, uint32(v.Days))
	b.(*array.FixedSizeBinaryBuilder).Append(binary.LittleEndian.AppendUint64(raw, uint64(v.Microseconds)))
	return nil
}

func addDate(b array.Builder, text []byte) error {
	days := b.(*array.Date32Builder)
	switch string(text) {
	case "infinity":
		days.Append(math.MaxInt32)
	case "-infinity":
		days.Append(-math.MaxInt32)
	default:
		seconds, _, err := parseDate(strings.CutSuffix(string(text), " BC"))
		if err != nil {
			return err
		}
		days.Append(arrow.Date32(seconds / 86_400))
	}
	return nil
}

func addTime(b array.Builder, text []byte) error {
	micros, err := clock(string(text))
	b.(*array.Time64Builder).Append(arrow.Time64(micros))
	return err
}

func addTimestamp(b array.Builder, text []byte) error {
	times := b.(*array.TimestampBuilder)
	switch string(text) {
	case "infinity":
		times.Append(math.MaxInt64)
	case "-infinity":
		times.Append(-math.MaxInt64)
	default:
		micros, err := parseTime(string(text))
		if err != nil {
			return err
		}
		times.Append(arrow.Timestamp(micros))
	}
	return nil
}

// parseTime reads a date, with or without a time of day and an offset, as PostgreSQL's ISO style writes it, and returns microseconds since 1970:
// 2024-01-31, 0044-03-15 12:00:00.5+02:30 BC.
func parseTime(text string) (int64, error) {
	seconds, day, err := parseDate(strings.CutSuffix(text, " BC"))
	micros := seconds * 1_000_000
	if day == "" || err != nil {
		return micros, err
	}
	var offset int64
	if at := strings.LastIndexAny(day, "+-"); at > 0 {
		away, err := clock(day[at+1:])
		if err != nil {
			return 0, err
		}
		if offset = away; day[at] == '-' {
			offset = -away
		}
		day = day[:at]
	}
	of, err := clock(day)
	return micros + of - offset, err
}

// parseDate reads a date and returns the seconds from 1970 to its beginning, which can be more than fit in microseconds, and the time of day
// behind it, which may be empty.
func parseDate(text string, before bool) (seconds int64, day string, err error) {
	date, day, _ := strings.Cut(text, " ")
	parts := strings.Split(date, "-")
	if len(parts) != 3 {
		return 0, "", fmt.Errorf("not a date: %q", date)
	}
	var n [3]int
	for i, p := range parts {
		if n[i], err = strconv.Atoi(p); err != nil {
			return 0, "", err
		}
	}
	if before {
		n[0] = 1 - n[0]
	}
	return time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC).Unix(), day, nil
}

// clock reads hours, minutes and seconds, of which the last may be missing, as microseconds.
func clock(text string) (micros int64, err error) {
	text, fraction, _ := strings.Cut(text, ".")
	unit := int64(3600 * 1_000_000)
	for _, p := range strings.Split(text, ":") {
		n, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return 0, err
		}
		micros += n * unit
		unit /= 60
	}
	if fraction != "" {
		n, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
		if err != nil {
			return 0, err
		}
		micros += n
	}
	return micros, nil
}
