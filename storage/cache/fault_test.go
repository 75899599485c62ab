package cache

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childDir names the cache to a child process, and childDoes what it is to do.
const childDir, childDoes = "TARN_TEST_CACHE", "TARN_TEST_CACHE_DOES"

// TestMain is the child process, if this is one.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir, os.Getenv(childDoes)))
	}
	os.Exit(m.Run())
}

// child puts one entry, and hangs where it is to be killed.
func child(dir, does string) int {
	c, err := Open(dir, Options{MaxBytes: 1000})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	hang := func() {
		fmt.Println("ready")
		time.Sleep(time.Minute)
	}
	key, _, _ := strings.Cut(does, " ")
	persisted := 0
	c.persist = func(f *os.File) error {
		if persisted++; strings.HasSuffix(does, "note") && persisted == 2 { // the copy is written, the note is not yet in its place
			hang()
		}
		return f.Sync()
	}
	for i := range 20 {
		err = c.Put(context.Background(), key, About{Source: key}, func(path string) error {
			defer func() {
				if strings.HasSuffix(does, "copy") {
					hang()
				}
			}()
			return write(fmt.Sprintf("%s %02d", key, i))(path)
		})
		if err != nil {
			fmt.Println(err)
			return 1
		}
		c.Lookup("k0")
	}
	return 0
}

// TestKilled kills a process in the midst of a Put: nothing is half visible, and what is left goes.
func TestKilled(t *testing.T) {
	for _, where := range []string{"copy", "note"} {
		t.Run(where, func(t *testing.T) {
			f := open(t, t.TempDir(), 1000)
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childDir+"="+f.dir, childDoes+"=k "+where)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if line != "ready\n" {
				t.Fatalf("the child says %q, %v", line, err)
			}
			if _, err := f.Usage(); err != nil { // a survey leaves what a living process writes
				t.Fatal(err)
			}
			left := files(t, f.dir)
			if want := map[string]int{"copy": 1, "note": 2}[where]; len(left) != want {
				t.Fatalf("the living process has %v", left)
			}
			cmd.Process.Kill()
			cmd.Wait()
			f.holds("k", "")
			if u, err := open(t, f.dir, 1000).Usage(); err != nil || u.Entries != 0 || len(files(t, f.dir)) != 0 {
				t.Errorf("usage %+v, %v, left: %v", u, err, files(t, f.dir))
			}
			f.put("k", "mine")
			f.holds("k", "mine")
		})
	}
}

// TestOwnNumber sweeps what an earlier process of the same number left, as it is the rule in containers.
func TestOwnNumber(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"k.%d-1.parquet", "k.%d-2.json.tmp", "probe.%d-3.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf(name, os.Getpid())), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "not ours.parquet"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir, 1000).Usage(); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) != 1 || got[0] != "not ours.parquet" {
		t.Errorf("left: %v", got)
	}
}

// TestProcesses lets several processes put and replace the same entries.
func TestProcesses(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	done := make(chan error)
	for i := range 3 {
		go func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childDir+"="+f.dir, childDoes+"="+fmt.Sprint("k", i%2))
			out, err := cmd.CombinedOutput()
			done <- errors.Join(err, errors.New(string(out)))
		}()
	}
	for range 3 {
		if err := <-done; err.Error() != "" {
			t.Errorf("a process: %v", err)
		}
	}
	f.holds("k0", "k0 19")
	f.holds("k1", "k1 19")
	if got := files(t, f.dir); len(got) != 4 {
		if _, err := f.Usage(); err != nil {
			t.Fatal(err)
		}
		if got = files(t, f.dir); len(got) != 4 {
			t.Errorf("the folder holds %v", got)
		}
	}
}

