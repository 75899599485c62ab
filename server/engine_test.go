package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// TestAllTypes reads DuckDB's own collection of extreme values in both formats with a real client: every value must be
// readable, and be the same.
func TestAllTypes(t *testing.T) {
	c, err := connect(t, startLake(t, Options{}), "?timezone=Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	// Binary timestamps begin in 4713 BC in clients, and dates end in 5874897; what lies outside is left out.
	const sql = `SELECT * EXCLUDE (small_enum, medium_enum, large_enum) REPLACE (
		greatest(least(date, DATE '9999-12-31'), DATE '0001-01-01') AS date, greatest("timestamp", TIMESTAMP '0001-01-01') AS "timestamp",
		greatest(timestamp_s, TIMESTAMP_S '0001-01-01') AS timestamp_s, greatest(timestamp_ms, TIMESTAMP_MS '0001-01-01') AS timestamp_ms,
		greatest(timestamp_tz, TIMESTAMPTZ '0001-01-01') AS timestamp_tz, to_json(nested_int_array) AS nested_int_array,
		to_json(fixed_array_of_int_list) AS fixed_array_of_int_list) FROM test_all_types()`
	text := c.ExecParams(ctx, sql, nil, nil, nil, []int16{0}).Read()
	binary := c.ExecParams(ctx, sql, nil, nil, nil, []int16{1}).Read()
	if text.Err != nil || binary.Err != nil || len(text.Rows) != 3 || len(binary.Rows) != 3 {
		t.Fatalf("text %v, binary %v, %d and %d rows", text.Err, binary.Err, len(text.Rows), len(binary.Rows))
	}
	types := pgtype.NewMap()
	for i, f := range text.FieldDescriptions {
		pt, known := types.TypeForOID(f.DataTypeOID)
		if !known {
			if f.Name != "time_tz" { // which pgx does not know
				t.Errorf("%s: the client does not know the OID %d", f.Name, f.DataTypeOID)
			}
			continue
		}
		for r := range text.Rows {
			a, errA := pt.Codec.DecodeValue(types, f.DataTypeOID, pgtype.TextFormatCode, text.Rows[r][i])
			b, errB := pt.Codec.DecodeValue(types, f.DataTypeOID, pgtype.BinaryFormatCode, binary.Rows[r][i])
			if errA != nil || errB != nil {
				t.Errorf("%s: text %q: %v; binary %x: %v", f.Name, text.Rows[r][i], errA, binary.Rows[r][i], errB)
			} else if d := cmp.Diff(normal(a), normal(b)); d != "" {
				t.Errorf("%s: text and binary differ: %s", f.Name, d)
			}
		}
	}
}

// TestRaggedLists reads lists of lists that are no arrays: as text they are whole, with a warning; they have no binary form.
func TestRaggedLists(t *testing.T) {
	c, err := connect(t, startLake(t, Options{}), "")
	if err != nil {
		t.Fatal(err)
	}
	const sql = "SELECT nested_int_array, to_json(nested_int_array) FROM test_all_types()"
	text := c.ExecParams(context.Background(), sql, nil, nil, nil, []int16{0}).Read()
	if text.Err != nil || len(text.Rows) != 3 || text.FieldDescriptions[0].DataTypeOID != pgtype.Int4ArrayOID {
		t.Fatalf("%v, %d rows, %v", text.Err, len(text.Rows), text.FieldDescriptions)
	}
	if got := string(text.Rows[1][0]); got != "{{},{42,999,NULL,NULL,-42},NULL,{},{42,999,NULL,NULL,-42}}" {
		t.Error(got)
	}
	binary := c.ExecParams(context.Background(), sql, nil, nil, nil, []int16{1}).Read()
	var e *pgconn.PgError
	if !errors.As(binary.Err, &e) || e.Code != "2202E" || !strings.Contains(e.Hint, "to_json") {
		t.Errorf("binary: %v", binary.Err)
	}
}

// normal is a comparable form of what a client decodes.
func normal(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().String()
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = normal(v[i])
		}
		return strings.Join(parts, ",")
	case json.Marshaler:
		b, _ := v.MarshalJSON()
		return string(b)
	}
	return fmt.Sprint(v)
}

