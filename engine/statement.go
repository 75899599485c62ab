package engine

import (
	"context"
	"errors"
	"slices"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
	"tarn/engine/sqltext"
)

// Statement is a prepared statement. It is valid until its session closes, and may run any number of times.
type Statement struct {
	s        *Session
	sql      string  // as the client wrote it
	text     string  // the rewritten one with the queries of views
	called   []macro // that text may call
	reach    string  // text, and those of the macros
	rewrite  rewritten
	declared []sqltype.Type // the parameter types that the client gave
	spelled  []pgsql.Edit   // of literals that are put into columns
	epoch    int64          // of the session, in which it was prepared
	// reshaped says that DuckDB got a text of its own making, in which places mean nothing to the client.
	reshaped bool
	executed bool // the text is that of a PREPARE, and the client wrote EXECUTE
	template bool // of a PREPARE: only its form is looked at
	kind     duck.StatementType
	columns  []Column
	outgrown bool // its tables have changed such that it has other columns now
	params   []sqltype.Type
	tag      string
	count    *readCount // of the run of an EXPLAIN ANALYZE
	tx       txVerb
	save     *savepointVerb
	own      *ownStatement // nil if DuckDB runs the statement
	explain  explaining

	bound  *prepared // ready to run, on the main connection; nil if it is to be bound again
	target *target   // what it was last bound to
	scans  []*scan   // and the files of that
	cuts   cuts      // why those files
	tables []*catalog.Table

	shapeKey  resultKey // empty if no result is kept
	noCatalog bool      // the catalog's answer was tried and could not be bound

	mode         pgsql.Mode // of its translation: the first that could be bound
	postgres     bool       // it names something of PostgreSQL's catalog
	catalogNames []string   // the relations of that
}

// Columns returns the columns of the result, known without running; none if the statement returns no rows.
func (st *Statement) Columns() []Column { return st.columns }

// Params returns the types of $1, $2, ...
func (st *Statement) Params() []sqltype.Type { return st.params }

// Tag is the command tag without a row count: SELECT, SET, BEGIN, ...; empty for an empty statement.
func (st *Statement) Tag() string { return st.tag }

// ReadsView reports whether the statement reads a view that a user made.
func (st *Statement) ReadsView() bool { return st.reshaped && st.s.namesView(st.sql) }

// Close frees the statement; it does not end the Rows that it returned.
func (st *Statement) Close() error {
	if st.bound != nil && !st.s.park(st) {
		st.free()
	}
	return nil
}

// free frees what DuckDB keeps of the statement.
func (st *Statement) free() {
	if st.bound.on.busy.Load() { // freeing it now would end the open rows
		st.s.garbage = append(st.s.garbage, st.bound)
	} else {
		st.bound.close()
	}
	st.bound = nil
}

// Arg is the value of one parameter, as text that a cast to the parameter's type accepts in DuckDB's spelling.
type Arg struct {
	Null bool
	Text string
}

// Prepare parses and binds one statement without running it. paramTypes are the types the client declares for $1,
// $2, ...; Invalid, or a missing one, is taken from the plan. An empty statement has the tag "".
func (s *Session) Prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (*Statement, error) {
	st, err := s.prepare(ctx, sql, paramTypes)
	if err != nil {
		s.noteCompat(sql, err)
		return nil, s.fail(err)
	}
	st.noteEmpty()
	return st, nil
}

// fail notes that an error ends an open transaction.
func (s *Session) fail(err error) error {
	if s.status == TxOpen {
		s.status = TxFailed
	}
	return err
}

func (s *Session) prepare(ctx context.Context, sql string, paramTypes []sqltype.Type) (*Statement, error) {
	text, err := s.executed(ctx, sql)
	if err != nil {
		return nil, err
	}
	st := s.unpark(ctx, text, paramTypes)
	if st == nil {
		st = s.statement(text, paramTypes)
		err = st.prepare(ctx)
	}
	if st.executed = text != sql; st.executed {
		err = moved(err, 0)
	}
	return st, err
}

