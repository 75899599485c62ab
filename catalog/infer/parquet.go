package infer

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tarn/catalog/sqltype"
	"tarn/storage"
)

// Parquet says what a Parquet file holds, from its footer alone: the types are those that DuckDB 1.5.6 reads the columns
// as (rules of its ParquetReader::ParseSchemaRecursive and DeriveLogicalType), and the statistics those that the footer
// proves. An error is an *Error; it means that DuckDB does not read the file either.
func Parquet(f *storage.Footer) (*File, error) {
	p := parquetSchema{geo: parquetGeoColumns(f.Geo)}
	if len(f.Columns) == 0 {
		return nil, &Error{Reason: "the Parquet file has no columns"}
	}
	fields, err := p.fields(f.Columns, nil)
	if err != nil {
		return nil, err
	}
	if err := parquetNameEmpty(fields); err != nil {
		return nil, err
	}
	out := &File{Rows: f.Rows, Columns: make([]Column, len(fields))}
	for i, field := range fields {
		n := f.Columns[i]
		out.Columns[i] = Column{Name: field.Name, Type: field.Type, Stats: Stats{Nulls: -1}}
		if field.Name != n.Name {
			p.notice("column %q is called %q: its name is empty, or equals another but for case", n.Name, field.Name)
		}
		if n.Leaf >= 0 && n.Repetition != storage.Repeated {
			out.Columns[i].Stats = parquetStats(n, field.Type, &f.Leaves[n.Leaf], f.Rows)
		}
	}
	out.Notices = p.notices
	return out, nil
}

// parquetGeoColumns returns the columns that GeoParquet metadata declares to be geometries.
func parquetGeoColumns(geo string) map[string]bool {
	if geo == "" {
		return nil
	}
	var meta struct {
		Columns map[string]struct{} `json:"columns"`
	}
	if json.Unmarshal([]byte(geo), &meta) != nil {
		return nil
	}
	out := map[string]bool{}
	for name := range meta.Columns {
		out[name] = true
	}
	return out
}

// parquetSchema maps the schema of one file.
type parquetSchema struct {
	geo     map[string]bool
	notices []string
}

func (p *parquetSchema) notice(format string, args ...any) {
	p.notices = append(p.notices, fmt.Sprintf(format, args...))
}

// fields maps the children of parent (nil for the root). Names that differ in case only get _1, _2 and so on.
func (p *parquetSchema) fields(nodes []*storage.Node, parent *storage.Node) ([]sqltype.Field, error) {
	out := make([]sqltype.Field, len(nodes))
	seen := map[string]int{}
	for i, n := range nodes {
		t, err := p.typeOf(n, parent)
		if err != nil {
			return nil, err
		}
		name := n.Name
		for {
			key := parquetLower(name)
			if _, ok := seen[key]; !ok {
				seen[key] = 0
				break
			}
			seen[key]++
			name += "_" + strconv.Itoa(seen[key])
		}
		out[i] = sqltype.Field{Name: name, Type: t}
	}
	return out, nil
}

// parquetNameEmpty names top-level columns without a name C and their place, counted from 0, as DuckDB does.
func parquetNameEmpty(fields []sqltype.Field) error {
	for i := range fields {
		if fields[i].Name != "" {
			continue
		}
		name := "C" + strconv.Itoa(i)
		for _, f := range fields {
			if strings.EqualFold(f.Name, name) {
				return &Error{Reason: fmt.Sprintf("two columns of the Parquet file are called %q: one has no name", name),
					Hint: "write the file again with a name for every column"}
			}
		}
		fields[i].Name = name
	}
	return nil
}

// parquetLower lowers ASCII letters only: DuckDB takes other letters as different in either case.
func parquetLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// typeOf maps one node with all below it.
func (p *parquetSchema) typeOf(n, parent *storage.Node) (sqltype.Type, error) {
	t, err := p.bare(n, parent)
	if err != nil || n.Repetition != storage.Repeated || t.Kind == sqltype.Map && parquetIsEntries(n, parent) {
		return t, err
	}
	return sqltype.ListOf(t), nil
}

// parquetIsEntries reports whether a group holds the keys and values of a map.
func parquetIsEntries(n, parent *storage.Node) bool {
	return n.Leaf < 0 && (n.Converted == storage.ConvertedMapKeyValue ||
		parent != nil && parent.Converted == storage.ConvertedMap && len(parent.Children) == 1)
}

