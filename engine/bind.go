package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tarn/catalog"
)

// target is what a statement reads of one snapshot.
type target struct {
	snap    *catalog.Snapshot
	views   viewsKey
	sql     string           // with the queries of views, and those that show hidden columns
	exact   bool             // sql is of DuckDB's making: names stand in it as they are
	macros  []string         // texts of those that sql calls
	tables  []*catalog.Table // that the statement may read
	answer  *answered        // what the catalog answers instead; may be nil
	checked []*catalog.Table // tables and those of the answer: if their files change, the statement means other rows
	sources []source         // the same, and those that are read with hidden columns
}

// bind prepares the statement against a snapshot whose views exist, for the files that pick chooses.
func (st *Statement) bind(ctx context.Context, c *conn, pick chooser) (*prepared, error) {
	s := st.s
	for range 10 {
		to, err := st.aim(ctx, c)
		if err != nil {
			return nil, err
		}
		scans, err := pick(ctx, c, to)
		if err != nil {
			return nil, err
		}
		p, state, err := s.bindOnce(c, to, scans)
		if err == nil && state == missing {
			err = s.db.define(to.snap, to.tables)
		}
		switch {
		case s.db.dropCorrupt(err, scans):
		case err != nil && to.answer != nil: // what is wrong with it is told of the client's own text
			st.noCatalog = true
		case err != nil && s.pinned == nil && s.db.unchanged(to.tables) != nil:
			if _, crawl := s.db.cat.Refresh(ctx); crawl != nil { // a file went away under the catalog
				return nil, crawlError(crawl)
			}
		case err != nil:
			return nil, st.located(s.db.localise(err), to.snap)
		case state == ready:
			s.used = mergeUsed(s, to.tables)
			st.target, st.scans, st.tables = to, scans, st.onlyRead(c, to.checked)
			return p, nil
		}
	}
	return nil, &Error{Kind: KindFileChanged, Message: "the lake changes faster than the statement can be bound",
		Hint: "Try again."}
}

// aim finds the tables that the statement may read, in the newest snapshot.
func (st *Statement) aim(ctx context.Context, c *conn) (*target, error) {
	s := st.s
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	if st.text, err = st.inlineViews(c, snap); err != nil {
		return nil, err
	}
	st.called = s.views.macros.called(st.text)
	st.reach = strings.Join(append([]string{st.text}, textsOf(st.called)...), ";\n")
	if st.postgres || len(st.called) > 0 && namesPostgres(st.reach) {
		if err := st.usePostgres(c, snap); err != nil {
			return nil, err
		}
	}
	if err := s.db.makeMacros(st.reach); err != nil {
		return nil, err
	}
	lake, err := s.lakeViews()
	if err != nil {
		return nil, err
	}
	refs := findReferences(st.reach, snap)
	refs.system = refs.system || slices.Contains(st.catalogNames, "pg_catalog.pg_stats")
	s.usedAll, s.usedSystem, s.usedStored = s.usedAll || refs.all, s.usedSystem || refs.system, s.usedStored || refs.stored
	if s.indirect {
		refs.all, refs.system, refs.stored = refs.all || s.usedAll, refs.system || s.usedSystem, refs.stored || s.usedStored
	}
	if refs.all {
		refs.tables = snap.Tables
	}
	if s.indirect {
		refs.merge(s.usedNow(snap))
	}
	if name, tables := ambiguous(st.text, snap); tables != nil && !s.ownPath && c.reads(st.text, name) {
		return nil, ambiguousTable(name, tables)
	}
	if refs.system {
		if err := s.db.loadSystem(ctx, snap, refs.stored); err != nil {
			return nil, err
		}
		if refs.compat {
			if err := s.db.loadCompat(); err != nil {
				return nil, err
			}
		}
	}
	sql, hidden, err := st.showHidden(c, snap)
	if err != nil {
		return nil, err
	}
	to := &target{snap: snap, views: s.viewsKey(lake), sql: sql, macros: textsOf(st.called), tables: refs.tables, checked: refs.tables}
	if hidden == nil {
		if to.answer, err = st.fromCatalog(c, snap, sql); err != nil {
			return nil, err
		}
	}
	if to.answer != nil {
		to.sql = to.answer.sql
		if !refs.all {
			to.tables = to.answer.without(refs.tables)
		}
	}
	to.exact = st.reshaped
	to.sources = sourcesOf(to.tables, hidden)
	return to, nil
}