// statement returns a statement that is to be prepared.
func (s *Session) statement(sql string, paramTypes []sqltype.Type) *Statement {
	return &Statement{s: s, sql: sql, declared: paramTypes, epoch: s.epoch, tag: commandTag(sql), explain: explainingOf(sql)}
}

// prepare finds out what the statement is; DuckDB binds it if it is none of Tarn's own.
func (st *Statement) prepare(ctx context.Context) error {
	done, rest := sqltext.Split(st.sql)
	switch n := len(done); {
	case n == 0 && rest.Text == "":
		st.tag = ""
		return nil
	case n > 1 || n == 1 && rest.Text != "":
		return &Error{Kind: KindSyntax, Message: "cannot prepare several statements at once",
			Hint: "Send them one by one."}
	}
	if own, err := st.prepareOwn(ctx); own || err != nil {
		return err
	}
	s := st.s
	if err := refuse(pgsql.Apply(st.sql, temporary(st.sql)), s.Snapshot()); err != nil {
		return err
	}
	if known, err := st.recallShape(ctx, st.declared); known || err != nil {
		return err
	}
	c, err := s.idle()
	if err != nil {
		return err
	}
	defer s.release(c)
	ctx, stop := s.watch(ctx, c) // a PIVOT without a list reads data here
	err = st.resolve(ctx, c, st.declared)
	for _, mode := range st.otherModes(err) {
		if ctx.Err() != nil {
			break
		}
		st.mode, st.noCatalog = mode, false
		other := st.resolve(ctx, c, st.declared)
		if other == nil || mode == pgsql.Untyped {
			err = other
		}
		if other == nil {
			break
		}
	}
	if e := cancelled(ctx); err != nil && e != nil {
		err = e
	}
	stop()
	return err
}

// otherModes are the translations to try when the first one failed to be bound with err.
func (st *Statement) otherModes(err error) (modes []pgsql.Mode) {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	if (e.Kind == KindType || e.Kind == KindUndefinedFunction || e.Kind == KindInvalidValue) && pgsql.HasOperators(st.sql) {
		modes = append(modes, pgsql.ByOperands)
	}
	if pgsql.UsesTyped(st.text) {
		modes = append(modes, pgsql.Untyped)
	}
	return modes
}

// prepareOwn reports whether the statement is one that DuckDB does not get as it is.
func (st *Statement) prepareOwn(ctx context.Context) (bool, error) {
	if st.tx = transactionVerb(st.sql); st.tx != txNone {
		st.tag = map[txVerb]string{txBegin: "BEGIN", txCommit: "COMMIT", txRollback: "ROLLBACK"}[st.tx]
		return true, nil
	}
	if st.save = parseSavepoint(st.sql); st.save != nil {
		st.tag = st.save.tag
		return true, nil
	}
	if st.s.status == TxFailed {
		return false, &Error{Kind: KindAborted, Message: "the transaction has failed, statements are ignored until its end",
			Hint: "Send ROLLBACK."}
	}
	own, err := parseOwn(st.sql)
	if own == nil && err == nil {
		own, err = st.s.parseView(st.sql)
	}
	if own == nil && err == nil {
		own, err = st.s.parsePrepared(ctx, st.sql)
	}
	if own == nil || err != nil {
		return false, err
	}
	st.own, st.tag, st.columns = own, own.tag, own.columns
	return true, nil
}

// resolve finds the types of parameters and columns. Parameters are bound as text inside a cast to their type, so
// that the text a client sends is read by the engine itself, and no other overload is chosen for a text.
func (st *Statement) resolve(ctx context.Context, c *conn, declared []sqltype.Type) error {
	st.spelled = pgsql.Assigned(st.sql, c.columnsOf)
	st.rewrite = st.rewritten(declared)
	p, err := st.bind(ctx, c, st.shape)
	if err != nil {
		return err
	}
	st.kind = duck.PreparedStatementType(p.p)
	if err := refuseType(st.kind); err != nil {
		p.close()
		return err
	}
	if n := int(duck.NParams(p.p)); n > 0 && !st.template {
		if p, err = st.castParams(ctx, c, p, n, declared); err != nil {
			return err
		}
	}
	st.columns = columnsOf(p.p, st.kind)
	st.markOrigins()
	st.keep(c, p)
	return nil
}

