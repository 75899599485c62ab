package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"tarn/repl"
)

// version is set by the Makefile; a plain go build leaves it to the module's version.
var version = ""

// The exit statuses, a contract with scripts.
const (
	exitOK          = 0
	exitFailed      = 1   // a statement failed
	exitUsage       = 2   // wrong usage; also a lake that is not there
	exitUnreachable = 3   // the lake is locked or cannot be read now, the server does not answer: try again
	exitInterrupted = 130 // by Ctrl-C, as shells have it
)

// errFailed is a statement's failure that has been reported already.
var errFailed = errors.New("a statement failed")

// program is what the commands share: the streams, and the flags that every command has.
type program struct {
	stdin          *os.File
	stdout, stderr io.Writer
	state          string
	threads        int
	memory         string
	verbose        bool
	cache          cacheSize
	background     bool // columnar copies are made in the background
	copyParquet    bool // of Parquet files, too
}

// run executes the command line and returns the exit status.
func run(ctx context.Context, args []string, stdin *os.File, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr}
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitOK
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, repl.ErrInterrupted):
		return exitInterrupted
	default:
		fmt.Fprintln(stderr, "tarn: "+err.Error())
		if isUnreachable(err) {
			return exitUnreachable
		}
		return exitUsage
	}
}

// rootCommand wires the command line.
func (p *program) rootCommand() *cobra.Command {
	root := p.queryCommand()
	flags := root.PersistentFlags()
	flags.StringVar(&p.state, "state", "", "`directory` of the catalog and the cache (default DIR/.tarn)")
	flags.IntVar(&p.threads, "threads", 0, "worker `threads` of the engine (default: one per processor)")
	flags.StringVar(&p.memory, "memory", "", "memory `limit` of the engine, e.g. 4GB (default: half of the machine's)")
	flags.BoolVar(&p.verbose, "verbose", false, "log what happens inside to standard error")
	root.AddCommand(p.crawlCommand(), p.warmCommand(), p.serveCommand(), p.userCommand(), p.versionCommand())
	root.SilenceErrors, root.SilenceUsage = true, true
	return root
}

// logger writes to standard error: everything with --verbose, else only warnings.
func (p *program) logger() *slog.Logger {
	level := slog.LevelWarn
	if p.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.stdout, "tarn "+programVersion())
			return err
		},
	}
}

// programVersion is the version that the build set, or what the Go tool knows.
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
