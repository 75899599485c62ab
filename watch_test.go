package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServeSeesNewFiles checks that a running server answers from files that came after a client has connected. The limit is
// generous, but below the time after which the lake would be listed anyway.
func TestServeSeesNewFiles(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("first.csv", "n\n1\n")
	r := newRemote(t, serveForTest(t, dir, t.TempDir()), true)
	await := func(sql, want string) {
		t.Helper()
		start := time.Now()
		for {
			got := r.run(t.Context(), sql)
			if got.state == "" && len(got.rows) == 1 && string(got.rows[0][0]) == want {
				t.Logf("%s after %v", sql, time.Since(start).Round(time.Millisecond))
				return
			}
			if time.Since(start) > 8*time.Second {
				t.Fatalf("%s: still %s %s, want %s", sql, got.state, got.message, want)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	await("select sum(n) from first", "1")
	put("second.csv", "m,o\n3,x\n")
	await("select sum(m) from second", "3")
	put("deep/er/third.json", `{"k": 4}`)
	await("select sum(k) from deep_er.third", "4")
	put("first.csv", "n\n1\n"+strings.Repeat("10\n", 3))
	await("select sum(n) from first", "31")
	if err := os.Remove(filepath.Join(dir, "second.csv")); err != nil {
		t.Fatal(err)
	}
	await("select count(*) from tarn.tables", "2")
}
