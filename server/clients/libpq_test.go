package clients

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/lib/pq"
)

// openPQ connects by lib/pq.
func openPQ(t *testing.T, more string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", fmt.Sprintf("postgres://ann@%s/lake?sslmode=disable%s", serve(t), more))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestLibPQ runs what programs do by lib/pq: prepared statements, types, errors, transactions and COPY, with parameters as text and as binary.
func TestLibPQ(t *testing.T) {
	for _, more := range []string{"", "&binary_parameters=yes"} {
		db := openPQ(t, more)
		t.Run("rows"+more, func(t *testing.T) { pqRows(t, db) })
		t.Run("errors"+more, func(t *testing.T) { pqErrors(t, db) })
		t.Run("path"+more, func(t *testing.T) { pqPath(t, db) })
		t.Run("copy"+more, func(t *testing.T) { pqCopy(t, db) })
	}
}

// pqRows reads values of several types, and counts by a statement that is run again.
func pqRows(t *testing.T, db *sql.DB) {
	at := time.Date(2024, 2, 29, 12, 34, 56, 500000000, time.UTC)
	var (
		n      int64
		text   string
		price  string
		when   time.Time
		bytes  []byte
		list   []int64
		absent sql.NullString
	)
	row := db.QueryRow("SELECT $1::bigint + 1, $2::text, $3::numeric(9,2), $4::timestamptz, $5::bytea, $6::int[], $7::text",
		41, "å'\"", "12.50", at, []byte{0, 255}, pq.Array([]int64{1, 2}), nil)
	if err := row.Scan(&n, &text, &price, &when, &bytes, pq.Array(&list), &absent); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%d %s %s %t %v %v %t", n, text, price, when.Equal(at), bytes, list, absent.Valid)
	if want := "42 å'\" 12.50 true [0 255] [1 2] false"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	st, err := db.Prepare("SELECT count(*) FROM stores WHERE store_id = ANY($1)")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for i := range 3 {
		ids := make([]int64, i)
		for j := range ids {
			ids[j] = int64(j + 1)
		}
		if err := st.QueryRow(pq.Array(ids)).Scan(&n); err != nil || n != int64(i) {
			t.Errorf("%d stores of %v: %v", n, ids, err)
		}
	}
}

// pqErrors fails inside a transaction and goes on after it.
func pqErrors(t *testing.T, db *sql.DB) {
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ sql, code string }{{"SELECT nosuch FROM stores", "42703"}, {"SELECT 1", "25P02"}} {
		var e *pq.Error
		if _, err := tx.Exec(c.sql); !errors.As(err, &e) || string(e.Code) != c.code {
			t.Errorf("%s: %v, want %s", c.sql, err, c.code)
		}
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	if err := db.Ping(); err != nil {
		t.Error(err)
	}
}

// pqCopy copies rows into a temporary table.
func pqCopy(t *testing.T, db *sql.DB) {
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("CREATE TEMP TABLE made (a int, b text)"); err != nil {
		t.Fatal(err)
	}
	st, err := tx.Prepare(pq.CopyIn("made", "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := st.Exec(i, "tab\t, back\\slash"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.Exec(); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	var n, sum int
	var text string
	if err := tx.QueryRow("SELECT count(*), sum(a), min(b) FROM made").Scan(&n, &sum, &text); err != nil || n != 100 || sum != 4950 || text != "tab\t, back\\slash" {
		t.Errorf("%d %d %q %v", n, sum, text, err)
	}
}

// pqPath takes back a search path with its transaction: tables of all schemas are found as before.
func pqPath(t *testing.T, db *sql.DB) {
	db.SetMaxOpenConns(1)
	for i, sql := range []string{"SELECT count(*) FROM reviews", "BEGIN", `SET search_path = "public"`, "SELECT count(*) FROM stores", "ROLLBACK", "SELECT count(*) FROM reviews"} {
		if _, err := db.Exec(sql); err != nil {
			t.Errorf("statement %d, %s: %v", i, sql, err)
		}
	}
}
