package pgvalue

import (
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
	"tarn/engine/pgtype"
)

// OfColumn returns the PostgreSQL type of a result's column. Those of PostgreSQL's catalog have types that the lake has not.
func OfColumn(c engine.Column) pgtype.Type {
	t := pgcatalog.TypeNamed(c.Postgres)
	switch {
	case t == nil:
		return Of(c.Type)
	case c.Type.Kind == sqltype.List:
		return pgtype.Type{OID: t.Array, Size: -1, Mod: -1}
	}
	return pgtype.Type{OID: t.OID, Size: t.Size, Mod: -1}
}

// catalogCells returns what writes values of PostgreSQL's catalog types in the binary format, where that is not the one of the
// type by which they are stored; nil for all others. Their text format is that of the stored type.
func catalogCells(c engine.Column, style Style, f *faults) cells {
	t := pgcatalog.TypeNamed(c.Postgres)
	if t == nil {
		return nil
	}
	scalar := catalogScalar(t, style)
	if c.Type.Kind != sqltype.List {
		return scalar
	}
	if scalar == nil {
		scalar = binaryCells(c.Type.Elem(), style, f)
	}
	return &binaryArray{child: scalar, oid: t.OID, dimensions: dimensionsOf(c.Type), faults: f}
}

func catalogScalar(t *pgcatalog.Type, style Style) cells {
	switch {
	case t.Kind == pgcatalog.Reference:
		return each(func(dst []byte, a *array.String, row int) []byte {
			return be.AppendUint32(dst, style.References(t.Name, a.Value(row)))
		})
	case t.Kind == pgcatalog.Number && t.Size == 4:
		return each(func(dst []byte, a *array.Int64, row int) []byte { return be.AppendUint32(dst, uint32(a.Value(row))) })
	case t.Kind == pgcatalog.Vector && t.Base == "SMALLINT[]":
		return each(func(dst []byte, a *array.String, row int) []byte {
			return appendVector(dst, a.Value(row), pgtype.Int2, 2)
		})
	case t.Kind == pgcatalog.Vector:
		return each(func(dst []byte, a *array.String, row int) []byte {
			return appendVector(dst, a.Value(row), pgtype.OID, 4)
		})
	}
	return nil
}

// appendVector writes an int2vector or oidvector: an array of one dimension that begins at 0 (array_send in PostgreSQL's
// arrayfuncs.c).
func appendVector(dst []byte, text string, elem uint32, size uint32) []byte {
	values := strings.Fields(text)
	dst = be.AppendUint32(dst, 1) // dimensions
	dst = be.AppendUint32(dst, 0) // no NULL
	dst = be.AppendUint32(dst, elem)
	dst = be.AppendUint32(dst, uint32(len(values)))
	dst = be.AppendUint32(dst, 0)
	for _, v := range values {
		n, _ := strconv.ParseInt(v, 10, 64)
		dst = be.AppendUint32(dst, size)
		if size == 2 {
			dst = be.AppendUint16(dst, uint16(n))
		} else {
			dst = be.AppendUint32(dst, uint32(n))
		}
	}
	return dst
}
