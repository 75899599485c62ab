package unixsocket

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// maxPath is the longest name of a socket on all systems; Linux takes a few bytes more.
const maxPath = 103

// listener removes the socket and its lock when it is closed.
type listener struct {
	net.Listener
	path string
	once sync.Once
}

// Close implements net.Listener.
func (l *listener) Close() error {
	err := l.Listener.Close() // which removes the socket
	l.once.Do(func() { os.Remove(l.path + ".lock") })
	return err
}

// Listen makes the socket for a port in dir, with this mode. A lock file beside it, as PostgreSQL's, tells a server that
// runs from what one left that was killed; the latter is removed.
func Listen(dir string, port int, mode fs.FileMode) (net.Listener, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("listen in %s: %w", dir, err)
	}
	path := filepath.Join(dir, ".s.PGSQL."+strconv.Itoa(port))
	if len(path) > maxPath {
		return nil, fmt.Errorf("the name of the socket %s has %d bytes, more than the %d that a Unix socket may have; choose another directory", path, len(path), maxPath)
	}
	if err := lock(path, dir, port); err != nil {
		return nil, err
	}
	l, err := listen(path, mode)
	if err != nil {
		os.Remove(path + ".lock")
		return nil, fmt.Errorf("listen on the socket %s: %w", path, err)
	}
	return &listener{Listener: l, path: path}, nil
}

func listen(path string, mode fs.FileMode) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() != fs.ModeSocket {
		return nil, errors.New("there is a file of that name that is no socket; remove it, or choose another directory")
	} else if err == nil {
		if err := os.Remove(path); err != nil { // left by a server that was killed: nobody has its lock
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, mode); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// lock makes the lock file. Its lines are those of PostgreSQL: process ID, data directory, start, port, directory.
func lock(path, dir string, port int) error {
	name := path + ".lock"
	for range 10 {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			_, err = fmt.Fprintf(f, "%d\n\n0\n%d\n%s\n", os.Getpid(), port, dir)
			if err = errors.Join(err, f.Close()); err != nil {
				os.Remove(name)
				return fmt.Errorf("lock the socket %s: %w", path, err)
			}
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("lock the socket %s: %w", path, err)
		}
		if err := removeStale(name); err != nil {
			return fmt.Errorf("lock the socket %s: %w", path, err)
		}
	}
	return fmt.Errorf("lock the socket %s: %s comes again each time that it is removed; is another server starting?", path, name)
}

// removeStale removes the lock of a process that is gone.
func removeStale(name string) error {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(first), "-")) // PostgreSQL's own processes have a minus outside of the postmaster
	if err != nil || pid <= 0 {
		return fmt.Errorf("%s has no process ID; if no server runs there, remove it", name)
	}
	if alive(pid, strings.TrimSuffix(name, ".lock")) {
		return fmt.Errorf("process %d holds %s; stop it, or choose another port or directory", pid, name)
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// alive reports whether the process that made a lock runs, be it another user's. Our own ID, or our parent's, is left from
// before a restart of the container, where process IDs come again, unless somebody answers on the socket.
func alive(pid int, path string) bool {
	if pid == os.Getpid() || pid == os.Getppid() {
		c, err := net.Dial("unix", path)
		if err == nil {
			c.Close()
		}
		return err == nil
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, syscall.EPERM)
}
