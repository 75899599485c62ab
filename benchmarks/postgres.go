package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tarn/benchmarks/pgwire"
)

// postgresBin is where Debian has the programs of the version that is measured.
const postgresBin = "/usr/lib/postgresql/15/bin"

// postgres is a server of its own, in a temporary directory.
type postgres struct {
	dir     string
	port    int
	account *syscall.Credential // nil: that of this process
	cmd     *exec.Cmd
	said    *bytes.Buffer
}

// startPostgres installs PostgreSQL where it is not, and starts a cluster tuned for reading: it does not sync, and its
// buffers hold the tables.
func startPostgres(ctx context.Context, log io.Writer) (*postgres, error) {
	if err := installPostgres(ctx, log); err != nil {
		return nil, err
	}
	p := &postgres{said: &bytes.Buffer{}}
	if err := p.initialise(ctx); err != nil {
		p.stop()
		return nil, err
	}
	p.cmd = p.command(context.WithoutCancel(ctx), "postgres", "-D", p.dir, "-p", strconv.Itoa(p.port), "-k", p.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=1536MB", "-c", "work_mem=256MB",
		"-c", "max_wal_size=8GB", "-c", "autovacuum=off")
	p.cmd.Stderr = p.said
	if err := p.cmd.Start(); err != nil {
		p.cmd = nil
		p.stop()
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if err := p.await(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func installPostgres(ctx context.Context, log io.Writer) error {
	if _, err := os.Stat(filepath.Join(postgresBin, "postgres")); err == nil {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return errors.New("PostgreSQL 15 is not installed, and only root on a Debian can install it here: apt-get install postgresql-15")
	}
	// RUNLEVEL=1 keeps the package from starting a server of its own.
	return must(ctx, log, "installing PostgreSQL 15", "env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive",
		"apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql-15")
}

// initialise makes the cluster. PostgreSQL refuses to run as root, so that root runs it as the package's user.
func (p *postgres) initialise(ctx context.Context) (err error) {
	if p.dir, err = os.MkdirTemp("", "tarn-bench-pg-"); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return fmt.Errorf("finding the user that PostgreSQL runs as: %w", err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		p.account = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(p.dir, uid, gid); err != nil {
			return err
		}
	}
	if p.port, err = freePort(); err != nil {
		return err
	}
	out, err := p.command(ctx, "initdb", "-D", p.dir, "-A", "trust", "-U", "bench", "--no-sync", "--no-locale", "-E", "UTF8").CombinedOutput()
	if err != nil {
		return fmt.Errorf("making a cluster of PostgreSQL: %w: %s", err, tail(string(out)))
	}
	return nil
}

func (p *postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(postgresBin, name), args...)
	cmd.Dir = p.dir
	if p.account != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.account}
	}
	return cmd
}

func (p *postgres) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		c, err := p.connect(ctx)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for PostgreSQL: %w: %s", err, tail(p.said.String()))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (p *postgres) connect(ctx context.Context) (*pgwire.Conn, error) {
	return pgwire.Dial(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)), "bench", "postgres")
}

// load fills a table from a CSV file with a header.
func (p *postgres) load(ctx context.Context, create, name, file string) error {
	c, err := p.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, _, err := c.Collect(ctx, create); err != nil {
		return fmt.Errorf("making %s in PostgreSQL: %w", name, err)
	}
	copyIn := fmt.Sprintf(`\copy %s from '%s' with (format csv, header)`, name, strings.ReplaceAll(file, "'", "''"))
	if _, err := execute(ctx, "", filepath.Join(postgresBin, "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
		"-p", strconv.Itoa(p.port), "-U", "bench", "-d", "postgres", "-c", copyIn); err != nil {
		return fmt.Errorf("loading %s into PostgreSQL: %w", name, err)
	}
	if _, _, err := c.Collect(ctx, "VACUUM (FREEZE, ANALYZE) "+name); err != nil {
		return fmt.Errorf("vacuuming %s in PostgreSQL: %w", name, err)
	}
	return nil
}

// stop ends the server and removes its cluster.
func (p *postgres) stop() {
	if p.cmd != nil {
		p.cmd.Process.Signal(syscall.SIGINT) // at once, but in order
		p.cmd.Wait()
	}
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

// freePort returns a port that nobody listened on a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (p *postgres) version(ctx context.Context) string {
	c, err := p.connect(ctx)
	if err != nil {
		return "unknown: " + err.Error()
	}
	defer c.Close()
	rows, _, err := c.Collect(ctx, "SHOW server_version")
	if err != nil || len(rows) != 1 {
		return fmt.Sprintf("unknown: %v", err)
	}
	return rows[0][0]
}
