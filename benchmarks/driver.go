package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

//go:embed driver.py
var driverScript string

// request and reply are the lines that driver.py speaks.
type request struct {
	Op     string   `json:"op"`
	Tables []table  `json:"tables,omitempty"`
	Setup  []string `json:"setup,omitempty"`
	SQL    string   `json:"sql,omitempty"`
	Keep   bool     `json:"keep,omitempty"`
}

type reply struct {
	Error   string      `json:"error"`
	Version string      `json:"version"`
	Seconds float64     `json:"seconds"`
	Rows    int64       `json:"rows"`
	Data    [][]*string `json:"data"`
	PeakKB  int64       `json:"peak_kb"`
}

// outcome is the reply as a contender gives it.
func (r reply) outcome() outcome {
	o := outcome{took: time.Duration(r.Seconds * 1e9), memory: r.PeakKB * 1024}
	for _, data := range r.Data {
		row := make([]string, len(data))
		for i, cell := range data {
			if cell != nil {
				row[i] = *cell
			}
		}
		o.rows = append(o.rows, row)
	}
	return o
}

// driver is a peer in a Python process that lives from question to question.
type driver struct {
	name   string
	python string
	script string
	open   request
	cmd    *exec.Cmd // nil: not started
	in     io.WriteCloser
	out    *bufio.Reader
	said   *bytes.Buffer
}

func (d *driver) label() string { return d.name }
func (d *driver) peer() string  { return d.name }

func (d *driver) close() {
	if d.cmd == nil {
		return
	}
	d.in.Close()
	d.cmd.Process.Kill()
	d.cmd.Wait()
	d.cmd = nil
}

func (d *driver) ask(ctx context.Context, q question, keep bool) (outcome, error) {
	if d.cmd == nil {
		if err := d.start(ctx); err != nil {
			return outcome{}, err
		}
	}
	r, err := d.exchange(ctx, request{Op: "query", SQL: q.spelled(d.name), Keep: keep})
	if err != nil {
		return outcome{}, err
	}
	return r.outcome(), nil
}

func (d *driver) start(ctx context.Context) error {
	cmd := exec.Command(d.python, d.script, d.name)
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	d.said = &bytes.Buffer{}
	cmd.Stderr, cmd.WaitDelay = d.said, time.Second
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s in Python: %w", d.name, err)
	}
	d.cmd, d.in, d.out = cmd, in, bufio.NewReaderSize(out, 1<<16)
	if _, err := d.exchange(ctx, d.open); err != nil {
		d.close()
		return fmt.Errorf("making tables: %w", err)
	}
	return nil
}

// exchange sends one request. A process that does not answer in time is killed.
func (d *driver) exchange(ctx context.Context, r request) (reply, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return reply{}, err
	}
	stop := context.AfterFunc(ctx, func() { d.cmd.Process.Kill() })
	defer stop()
	if _, err = d.in.Write(append(line, '\n')); err == nil {
		line, err = d.out.ReadBytes('\n')
	}
	if err != nil {
		d.close()
		if ctx.Err() != nil {
			return reply{}, context.Cause(ctx)
		}
		return reply{}, fmt.Errorf("the process died: %w: %s", err, tail(d.said.String()))
	}
	return parseReply(line)
}

func parseReply(line []byte) (reply, error) {
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		return reply{}, fmt.Errorf("reading the driver's answer: %w", err)
	}
	if r.Error != "" {
		return r, errors.New(short(strings.Join(strings.Fields(r.Error), " ")))
	}
	return r, nil
}

// freshDriver is the peer in a new Python process for every question, imports and tables included.
func freshDriver(d *driver) fresh {
	return fresh{name: d.name, run: func(ctx context.Context, sql string) (outcome, error) {
		open, err := json.Marshal(d.open)
		if err != nil {
			return outcome{}, err
		}
		query, err := json.Marshal(request{Op: "query", SQL: sql, Keep: true})
		if err != nil {
			return outcome{}, err
		}
		f, err := execute(ctx, string(open)+"\n"+string(query)+"\n", d.python, d.script, d.name)
		if err != nil {
			return outcome{}, err
		}
		lines := bytes.SplitN(f.out, []byte("\n"), 2)
		if _, err := parseReply(lines[0]); err != nil {
			return outcome{}, fmt.Errorf("making tables: %w", err)
		}
		r, err := parseReply(lines[1])
		o := r.outcome()
		o.took, o.memory = f.wall, f.memory
		return o, err
	}}
}
