package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plant makes a tree below a new directory from lines "PATH", a file with content, "PATH empty", "PATH/", a directory,
// "PATH -> TARGET", a link, and "PATH pipe" and "PATH socket". @ at the start of a target stands for a directory outside.
func plant(t *testing.T, dir, outside string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		target, isLink := "", false
		name := line
		if i := strings.Index(line, " -> "); i >= 0 {
			name, target, isLink = line[:i], line[i+4:], true
		}
		base := dir
		if strings.HasPrefix(name, "@") {
			base, name = outside, name[1:]
		}
		p := filepath.Join(base, strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, " empty"), " pipe"), " socket"))
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		switch {
		case err != nil:
		case isLink:
			err = os.Symlink(strings.Replace(target, "@", outside+"/", 1), p)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(p, 0o755)
		case strings.HasSuffix(name, " pipe"):
			err = syscall.Mkfifo(p, 0o644)
		case strings.HasSuffix(name, " socket"):
			var l *net.UnixListener
			if l, err = net.ListenUnix("unix", &net.UnixAddr{Name: p}); err == nil {
				t.Cleanup(func() { l.Close() })
			}
		case strings.HasSuffix(name, " empty"):
			err = os.WriteFile(p, nil, 0o644)
		default:
			err = os.WriteFile(p, []byte("a,b\n1,2\n"), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listed returns a listing as lines, skips with their reason.
func listed(l *Listing) []string {
	var out []string
	for _, f := range l.Files {
		out = append(out, f.Path)
	}
	for _, s := range l.Skipped {
		out = append(out, s.Path+": "+s.Reason)
	}
	return out
}

// walks are trees and what is listed of them.
var walks = map[string]struct{ tree, want []string }{
	"names": {
		[]string{"a b.csv", "it's \"quoted\".csv", "line\nbreak.csv", "ünï/日本.json", "[x]*?.parquet", "noSuffix", "x.unknown",
			"deep/er/and/deeper.csv.gz", "caf\xe9.csv", "dir\xff/x.csv"},
		[]string{"[x]*?.parquet", "a b.csv", "deep/er/and/deeper.csv.gz", "it's \"quoted\".csv", "line\nbreak.csv", "noSuffix",
			"x.unknown", "ünï/日本.json",
			`caf�.csv: the name is not valid UTF-8 (as bytes: "caf\xe9.csv"); rename it`,
			`dir�/: the name is not valid UTF-8 (as bytes: "dir\xff"); rename it`},
	},
	"no data": {
		[]string{"README", "README.md", "readme.txt", "license.csv", "a.py", "b.py.gz", "c.PNG", "d.html", "x.csv.tmp", "e.csv~",
			".hidden.csv", ".git/config.csv", "_SUCCESS", "_delta_log/0.json", "zero.csv empty", "pipe.csv pipe", "s.csv socket", "empty/"},
		[]string{"license.csv",
			".git/: hidden: the name begins with a dot",
			".hidden.csv: hidden: the name begins with a dot",
			"README: no data: a text about the data",
			"README.md: no data: a document (.md)",
			"_SUCCESS: hidden: the name begins with _",
			"_delta_log/: hidden: the name begins with _",
			"a.py: no data: a program (.py)",
			"b.py.gz: no data: a program (.py)",
			"c.PNG: no data: an image (.png)",
			"d.html: no data: a web page (.html)",
			"e.csv~: no data: a backup copy (~)",
			"pipe.csv: no data: a named pipe",
			"readme.txt: no data: a text about the data",
			"s.csv: no data: a socket",
			"x.csv.tmp: no data: an unfinished write (.tmp)",
			"zero.csv: empty file"},
	},
	"links": {
		[]string{"real/a.csv", "b-link.csv -> real/a.csv", "loop/self -> .", "loop/up -> ..", "loop/top -> ../..", "loop/x.csv", "dangling.csv -> nowhere",
			"ring1 -> ring2", "ring2 -> ring1", "z-dir -> real", "@far/f.csv", "out1 -> @far", "out2 -> @far", "@one.csv", "@zero.csv empty",
			"l1.csv -> @one.csv", "l2.csv -> @one.csv", "l3.csv -> @zero.csv", "p.csv -> @p", "@p pipe"},
		[]string{"loop/x.csv", "real/a.csv",
			"b-link.csv: a link to real/a.csv, which is listed",
			"dangling.csv: a link to something that does not exist",
			"l1.csv: " + leadsOutReason, "l2.csv: " + leadsOutReason, "l3.csv: " + leadsOutReason,
			"loop/self/: a link back to loop/, which would never end",
			"loop/top: " + leadsOutReason,
			"loop/up/: a link back to the lake itself, which would never end",
			"out1: " + leadsOutReason, "out2: " + leadsOutReason, "p.csv: " + leadsOutReason,
			"ring1: a link that leads to itself",
			"ring2: a link that leads to itself",
			"z-dir/: a link to real/, which is listed"},
	},
	"overlap": {
		[]string{"t/inner/x.csv", "t/y.csv", "t/back -> inner", "a -> t", "b -> t/inner", "t/lake -> .."},
		[]string{"t/inner/x.csv", "t/y.csv",
			"a/: a link to t/, which is listed",
			"b/: a link to t/inner/, which is listed",
			"t/back/: a link to t/inner/, which is listed",
			"t/lake/: a link back to the lake itself, which would never end"},
	},
}

func TestWalk(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and pipes are those of Unix")
	}
	for name, c := range walks {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			dir, outside := filepath.Join(base, "lake"), filepath.Join(base, "outside")
			plant(t, dir, outside, c.tree...)
			root, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 { // goroutines must not change the outcome
				l, err := root.Walk(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, listed(l)); diff != "" {
					t.Fatalf("listing (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestWalkIdentities(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "", "a.csv", "d/b.csv", "l -> d/b.csv")
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := root.Walk(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range l.Files {
		paths = append(paths, f.Path)
		id, err := root.Stat(f.Path)
		if err != nil || id != f.ID || id.Size != 8 || id.MtimeNS == 0 {
			t.Errorf("%s: Stat says %+v (%v), Walk said %+v", f.Path, id, err, f.ID)
		}
	}
	if err := os.Remove(root.Abs("a.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := root.Stat("a.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v for a removed file, want one that matches fs.ErrNotExist", err)
	}
	if err := os.WriteFile(root.Abs("d/b.csv"), []byte("a,b\n1,3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ids := root.StatAll(paths)
	if ids[0] != (Identity{}) {
		t.Errorf("identity %+v of a removed file, want zero", ids[0])
	}
	if ids[1] == l.Files[1].ID {
		t.Errorf("identity unchanged after a write of the same size")
	}
}

// TestWalkFaults makes listings fail as disks and permissions do, which a test run by root cannot do otherwise.
func TestWalkFaults(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "", "ok/a.csv", "denied/a.csv", "gone/a.csv", "broken/a.csv", "half/a.csv", "lost.csv")
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	faults := map[string]error{"denied": fs.ErrPermission, "gone": fs.ErrNotExist, "broken": syscall.EIO, "half": syscall.EIO}
	root.readDir = func(abs string) (fs.FileInfo, []fs.DirEntry, error) {
		fault := faults[filepath.Base(abs)]
		if fault == nil || filepath.Base(abs) == "half" {
			self, entries, err := readDir(abs)
			if abs == root.Dir() {
				os.Remove(filepath.Join(abs, "lost.csv"))
			}
			return self, entries, errors.Join(err, fault)
		}
		return nil, nil, &fs.PathError{Op: "open", Path: abs, Err: fault}
	}
	l, err := root.Walk(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"half/a.csv", "ok/a.csv",
		"broken/: cannot list this directory: input/output error",
		"denied/: not allowed to list this directory; change its permissions",
		"gone/: vanished while the lake was listed",
		"half/: listed in part: cannot list this directory: input/output error",
		"lost.csv: vanished while the lake was listed"}
	if diff := cmp.Diff(want, listed(l)); diff != "" {
		t.Errorf("listing (-want +got):\n%s", diff)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := root.Walk(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a cancelled walk", err)
	}
	faults[filepath.Base(dir)] = fs.ErrPermission
	if _, err := root.Walk(context.Background()); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v for a root that cannot be listed", err)
	}
}

func TestOpenRoot(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	plant(t, dir, "", "d/.hidden.py", "link -> d/.hidden.py", "to -> d", "pipe pipe")
	for path, want := range map[string]string{
		"d":            filepath.Join(dir, "d") + " ",
		"to":           filepath.Join(dir, "d") + " ",
		"d/.hidden.py": filepath.Join(dir, "d") + " .hidden.py",
		"link":         filepath.Join(dir, "d") + " .hidden.py",
		"none":         "no such file or directory; name a directory or one data file",
		"pipe":         "it is a named pipe; name a directory or one data file",
	} {
		root, err := Open(filepath.Join(dir, path))
		got := fmt.Sprint(err)
		if err == nil {
			got = root.Dir() + " " + root.Single()
		}
		if !strings.HasSuffix(got, want) {
			t.Errorf("Open(%s) gives %q, want %q", path, got, want)
		}
	}
	root, err := Open(filepath.Join(dir, "link"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := root.Walk(context.Background())
	if err != nil || len(l.Files) != 1 || l.Files[0].Path != ".hidden.py" {
		t.Errorf("a lake of one file lists %v (%v)", l, err)
	}
}
