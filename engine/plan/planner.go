package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/prune"
)

// Table is a table of the lake as statements see it. Its stand-in is made again when Version differs.
type Table struct {
	Schema, Name string
	Version      int64
	Columns      []Column
}

// Column is a column of a table.
type Column struct {
	Name string
	Type sqltype.Type
}

// Request is a statement to plan.
type Request struct {
	Tables   []Table  // that the statement may read
	Settings []string // SET statements of its session, in order
	Path     string   // its search path; empty if the settings say it
	SQL      string   // one query, without parameters
}

// Planner plans statements. It is safe for concurrent use; one statement is planned at a time, in 1 to 3 ms. The zero Planner is
// ready; DuckDB starts with the first statement.
type Planner struct {
	mu      sync.Mutex
	db      duck.Database
	started bool
	admin   duck.Connection
	tables  map[string]int64 // versions of the stand-ins, by their quoted names
	conns   []*session       // the last used is the last
}

// session is a connection with the settings of one session.
type session struct {
	settings []string
	path     string
	c        duck.Connection
}

// maxSessions is how many connections are kept, each with settings of its own.
const maxSessions = 8

// database is what the engine calls the lake's database.
const database = "tarndb"

// disabled are the optimizers that fold away what is looked for because the stand-ins are empty, that make plans which cannot be
// serialised, or that move a LIMIT out of sight. Without statistics_propagation, build_side_probe_side and unused_columns lose count of
// the columns in DuckDB 1.5.6 ("inequal types"), so that they go, too.
const disabled = "statistics_propagation,top_n,late_materialization,top_n_window_elimination,compressed_materialization,limit_pushdown," +
	"row_group_pruner,empty_result_pullup,build_side_probe_side,unused_columns"

// Plan returns the scans of the statement's plan that are of its tables. An error means that nothing is known of what the
// statement needs; then every file may be. A table without a scan may be needed, too.
func (p *Planner) Plan(ctx context.Context, r Request) ([]prune.Scan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.prepare(r.Tables); err != nil {
		return nil, err
	}
	s, err := p.session(r)
	if err != nil {
		return nil, err
	}
	text, err := query(s.c, "SELECT json_serialize_plan("+sqltype.QuoteText(r.SQL)+", optimize := true)")
	if err != nil {
		return nil, err
	}
	// DuckDB writes these numbers as JSON has none. Within texts the quotes before them are escaped.
	text = strings.NewReplacer(`"value":NaN`, `"value":"NaN"`, `"value":Infinity`, `"value":"Infinity"`, `"value":-Infinity`, `"value":"-Infinity"`).Replace(text)
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var tree node
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read DuckDB's plan: %w", err)
	}
	if tree["error"] != false {
		return nil, fmt.Errorf("DuckDB does not tell the plan: %v", tree["error_message"])
	}
	plans, _ := tree["plans"].([]any)
	w := &walker{tables: map[string]Table{}}
	for _, t := range r.Tables {
		w.tables[strings.ToLower(t.Schema+"."+t.Name)] = t
	}
	for _, plan := range plans {
		w.walk(plan)
	}
	return w.result(), nil
}

// Close ends DuckDB.
func (p *Planner) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started {
		return nil
	}
	for _, s := range p.conns {
		duck.Disconnect(&s.c)
	}
	duck.Disconnect(&p.admin)
	duck.Close(&p.db)
	p.started, p.conns = false, nil
	return nil
}

// prepare makes the stand-ins of tables.
func (p *Planner) prepare(tables []Table) error {
	if err := p.start(); err != nil {
		return err
	}
	for _, t := range tables {
		name := database + "." + sqltype.QuoteName(t.Schema) + "." + sqltype.QuoteName(t.Name)
		if v, ok := p.tables[name]; ok && v == t.Version {
			continue
		}
		columns := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = sqltype.QuoteName(c.Name) + " " + c.Type.String()
		}
		for _, sql := range []string{"CREATE SCHEMA IF NOT EXISTS " + database + "." + sqltype.QuoteName(t.Schema),
			"CREATE OR REPLACE TABLE " + name + " (" + strings.Join(columns, ", ") + ")"} {
			if err := exec(p.admin, sql); err != nil {
				return err
			}
		}
		p.tables[name] = t.Version
	}
	return nil
}

