package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// pins are the peers from the Python package index; DuckDB's version is the one that is inside Tarn.
var pins = []string{
	"duckdb-cli==1.5.6", "duckdb==1.5.6", "chdb==4.4.0", "datafusion==55.0.0", "polars==2.1.0",
	"pyarrow==26.0.1", "tpchgen-cli==4.0.0",
}

// pythonPeers are the ones that driver.py drives. DuckDB comes first: its answers are held against the others'.
var pythonPeers = []string{"duckdb", "chdb", "datafusion", "polars"}

// tools are the programs in the virtual environment below the work directory.
type tools struct {
	dir    string
	script string // driver.py, written out
}

func (t tools) python() string  { return filepath.Join(t.dir, "bin", "python") }
func (t tools) duckdb() string  { return filepath.Join(t.dir, "bin", "duckdb") }
func (t tools) tpchgen() string { return filepath.Join(t.dir, "bin", "tpchgen-cli") }

// install makes the virtual environment with the pinned peers, unless it is there.
func install(ctx context.Context, log io.Writer, work string) (tools, error) {
	t := tools{dir: filepath.Join(work, "venv"), script: filepath.Join(work, "driver.py")}
	if err := os.WriteFile(t.script, []byte(driverScript), 0o644); err != nil {
		return t, fmt.Errorf("writing the driver of the peers: %w", err)
	}
	home, err := filepath.Abs(t.dir) // the programs in it name it: one that was moved does not run
	if err != nil {
		return t, fmt.Errorf("finding %s: %w", t.dir, err)
	}
	stamp, want := filepath.Join(t.dir, "pins"), home+"\n"+strings.Join(pins, "\n")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return t, nil
	}
	if err := must(ctx, log, "making a virtual environment of Python", "python3", "-m", "venv", "--clear", t.dir); err != nil {
		return t, err
	}
	args := append([]string{t.python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"}, pins...)
	if err := must(ctx, log, "installing "+strings.Join(pins, " "), args...); err != nil {
		return t, err
	}
	return t, os.WriteFile(stamp, []byte(want), 0o644)
}

// driver returns a peer on the lake, to be started at its first question.
func (t tools) driver(peer string, l lake) *driver {
	d := &driver{name: peer, python: t.python(), script: t.script, open: request{Op: "open", Tables: l.tables}}
	switch peer {
	case "duckdb":
		d.open.Setup = duckdbSetup(l.tables)
	case "chdb":
		d.open.Setup = chdbSetup(l.tables)
	}
	return d
}

// once is a peer in a new process for every question: of DuckDB its command line, of the others Python.
func (t tools) once(peer string, l lake) contender {
	if peer != "duckdb" {
		return freshDriver(t.driver(peer, l))
	}
	return fresh{name: peer, run: func(ctx context.Context, sql string) (outcome, error) {
		script := strings.Join(append(duckdbSetup(l.tables), sql), ";\n")
		f, err := execute(ctx, "", t.duckdb(), "-csv", "-nullvalue", "", "-c", script)
		if err != nil {
			return outcome{}, err
		}
		return csvOutcome(f)
	}}
}

// version asks a peer for its version.
func (t tools) version(ctx context.Context, peer string) string {
	d := t.driver(peer, lake{})
	defer d.close()
	if err := d.start(ctx); err != nil {
		return "unknown: " + short(err.Error())
	}
	r, err := d.exchange(ctx, request{Op: "open"})
	if err != nil {
		return "unknown: " + short(err.Error())
	}
	return r.Version
}
