package pgcatalog

import (
	"tarn/catalog/sqltype"
	"tarn/engine/pgtype"
)

// columnType is the type of a column as pg_attribute describes it.
type columnType struct {
	oid, mod int64
	dims     int // of an array
}

func typeOf(t sqltype.Type) columnType {
	of := pgtype.Of(t)
	out := columnType{oid: int64(of.OID), mod: int64(of.Mod)}
	if pgtype.IsArray(t) {
		out.dims = pgtype.Dims(t)
	}
	return out
}

// typeFromText reads a type as DuckDB spells it.
func typeFromText(text string) columnType {
	t, err := sqltype.Parse(text)
	if err != nil {
		return columnType{oid: int64(pgtype.Text), mod: -1}
	}
	return typeOf(t)
}
