package server

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clientsDir is where scripts/clients/install.sh puts the clients.
func clientsDir(t *testing.T) string {
	dir := os.Getenv("TARN_CLIENTS")
	if dir == "" {
		dir = filepath.Join("..", ".clients")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// install makes sure that a client is there; where it cannot be had the test fails.
func install(t *testing.T, client string) {
	t.Helper()
	cmd := exec.Command("bash", "../scripts/clients/install.sh", client)
	cmd.Env = append(os.Environ(), "TARN_CLIENTS="+clientsDir(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("installing %s: %v\n%s", client, err, out)
	}
}

// command prepares a client program with a bounded time, and nothing of the user's own settings.
func clientCommand(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "TZ=UTC", "PYTHONIOENCODING=utf-8", "LC_ALL=C.UTF-8")
	return cmd
}

// compare checks what a client printed against testdata/clients/name.txt, which -update writes.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata/clients", name+".txt")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("the client saw other things (-want +got); if they are right, run the test with -update\n%s", d)
	}
}

func TestPsql(t *testing.T) {
	install(t, "psql")
	host, port, _ := net.SplitHostPort(startLake(t, Options{Password: "secret"}))
	script, err := os.ReadFile("testdata/clients/psql.sql")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-X", "-h", host, "-p", port, "-U", "ann", "lake"}
	cmd := clientCommand(t, "psql", args...)
	cmd.Env = append(cmd.Env, "PGPASSWORD=secret")
	cmd.Stdin = bytes.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("psql: %v\n%s", err, out)
	}
	compare(t, "psql", out)

	cmd = clientCommand(t, "psql", append(args, "-c", "SELECT 1")...)
	cmd.Env = append(cmd.Env, "PGPASSWORD=wrong")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), `password authentication failed for user "ann"`) {
		t.Errorf("a wrong password: %v\n%s", err, out)
	}
}

// TestPsqlInterrupt presses Ctrl-C while psql runs a statement.
func TestPsqlInterrupt(t *testing.T) {
	install(t, "psql")
	host, port, _ := net.SplitHostPort(startLake(t, Options{}))
	cmd := clientCommand(t, "psql", "-X", "-h", host, "-p", port, "-U", "ann", "lake", "-c", "SET LOCAL application_name = 'x'", // a warning, which psql does not hold back
		"-c", "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * 7 + b.range) % 13 = 99")
	started := &firstWrite{wrote: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = started, started
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-started.wrote:
	case <-time.After(30 * time.Second):
		t.Error("psql prints nothing")
	}
	time.Sleep(200 * time.Millisecond)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if text := started.all.String(); err == nil || !strings.Contains(text, "canceling statement due to user request") {
		t.Errorf("psql: %v\n%s", err, text)
	}
}

// firstWrite collects output and tells when it begins.
type firstWrite struct {
	all   bytes.Buffer
	wrote chan struct{}
}

// Write collects b.
func (w *firstWrite) Write(b []byte) (int, error) {
	if w.all.Len() == 0 {
		close(w.wrote)
	}
	return w.all.Write(b)
}

func TestPsycopg(t *testing.T) {
	install(t, "psycopg")
	host, port, _ := net.SplitHostPort(startLake(t, Options{}))
	cmd := clientCommand(t, filepath.Join(clientsDir(t), "venv/bin/python"), "../scripts/clients/client.py", host, port)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("psycopg: %v\n%s", err, out)
	}
	compare(t, "psycopg", out)
}

func TestJDBC(t *testing.T) {
	install(t, "jdbc")
	host, port, _ := net.SplitHostPort(startLake(t, Options{}))
	cmd := clientCommand(t, "java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", filepath.Join(clientsDir(t), "postgresql.jar"), "../scripts/clients/Client.java", host, port)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("pgjdbc: %v\n%s", err, out)
	}
	compare(t, "jdbc", out)
}
