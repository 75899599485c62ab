package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFlags(t *testing.T) {
	opts, err := parseFlags([]string{"-size", "smoke", "-formats", "csv,json", "-suites", "wire", "-peers", "duckdb,polars"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"csv", "json"}, {"wire"}, {"duckdb", "polars"}}, [][]string{opts.formats, opts.suites, opts.peers}); diff != "" {
		t.Error(diff)
	}
	opts, err = parseFlags(nil)
	if err != nil || opts.size != "quick" || len(opts.suites) != len(suites) || len(opts.peers) != len(pythonPeers) {
		t.Errorf("without flags: %+v, %v", opts, err)
	}
	for _, args := range [][]string{{"-size", "huge"}, {"-formats", "xml"}, {"-suites", "all"}, {"-peers", "spark"}, {"-peers", ""}, {"more"}} {
		if _, err := parseFlags(args); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

func TestQuestions(t *testing.T) {
	all, err := tpchQuestions(1, nil)
	if err != nil || len(all) != 22 {
		t.Fatalf("%d queries, %v", len(all), err)
	}
	for _, q := range all {
		if strings.ContainsAny(q.sql, "{};") || !strings.Contains(q.sql, "SELECT") {
			t.Errorf("%s is no statement:\n%s", q.work, q.sql)
		}
		if (len(q.ordered) > 0) != strings.Contains(q.sql, "\nORDER BY") {
			t.Errorf("%s: columns %v, but is it ordered?\n%s", q.work, q.ordered, q.sql)
		}
	}
	some, err := tpchQuestions(0.01, []int{11})
	if err != nil || len(some) != 1 || !strings.Contains(some[0].sql, "* 0.01\n") {
		t.Errorf("query 11 at scale factor 0.01: %+v, %v", some, err)
	}
	if diff := cmp.Diff([]int{2}, some[0].ordered); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"-- ordered by: x\nSELECT 1", "-- ordered by: 0\nSELECT 1", "-- ordered by: 1\n"} {
		if _, err := parseQuestion(bad, 1); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseHighWater(t *testing.T) {
	if got := parseHighWater("Name:\ttarn\nVmPeak:\t  999 kB\nVmHWM:\t   123456 kB\n"); got != 123456*1024 {
		t.Errorf("got %d", got)
	}
	if got := parseHighWater("Name:\ttarn\n"); got != 0 {
		t.Errorf("got %d of nothing", got)
	}
	if got := highWater(os.Getpid()); runtime.GOOS == "linux" && got < 1<<20 {
		t.Errorf("this process has %d bytes at most", got)
	}
}

func TestField(t *testing.T) {
	const text = "processor\t: 0\nmodel name\t: Fast One\nMemTotal:       2048 kB\n"
	if got := field(text, "model name"); got != "Fast One" {
		t.Errorf("got %q", got)
	}
	if got := field(text, "MemTotal") + field(text, "nothing"); got != "2048 kB" {
		t.Errorf("got %q", got)
	}
}

func TestSetup(t *testing.T) {
	tables := []table{fileTable("/it's", "t", "csv", nil), {Name: "u", Format: "parquet", Glob: "/u/*/*.parquet", Partition: "day"}}
	if diff := cmp.Diff([]string{
		"CREATE VIEW t AS SELECT * FROM read_csv('/it''s/t.csv')",
		"CREATE VIEW u AS SELECT * FROM read_parquet('/u/*/*.parquet', hive_partitioning = true)",
	}, duckdbSetup(tables)); diff != "" {
		t.Error(diff)
	}
	if got := chdbSetup(tables); !slices.Contains(got, "CREATE VIEW u AS SELECT * FROM file('/u/*/*.parquet', 'Parquet')") {
		t.Errorf("got %q", got)
	}
	casts := map[string]string{"at": "DATE"}
	if fileTable("/", "t", "parquet", casts).Casts != nil || fileTable("/", "t", "json", casts).Casts == nil {
		t.Error("only JSON needs to be told its types")
	}
}

func TestShape(t *testing.T) {
	s := shapeOf(3000, 1000)
	if s.days() != 300 || s.total() != 3_000_000 || s.day(0) != "2022-01-01" || s.day(59) != "2022-03-01" {
		t.Errorf("got %+v: %d days, the 59th is %s", s, s.days(), s.day(59))
	}
	// A day's rows are within the day: its folder tells the truth.
	if span := s.millisPerRow * int64(s.filesPerDay*s.rows); span > 86_400_000 {
		t.Errorf("a day's rows span %d ms", span)
	}
	for name, z := range presets {
		if z.Rounds < 1 || z.Limit <= 0 || z.shape("csv").rows < 1 || z.Trips.of("json") < 1 || z.WireRows < 1 {
			t.Errorf("size %s lacks something: %+v", name, z)
		}
	}
}

func TestReply(t *testing.T) {
	r, err := parseReply([]byte(`{"seconds": 0.5, "rows": 1, "data": [["a", null]], "peak_kb": 2}`))
	if err != nil {
		t.Fatal(err)
	}
	o := r.outcome()
	if diff := cmp.Diff([][]string{{"a", ""}}, o.rows); diff != "" || o.took != 500*time.Millisecond || o.memory != 2048 {
		t.Errorf("got %+v", o)
	}
	if _, err := parseReply([]byte(`{"error": "Bad:\n  column"}`)); err == nil || err.Error() != "Bad: column" {
		t.Errorf("got %v", err)
	}
	if _, err := parseReply([]byte(`Traceback`)); err == nil {
		t.Error("what is no JSON was taken")
	}
}

// fakePeer stands in for Python: it answers as driver.py does, except when it is told to be slow or to die.
const fakePeer = `#!/bin/sh
while read -r line; do
case "$line" in
*slow*) exec sleep 20 ;;
*die*) echo went wrong >&2; exit 3 ;;
*bad*) echo '{"error": "bad"}' ;;
*) echo '{"seconds": 0.001, "rows": 1, "data": [["1"]], "peak_kb": 5}' ;;
esac
done
`

// TestDriver expects a peer that hangs or dies to be started again for the next question.
func TestDriver(t *testing.T) {
	python := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(python, []byte(fakePeer), 0o755); err != nil {
		t.Fatal(err)
	}
	d := &driver{name: "duckdb", python: python, script: "driver.py", open: request{Op: "open"}}
	defer d.close()
	for _, c := range []struct{ sql, want string }{
		{"fine", ""}, {"bad", "bad"}, {"fine", ""}, {"slow", "timed out"}, {"fine", ""}, {"die", "the process died: EOF: went wrong"}, {"fine", ""},
	} {
		limit := 20 * time.Second
		if c.sql == "slow" {
			limit = 50 * time.Millisecond
		}
		ctx, cancel := context.WithTimeoutCause(context.Background(), limit, errLimit)
		o, err := d.ask(ctx, question{sql: c.sql}, true)
		cancel()
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Fatalf("%s: %v, want %q", c.sql, err, c.want)
		}
		if err == nil && (len(o.rows) != 1 || o.took != time.Millisecond) {
			t.Errorf("%s: %+v", c.sql, o)
		}
	}
	o, err := freshDriver(d).ask(context.Background(), question{sql: "fine"}, true)
	if err != nil || len(o.rows) != 1 || o.took <= time.Millisecond/2 {
		t.Errorf("in a new process: %+v, %v", o, err)
	}
}

func TestCSVOutcome(t *testing.T) {
	o, err := csvOutcome(finished{wall: time.Second, memory: 7, out: []byte("a,b\n1,\"x,y\"\n")})
	if diff := cmp.Diff([][]string{{"1", "x,y"}}, o.rows); diff != "" || err != nil || o.took != time.Second || o.memory != 7 {
		t.Errorf("got %+v, %v", o, err)
	}
	if _, err := csvOutcome(finished{}); err == nil {
		t.Error("no output was taken for an answer")
	}
}