// bare maps one node without regard to its repetition, which makes a list of it.
func (p *parquetSchema) bare(n, parent *storage.Node) (sqltype.Type, error) {
	if n.Leaf >= 0 {
		if parent == nil && p.geo[n.Name] && n.Physical == storage.ByteArray {
			return sqltype.Of(sqltype.Geometry), nil
		}
		return p.scalar(n)
	}
	fields, err := p.fields(n.Children, n)
	if err != nil {
		return sqltype.Type{}, err
	}
	wrapper := n.Converted == storage.ConvertedList || n.Converted == storage.ConvertedMap ||
		n.Repetition == storage.Repeated
	switch {
	case parquetIsEntries(n, parent):
		if len(fields) != 2 || n.Repetition != storage.Repeated {
			return sqltype.Type{}, parquetError(n, "it is the entries of a map, which are repeated pairs")
		}
		return sqltype.MapOf(fields[0].Type, fields[1].Type), nil
	case len(fields) == 1 && wrapper:
		return fields[0].Type, nil // a layer that only makes its content a list
	case n.Logical == storage.LogicalVariant:
		return sqltype.Of(sqltype.Variant), nil
	default:
		return sqltype.StructOf(fields...), nil
	}
}

// scalar maps a leaf: by its logical type where DuckDB looks at that, then by its converted, then by its physical type.
func (p *parquetSchema) scalar(n *storage.Node) (sqltype.Type, error) {
	switch n.Logical {
	case storage.LogicalUnknown:
		return sqltype.Of(sqltype.Null), nil
	case storage.LogicalUUID:
		if n.Physical == storage.FixedLenByteArray {
			return sqltype.Of(sqltype.UUID), nil
		}
	case storage.LogicalFloat16:
		if n.Physical == storage.FixedLenByteArray && n.Length == 2 {
			return sqltype.Of(sqltype.Float), nil
		}
	case storage.LogicalGeometry, storage.LogicalGeography:
		if n.Physical == storage.ByteArray {
			return sqltype.Of(sqltype.Geometry), nil
		}
	case storage.LogicalTimestamp, storage.LogicalTime:
		return p.temporal(n), nil
	}
	if n.Converted != storage.NoConverted {
		return p.converted(n)
	}
	switch n.Physical {
	case storage.Bool:
		return sqltype.Of(sqltype.Boolean), nil
	case storage.Int32:
		return sqltype.Of(sqltype.Integer), nil
	case storage.Int64:
		return sqltype.Of(sqltype.BigInt), nil
	case storage.Int96:
		return sqltype.Of(sqltype.Timestamp), nil
	case storage.Float:
		return sqltype.Of(sqltype.Float), nil
	case storage.Double:
		return sqltype.Of(sqltype.Double), nil
	case storage.ByteArray, storage.FixedLenByteArray:
		return sqltype.Of(sqltype.Blob), nil
	default:
		return sqltype.Type{}, parquetError(n, fmt.Sprintf("its physical type %d is unknown", n.Physical))
	}
}

// temporal maps a time or timestamp with a unit.
func (p *parquetSchema) temporal(n *storage.Node) sqltype.Type {
	nanos := n.Unit == storage.Nanos
	if nanos && n.UTC {
		p.notice("column %q has nanoseconds with a time zone and is read in microseconds", n.Name)
	}
	switch {
	case n.Logical == storage.LogicalTime && n.UTC:
		return sqltype.Of(sqltype.TimeTZ)
	case n.Logical == storage.LogicalTime && nanos:
		return sqltype.Of(sqltype.TimeNS)
	case n.Logical == storage.LogicalTime:
		return sqltype.Of(sqltype.Time)
	case n.UTC:
		return sqltype.Of(sqltype.TimestampTZ)
	case nanos:
		return sqltype.Of(sqltype.TimestampNS)
	default:
		return sqltype.Of(sqltype.Timestamp)
	}
}