// castParams binds again with every parameter cast to its type. Where the plan does not tell a type, the first one
// that fits is taken, text first.
func (st *Statement) castParams(ctx context.Context, c *conn, p *prepared, n int, declared []sqltype.Type) (*prepared, error) {
	st.params = make([]sqltype.Type, n)
	unknown := false
	for i := range st.params {
		if i < len(declared) && declared[i].Kind != sqltype.Invalid {
			st.params[i] = declared[i]
		} else if st.params[i] = sqlTypeOf(duck.ParamLogicalType(p.p, duck.IdxT(i+1))); st.params[i].Kind <= sqltype.Null {
			st.params[i], unknown = sqltype.Type{}, true
		}
	}
	p.close()
	var first error
	for _, k := range []sqltype.Kind{sqltype.Varchar, sqltype.BigInt, sqltype.Double, sqltype.Timestamp, sqltype.Date} {
		types := slices.Clone(st.params)
		for i := range types {
			if types[i].Kind == sqltype.Invalid {
				types[i] = sqltype.Of(k)
			}
		}
		st.rewrite, st.noCatalog = st.rewritten(types), false
		p, err := st.bind(ctx, c, st.shape)
		if err == nil {
			st.params = types
			return p, nil
		}
		if first == nil {
			first = err
		}
		if !unknown {
			break
		}
	}
	return nil, first
}

// keep stores a bound statement for the next run; only the main connection's lasts.
func (st *Statement) keep(c *conn, p *prepared) {
	if c != st.s.main {
		p.close()
		return
	}
	st.bound = p
}

// columnsOf returns the columns of a table that DuckDB keeps; nil if there is none.
func (c *conn) columnsOf(table string) (columns []pgsql.Column) {
	p, err := c.prepare("SELECT * FROM " + table)
	if err != nil {
		return nil
	}
	defer p.close()
	for _, col := range columnsOf(p.p, duck.StatementTypeSelect) {
		columns = append(columns, pgsql.Column{Name: col.Name, Type: col.Type})
	}
	return columns
}

// columnsOf returns the columns of a statement's rows; none for statements that only do something.
func columnsOf(p duck.PreparedStatement, kind duck.StatementType) []Column {
	n := int(duck.PreparedStatementColumnCount(p))
	columns := make([]Column, n)
	for i := range columns {
		at := duck.IdxT(i)
		columns[i] = columnOf(duck.PreparedStatementColumnName(p, at), duck.PreparedStatementColumnLogicalType(p, at))
	}
	switch kind {
	case duck.StatementTypeSelect, duck.StatementTypeExplain, duck.StatementTypePragma, duck.StatementTypeCall,
		duck.StatementTypeExecute, bindings.StatementTypeRelation:
		return columns
	case duck.StatementTypeInsert, duck.StatementTypeUpdate, duck.StatementTypeDelete, bindings.StatementTypeMergeInto:
		if n != 1 || columns[0].Name != "Count" { // RETURNING
			return columns
		}
	}
	return nil
}

// commandTag returns PostgreSQL's command tag of a statement, without a count.
func commandTag(sql string) string {
	words := sqltext.Words(sql, 5)
	if len(words) == 0 {
		return "SELECT"
	}
	switch words[0] {
	case "SET", "RESET", "EXPLAIN", "PREPARE", "DEALLOCATE", "CALL", "INSERT", "UPDATE", "DELETE", "MERGE", "SHOW", "PRAGMA", "USE":
		return words[0]
	case "TRUNCATE":
		return "TRUNCATE TABLE"
	case "DESCRIBE", "DESC":
		return "SHOW"
	case "CREATE", "DROP", "ALTER":
		for _, w := range words[1:] {
			switch w {
			case "TABLE", "VIEW", "MACRO", "TYPE", "SEQUENCE", "INDEX", "FUNCTION":
				return words[0] + " " + w
			}
		}
		return words[0]
	}
	return "SELECT"
}