// bindOnce prepares a statement if the views fit; else it returns why they do not.
func (s *Session) bindOnce(c *conn, to *target, scans []*scan) (*prepared, readiness, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	if s.pinned == nil || c != s.main {
		state := s.db.check(to.snap, to.tables)
		if state == newer && s.pinned != nil { // a spare connection is outside of DuckDB's transaction
			return nil, ready, &Error{Kind: KindFileChanged, Message: "the lake has changed since the transaction began, so that no statement can run beside open rows",
				Hint: "Read or close those rows first."}
		}
		if state != ready {
			return nil, state, nil
		}
	}
	if !s.ownPath {
		if err := c.followPath(to.snap); err != nil {
			return nil, ready, err
		}
	}
	if err := s.db.useFiles(c, scans); err != nil {
		return nil, ready, err
	}
	prepare := c.prepare
	if to.exact {
		prepare = c.prepareExact
	}
	p, err := prepare(to.sql, to.macros...)
	return p, ready, err
}

// current returns the snapshot for the next statement: the transaction's, or the newest that any process made.
func (s *Session) current(ctx context.Context) (*catalog.Snapshot, error) {
	if s.pinned != nil {
		return s.pinned, nil
	}
	if _, err := s.db.cat.Sync(ctx); err != nil {
		if c := cancelled(ctx); c != nil {
			return nil, c
		}
		return nil, &Error{Kind: KindIO, Message: "cannot read the catalog", Detail: err.Error(), Err: err}
	}
	return s.db.cat.Snapshot(), nil
}

// onlyRead leaves out the tables that are bound only because some statement of the session named them, so that a change of
// theirs disturbs no other.
func (st *Statement) onlyRead(c *conn, tables []*catalog.Table) []*catalog.Table {
	if !st.s.indirect && len(st.s.temporaryTables) == 0 || len(tables) == 0 {
		return tables
	}
	read := st.reads(c)
	if read == nil {
		return tables
	}
	return slices.DeleteFunc(slices.Clone(tables), func(t *catalog.Table) bool { return !read[t.ID] })
}

// usedNow returns the tables that earlier statements read, as the snapshot has them.
func (s *Session) usedNow(snap *catalog.Snapshot) []*catalog.Table {
	var out []*catalog.Table
	for _, t := range s.used {
		if now := snap.Lookup(t.Schema, t.Name); now != nil {
			out = append(out, now)
		}
	}
	return out
}

func mergeUsed(s *Session, tables []*catalog.Table) []*catalog.Table {
	refs := references{tables: s.used}
	refs.merge(tables)
	return refs.tables
}

// reads reports whether DuckDB's parser finds name among the statement's unqualified tables, or cannot tell.
func (c *conn) reads(sql, name string) (found bool) {
	cut := queryStart(sql)
	if cut < 0 {
		return true
	}
	tree, err := c.parse(sql[cut:])
	if tree == nil || err != nil {
		return true
	}
	eachNode(tree, scope{}, func(n node, in scope) {
		if n["type"] == "BASE_TABLE" && nameIn(n, "schema_name") == "" {
			table := strings.ToLower(nameIn(n, "table_name"))
			found = found || table == name && !in[table]
		}
	})
	return found
}

func ambiguousTable(name string, tables []*catalog.Table) error {
	var full []string
	for _, t := range tables {
		full = append(full, t.Schema+"."+t.Name)
	}
	return &Error{Kind: KindAmbiguous, Message: fmt.Sprintf("table name \"%s\" is ambiguous", name),
		Hint: "Write one of " + strings.Join(full, ", ") + "."}
}
