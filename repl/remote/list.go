package remote

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tarn/catalog/sqltype"
)

// arrays reads the texts of arrays and intervals.
var arrays = pgtype.NewMap()

// elements are the types of the elements of arrays.
var elements = map[uint32]uint32{
	pgtype.BoolArrayOID: pgtype.BoolOID, pgtype.Int2ArrayOID: pgtype.Int2OID, pgtype.Int4ArrayOID: pgtype.Int4OID, pgtype.Int8ArrayOID: pgtype.Int8OID,
	pgtype.Float4ArrayOID: pgtype.Float4OID, pgtype.Float8ArrayOID: pgtype.Float8OID, pgtype.NumericArrayOID: pgtype.NumericOID,
	pgtype.TextArrayOID: pgtype.TextOID, pgtype.VarcharArrayOID: pgtype.TextOID, pgtype.JSONArrayOID: pgtype.JSONOID, pgtype.JSONBArrayOID: pgtype.JSONBOID,
	pgtype.ByteaArrayOID: pgtype.ByteaOID, pgtype.UUIDArrayOID: pgtype.UUIDOID, pgtype.DateArrayOID: pgtype.DateOID, pgtype.TimeArrayOID: pgtype.TimeOID,
	pgtype.TimestampArrayOID: pgtype.TimestampOID, pgtype.TimestamptzArrayOID: pgtype.TimestamptzOID, pgtype.IntervalArrayOID: pgtype.IntervalOID,
}

// isArray reports whether a column is read by listOf.
func isArray(f pgconn.FieldDescription) bool { return elements[f.DataTypeOID] != 0 }

// listOf is the column of an array of so many dimensions, which PostgreSQL's types do not tell.
func listOf(f pgconn.FieldDescription, dimensions int) column {
	f.DataTypeOID = elements[f.DataTypeOID]
	elem := columnOf(f)
	list := column{typ: elem.typ, arrow: elem.arrow}
	for range dimensions {
		list.typ, list.arrow = sqltype.ListOf(list.typ), arrow.ListOf(list.arrow)
	}
	list.add = func(b array.Builder, text []byte) error {
		var v pgtype.Array[pgtype.Text]
		if err := arrays.Scan(pgtype.TextArrayOID, pgtype.TextFormatCode, text, &v); err != nil {
			return err
		}
		if len(v.Dims) > 0 && len(v.Dims) != dimensions {
			return fmt.Errorf("it has %d dimensions, those before it have %d: cast the column to VARCHAR", len(v.Dims), dimensions)
		}
		_, err := addList(b, v.Dims, v.Elements, elem)
		return err
	}
	return list
}

// addList adds a list of the elements that its dimensions take, and returns those that are left.
func addList(b array.Builder, dims []pgtype.ArrayDimension, values []pgtype.Text, elem column) (rest []pgtype.Text, err error) {
	list := b.(*array.ListBuilder)
	list.Append(true)
	if len(dims) == 0 {
		return values, nil
	}
	for range dims[0].Length {
		switch {
		case len(dims) > 1:
			if values, err = addList(list.ValueBuilder(), dims[1:], values, elem); err != nil {
				return nil, err
			}
			continue
		case values[0].Valid:
			err = elem.add(list.ValueBuilder(), []byte(values[0].String))
		default:
			list.ValueBuilder().AppendNull()
		}
		if err != nil {
			return nil, err
		}
		values = values[1:]
	}
	return values, nil
}

// dimensionsOf returns how many dimensions the arrays in some rows of a column have: 1 if all of them are empty.
func dimensionsOf(rows [][][]byte, column int) int {
	for _, row := range rows {
		var v pgtype.Array[pgtype.Text]
		if err := arrays.Scan(pgtype.TextArrayOID, pgtype.TextFormatCode, row[column], &v); err == nil && len(v.Dims) > 0 {
			return len(v.Dims)
		}
	}
	return 1
}
