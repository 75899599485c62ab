package sqltest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Table is one file's rows in memory. Its source is a file of JSON lines: first an array of "name TYPE", then one
// array of values for each row; dates and times are strings, decimals may be numbers.
type Table struct {
	Columns []Column
	Rows    [][]any // nil, bool, json.Number, string, []any or map[string]any
}

// Column is a column with its type as the source spells it.
type Column struct {
	Name string
	Type string
}

// ReadTable reads the source of a table. Errors name the file and the line.
func ReadTable(path string) (*Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	table, err := ParseTable(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return table, nil
}

// ParseTable reads the text of a source. Errors begin with the line.
func ParseTable(text []byte) (*Table, error) {
	table := &Table{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		if err := table.add(lines.Bytes(), n == 1); err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
	}
	return table, lines.Err()
}

func (t *Table) add(line []byte, header bool) error {
	if header {
		var columns []string
		if err := json.Unmarshal(line, &columns); err != nil {
			return err
		}
		for _, c := range columns {
			name, typ, _ := strings.Cut(c, " ")
			if _, err := arrowType(typ); err != nil {
				return fmt.Errorf("column %s: %w", name, err)
			}
			t.Columns = append(t.Columns, Column{name, typ})
		}
		return nil
	}
	var row []any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&row); err != nil {
		return err
	}
	if len(row) != len(t.Columns) {
		return fmt.Errorf("%d values for %d columns", len(row), len(t.Columns))
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// scalars are the Arrow types by the spelling in a source.
var scalars = map[string]arrow.DataType{
	"BOOLEAN":                  arrow.FixedWidthTypes.Boolean,
	"SMALLINT":                 arrow.PrimitiveTypes.Int16,
	"INTEGER":                  arrow.PrimitiveTypes.Int32,
	"BIGINT":                   arrow.PrimitiveTypes.Int64,
	"UBIGINT":                  arrow.PrimitiveTypes.Uint64,
	"HUGEINT":                  &arrow.Decimal128Type{Precision: 38},
	"FLOAT":                    arrow.PrimitiveTypes.Float32,
	"DOUBLE":                   arrow.PrimitiveTypes.Float64,
	"VARCHAR":                  arrow.BinaryTypes.String,
	"DATE":                     arrow.FixedWidthTypes.Date32,
	"TIME":                     arrow.FixedWidthTypes.Time64us,
	"TIMESTAMP":                &arrow.TimestampType{Unit: arrow.Microsecond},
	"TIMESTAMP WITH TIME ZONE": &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
}

// arrowType returns the Arrow type of a type's spelling: a scalar, DECIMAL(w,s), T[] or STRUCT(name T, ...) of scalars.
func arrowType(spelling string) (arrow.DataType, error) {
	if t, ok := scalars[spelling]; ok {
		return t, nil
	}
	if elem, ok := strings.CutSuffix(spelling, "[]"); ok {
		t, err := arrowType(elem)
		if err != nil {
			return nil, err
		}
		return arrow.ListOf(t), nil
	}
	name, args, ok := strings.Cut(strings.TrimSuffix(spelling, ")"), "(")
	switch {
	case ok && name == "DECIMAL":
		w, s, _ := strings.Cut(args, ",")
		width, err := strconv.ParseInt(w, 10, 32)
		if err != nil {
			return nil, err
		}
		scale, err := strconv.ParseInt(s, 10, 32)
		return &arrow.Decimal128Type{Precision: int32(width), Scale: int32(scale)}, err
	case ok && name == "STRUCT":
		var fields []arrow.Field
		for _, f := range strings.Split(args, ", ") {
			name, typ, _ := strings.Cut(f, " ")
			t, err := arrowType(typ)
			if err != nil {
				return nil, err
			}
			fields = append(fields, arrow.Field{Name: name, Type: t, Nullable: true})
		}
		return arrow.StructOf(fields...), nil
	}
	return nil, fmt.Errorf("no type %q", spelling)
}
