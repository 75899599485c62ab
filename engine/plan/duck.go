package plan

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/pgcatalog"
	"tarn/engine/pgsql"
)

// database is the name of the database that holds the stand-ins: the one that the lake's tables have.
const database = "tarndb"

// optimizers are those of DuckDB that are off while planning. Some make plans that cannot be serialised (top_n,
// late_materialization, join_order where lists of values meet joins). statistics_propagation would fold conditions away on empty
// tables. The others move conditions where they are of no use here, hide columns behind maps, or cost time.
var optimizers = []string{
	"top_n", "late_materialization", "statistics_propagation", "top_n_window_elimination", "join_order", "in_clause",
	"build_side_probe_side", "join_elimination", "join_filter_pushdown", "column_lifetime", "compressed_materialization",
	"common_subexpressions", "common_aggregate", "limit_pushdown", "row_group_pruner", "duplicate_groups", "reorder_filter",
	"sampling_pushdown", "extension", "sum_rewriter", "common_subplan", "window_self_join", "unused_columns",
}

// conn is a connection with its prepared statement that plans another.
type conn struct {
	c        duck.Connection
	p        duck.PreparedStatement
	prepared bool
}

// start opens DuckDB once; the caller holds mu.
func (p *Planner) start() error {
	if p.closed {
		return errClosed
	}
	if p.opened {
		return nil
	}
	var config duck.Config
	if duck.CreateConfig(&config) != duck.StateSuccess {
		return errors.New("start DuckDB for planning: it gives no configuration")
	}
	defer duck.DestroyConfig(&config)
	for name, value := range map[string]string{
		"threads": "1", "memory_limit": "256MB", "enable_external_access": "false", "default_null_order": "postgres",
		"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "max_temp_directory_size": "0KiB",
	} {
		if duck.SetConfig(config, name, value) != duck.StateSuccess {
			return fmt.Errorf("start DuckDB for planning: it does not take %s = %q", name, value)
		}
	}
	var reason string
	if duck.OpenExt(":memory:", &p.db, config, &reason) != duck.StateSuccess {
		return fmt.Errorf("start DuckDB for planning: %s", reason)
	}
	p.admin = &conn{}
	if duck.Connect(p.db, &p.admin.c) != duck.StateSuccess {
		duck.Close(&p.db)
		return errors.New("start DuckDB for planning: it refused the first connection")
	}
	if err := pgcatalog.RegisterInput(p.admin.c); err != nil { // constants are to be those of the run
		p.admin.close()
		duck.Close(&p.db)
		return fmt.Errorf("start DuckDB for planning: %w", err)
	}
	for _, sql := range []string{
		"ATTACH ':memory:' AS " + database,
		"CREATE SCHEMA " + database + ".public",
		"USE " + database + ".public",
		"SET GLOBAL disabled_optimizers = '" + strings.Join(optimizers, ",") + "'",
	} {
		if err := p.admin.exec(sql); err != nil {
			p.admin.close()
			duck.Close(&p.db)
			return fmt.Errorf("start DuckDB for planning: %s: %w", sql, err)
		}
	}
	p.opened, p.conns, p.made, p.translated = true, map[string]*conn{}, map[string]string{}, pgsql.Made{}
	return nil
}

// translate makes what statements in PostgreSQL's SQL call, before the first of them; the caller holds mu.
func (p *Planner) translate(sql string) error {
	if !pgsql.Uses(sql) {
		return nil
	}
	if err := p.translated.Make(sql, p.admin.c, p.admin.exec); err != nil {
		return fmt.Errorf("plan the statement: %w", err)
	}
	return nil
}

// connect opens a connection with the settings that the lake's sessions begin with.
func (p *Planner) connect() (*conn, error) {
	c := &conn{}
	if duck.Connect(p.db, &c.c) != duck.StateSuccess {
		return nil, errors.New("plan the statement: DuckDB refused a new connection")
	}
	for _, sql := range []string{
		"USE " + database + ".public", "SET integer_division = true", "SET preserve_identifier_case = false",
	} {
		if err := c.exec(sql); err != nil {
			c.close()
			return nil, fmt.Errorf("set up the session: %s: %w", sql, err)
		}
	}
	const sql = "SELECT json_serialize_plan($1::VARCHAR, optimize := true, skip_default := true)"
	if duck.Prepare(c.c, sql, &c.p) != duck.StateSuccess {
		err := fmt.Errorf("set up the session: %s: %s", sql, duck.PrepareError(c.p))
		duck.DestroyPrepare(&c.p)
		c.close()
		return nil, err
	}
	c.prepared = true
	return c, nil
}

func (c *conn) close() {
	if c.prepared {
		duck.DestroyPrepare(&c.p)
	}
	duck.Disconnect(&c.c)
}

// exec runs a statement and drops its result.
func (c *conn) exec(sql string) error {
	var res duck.Result
	defer duck.DestroyResult(&res)
	if duck.Query(c.c, sql, &res) != duck.StateSuccess {
		return errors.New(duck.ResultError(&res))
	}
	return nil
}

// plan returns the optimised plan of a statement, or DuckDB's error, in JSON.
func (c *conn) plan(sql string) ([]byte, error) {
	if duck.BindVarchar(c.p, 1, sql) != duck.StateSuccess {
		return nil, fmt.Errorf("plan the statement: %s", duck.PrepareError(c.p))
	}
	var res duck.Result
	defer duck.DestroyResult(&res)
	if duck.ExecutePrepared(c.p, &res) != duck.StateSuccess {
		return nil, fmt.Errorf("plan the statement: %s", duck.ResultError(&res))
	}
	chunk := duck.FetchChunk(res)
	if chunk.Ptr == nil {
		return nil, errors.New("plan the statement: DuckDB returned no row")
	}
	defer duck.DestroyDataChunk(&chunk)
	return text(duck.VectorGetData(duck.DataChunkGetVector(chunk, 0))), nil
}

// text copies the first VARCHAR of a vector. A string of up to 12 bytes stands in the vector itself, behind its length; of a longer
// one there is a pointer.
func text(data unsafe.Pointer) []byte {
	n := int(*(*uint32)(data))
	if n <= 12 {
		return append([]byte(nil), unsafe.Slice((*byte)(unsafe.Add(data, 4)), n)...)
	}
	return append([]byte(nil), unsafe.Slice(*(**byte)(unsafe.Add(data, 8)), n)...)
}
