package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// connect logs in with a real client.
func connect(t testing.TB, addr, options string) (*pgconn.PgConn, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	c, err := pgconn.Connect(ctx, "postgres://ann@"+addr+"/lake"+options)
	if err == nil {
		t.Cleanup(func() { c.Close(context.Background()) })
	}
	return c, err
}

// code is the SQLSTATE of an error.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestCheckListen(t *testing.T) {
	for _, c := range []struct {
		addr, password string
		ok             bool
	}{
		{"127.0.0.1:5433", "", true}, {"localhost:0", "", true}, {"[::1]:1", "", true}, {"127.8.8.8:1", "", true},
		{"0.0.0.0:5433", "", false}, {":5433", "", false}, {"[::]:1", "", false}, {"10.0.0.1:1", "", false},
		{"db.internal:1", "", false}, {"127.0.0.1", "", false}, {"0.0.0.0:5433", "x", true},
	} {
		if err := CheckListen(c.addr, c.password != ""); (err == nil) != c.ok {
			t.Errorf("CheckListen(%q, %q) = %v", c.addr, c.password, err)
		}
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := newServer(nil, Options{}).Serve(context.Background(), l); err == nil || !strings.Contains(err.Error(), "TARN_PASSWORD") {
		t.Errorf("Serve on all addresses without a password: %v", err)
	}
}

func TestPassword(t *testing.T) {
	_, addr, sessions := startFake(t, Options{Password: "sésame"})
	for options, want := range map[string]string{"": "28P01", "?password=wrong": "28P01", "?password=sésame": ""} {
		if _, err := connect(t, addr, options); code(err) != want || (err == nil) != (want == "") {
			if options != "" || err == nil { // without a password the client itself gives up
				t.Errorf("%q: %v, want %q", options, err, want)
			}
		}
	}
	if len(sessions) != 1 {
		t.Errorf("%d sessions were opened, want 1: only for the right password", len(sessions))
	}
	_, fe := dial(t, addr, nil)
	readAnswers(t, fe, "AuthenticationSASL")
	fe.Send(&pgproto3.Query{String: "rows 1"})
	fe.Flush()
	if got := readAnswers(t, fe, "ErrorResponse"); !strings.Contains(got[0], "FATAL 08P01") {
		t.Errorf("a query before the password: %q", got)
	}
}

func TestStartup(t *testing.T) {
	_, addr, _ := startFake(t, Options{Version: "1.2"})
	for _, c := range []struct {
		name   string
		params map[string]string
		want   string
	}{
		{"plain", map[string]string{"user": "ann", "database": "x", "application_name": "test", "DateStyle": "ISO", "replication": "off"}, "ParameterStatus application_name test"},
		{"options", map[string]string{"user": "ann", "options": `-c application_name=a\ b --client-encoding=utf8 -cTimeZone=Asia/Tokyo`}, "ParameterStatus TimeZone Asia/Tokyo"},
		{"user", map[string]string{"user": "bob"}, "ParameterStatus session_authorization bob"},
		{"version", map[string]string{"user": "bob"}, "ParameterStatus server_version 15.0 (Tarn 1.2)"},
		{"no user", map[string]string{"database": "x"}, "ErrorResponse FATAL 28000"},
		{"unknown", map[string]string{"user": "ann", "nonsense": "1"}, "ErrorResponse FATAL 42704"},
		{"refused", map[string]string{"user": "ann", "client_encoding": "BIG5"}, "ErrorResponse FATAL 22023"},
		{"options broken", map[string]string{"user": "ann", "options": "-x"}, "ErrorResponse FATAL 42601"},
		{"replication", map[string]string{"user": "ann", "replication": "database"}, "ErrorResponse FATAL 0A000"},
		{"extension", map[string]string{"user": "ann", "_pq_.new": "1"}, "NegotiateProtocolVersion"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, fe := dial(t, addr, c.params)
			until := "ReadyForQuery"
			if strings.HasPrefix(c.want, "Error") {
				until = "ErrorResponse"
			}
			if got := strings.Join(readAnswers(t, fe, until), "\n"); !strings.Contains(got, c.want) {
				t.Errorf("got\n%s\nwant %s", got, c.want)
			}
		})
	}
}

