package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tarn/engine"
)

func TestCacheSize(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64 // -2: refused
	}{
		{"0", engine.NoCache}, {"0GB", engine.NoCache}, {"1", 1}, {"512MB", 512e6}, {"20GiB", 20 << 30}, {"1.5 kb", 1500}, {"2KiB", 2048},
		{"3tb", 3e12}, {"7b", 7}, {"", -2}, {"-1", -2}, {"MB", -2}, {"x", -2}, {"1XB", -2}, {"1e300", -2}, {"nan", -2}, {"inf", -2},
	} {
		var size cacheSize
		err := size.Set(c.text)
		if c.want == -2 {
			if err == nil {
				t.Errorf("%q was taken as %d", c.text, size)
			}
			continue
		}
		if err != nil || int64(size) != c.want {
			t.Errorf("%q: %d, %v, want %d", c.text, size, err, c.want)
		}
		var again cacheSize
		if err := again.Set(size.String()); err != nil || again != size {
			t.Errorf("%q is shown as %q, which is %d (%v)", c.text, size.String(), again, err)
		}
	}
}

// writeRows writes a CSV file: rows FILE NUMBER
func writeRows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rows FILE NUMBER")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,name %d\n", i, i%1000)
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, []byte(b.String()), 0o644))
}

// checkCopies compares the number of columnar copies below a state directory, and that nothing else is beside them: copies STATE NUMBER
func checkCopies(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: copies STATE NUMBER")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	found := map[string]int{}
	list, err := os.ReadDir(filepath.Join(ts.MkAbs(args[0]), "cache"))
	if want > 0 {
		ts.Check(err)
	}
	for _, d := range list {
		found[filepath.Ext(d.Name())]++
	}
	if found[".parquet"] != want || found[".json"] != want || len(list) != 2*want+found[".mark"] {
		ts.Fatalf("there are %v, want %d copies", found, want)
	}
}

// killWarm starts tarn warm and kills it while it writes a copy: killwarm DIR
func killWarm(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: killwarm DIR")
	}
	dir := ts.MkAbs(args[0])
	path, err := exec.LookPath("tarn")
	ts.Check(err)
	cmd := exec.Command(path, "warm", dir)
	ts.Check(cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if written, _ := filepath.Glob(filepath.Join(dir, ".tarn", "cache", "*.parquet")); len(written) > 0 {
			return
		}
	}
	ts.Fatalf("no copy was begun within 30 seconds")
}

// damage changes bytes in the middle of every columnar copy below a state directory: damage STATE
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage STATE")
	}
	list, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "cache", "*.parquet"))
	ts.Check(err)
	if len(list) == 0 {
		ts.Fatalf("there are no copies")
	}
	for _, path := range list {
		text, err := os.ReadFile(path)
		ts.Check(err)
		for i := len(text) / 2; i < len(text)/2+8; i++ {
			text[i] ^= 0x55
		}
		ts.Check(os.WriteFile(path, text, 0o600))
	}
}
