// Command benchmarks measures tarn and the DuckDB command line side by side: the same queries over the same files, as
// a user would start them, one process after the other.
//
// Usage: go run ./benchmarks [-rows N] [-runs N] [-formats LIST] [-out FILE]
//
// It says how the two compare on the machine at hand, not how fast either is elsewhere.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

// options are the command line's.
type options struct {
	rows    int
	runs    int
	formats []string
	out     string
	tarn    string
	duckdb  string // empty: installed into the work directory
	work    string // data, states and the DuckDB command line, kept for the next time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	opts, err := parseFlags(os.Args[1:])
	if err == nil {
		err = bench(ctx, opts)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func parseFlags(args []string) (options, error) {
	var opts options
	var formats string
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	flags.IntVar(&opts.rows, "rows", 1_000_000, "rows of the generated table")
	flags.IntVar(&opts.runs, "runs", 5, "measured runs of each query and program")
	flags.StringVar(&formats, "formats", "parquet,csv,json", "formats to measure")
	flags.StringVar(&opts.out, "out", filepath.Join(".bench", "results.json"), "file for the machine-readable results")
	flags.StringVar(&opts.tarn, "tarn", filepath.Join("bin", "tarn"), "the tarn to measure")
	flags.StringVar(&opts.duckdb, "duckdb", "", "a DuckDB command line to use instead of installing one")
	flags.StringVar(&opts.work, "work", ".bench", "directory for the data")
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	opts.formats = strings.Split(formats, ",")
	for _, f := range opts.formats {
		if _, ok := extensions[f]; !ok {
			return opts, fmt.Errorf("no format %q: there are parquet, csv and json", f)
		}
	}
	if opts.rows < 1000 || opts.runs < 1 {
		return opts, fmt.Errorf("want at least 1000 rows and 1 run, got %d and %d", opts.rows, opts.runs)
	}
	return opts, nil
}

// bench prepares, measures and reports. An answer on which the two differ is reported and makes an error.
func bench(ctx context.Context, opts options) error {
	if _, err := os.Stat(opts.tarn); err != nil {
		return fmt.Errorf("finding tarn (make build makes it): %w", err)
	}
	duckdb, err := duckdbCommand(ctx, opts)
	if err != nil {
		return err
	}
	report := newReport(ctx, opts, duckdb)
	for _, format := range opts.formats {
		dir, err := makeData(ctx, duckdb, opts.work, format, opts.rows)
		if err != nil {
			return err
		}
		c := contest{tarn: opts.tarn, duckdb: duckdb, dir: dir, format: format, rows: opts.rows, runs: opts.runs}
		results, err := c.run(ctx)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", format, err)
		}
		report.Results = append(report.Results, results...)
	}
	if err := report.writeMarkdown(os.Stdout); err != nil {
		return err
	}
	if err := report.save(opts.out); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "results are in %s\n", opts.out)
	if n := report.mismatches(); n > 0 {
		return fmt.Errorf("the answers of %d queries differ", n)
	}
	return nil
}
