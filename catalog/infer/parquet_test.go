package infer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"

	"tarn/storage"
)

// The expectations below are what DuckDB 1.5.6 says. To check them again, write the files with
// go test ./catalog/infer -run Parquet -keep DIR and DESCRIBE each in DuckDB.
var pqKeep = flag.String("keep", "", "also write the generated Parquet files to this directory")

var (
	pqReq = parquet.Repetitions.Required
	pqOpt = parquet.Repetitions.Optional
	pqRep = parquet.Repetitions.Repeated
)

// pqLeaf makes a leaf with a logical type, and with the converted type that goes with it.
func pqLeaf(name string, r parquet.Repetition, p parquet.Type, l schema.LogicalType, length int) schema.Node {
	return schema.MustPrimitive(schema.NewPrimitiveNodeLogical(name, r, l, p, length, -1))
}

func pqInt(name string, r parquet.Repetition) schema.Node {
	return pqLeaf(name, r, parquet.Types.Int32, schema.NoLogicalType{}, -1)
}

func pqText(name string, r parquet.Repetition) schema.Node {
	return pqLeaf(name, r, parquet.Types.ByteArray, schema.StringLogicalType{}, -1)
}

func pqGroup(name string, r parquet.Repetition, c schema.ConvertedType, fields ...schema.Node) schema.Node {
	return schema.MustGroup(schema.NewGroupNodeConverted(name, r, fields, c, -1))
}

// pqBare makes an unannotated leaf.
func pqBare(p parquet.Type, length int) schema.Node {
	return pqLeaf("c", pqOpt, p, schema.NoLogicalType{}, length)
}

// pqLogical makes an annotated leaf.
func pqLogical(p parquet.Type, l schema.LogicalType, length int) schema.Node {
	return pqLeaf("c", pqOpt, p, l, length)
}

// pqOnlyLogical drops the converted types, as some writers do.
func pqOnlyLogical(m *metadata.FileMetaData) {
	for _, e := range m.FileMetaData.Schema {
		e.ConvertedType, e.Precision, e.Scale = nil, nil, nil
	}
}

// pqOnlyConverted drops the logical types, as old writers do.
func pqOnlyConverted(m *metadata.FileMetaData) {
	for _, e := range m.FileMetaData.Schema {
		e.LogicalType = nil
	}
}

// pqSchemaFile returns a Parquet file without rows, whose metadata edit may change.
func pqSchemaFile(t *testing.T, columns []schema.Node, edit func(*metadata.FileMetaData)) []byte {
	t.Helper()
	root := schema.MustGroup(schema.NewGroupNode("schema", pqReq, columns, -1))
	var b bytes.Buffer
	if err := file.NewParquetWriter(&b, root).Close(); err != nil {
		t.Fatal(err)
	}
	return pqEdit(t, b.Bytes(), edit)
}

// pqEdit changes the metadata of a Parquet file.
func pqEdit(t *testing.T, data []byte, edit func(*metadata.FileMetaData)) []byte {
	t.Helper()
	if edit == nil {
		return data
	}
	at := len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	meta, err := metadata.NewFileMetaData(data[at:len(data)-8], nil)
	if err != nil {
		t.Fatal(err)
	}
	edit(meta)
	b := bytes.NewBuffer(bytes.Clone(data[:at]))
	if _, err := meta.WriteTo(b, nil); err != nil {
		t.Fatal(err)
	}
	n := b.Len() - at
	return append(binary.LittleEndian.AppendUint32(b.Bytes(), uint32(n)), "PAR1"...)
}

