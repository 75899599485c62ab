package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query is one question; {trips} stands for the table and {middle} for a key in its middle.
type query struct {
	name string
	sql  string
}

// queries are what people ask of a file. Their answers depend on no order of additions.
var queries = []query{
	{"count", "SELECT count(*) AS n FROM {trips}"},
	{"one row by key", "SELECT trip_id, started_at, city, rider, cents, km FROM {trips} WHERE trip_id = {middle}"},
	{"a day", "SELECT count(*) AS n, sum(cents) AS cents FROM {trips} WHERE started_at >= TIMESTAMP '2023-06-01' AND started_at < TIMESTAMP '2023-06-02'"},
	{"by city", "SELECT city, count(*) AS n, sum(cents) AS cents, min(km) AS least, max(km) AS most, count(km) AS known FROM {trips} GROUP BY city ORDER BY city"},
	{"top riders", "SELECT rider, count(*) AS n, sum(cents) AS cents FROM {trips} GROUP BY rider ORDER BY cents DESC, rider LIMIT 10"},
	{"one in a hundred", "SELECT * FROM {trips} WHERE trip_id % 100 = 0 ORDER BY trip_id"},
}

// contest measures both programs on one directory of data.
type contest struct {
	tarn, duckdb string
	dir          string
	format       string
	rows, runs   int
}

// file is the data as DuckDB finds it.
func (c *contest) file() string { return filepath.Join(c.dir, "trips."+extensions[c.format]) }

// command returns the arguments that answer the query with one of the programs.
func (c *contest) command(program string, q query, state string) []string {
	sql := strings.ReplaceAll(q.sql, "{middle}", strconv.Itoa(c.rows/2))
	if program == c.tarn {
		return []string{c.tarn, c.dir, "--state", state, "--format", "csv", "-c", strings.ReplaceAll(sql, "{trips}", "trips")}
	}
	file := "'" + strings.ReplaceAll(c.file(), "'", "''") + "'"
	return []string{c.duckdb, "-csv", "-nullvalue", "", "-c", strings.ReplaceAll(sql, "{trips}", file)}
}

// run crawls once with a fresh state, which is measured apart, and then asks every query of both.
func (c *contest) run(ctx context.Context) ([]result, error) {
	state, err := os.MkdirTemp("", "tarn-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(state)
	fmt.Fprintf(os.Stderr, "%s: crawl\n", c.format)
	crawl, _, err := execute(ctx, []string{c.tarn, "crawl", c.dir, "--state", state})
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(c.file())
	if err != nil {
		return nil, err
	}
	results := []result{{Format: c.format, Query: "first crawl (once)", Bytes: info.Size(), Tarn: summarize([]sample{crawl}), Same: true}}
	for _, q := range queries {
		fmt.Fprintf(os.Stderr, "%s: %s\n", c.format, q.name)
		r, err := c.compare(ctx, q, state)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		r.Bytes = info.Size()
		results = append(results, r)
	}
	return results, nil
}

// compare asks one query of both programs in turns. The first, unmeasured, run of each warms the page cache and gives
// the answers that are compared; who goes first changes with every run.
func (c *contest) compare(ctx context.Context, q query, state string) (result, error) {
	programs := []string{c.tarn, c.duckdb}
	samples := map[string][]sample{}
	answers := map[string][][]string{}
	for i := range c.runs + 1 {
		for _, program := range programs {
			s, out, err := execute(ctx, c.command(program, q, state))
			if err != nil {
				return result{}, err
			}
			if i > 0 {
				samples[program] = append(samples[program], s)
				continue
			}
			if answers[program], err = csv.NewReader(bytes.NewReader(out)).ReadAll(); err != nil {
				return result{}, fmt.Errorf("reading the answer of %s: %w", program, err)
			}
		}
		slices.Reverse(programs)
	}
	r := result{Format: c.format, Query: q.name, Tarn: summarize(samples[c.tarn])}
	duck := summarize(samples[c.duckdb])
	r.DuckDB = &duck
	r.Same, r.Difference = sameAnswer(answers[c.tarn], answers[c.duckdb])
	return r, nil
}

// sameAnswer compares two answers, cell by cell, and says where they first differ.
func sameAnswer(tarn, duck [][]string) (same bool, difference string) {
	if len(tarn) != len(duck) {
		return false, fmt.Sprintf("tarn has %d lines, DuckDB %d", len(tarn), len(duck))
	}
	for i := range tarn {
		if !slices.Equal(tarn[i], duck[i]) {
			return false, fmt.Sprintf("line %d: tarn has %q, DuckDB %q", i+1, tarn[i], duck[i])
		}
	}
	return true, ""
}

// sample is one run of a process.
type sample struct {
	wall   time.Duration
	cpu    time.Duration // user and system
	memory int64         // bytes resident at most
}

// execute runs a process to its end. Its output is part of the time, as it is for a user.
func execute(ctx context.Context, args []string) (sample, []byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	if err != nil {
		return s, nil, fmt.Errorf("%q: %w\n%s", args, err, said.String())
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	s.memory = peakMemory(cmd.ProcessState)
	return s, out.Bytes(), nil
}
