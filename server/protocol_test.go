package server

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// pgxConn connects with pgx to a real lake.
func pgxConn(t *testing.T, addr, options string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), "postgres://ann@"+addr+"/lake"+options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// TestPgxCopy copies rows out and in, in each format, with a real client and the real engine: what comes back is what went.
func TestPgxCopy(t *testing.T) {
	c, ctx := pgxConn(t, startLake(t, Options{}), ""), context.Background()
	exec := func(sql string) {
		t.Helper()
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec(`CREATE TEMP TABLE a (i INTEGER, s VARCHAR, b BLOB, d DECIMAL(10,2), t TIMESTAMP, f BOOLEAN, day DATE, x DOUBLE, l INTEGER[])`)
	exec("INSERT INTO a SELECT i, CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN '' ELSE 'a\tb\\c\"' || chr(10) || i END, 'x'::BLOB, i / 4, TIMESTAMP '2024-01-01' + to_hours(i::BIGINT), i % 2 = 0, DATE '2024-01-01' + i::INTEGER, i / 3.0, [i, NULL] FROM range(5000) r(i)")
	var want string
	sum := "SELECT md5(string_agg(x::VARCHAR, ';' ORDER BY i)) FROM %s x"
	if err := c.QueryRow(ctx, fmt.Sprintf(sum, "a")).Scan(&want); err != nil {
		t.Fatal(err)
	}
	for _, options := range []string{"", "(FORMAT csv, HEADER)", "(FORMAT binary)", "(DELIMITER '|', NULL 'nil')", "(FORMAT csv, QUOTE '$', ESCAPE '!', FORCE_QUOTE *)"} {
		var data bytes.Buffer
		tag, err := c.PgConn().CopyTo(ctx, &data, "COPY a TO STDOUT "+options)
		if err != nil || tag.String() != "COPY 5000" {
			t.Fatalf("%s: %v, %v", options, tag, err)
		}
		exec("CREATE OR REPLACE TEMP TABLE b AS FROM a LIMIT 0")
		in := strings.Replace(options, ", FORCE_QUOTE *", "", 1)
		if tag, err = c.PgConn().CopyFrom(ctx, &data, "COPY b FROM STDIN "+in); err != nil || tag.String() != "COPY 5000" {
			t.Fatalf("%s: %v, %v", in, tag, err)
		}
		var got string
		if err := c.QueryRow(ctx, fmt.Sprintf(sum, "b")).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %v: the rows are others than those that were copied", options, err)
		}
	}
	n, err := c.CopyFrom(ctx, pgx.Identifier{"b"}, []string{"i", "s"}, pgx.CopyFromRows([][]any{{int32(1), "x"}, {int32(2), nil}}))
	if n != 2 || err != nil {
		t.Errorf("pgx's own CopyFrom: %d, %v", n, err)
	}
	_, err = c.PgConn().CopyFrom(ctx, strings.NewReader("1\tx\ny\tz\n"), "COPY b (i, s) FROM STDIN")
	var count int
	if e := c.QueryRow(ctx, "SELECT count(*) FROM b").Scan(&count); code(err) != "22P02" || count != 5002 || e != nil {
		t.Errorf("a COPY that fails leaves rows: %v, %d, %v", err, count, e)
	}
	_, err = c.PgConn().CopyFrom(ctx, strings.NewReader("1\n"), "COPY items (id) FROM STDIN")
	if code(err) != "25006" {
		t.Errorf("COPY into a table of the lake: %v", err)
	}
}

