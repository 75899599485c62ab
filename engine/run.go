package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
	"tarn/engine/cell"
)

// Run executes the statement and returns when the first rows can be read, or at the end if there are none.
func (st *Statement) Run(ctx context.Context, args []Arg) (*Rows, error) {
	rows, err := st.run(ctx, args)
	if err != nil {
		if st.postgres {
			st.s.noteCompat(st.sql, err)
		}
		return nil, st.s.fail(err)
	}
	return rows, nil
}

// attempts is how often a statement runs when the files change while it reads them.
const attempts = 3

func (st *Statement) run(ctx context.Context, args []Arg) (*Rows, error) {
	switch {
	case st.tag == "":
		return doneRows(""), nil
	case st.tx != txNone:
		return st.s.runTransaction(ctx, st.tx)
	case st.save != nil:
		return st.s.runSavepoint(ctx, st.save)
	case st.s.status == TxFailed:
		return nil, &Error{Kind: KindAborted, Message: "the transaction has failed, statements are ignored until its end",
			Hint: "Send ROLLBACK."}
	case len(args) != len(st.params):
		return nil, &Error{Kind: KindInvalidValue, Message: fmt.Sprintf("the statement has %d parameters, %d values were given", len(st.params), len(args))}
	}
	if st.own != nil {
		return st.runOwn(ctx)
	}
	if rows, err := st.recall(ctx, args); rows != nil || err != nil {
		return rows, err
	}
	var err error
	for range attempts {
		var rows *Rows
		if rows, err = st.attempt(ctx, args); err == errOvertaken || st.s.db.dropCorrupt(err, st.scans) || st.s.db.readSerially(err, st.scans) {
			continue
		}
		if !changed(err) || st.s.pinned != nil {
			return rows, err
		}
		if _, crawl := st.s.db.cat.Refresh(ctx); crawl != nil {
			return nil, crawlError(crawl)
		}
	}
	return nil, err
}

// errOvertaken says that a view became newer between the binding of a statement and its start.
var errOvertaken error = &Error{Kind: KindFileChanged, Message: "the tables of the statement change faster than it can start",
	Hint: "Try again."}

// overtaken reports whether the views of tables are no longer those of their versions.
func (s *Session) overtaken(tables []*catalog.Table) bool {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	for _, t := range tables {
		if d := s.db.defined[t.ID]; d == nil || d.Version != t.Version {
			return true
		}
	}
	return false
}

func crawlError(err error) error {
	return &Error{Kind: KindIO, Message: "cannot crawl the lake after its files changed", Detail: err.Error(), Err: err}
}

func changed(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == KindFileChanged
}

