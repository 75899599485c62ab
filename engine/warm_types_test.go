package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// copiedValues are values of each type, hard ones among them. Every list is copied with a NULL in its midst.
var copiedValues = []struct{ typ, values string }{
	{`BOOLEAN`, `true, false`},
	{`TINYINT`, `-128, 0, 127`}, {`SMALLINT`, `-32768, 32767`}, {`INTEGER`, `-2147483648, 2147483647`},
	{`BIGINT`, `-9223372036854775808, 9223372036854775807`}, {`UTINYINT`, `0, 255`}, {`USMALLINT`, `65535`},
	{`UINTEGER`, `4294967295`}, {`UBIGINT`, `18446744073709551615`},
	{`HUGEINT`, `'-170141183460469231731687303715884105728', '170141183460469231731687303715884105727', '9007199254740993'`},
	{`UHUGEINT`, `'340282366920938463463374607431768211455', '0'`},
	{`FLOAT`, `'1.5', '0.1', 'nan', 'inf', '-inf', '1e-45', '3.4028235e38'`}, {`FLOAT`, `'0.0', '-0.0', '1.1'`},
	{`DOUBLE`, `'0.1', 'nan', 'inf', '-inf', '5e-324', '1.7976931348623157e308', '0.30000000000000004'`}, {`DOUBLE`, `'0.0', '-0.0', '0.0', '-0.0', 'nan'`},
	{`DECIMAL(4,2)`, `-99.99, 0.01`}, {`DECIMAL(9,9)`, `0.123456789`}, {`DECIMAL(18,0)`, `999999999999999999`},
	{`DECIMAL(38,10)`, `'1234567890123456789012345678.0123456789', '-0.0000000001'`},
	{`VARCHAR`, `'', ' ', 'a', chr(0), 'é日本', repeat('long ', 1000), 'NULL', 'two
lines'`},
	{`JSON`, `'{"a": 1,  "b": [1, 2]}', 'null', '"x"', '[]', '1e400'`},
	{`BLOB`, `'', '\x00\xFF', 'abc'`}, {`BIT`, `'0', '0101', '00000000'`}, {`BIGNUM`, `'123456789012345678901234567890123456789012', '-1'`},
	{`UUID`, `'00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'f1d8e8ca-393b-42dd-935c-4b8f08775477'`},
	{`DATE`, `'infinity', '-infinity', '0044-03-15 (BC)', '1970-01-01', '9999-12-31', '5881580-07-10'`},
	{`TIME`, `'00:00:00', '24:00:00', '23:59:59.999999'`}, {`TIME_NS`, `'12:00:00.123456789'`},
	{`TIME WITH TIME ZONE`, `'12:00:00+15:59', '12:00:00-15:59:59', '00:00:00+00'`},
	{`TIMESTAMP_S`, `'2020-01-01 00:00:01', 'infinity', '-infinity'`}, {`TIMESTAMP_MS`, `'2020-01-01 00:00:00.123', 'infinity'`},
	{`TIMESTAMP`, `'infinity', '-infinity', '1969-12-31 23:59:59.999999', '290309-12-22 (BC) 00:00:00', '294247-01-10 04:00:54'`},
	{`TIMESTAMP_NS`, `'2020-01-01 00:00:00.123456789', '1677-09-22 00:00:00', 'infinity'`},
	{`TIMESTAMP WITH TIME ZONE`, `'2020-01-01 00:00:00+05', 'infinity', '0044-03-15 (BC) 00:00:00+00'`},
	{`INTERVAL`, `'1 year 2 months -3 days 04:05:06.000007', '-1 month', '0 seconds', '1000000 hours'`},
	{`ENUM('b', 'a', '')`, `'a', 'b', ''`},
	{`INTEGER[]`, `[], [1, NULL, 2], [NULL]`}, {`INTEGER[2]`, `[1, NULL]::INTEGER[2], [3, 4]::INTEGER[2]`}, {`VARCHAR[][]`, `[[]], [NULL, ['a', '']], []`},
	{`HUGEINT[]`, `['9007199254740993'::HUGEINT, NULL]`},
	{`DOUBLE[]`, `[0.0, 'nan'::DOUBLE, 1e300]`}, {`DOUBLE[]`, `[0.0], ['-0.0'::DOUBLE]`},
	{`STRUCT(a INTEGER, "B c" VARCHAR)`, `{'a': 1, 'B c': 'x'}, {'a': NULL, 'B c': NULL}, {'a': NULL, 'B c': '-0.0'}`},
	{`STRUCT(h HUGEINT, l STRUCT(i INTERVAL, j JSON)[])`, `{'h': 1::HUGEINT, 'l': [{'i': INTERVAL 3 DAYS, 'j': '{"k":  1}'::JSON}, NULL]}, {'h': NULL, 'l': []}`},
	{`STRUCT(n "NULL", d DOUBLE)`, `{'n': NULL, 'd': '-0.0'::DOUBLE}, {'n': NULL, 'd': 0.0::DOUBLE}`},
	{`MAP(VARCHAR, INTEGER)`, `MAP {'a': 1, 'b': NULL}, MAP {}`}, {`MAP(HUGEINT, DOUBLE[])`, `MAP {1::HUGEINT: [1.5::DOUBLE]}`},
	{`"NULL"`, `NULL`},
}

