package engine

import (
	"strings"
	"sync"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/engine/sqltext"
)

// Optimizers of DuckDB 1.5.6 that give wrong rows by chance. The first drops the best row when several threads rank an order that has
// NULLs. The other filters rows by what a join needs before LIMIT or DISTINCT ON below the join has chosen among them (DuckDB's issue
// 22924); without it, the first rows of a wide table take up to ten times as long, for it tells the second reading of the table where they are.
const (
	neverUsed  = "top_n_window_elimination"
	joinFilter = "join_filter_pushdown"
)

// planning lets DuckDB plan statements, each with the optimizers that do it no harm. DuckDB's setting is one for all connections, so
// that nothing else is planned while it differs.
type planning struct {
	mu sync.RWMutex
	db duck.Database
	c  duck.Connection // makes the settings; opened when it is first needed
}

// do calls plan, which has DuckDB plan a statement; chooses is choosesInside of that.
func (p *planning) do(chooses bool, plan func()) error {
	if p == nil { // an instance that never joins
		plan()
		return nil
	}
	if !chooses {
		p.mu.RLock()
		defer p.mu.RUnlock()
		plan()
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.turnOff(neverUsed + "," + joinFilter); err != nil {
		return err
	}
	plan()
	return p.turnOff(neverUsed)
}

// guard is do for what chooses nothing and may fail.
func (p *planning) guard(plan func() error) (err error) {
	if failed := p.do(false, func() { err = plan() }); failed != nil {
		return failed
	}
	return err
}

// turnOff makes the optimizers that are not used from now on.
func (p *planning) turnOff(names string) error {
	if p.c.Ptr == nil && duck.Connect(p.db, &p.c) != duck.StateSuccess {
		return &Error{Kind: KindInternal, Message: "DuckDB refused a connection for its settings"}
	}
	return (&conn{c: p.c}).exec("SET GLOBAL disabled_optimizers = '" + names + "'")
}

func (p *planning) close() {
	if p.c.Ptr != nil {
		duck.Disconnect(&p.c)
	}
}

// choosesInside reports whether a statement may choose among rows below a join: a sample, or LIMIT and the like inside of brackets. Those of
// the statement itself come after all joins.
func choosesInside(sql string) bool {
	depth, before := 0, ""
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind == sqltext.Comment {
			continue
		}
		text := strings.ToUpper(t.Text(sql))
		switch {
		case t.Kind == sqltext.Operator && (text == "(" || text == "[" || text == "{"):
			depth++
		case t.Kind == sqltext.Operator && (text == ")" || text == "]" || text == "}"):
			depth--
		case t.Kind != sqltext.Word:
		case anywhere[text] || depth > 0 && (choosers[text] || text == "DISTINCT" && before == "SELECT"):
			return true
		}
		before = text
	}
	return false
}

// The words of clauses that keep some rows for others. QUERY is a function that has a statement in a text.
var (
	choosers = map[string]bool{"LIMIT": true, "FETCH": true, "OFFSET": true}
	anywhere = map[string]bool{"QUALIFY": true, "SAMPLE": true, "TABLESAMPLE": true, "QUERY": true}
)