// pqInfer writes a file and infers it.
func pqInfer(t *testing.T, name string, data []byte) (*File, error) {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, *pqKeep} {
		if d != "" {
			if err := os.WriteFile(filepath.Join(d, name+".parquet"), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := root.Footer(name + ".parquet")
	if err != nil {
		return nil, err
	}
	return Parquet(f)
}

// pqTypes lists columns as DESCRIBE does.
func pqTypes(f *File) string {
	var s []string
	for _, c := range f.Columns {
		s = append(s, c.Name+" "+c.Type.String())
	}
	return strings.Join(s, ", ")
}

var (
	pqType    = parquet.Types
	pqNone    = schema.ConvertedTypes.None
	pqList    = schema.ConvertedTypes.List
	pqMap     = schema.ConvertedTypes.Map
	pqEntries = schema.ConvertedTypes.MapKeyValue
	pqFixed   = parquet.Types.FixedLenByteArray
	pqMicros  = schema.TimeUnitMicros
	pqMillis  = schema.TimeUnitMillis
	pqNanos   = schema.TimeUnitNanos
	pqDecimal = func(p parquet.Type, precision, scale int32, length int) schema.Node {
		return pqLogical(p, schema.NewDecimalLogicalType(precision, scale), length)
	}
)

// pqScalars are columns of one leaf and the types they have.
var pqScalars = map[string]struct {
	node schema.Node
	edit func(*metadata.FileMetaData)
	want string // the type, or ! and part of the error
}{
	"boolean":           {pqBare(pqType.Boolean, -1), nil, "BOOLEAN"},
	"int32":             {pqBare(pqType.Int32, -1), nil, "INTEGER"},
	"int64":             {pqBare(pqType.Int64, -1), nil, "BIGINT"},
	"int96":             {pqBare(pqType.Int96, -1), nil, "TIMESTAMP"},
	"float":             {pqBare(pqType.Float, -1), nil, "FLOAT"},
	"double":            {pqBare(pqType.Double, -1), nil, "DOUBLE"},
	"bytes":             {pqBare(pqType.ByteArray, -1), nil, "BLOB"},
	"fixed":             {pqBare(pqFixed, 7), nil, "BLOB"},
	"int8":              {pqLogical(pqType.Int32, schema.NewIntLogicalType(8, true), -1), nil, "TINYINT"},
	"int16":             {pqLogical(pqType.Int32, schema.NewIntLogicalType(16, true), -1), nil, "SMALLINT"},
	"int32i":            {pqLogical(pqType.Int32, schema.NewIntLogicalType(32, true), -1), nil, "INTEGER"},
	"int64i":            {pqLogical(pqType.Int64, schema.NewIntLogicalType(64, true), -1), nil, "BIGINT"},
	"uint8":             {pqLogical(pqType.Int32, schema.NewIntLogicalType(8, false), -1), nil, "UTINYINT"},
	"uint16":            {pqLogical(pqType.Int32, schema.NewIntLogicalType(16, false), -1), nil, "USMALLINT"},
	"uint32":            {pqLogical(pqType.Int32, schema.NewIntLogicalType(32, false), -1), nil, "UINTEGER"},
	"uint64":            {pqLogical(pqType.Int64, schema.NewIntLogicalType(64, false), -1), nil, "UBIGINT"},
	"uint8_logical":     {pqLogical(pqType.Int32, schema.NewIntLogicalType(8, false), -1), pqOnlyLogical, "INTEGER"},
	"uint8_converted":   {pqLogical(pqType.Int32, schema.NewIntLogicalType(8, false), -1), pqOnlyConverted, "UTINYINT"},
	"string":            {pqLogical(pqType.ByteArray, schema.StringLogicalType{}, -1), nil, "VARCHAR"},
	"string_logical":    {pqLogical(pqType.ByteArray, schema.StringLogicalType{}, -1), pqOnlyLogical, "BLOB"},
	"enum":              {pqLogical(pqType.ByteArray, schema.EnumLogicalType{}, -1), nil, "VARCHAR"},
	"json":              {pqLogical(pqType.ByteArray, schema.JSONLogicalType{}, -1), nil, "JSON"},
	"bson":              {pqLogical(pqType.ByteArray, schema.BSONLogicalType{}, -1), nil, "!converted type 20"},
	"uuid":              {pqLogical(pqFixed, schema.UUIDLogicalType{}, 16), nil, "UUID"},
	"float16":           {pqLogical(pqFixed, schema.Float16LogicalType{}, 2), nil, "FLOAT"},
	"interval":          {pqLogical(pqFixed, schema.IntervalLogicalType{}, 12), nil, "INTERVAL"},
	"null":              {pqLogical(pqType.Int32, schema.NullLogicalType{}, -1), nil, `"NULL"`},
	"date":              {pqLogical(pqType.Int32, schema.DateLogicalType{}, -1), nil, "DATE"},
	"time_ms":           {pqLogical(pqType.Int32, schema.NewTimeLogicalType(false, pqMillis), -1), nil, "TIME"},
	"time_us":           {pqLogical(pqType.Int64, schema.NewTimeLogicalType(false, pqMicros), -1), nil, "TIME"},
	"time_ns":           {pqLogical(pqType.Int64, schema.NewTimeLogicalType(false, pqNanos), -1), nil, "TIME_NS"},
	"timetz_ms":         {pqLogical(pqType.Int32, schema.NewTimeLogicalType(true, pqMillis), -1), nil, "TIME WITH TIME ZONE"},
	"timetz_ns":         {pqLogical(pqType.Int64, schema.NewTimeLogicalType(true, pqNanos), -1), nil, "TIME WITH TIME ZONE"},
	"time_converted":    {pqLogical(pqType.Int64, schema.NewTimeLogicalType(true, pqMicros), -1), pqOnlyConverted, "TIME"},
	"timestamp_ms":      {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(false, pqMillis), -1), nil, "TIMESTAMP"},
	"timestamp_us":      {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(false, pqMicros), -1), nil, "TIMESTAMP"},
	"timestamp_ns":      {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(false, pqNanos), -1), nil, "TIMESTAMP_NS"},
	"timestamptz_ms":    {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(true, pqMillis), -1), nil, "TIMESTAMP WITH TIME ZONE"},
	"timestamptz_us":    {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(true, pqMicros), -1), nil, "TIMESTAMP WITH TIME ZONE"},
	"timestamptz_ns":    {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(true, pqNanos), -1), nil, "TIMESTAMP WITH TIME ZONE"},
	"timestamp_old":     {pqLogical(pqType.Int64, schema.NewTimestampLogicalType(true, pqMicros), -1), pqOnlyConverted, "TIMESTAMP"},
	"decimal_int32":     {pqDecimal(pqType.Int32, 9, 2, -1), nil, "DECIMAL(9,2)"},
	"decimal_int64":     {pqDecimal(pqType.Int64, 18, 0, -1), nil, "DECIMAL(18,0)"},
	"decimal_fixed":     {pqDecimal(pqFixed, 38, 10, 16), nil, "DECIMAL(38,10)"},
	"decimal_bytes":     {pqDecimal(pqType.ByteArray, 20, 5, -1), nil, "DECIMAL(20,5)"},
	"decimal_wide":      {pqDecimal(pqType.ByteArray, 50, 5, -1), nil, "DOUBLE"},
	"decimal_logical":   {pqDecimal(pqType.Int32, 9, 2, -1), pqOnlyLogical, "INTEGER"},
	"geometry":          {pqLogical(pqType.ByteArray, schema.GeometryLogicalType{}, -1), nil, "GEOMETRY"},
	"geography":         {pqLogical(pqType.ByteArray, schema.GeographyLogicalType{}, -1), nil, "GEOMETRY"},
	"repeated":          {pqInt("c", pqRep), nil, "INTEGER[]"},
	"required":          {pqInt("c", pqReq), nil, "INTEGER"},
	"quoted \"type\" a": {pqInt("c", pqOpt), nil, "INTEGER"},
}

