package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
)

// serveForTest starts tarn serve on a free port and returns its address; the server stops at the end of the test.
func serveForTest(t *testing.T, dir, state string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said, stderr := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", dir, "--state", state, "--listen", "127.0.0.1:0"}, nil, io.Discard, stderr)
		stderr.Close()
	}()
	ready := make(chan string, 1)
	go func() {
		var heard strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := said.Read(buf)
			heard.Write(buf[:n])
			if m := regexp.MustCompile(`ready.* (\S+:\d+)\n`).FindStringSubmatch(heard.String()); m != nil {
				select {
				case ready <- m[1]:
				default:
				}
			}
			if err != nil {
				close(ready)
				t.Logf("tarn serve said: %s", heard.String())
				return
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("tarn serve ended with status %d", code)
		}
	})
	addr, ok := <-ready
	if !ok {
		t.Fatal("tarn serve ended without saying that it is ready")
	}
	return addr
}

// remote runs statements over the wire.
type remote struct {
	name     string
	conn     *pgconn.PgConn
	extended bool
}

func newRemote(t *testing.T, addr string, extended bool) *remote {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, err := pgconn.Connect(ctx, "postgres://reader@"+addr+"/lake?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	r := &remote{name: "the simple protocol", conn: conn, extended: extended}
	if extended {
		r.name = "the extended protocol"
	}
	if got := r.run(ctx, "SET TimeZone = 'UTC'"); got.state != "" {
		t.Fatal(got.message)
	}
	return r
}

// wireAnswer is what came over the wire: values in PostgreSQL's text form.
type wireAnswer struct {
	fields  []pgconn.FieldDescription
	rows    [][][]byte // nil is NULL
	state   string
	message string
}

func (r *remote) run(ctx context.Context, sql string) *wireAnswer {
	var result *pgconn.Result
	if r.extended {
		result = r.conn.ExecParams(ctx, sql, nil, nil, nil, nil).Read()
	} else {
		results, err := r.conn.Exec(ctx, sql).ReadAll()
		if len(results) != 1 {
			results = append(results, &pgconn.Result{Err: err})
		}
		result = results[len(results)-1]
		if err != nil {
			result.Err = err
		}
	}
	if result.Err != nil {
		var e *pgconn.PgError
		if !errors.As(result.Err, &e) {
			return &wireAnswer{state: "?????", message: result.Err.Error()}
		}
		return &wireAnswer{state: e.Code, message: e.Message}
	}
	return &wireAnswer{fields: result.FieldDescriptions, rows: result.Rows}
}

// compareWire says how a wire answer differs from the one in process, or "".
func compareWire(want *answer, got *wireAnswer, sorted bool) string {
	if want.state != got.state {
		return fmt.Sprintf("SQLSTATE %q (%s), want %q (%s)", got.state, got.message, want.state, want.message)
	}
	if len(want.columns) != len(got.fields) {
		return fmt.Sprintf("%d columns, want %d", len(got.fields), len(want.columns))
	}
	for i, c := range want.columns {
		if f := got.fields[i]; f.Name != c.Name || f.DataTypeOID != oidOfColumn(c) {
			return fmt.Sprintf("column %s of OID %d, want %s of OID %d (%s)", f.Name, f.DataTypeOID, c.Name, oidOfColumn(c), c.Type)
		}
	}
	if len(want.rows) != len(got.rows) {
		return fmt.Sprintf("%d rows, want %d", len(got.rows), len(want.rows))
	}
	if sorted {
		return "" // two runs of one statement may order rows differently; the golden file has checked the values
	}
	for r, row := range want.rows {
		for c, v := range row {
			if !sameValue(want.columns[c].Type, v, got.rows[r][c]) {
				return fmt.Sprintf("row %d, column %s: %q, want %q (%s)", r+1, want.columns[c].Name, got.rows[r][c], v.text, want.columns[c].Type)
			}
		}
	}
	return ""
}

// oids are PostgreSQL's types for the scalar kinds; integers go to the next larger signed type.
var oids = map[sqltype.Kind]uint32{
	sqltype.Null: pgtype.TextOID, sqltype.Boolean: pgtype.BoolOID,
	sqltype.TinyInt: pgtype.Int2OID, sqltype.SmallInt: pgtype.Int2OID, sqltype.UTinyInt: pgtype.Int2OID,
	sqltype.Integer: pgtype.Int4OID, sqltype.USmallInt: pgtype.Int4OID,
	sqltype.BigInt: pgtype.Int8OID, sqltype.UInteger: pgtype.Int8OID,
	sqltype.HugeInt: pgtype.NumericOID, sqltype.UBigInt: pgtype.NumericOID, sqltype.UHugeInt: pgtype.NumericOID,
	sqltype.BigNum: pgtype.NumericOID, sqltype.Decimal: pgtype.NumericOID,
	sqltype.Float: pgtype.Float4OID, sqltype.Double: pgtype.Float8OID,
	sqltype.Varchar: pgtype.TextOID, sqltype.Enum: pgtype.TextOID, sqltype.Blob: pgtype.ByteaOID,
	sqltype.Bit: pgtype.VarbitOID, sqltype.UUID: pgtype.UUIDOID, sqltype.JSON: pgtype.JSONOID,
	sqltype.Date: pgtype.DateOID, sqltype.Time: pgtype.TimeOID, sqltype.TimeNS: pgtype.TimeOID,
	sqltype.TimeTZ: pgtype.TimetzOID, sqltype.TimestampTZ: pgtype.TimestamptzOID,
	sqltype.Timestamp: pgtype.TimestampOID, sqltype.TimestampS: pgtype.TimestampOID,
	sqltype.TimestampMS: pgtype.TimestampOID, sqltype.TimestampNS: pgtype.TimestampOID,
	sqltype.Interval: pgtype.IntervalOID,
}

// oidOf is the OID that a column's type has on the wire: lists of scalars and of lists of them are arrays, all else that is nested is JSON.
func oidOf(t sqltype.Type) uint32 {
	switch {
	case t.Kind == sqltype.List && t.Elem().Kind == sqltype.List && oidOf(t.Elem()) != pgtype.JSONOID:
		return oidOf(t.Elem())
	case t.Kind == sqltype.List && !t.Elem().IsNested():
		elem, ok := pgtype.NewMap().TypeForOID(oidOf(t.Elem()))
		if !ok {
			return 0
		}
		array, _ := pgtype.NewMap().TypeForName("_" + elem.Name)
		return array.OID
	case t.IsNested():
		return pgtype.JSONOID
	}
	return oids[t.Kind]
}

// sameValue reports whether a value in PostgreSQL's text is the one in DuckDB's text (nested ones: JSON).
func sameValue(t sqltype.Type, want value, got []byte) bool {
	if want.null || got == nil {
		return want.null && got == nil
	}
	text := string(got)
	switch {
	case t.Kind == sqltype.List && !t.Elem().IsNested():
		list, err := arrayAsJSON(t.Elem(), text)
		return err == nil && sameJSON(want.text, list)
	case t.IsNested() && oidOf(t) != pgtype.JSONOID: // of numbers, in the tests
		return sameJSON(want.text, strings.NewReplacer("{", "[", "}", "]", "NULL", "null").Replace(text))
	case t.IsNested():
		return sameJSON(want.text, text)
	case t.Kind == sqltype.Boolean:
		return text == want.text[:1]
	case t.Kind == sqltype.Float || t.Kind == sqltype.Double:
		a, errA := strconv.ParseFloat(want.text, 64)
		b, errB := strconv.ParseFloat(text, 64)
		return errA == nil && errB == nil && (math.Float64bits(a) == math.Float64bits(b) || a != a && b != b)
	case t.Kind == sqltype.Blob:
		return text == `\x`+hex.EncodeToString(unescapeBlob(want.text))
	case t.Kind == sqltype.Interval:
		return text == strings.NewReplacer("months", "mons", "month", "mon").Replace(want.text)
	}
	if t.Kind == sqltype.TimestampNS || t.Kind == sqltype.TimeNS { // PostgreSQL's times end at microseconds; the server warns
		dot := strings.LastIndexByte(want.text, '.')
		want.text = want.text[:min(len(want.text), dot+7)]
	}
	return text == strings.ReplaceAll(want.text, " (BC)", " BC")
}

// sameJSON compares documents; numbers by their value, so that 1 is 1.0.
func sameJSON(a, b string) bool {
	decode := func(s string) (v any, err error) {
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		err = d.Decode(&v)
		return v, err
	}
	x, errX := decode(a)
	y, errY := decode(b)
	number := cmp.Comparer(func(a, b json.Number) bool {
		x, okX := new(big.Rat).SetString(a.String())
		y, okY := new(big.Rat).SetString(b.String())
		return okX && okY && x.Cmp(y) == 0
	})
	return errX == nil && errY == nil && cmp.Equal(x, y, number)
}

// arrayAsJSON turns PostgreSQL's text of a one-dimensional array into JSON: numbers and booleans bare, all else strings.
func arrayAsJSON(elem sqltype.Type, text string) (string, error) {
	var items []*string
	m := pgtype.NewMap()
	if err := m.Scan(pgtype.TextArrayOID, pgtype.TextFormatCode, []byte(text), &items); err != nil {
		return "", err
	}
	out := []string{}
	for _, item := range items {
		switch {
		case item == nil:
			out = append(out, "null")
		case elem.Kind == sqltype.Boolean:
			out = append(out, map[string]string{"t": "true", "f": "false"}[*item])
		case elem.IsNumeric():
			out = append(out, *item)
		default:
			quoted, err := json.Marshal(*item)
			if err != nil {
				return "", err
			}
			out = append(out, string(quoted))
		}
	}
	return "[" + strings.Join(out, ",") + "]", nil
}

// unescapeBlob reads DuckDB's text of a blob: printable ASCII as it is, other bytes as \xAB.
func unescapeBlob(text string) []byte {
	var b []byte
	for i := 0; i < len(text); i++ {
		if n, err := strconv.ParseUint(text[min(i+2, len(text)):min(i+4, len(text))], 16, 8); text[i] == '\\' && err == nil {
			b, i = append(b, byte(n)), i+3
			continue
		}
		b = append(b, text[i])
	}
	return b
}

// oidOfColumn is the OID of a column, which may be of a type of PostgreSQL's catalog.
func oidOfColumn(c engine.Column) uint32 {
	if t := pgcatalog.TypeNamed(c.Postgres); t != nil && c.Type.Kind == sqltype.List {
		return t.Array
	} else if t != nil {
		return t.OID
	}
	return oidOf(c.Type)
}
