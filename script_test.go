package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// rewrite makes the golden tests write down what they got instead of comparing.
var rewrite = flag.Bool("rewrite", false, "rewrite the expected results of testdata/sql and testdata/script")

// TestMain lets the test binary be the tarn command: scripts and documents run it under that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tarn": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScript runs the command-line tests, each in a folder of its own with the files of its archive.
func TestScript(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	examples, err := filepath.Abs("examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *rewrite,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "truncate": truncate, "gzip": gzipFiles, "bytes": writeBytes,
			"rows": writeRows, "copies": checkCopies, "killwarm": killWarm, "damage": damage,
		},
		Condition: func(cond string) (bool, error) {
			if cond != "root" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return os.Geteuid() == 0, nil // whom no file mode stops
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".local"))
			env.Setenv("TZ", "UTC")
			return nil
		},
	})
}

// exits runs a command and compares its exit status: exits STATUS COMMAND [ARG...]
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if status != want {
		ts.Fatalf("exit status %d, want %d", status, want)
	}
}

// truncate cuts a file: truncate FILE BYTES
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate FILE BYTES")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// gzipFiles replaces files by compressed ones: gzip FILE...
func gzipFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: gzip FILE...")
	}
	for _, name := range args {
		path := ts.MkAbs(name)
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write([]byte(ts.ReadFile(path)))
		ts.Check(err)
		ts.Check(w.Close())
		ts.Check(os.WriteFile(path+".gz", b.Bytes(), 0o644))
		ts.Check(os.Remove(path))
	}
}

// writeBytes writes a file from a Go string literal: bytes FILE LITERAL
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE LITERAL")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