func TestParquetScalarTypes(t *testing.T) {
	for name, c := range pqScalars {
		t.Run(name, func(t *testing.T) {
			f, err := pqInfer(t, strings.ReplaceAll(name, `"`, ""), pqSchemaFile(t, []schema.Node{c.node}, c.edit))
			if want, ok := strings.CutPrefix(c.want, "!"); ok {
				var e *Error
				if !errors.As(err, &e) || !strings.Contains(e.Reason, want) {
					t.Fatalf("error %v, want one with %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := pqTypes(f); got != "c "+c.want {
				t.Errorf("got %q, want %q", got, "c "+c.want)
			}
		})
	}
}

// pqPair is the group of a map's key and value.
func pqPair(r parquet.Repetition, c schema.ConvertedType, name string) schema.Node {
	return pqGroup(name, r, c, pqText("key", pqReq), pqInt("value", pqOpt))
}

// pqNesteds are columns with parts and the types they have.
var pqNesteds = map[string]struct {
	nodes []schema.Node
	want  string // columns, or ! and part of the error
}{
	"list":              {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqInt("element", pqOpt)))}, "c INTEGER[]"},
	"list_two_level":    {[]schema.Node{pqGroup("c", pqOpt, pqList, pqInt("element", pqRep))}, "c INTEGER[]"},
	"list_of_struct":    {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqGroup("element", pqOpt, pqNone, pqInt("a", pqOpt), pqText("b", pqOpt))))}, `c STRUCT("a" INTEGER, "b" VARCHAR)[]`},
	"list_two_struct":   {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("element", pqRep, pqNone, pqInt("a", pqOpt), pqText("b", pqOpt)))}, `c STRUCT("a" INTEGER, "b" VARCHAR)[]`},
	"list_tuple":        {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("c_tuple", pqRep, pqNone, pqInt("a", pqOpt)))}, `c INTEGER[]`},
	"list_array":        {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("array", pqRep, pqNone, pqInt("a", pqOpt)))}, `c INTEGER[]`},
	"list_of_list":      {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqGroup("element", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqInt("element", pqOpt)))))}, "c INTEGER[][]"},
	"list_one_struct":   {[]schema.Node{pqGroup("c", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqGroup("element", pqOpt, pqNone, pqInt("a", pqOpt))))}, `c STRUCT("a" INTEGER)[]`},
	"repeated_group":    {[]schema.Node{pqGroup("c", pqRep, pqNone, pqInt("a", pqOpt), pqText("b", pqOpt))}, `c STRUCT("a" INTEGER, "b" VARCHAR)[]`},
	"repeated_one":      {[]schema.Node{pqGroup("c", pqRep, pqNone, pqInt("a", pqOpt))}, `c INTEGER[]`},
	"struct":            {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqInt("a", pqOpt), pqText("b", pqReq))}, `c STRUCT("a" INTEGER, "b" VARCHAR)`},
	"struct_one":        {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqInt("a", pqOpt))}, `c STRUCT("a" INTEGER)`},
	"struct_names":      {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqInt("a", pqOpt), pqInt("A", pqOpt), pqInt("a", pqOpt))}, `c STRUCT("a" INTEGER, "A_1" INTEGER, "a_2" INTEGER)`},
	"map":               {[]schema.Node{pqGroup("c", pqOpt, pqMap, pqPair(pqRep, pqNone, "key_value"))}, "c MAP(VARCHAR, INTEGER)"},
	"map_entries":       {[]schema.Node{pqGroup("c", pqOpt, pqMap, pqPair(pqRep, pqEntries, "map"))}, "c MAP(VARCHAR, INTEGER)"},
	"map_legacy":        {[]schema.Node{pqGroup("c", pqOpt, pqEntries, pqPair(pqRep, pqNone, "map"))}, "!entries of a map"},
	"map_legacy_ok":     {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqPair(pqRep, pqEntries, "map"))}, `c STRUCT("map" MAP(VARCHAR, INTEGER))`},
	"map_keys_only":     {[]schema.Node{pqGroup("c", pqOpt, pqMap, pqGroup("key_value", pqRep, pqNone, pqText("key", pqReq)))}, "!entries of a map"},
	"names":             {[]schema.Node{pqInt("a", pqOpt), pqInt("A", pqOpt), pqInt("a_1", pqOpt), pqInt("a", pqOpt), pqInt("ä", pqOpt), pqInt("Ä", pqOpt)}, "a INTEGER, A_1 INTEGER, a_1_1 INTEGER, a_2 INTEGER, ä INTEGER, Ä INTEGER"},
	"strange_names":     {[]schema.Node{pqInt("", pqOpt), pqInt("a b", pqOpt), pqInt("x\"y", pqOpt), pqInt("line\nbreak", pqOpt)}, "C0 INTEGER, a b INTEGER, x\"y INTEGER, line\nbreak INTEGER"},
	"empty_name":        {[]schema.Node{pqInt("a", pqOpt), pqInt("", pqOpt)}, "a INTEGER, C1 INTEGER"},
	"empty_names":       {[]schema.Node{pqInt("c1", pqOpt), pqInt("", pqOpt)}, "!two columns"},
	"empty_nested":      {[]schema.Node{pqGroup("s", pqOpt, pqNone, pqInt("b", pqOpt), pqInt("", pqOpt))}, `s STRUCT("b" INTEGER, "" INTEGER)`},
	"no_columns":        {nil, "!no columns"},
	"variant":           {[]schema.Node{schema.MustGroup(schema.NewGroupNodeLogical("c", pqOpt, schema.FieldList{pqLeaf("metadata", pqReq, pqType.ByteArray, schema.NoLogicalType{}, -1), pqLeaf("value", pqReq, pqType.ByteArray, schema.NoLogicalType{}, -1)}, schema.VariantLogicalType{}, -1))}, "c VARIANT"},
	"unannotated_list":  {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqGroup("bag", pqRep, pqNone, pqInt("array_element", pqOpt)))}, `c STRUCT("bag" INTEGER[])`},
	"list_in_struct":    {[]schema.Node{pqGroup("c", pqOpt, pqNone, pqGroup("l", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqInt("element", pqOpt))), pqInt("n", pqOpt))}, `c STRUCT("l" INTEGER[], "n" INTEGER)`},
	"map_of_list":       {[]schema.Node{pqGroup("c", pqOpt, pqMap, pqGroup("key_value", pqRep, pqNone, pqText("key", pqReq), pqGroup("value", pqOpt, pqList, pqGroup("list", pqRep, pqNone, pqInt("element", pqOpt)))))}, "c MAP(VARCHAR, INTEGER[])"},
	"map_nested_struct": {[]schema.Node{pqGroup("c", pqOpt, pqMap, pqGroup("key_value", pqRep, pqNone, pqText("key", pqReq), pqGroup("value", pqOpt, pqNone, pqInt("a", pqOpt), pqInt("b", pqOpt))))}, `c MAP(VARCHAR, STRUCT("a" INTEGER, "b" INTEGER))`},
}

