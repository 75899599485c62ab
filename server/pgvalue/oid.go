package pgvalue

import (
	"tarn/catalog/sqltype"
	"tarn/engine/pgtype"
)

// Format is how a value is written on the wire, as the protocol numbers it.
type Format int16

// The two formats.
const (
	Text   Format = 0
	Binary Format = 1
)

// The types whose values are written and read here.
const (
	oidBool, oidBytea, oidChar, oidName    = pgtype.Bool, pgtype.Bytea, pgtype.Char, pgtype.Name
	oidInt2, oidInt4, oidInt8, oidOID      = pgtype.Int2, pgtype.Int4, pgtype.Int8, pgtype.OID
	oidText, oidVarchar, oidBPChar         = pgtype.Text, pgtype.Varchar, pgtype.BPChar
	oidJSON, oidJSONB, oidUUID, oidUnknown = pgtype.JSON, pgtype.JSONB, pgtype.UUID, pgtype.Unknown
	oidFloat4, oidFloat8, oidNumeric       = pgtype.Float4, pgtype.Float8, pgtype.Numeric
	oidDate, oidTime, oidTimeTZ            = pgtype.Date, pgtype.Time, pgtype.TimeTZ
	oidTimestamp, oidTimestampTZ           = pgtype.Timestamp, pgtype.TimestampTZ
	oidInterval, oidBit, oidVarbit         = pgtype.Interval, pgtype.Bit, pgtype.Varbit
)

// Of returns the PostgreSQL type of a column of type t.
func Of(t sqltype.Type) pgtype.Type { return pgtype.Of(t) }

// Param returns the SQL type of a parameter that the client declares with an OID. Invalid means that the type is to
// be taken from the statement: the client left it open, or it is numeric, or a type that Tarn does not know.
func Param(oid uint32) sqltype.Type {
	if b, ok := pgtype.ByOID(oid); ok {
		return sqltype.Of(b.Param)
	}
	if b, ok := pgtype.ElementOf(oid); ok && b.Param != sqltype.Invalid {
		return sqltype.ListOf(sqltype.Of(b.Param))
	}
	return sqltype.Type{}
}

// IsOpen reports whether a client that declares a parameter with this OID leaves its type to the server.
func IsOpen(oid uint32) bool { return oid == 0 || oid == oidUnknown }

// IsNumeric reports whether oid is numeric, whose values may have any precision.
func IsNumeric(oid uint32) bool { return oid == oidNumeric }