// TestFirstBytes sends what is not a startup message of version 3.0.
func TestFirstBytes(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	startup := func(version string) string { return "\x00\x00\x00\x12" + version + "user\x00ann\x00\x00" }
	for _, c := range []struct{ name, send, want string }{
		{"TLS", "\x00\x00\x00\x08\x04\xd2\x16\x2f", "N"},
		{"GSSAPI, then TLS, then plain", "\x00\x00\x00\x08\x04\xd2\x16\x30\x00\x00\x00\x08\x04\xd2\x16\x2f" + startup("\x00\x03\x00\x00"), "NNR"},
		{"3.2 has a long key", startup("\x00\x03\x00\x02"), "R\x00\x00\x00\x08\x00\x00\x00\x00"},
		{"3.9 becomes 3.2", startup("\x00\x03\x00\x09"), "v\x00\x00\x00\x0c\x00\x03\x00\x02\x00\x00\x00\x00"},
		{"3.1 becomes 3.0", startup("\x00\x03\x00\x01"), "v\x00\x00\x00\x0c\x00\x03\x00\x00\x00\x00\x00\x00"},
		{"2.0", startup("\x00\x02\x00\x00"), "E"},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", ""},
		{"too short", "\x00\x00\x00\x04", ""},
		{"no end", "\x00\x00\x00\x0c\x00\x03\x00\x00user", ""},
		{"cancel without a connection", "\x00\x00\x00\x10\x04\xd2\x16\x2e\x00\x00\x00\x01\x00\x00\x00\x01", ""},
		{"short cancel", "\x00\x00\x00\x08\x04\xd2\x16\x2e", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			nc, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			nc.SetDeadline(time.Now().Add(10 * time.Second))
			io.WriteString(nc, c.send)
			got := make([]byte, max(len(c.want), 1))
			n, _ := io.ReadAtLeast(nc, got, len(c.want))
			if n == 0 && c.want == "" {
				if _, err := nc.Read(got); err == nil {
					t.Error("the connection goes on")
				}
			}
			if string(got[:n]) != c.want {
				t.Errorf("got %q, want %q", got[:n], c.want)
			}
		})
	}
}

func TestKeyLength(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	for version, want := range map[uint32]int{pgproto3.ProtocolVersion30: 4, pgproto3.ProtocolVersion32: 32} {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		fe := pgproto3.NewFrontend(nc, nc)
		fe.Send(&pgproto3.StartupMessage{ProtocolVersion: version, Parameters: map[string]string{"user": "ann"}})
		fe.Flush()
		for {
			msg, err := fe.Receive()
			if err != nil {
				t.Fatal(err)
			}
			if key, ok := msg.(*pgproto3.BackendKeyData); ok {
				if len(key.SecretKey) != want {
					t.Errorf("version %#x: a key of %d bytes, want %d", version, len(key.SecretKey), want)
				}
				break
			}
		}
	}
}

func TestCancel(t *testing.T) {
	s, addr, sessions := startFake(t, Options{})
	c, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	f := <-sessions
	result := make(chan error, 1)
	go func() {
		_, err := c.Exec(context.Background(), "wait").ReadAll()
		result <- err
	}()
	<-f.waiting
	if s.conns.cancel(c.PID(), []byte("1234")) || s.conns.cancel(c.PID()+1, c.SecretKey()) {
		t.Error("a wrong key cancels")
	}
	if err := c.CancelRequest(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := <-result; code(err) != "57014" || !strings.Contains(err.Error(), "user request") {
		t.Errorf("got %v", err)
	}
	if err := c.CancelRequest(context.Background()); err != nil { // nothing runs: it has no effect
		t.Fatal(err)
	}
	if _, err := c.Exec(context.Background(), "SET statement_timeout = 20; rows 1; wait").ReadAll(); code(err) != "57014" || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("statement_timeout: %v", err)
	}
}

// TestVanish closes the client's end while a statement runs, and while rows are sent that nobody reads.
func TestVanish(t *testing.T) {
	_, addr, sessions := startFake(t, Options{})
	for _, sql := range []string{"wait", "rows 100000000"} {
		nc, fe := dial(t, addr, nil)
		readAnswers(t, fe, "ReadyForQuery")
		f := <-sessions
		fe.Send(&pgproto3.Query{String: sql})
		fe.Flush()
		if sql == "wait" {
			<-f.waiting
		} else {
			readAnswers(t, fe, "DataRow")
		}
		nc.Close()
		select {
		case <-f.closed:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: the session outlives its client", sql)
		}
	}
}

func TestPanic(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	_, fe := dial(t, addr, nil)
	readAnswers(t, fe, "ReadyForQuery")
	fe.Send(&pgproto3.Query{String: "crash"})
	fe.Flush()
	if got := readAnswers(t, fe, "ErrorResponse"); !strings.Contains(got[0], "FATAL XX000") {
		t.Errorf("got %q", got)
	}
	if _, err := connect(t, addr, ""); err != nil {
		t.Errorf("the server is gone: %v", err)
	}
}

