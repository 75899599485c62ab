package server

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// oracleBin is where Debian puts the programs of the PostgreSQL that Tarn says it is.
const oracleBin = "/usr/lib/postgresql/15/bin"

// startPostgres runs an empty PostgreSQL for the test and returns its address.
func startPostgres(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(oracleBin, "postgres")); err != nil {
		if os.Getenv("CI") == "" {
			t.Skip("PostgreSQL 15 is not installed, there is nothing to compare with; scripts/clients/install.sh postgres gets it")
		}
		install(t, "postgres")
	}
	dir, err := os.MkdirTemp("", "tarn-oracle")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := oracleUser(t, dir)
	data := filepath.Join(dir, "data")
	run(t, as(filepath.Join(oracleBin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"))
	port := freePort(t)
	cmd := as(filepath.Join(oracleBin, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "timezone=UTC", "-c", "log_min_messages=fatal", "-c", "max_wal_size=64MB", "-c", "shared_buffers=16MB")
	cmd.Stdout, cmd.Stderr = nil, nil
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		as(filepath.Join(oracleBin, "pg_ctl"), "-D", data, "-m", "immediate", "stop").Run()
		cmd.Wait()
	})
	addr := "127.0.0.1:" + port
	waitFor(t, addr)
	return addr
}

// oracleUser returns what makes commands: PostgreSQL refuses to run as root, so another user owns its directory then.
func oracleUser(t *testing.T, dir string) func(args ...string) *exec.Cmd {
	prefix := []string{}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatalf("PostgreSQL does not run as root, and there is no user postgres: %v", err)
		}
		run(t, exec.Command("chown", u.Uid+":"+u.Gid, dir))
		prefix = []string{"runuser", "-u", "postgres", "--"}
	}
	return func(args ...string) *exec.Cmd {
		args = append(prefix[:len(prefix):len(prefix)], args...)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		return cmd
	}
}

func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// waitFor waits until a PostgreSQL takes connections.
func waitFor(t *testing.T, addr string) {
	var err error
	for range 300 {
		var c *pgconn.PgConn
		if c, err = pgconn.Connect(context.Background(), "postgres://postgres@"+addr+"/postgres?sslmode=disable"); err == nil {
			c.Close(context.Background())
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("PostgreSQL does not start: %v", err)
}

// fillPostgres makes the tables of testdata/diff/tables.sql.
func fillPostgres(t *testing.T, addr string) {
	t.Helper()
	script, err := os.ReadFile("testdata/diff/tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgconn.Connect(context.Background(), "postgres://postgres@"+addr+"/postgres?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(context.Background(), string(script)).ReadAll(); err != nil {
		t.Fatal(err)
	}
}
