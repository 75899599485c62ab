package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"tarn/benchmarks/pgwire"
)

// Labels of Tarn and of its variants.
const (
	tarnLabel = "tarn"
	tarnRaw   = "tarn, nothing cached"
	tarnWhole = "tarn, nothing pruned"
)

// tarnBinary is the program under test and what this build of it can do.
type tarnBinary struct {
	path     string
	settings map[string]bool // the session settings that it knows
	canWarm  bool            // it has `tarn warm`
	parquet  bool            // and that has --parquet
	cacheTo0 bool            // it has --cache-size
}

// The session settings that turn off what makes Tarn fast.
const (
	resultCache   = "tarn.result_cache"
	columnarCache = "tarn.columnar_cache"
	pruning       = "tarn.pruning"
)

// newTarn asks the program what it can do, in an empty lake.
func newTarn(ctx context.Context, path, empty string) tarnBinary {
	t := tarnBinary{path: path, settings: map[string]bool{}}
	for _, name := range []string{resultCache, columnarCache, pruning} {
		_, err := execute(ctx, "", path, empty, "-c", "SET "+name+" = off")
		t.settings[name] = err == nil
	}
	help, err := execute(ctx, "", path, "warm", "--help")
	t.canWarm = err == nil && bytes.Contains(help.out, []byte("tarn warm")) // help for what is not there is help for all
	t.parquet = t.canWarm && bytes.Contains(help.out, []byte("--parquet"))
	t.cacheTo0 = bytes.Contains(help.out, []byte("--cache-size"))
	return t
}

// missing says what this build lacks, for the report.
func (t tarnBinary) missing() (notes []string) {
	for _, name := range []string{resultCache, columnarCache, pruning} {
		if !t.settings[name] {
			notes = append(notes, "this tarn has no setting "+name+": it is as if it were off")
		}
	}
	if !t.canWarm {
		notes = append(notes, "this tarn has no `tarn warm`: CSV and JSON are read raw in every row")
	}
	return notes
}

func (t tarnBinary) crawl(ctx context.Context, l lake, state string) (finished, error) {
	return execute(ctx, "", t.path, "crawl", l.dir, "--state", state)
}

func (t tarnBinary) warm(ctx context.Context, l lake, state string) (finished, error) {
	if !t.canWarm {
		return finished{}, errors.New("this tarn has no `tarn warm`")
	}
	args := []string{t.path, "warm", l.dir, "--state", state}
	if l.format == "parquet" {
		args = append(args, "--parquet")
	}
	return execute(ctx, "", args...)
}

// once is the command line, a process a question.
func (t tarnBinary) once(label string, l lake, state string) contender {
	return variant{name: label, contender: fresh{name: tarnLabel, run: func(ctx context.Context, sql string) (outcome, error) {
		f, err := execute(ctx, "", t.path, l.dir, "--state", state, "--format", "csv", "-c", sql)
		if err != nil {
			return outcome{}, err
		}
		return csvOutcome(f)
	}}}
}

// variant is a contender with a label of its own.
type variant struct {
	contender
	name string
}

func (v variant) label() string { return v.name }

// csvOutcome reads what a command line printed as CSV with a header.
func csvOutcome(f finished) (outcome, error) {
	rows, err := csv.NewReader(bytes.NewReader(f.out)).ReadAll()
	if err != nil || len(rows) == 0 {
		return outcome{}, fmt.Errorf("the output is no CSV with a header: %v: %s", err, short(string(f.out)))
	}
	return outcome{took: f.wall, rows: rows[1:], memory: f.memory}, nil
}

// tarnServer is `tarn serve` with one connection.
type tarnServer struct {
	name  string
	t     tarnBinary
	lake  lake
	state string
	off   []string // settings turned off, where the program knows them
	cmd   *exec.Cmd
	conn  *pgwire.Conn
	ended chan struct{}
}

func (t tarnBinary) server(label string, l lake, state string, off ...string) *tarnServer {
	return &tarnServer{name: label, t: t, lake: l, state: state, off: off}
}

func (s *tarnServer) label() string { return s.name }
func (s *tarnServer) peer() string  { return tarnLabel }

// start starts the server and waits for its ready line.
func (s *tarnServer) start(ctx context.Context) error {
	args := []string{"serve", s.lake.dir, "--state", s.state, "--listen", "127.0.0.1:0"}
	for _, name := range s.off {
		if name == columnarCache && s.t.cacheTo0 {
			args = append(args, "--cache-size", "0")
		}
	}
	s.cmd = exec.Command(s.t.path, args...)
	said, err := s.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("starting tarn serve: %w", err)
	}
	s.ended = make(chan struct{})
	ready := make(chan string, 1)
	go s.follow(said, ready)
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.ended:
		return errors.New("tarn serve ended before it was ready")
	case address := <-ready:
		return s.connect(ctx, address)
	}
}

// follow passes the address of the ready line on and reads the rest, lest the server block.
func (s *tarnServer) follow(said io.Reader, ready chan<- string) {
	var once sync.Once
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "ready, listening on "); ok {
			once.Do(func() { ready <- strings.TrimSpace(address) })
		}
	}
	io.Copy(io.Discard, said)
	s.cmd.Wait()
	close(s.ended)
}

func (s *tarnServer) connect(ctx context.Context, address string) (err error) {
	if s.conn, err = pgwire.Dial(ctx, address, "bench", "bench"); err != nil {
		return err
	}
	for _, name := range s.off {
		if !s.t.settings[name] {
			continue
		}
		if _, _, err := s.conn.Collect(ctx, "SET "+name+" = off"); err != nil {
			return fmt.Errorf("turning %s off: %w", name, err)
		}
	}
	return nil
}

// open starts the server unless it runs.
func (s *tarnServer) open(ctx context.Context) error {
	if s.cmd != nil {
		return nil
	}
	err := s.start(ctx)
	if err != nil {
		s.close()
	}
	return err
}

func (s *tarnServer) ask(ctx context.Context, q question, _ bool) (outcome, error) {
	if err := s.open(ctx); err != nil {
		return outcome{}, err
	}
	rows, took, err := s.conn.Collect(ctx, q.sql)
	if err != nil {
		return outcome{}, s.failed(err)
	}
	return outcome{took: took, rows: rows, memory: highWater(s.cmd.Process.Pid)}, nil
}

// failed ends the server unless the statement alone was at fault.
func (s *tarnServer) failed(err error) error {
	if refused := (*pgwire.ServerError)(nil); !errors.As(err, &refused) {
		s.close()
	}
	return err
}

func (s *tarnServer) close() {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
	if s.cmd == nil || s.cmd.Process == nil {
		s.cmd = nil
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(3 * time.Second):
		s.cmd.Process.Kill()
		<-s.ended
	}
	s.cmd = nil
}