// TestMessages sends what a client must not send.
func TestMessages(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	for name, send := range map[string]string{
		"too long":   "Q\x7f\xff\xff\xff",
		"negative":   "Q\xff\xff\xff\xff",
		"unknown":    "?\x00\x00\x00\x04",
		"malformed":  "B\x00\x00\x00\x05a",
		"password":   "p\x00\x00\x00\x06a\x00",
		"not ending": "Q\x00\x00\x00\x05a",
	} {
		nc, fe := dial(t, addr, nil)
		readAnswers(t, fe, "ReadyForQuery")
		io.WriteString(nc, send)
		if got := readAnswers(t, fe, "ErrorResponse"); !strings.Contains(got[0], "FATAL 08P01") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestShutdown(t *testing.T) {
	s, addr, sessions := startFake(t, Options{})
	_, idle := dial(t, addr, nil)
	readAnswers(t, idle, "ReadyForQuery")
	<-sessions
	c, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	f := <-sessions
	result := make(chan error, 1)
	go func() {
		_, err := c.Exec(context.Background(), "wait").ReadAll()
		result <- err
	}()
	<-f.waiting
	ctx, cancel := context.WithCancel(context.Background())
	down := make(chan error, 1)
	go func() { down <- s.Shutdown(ctx) }()
	if got := readAnswers(t, idle, "ErrorResponse"); !strings.Contains(got[0], "FATAL 57P01") {
		t.Errorf("the idle client got %q", got)
	}
	select {
	case err := <-result:
		t.Fatalf("the running statement ended with %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	cancel()
	if err := <-result; code(err) != "57P01" {
		t.Errorf("the running client got %v", err)
	}
	if err := <-down; !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if _, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
		t.Error("the server still listens")
	}
}

// TestDrain shuts down while a statement is about to finish.
func TestDrain(t *testing.T) {
	s, addr, _ := startFake(t, Options{})
	c, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	rows := c.ExecParams(context.Background(), "rows 200000", nil, nil, nil, nil)
	n := 0
	for rows.NextRow() {
		if n++; n == 1 {
			go s.Shutdown(context.Background())
			<-s.quit
		}
	}
	if _, err := rows.Close(); err != nil || n != 200000 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// TestClient runs the extended protocol with a real client, many statements in one go too.
func TestClient(t *testing.T) {
	_, addr, _ := startFake(t, Options{})
	c, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	var batch pgconn.Batch
	for range 50 {
		batch.ExecParams("echo $1", [][]byte{[]byte("x")}, nil, nil, nil)
	}
	results, err := c.ExecBatch(ctx, &batch).ReadAll()
	if err != nil || len(results) != 50 || string(results[49].Rows[0][1]) != "x" {
		t.Errorf("%d results, %v", len(results), err)
	}
	r := c.ExecParams(ctx, "rows 5000", nil, nil, nil, []int16{1, 0}).Read()
	if r.Err != nil || len(r.Rows) != 5000 || !bytes.Equal(r.Rows[4999][0], []byte{0, 0, 0, 0, 0, 0, 19, 136}) || string(r.Rows[4999][1]) != "row 5000" || r.CommandTag.String() != "SELECT 5000" {
		t.Errorf("%d rows, %v, %v", len(r.Rows), r.CommandTag, r.Err)
	}
}

// FuzzMessages sends arbitrary bytes after the login; the server must neither crash nor hang.
func FuzzMessages(f *testing.F) {
	f.Add([]byte("Q\x00\x00\x00\x0brows 1\x00"))
	f.Add([]byte("P\x00\x00\x00\x10\x00rows 1\x00\x00\x00\x00B\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00E\x00\x00\x00\x09\x00\x00\x00\x00\x00S\x00\x00\x00\x04"))
	s := newServer(func(context.Context) (backend, error) { return newFakeBackend(), nil }, Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("crash")) || bytes.Contains(data, []byte("wait")) {
			return
		}
		client, peer := net.Pipe()
		done := make(chan struct{})
		s.callers.take()
		go func() {
			defer close(done)
			s.serveConn(context.Background(), peer)
		}()
		go io.Copy(io.Discard, client)
		client.SetDeadline(time.Now().Add(5 * time.Second))
		io.WriteString(client, "\x00\x00\x00\x12\x00\x03\x00\x00user\x00ann\x00\x00")
		client.Write(data)
		client.Close()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("the connection does not end: " + strconv.Quote(string(data)))
		}
	})
}
