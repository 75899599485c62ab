// Command benchmarks measures Tarn and what people would use instead: DuckDB, chDB, DataFusion, Polars and, over the
// wire, PostgreSQL. It asks the same of the same data on the same machine in one run, in alternating order.
//
// Usage: go run ./benchmarks [-size smoke|quick|medium|full] [-suites LIST] [-formats LIST] [-peers LIST] [-docs DIR]
//
// It drives what users have, the binary and the wire, and installs the peers itself. README.md beside this file tells
// how it measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options are the command line's.
type options struct {
	size    string
	suites  []string
	formats []string
	peers   []string
	tarnAt  string
	work    string // data, virtual environment and states, kept for the next time
	docs    string
	render  string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	opts, err := parseFlags(os.Args[1:])
	if err == nil {
		err = run(ctx, opts, os.Stdout, os.Stderr)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func parseFlags(args []string) (options, error) {
	var opts options
	names := make([]string, len(suites))
	for i, s := range suites {
		names[i] = s.name
	}
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	flags.StringVar(&opts.size, "size", "quick", "how much: smoke (seconds), quick (minutes), medium (an hour) or full (hours)")
	suiteList := flags.String("suites", strings.Join(names, ","), "suites to run")
	formatList := flags.String("formats", strings.Join(formats, ","), "formats to measure")
	peerList := flags.String("peers", strings.Join(pythonPeers, ","), "peers to measure besides PostgreSQL")
	flags.StringVar(&opts.tarnAt, "tarn", filepath.Join("bin", "tarn"), "the tarn to measure")
	flags.StringVar(&opts.work, "work", ".bench", "directory for data, peers and results.json, kept for the next time")
	flags.StringVar(&opts.docs, "docs", "", "directory to write benchmarks.md and benchmarks/*.svg into")
	flags.StringVar(&opts.render, "render", "", "measure nothing: render a results.json of an earlier run again")
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	if flags.NArg() > 0 {
		return opts, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if _, err := preset(opts.size); err != nil {
		return opts, err
	}
	for _, l := range []struct {
		what, given string
		known       []string
		into        *[]string
	}{{"suite", *suiteList, names, &opts.suites}, {"format", *formatList, formats, &opts.formats}, {"peer", *peerList, pythonPeers, &opts.peers}} {
		for name := range strings.SplitSeq(l.given, ",") {
			if !slices.Contains(l.known, name) {
				return opts, fmt.Errorf("no %s %q: there are %s", l.what, name, strings.Join(l.known, ", "))
			}
			*l.into = append(*l.into, name)
		}
	}
	return opts, nil
}

// run measures, or loads what was measured, and reports.
func run(ctx context.Context, opts options, out, log io.Writer) error {
	var r *report
	var err error
	if opts.render != "" {
		r, err = loadReport(opts.render)
	} else {
		r, err = measureAll(ctx, opts, log)
	}
	if err != nil {
		return err
	}
	r.conclude()
	if opts.render == "" {
		if err := r.save(filepath.Join(opts.work, "results.json")); err != nil {
			return err
		}
	}
	if opts.docs != "" {
		if err := r.writeDocs(opts.docs); err != nil {
			return err
		}
	}
	text := r.markdown()
	if err := os.WriteFile(filepath.Join(opts.work, "results.md"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	_, err = io.WriteString(out, text)
	return err
}

// measureAll prepares and runs the suites.
func measureAll(ctx context.Context, opts options, log io.Writer) (*report, error) {
	started := time.Now()
	b, err := newBench(ctx, opts, log)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.states)
	for _, s := range suites {
		if !slices.Contains(opts.suites, s.name) {
			continue
		}
		if err := s.run(b, ctx); err != nil {
			return nil, fmt.Errorf("suite %s: %w", s.name, err)
		}
		fmt.Fprintf(log, "%s is done after %.0f s\n", s.name, time.Since(started).Seconds())
	}
	b.report.Seconds = time.Since(started).Seconds()
	return b.report, nil
}

// newBench checks and installs what a run needs.
func newBench(ctx context.Context, opts options, log io.Writer) (b *bench, err error) {
	b = &bench{options: opts, log: log, report: &report{Time: time.Now().UTC().Truncate(time.Second), Machine: thisMachine(), Size: opts.size}}
	if b.sizes, err = preset(opts.size); err != nil {
		return nil, err
	}
	b.report.Sizes = b.sizes
	if opts.work, err = filepath.Abs(opts.work); err != nil {
		return nil, err
	}
	if _, err := os.Stat(opts.tarnAt); err != nil {
		return nil, fmt.Errorf("finding tarn (make build makes it): %w", err)
	}
	data := filepath.Join(opts.work, "data-"+dataVersion)
	if err := os.MkdirAll(data, 0o755); err != nil {
		return nil, err
	}
	if b.tools, err = install(ctx, log, opts.work); err != nil {
		return nil, err
	}
	b.data = maker{tools: b.tools, dir: data, log: log}
	if b.states, err = os.MkdirTemp(opts.work, "states-"); err != nil {
		return nil, err
	}
	b.tarn = newTarn(ctx, opts.tarnAt, b.states)
	for _, n := range b.tarn.missing() {
		b.report.note("%s", n)
	}
	b.report.askVersions(ctx, b)
	return b, nil
}
