package clients

import (
	"bytes"
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tarn/catalog"
	"tarn/engine"
	"tarn/server"
	"tarn/storage"
)

var (
	all    = flag.Bool("clients", false, "run the clients that scripts/clients/install.sh installs by the name all")
	update = flag.Bool("update", false, "write what the clients print into testdata")
)

// scenarios are the programs of testdata, and what runs them. What a program prints is in a file of its name with the ending .txt.
var scenarios = []struct {
	file string
	with []string // in front of the file
}{
	{"psql.sh", []string{"bash"}}, {"use_psql.py", python}, {"rpostgres.R", []string{"Rscript", "--vanilla"}},
	{"use_psycopg2.py", python}, {"use_psycopg3.py", python}, {"use_asyncpg.py", python}, {"use_sqlalchemy.py", python}, {"use_adbc.py", python}, {"use_connectorx.py", python},
	{"use_rpostgres.py", python}, {"use_pg8000.py", python}, {"use_ibis.py", python}, {"use_polars.py", python}, {"postgres.js", node}, {"pdo.php", []string{"php"}}, {"pg.rb", []string{"ruby"}},
	{"use_odbc.py", python}, {"use_pgcli.py", python}, {"node.js", node}, {"knex.js", node}, {"typeorm.js", node}, {"sequelize.js", node}, {"dbd.pl", []string{"perl"}},
	{"Metadata.java", java}, {"DBeaver.java", java}, {"tools.sh", []string{"bash"}}, {"dbt.sh", []string{"bash"}}, {"fdw.sh", []string{"bash"}},
	{"use_duckdb.py", []string{"CLIENTS/duckdb/bin/python"}}, {"use_superset.py", []string{"CLIENTS/superset/bin/python"}},
}

var (
	python = []string{"CLIENTS/python/bin/python"}
	node   = []string{"node"}
	java   = []string{"java", "-cp", "CLIENTS/postgresql.jar"}
)

// TestClients runs every scenario against one server.
func TestClients(t *testing.T) {
	if !*all {
		t.Skip("make test-clients runs these")
	}
	addr := serve(t)
	for _, s := range scenarios {
		t.Run(s.file, func(t *testing.T) { runScenario(t, addr, s.with, s.file) })
	}
}

// runScenario runs a program and compares what it prints.
func runScenario(t *testing.T, addr string, with []string, file string) {
	dir, err := filepath.Abs(clientsDir())
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	args := append(slices.Clone(with), path)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "CLIENTS", dir)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = t.TempDir()
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	host, port, _ := net.SplitHostPort(addr)
	cmd.Env = append(cmd.Env, "TARN_HOST="+host, "TARN_PORT="+port, "TARN_CLIENTS="+dir, "TZ=UTC", "LC_ALL=C.UTF-8", "PYTHONIOENCODING=utf-8",
		"NODE_PATH="+filepath.Join(dir, "node", "node_modules"), "TESTDATA="+filepath.Dir(path))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s\n%s", err, out, stderr.Bytes())
	}
	golden := strings.TrimSuffix(path, filepath.Ext(path)) + ".txt"
	if *update {
		if err := os.WriteFile(golden, out, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(out)); d != "" {
		t.Errorf("the client saw other things (-want +got)\n%s\n%s", d, stderr.Bytes())
	}
}

// clientsDir is where scripts/clients/install.sh puts the clients.
func clientsDir() string {
	if dir := os.Getenv("TARN_CLIENTS"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", ".clients")
}

// serve serves a copy of the example lake and returns the address.
func serve(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.CopyFS(dir, os.DirFS("../../examples/lake")); err != nil {
		t.Fatal(err)
	}
	os.RemoveAll(filepath.Join(dir, ".tarn"))
	for _, at := range []string{"orders", "products.csv"} { // comments name the time of the last change
		filepath.WalkDir(filepath.Join(dir, at), func(p string, d os.DirEntry, err error) error {
			stamp := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
			return os.Chtimes(p, stamp, stamp)
		})
	}
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	cat, err := catalog.Open(t.Context(), root, catalog.Options{StateDir: filepath.Join(t.TempDir(), "state"), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	db, err := engine.Open(t.Context(), cat, engine.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := server.New(func(ctx context.Context) (server.Session, error) { return db.NewSession(ctx) }, server.Options{Log: log, Version: "test"})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(context.Background(), l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		<-served
	})
	return l.Addr().String()
}
