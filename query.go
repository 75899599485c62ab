package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

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

// queryFlags are the flags of tarn without a subcommand.
type queryFlags struct {
	sources []source
	format  string
	output  string
	colour  string
	vars    []string
	noRC    bool
}

// queryCommand is tarn without a subcommand: the REPL, or statements from -c, -f or standard input.
func (p *program) queryCommand() *cobra.Command {
	var q queryFlags
	cmd := &cobra.Command{
		Use:   "tarn [DIR | postgres://HOST:PORT]",
		Short: "Query a directory tree of Parquet, CSV and JSON files with SQL",
		Long: "Query a directory tree of Parquet, CSV and JSON files with SQL.\n\n" +
			"DIR is the lake: a directory (default: the current one), one data file, or the URL of a running server. Without -c\n" +
			"or -f, statements are read from the terminal, or from standard input if it is none, and run as they arrive.\n\n" +
			"The exit status is 0 if all statements succeeded, 1 if one failed, 2 for wrong usage, 3 if the lake is locked or\n" +
			"cannot be reached, 130 after Ctrl-C.",
		Example: "  tarn examples/lake\n" +
			"  tarn examples/lake -c 'SHOW TABLES'\n" +
			"  tarn data.csv -c 'SELECT count(*) FROM data' --format json\n" +
			"  tarn examples/lake -c 'SELECT * FROM cities' -o cities.parquet\n" +
			"  tarn serve examples/lake --listen 127.0.0.1:5433\n" +
			"  tarn postgres://127.0.0.1:5433/",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.query(cmd.Context(), dirOf(args), q)
		},
	}
	flags := cmd.Flags()
	flags.VarP(sourceFlag{to: &q.sources}, "command", "c", "run the statements in `SQL` and exit; may be repeated")
	flags.VarP(sourceFlag{to: &q.sources, file: true}, "file", "f", "run the statements in `FILE` (- is standard input) and exit; may be repeated")
	p.addCacheSize(cmd)
	p.addCopyParquet(cmd)
	flags.StringVar(&q.format, "format", "", "`format` of results: "+strings.Join(repl.Formats(), ", ")+" (default: box on a terminal, else what the name of -o says, else csv)")
	flags.StringVarP(&q.output, "output", "o", "", "write results to `FILE`, or to the program behind a |")
	flags.StringArrayVarP(&q.vars, "variable", "v", nil, "set a variable, `NAME=VALUE`, for :NAME in statements; may be repeated")
	flags.StringVar(&q.colour, "color", "auto", "colours: `auto` (on terminals), always or never")
	flags.BoolVar(&q.noRC, "no-rc", false, "do not run the start-up file")
	registerCompletions(cmd)
	return cmd
}

// query opens the lake and runs what the command line asks for.
func (p *program) query(ctx context.Context, dir string, q queryFlags) error {
	interactive := len(q.sources) == 0 && isTerminal(p.stdin) && isTerminal(p.stdout)
	if len(q.sources) == 0 && !interactive {
		q.sources = []source{{file: "-"}}
	}
	if !interactive {
		var stop func()
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt)
		defer stop()
	}
	// With a listener, a write to a pipe whose reader has left fails, and the lake is closed in order; without one, the signal ends the program.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	defer signal.Stop(pipes)
	format := q.format
	if format == "" {
		format = "csv"
		if isTerminal(p.stdout) && q.output == "" {
			format = "box"
		}
	}
	p.background = interactive
	conn, err := p.connect(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { conn.close() }()
	var heard news
	r, err := repl.New(conn.session, repl.Options{In: p.stdin, Out: p.stdout, Err: p.stderr, Interactive: interactive,
		Format: format, Color: q.colour, History: historyFile(), Log: p.logger(), News: heard.take, Progress: conn.howFar(), Place: conn.place,
		Open: func(ctx context.Context, dir string) (repl.Session, error) {
			return p.reopen(ctx, conn, dir, interactive, heard.add)
		}})
	if err != nil {
		return err
	}
	if err := p.prepare(ctx, r, q); err != nil {
		return err
	}
	if interactive {
		conn.follow(ctx, heard.add)
		err := r.Run(ctx)
		return errors.Join(err, r.Close(err != nil))
	}
	err = p.runSources(ctx, r, q.sources)
	if e := r.Close(err != nil); err == nil && e != nil {
		fmt.Fprintln(p.stderr, "tarn: end the output to "+q.output+": "+e.Error())
		err = errFailed
	}
	return err
}

// prepare sets the variables, runs the start-up file and opens the output.
func (p *program) prepare(ctx context.Context, r *repl.REPL, q queryFlags) error {
	for _, v := range q.vars {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return fmt.Errorf("-v %s: write NAME=VALUE", v)
		}
		if err := r.Set(name, value); err != nil {
			return fmt.Errorf("-v %s: %w", v, err)
		}
	}
	if rc := startupFile(); rc != "" && !q.noRC {
		if err := r.RunFile(ctx, rc); err != nil {
			return fmt.Errorf("run the start-up file: %w", err)
		}
	}
	if q.output == "" {
		return nil
	}
	if err := r.SetOutput(q.output, q.format == ""); err != nil {
		return fmt.Errorf("-o: %w", err)
	}
	return nil
}

// runSources runs -c and -f in their order and stops at the first failure.
func (p *program) runSources(ctx context.Context, r *repl.REPL, sources []source) error {
	for _, s := range sources {
		var err error
		switch s.file {
		case "":
			err = r.Exec(ctx, s.sql)
		case "-":
			err = r.ExecReader(ctx, p.stdin)
		default:
			text, e := os.ReadFile(s.file)
			if e != nil {
				return fmt.Errorf("read statements: %w", e)
			}
			err = r.Exec(ctx, string(text))
		}
		switch {
		case errors.Is(err, repl.ErrClosed):
			return nil
		case errors.Is(err, repl.ErrFailed):
			return errFailed
		case err != nil:
			return err
		}
	}
	return nil
}

// startupFile is the file of statements and commands that every session begins with, by the XDG base directory specification; empty if there is no home.
func startupFile() string {
	dir := os.Getenv("XDG_CONFIG_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "tarn", "tarnrc")
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