// start starts DuckDB, small and shut in.
func (p *Planner) start() error {
	if p.started {
		return nil
	}
	var config duck.Config
	if duck.CreateConfig(&config) != duck.StateSuccess {
		return fmt.Errorf("plan: DuckDB gives no configuration")
	}
	defer duck.DestroyConfig(&config)
	for name, value := range map[string]string{"threads": "1", "memory_limit": "256MB", "autoinstall_known_extensions": "false",
		"autoload_known_extensions": "false", "default_null_order": "postgres", "enable_external_access": "false"} {
		duck.SetConfig(config, name, value)
	}
	var reason string
	if duck.OpenExt(":memory:", &p.db, config, &reason) != duck.StateSuccess {
		return fmt.Errorf("plan: DuckDB does not start: %s", reason)
	}
	if duck.Connect(p.db, &p.admin) != duck.StateSuccess {
		duck.Close(&p.db)
		return fmt.Errorf("plan: DuckDB takes no connection")
	}
	p.started, p.tables = true, map[string]int64{}
	for _, sql := range []string{"ATTACH ':memory:' AS " + database, "CREATE SCHEMA IF NOT EXISTS " + database + ".public",
		"SET GLOBAL disabled_optimizers = '" + p.known() + "'"} {
		if err := exec(p.admin, sql); err != nil {
			return err
		}
	}
	return nil
}

// known returns those of the disabled optimizers that this version of DuckDB has.
func (p *Planner) known() string {
	all, err := query(p.admin, "SELECT string_agg(name, ',') FROM duckdb_optimizers()")
	if err != nil {
		return "statistics_propagation,top_n,late_materialization"
	}
	names := strings.Split(all, ",")
	return strings.Join(slices.DeleteFunc(strings.Split(disabled, ","), func(name string) bool { return !slices.Contains(names, name) }), ",")
}

// session returns a connection with the request's settings.
func (p *Planner) session(r Request) (*session, error) {
	for i, s := range p.conns {
		if s.path == r.Path && slices.Equal(s.settings, r.Settings) {
			p.conns = append(slices.Delete(p.conns, i, i+1), s)
			return s, nil
		}
	}
	if len(p.conns) >= maxSessions {
		duck.Disconnect(&p.conns[0].c)
		p.conns = slices.Delete(p.conns, 0, 1)
	}
	s := &session{settings: slices.Clone(r.Settings), path: r.Path}
	if duck.Connect(p.db, &s.c) != duck.StateSuccess {
		return nil, fmt.Errorf("plan: DuckDB takes no connection")
	}
	settings := slices.Concat([]string{"USE " + database + ".public", "SET integer_division = true", "SET preserve_identifier_case = false"}, r.Settings)
	if r.Path != "" {
		for part := range strings.SplitSeq(r.Path, ",") {
			if err := exec(s.c, "CREATE SCHEMA IF NOT EXISTS "+part); err != nil {
				duck.Disconnect(&s.c)
				return nil, err
			}
		}
		settings = append(settings, "SET search_path = "+sqltype.QuoteText(r.Path))
	}
	for _, sql := range settings {
		if err := exec(s.c, sql); err != nil {
			duck.Disconnect(&s.c)
			return nil, err
		}
	}
	p.conns = append(p.conns, s)
	return s, nil
}

func exec(c duck.Connection, sql string) error {
	var res duck.Result
	defer duck.DestroyResult(&res)
	if duck.Query(c, sql, &res) != duck.StateSuccess {
		return fmt.Errorf("plan: %s", duck.ResultError(&res))
	}
	return nil
}

// query returns the text of a result's only value.
func query(c duck.Connection, sql string) (string, error) {
	var res duck.Result
	defer duck.DestroyResult(&res)
	if duck.Query(c, sql, &res) != duck.StateSuccess {
		return "", fmt.Errorf("plan: %s", duck.ResultError(&res))
	}
	chunk := duck.FetchChunk(res)
	if chunk.Ptr == nil || duck.DataChunkGetSize(chunk) == 0 {
		return "", fmt.Errorf("plan: DuckDB returned nothing")
	}
	defer duck.DestroyDataChunk(&chunk)
	data := duck.VectorGetData(duck.DataChunkGetVector(chunk, 0))
	return duck.StringTData((*duck.StringT)(data)), nil
}
