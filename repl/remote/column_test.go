package remote

import (
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tarn/engine/cell"
)

// TestColumns checks that what PostgreSQL writes comes out as the same value.
func TestColumns(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		oid      uint32
		modifier int32
		text     string
		want     string
	}{
		{pgtype.BoolOID, -1, "t", "true"},
		{pgtype.Int8OID, -1, "-9223372036854775808", "-9223372036854775808"},
		{pgtype.Float8OID, -1, "1e+20", "1e+20"},
		{pgtype.Float4OID, -1, "NaN", "nan"},
		{pgtype.NumericOID, 10<<16 | 2 + 4, "-0.05", "-0.05"},
		{pgtype.NumericOID, -1, "123456789012345678901234567890123456789012345.5", "123456789012345678901234567890123456789012345.5"},
		{pgtype.TextOID, -1, "æ\n'", "æ\n'"},
		{pgtype.ByteaOID, -1, `\x00ff61`, `\x00\xFFa`},
		{pgtype.UUIDOID, -1, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{pgtype.DateOID, -1, "2024-02-29", "2024-02-29"},
		{pgtype.DateOID, -1, "0044-03-15 BC", "0044-03-15 (BC)"},
		{pgtype.DateOID, -1, "infinity", "infinity"},
		{pgtype.TimeOID, -1, "12:34:56.789", "12:34:56.789"},
		{pgtype.TimestampOID, -1, "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999"},
		{pgtype.TimestampOID, -1, "-infinity", "-infinity"},
		{pgtype.TimestamptzOID, -1, "2024-07-01 12:00:00.5+05:30", "2024-07-01 08:30:00.5+02"},
		{pgtype.TimestamptzOID, -1, "2024-07-01 12:00:00-03", "2024-07-01 17:00:00+02"},
		{pgtype.IntervalOID, -1, "1 day 02:00:00", "1 day 02:00:00"},
		{pgtype.IntervalOID, -1, "-1 years -2 mons +3 days -04:05:06.5", "-1 year -2 months 3 days -04:05:06.5"},
		{pgtype.DateOID, -1, "5881580-07-10", "5881580-07-10"},
		{pgtype.DateOID, -1, "5877642-06-25 BC", "5877642-06-25 (BC)"},
	} {
		col := columnOf(pgconn.FieldDescription{DataTypeOID: c.oid, TypeModifier: c.modifier})
		b := array.NewBuilder(memory.DefaultAllocator, col.arrow)
		if err := col.add(b, []byte(c.text)); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got := string(cell.Style{Location: zone}.Append(nil, col.typ, b.NewArray(), 0))
		if got != c.want {
			t.Errorf("%s of OID %d: got %s, want %s", c.text, c.oid, got, c.want)
		}
	}
	for _, bad := range []string{"yesterday", "2024-01", "2024-aa-01", "2024-01-01 noon"} {
		if _, err := parseTime(bad); err == nil {
			t.Errorf("%q is taken for a time", bad)
		}
	}
}
