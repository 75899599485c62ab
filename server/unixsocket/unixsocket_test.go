package unixsocket

import (
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestListen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ".s.PGSQL.5433")
	l, err := Listen(dir, 5433, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != fs.ModeSocket|0o700 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := Listen(dir, 5433, 0o700); err == nil || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("a second server on the socket: %v", err)
	}
	other, err := Listen(dir, 5434, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	end, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	if uid, err := Peer(end.(*net.UnixConn)); err != nil || uid != os.Getuid() {
		t.Errorf("the peer is %d, %v; want %d", uid, err, os.Getuid())
	}
	l.Close()
	l.Close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestStale finds what servers that were killed have left.
func TestStale(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	runs := exec.Command("sleep", "60")
	if err := runs.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { runs.Process.Kill(); runs.Wait() }()
	for name, c := range map[string]struct {
		lock string
		ok   bool
	}{
		"killed":            {strconv.Itoa(dead.Process.Pid) + "\n/lake\n0\n5433\n", true},
		"restarted machine": {strconv.Itoa(os.Getpid()) + "\n", true},
		"runs":              {strconv.Itoa(runs.Process.Pid) + "\n", false},
		"nonsense":          {"here\n", false},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, ".s.PGSQL.5433")
		old, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
		if err != nil {
			t.Fatal(err)
		}
		old.SetUnlinkOnClose(false)
		old.Close()
		if err := os.WriteFile(path+".lock", []byte(c.lock), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Listen(dir, 5433, 0o777)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			l.Close()
		}
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := Listen(filepath.Join(dir, strings.Repeat("long", 30)), 5433, 0o700); err == nil || !strings.Contains(err.Error(), "another directory") {
		t.Errorf("a long name: %v", err)
	}
	if _, err := Listen(filepath.Join(dir, "none"), 5433, 0o700); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("no directory: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".s.PGSQL.5433"), []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(dir, 5433, 0o700); err == nil {
		t.Error("a file that is no socket is removed")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%v is left", left)
	}
}
