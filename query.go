package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tarn/repl"
)

// source is one -c or -f, in the order of the command line.
type source struct {
	sql  string
	file string // "-" is standard input; empty for -c
}

// sourceFlag collects -c and -f into one list, so that their order stays.
type sourceFlag struct {
	to   *[]source
	file bool
}

func (f sourceFlag) String() string { return "" }
func (f sourceFlag) Type() string   { return map[bool]string{true: "file", false: "sql"}[f.file] }

// Set adds the value of one flag.
func (f sourceFlag) Set(v string) error {
	if f.file {
		*f.to = append(*f.to, source{file: v})
	} else {
		*f.to = append(*f.to, source{sql: v})
	}
	return nil
}

// queryCommand is tarn without a subcommand: the REPL, or statements from -c, -f or standard input.
func (p *program) queryCommand() *cobra.Command {
	var sources []source
	var format string
	cmd := &cobra.Command{
		Use:   "tarn [DIR]",
		Short: "Query a directory tree of Parquet, CSV and JSON files with SQL",
		Long: "Query a directory tree of Parquet, CSV and JSON files with SQL.\n\n" +
			"DIR is the lake: a directory (default: the current one) or one data file. Without -c or -f, statements are\n" +
			"read from the terminal, or from standard input if it is none.",
		Example: "  tarn examples/lake\n" +
			"  tarn examples/lake -c 'SHOW TABLES'\n" +
			"  tarn data.csv -c 'SELECT count(*) FROM data' --format json\n" +
			"  tarn serve examples/lake --listen 127.0.0.1:5433",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.query(cmd.Context(), dirOf(args), sources, format)
		},
	}
	cmd.Flags().VarP(sourceFlag{to: &sources}, "command", "c", "run the statements in `SQL` and exit; may be repeated")
	cmd.Flags().VarP(sourceFlag{to: &sources, file: true}, "file", "f", "run the statements in `FILE` (- is standard input) and exit; may be repeated")
	p.addCacheSize(cmd)
	cmd.Flags().StringVar(&format, "format", "", "`format` of results: "+strings.Join(repl.Formats(), ", ")+" (default: box on a terminal, else csv)")
	return cmd
}

// query opens the lake and runs what the command line asks for.
func (p *program) query(ctx context.Context, dir string, sources []source, format string) error {
	interactive := len(sources) == 0 && isTerminal(p.stdin) && isTerminal(p.stdout)
	if len(sources) == 0 && !interactive {
		sources = []source{{file: "-"}}
	}
	if format == "" {
		format = "csv"
		if isTerminal(p.stdout) {
			format = "box"
		}
	}
	p.background = interactive
	l, err := p.openLake(ctx, dir)
	if err != nil {
		return err
	}
	defer l.close()
	session, err := l.db.NewSession(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	defer session.Close()
	var heard news
	r, err := repl.New(session, repl.Options{In: p.stdin, Out: p.stdout, Err: p.stderr, Interactive: interactive,
		Format: format, History: historyFile(), Log: p.logger(), News: heard.take})
	if err != nil {
		return err
	}
	if interactive {
		defer l.watch(ctx, heard.add)()
		return r.Run(ctx)
	}
	return p.runSources(ctx, r, sources)
}

// runSources runs -c and -f in their order and stops at the first failure.
func (p *program) runSources(ctx context.Context, r *repl.REPL, sources []source) error {
	for _, s := range sources {
		sql, err := p.read(s)
		if err != nil {
			return err
		}
		if err := r.Exec(ctx, sql); err != nil {
			if errors.Is(err, repl.ErrClosed) {
				return nil
			}
			return errFailed
		}
	}
	return nil
}

// read returns the text of a source.
func (p *program) read(s source) (string, error) {
	switch s.file {
	case "":
		return s.sql, nil
	case "-":
		text, err := io.ReadAll(p.stdin)
		if err != nil {
			return "", fmt.Errorf("read statements from standard input: %w", err)
		}
		return string(text), nil
	}
	text, err := os.ReadFile(s.file)
	if err != nil {
		return "", fmt.Errorf("read statements: %w", err)
	}
	return string(text), nil
}

// historyFile is where the REPL keeps its history, by the XDG base directory specification; empty if there is no home.
func historyFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "tarn", "history")
}
