package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// player is a contender that answers from a script.
type player struct {
	name   string
	answer func(q question) (outcome, error)
	log    *[]string
	closed *int
}

func (p player) label() string { return p.name }
func (p player) peer() string  { return p.name }
func (p player) close()        { *p.closed++ }
func (p player) ask(ctx context.Context, q question, _ bool) (outcome, error) {
	*p.log = append(*p.log, p.name+" "+q.work)
	if q.work == "slow" && p.name == "slowpoke" {
		<-ctx.Done()
		return outcome{}, context.Cause(ctx)
	}
	return p.answer(q)
}

func says(ms int, cell string) func(question) (outcome, error) {
	return func(question) (outcome, error) {
		return outcome{took: time.Duration(ms) * time.Millisecond, rows: [][]string{{cell}}, memory: 5e6}, nil
	}
}

// play holds a contest of tarn (10 ms), duckdb (20 ms, the judge), one that is wrong, one that fails and one too slow.
func play(t *testing.T, c contest) (measures []measure, log []string, closed int) {
	t.Helper()
	for _, p := range []player{
		{name: tarnLabel, answer: says(10, "1")}, {name: "duckdb", answer: says(20, "1.0")}, {name: "liar", answer: says(1, "2")},
		{name: "broken", answer: func(question) (outcome, error) { return outcome{}, errors.New("no such function") }},
		{name: "slowpoke", answer: says(30, "1")},
	} {
		p.log, p.closed = &log, &closed
		c.contenders = append(c.contenders, p)
	}
	c.judge, c.log, c.limit = "duckdb", io.Discard, 20*time.Millisecond
	measures, err := c.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return measures, log, closed
}

func TestContest(t *testing.T) {
	measures, log, closed := play(t, contest{rehearse: true, rounds: 4, budget: time.Hour, questions: []question{{work: "fast"}, {work: "slow"}}})
	if closed != 5 {
		t.Errorf("%d contenders were closed", closed)
	}
	for i, wantSlow := range []string{"", "timed out after 20ms"} {
		m := measures[i]
		if got := m.entry("slowpoke").Failure; got != wantSlow {
			t.Errorf("%s: slowpoke: %q", m.Work, got)
		}
		if e := m.entry("liar"); !e.Differs || e.Seconds != nil || e.Failure != `differs: ["2"] instead of ["1.0"]` {
			t.Errorf("%s: liar: %+v", m.Work, e)
		}
		if e := m.entry("broken"); e.Differs || e.Failure != "no such function" {
			t.Errorf("%s: broken: %+v", m.Work, e)
		}
		if e := m.entry("duckdb"); len(e.Seconds) != 4 || e.Ratio == nil || *e.Ratio != (spread{2, 2, 2}) || e.PeakMB != 5 {
			t.Errorf("%s: duckdb: %+v", m.Work, e)
		}
		if m.entry(tarnLabel).Ratio != nil || m.entry("nobody") != nil {
			t.Errorf("%s: tarn has a ratio to itself, or nobody played", m.Work)
		}
	}
	asked := strings.Count(strings.Join(log, "\n"), "broken")
	if asked != 2 {
		t.Errorf("who fails was asked %d times, want once a question", asked)
	}
}

// TestOrderAlternates expects everyone to be first at some time, and last.
func TestOrderAlternates(t *testing.T) {
	_, log, _ := play(t, contest{rounds: 10, budget: time.Hour, questions: []question{{work: "x"}}})
	rounds := strings.Split(strings.Join(log, ","), "slowpoke x")
	if len(rounds) != 11 {
		t.Fatalf("%d rounds: %v", len(rounds)-1, log)
	}
	before := map[bool]int{}
	var tarnAt, duckAt int
	for i, line := range log {
		switch line {
		case "tarn x":
			tarnAt = i
		case "duckdb x":
			duckAt = i
		}
		if i > 10 && (line == "tarn x" || line == "duckdb x") {
			before[tarnAt < duckAt]++
		}
	}
	if before[true] == 0 || before[false] == 0 {
		t.Errorf("one of two always comes first: %v", log)
	}
}

func TestBudgetEndsRounds(t *testing.T) {
	measures, _, _ := play(t, contest{rounds: 5, budget: -1, questions: []question{{work: "x"}}})
	if got := measures[0].rounds(); got != 1 {
		t.Errorf("%d rounds without a budget, want 1", got)
	}
}

func TestUnjudged(t *testing.T) {
	closed, log := 0, []string{}
	c := contest{judge: "duckdb", log: io.Discard, limit: time.Second, rounds: 1, questions: []question{{work: "x"}},
		contenders: []contender{player{name: tarnLabel, answer: says(1, "1"), log: &log, closed: &closed}, absent{"duckdb", errors.New("is not here")}}}
	measures, err := c.run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("duckdb gave no answer to hold the others against", measures[0].Unjudged); diff != "" {
		t.Error(diff)
	}
}

func TestSums(t *testing.T) {
	entries := func(tarn, duck, liar []float64) []entry {
		return []entry{{Program: tarnLabel, Seconds: tarn}, {Program: "duckdb", Seconds: duck}, {Program: "liar", Seconds: liar}}
	}
	got := sums([]measure{
		{Suite: "tpch", Format: "csv", Way: "warm", Entries: entries([]float64{1, 2}, []float64{4, 4}, nil)},
		{Suite: "tpch", Format: "csv", Way: "warm", Entries: entries([]float64{1, 2}, []float64{4, 8}, []float64{3, 3})},
		{Suite: "many", Format: "csv", Way: "warm", Entries: entries([]float64{9, 9}, []float64{9, 9}, nil)},
	}, "tpch", "csv", "warm")
	want := []sum{
		{Suite: "tpch", Format: "csv", Way: "warm", Program: tarnLabel, Answered: 2, Of: 2, Took: spread{3, 2, 4}},
		{Suite: "tpch", Format: "csv", Way: "warm", Program: "duckdb", Answered: 2, Of: 2, Took: spread{10, 8, 12}, Ratio: &spread{3.5, 3, 4}},
		{Suite: "tpch", Format: "csv", Way: "warm", Program: "liar", Answered: 1, Of: 2, Took: spread{3, 3, 3}, Ratio: &spread{2.25, 1.5, 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
