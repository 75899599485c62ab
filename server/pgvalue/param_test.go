package pgvalue

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"tarn/catalog/sqltype"
	"tarn/engine"
)

func TestDecode(t *testing.T) {
	decimals := sqltype.ListOf(sqltype.DecimalOf(10, 2))
	for _, c := range []struct {
		oid    uint32
		format Format
		raw    string // binary in hexadecimal
		want   string // empty for an error
		typ    sqltype.Type
	}{
		{oid: oidBool, raw: "t", want: "true"},
		{oid: oidBool, raw: " OFF", want: "false"},
		{oid: oidBool, raw: "o"},
		{oid: oidBool, raw: ""},
		{oid: oidInt4, raw: " -5 ", want: "-5"},
		{oid: oidInt8, raw: "5.5"},
		{oid: oidInt8, raw: ""},
		{oid: oidNumeric, raw: "1.50", want: "1.50"},
		{oid: oidNumeric, raw: "NaN", want: "NaN"},
		{oid: oidNumeric, raw: "x"},
		{oid: oidText, raw: "it's", want: "it's"},
		{oid: oidText, raw: "a\x00b"},
		{oid: oidText, raw: "\xff"},
		{oid: oidBytea, raw: `\x00fF`, want: `\x00\xFF`},
		{oid: oidBytea, raw: `a\\\001`, want: `a\x5C\x01`},
		{oid: oidBytea, raw: `\x0`},
		{oid: oidBytea, raw: `\9`},
		{oid: oidDate, raw: "0044-03-15 BC", want: "0044-03-15 (BC)"},
		{oid: oidTimestamp, raw: "0044-03-15 12:00:00 BC", want: "0044-03-15 (BC) 12:00:00"},
		{oid: oidInterval, raw: "-1 mons +3 days", want: "-1 mons 3 days"},
		{oid: 1009, raw: `{a, "b,\"c" ,NULL,"NULL",it's,a\,b}`, want: `['a', 'b,"c', NULL, 'NULL', 'it\'s', 'a,b']`},
		{oid: 1009, raw: `{}`, want: `[]`},
		{oid: 1007, raw: `{1,2}`, want: `['1', '2']`},
		{oid: 1007, raw: `{1,2.5}`},
		{oid: 1007, raw: `{ {1,2}, {NULL,4} }`, want: `[['1', '2'], [NULL, '4']]`},
		{oid: 1009, raw: `{{{"a,}",b c}},{{"",\{}}}`, want: `[[['a,}', 'b c']], [['', '{']]]`},
		{oid: 1007, raw: `{{},{}}`},
		{oid: 1007, raw: `{{1},{2,3}}`},
		{oid: 1007, raw: `{{1},2}`},
		{oid: 1007, raw: `{1,{2}}`},
		{oid: 1007, raw: `{{1}`},
		{oid: 1007, raw: `{1}}`},
		{oid: 1007, raw: `{{{{{{{1}}}}}}}`},
		{oid: 1007, format: Binary, want: "[['1'], [NULL]]", raw: "000000020000000100000017" + "0000000200000001" + "0000000100000001" + "0000000400000001" + "ffffffff"},
		{oid: 1007, format: Binary, raw: "000000010000000000000017" + "0000000100000001" + "0000000400000001" + "00000004"},
		{oid: 1007, format: Binary, raw: "0000000700000000000000170000000100000001"},
		{oid: 1007, raw: `{1,}`},
		{oid: 1007, raw: `{"1}`},
		{oid: 1007, raw: `1,2`},
		{oid: 1231, raw: `{1.25,3}`, typ: decimals, want: `['1.25', '3']`},
		{oid: 1231, raw: `{1.255}`, typ: decimals},
		{oid: oidInt4, format: Binary, raw: "fffffffe", want: "-2"},
		{oid: oidInt4, format: Binary, raw: "fffe"},
		{oid: oidOID, format: Binary, raw: "fffffffe", want: "4294967294"},
		{oid: oidFloat8, format: Binary, raw: "7ff8000000000001", want: "NaN"},
		{oid: oidJSONB, format: Binary, raw: "017b7d", want: "{}"},
		{oid: oidJSONB, format: Binary, raw: "027b7d"},
		{oid: oidDate, format: Binary, raw: "7fffffff", want: "infinity"},
		{oid: oidTimestamp, format: Binary, raw: "8000000000000000", want: "-infinity"},
		{oid: oidTimestamp, format: Binary, raw: "7ffffffffffffffe"},
		{oid: oidTime, format: Binary, raw: "ffffffffffffffff"},
		{oid: oidTimeTZ, format: Binary, raw: "0000000a8be1bd20ffffe3e0", want: "12:34:56.5+02"},
		{oid: oidVarbit, format: Binary, raw: "0000000ba0a0", want: "10100000101"},
		{oid: oidVarbit, format: Binary, raw: "ffffffffa0a0"},
		{oid: oidNumeric, format: Binary, raw: "0001000000010000"},
		{oid: oidNumeric, format: Binary, raw: "00000000c0000000", want: "NaN"},
		{oid: oidNumeric, format: Binary, raw: "0001000000000000ffff"},
		{oid: 1007, format: Binary, raw: "000000010000000000000017ffffffff00000001"},
		{oid: 1007, format: Binary, raw: "000000020000000000000017"},
		{oid: 600, format: Binary, raw: "00"},
		{oid: oidText, format: 2, raw: "a"},
	} {
		raw := []byte(c.raw)
		if c.format == Binary {
			raw, _ = hex.DecodeString(c.raw)
		}
		got, err := Decode(c.oid, c.format, raw, c.typ)
		var e *engine.Error
		if c.want == "" && !errors.As(err, &e) || c.want != "" && (err != nil || got != c.want) {
			t.Errorf("OID %d %q: got %q, %v; want %q", c.oid, c.raw, got, err, c.want)
		}
	}
}