// attempt binds if need be and runs once. Results of one batch are checked for changed files before they are given
// out, so that they can be computed again; longer ones are checked at their end.
func (st *Statement) attempt(ctx context.Context, args []Arg) (*Rows, error) {
	s := st.s
	c, err := s.idle()
	if err != nil {
		return nil, err
	}
	if c != s.main && changesSession(st.kind) {
		s.release(c)
		return nil, &Error{Kind: KindTransaction, Message: "cannot run " + st.tag + " while rows of another statement are open",
			Hint: "Read or close those rows first."}
	}
	ctx, stop := s.watch(ctx, c)
	rows, err := st.execute(ctx, c, args)
	if e := cancelled(ctx); err != nil && e != nil && !changed(err) {
		err = e
	}
	stop()
	if !c.busy.Load() {
		s.release(c)
	}
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// changesSession reports whether a statement leaves something in its connection, which would be lost if that is not the
// session's main one.
func changesSession(k duck.StatementType) bool {
	switch k {
	case duck.StatementTypeSet, duck.StatementTypeVariableSet, duck.StatementTypeCreate, duck.StatementTypeCreateFunc,
		duck.StatementTypeDrop, duck.StatementTypeAlter, duck.StatementTypeInsert,
		duck.StatementTypeUpdate, duck.StatementTypeDelete, bindings.StatementTypeMergeInto:
		return true
	}
	return false
}

// execute runs the statement on c, which is busy from now on if there are rows.
func (st *Statement) execute(ctx context.Context, c *conn, args []Arg) (rows *Rows, err error) {
	p, owned, err := st.ready(ctx, c, args)
	if err != nil {
		return nil, err
	}
	defer func() {
		if owned != nil {
			owned.close()
		}
	}()
	if err := errors.Join(st.unchanged(), p.bind(args)); err != nil {
		return nil, err
	}
	style, notices := st.s.style(c)
	missing, err := st.shortfall(ctx, c)
	if err != nil {
		return nil, err
	}
	if rows, err := st.again(args, missing); rows != nil || err != nil {
		return rows, err
	}
	keep, err := st.record(args, missing)
	if err != nil {
		return nil, err
	}
	skips := st.skips(c)
	res, err := st.start(ctx, c, p, args)
	if err != nil {
		return nil, err
	}
	if st.columns == nil {
		return st.finish(res, append(missing, skips...))
	}
	out := owned
	owned = nil // the stream frees it
	if rows, err = st.stream(ctx, c, out, res, style, missing, keep); err != nil {
		st.endCount()
		return nil, err
	}
	stream := rows.stream.(*stream)
	if hasZone(rows.columns) {
		stream.notices = append(stream.notices, notices...)
	}
	if st.explain.on {
		rows.stream = &explained{stream: stream, st: st, args: args}
	}
	return rows, nil
}

// start begins the execution. An error that another state of the lake explains is told as such.
func (st *Statement) start(ctx context.Context, c *conn, p *prepared, args []Arg) (*duck.Result, error) {
	if err := st.beginCount(c); err != nil {
		return nil, err
	}
	if st.counts() {
		st.s.changes++
	}
	res, err := p.start()
	p.used = st.kind == duck.StatementTypeCreate || st.kind == duck.StatementTypeCreateFunc || st.kind == duck.StatementTypeAlter
	if err == nil && st.outdated(ctx, args) {
		duck.DestroyResult(res)
		err = errOvertaken
	}
	if err == nil {
		return res, nil
	}
	st.endCount()
	if err == errOvertaken {
		return nil, err
	}
	if e := st.s.db.unchanged(st.tables); e != nil {
		return nil, e
	}
	if st.s.overtaken(st.tables) {
		if st.bound != nil && st.bound.on == c {
			st.bound.close()
			st.bound = nil
		}
		return nil, errOvertaken
	}
	return nil, st.located(st.s.db.localise(err), st.s.Snapshot())
}

// hasZone reports whether a column's text depends on the time zone.
func hasZone(columns []Column) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return strings.Contains(c.Type.String(), "TIMESTAMP WITH TIME ZONE") })
}

// ready returns the statement bound on c to the current snapshot and to the files that can hold rows for args. owned is the
// same if the caller has to free it.
func (st *Statement) ready(ctx context.Context, c *conn, args []Arg) (p, owned *prepared, err error) {
	pick := func(ctx context.Context, _ *conn, to *target) ([]*scan, error) { return st.choose(ctx, to, args), nil }
	if b := st.bound; b != nil && b.on == c {
		snap, err := st.s.current(ctx)
		if err != nil {
			return nil, nil, err
		}
		if !b.used && snap.Version == st.target.snap.Version && st.sameViews() && (st.target.answer == nil || st.s.asksCatalog()) {
			if scans := st.choose(ctx, st.target, args); slices.Equal(scans, st.scans) {
				return b, nil, st.s.db.useFiles(c, scans) // DuckDB may bind again
			}
		}
		b.close()
		st.bound = nil
	}
	if p, err = st.bind(ctx, c, pick); err != nil {
		return nil, nil, err
	}
	st.outgrown = st.outgrown || !slices.EqualFunc(columnsOf(p.p, st.kind), st.columns, func(a, b Column) bool { return a.Name == b.Name && a.Type.Equal(b.Type) })
	if c == st.s.main {
		st.bound = p
		return p, nil, nil
	}
	return p, p, nil
}

