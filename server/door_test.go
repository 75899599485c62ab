package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"tarn/server/scram"
	"tarn/server/tlscert"
	"tarn/server/unixsocket"
	"tarn/server/users"
)

// certificate makes one, and the file that clients take for their root.
func certificate(t testing.TB) *tlscert.Source {
	t.Helper()
	s, _, err := tlscert.SelfMade(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTLS connects a client in each of its modes to a server in each of its own.
func TestTLS(t *testing.T) {
	cert := certificate(t)
	root := "&sslrootcert=" + cert.File()
	for mode, clients := range map[TLSMode]map[string]string{ // what the client sees: "" or part of its error
		TLSOff:     {"disable": "", "prefer": "", "require": "refused TLS", "verify-full" + root: "refused TLS", "require&sslnegotiation=direct": "failed to connect"},
		TLSAllow:   {"disable": "", "prefer": "", "require": "", "verify-full" + root: "", "verify-full": "certificate", "require&sslnegotiation=direct": "", "require&channel_binding=require": ""},
		TLSRequire: {"disable": "28000", "allow": "", "prefer": "", "require": "", "verify-ca" + root: ""},
	} {
		_, addr, _ := startFake(t, Options{TLS: mode, Certificate: cert, Password: "secret"})
		for client, want := range clients {
			c, err := connect(t, addr, "?password=secret&sslmode="+client)
			if err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
				t.Errorf("server %s, client %s: %v, want %q", mode, client, err, want)
			}
			if err != nil {
				continue
			}
			_, secure := c.Conn().(*tls.Conn)
			if plain := mode == TLSOff || client == "disable"; secure == plain {
				t.Errorf("server %s, client %s: encrypted %v", mode, client, secure)
			}
			if r := c.ExecParams(context.Background(), "rows 5000", nil, nil, nil, nil).Read(); r.Err != nil || len(r.Rows) != 5000 {
				t.Errorf("server %s, client %s: %d rows, %v", mode, client, len(r.Rows), r.Err)
			}
			if err := c.CancelRequest(context.Background()); err != nil {
				t.Errorf("server %s, client %s: cancelling: %v", mode, client, err)
			}
		}
	}
}

// TestHandshake breaks the rules around TLS.
func TestHandshake(t *testing.T) {
	cert := certificate(t)
	_, addr, _ := startFake(t, Options{TLS: TLSRequire, Certificate: cert})
	const request = "\x00\x00\x00\x08\x04\xd2\x16\x2f"
	const startup = "\x00\x00\x00\x12\x00\x03\x00\x00user\x00ann\x00\x00"
	begin := func(send string) net.Conn {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		nc.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(nc, send)
		return nc
	}
	// What comes in plain text behind the request must not count as sent by TLS (CVE-2021-23222).
	nc := begin(request + startup)
	if got, _ := io.ReadAll(nc); len(got) == 0 || got[0] != 'S' || bytes.Contains(got, []byte("R\x00\x00\x00\x08")) {
		t.Errorf("plain text behind a request for TLS: %q", got)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert.Current().Leaf)
	for name, c := range map[string]struct {
		config *tls.Config
		direct bool
		ok     bool
	}{
		"direct":                     {&tls.Config{NextProtos: []string{"postgresql"}}, true, true},
		"direct without a protocol":  {&tls.Config{}, true, false},
		"another protocol":           {&tls.Config{NextProtos: []string{"http/1.1"}}, true, false},
		"asked without a protocol":   {&tls.Config{}, false, true},
		"asked for another protocol": {&tls.Config{NextProtos: []string{"h2"}}, false, false},
		"TLS 1.1":                    {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false, false},
		"TLS 1.2":                    {&tls.Config{MaxVersion: tls.VersionTLS12}, false, true},
	} {
		nc := begin("")
		if !c.direct {
			io.WriteString(nc, request)
			if _, err := io.ReadFull(nc, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		c.config.ServerName, c.config.RootCAs = "localhost", roots
		secured := tls.Client(nc, c.config)
		io.WriteString(secured, startup)
		got := make([]byte, 1)
		if _, err := io.ReadFull(secured, got); (err == nil && got[0] == 'R') != c.ok {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	// A second request, inside of TLS, is no protocol version that the server knows.
	nc = begin(request)
	io.ReadFull(nc, make([]byte, 1))
	secured := tls.Client(nc, &tls.Config{ServerName: "localhost", RootCAs: roots})
	io.WriteString(secured, request)
	if got, _ := io.ReadAll(secured); len(got) == 0 || got[0] != 'E' {
		t.Errorf("a request for TLS inside of TLS: %q", got)
	}
}

// TestUsers logs in users of a file, while it changes.
func TestUsers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users")
	set := func(name, password string) {
		t.Helper()
		v, err := scram.NewVerifier(password)
		if err != nil {
			t.Fatal(err)
		}
		if err := users.Edit(file, func(l *users.List) error { l.Set(name, v); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	live, err := users.Open(file, false, []byte("secret"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, addr, _ := startFake(t, Options{Users: live, TLS: TLSAllow, Certificate: certificate(t)})
	s.failed.now = func() time.Time { return time.Unix(0, 0) }
	if _, err := connect(t, addr, ""); err != nil {
		t.Errorf("without users: %v", err)
	}
	set("ann", "one")
	for options, want := range map[string]string{"?password=one": "", "?password=one&sslmode=require&channel_binding=require": "", "?password=two": "28P01", "?password=one&user=bob": "28P01"} {
		if _, err := connect(t, addr, options); code(err) != want || (err == nil) != (want == "") {
			t.Errorf("%s: %v, want %q", options, err, want)
		}
	}
	set("ann", "two")
	if _, err := connect(t, addr, "?password=two"); err != nil {
		t.Errorf("after a change of the password: %v", err)
	}
	if err := users.Edit(file, func(l *users.List) error { l.Remove("ann"); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, addr, "?password=two"); code(err) != "28P01" {
		t.Errorf("after the last user is removed: %v", err)
	}
}

// TestSeats fills the server up.
func TestSeats(t *testing.T) {
	s, addr, sessions := startFake(t, Options{MaxConnections: 2})
	first, err := connect(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	f := <-sessions
	if _, err := connect(t, addr, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, addr, ""); code(err) != "53300" || !strings.Contains(err.Error(), "sorry, too many clients already") {
		t.Errorf("a third client: %v", err)
	}
	first.Close(context.Background())
	<-f.closed
	for range 100 { // the place is free a moment after the session's end
		if _, err = connect(t, addr, ""); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Errorf("after a client has gone: %v", err)
	}
	for range s.callers.limit { // they say nothing
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
	}
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	if msg, err := pgproto3.NewFrontend(nc, nc).Receive(); err != nil || msg.(*pgproto3.ErrorResponse).Code != "53300" {
		t.Errorf("one caller too many gets %v, %v", msg, err)
	}
}

func TestLoginTimeout(t *testing.T) {
	_, addr, _ := startFake(t, Options{Password: "secret", LoginTimeout: 50 * time.Millisecond})
	for _, send := range []string{"", "\x00\x00", "\x00\x00\x00\x12\x00\x03\x00\x00user\x00ann\x00\x00"} {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		nc.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(nc, send)
		if _, err := io.ReadAll(nc); err != nil {
			t.Errorf("after %q: %v", send, err)
		}
	}
}

func TestDatabase(t *testing.T) {
	_, addr, _ := startFake(t, Options{Databases: []string{"lake", "postgres"}})
	for database, want := range map[string]string{"lake": "", "postgres": "", "ann": "", "": "", "other": "3D000", "Lake": "3D000"} {
		c, err := pgconn.Connect(context.Background(), fmt.Sprintf("postgres://ann@%s/%s", addr, database))
		if code(err) != want || (err == nil) != (want == "") {
			t.Errorf("database %q: %v, want %q", database, err, want)
		}
		if err == nil {
			c.Close(context.Background())
		}
	}
}

// TestUnixSocket connects as the user who runs the server, with whatever the server asks of others.
func TestUnixSocket(t *testing.T) {
	dir := t.TempDir()
	for _, opts := range []Options{{}, {Password: "secret"}, {TLS: TLSRequire, Certificate: certificate(t)}} {
		s, _, _ := startFake(t, opts)
		l, err := unixsocket.Listen(dir, 5433, 0o700)
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error, 1)
		go func() { served <- s.Serve(context.Background(), l) }()
		for _, sslmode := range []string{"disable", "prefer"} {
			c, err := pgconn.Connect(context.Background(), "host="+dir+" port=5433 user=ann sslmode="+sslmode)
			if err != nil {
				t.Errorf("%+v, sslmode=%s: %v", opts, sslmode, err)
				continue
			}
			c.Close(context.Background())
		}
		l.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}
