package engine

import (
	"context"
	"errors"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// Column is one column of a result.
type Column struct {
	Name string
	Type sqltype.Type
	// Postgres names a type of PostgreSQL's catalog that the column has, as pgcatalog.TypeNamed knows it; that of a list's
	// elements if Type is a list and the type itself is none. Empty for all others.
	Postgres string
	// Table and Attribute are the OID of the table and the number of the column, if it is a plain column of the lake's.
	Table     uint32
	Attribute int16
}

// Notice is something the user should know although the statement succeeded.
type Notice struct {
	Message string
	Hint    string
	// Remark says that nothing is wrong: what was asked for is done, or was so before. Others are warnings.
	Remark bool
	// Kind is what it would be as an error; KindInternal if it would be none.
	Kind ErrorKind
}

// Rows is a running statement's result, as a stream of Arrow record batches. It must be closed. It is not safe for
// concurrent use, but Session.Cancel may be called meanwhile.
//
// The Arrow array for each SQL type:
//
//	NULL                     Null
//	BOOLEAN                  Boolean
//	[U]TINYINT ... [U]BIGINT Int8 ... Int64, Uint8 ... Uint64
//	HUGEINT                  Decimal128 of scale 0; all 128 bits are used, so up to 39 digits
//	UHUGEINT                 FixedSizeBinary(16), little-endian unsigned
//	FLOAT, DOUBLE            Float32, Float64
//	DECIMAL(w,s)             Decimal128(w,s)
//	VARCHAR, JSON, ENUM      String (JSON: the original text; ENUM: the label)
//	BIT, BIGNUM              String of digits
//	BLOB, GEOMETRY           Binary
//	UUID                     FixedSizeBinary(16), big-endian as printed
//	DATE                     Date32; math.MaxInt32 is infinity, -math.MaxInt32 is -infinity
//	TIME, TIME_NS            Time64 in microseconds, nanoseconds
//	TIME WITH TIME ZONE      Uint64 with DuckDB's bits: microseconds<<24 | (57599 - offset seconds)
//	TIMESTAMP_S, _MS, (us), _NS  Timestamp of that unit without zone; math.MaxInt64 is infinity, -math.MaxInt64 is -infinity
//	TIMESTAMP WITH TIME ZONE Timestamp in microseconds, zone UTC
//	INTERVAL                 FixedSizeBinary(16), little-endian: int32 months, int32 days, int64 microseconds
//	T[], T[n]                List
//	STRUCT                   Struct
//	MAP                      Map
//	UNION                    Struct of a field "tag" (Uint8: the index of the member) and the members
//
// Every field's metadata has the key "sqltype" with the SQL type's spelling.
type Rows struct {
	columns []Column
	schema  *arrow.Schema
	stream  Stream
	tag     string
	style   cell.Style
	onClose func() error // frees the statement of a Query; may be nil
}

// Stream is where the batches of a Rows come from.
type Stream interface {
	// Next returns the next batch, which the caller releases, or io.EOF after the last one.
	Next(ctx context.Context) (arrow.RecordBatch, error)
	// Notices returns what is known so far; all of it after Next has returned io.EOF.
	Notices() []Notice
	// Close ends the statement; it may be called at any time and more than once.
	Close() error
}

// NewRows returns a result over stream: for results that do not come from DuckDB, and for tests.
func NewRows(tag string, columns []Column, schema *arrow.Schema, style cell.Style, stream Stream) *Rows {
	return &Rows{tag: tag, columns: columns, schema: schema, style: style, stream: stream}
}

// Columns returns the result's columns; none if the statement returns no rows. They are those of the data, which may
// differ from what Statement.Columns said if a table has changed since.
func (r *Rows) Columns() []Column { return r.columns }

// Schema returns the Arrow schema of every batch.
func (r *Rows) Schema() *arrow.Schema { return r.schema }

// Tag is the statement's command tag as PostgreSQL has it, with the count of changed rows where there is one, but
// without the count of returned rows: SELECT, SET, BEGIN, CREATE TABLE, INSERT 0 5, ...
func (r *Rows) Tag() string { return r.tag }

// Style is how the session that ran the statement spells values.
func (r *Rows) Style() cell.Style { return r.style }

// Next returns the next batch, which the caller must release, or io.EOF after the last one. A batch has at least
// one row. When ctx ends, the statement is cancelled and the error has KindCancelled.
func (r *Rows) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if r.stream == nil {
		return nil, io.EOF
	}
	return r.stream.Next(ctx)
}

// Notices returns what the user should know; complete after Next has returned io.EOF.
func (r *Rows) Notices() []Notice {
	if r.stream == nil {
		return nil
	}
	return r.stream.Notices()
}

// Close ends the statement and frees what it holds; closing twice is harmless.
func (r *Rows) Close() error {
	if r.stream == nil {
		return nil
	}
	err := r.stream.Close()
	if r.onClose != nil {
		err = errors.Join(err, r.onClose())
	}
	return err
}