// TestPgxTransactions goes through savepoints, batches and cursors with a real client and the real engine.
func TestPgxTransactions(t *testing.T) {
	c, ctx := pgxConn(t, startLake(t, Options{}), ""), context.Background()
	tx, err := c.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := tx.Begin(ctx) // a savepoint
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inner.Exec(ctx, "SELECT CAST('x' AS INTEGER)"); code(err) != "22P02" {
		t.Fatal(err)
	}
	if err := inner.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM items").Scan(&n); err != nil || n == 0 {
		t.Fatalf("after the savepoint: %d, %v", n, err)
	}
	if _, err := tx.Exec(ctx, "DECLARE c SCROLL CURSOR FOR SELECT i FROM range(100000) r(i) WHERE i >= $1", 10); err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, sql := range []string{"FETCH 2 FROM c", "FETCH ABSOLUTE 90000 FROM c", "FETCH PRIOR FROM c", "FETCH LAST FROM c", "FETCH BACKWARD 2 FROM c", "FETCH FIRST FROM c"} {
		rows, _ := tx.Query(ctx, sql)
		list, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		got = append(got, list...)
	}
	if d := cmp.Diff([]int64{10, 11, 90009, 90008, 99999, 99998, 99997, 10}, got); d != "" {
		t.Error(d)
	}
	for _, sql := range []string{"CREATE TEMP TABLE beside AS SELECT 1 AS i", "INSERT INTO beside VALUES (2)"} { // with a cursor's rows open
		if _, err := tx.Exec(ctx, "DECLARE big"+sql[:6]+" CURSOR FOR SELECT i FROM range(100000) r(i)"); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, sql); err != nil {
			t.Errorf("%s beside a cursor: %v", sql, err)
		}
	}
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM beside").Scan(&n); err != nil || n != 2 {
		t.Errorf("a temporary table beside cursors: %d, %v", n, err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	batch := &pgx.Batch{} // one transaction
	batch.Queue("CREATE TEMP TABLE made (i INTEGER)")
	batch.Queue("INSERT INTO items VALUES (1)")
	if err := c.SendBatch(ctx, batch).Close(); code(err) != "25006" {
		t.Errorf("a batch that fails: %v", err)
	}
	if _, err := c.Exec(ctx, "SELECT * FROM made"); code(err) != "42P01" {
		t.Errorf("what a failed batch made is there: %v", err)
	}
	if results, err := c.PgConn().Exec(ctx, "CREATE TEMP TABLE made (i INTEGER); INSERT INTO made VALUES (1); SELECT nosuch").ReadAll(); code(err) != "42703" {
		t.Errorf("several statements: %v, %v", results, err)
	}
	if _, err := c.Exec(ctx, "SELECT * FROM made"); code(err) != "42P01" {
		t.Errorf("what a failed message made is there: %v", err)
	}
}