// parquetConverted says which SQL type a converted type means, and on which physical type it may stand.
var parquetConverted = map[storage.Converted]struct {
	kind sqltype.Kind
	on   storage.Physical
}{
	storage.ConvertedInt8:            {sqltype.TinyInt, storage.Int32},
	storage.ConvertedInt16:           {sqltype.SmallInt, storage.Int32},
	storage.ConvertedInt32:           {sqltype.Integer, storage.Int32},
	storage.ConvertedInt64:           {sqltype.BigInt, storage.Int64},
	storage.ConvertedUint8:           {sqltype.UTinyInt, storage.Int32},
	storage.ConvertedUint16:          {sqltype.USmallInt, storage.Int32},
	storage.ConvertedUint32:          {sqltype.UInteger, storage.Int32},
	storage.ConvertedUint64:          {sqltype.UBigInt, storage.Int64},
	storage.ConvertedDate:            {sqltype.Date, storage.Int32},
	storage.ConvertedTimeMillis:      {sqltype.Time, storage.Int32},
	storage.ConvertedTimeMicros:      {sqltype.Time, storage.Int64},
	storage.ConvertedTimestampMillis: {sqltype.Timestamp, storage.Int64},
	storage.ConvertedTimestampMicros: {sqltype.Timestamp, storage.Int64},
	storage.ConvertedInterval:        {sqltype.Interval, storage.FixedLenByteArray},
	storage.ConvertedUTF8:            {sqltype.Varchar, storage.ByteArray},
	storage.ConvertedEnum:            {sqltype.Varchar, storage.ByteArray},
	storage.ConvertedJSON:            {sqltype.JSON, storage.ByteArray},
}

// converted maps a leaf by its converted type.
func (p *parquetSchema) converted(n *storage.Node) (sqltype.Type, error) {
	switch n.Converted {
	case storage.ConvertedNull:
		return sqltype.Of(sqltype.Null), nil
	case storage.ConvertedDecimal:
		if !n.HasDecimal || n.Precision < 1 || n.Scale < 0 || n.Scale > n.Precision {
			return sqltype.Type{}, parquetError(n, "it is a decimal without valid precision and scale")
		}
		if n.Precision > 38 {
			p.notice("column %q is DECIMAL(%d,%d), more than 38 digits, and is read as DOUBLE, which keeps 15", n.Name,
				n.Precision, n.Scale)
			return sqltype.Of(sqltype.Double), nil
		}
		return sqltype.DecimalOf(uint8(n.Precision), uint8(n.Scale)), nil
	}
	c, ok := parquetConverted[n.Converted]
	if !ok {
		return sqltype.Type{}, parquetError(n, fmt.Sprintf("its converted type %d is not supported", n.Converted))
	}
	bytes := n.Physical == storage.ByteArray || n.Physical == storage.FixedLenByteArray
	if n.Physical != c.on && !(bytes && c.on == storage.ByteArray) {
		return sqltype.Type{}, parquetError(n, fmt.Sprintf("it is annotated as %s but not stored so", c.kind))
	}
	return sqltype.Of(c.kind), nil
}

func parquetError(n *storage.Node, why string) error {
	return &Error{
		Reason: fmt.Sprintf("column %q of the Parquet file cannot be read: %s", n.Name, why),
		Hint:   "write the file again without this column, or with the column as text",
	}
}

// parquetStats returns the statistics of a top-level scalar column.
func parquetStats(n *storage.Node, t sqltype.Type, leaf *storage.Leaf, rows int64) Stats {
	s := Stats{Nulls: leaf.Nulls}
	switch {
	case n.Repetition == storage.Required || rows == 0:
		s.Nulls = 0
	case s.Nulls < 0 || s.Nulls > rows:
		s.Nulls = -1
	}
	if !leaf.HasMinMax || !leaf.Exact {
		return s
	}
	if (t.Kind == sqltype.Float || t.Kind == sqltype.Double) && !leaf.NoNaN {
		return s // NaN is above every bound in SQL, and the statistics leave it out
	}
	lo, ok1 := parquetText(n, t, leaf.Min)
	hi, ok2 := parquetText(n, t, leaf.Max)
	if ok1 && ok2 {
		s.HasMinMax, s.Min, s.Max = true, lo, hi
	}
	return s
}

