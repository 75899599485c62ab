package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/engine"
	"tarn/testing/sqltest"
)

// answer is what one statement gave on one route.
type answer struct {
	columns []engine.Column
	rows    [][]value
	state   string // SQLSTATE of an error; empty if none
	message string
}

// value is one cell as text; see sqltest.Cell for how it is shown.
type value struct {
	text string
	null bool
}

// lines is the answer as a golden file has it.
func (a *answer) lines(sorted bool) []string {
	var head, lines []string
	for _, c := range a.columns {
		head = append(head, sqltest.Cell(c.Name, false)+" "+c.Type.String())
	}
	for _, row := range a.rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, sqltest.Cell(v.text, v.null))
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	if sorted {
		slices.Sort(lines)
	}
	return append([]string{strings.Join(head, " | ")}, lines...)
}

// TestSQL runs every golden file over the same tables in each format: in process and over the wire, with the simple
// and the extended protocol. In process the answers must be the file's; over the wire, those in process.
func TestSQL(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "sql", "*.test"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d golden files, %v", len(paths), err)
	}
	var all []*sqltest.Golden
	for _, path := range paths {
		g, err := sqltest.ReadGolden(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, g)
	}
	for _, format := range sqltest.Formats {
		t.Run(format, func(t *testing.T) {
			dir, state := t.TempDir(), t.TempDir()
			if err := sqltest.WriteLake(filepath.Join("testdata", "tables"), dir, format); err != nil {
				t.Fatal(err)
			}
			db := openForTest(t, dir, state)
			addr := serveForTest(t, dir, state)
			for _, g := range all {
				t.Run(strings.TrimSuffix(filepath.Base(g.Path), ".test"), func(t *testing.T) {
					runGolden(t, g, format, db, addr)
				})
			}
		})
	}
	if !*rewrite {
		return
	}
	for _, g := range all {
		if err := g.Write(); err != nil {
			t.Error(err)
		}
	}
}

// runGolden runs the records of one file that are meant for the format, in sessions of their own.
func runGolden(t *testing.T, g *sqltest.Golden, format string, db *engine.DB, addr string) {
	local := newLocal(t, db)
	remotes := []*remote{newRemote(t, addr, false), newRemote(t, addr, true)}
	for i := range g.Records {
		r := &g.Records[i]
		if r.Kind == sqltest.Comment || !r.RunsOn(format) {
			continue
		}
		got := local.run(t.Context(), r.SQL)
		checkRecord(t, g.Path, r, got)
		for _, remote := range remotes {
			wire := remote.run(t.Context(), r.SQL)
			if diff := compareWire(got, wire, r.Sort); diff != "" {
				t.Errorf("%s:%d: %s\n%s differs from in process: %s", g.Path, r.Line, r.SQL, remote.name, diff)
			}
		}
	}
}

// checkRecord compares an answer with what the file expects, or writes it down.
func checkRecord(t *testing.T, path string, r *sqltest.Record, got *answer) {
	t.Helper()
	where := fmt.Sprintf("%s:%d: %s\n", path, r.Line, r.SQL)
	switch {
	case r.Kind == sqltest.Failure && got.state == "":
		t.Errorf("%sgave no error, want %s %s", where, r.State, r.Message)
	case r.Kind == sqltest.Failure:
		if got.state != r.State || !strings.Contains(got.message, r.Message) {
			t.Errorf("%sgave %s %s, want %s %s", where, got.state, got.message, r.State, r.Message)
		}
	case got.state != "":
		t.Errorf("%sgave %s %s", where, got.state, got.message)
	case r.Kind == sqltest.Query && *rewrite:
		r.Want = got.lines(r.Sort)
	case r.Kind == sqltest.Query:
		if diff := cmp.Diff(r.Want, got.lines(r.Sort)); diff != "" {
			t.Errorf("%s(-want +got)\n%s", where, diff)
		}
	}
}

// openForTest opens a lake in process.
func openForTest(t *testing.T, dir, state string) *engine.DB {
	t.Helper()
	l, err := (&program{stdout: io.Discard, stderr: io.Discard, state: state}).openLake(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
	return l.db
}

// local runs statements in process.
type local struct {
	session *engine.Session
}

func newLocal(t *testing.T, db *engine.DB) *local {
	t.Helper()
	session, err := db.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	l := &local{session}
	if got := l.run(t.Context(), "SET TimeZone = 'UTC'"); got.state != "" {
		t.Fatal(got.message)
	}
	return l
}

func (l *local) run(ctx context.Context, sql string) *answer {
	got, err := l.collect(ctx, sql)
	if err != nil {
		var e *engine.Error
		if !errors.As(err, &e) {
			return &answer{state: "?????", message: fmt.Sprintf("an error that is no engine.Error: %v", err)}
		}
		return &answer{state: states[e.Kind], message: e.Error()}
	}
	return got
}

func (l *local) collect(ctx context.Context, sql string) (*answer, error) {
	rows, err := l.session.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return collectRows(ctx, rows)
}

// collectRows reads rows to their end.
func collectRows(ctx context.Context, rows *engine.Rows) (*answer, error) {
	got := &answer{columns: rows.Columns()}
	for {
		batch, err := rows.Next(ctx)
		if err == io.EOF {
			return got, rows.Close()
		}
		if err != nil {
			return nil, err
		}
		for i := range int(batch.NumRows()) {
			var row []value
			for c, col := range got.columns {
				arr := batch.Column(c)
				v := value{null: arr.IsNull(i) || col.Type.String() == `"NULL"`}
				switch {
				case v.null:
				case col.Type.IsNested():
					v.text = string(rows.Style().AppendJSON(nil, col.Type, arr, i))
				default:
					v.text = string(rows.Style().Append(nil, col.Type, arr, i))
				}
				row = append(row, v)
			}
			got.rows = append(got.rows, row)
		}
		batch.Release()
	}
}

// states are the SQLSTATEs of the kinds of errors (https://www.postgresql.org/docs/current/errcodes-appendix.html).
var states = map[engine.ErrorKind]string{
	engine.KindInternal: "XX000", engine.KindSyntax: "42601", engine.KindUndefinedTable: "42P01",
	engine.KindUndefinedColumn: "42703", engine.KindUndefinedFunction: "42883", engine.KindUndefinedSchema: "3F000",
	engine.KindUndefinedObject: "42704", engine.KindAmbiguous: "42702", engine.KindDuplicate: "42P07", engine.KindDuplicateColumn: "42701", engine.KindDuplicateSchema: "42P06",
	engine.KindDependent: "2BP01", engine.KindWrongObject: "42809",
	engine.KindType: "42804", engine.KindInvalidValue: "22P02", engine.KindOutOfRange: "22003",
	engine.KindDivisionByZero: "22012", engine.KindGrouping: "42803", engine.KindReadOnly: "25006",
	engine.KindPermission: "42501", engine.KindUnsupported: "0A000", engine.KindIO: "58030",
	engine.KindCorruptFile: "XX001", engine.KindFileChanged: "40001", engine.KindCancelled: "57014",
	engine.KindDatetimeFormat: "22007", engine.KindDatetimeRange: "22008", engine.KindOutOfMemory: "53200", engine.KindTransaction: "25001", engine.KindAborted: "25P02",
}