// TestCopiedTypes writes values of every type to Parquet as copies are written, and reads them as copies are read.
func TestCopiedTypes(t *testing.T) {
	db, _ := openLake(t, map[string]string{"a.csv": "x\n1\n"})
	c, err := db.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	kinds := map[sqltype.Kind]bool{}
	for i, v := range copiedValues {
		typ, err := sqltype.Parse(v.typ)
		if err != nil {
			t.Fatal(err)
		}
		if holds(typ, func(k sqltype.Kind) bool { kinds[k] = true; return false }) {
			t.Fatal("holds says yes to everything")
		}
		from := fmt.Sprintf("SELECT CAST(v AS %s) AS c FROM (SELECT unnest(list_concat([%s], [NULL], [%[2]s])) AS v)", typ, v.values)
		if strings.Contains(v.typ, "NULL") && typ.Kind == sqltype.Null {
			from = `SELECT CAST(NULL AS "NULL") AS c FROM range(3)`
		}
		column := catalog.Column{Name: "c", Type: typ}
		path := filepath.Join(db.cat.StateDir(), fmt.Sprintf("%d.parquet", i))
		if err := writeTyped(c, from, column, path); err != nil {
			t.Errorf("%s: %v", typ, err)
			continue
		}
		const show = "SELECT string_agg(coalesce(typeof(c) || ' ' || CAST(c AS VARCHAR), 'none'), chr(10)) FROM (%s)"
		want, err := c.text(fmt.Sprintf(show, from))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.text(fmt.Sprintf(show, "SELECT "+copiedColumn(column)+" FROM read_parquet('"+path+"')"))
		if err != nil || got != want {
			t.Errorf("%s: %v\n got: %.300s\nwant: %.300s", typ, err, got, want)
		}
		typed, err := c.text("SELECT typeof(c) FROM (SELECT " + copiedColumn(column) + " FROM read_parquet('" + path + "'))")
		if back, errParse := sqltype.Parse(typed); err != nil || errParse != nil || !back.Equal(typ) {
			t.Errorf("%s comes back as %s (%v, %v)", typ, typed, err, errParse)
		}
	}
	for k := sqltype.Null; k <= sqltype.Variant; k++ {
		if _, can := copyType(sqltype.Type{Kind: k, Fields: []sqltype.Field{{Name: "x", Type: sqltype.Of(sqltype.Date)}}}, false); can && !kinds[k] {
			t.Errorf("%s is copied, but no value of it was tried", k)
		}
	}
}

// writeTyped writes as writeCopy does.
func writeTyped(c *conn, from string, column catalog.Column, path string) error {
	columns, text := []catalog.Column{column}, false
	if _, ok := copyType(column.Type, false); !ok {
		return fmt.Errorf("it is not copied")
	}
	_, err := c.copyTo(from, columns, text, path)
	if err != nil && strings.Contains(err.Error(), negativeZero) {
		text = true
		_, err = c.copyTo(from, columns, text, path)
	}
	if err != nil {
		return err
	}
	return c.checkTypes(columns, text, path)
}
