package repl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tarn/repl/render"
)

// output is where results go: the standard output, a file, or a program.
type output struct {
	w        io.Writer
	name     string         // for messages
	terminal bool           // a person reads it as it comes
	format   *render.Format // that a file's name means; nil is the session's
	binary   string         // the binary format of the result it holds
	results  int            // written to it
	finish   func(failed bool) error
}

// close ends the output; a file that is to hold one result is only there if that is whole.
func (o *output) close(failed bool) error {
	if o.finish == nil {
		return nil
	}
	return o.finish(failed)
}

// mark remembers where a result begins in a file; back takes away what was written since, so that the file holds whole results only.
func (o *output) mark() (back func() error) {
	f, ok := o.w.(*os.File)
	if !ok || o.finish == nil {
		return func() error { return nil }
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil { // a device or pipe
		return func() error { return nil }
	}
	return func() error {
		_, err := f.Seek(at, io.SeekStart)
		if err := errors.Join(err, f.Truncate(at)); err != nil {
			return fmt.Errorf("take half a result off %s: %w", o.name, err)
		}
		return nil
	}
}

// openOutput opens a file, or with | a program that reads what is written. A file is written aside and appears when it is
// closed without a failure, if it is to be whole.
func (r *REPL) openOutput(target string, whole bool) (*output, error) {
	if command, ok := strings.CutPrefix(target, "|"); ok {
		return r.openProgram(strings.TrimSpace(command))
	}
	path := expandHome(strings.Trim(target, `"`))
	o := &output{name: path}
	if f, ok := render.ForFile(path); ok {
		o.format = &f
	}
	var f *os.File
	var err error
	info, statErr := os.Stat(path)
	special := statErr == nil && !info.Mode().IsRegular() // a device or named pipe cannot be replaced
	if whole && !special {
		f, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	} else {
		f, err = os.Create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the output %s: %w", path, err)
	}
	o.w = f
	o.finish = func(failed bool) error {
		err := f.Close()
		if !whole || special {
			return err
		}
		if failed || err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		mode := os.FileMode(0o644)
		if statErr == nil {
			mode = info.Mode().Perm()
		}
		return errors.Join(os.Chmod(f.Name(), mode), os.Rename(f.Name(), path))
	}
	return o, nil
}

// openProgram starts a program of the shell's that reads results.
func (r *REPL) openProgram(command string) (*output, error) {
	if command == "" {
		return nil, errors.New("name the program behind |")
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Stdout, cmd.Stderr = r.out, r.err
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command, err)
	}
	return &output{w: in, name: "the program " + command, finish: func(bool) error {
		in.Close() // it may have gone already
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		return nil
	}}, nil
}

// expandHome replaces ~ at the start of a path by the home directory.
func expandHome(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

// current is where the next result goes.
func (r *REPL) current() *output {
	if r.once != nil {
		return r.once
	}
	if r.redirected != nil {
		return r.redirected
	}
	return r.std
}

// endOnce closes the output that was for one result.
func (r *REPL) endOnce(failed bool) error {
	o := r.once
	if o == nil {
		return nil
	}
	r.once = nil
	return o.close(failed)
}

// setOutput sends the results from now on to a file or a program; without one, to the standard output. A file is written as results come,
// so that others can follow it, if it is not to be whole.
func (r *REPL) setOutput(target string, whole bool) error {
	if old := r.redirected; old != nil {
		r.redirected = nil
		if err := old.close(false); err != nil {
			return err
		}
	}
	if target == "" {
		return nil
	}
	o, err := r.openOutput(target, whole)
	r.redirected = o
	return err
}

// Close ends what results were sent to. A file of SetOutput is not kept if the script failed, unless it was told to go on after failures.
func (r *REPL) Close(failed bool) error {
	o := r.redirected
	if o == nil {
		return nil
	}
	r.redirected = nil
	return o.close(failed && r.stopsAtFailure())
}