// TestFolderNotWritten pauses, whatever the system calls the reason, instead of failing file after file.
func TestFolderNotWritten(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	fail := func(string) error {
		return errors.Join(os.RemoveAll(f.dir), os.WriteFile(f.dir, nil, 0o600), errors.New(`IO Error: Cannot open file "x": Operation not permitted`))
	}
	if err := f.Put(t.Context(), "k", About{Source: "k"}, fail); !errors.Is(err, ErrPaused) || !strings.Contains(f.Paused(), "cannot be written") {
		t.Errorf("the folder cannot be written: %v, paused: %q", err, f.Paused())
	}
	f = open(t, t.TempDir(), 1000)
	if err := f.Put(t.Context(), "k", About{Source: "k"}, func(string) error { return errors.Join(os.RemoveAll(f.dir), os.ErrNotExist) }); errors.Is(err, ErrPaused) || f.Paused() != "" {
		t.Errorf("the folder was removed: %v, paused: %q", err, f.Paused())
	}
	if err := f.Put(t.Context(), "k", About{Source: "k"}, func(string) error { return os.ErrPermission }); errors.Is(err, ErrPaused) || f.Paused() != "" {
		t.Errorf("the source cannot be read: %v, paused: %q", err, f.Paused())
	}
}

// TestFullDisk pauses, says so once, and goes on later.
func TestFullDisk(t *testing.T) {
	for _, full := range []error{
		&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC},
		errors.New(`IO Error: Could not write file "x": No space left on device`),
	} {
		f := open(t, t.TempDir(), 1000)
		f.put("a", "1")
		fail := func(path string) error { return errors.Join(write("half")(path), full) }
		for range 2 {
			if err := f.Put(t.Context(), "k", About{Source: "k"}, fail); !errors.Is(err, ErrPaused) {
				t.Errorf("full: %v", err)
			}
		}
		if why := f.Paused(); !strings.Contains(why, "is full") {
			t.Errorf("paused: %q", why)
		}
		if n := strings.Count(f.said.String(), "is full"); n != 1 {
			t.Errorf("said %d times: %s", n, f.said.String())
		}
		f.holds("a", "1")
		f.clock = f.clock.Add(pauseFor + time.Second)
		f.put("k", "now")
		f.holds("k", "now")
	}
}

// TestFullDiskAtNote runs out of space only when the note is written.
func TestFullDiskAtNote(t *testing.T) {
	f := open(t, t.TempDir(), 1000)
	f.put("k", "old")
	n := 0
	f.persist = func(*os.File) error {
		if n++; n == 2 {
			return &fs.PathError{Op: "sync", Path: "x", Err: syscall.ENOSPC}
		}
		return nil
	}
	if err := f.Put(t.Context(), "k", About{Source: "k"}, write("new")); !errors.Is(err, ErrPaused) {
		t.Errorf("full: %v", err)
	}
	f.holds("k", "old")
	if got := files(t, f.dir); len(got) != 2 {
		t.Errorf("the folder holds %v", got)
	}
}

// TestReadOnly serves what is there and puts nothing. Root may write anywhere, so a file stands where the folder should be.
func TestReadOnly(t *testing.T) {
	at := filepath.Join(t.TempDir(), "cache")
	if err := os.WriteFile(at, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, at, 1000)
	for range 2 {
		if err := f.Put(t.Context(), "k", About{}, write("x")); !errors.Is(err, ErrPaused) {
			t.Errorf("put: %v", err)
		}
	}
	f.holds("k", "")
	if n := strings.Count(f.said.String(), "cannot be made"); n != 1 || !strings.Contains(f.Paused(), at) {
		t.Errorf("said %d times: %s; paused: %q", n, f.said.String(), f.Paused())
	}
	if os.Getuid() == 0 {
		return
	}
	f = open(t, t.TempDir(), 1000)
	f.put("a", "1")
	if err := os.Chmod(f.dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(f.dir, 0o700)
	if err := f.Put(t.Context(), "k", About{}, write("x")); !errors.Is(err, ErrPaused) {
		t.Errorf("put: %v", err)
	}
	f.holds("a", "1")
}