// finish drops the result of a statement without rows and makes its tag.
func (st *Statement) finish(res *duck.Result, notices []Notice) (*Rows, error) {
	defer duck.DestroyResult(res)
	if changesSession(st.kind) {
		st.s.turn()
	}
	tag := st.tag
	switch st.kind {
	case duck.StatementTypeInsert:
		tag = fmt.Sprintf("INSERT 0 %d", countOf(res))
	case duck.StatementTypeUpdate, duck.StatementTypeDelete, bindings.StatementTypeMergeInto:
		if tag != "TRUNCATE TABLE" { // which DuckDB takes for a DELETE
			tag = fmt.Sprintf("%s %d", tag, countOf(res))
		}
	case duck.StatementTypeCreate, duck.StatementTypeCreateFunc:
		if n, ok := changedRows(res); ok && tag == "CREATE TABLE" { // AS
			tag = fmt.Sprintf("SELECT %d", n)
		}
		st.s.made(st.rewrite.sql)
	case duck.StatementTypeDrop:
		if err := st.s.afterDrop(st.s.main, st.rewrite.sql); err != nil {
			return nil, err
		}
	case duck.StatementTypeSet, duck.StatementTypeVariableSet:
		if err := st.s.remember(st.sql); err != nil {
			return nil, err
		}
	}
	return &Rows{tag: tag, stream: &ended{notices: notices}}, nil
}

// countOf reads the number of changed rows, the one value of such a result.
func countOf(res *duck.Result) int64 {
	n, _ := changedRows(res)
	return n
}

// changedRows is countOf; not ok if the result has no row.
func changedRows(res *duck.Result) (n int64, ok bool) {
	chunk := duck.FetchChunk(*res)
	if chunk.Ptr == nil {
		return 0, false
	}
	defer duck.DestroyDataChunk(&chunk)
	if duck.DataChunkGetSize(chunk) == 0 {
		return 0, false
	}
	return *(*int64)(duck.VectorGetData(duck.DataChunkGetVector(chunk, 0))), true
}

// resultColumns returns what the result really has. It may differ from what the statement was prepared with: files
// change, and DuckDB itself binds again when a temporary table was replaced.
func resultColumns(res *duck.Result) []Column {
	columns := make([]Column, duck.ColumnCount(res))
	for i := range columns {
		at := duck.IdxT(i)
		columns[i] = columnOf(duck.ColumnName(res, at), duck.ColumnLogicalType(res, at))
	}
	return columns
}

// stream begins to read the rows.
func (st *Statement) stream(ctx context.Context, c *conn, owned *prepared, res *duck.Result, style cell.Style, notices []Notice, keep *recorder) (*Rows, error) {
	columns := resultColumns(res)
	if len(columns) == len(st.columns) {
		for i, c := range st.columns {
			columns[i] = columns[i].describedAs(c)
		}
	}
	schema, err := arrowSchema(columns)
	if err != nil {
		duck.DestroyResult(res)
		owned.close()
		return nil, err
	}
	c.busy.Store(true)
	out := &stream{s: st.s, of: st, c: c, owned: owned, res: res, schema: schema, scans: st.scans, notices: notices, keep: keep, columns: columns}
	for _, col := range columns {
		out.readers = append(out.readers, columnReader(col, st.s.db.postgres))
	}
	style.References = st.s.db.postgres.OID
	st.s.open[out] = struct{}{}
	for len(out.ahead) < 2 && !out.ended {
		rec, err := out.fetch(ctx)
		if err == io.EOF {
			out.ended = true
			err = out.finish()
		} else if err == nil {
			out.ahead = append(out.ahead, rec)
		}
		if err != nil {
			out.free()
			return nil, st.located(err, st.s.Snapshot())
		}
	}
	return &Rows{tag: st.tag, columns: columns, schema: schema, style: style, stream: out}, nil
}

// located completes an error with what the statement knows: the place in the client's text, and names near the wrong one.
func (st *Statement) located(err error, snap *catalog.Snapshot) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if st.reshaped || st.executed {
		e.Position = 0
	}
	if e.Kind == KindUndefinedColumn {
		if hint := hiddenHint(e.Message); hint != "" {
			e.Hint = hint
		}
	}
	if e.Position > 0 && st.target != nil && st.target.answer != nil {
		e.Position = rewritten{edits: st.target.answer.edits}.original(e.Position-1) + 1
	}
	if e.Position > 0 {
		at := min(st.rewrite.original(e.Position-1), len(st.sql))
		e.Position = len([]rune(st.sql[:at])) + 1
	}
	st.aboutViews(e)
	if e.Kind == KindUndefinedTable && e.Hint == "" {
		e.Hint = suggestTable(missingName(e.Message), snap)
	}
	return e
}

// missingName takes the name out of "table with name x does not exist".
func missingName(message string) string {
	_, after, _ := strings.Cut(message, "with name ")
	name, _, _ := strings.Cut(after, " ")
	return strings.Trim(name, `"`)
}
