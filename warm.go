package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tarn/engine"
	"tarn/storage"
)

// warmCommand makes the columnar copies of a lake.
func (p *program) warmCommand() *cobra.Command {
	var parquet bool
	cmd := &cobra.Command{
		Use:   "warm [DIR] [TABLE ...]",
		Short: "Make the columnar copies of the text files of the lake in DIR, or of some tables, now",
		Long: "Make the columnar copies of the text files of the lake in DIR, or of some of its tables, now.\n\n" +
			"A REPL and a server make a copy of each CSV and JSON file in the background after its first use, and of each large\n" +
			"Parquet file on which queries have spent long; queries read it instead of the file as long as the file stays as it\n" +
			"is. This makes all that are missing at once, and reads through those that are there, so that damaged ones are made\n" +
			"again. Copies are kept in the state directory, up to --cache-size; what was used least recently goes first. The exit\n" +
			"status is 1 if a file that can have a copy has none in the end.\n\n" +
			"With --parquet, all Parquet files get copies, too: they take up to the place of the files again, and are read up to\n" +
			"one and a half times as fast as files that were compressed with Snappy, gzip or Zstandard.",
		Example: "  tarn warm examples/lake\n  tarn warm examples/lake sales.orders --cache-size 2GiB\n  tarn warm examples/lake --parquet",
		RunE: func(cmd *cobra.Command, args []string) error {
			o := engine.WarmOptions{Parquet: parquet}
			if len(args) > 1 {
				o.Tables = args[1:]
			}
			return p.warm(cmd.Context(), dirOf(args), o)
		},
	}
	p.addCacheSize(cmd)
	cmd.Flags().BoolVar(&parquet, "parquet", false, "copy Parquet files, too")
	return cmd
}

// warm makes the copies and prints what became of each table.
func (p *program) warm(ctx context.Context, dir string, o engine.WarmOptions) error {
	l, err := p.openLake(ctx, dir)
	if err != nil {
		return err
	}
	defer l.close()
	show, done := warmProgress(p.stderr)
	o.Tell = show
	warmed, err := l.db.Warm(ctx, o)
	done()
	if len(warmed) > 0 {
		if e := writeWarmed(p.stdout, warmed); e != nil {
			return fmt.Errorf("print what was done: %w", e)
		}
	}
	failed := p.reportUncopied(warmed)
	if err != nil {
		return p.failWarm(err)
	}
	usage, err := l.db.CacheUsage()
	if err != nil {
		return p.failWarm(err)
	}
	fmt.Fprintf(p.stdout, "The cache holds %d %s, %s of %s.\n", usage.Entries, plural(usage.Entries, "copy", "copies"), storage.Bytes(usage.Bytes), storage.Bytes(usage.Limit))
	if failed {
		return errFailed
	}
	return nil
}

// failWarm reports why nothing more was done.
func (p *program) failWarm(err error) error {
	fmt.Fprintln(p.stderr, "tarn: warm: "+err.Error())
	var e *engine.Error
	if errors.As(err, &e) {
		for _, more := range []string{e.Detail, e.Hint} {
			if more != "" {
				fmt.Fprintln(p.stderr, more)
			}
		}
	}
	return errFailed
}

// writeWarmed prints a line for each table that has files that can be copied.
func writeWarmed(w io.Writer, warmed []engine.Warming) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "table\tfiles\tcopied\tmade\tsize\tcopies\tseconds")
	for _, t := range warmed {
		if t.Files > 0 {
			fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%s\t%s\t%.2f\n", t.Table, t.Files, t.Copied, t.Made, storage.Bytes(t.Bytes), storage.Bytes(t.CopyBytes), t.Took.Seconds())
		}
	}
	return out.Flush()
}

// reportUncopied names the files without a copy, and reports whether one of them should have got one.
func (p *program) reportUncopied(warmed []engine.Warming) (failed bool) {
	const most = 10 // of one table
	for _, t := range warmed {
		for i, u := range t.Without {
			failed = failed || !u.Nature
			switch {
			case i < most:
				fmt.Fprintf(p.stderr, "notice: %s has no copy: %s\n", u.File, strings.ReplaceAll(u.Err.Error(), "\n", " "))
			case i == most:
				fmt.Fprintf(p.stderr, "notice: %d more files of %s have no copy\n", len(t.Without)-most, t.Table)
			}
		}
	}
	return failed
}

// warmProgress returns a function that shows on one line of a terminal how far the copies are, and one that clears the line.
func warmProgress(w io.Writer) (show func(engine.WarmProgress), done func()) {
	if !isTerminal(w) {
		return nil, func() {}
	}
	line := newStatusLine(w, "warm")
	return func(p engine.WarmProgress) { line.show(p.Done, p.Total, 0, p.Table) }, line.clear
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