func TestParquetNestedTypes(t *testing.T) {
	for name, c := range pqNesteds {
		t.Run(name, func(t *testing.T) {
			f, err := pqInfer(t, "nested_"+name, pqSchemaFile(t, c.nodes, nil))
			if want, ok := strings.CutPrefix(c.want, "!"); ok {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("error %v, want one with %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, pqTypes(f)); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
		})
	}
}

// pqRowGroup is one row group of a single optional column: values of the Go type that arrow-go stores, then NULLs.
type pqRowGroup struct {
	values any
	nulls  int
}

// pqData returns a Parquet file with one optional column.
func pqData(t *testing.T, node schema.Node, edit func(*metadata.FileMetaData), groups ...pqRowGroup) []byte {
	t.Helper()
	root := schema.MustGroup(schema.NewGroupNode("schema", pqReq, schema.FieldList{node}, -1))
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithStats(true))))
	for _, g := range groups {
		rows := w.AppendRowGroup()
		c, err := rows.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		if err := pqWrite(c, g); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.Close(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return pqEdit(t, b.Bytes(), edit)
}

func pqWrite(c file.ColumnChunkWriter, g pqRowGroup) (err error) {
	levels := func(n int) []int16 {
		l := make([]int16, n+g.nulls)
		for i := range n {
			l[i] = 1
		}
		return l
	}
	switch v := g.values.(type) {
	case nil:
		_, err = c.(*file.Int32ColumnChunkWriter).WriteBatch(nil, levels(0), nil)
	case []bool:
		_, err = c.(*file.BooleanColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []int32:
		_, err = c.(*file.Int32ColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []int64:
		_, err = c.(*file.Int64ColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []parquet.Int96:
		_, err = c.(*file.Int96ColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []float32:
		_, err = c.(*file.Float32ColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []float64:
		_, err = c.(*file.Float64ColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []parquet.ByteArray:
		_, err = c.(*file.ByteArrayColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	case []parquet.FixedLenByteArray:
		_, err = c.(*file.FixedLenByteArrayColumnChunkWriter).WriteBatch(v, levels(len(v)), nil)
	}
	return err
}

type (
	pqInts  = []int32
	pqLongs = []int64
	pqBytes = []parquet.ByteArray
	pqFixes = []parquet.FixedLenByteArray
)

func pqRows(values any, nulls int) pqRowGroup { return pqRowGroup{values, nulls} }

// pqEditStats changes the statistics of the column in row group i.
func pqEditStats(edit func(i int, s pqStatistics)) func(*metadata.FileMetaData) {
	return func(m *metadata.FileMetaData) {
		for i, g := range m.RowGroups {
			s := g.Columns[0].MetaData.Statistics
			edit(i, pqStatistics{&s.MinValue, &s.MaxValue, &s.NullCount, &s.IsMaxValueExact, &s.NanCount})
		}
	}
}

func pqTimestamp(utc bool, u schema.TimeUnitType) schema.Node {
	return pqLogical(pqType.Int64, schema.NewTimestampLogicalType(utc, u), -1)
}

var (
	pqNo, pqZero = false, int64(0)
	pqMoments    = pqLongs{-1, 0, 1700000000_123456789}
)

// pqStats are columns with values and the statistics they have.
var pqStats = map[string]struct {
	node   schema.Node
	edit   func(*metadata.FileMetaData)
	groups []pqRowGroup
	want   Stats
}{
	"int":              {pqBare(pqType.Int32, -1), nil, []pqRowGroup{pqRows(pqInts{3, -7}, 1), pqRows(pqInts{5}, 0)}, Stats{1, true, "-7", "5", 0}},
	"null_group":       {pqBare(pqType.Int32, -1), nil, []pqRowGroup{pqRows(nil, 4), pqRows(pqInts{5}, 0)}, Stats{4, true, "5", "5", 0}},
	"all_null":         {pqBare(pqType.Int32, -1), nil, []pqRowGroup{pqRows(nil, 4)}, Stats{4, false, "", "", 0}},
	"no_rows":          {pqBare(pqType.Int32, -1), nil, nil, Stats{0, false, "", "", 0}},
	"uint32":           {pqLogical(pqType.Int32, schema.NewIntLogicalType(32, false), -1), nil, []pqRowGroup{pqRows(pqInts{1, -1}, 0)}, Stats{0, true, "1", "4294967295", 0}},
	"uint64":           {pqLogical(pqType.Int64, schema.NewIntLogicalType(64, false), -1), nil, []pqRowGroup{pqRows(pqLongs{1, -1}, 0)}, Stats{0, true, "1", "18446744073709551615", 0}},
	"uint32_as_int":    {pqLogical(pqType.Int32, schema.NewIntLogicalType(32, false), -1), pqOnlyLogical, []pqRowGroup{pqRows(pqInts{1, -1}, 0)}, Stats{0, false, "", "", 0}},
	"bool":             {pqBare(pqType.Boolean, -1), nil, []pqRowGroup{pqRows([]bool{true, false}, 0)}, Stats{0, true, "false", "true", 0}},
	"double":           {pqBare(pqType.Double, -1), nil, []pqRowGroup{pqRows([]float64{1, 2}, 0)}, Stats{0, false, "", "", 0}},
	"double_no_nan":    {pqBare(pqType.Double, -1), pqEditStats(func(_ int, s pqStatistics) { *s.nans = &pqZero }), []pqRowGroup{pqRows([]float64{-1.5, 2e100}, 0)}, Stats{0, true, "-1.5", "2e+100", 0}},
	"int96":            {pqBare(pqType.Int96, -1), nil, []pqRowGroup{pqRows([]parquet.Int96{{1}}, 0)}, Stats{-1, false, "", "", 0}},
	"string":           {pqLogical(pqType.ByteArray, schema.StringLogicalType{}, -1), nil, []pqRowGroup{pqRows(pqBytes{[]byte("z"), []byte("ä"), []byte("")}, 0)}, Stats{0, true, "", "ä", 0}},
	"string_cut":       {pqLogical(pqType.ByteArray, schema.StringLogicalType{}, -1), pqEditStats(func(_ int, s pqStatistics) { *s.maxExact = &pqNo }), []pqRowGroup{pqRows(pqBytes{[]byte("z")}, 0)}, Stats{0, false, "", "", 0}},
	"string_broken":    {pqLogical(pqType.ByteArray, schema.StringLogicalType{}, -1), nil, []pqRowGroup{pqRows(pqBytes{[]byte("\xff")}, 0)}, Stats{0, false, "", "", 0}},
	"blob":             {pqBare(pqType.ByteArray, -1), nil, []pqRowGroup{pqRows(pqBytes{{0, 'a'}, {255}}, 0)}, Stats{0, true, `\x00\x61`, `\xFF`, 0}},
	"uuid":             {pqLogical(pqFixed, schema.UUIDLogicalType{}, 16), nil, []pqRowGroup{pqRows(pqFixes{[]byte("0123456789abcdef"), []byte("\xff123456789abcdef")}, 0)}, Stats{0, true, "30313233-3435-3637-3839-616263646566", "ff313233-3435-3637-3839-616263646566", 0}},
	"float16":          {pqLogical(pqFixed, schema.Float16LogicalType{}, 2), nil, []pqRowGroup{pqRows(pqFixes{{0, 60}}, 0)}, Stats{0, false, "", "", 0}},
	"decimal_int":      {pqDecimal(pqType.Int32, 9, 2, -1), nil, []pqRowGroup{pqRows(pqInts{-5, 12345}, 0)}, Stats{0, true, "-0.05", "123.45", 0}},
	"decimal_fixed":    {pqDecimal(pqFixed, 10, 3, 5), nil, []pqRowGroup{pqRows(pqFixes{{255, 255, 255, 255, 254}, {0, 0, 0, 4, 1}}, 0)}, Stats{0, true, "-0.002", "1.025", 0}},
	"decimal_bytes":    {pqDecimal(pqType.ByteArray, 20, 0, -1), nil, []pqRowGroup{pqRows(pqBytes{{254}}, 0), pqRows(pqBytes{{0, 0, 1}, {255, 0}}, 0)}, Stats{0, true, "-256", "1", 0}},
	"decimal_too_wide": {pqDecimal(pqType.Int32, 3, 1, -1), nil, []pqRowGroup{pqRows(pqInts{1000}, 0)}, Stats{0, false, "", "", 0}},
	"date":             {pqLogical(pqType.Int32, schema.DateLogicalType{}, -1), nil, []pqRowGroup{pqRows(pqInts{-1, 20000}, 0)}, Stats{0, true, "1969-12-31", "2024-10-04", 0}},
	"date_far":         {pqLogical(pqType.Int32, schema.DateLogicalType{}, -1), nil, []pqRowGroup{pqRows(pqInts{0, 9000000}, 0)}, Stats{0, false, "", "", 0}},
	"time_ms":          {pqLogical(pqType.Int32, schema.NewTimeLogicalType(false, pqMillis), -1), nil, []pqRowGroup{pqRows(pqInts{0, 86399999}, 0)}, Stats{0, true, "00:00:00.000000", "23:59:59.999000", 0}},
	"time_us":          {pqLogical(pqType.Int64, schema.NewTimeLogicalType(false, pqMicros), -1), nil, []pqRowGroup{pqRows(pqLongs{1, 3600000000}, 0)}, Stats{0, true, "00:00:00.000001", "01:00:00.000000", 0}},
	"time_ns":          {pqLogical(pqType.Int64, schema.NewTimeLogicalType(false, pqNanos), -1), nil, []pqRowGroup{pqRows(pqLongs{1, 3600000000001}, 0)}, Stats{0, true, "00:00:00.000000001", "01:00:00.000000001", 0}},
	"ts_ms":            {pqTimestamp(false, pqMillis), nil, []pqRowGroup{pqRows(pqLongs{-1, 1700000000123}, 0)}, Stats{0, true, "1969-12-31 23:59:59.999000", "2023-11-14 22:13:20.123000", 0}},
	"ts_ms_old":        {pqTimestamp(true, pqMillis), pqOnlyConverted, []pqRowGroup{pqRows(pqLongs{-1, 1700000000123}, 0)}, Stats{0, true, "1969-12-31 23:59:59.999000", "2023-11-14 22:13:20.123000", 0}},
	"ts_us":            {pqTimestamp(false, pqMicros), nil, []pqRowGroup{pqRows(pqLongs{-1, 1700000000123456}, 0)}, Stats{0, true, "1969-12-31 23:59:59.999999", "2023-11-14 22:13:20.123456", 0}},
	"ts_ns":            {pqTimestamp(false, pqNanos), nil, []pqRowGroup{pqRows(pqMoments, 0)}, Stats{0, true, "1969-12-31 23:59:59.999999999", "2023-11-14 22:13:20.123456789", 0}},
	"tstz_ms":          {pqTimestamp(true, pqMillis), nil, []pqRowGroup{pqRows(pqLongs{-1, 1700000000123}, 0)}, Stats{0, true, "1969-12-31 23:59:59.999000+00", "2023-11-14 22:13:20.123000+00", 0}},
	"tstz_ns":          {pqTimestamp(true, pqNanos), nil, []pqRowGroup{pqRows(pqMoments, 0)}, Stats{0, true, "1970-01-01 00:00:00.000000+00", "2023-11-14 22:13:20.123456+00", 0}},
	"no_null_count":    {pqBare(pqType.Int32, -1), pqEditStats(func(i int, s pqStatistics) { *s.nulls = nil }), []pqRowGroup{pqRows(pqInts{1}, 1)}, Stats{-1, true, "1", "1", 0}},
	"one_group_only":   {pqBare(pqType.Int32, -1), pqEditStats(func(i int, s pqStatistics) { *s.max = [][]byte{nil, *s.max}[i] }), []pqRowGroup{pqRows(pqInts{1}, 1), pqRows(pqInts{2}, 0)}, Stats{1, false, "", "", 0}},
	"no_order":         {pqBare(pqType.Int32, -1), func(m *metadata.FileMetaData) { m.ColumnOrders = nil }, []pqRowGroup{pqRows(pqInts{1}, 1)}, Stats{1, false, "", "", 0}},
	"swapped":          {pqBare(pqType.Int32, -1), pqEditStats(func(i int, s pqStatistics) { *s.min, *s.max = *s.max, *s.min }), []pqRowGroup{pqRows(pqInts{1, 2}, 0)}, Stats{0, false, "", "", 0}},
	"no_statistics":    {pqBare(pqType.Int32, -1), func(m *metadata.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.Statistics = nil }, []pqRowGroup{pqRows(pqInts{1}, 0)}, Stats{-1, false, "", "", 0}},
}

func TestParquetStatistics(t *testing.T) {
	for name, c := range pqStats {
		t.Run(name, func(t *testing.T) {
			f, err := pqInfer(t, "stats_"+name, pqData(t, c.node, c.edit, c.groups...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, f.Columns[0].Stats); diff != "" {
				t.Errorf("statistics (-want +got):\n%s", diff)
			}
		})
	}
}

// pqStatistics points at the fields of a column's statistics, whose type arrow-go keeps to itself.
type pqStatistics struct {
	min, max *[]byte
	nulls    **int64
	maxExact **bool
	nans     **int64
}

// TestParquetGolden reads files that DuckDB 1.5.6 wrote; the .txt beside each lists name, type, NULLs and bounds of its
// columns, which were compared with what DuckDB reads from it.
func TestParquetGolden(t *testing.T) {
	root, err := storage.Open("testdata/parquet")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"all_types", "odd_types", "moments"} {
		footer, err := root.Footer(name + ".parquet")
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parquet(footer)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%d rows\n", f.Rows)
		for _, c := range f.Columns {
			got += fmt.Sprintf("%s | %s | %d", c.Name, c.Type, c.Stats.Nulls)
			if c.Stats.HasMinMax {
				got += fmt.Sprintf(" | %q | %q", c.Stats.Min, c.Stats.Max)
			}
			got += "\n"
		}
		want, err := os.ReadFile("testdata/parquet/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
