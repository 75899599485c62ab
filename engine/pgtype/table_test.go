package pgtype

import (
	"testing"

	"tarn/catalog/sqltype"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"BOOLEAN": "boolean", "TINYINT": "smallint", "UTINYINT": "smallint", "USMALLINT": "integer", "UINTEGER": "bigint",
		"UBIGINT": "numeric", "HUGEINT": "numeric", "UHUGEINT": "numeric", "BIGNUM": "numeric", "DECIMAL(10,2)": "numeric(10,2)",
		"DECIMAL(38,38)": "numeric(38,38)", "FLOAT": "real", "DOUBLE": "double precision", "VARCHAR": "text", "ENUM('a')": "text",
		"JSON": "json", "BLOB": "bytea", "BIT": "bit varying", "UUID": "uuid", "TIME WITH TIME ZONE": "time with time zone",
		"TIMESTAMP_NS": "timestamp without time zone", "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
		"INTEGER[]": "integer[]", "DECIMAL(4,1)[]": "numeric(4,1)[]", "INTEGER[3]": "integer[]", "INTEGER[2][3]": "integer[]",
		"INTEGER[2][]": "integer[]", "INTEGER[][]": "integer[]", "DECIMAL(4,1)[][3][]": "numeric(4,1)[]", "VARCHAR[][][][][][]": "text[]", "VARCHAR[][][][][][][]": "json", "STRUCT(a INTEGER)[][]": "json", "STRUCT(a INTEGER)": "json", "STRUCT(a INTEGER)[]": "json",
		"MAP(VARCHAR, INTEGER)": "json", "UNION(a INTEGER)": "json", `"NULL"`: "text",
	} {
		typ, err := sqltype.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Of(typ).String(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for typ, want := range map[Type]string{{Varchar, -1, 14}: "character varying(10)", {TimestampTZ, 8, 3}: "timestamp(3) with time zone",
		{Varbit, -1, 5}: "bit varying(5)", {OID: 1, Mod: -1}: "???"} {
		if got := typ.String(); got != want {
			t.Errorf("%v: got %s, want %s", typ, got, want)
		}
	}
}
