package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/sqltype"
	"tarn/engine/pgsql"
	"tarn/engine/prune"
)

// Table is a table of the lake as a statement sees it.
type Table struct {
	Schema, Name string
	Version      int64 // the stand-in is made again for another one
	Columns      []Column
}

// Column is a column of a Table.
type Column struct {
	Name string
	Type sqltype.Type
}

// Request is a statement to be planned.
type Request struct {
	Tables   []Table  // that the statement may read
	Settings []string // the SET statements of the session that matter, such as that of TimeZone, in order
	Macros   []string // the CREATE statements of the session's macros that SQL calls, in order
	Path     string   // search path of the session as SET search_path takes it; empty for that of Tarn's database alone
	SQL      string   // one SELECT without parameters
}

// Planner plans statements on stand-ins. The zero Planner is ready; DuckDB starts with the first statement. It is safe for
// concurrent use: one statement is planned at a time, in less than a millisecond but for long ones.
type Planner struct {
	mu         sync.Mutex
	db         duck.Database
	opened     bool
	translated pgsql.Made // of what statements in PostgreSQL's SQL call
	closed     bool
	admin      *conn
	conns      map[string]*conn  // by path and settings, so that those of one session do not reach another's plans
	made       map[string]string // what the stand-in of each table was made by
}

// maxConns is how many sets of settings are kept ready.
const maxConns = 16

// errClosed says that Close was called.
var errClosed = errors.New("plan the statement: the planner is closed")

// Plan returns what the statement needs of its tables: a scan for each time that it reads one, and for a table that it turns out
// not to read at all one without rows. A table without a scan is needed whole. With an error nothing is known of the statement. What
// DuckDB folds to constants has the values that it has here and now: it is for the caller to plan no statement, or to plan it again,
// that asks for the time.
func (p *Planner) Plan(ctx context.Context, r Request) ([]prune.Scan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	text, err := p.serialise(r)
	if err != nil {
		return nil, err
	}
	return scansOf(text, r.Tables)
}

// serialise returns the optimised plan as JSON.
func (p *Planner) serialise(r Request) ([]byte, error) {
	if err := p.start(); err != nil {
		return nil, err
	}
	if err := errors.Join(p.translate(strings.Join(append(r.Macros[:len(r.Macros):len(r.Macros)], r.SQL), " ")), p.define(r.Tables)); err != nil {
		return nil, err
	}
	c, err := p.connFor(r)
	if err != nil {
		return nil, err
	}
	return c.plan(r.SQL)
}

// scansOf reads a plan.
func scansOf(text []byte, tables []Table) ([]prune.Scan, error) {
	root, err := parse(Finite(text))
	if err != nil {
		return nil, err
	}
	if err := root.learn(); err != nil {
		return nil, err
	}
	w := &walk{understood: true}
	w.down(root, nil, nil)
	for _, t := range tables {
		read := slices.ContainsFunc(w.scans, func(s prune.Scan) bool { return s.Schema == t.Schema && s.Table == t.Name })
		if !read && w.understood {
			w.scans = append(w.scans, prune.Scan{Schema: t.Schema, Table: t.Name, Filter: prune.Const(false), Limit: -1})
		}
	}
	return w.scans, nil
}

// define makes the stand-ins of tables that have none of their version; the caller holds mu.
func (p *Planner) define(tables []Table) error {
	for _, t := range tables {
		name := sqltype.QuoteName(t.Schema) + "." + sqltype.QuoteName(t.Name)
		parts := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			parts[i] = sqltype.QuoteName(c.Name) + " " + c.Type.String()
		}
		columns := strings.Join(parts, ", ")
		key := fmt.Sprintf("%d %s", t.Version, columns)
		if p.made[name] == key {
			continue
		}
		for _, sql := range []string{"CREATE SCHEMA IF NOT EXISTS " + sqltype.QuoteName(t.Schema), "CREATE OR REPLACE TABLE " + name + " (" + columns + ")"} {
			if err := p.admin.exec(sql); err != nil {
				return fmt.Errorf("make a stand-in of %s: %w", name, err)
			}
		}
		p.made[name] = key
	}
	return nil
}

// connFor returns the connection with the request's path and settings; the caller holds mu.
func (p *Planner) connFor(r Request) (*conn, error) {
	setup := slices.Concat(r.Settings, r.Macros)
	key := r.Path + "\x00" + strings.Join(setup, "\x00")
	if c := p.conns[key]; c != nil {
		return c, nil
	}
	c, err := p.connect()
	if err != nil {
		return nil, err
	}
	if r.Path != "" {
		for _, s := range schemasOf(r.Path) {
			if err := p.admin.exec("CREATE SCHEMA IF NOT EXISTS " + s); err != nil {
				c.close()
				return nil, fmt.Errorf("make schema %s: %w", s, err)
			}
		}
		setup = append([]string{"SET search_path = " + sqltype.QuoteText(r.Path)}, setup...)
	}
	for _, sql := range setup {
		if err := c.exec(sql); err != nil {
			c.close()
			return nil, fmt.Errorf("set up the session: %s: %w", sql, err)
		}
	}
	if len(p.conns) >= maxConns {
		for k, old := range p.conns {
			old.close()
			delete(p.conns, k)
		}
	}
	p.conns[key] = c
	return c, nil
}

// schemasOf cuts a search path at the commas outside of quotes.
func schemasOf(path string) []string {
	quoted := false
	parts := strings.FieldsFunc(path, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// Close frees DuckDB.
func (p *Planner) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	for _, c := range p.conns {
		c.close()
	}
	p.conns = nil
	if p.opened {
		p.admin.close()
		duck.Close(&p.db)
	}
	return nil
}
