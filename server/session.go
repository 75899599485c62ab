package server

import (
	"context"

	"tarn/catalog/sqltype"
	"tarn/engine"
	"tarn/engine/pgcatalog"
)

// Session is what the server needs of an engine's session. One goroutine uses it.
type Session interface {
	Prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (*engine.Statement, error)
	Status() engine.TxStatus
	// Setting returns the value of an engine's setting, such as TimeZone.
	Setting(ctx context.Context, name string) (string, error)
	// Describe has client called, by any goroutine, while a statement runs that asks about the session itself.
	Describe(client func() pgcatalog.Client)
	Close() error
}

// OpenFunc opens a session for a new connection. The server closes it.
type OpenFunc func(ctx context.Context) (Session, error)

// statement is a prepared statement: of the engine, or one that the server answers itself.
type statement interface {
	Columns() []engine.Column
	Params() []sqltype.Type
	// Run executes the statement. Its rows are to be closed before the connection ends.
	Run(ctx context.Context, args []engine.Arg) (*engine.Rows, error)
	Close() error
}

// backend is a Session whose statements may be replaced in tests.
type backend interface {
	prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (statement, error)
	Status() engine.TxStatus
	Setting(ctx context.Context, name string) (string, error)
	Describe(client func() pgcatalog.Client)
	Close() error
}

// engineBackend adapts a Session to backend: Go's interfaces have no covariant results.
type engineBackend struct{ Session }

func (b engineBackend) prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (statement, error) {
	st, err := b.Prepare(ctx, sql, paramTypes)
	if err != nil {
		return nil, err
	}
	return st, nil
}
