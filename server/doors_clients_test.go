package server

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tarn/server/scram"
	"tarn/server/unixsocket"
	"tarn/server/users"
)

// lakeDoors serves the lake to the user ann with the password geheim, by TLS only. It returns host, port, the certificate's
// file and the directory of the Unix socket, whose port is 5433.
func lakeDoors(t *testing.T) (host, port, root, socket string) {
	t.Helper()
	file, socket := filepath.Join(t.TempDir(), "users"), t.TempDir()
	v, err := scram.NewVerifier("geheim")
	if err != nil {
		t.Fatal(err)
	}
	if err := users.Edit(file, func(l *users.List) error { l.Set("ann", v); return nil }); err != nil {
		t.Fatal(err)
	}
	live, err := users.Open(file, true, []byte("secret"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cert := certificate(t)
	s, addr := startLakeServer(t, Options{Users: live, TLS: TLSRequire, Certificate: cert})
	stopped := time.Now()
	s.failed.now = func() time.Time { stopped = stopped.Add(time.Hour); return stopped } // nobody waits
	l, err := unixsocket.Listen(socket, 5433, 0o777)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(context.Background(), l)
	host, port, _ = net.SplitHostPort(addr)
	return host, port, cert.File(), socket
}

// doorway is one way to connect with libpq's parameters: what comes of it is part of what the client prints.
type doorway struct{ params, psql, psycopg string }

func doorways(host, port, root, socket string) []doorway {
	at := "host=" + host + " port=" + port + " dbname=lake user=ann "
	const in, wrong = "connected TLS 1", `password authentication failed for user`
	return []doorway{
		{at + "password=geheim", "1", in},
		{at + "password=geheim sslmode=require channel_binding=require", "1", in},
		{at + "password=geheim sslmode=require channel_binding=disable", "1", in},
		{at + "password=geheim sslmode=verify-full sslrootcert=" + root, "1", in},
		{at + "password=geheim sslmode=verify-full sslrootcert=" + root + " host=localhost hostaddr=" + host, "1", in},
		{at + "password=geheim sslmode=verify-full sslrootcert=" + root + " host=elsewhere hostaddr=" + host, "does not match host name", "does not match host name"},
		{at + "password=geheim sslmode=disable", "HINT:  Connect with TLS", "without encryption are not accepted"},
		{at + "password=geheim sslmode=allow", "1", in},
		{at + "password=wrong sslmode=require", wrong + ` "ann"`, wrong},
		{at + "password=wrong sslmode=require channel_binding=require", wrong + ` "ann"`, wrong},
		{at + "password=geheim sslmode=require user=nobody", wrong + ` "nobody"`, wrong},
		{"host=" + socket + " port=5433 user=whoever dbname=lake", "1", "connected plain 1"},
		{"host=" + socket + " port=5433 user=whoever dbname=lake sslmode=require", "1", "connected plain 1"}, // libpq has no TLS on sockets
	}
}

func TestPsqlDoors(t *testing.T) {
	install(t, "psql")
	for _, d := range doorways(lakeDoors(t)) {
		cmd := clientCommand(t, "psql", "-X", "-w", "-A", "-t", "-d", d.params, "-c", "SELECT 1")
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); !strings.Contains(got, d.psql) || (err == nil) != (d.psql == "1") {
			t.Errorf("%s: %v\n%s\nwant %s", d.params, err, got, d.psql)
		}
	}
}

func TestPsycopgDoors(t *testing.T) {
	install(t, "psycopg")
	all := doorways(lakeDoors(t))
	args := []string{"../scripts/clients/doors.py"}
	for _, d := range all {
		args = append(args, d.params)
	}
	out, err := clientCommand(t, filepath.Join(clientsDir(t), "venv/bin/python"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("psycopg: %v\n%s", err, out)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i >= len(all) || !strings.Contains(line, all[i].psycopg) {
			t.Errorf("%s: %s, want %s", args[i+1], line, all[i].psycopg)
		}
	}
}

func TestJDBCDoors(t *testing.T) {
	install(t, "jdbc")
	host, port, root, _ := lakeDoors(t)
	const in, user = "connected", "user=ann&password=geheim&"
	all := [][2]string{
		{user, in}, {user + "sslmode=require", in}, {user + "sslmode=require&channelBinding=require", in},
		{user + "sslmode=verify-full&sslrootcert=" + root, in}, {user + "sslmode=disable", "28000"}, {user + "sslmode=allow", in},
		{"user=ann&password=wrong&sslmode=require", "28P01"}, {"user=nobody&password=geheim&sslmode=require", "28P01"},
	}
	args := []string{"-cp", filepath.Join(clientsDir(t), "postgresql.jar"), "../scripts/clients/Doors.java", net.JoinHostPort(host, port)}
	var want []string
	for _, c := range all {
		args, want = append(args, c[0]), append(want, c[1])
	}
	out, err := clientCommand(t, "java", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("pgjdbc: %v\n%s", err, out)
	}
	if got := strings.Fields(string(out)); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("pgjdbc with %q\n got %q\nwant %q", args[4:], got, want)
	}
}