// parquetText writes a value of Parquet's plain encoding as text that a cast to t accepts. It is false for values and
// types for which that is not certain: infinities, years beyond 1 to 9999, decimals wider than their type.
func parquetText(n *storage.Node, t sqltype.Type, b []byte) (string, bool) {
	signed, unsigned := parquetInt(n, b)
	switch t.Kind {
	case sqltype.Boolean:
		return strconv.FormatBool(b[0] != 0), true
	case sqltype.TinyInt, sqltype.SmallInt, sqltype.Integer, sqltype.BigInt:
		return strconv.FormatInt(signed, 10), n.Logical != storage.LogicalUnsigned
	case sqltype.UTinyInt, sqltype.USmallInt, sqltype.UInteger, sqltype.UBigInt:
		return strconv.FormatUint(unsigned, 10), true
	case sqltype.Float:
		f := math.Float32frombits(uint32(unsigned))
		return strconv.FormatFloat(float64(f), 'g', -1, 32), !math.IsInf(float64(f), 0)
	case sqltype.Double:
		f := math.Float64frombits(unsigned)
		return strconv.FormatFloat(f, 'g', -1, 64), n.Physical == storage.Double && !math.IsInf(f, 0)
	case sqltype.Decimal:
		return parquetDecimal(n, t, signed, b)
	case sqltype.Varchar:
		return string(b), utf8.Valid(b)
	case sqltype.Blob:
		var text strings.Builder
		for _, c := range b {
			fmt.Fprintf(&text, `\x%02X`, c)
		}
		return text.String(), true
	case sqltype.UUID:
		if len(b) != 16 {
			return "", false
		}
		h := hex.EncodeToString(b)
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], true
	case sqltype.Date:
		return parquetTime(time.Unix(signed*86400, 0), "2006-01-02")
	case sqltype.Time, sqltype.TimeNS, sqltype.Timestamp, sqltype.TimestampNS, sqltype.TimestampTZ:
		return parquetClock(n, t.Kind, signed)
	default:
		return "", false
	}
}

// parquetInt reads a little-endian number of 4 or 8 bytes both ways; other lengths give zeros.
func parquetInt(n *storage.Node, b []byte) (int64, uint64) {
	switch n.Physical {
	case storage.Int32, storage.Float:
		u := binary.LittleEndian.Uint32(b)
		return int64(int32(u)), uint64(u)
	case storage.Int64, storage.Double:
		u := binary.LittleEndian.Uint64(b)
		return int64(u), u
	default:
		return 0, 0
	}
}

// parquetDecimal writes a decimal, which is stored as an integer or as big-endian two's complement bytes.
func parquetDecimal(n *storage.Node, t sqltype.Type, stored int64, b []byte) (string, bool) {
	v := big.NewInt(stored)
	if n.Physical == storage.ByteArray || n.Physical == storage.FixedLenByteArray {
		v.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
		}
	}
	sign := ""
	if v.Sign() < 0 {
		sign = "-"
		v.Neg(v)
	}
	digits := v.String()
	if len(digits) > int(t.Width) {
		return "", false
	}
	scale := int(t.Scale)
	if scale == 0 {
		return sign + digits, true
	}
	digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
	point := len(digits) - scale
	return sign + digits[:point] + "." + digits[point:], true
}

// parquetClock writes a time of day or a timestamp of any unit.
func parquetClock(n *storage.Node, kind sqltype.Kind, v int64) (string, bool) {
	var moment time.Time
	switch {
	case n.Unit == storage.Millis, n.Converted == storage.ConvertedTimeMillis, n.Converted == storage.ConvertedTimestampMillis:
		moment = time.UnixMilli(v)
	case n.Unit == storage.Nanos && kind == sqltype.TimestampTZ:
		moment = time.UnixMicro(v / 1000)
	case n.Unit == storage.Nanos:
		moment = time.Unix(0, v)
	default:
		moment = time.UnixMicro(v)
	}
	switch kind {
	case sqltype.Time, sqltype.TimeNS:
		since := moment.Sub(time.Unix(0, 0))
		layout := map[sqltype.Kind]string{sqltype.Time: "15:04:05.000000", sqltype.TimeNS: "15:04:05.000000000"}[kind]
		return moment.UTC().Format(layout), since >= 0 && since < 24*time.Hour
	case sqltype.TimestampNS:
		return parquetTime(moment, "2006-01-02 15:04:05.000000000")
	case sqltype.TimestampTZ:
		return parquetTime(moment, "2006-01-02 15:04:05.000000+00")
	default:
		return parquetTime(moment, "2006-01-02 15:04:05.000000")
	}
}

// parquetTime writes a moment of the years 1 to 9999.
func parquetTime(t time.Time, layout string) (string, bool) {
	t = t.UTC()
	return t.Format(layout), t.Year() >= 1 && t.Year() <= 9999
}
