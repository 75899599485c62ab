package pgtype

// The OIDs of PostgreSQL's built-in types (src/include/catalog/pg_type.dat).
const (
	Bool        uint32 = 16
	Bytea       uint32 = 17
	Char        uint32 = 18 // "char", one byte
	Name        uint32 = 19
	Int8        uint32 = 20
	Int2        uint32 = 21
	Int4        uint32 = 23
	Text        uint32 = 25
	OID         uint32 = 26
	JSON        uint32 = 114
	Float4      uint32 = 700
	Float8      uint32 = 701
	Unknown     uint32 = 705
	BPChar      uint32 = 1042
	Varchar     uint32 = 1043
	Date        uint32 = 1082
	Time        uint32 = 1083
	Timestamp   uint32 = 1114
	TimestampTZ uint32 = 1184
	Interval    uint32 = 1186
	TimeTZ      uint32 = 1266
	Bit         uint32 = 1560
	Varbit      uint32 = 1562
	Numeric     uint32 = 1700
	UUID        uint32 = 2950
	JSONB       uint32 = 3802
)
