package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// dataVersion changes with what is made, so that data of an older program is not taken for it.
const dataVersion = "2"

// maker makes data sets, each once: a directory that is there is complete, since it is renamed when it is.
type maker struct {
	tools tools
	dir   string
	log   io.Writer
}

// make returns the directory name, filled by fill unless it is there.
func (m maker) make(ctx context.Context, name string, fill func(dir string) error) (string, error) {
	dir := filepath.Join(m.dir, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fmt.Fprintf(m.log, "making %s\n", dir)
	unfinished := dir + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return "", err
	}
	if err := os.MkdirAll(unfinished, 0o755); err != nil {
		return "", err
	}
	if err := fill(unfinished); err != nil {
		return "", fmt.Errorf("making %s: %w", dir, err)
	}
	return dir, os.Rename(unfinished, dir)
}

// duckdb runs statements with DuckDB's command line.
func (m maker) duckdb(ctx context.Context, statements ...string) error {
	script, err := os.CreateTemp("", "tarn-bench-*.sql")
	if err != nil {
		return err
	}
	defer os.Remove(script.Name())
	if _, err := script.WriteString(strings.Join(statements, ";\n") + ";\n"); err != nil {
		return err
	}
	if err := script.Close(); err != nil {
		return err
	}
	_, err = execute(ctx, "", m.tools.duckdb(), "-bail", "-f", script.Name())
	return err
}

// copyOptions write each format as its users find it.
var copyOptions = map[string]string{
	"parquet": "FORMAT parquet",
	"csv":     "FORMAT csv, HEADER",
	"json":    "FORMAT json",
}

// measured adds the sizes to a lake.
func measured(l lake) (lake, error) {
	err := filepath.WalkDir(l.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		l.files++
		l.bytes += info.Size()
		return nil
	})
	return l, err
}
