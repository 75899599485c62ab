package engine

import (
	"fmt"
	"strings"
	"sync/atomic"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/textscan"
)

// conn is one DuckDB connection. One goroutine uses it at a time, save for interrupt.
type conn struct {
	c      duck.Connection
	busy   atomic.Bool      // a streaming result is open: any other statement would end it
	set    map[string]*scan // by query variable: the scans whose variables are set here
	path   string           // the search path that followPath set
	client int64            // the session that the connection tells PostgreSQL's catalog; 0 if it never asked
	stop   *textscan.Stop   // for Tarn's own readers; nil for admin, whose statements read no files
	plans  *planning        // nil if the instance is never told of optimizers
}

// connectionSettings give SQL PostgreSQL's meaning.
var connectionSettings = []string{
	"SET errors_as_json = true",
	"SET integer_division = true",
	"SET preserve_identifier_case = false",
	"SET enable_progress_bar_print = false", // DuckDB would write its bar among the results; see Session.Progress
}

// connect opens a connection with the session settings that give SQL PostgreSQL's meaning.
func (db *DB) connect() (*conn, error) {
	c := &conn{set: map[string]*scan{}, plans: &db.plans}
	if duck.Connect(db.duck, &c.c) != duck.StateSuccess {
		return nil, &Error{Kind: KindInternal, Message: "DuckDB refused a new connection"}
	}
	c.stop = db.text.Connect(c.c)
	for _, sql := range append([]string{"USE " + database + ".public"}, connectionSettings...) {
		if err := c.exec(sql); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) close() {
	c.stop.Close()
	duck.Disconnect(&c.c)
}

// interrupt stops what runs on the connection; it may be called from any goroutine before close.
func (c *conn) interrupt() {
	c.stop.Set(true)
	duck.Interrupt(c.c)
}

// exec runs sql, which may hold several statements, and drops its result.
func (c *conn) exec(sql string) error { return c.execAs(sql, false) }

// execAs is exec for what a user wrote; chooses is choosesInside of that.
func (c *conn) execAs(sql string, chooses bool) error {
	var res duck.Result
	defer duck.DestroyResult(&res)
	var state duck.State
	if err := c.plans.do(chooses, func() { state = duck.Query(c.c, sql, &res) }); err != nil {
		return err
	}
	if state != duck.StateSuccess {
		return resultError(&res)
	}
	return nil
}

// text runs a query and returns its first value, which must be a VARCHAR.
func (c *conn) text(sql string) (string, error) {
	var res duck.Result
	defer duck.DestroyResult(&res)
	var state duck.State
	if err := c.plans.do(false, func() { state = duck.Query(c.c, sql, &res) }); err != nil {
		return "", err
	}
	if state != duck.StateSuccess {
		return "", resultError(&res)
	}
	chunk := duck.FetchChunk(res)
	if chunk.Ptr == nil {
		return "", fmt.Errorf("%s returned no row", sql)
	}
	defer duck.DestroyDataChunk(&chunk)
	vec := duck.DataChunkGetVector(chunk, 0)
	if !rowValid(duck.VectorGetValidity(vec), 0) {
		return "", nil
	}
	return string(stringAt(duck.VectorGetData(vec), 0)), nil
}

// prepared is a statement that DuckDB has parsed and bound on one connection.
type prepared struct {
	on   *conn
	p    duck.PreparedStatement
	used bool // it made or changed something, which DuckDB takes out of the statement: run again it makes a table without columns

	chooses bool // see choosesInside
}

// prepare binds one statement, which calls macros that were made with these texts. A syntax or binder error is an *Error.
func (c *conn) prepare(sql string, macros ...string) (*prepared, error) {
	p := &prepared{on: c, chooses: choosesInside(sql + "(" + strings.Join(macros, ";") + ")")}
	var state duck.State
	if err := c.plans.do(p.chooses, func() { state = duck.Prepare(c.c, sql, &p.p) }); err != nil {
		p.close()
		return nil, err
	}
	if state == duck.StateSuccess {
		return p, nil
	}
	message := duck.PrepareError(p.p)
	p.close()
	if strings.Contains(message, "prepare multiple statements") {
		return c.prepareSeveral(sql, p.chooses)
	}
	return nil, translate(message, duck.ErrorTypeInvalid)
}

// prepareExact binds a text that DuckDB made of a tree: names that were folded already stand in it without quotes.
func (c *conn) prepareExact(sql string, macros ...string) (*prepared, error) {
	const setting = "preserve_identifier_case"
	before, err := c.text("SELECT CAST(current_setting('" + setting + "') AS VARCHAR)")
	if err != nil || before == "true" {
		return c.prepare(sql, macros...)
	}
	if err := c.exec("SET " + setting + " = true"); err != nil {
		return nil, err
	}
	p, err := c.prepare(sql, macros...)
	if back := c.exec("SET " + setting + " = " + before); back != nil && err == nil {
		p.close()
		return nil, back
	}
	return p, err
}

// prepareSeveral binds a statement that DuckDB's parser turns into several: a PIVOT without a list of values first
// makes a type of the values it finds. All but the last run at once.
func (c *conn) prepareSeveral(sql string, chooses bool) (*prepared, error) {
	var parts duck.ExtractedStatements
	defer duck.DestroyExtracted(&parts)
	n := duck.ExtractStatements(c.c, sql, &parts)
	if n == 0 {
		return nil, translate(duck.ExtractStatementsError(parts), duck.ErrorTypeParser)
	}
	for i := duck.IdxT(0); ; i++ {
		p := &prepared{on: c, chooses: chooses}
		var state duck.State
		err := c.plans.do(chooses, func() { state = bindings.PrepareExtractedStatement(c.c, parts, i, &p.p) })
		if err == nil && state != duck.StateSuccess {
			err = translate(duck.PrepareError(p.p), duck.ErrorTypeInvalid)
		}
		if err != nil {
			p.close()
			return nil, err
		}
		if i == n-1 {
			return p, nil
		}
		res, err := p.start()
		p.close()
		if err != nil {
			return nil, err
		}
		duck.DestroyResult(res)
	}
}

func (p *prepared) close() {
	if p != nil {
		duck.DestroyPrepare(&p.p)
	}
}

// bind sets the parameters, all as text or NULL.
func (p *prepared) bind(args []Arg) error {
	duck.ClearBindings(p.p)
	for i, a := range args {
		state := duck.StateSuccess
		if at := duck.IdxT(i + 1); a.Null {
			state = duck.BindNull(p.p, at)
		} else {
			state = duck.BindVarchar(p.p, at, a.Text)
		}
		if state != duck.StateSuccess {
			return &Error{Kind: KindInvalidValue, Message: fmt.Sprintf("parameter $%d does not take this value", i+1),
				Detail: duck.PrepareError(p.p)}
		}
	}
	return nil
}

// start begins the execution and returns once the first rows can be fetched. The result streams: DuckDB computes
// while it is fetched and holds only a small buffer.
func (p *prepared) start() (*duck.Result, error) {
	var pending duck.PendingResult
	defer duck.DestroyPending(&pending)
	var state duck.State
	err := p.on.plans.do(p.chooses, func() { state = bindings.PendingPreparedStreaming(p.p, &pending) }) // which may plan it again
	if err != nil {
		return nil, err
	}
	if state != duck.StateSuccess {
		return nil, translate(duck.PendingError(pending), duck.ErrorTypeInvalid)
	}
	res := new(duck.Result)
	if duck.ExecutePending(pending, res) != duck.StateSuccess {
		err := resultError(res)
		duck.DestroyResult(res)
		return nil, err
	}
	return res, nil
}

// resultError is the error that a result carries.
func resultError(res *duck.Result) error {
	return translate(duck.ResultError(res), duck.ResultErrorType(res))
}