// TestHeldCursor reads a cursor that outlives its transaction and is larger than what is kept in memory.
func TestHeldCursor(t *testing.T) {
	c, ctx := pgxConn(t, startLake(t, Options{}), ""), context.Background()
	for _, sql := range []string{"BEGIN", "DECLARE h SCROLL CURSOR WITH HOLD FOR SELECT i, repeat('x', 100) || i AS s FROM range(300000) r(i)", "COMMIT"} {
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []int{1, 300000, 150000, 2, 299999} {
		var i int64
		var s string
		if err := c.QueryRow(ctx, fmt.Sprintf("FETCH ABSOLUTE %d FROM h", at)).Scan(&i, &s); err != nil || i != int64(at-1) || s != strings.Repeat("x", 100)+fmt.Sprint(at-1) {
			t.Errorf("row %d: %d, %d bytes, %v", at, i, len(s), err)
		}
	}
	var n int
	if rows, err := c.Query(ctx, "FETCH BACKWARD ALL FROM h"); err == nil {
		for rows.Next() {
			n++
		}
		if rows.Err() != nil || n != 299998 {
			t.Errorf("backwards: %d rows, %v", n, rows.Err())
		}
	}
}

// TestIdle lets a session idle for longer than it may, inside and outside of a transaction.
func TestIdle(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	for name, c := range map[string]struct {
		sql  []string
		code string
	}{
		"in a transaction": {[]string{"SET idle_in_transaction_session_timeout = 20", "BEGIN"}, "25P03"},
		"outside of one":   {[]string{"SET idle_session_timeout = 20"}, "57P05"},
	} {
		_, fe := dial(t, addr, nil)
		readAnswers(t, fe, "ReadyForQuery")
		for _, sql := range c.sql {
			fe.Send(&pgproto3.Query{String: sql})
			fe.Flush()
			readAnswers(t, fe, "ReadyForQuery")
		}
		if got := readAnswers(t, fe, "ErrorResponse"); !strings.Contains(got[0], "FATAL "+c.code) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestNotifyOthers has a session that waits hear what another tells.
func TestNotifyOthers(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	heard := make(chan string, 1)
	config, err := pgconn.ParseConfig("postgres://ann@" + addr + "/lake")
	if err != nil {
		t.Fatal(err)
	}
	config.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { heard <- n.Channel + " " + n.Payload }
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	a, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(ctx)
	b, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Exec(ctx, "LISTEN news").ReadAll(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(ctx, "NOTIFY news, 'x'").ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := a.WaitForNotification(ctx); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "news x" {
		t.Error(got)
	}
}

// TestCancelCopy cancels a COPY FROM whose client sends nothing, and sees it among the sessions before.
func TestCancelCopy(t *testing.T) {
	s, addr, _ := startFake(t, Options{})
	_, fe := dial(t, addr, nil)
	readAnswers(t, fe, "ReadyForQuery")
	fe.Send(&pgproto3.Query{String: "COPY x FROM STDIN"})
	fe.Flush()
	readAnswers(t, fe, "CopyInResponse")
	seen := s.Sessions()
	if len(seen) != 1 || seen[0].State != "active" || seen[0].Query != "COPY x FROM STDIN" || seen[0].User != "ann" {
		t.Fatalf("sessions: %+v", seen)
	}
	if !s.Cancel(seen[0].PID) || s.Cancel(seen[0].PID+1) {
		t.Error("Cancel found the wrong session")
	}
	if got := readAnswers(t, fe, "ReadyForQuery"); !strings.Contains(got[0], "57014 canceling statement due to user request") {
		t.Errorf("cancelled: %q", got)
	}
	if !s.Terminate(seen[0].PID) {
		t.Error("Terminate found no session")
	}
	if got := readAnswers(t, fe, "ErrorResponse"); !strings.Contains(got[0], "FATAL 57P01") {
		t.Errorf("terminated: %q", got)
	}
}

// TestEncoding writes and reads in another encoding than UTF-8.
func TestEncoding(t *testing.T) {
	c, err := connect(t, startLake(t, Options{}), "?client_encoding=latin1")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	got := c.ExecParams(ctx, "SELECT 'n\xe9' || $1 AS \"\xfc\", 1 AS i", [][]byte{[]byte("\xe8")}, []uint32{25}, nil, []int16{0, 1}).Read()
	if got.Err != nil || string(got.Rows[0][0]) != "n\xe9\xe8" || got.FieldDescriptions[0].Name != "\xfc" || len(got.Rows[0][1]) != 4 {
		t.Errorf("%q, %v", got.Rows, got.Err)
	}
	if got := c.ExecParams(ctx, "SELECT chr(8364)", nil, nil, nil, nil).Read(); code(got.Err) != "22P05" {
		t.Errorf("a character that LATIN1 lacks: %q, %v", got.Rows, got.Err)
	}
	var out bytes.Buffer
	if _, err := c.CopyTo(ctx, &out, "COPY (SELECT 'n\xe9') TO STDOUT"); err != nil || out.String() != "n\xe9\n" {
		t.Errorf("COPY: %q, %v", out.String(), err)
	}
	out.Reset()
	if _, err := c.CopyTo(ctx, &out, "COPY (SELECT 'n\xe9') TO STDOUT (ENCODING 'utf8')"); err != nil || out.String() != "né\n" {
		t.Errorf("COPY with ENCODING: %q, %v", out.String(), err)
	}
}
