package server

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestStatementOfAnotherTable prepares a statement, gives its table a column more, and runs it again: PostgreSQL refuses that with an error by
// which drivers know that they are to prepare it again, and so does a pgx with its cache of statements.
func TestStatementOfAnotherTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.MkdirAll(filepath.Join(dir, "t"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, "t", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.csv", "id,name\n1,one\n")
	write("c.csv", "id,name\n3,three\n")
	_, addr := startLakeIn(t, dir, Options{})
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, "postgres://ann@"+addr+"/lake?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	width := func(sql string) (int, error) {
		rows, err := conn.Query(ctx, sql)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		for rows.Next() {
		}
		return len(rows.FieldDescriptions()), rows.Err()
	}
	for _, sql := range []string{"select * from t", "select id from t", "select *, 1 as one from t"} {
		if _, err := width(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	write("b.csv", "id,name,price\n2,two,1.5\n")
	if _, err := conn.Exec(ctx, "refresh", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if n, err := width("select id from t"); n != 1 || err != nil {
		t.Errorf("a statement whose columns are the same has %d columns, %v", n, err)
	}
	var pe *pgconn.PgError
	if _, err := width("select * from t"); !errors.As(err, &pe) || pe.Code != "0A000" || pe.Routine != "RevalidateCachedQuery" {
		t.Errorf("the statement of before gives %v", err)
	}
	if n, err := width("select * from t"); n != 3 || err != nil {
		t.Errorf("prepared again it has %d columns, %v", n, err)
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := width("select *, 1 as one from t"); err == nil || conn.PgConn().TxStatus() != 'E' {
		t.Errorf("in a transaction it gives %v and the state %c", err, conn.PgConn().TxStatus())
	}
	tx.Rollback(ctx)
	if n, err := width("select *, 1 as one from t"); n != 4 || err != nil {
		t.Errorf("after the transaction it has %d columns, %v", n, err)
	}
}

// TestAnotherStatementOfAnotherTable prepares the text of a statement again that was refused because its table got a column, while that
// is still open, in the same session and in another one: as asyncpg does, which runs it only a second time.
func TestAnotherStatementOfAnotherTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "t.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("id\n1\n")
	_, addr := startLakeIn(t, dir, Options{})
	ctx := t.Context()
	var sessions [2]*pgconn.PgConn
	for i := range sessions {
		c, err := pgconn.Connect(ctx, "postgres://ann@"+addr+"/lake?sslmode=disable")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		sessions[i] = c
	}
	prepare := func(c *pgconn.PgConn, name string, columns int) {
		st, err := c.Prepare(ctx, name, "select * from t", nil)
		if err != nil || len(st.Fields) != columns {
			t.Fatalf("%s: %v, %v; want %d columns", name, st, err, columns)
		}
	}
	run := func(c *pgconn.PgConn, name string) error {
		_, err := c.ExecPrepared(ctx, name, nil, nil, nil).Close()
		return err
	}
	prepare(sessions[0], "before", 1)
	if err := run(sessions[0], "before"); err != nil {
		t.Fatal(err)
	}
	write("id,name\n1,one\n")
	if _, err := sessions[1].Exec(ctx, "refresh").ReadAll(); err != nil {
		t.Fatal(err)
	}
	var pe *pgconn.PgError
	if err := run(sessions[0], "before"); !errors.As(err, &pe) || pe.Code != "0A000" {
		t.Fatalf("the statement of before gives %v", err)
	}
	for _, c := range sessions {
		prepare(c, "after", 2)
		if err := run(c, "after"); err != nil {
			t.Error(err)
		}
	}
}
