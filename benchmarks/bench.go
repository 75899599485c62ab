package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// bench is one run: what it is made of, and the report that it fills.
type bench struct {
	options
	sizes  sizes
	tools  tools
	tarn   tarnBinary
	data   maker
	report *report
	log    io.Writer
	states string // directory of this run's states of Tarn
}

// formats of every suite but the wire.
var formats = []string{"parquet", "csv", "json"}

// suite is one part of a run.
type suite struct {
	name string
	run  func(b *bench, ctx context.Context) error
}

// suites run in this order.
var suites = []suite{
	{"tpch", func(b *bench, ctx context.Context) error { return b.eachFormat(ctx, b.tpchSuite) }},
	{"many", func(b *bench, ctx context.Context) error { return b.eachFormat(ctx, b.manySuite) }},
	{"one", func(b *bench, ctx context.Context) error { return b.eachFormat(ctx, b.oneSuite) }},
	{"start", (*bench).startSuite},
	{"wire", (*bench).wireSuite},
	{"growth", (*bench).growthSuite},
}

func (b *bench) eachFormat(ctx context.Context, run func(context.Context, string) error) error {
	for _, format := range b.formats {
		if err := run(ctx, format); err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
	}
	return nil
}

// makings are what prepare measures.
var makings = []string{"crawl", "crawl again", "build the cache"}

// copiedSuites are those whose large Parquet files a server in use has copied by then; they are measured as they stand, too.
var copiedSuites = map[string]bool{"tpch": true, "wire": true, "growth-wire": true}

// states are two states of Tarn for one lake: crawled, and crawled with everything cached that can be.
type states struct{ raw, warm string }

// prepare crawls a lake, crawls it again and builds the cache, and measures each.
func (b *bench) prepare(ctx context.Context, l lake, suite string, scale float64) (states, error) {
	dir, err := os.MkdirTemp(b.states, "state-")
	if err != nil {
		return states{}, err
	}
	s := states{raw: filepath.Join(dir, "raw"), warm: filepath.Join(dir, "warm")}
	step := func(work string, run func() (finished, error)) error {
		m := measure{Suite: suite + "-make", Format: l.format, Way: "cold", Work: work, Bytes: l.bytes, Scale: scale, Entries: []entry{{Program: tarnLabel}}}
		f, err := run()
		if err != nil {
			m.Entries[0].fail(err)
			fmt.Fprintf(b.log, "  %s: %s\n", work, m.Entries[0].Failure)
		} else {
			m.Entries[0].add(outcome{took: f.wall, memory: f.memory}, true)
		}
		m.finish()
		b.report.Measures = append(b.report.Measures, m)
		return err
	}
	if err := step(makings[0], func() (finished, error) { return b.tarn.crawl(ctx, l, s.raw) }); err != nil {
		return s, err
	}
	if err := step(makings[1], func() (finished, error) { return b.tarn.crawl(ctx, l, s.raw) }); err != nil {
		return s, err
	}
	if l.format == "parquet" && !(b.tarn.parquet && copiedSuites[suite]) {
		s.warm = s.raw
		return s, nil
	}
	if err := os.CopyFS(s.warm, os.DirFS(s.raw)); err != nil {
		return s, fmt.Errorf("copying the state of a crawled lake: %w", err)
	}
	// A build without `tarn warm` is measured raw, and the report says so.
	step(makings[2], func() (finished, error) { return b.tarn.warm(ctx, l, s.warm) })
	return s, ctx.Err()
}

// warmField are Tarn and its variants and the peers, each in one process for all questions.
func (b *bench) warmField(l lake, s states) []contender {
	var field []contender
	if s.warm != s.raw {
		field = append(field, b.tarn.server(tarnLabel, l, s.warm, resultCache), b.tarn.server(tarnRaw, l, s.raw, resultCache, columnarCache))
	} else {
		field = append(field, b.tarn.server(tarnLabel, l, s.raw, resultCache, columnarCache)) // lest a copy is made in the midst of the run
	}
	for _, peer := range b.peers {
		field = append(field, b.tools.driver(peer, l))
	}
	return field
}

// coldField are Tarn and the peers, each in a new process for every question.
func (b *bench) coldField(l lake, s states) []contender {
	field := []contender{b.tarn.once(tarnLabel, l, s.raw)}
	if l.format != "parquet" && b.tarn.canWarm {
		field = append(field, b.tarn.once("tarn, cached", l, s.warm))
	}
	for _, peer := range b.peers {
		field = append(field, b.tools.once(peer, l))
	}
	return field
}

// hold runs a contest with the sizes of this run and adds what comes out to the report.
func (b *bench) hold(ctx context.Context, c contest, scale float64) error {
	c.judge, c.log, c.limit = "duckdb", b.log, b.sizes.Limit
	if !slices.ContainsFunc(c.contenders, func(p contender) bool { return p.label() == c.judge }) {
		c.judge = tarnLabel
	}
	if c.rounds == 0 {
		c.rounds = b.sizes.Rounds
	}
	if c.budget == 0 {
		c.budget = b.sizes.Budget
	}
	fmt.Fprintf(b.log, "%s %s: %s, %s, %d questions, %d programs\n", time.Now().Format(time.TimeOnly), c.suite, c.format, c.way, len(c.questions), len(c.contenders))
	measures, err := c.run(ctx)
	for i := range measures {
		measures[i].Scale = scale
	}
	b.report.Measures = append(b.report.Measures, measures...)
	return err
}