// TestClientEncodings decodes what a client's own encoder makes of Go values.
func TestClientEncodings(t *testing.T) {
	types := pgtype.NewMap()
	var numeric pgtype.Numeric
	for _, text := range []string{"0", "-0.0001", "12345.60", "10000", "99999999999999999999999999999999999999", "0.00000000000000001"} {
		if err := numeric.Scan(text); err != nil {
			t.Fatal(err)
		}
		buf, err := types.Encode(oidNumeric, pgtype.BinaryFormatCode, numeric, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode(oidNumeric, Binary, buf, sqltype.Type{}); err != nil || !sameNumber(got, text) {
			t.Errorf("numeric %s: %q, %v", text, got, err)
		}
	}
	when := time.Date(1066, 10, 14, 9, 0, 0, 1000, time.UTC)
	for _, c := range []struct {
		oid   uint32
		value any
		want  string
	}{
		{oidBool, true, "true"}, {oidInt2, int16(-5), "-5"}, {oidInt8, int64(1) << 62, "4611686018427387904"},
		{oidFloat4, float32(0.1), "0.1"}, {oidFloat8, 1e300, "1e+300"}, {oidText, "å", "å"},
		{oidBytea, []byte{0, 'a'}, `\x00a`}, {oidUUID, [16]byte{1, 2}, "01020000-0000-0000-0000-000000000000"},
		{oidDate, when, "1066-10-14"}, {oidTimestamp, when, "1066-10-14 09:00:00.000001"},
		{oidTimestampTZ, when, "1066-10-14 09:00:00.000001+00"}, {oidTime, pgtype.Time{Microseconds: 1, Valid: true}, "00:00:00.000001"},
		{oidInterval, pgtype.Interval{Months: 1, Days: -2, Microseconds: 3, Valid: true}, "1 months -2 days 3 microseconds"},
		{oidJSON, map[string]int{"a": 1}, `{"a":1}`}, {oidJSONB, []int{1}, `[1]`},
		{1007, []int32{1, -2}, "['1', '-2']"}, {1009, []*string{nil}, "[NULL]"}, {1016, []int64{}, "[]"},
	} {
		buf, err := types.Encode(c.oid, pgtype.BinaryFormatCode, c.value, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode(c.oid, Binary, buf, sqltype.Type{}); err != nil || got != c.want {
			t.Errorf("OID %d %v: %q, %v; want %q", c.oid, c.value, got, err, c.want)
		}
	}
}

// sameNumber compares decimal texts without regard to zeros at the end.
func sameNumber(a, b string) bool {
	var x, y pgtype.Numeric
	if x.Scan(a) != nil || y.Scan(b) != nil {
		return false
	}
	f, _ := x.MarshalJSON()
	g, _ := y.MarshalJSON()
	return string(f) == string(g)
}

func TestExactness(t *testing.T) {
	for _, c := range []struct {
		text  string
		typ   string
		fits  bool
		exact string
	}{
		{"12.30", "DECIMAL(4,2)", true, "DECIMAL(4,2)"}, {"12.35", "DECIMAL(10,1)", false, "DECIMAL(4,2)"},
		{"123", "DECIMAL(3,1)", false, "DECIMAL(3,0)"}, {"0.05", "DECIMAL(2,2)", true, "DECIMAL(2,2)"},
		{"-5", "BIGINT", true, "DECIMAL(1,0)"}, {"5.0", "BIGINT", true, "DECIMAL(2,1)"}, {"5.5", "BIGINT", false, "DECIMAL(2,1)"},
		{"1e3", "BIGINT", true, "DECIMAL(4,0)"}, {"1e-3", "BIGINT", false, "DECIMAL(3,3)"}, {"0.1", "DOUBLE", true, "DECIMAL(1,1)"},
		{"0", "DECIMAL(1,0)", true, "DECIMAL(1,0)"}, {"NaN", "DECIMAL(1,0)", true, "DOUBLE"},
		{"1234567890123456789012345678901234567890", "DOUBLE", true, ""},
	} {
		if got := FitsExactly(c.text, parse(t, c.typ)); got != c.fits {
			t.Errorf("FitsExactly(%s, %s) = %v", c.text, c.typ, got)
		}
		got, err := Exact(c.text)
		if c.exact == "" && err == nil || c.exact != "" && (err != nil || got.String() != c.exact) {
			t.Errorf("Exact(%s) = %s, %v; want %s", c.text, got, err, c.exact)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(uint32(oidNumeric), int16(1), []byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 5})
	f.Add(uint32(1009), int16(0), []byte(`{a,"b"}`))
	f.Add(uint32(1007), int16(1), []byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, oid uint32, format int16, raw []byte) {
		text, err := Decode(oid, Format(format), raw, sqltype.Type{})
		var e *engine.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("the error %v is no *engine.Error", err)
		}
		if err == nil {
			FitsExactly(text, sqltype.DecimalOf(10, 2))
			Exact(text)
		}
	})
}
