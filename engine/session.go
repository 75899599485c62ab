package engine

import (
	"context"
	"errors"
	"log/slog"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// Options say how much of the machine the engine may use.
type Options struct {
	Threads     int    // worker threads; 0 means one per processor
	MemoryLimit string // as DuckDB reads it, e.g. 4GB; empty means half of the machine's memory
	Log         *slog.Logger
}

// DB is an embedded DuckDB over one catalog. Any number of goroutines may open sessions on it.
type DB struct{}

// Open starts DuckDB over cat. Close the DB before the catalog.
func Open(ctx context.Context, cat *catalog.Catalog, opts Options) (*DB, error) {
	return nil, errors.New("not yet")
}

// Close ends all sessions and frees DuckDB.
func (db *DB) Close() error { return nil }

// NewSession opens a session. It must be closed.
func (db *DB) NewSession(ctx context.Context) (*Session, error) { return nil, errors.New("not yet") }

// TxStatus is the state of a session's transaction.
type TxStatus uint8

// The transaction states, as PostgreSQL has them.
const (
	TxIdle   TxStatus = iota // no transaction block
	TxOpen                   // inside a block
	TxFailed                 // inside a block that failed: only ROLLBACK and COMMIT are taken
)

// Session is one client's connection: its settings, temporary tables and transaction. It runs one statement at a
// time; a statement started while another's Rows are open runs beside it. It is not safe for concurrent use, save
// for Cancel.
type Session struct{}

// Prepare parses and binds one statement without running it. paramTypes are the types the client declares for $1,
// $2, ...; Invalid, or a missing one, is taken from the plan. An empty statement has the tag "".
func (s *Session) Prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (*Statement, error) {
	return nil, errors.New("not yet")
}

// Query prepares and runs one statement that has no parameters.
func (s *Session) Query(ctx context.Context, sql string) (*Rows, error) {
	return nil, errors.New("not yet")
}

// Cancel interrupts whatever the session runs; it may be called from any goroutine at any time.
func (s *Session) Cancel() {}

// Status returns the state of the transaction.
func (s *Session) Status() TxStatus { return TxIdle }

// Setting returns the session's value of a DuckDB setting such as TimeZone.
func (s *Session) Setting(ctx context.Context, name string) (string, error) {
	return "", errors.New("not yet")
}

// Snapshot returns the catalog as the session's next statement would see it.
func (s *Session) Snapshot() *catalog.Snapshot { return nil }

// Close ends the session; open Rows end with it.
func (s *Session) Close() error { return nil }

// Statement is a prepared statement. It is valid until its session closes, and may run any number of times.
type Statement struct{}

// Columns returns the columns of the result, known without running; none if the statement returns no rows.
func (st *Statement) Columns() []Column { return nil }

// Params returns the types of $1, $2, ...
func (st *Statement) Params() []sqltype.Type { return nil }

// Tag is the command tag without a row count: SELECT, SET, BEGIN, ...; empty for an empty statement.
func (st *Statement) Tag() string { return "" }

// Arg is the value of one parameter, as text that a cast to the parameter's type accepts in DuckDB's spelling.
type Arg struct {
	Null bool
	Text string
}

// Run executes the statement and returns when the first rows can be read, or at the end if there are none.
func (st *Statement) Run(ctx context.Context, args []Arg) (*Rows, error) {
	return nil, errors.New("not yet")
}

// Close frees the statement; it does not end the Rows that it returned.
func (st *Statement) Close() error { return nil }
