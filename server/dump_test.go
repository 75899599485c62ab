package server

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDump has PostgreSQL's pg_dump write a lake, and loads that into a PostgreSQL, whose rows must be the lake's.
func TestDump(t *testing.T) {
	postgres := startPostgres(t)
	dir := filepath.Join(t.TempDir(), "lake")
	for name, text := range psqlLake {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, addr := startLakeIn(t, dir, Options{})
	program := func(name, addr, user string, args ...string) string {
		t.Helper()
		host, port, _ := net.SplitHostPort(addr)
		cmd := exec.Command(filepath.Join(oracleBin, name), append([]string{"-h", host, "-p", port, "-U", user}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	program("psql", addr, "ann", "-X", "-d", "lake", "-c", "create view outliers as select id, name from items where price > 2")
	dump := filepath.Join(t.TempDir(), "dump.sql")
	program("pg_dump", addr, "ann", "-O", "-x", "-N", "tarn", "--no-table-access-method", "-f", dump, "lake")
	program("psql", postgres, "postgres", "-X", "-v", "ON_ERROR_STOP=1", "-q", "-f", dump)
	for _, table := range []string{"items", "sales", "geo.places", "outliers"} {
		args := []string{"-X", "-A", "-c", "select * from " + table + " order by 1"}
		want := program("psql", addr, "ann", append(args, "-d", "lake")...)
		if got := program("psql", postgres, "postgres", args...); got != want {
			t.Errorf("%s in PostgreSQL:\n%s\nin the lake:\n%s", table, got, want)
		}
	}
	if rows := program("pg_dump", addr, "ann", "--data-only", "--inserts", "--table=items", "lake"); strings.Count(rows, "INSERT INTO public.items") != 2 {
		t.Errorf("pg_dump --data-only --inserts wrote\n%s", rows)
	}
}