// TestParameters sends each value with the type that the client is told (in binary) and as text, and wants it back.
func TestParameters(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), "postgres://ann@"+startLake(t, Options{})+"/lake")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		cast  string
		value any
		want  string // as DuckDB writes it
	}{
		{"boolean", true, "true"}, {"tinyint", int16(-128), "-128"}, {"smallint", int16(-5), "-5"}, {"integer", int32(7), "7"},
		{"bigint", int64(1) << 62, "4611686018427387904"}, {"hugeint", "170141183460469231731687303715884105727", "170141183460469231731687303715884105727"},
		{"utinyint", int16(255), "255"}, {"uinteger", int64(4294967295), "4294967295"}, {"ubigint", "18446744073709551615", "18446744073709551615"},
		{"float", float32(0.1), "0.1"}, {"double", 1e300, "1e+300"}, {"decimal(10,2)", "12.34", "12.34"}, {"varchar", "it's \"å\"", "it's \"å\""},
		{"blob", []byte{0, 'a', '\\', '\'', 255}, `\x00615c27ff`}, {"uuid", "01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"},
		{"date", day, "2024-02-29"}, {"timestamp", day.Add(time.Second), "2024-02-29 00:00:01"}, {"timestamptz", day, "2024-02-29 00:00:00+00"},
		{"time", pgtype.Time{Microseconds: 3600000001, Valid: true}, "01:00:00.000001"},
		{"interval", pgtype.Interval{Months: 14, Days: -3, Microseconds: 5, Valid: true}, "1 year 2 months -3 days 00:00:00.000005"},
		{"json", `{"a":1}`, `{"a":1}`}, {"integer[]", []int32{1, -2}, "[1, -2]"}, {"varchar[]", []string{"a,b", "NULL", `q"'\`}, `['a,b', 'NULL', 'q"\'\\']`},
		{"date[]", []time.Time{day}, "[2024-02-29]"}, {"bit", "0101", "0101"}, {"boolean", nil, ""},
	} {
		for name, mode := range map[string]pgx.QueryExecMode{"described": pgx.QueryExecModeDescribeExec, "text": pgx.QueryExecModeExec} {
			var got *string
			err := conn.QueryRow(context.Background(), "SELECT CAST($1 AS "+c.cast+")::varchar", mode, c.value).Scan(&got)
			if err != nil || (got == nil) != (c.value == nil) || got != nil && *got != c.want {
				t.Errorf("%s %v, %s: got %v, %v; want %s", c.cast, c.value, name, deref(got), err, c.want)
			}
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return "NULL"
	}
	return *s
}

// TestJoin joins a CSV table with a JSON table, with a parameter that no column's type can hold.
func TestJoin(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), "postgres://ann@"+startLake(t, Options{})+"/lake")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var price pgtype.Numeric
	price.Scan("1.505")
	rows, _ := conn.Query(context.Background(), "SELECT i.name FROM items i JOIN sales s ON s.item = i.id WHERE i.price > $1 ORDER BY s.count", price)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if d := cmp.Diff([]string{"ink", "paper"}, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
}

// TestStatements runs statements at random, of which some fail, some are cut short and some are cancelled, and checks
// that the connection answers rightly after each.
func TestStatements(t *testing.T) {
	c, err := connect(t, startLake(t, Options{}), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		switch r.IntN(5) {
		case 0:
			c.Exec(ctx, "SELECT * FROM range(10000); SELECT nosuch").ReadAll()
		case 1:
			c.ExecParams(ctx, "SELECT $1::int / x FROM range(5) t(x)", [][]byte{[]byte("1")}, nil, nil, []int16{1}).Read()
		case 2:
			c.Exec(ctx, "BEGIN; SELECT * FROM items; SELECT error('x')").ReadAll()
			c.Exec(ctx, "ROLLBACK").ReadAll()
		case 3:
			c.Prepare(ctx, fmt.Sprint("s", i), "SELECT count(*) FROM sales WHERE item = $1", nil)
			if got := c.ExecPrepared(ctx, fmt.Sprint("s", i), [][]byte{[]byte("1")}, nil, nil).Read(); got.Err != nil || string(got.Rows[0][0]) != "1" {
				t.Fatalf("%d: prepared: %v", i, got.Err)
			}
		case 4:
			results := c.ExecParams(ctx, "SELECT range FROM range(100000)", nil, nil, nil, nil)
			results.NextRow()
			results.Close()
		}
		got, err := c.Exec(ctx, "SELECT 42").ReadAll()
		if err != nil || string(got[0].Rows[0][0]) != "42" || c.TxStatus() != 'I' {
			t.Fatalf("%d: %v, status %c", i, err, c.TxStatus())
		}
	}
}

// BenchmarkRows sends rows of three integers and three floats to a client that drops them.
func BenchmarkRows(b *testing.B) {
	c, err := connect(b, startLake(b, Options{}), "")
	if err != nil {
		b.Fatal(err)
	}
	const rows = 500_000
	const sql = "SELECT i AS a, i * 3 AS b, i % 7 AS c, i / 4.0::double AS d, i * 1.5::double AS e, i::double AS f FROM range(500000) t(i)"
	for name, f := range map[string]int16{"text": 0, "binary": 1} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n := drain(b, c, sql, f)
				if n != rows {
					b.Fatalf("%d rows", n)
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

func drain(b *testing.B, c *pgconn.PgConn, sql string, format int16) (n int) {
	results := c.ExecParams(context.Background(), sql, nil, nil, nil, []int16{format})
	for results.NextRow() {
		n++
	}
	if _, err := results.Close(); err != nil {
		b.Fatal(err)
	}
	return n
}
