package server

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tarn/engine/ducktest"
)

// TestDifferential sends statements to PostgreSQL and to Tarn, over the same tables, and wants the same answers;
// testdata/diff/README.md tells how they are written.
func TestDifferential(t *testing.T) {
	oracle := startPostgres(t)
	_, lake := startLakeIn(t, diffLake(t), Options{})
	fillPostgres(t, oracle)
	files, err := filepath.Glob("testdata/diff/*." + *diffFiles)
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	total := 0
	for _, file := range files {
		blocks := readBlocks(t, file)
		total += len(blocks)
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			for _, m := range diffModes {
				runBlocks(t, blocks, m, oracle, lake)
			}
			if *update {
				writeBlocks(t, file, blocks)
			}
		})
	}
	if total < leastStatements {
		t.Errorf("there are %d statements, fewer than %d", total, leastStatements)
	}
}

// leastStatements keeps the suite from shrinking.
const leastStatements = 1

// diffMode is one way to send statements.
type diffMode struct {
	name   string
	simple bool
	format int16 // of parameters and results in the extended protocol
}

var diffModes = []diffMode{{"simple", true, 0}, {"text", false, 0}, {"binary", false, 1}}

// runBlocks runs the statements of a file in two sessions of their own.
func runBlocks(t *testing.T, blocks []*diffBlock, m diffMode, oracle, lake string) {
	pg, tarn := &diffSession{addr: oracle, database: "postgres"}, &diffSession{addr: lake, database: "lake"}
	defer pg.close()
	defer tarn.close()
	for _, b := range blocks {
		if m.simple && len(b.params) > 0 {
			continue
		}
		want, got := pg.answer(t, b, m), tarn.answer(t, b, m)
		if *diffShow {
			t.Logf("%s\n%s", b.sql, got)
		}
		if problem := b.judge(want, got, m); problem != "" {
			if b.failed { // it was told in full
				problem = ""
			}
			b.failed = true
			t.Errorf("line %d, %s protocol:\n%s\n%s", b.line, m.name, b.sql, problem)
		}
	}
}

// diffSession is a connection, opened anew when a statement ended it.
type diffSession struct {
	addr, database string
	conn           *pgconn.PgConn
	notices        []string
}

func (s *diffSession) open(t *testing.T) *pgconn.PgConn {
	if s.conn != nil && !s.conn.IsClosed() {
		return s.conn
	}
	cfg, err := pgconn.ParseConfig("postgres://postgres@" + s.addr + "/" + s.database + "?sslmode=disable&timezone=UTC")
	if err != nil {
		t.Fatal(err)
	}
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { s.notices = append(s.notices, n.Severity+" "+n.Code) }
	if s.conn, err = pgconn.ConnectConfig(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	return s.conn
}

func (s *diffSession) close() {
	if s.conn != nil {
		s.conn.Close(context.Background())
	}
}

// diffLake writes testdata/diff/tables.sql as Parquet files and returns their directory.
func diffLake(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	sql, err := os.ReadFile("testdata/diff/tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	if err := ducktest.WriteLake(string(sql), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
