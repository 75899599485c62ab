package engine

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/engine/pgcatalog"
	"tarn/engine/sqltext"
)

// PostgresCatalog is what the engine shows of pg_catalog and information_schema.
func (db *DB) PostgresCatalog() *pgcatalog.Catalog { return db.postgres }

// lakeName is the name of the database that clients see: that of the lake's folder or file.
func lakeName(cat *catalog.Catalog) string {
	if single := cat.Root().Single(); single != "" {
		return strings.TrimSuffix(filepath.Base(single), filepath.Ext(single))
	}
	return filepath.Base(cat.Root().Dir())
}

// rewritten turns the client's text into DuckDB's, with the names of PostgreSQL's catalog leading to its relations.
func (st *Statement) rewritten(types []sqltype.Type) rewritten {
	first := rewriteStatement(st.sql, st.s.db.name, types, st.mode, st.spelled...)
	pg := pgcatalog.Rewrite(first.sql, st.s.Snapshot())
	st.postgres, st.catalogNames = pg.Uses, pg.Relations
	if len(pg.Edits) == 0 {
		return first
	}
	r := rewritten{sql: pg.SQL, before: &first}
	for _, e := range pg.Edits {
		r.edits = append(r.edits, edit{e.Start, e.End - e.Start, len(e.Text)})
	}
	return r
}

// usePostgres makes the catalog's relations show a snapshot, and tells them who asks on c.
func (st *Statement) usePostgres(c *conn, snap *catalog.Snapshot) error {
	s := st.s
	names := st.catalogNames
	if names == nil {
		names = []string{}
	}
	// A transaction sees the catalog's database as it is at its first look at it, which is now or was before: what is made later it does not see.
	if s.pinned != nil || s.indirect || len(st.called) > 0 {
		names = nil
	}
	if err := s.db.loadPostgres(snap, names); err != nil {
		return err
	}
	if err := s.findTemporary(c); err != nil {
		return err
	}
	if s.client == 0 {
		s.client = s.db.postgres.Enter(s.describe)
	}
	if c.client == s.client {
		return nil
	}
	c.client = s.client
	return c.exec("SET VARIABLE tarn_session = " + strconv.FormatInt(s.client, 10))
}

// loadPostgres makes the catalog's relations show a snapshot, or a later one; all of them if names is nil.
func (db *DB) loadPostgres(snap *catalog.Snapshot, names []string) error {
	views, err := db.views.Load()
	if err != nil {
		return &Error{Kind: KindIO, Message: err.Error(), Err: err}
	}
	if db.postgres.Loaded(snap.Version, views.Seq, names) {
		return nil
	}
	from := pgcatalog.Source{Snapshot: snap, Seq: views.Seq, Others: append(ownRelations(), db.describeViews(views)...), Schemas: views.Schemas}
	for _, v := range views.Views {
		from.Schemas = append(from.Schemas, v.Schema)
	}
	slices.Sort(from.Schemas)
	from.Schemas = slices.Compact(from.Schemas)
	db.mu.Lock()
	defer db.mu.Unlock()
	begun := time.Now()
	if err := db.postgres.Load(db.admin.c, db.admin.exec, from, names); err != nil {
		return &Error{Kind: KindInternal, Message: "cannot make PostgreSQL's catalog", Detail: err.Error(), Err: err}
	}
	db.log.Debug("PostgreSQL's catalog is made", "version", snap.Version, "took", time.Since(begun))
	return nil
}

// Describe sets what PostgreSQL's catalog says to the session about itself: its user, its settings. It is called while a
// statement runs, by any goroutine.
func (s *Session) Describe(client func() pgcatalog.Client) { s.identity = client }

// describe is what the catalog asks.
func (s *Session) describe() pgcatalog.Client {
	var who pgcatalog.Client
	if s.identity != nil {
		who = s.identity()
	}
	who.Temp = s.temporary
	if s.pinned != nil {
		who.Snapshot = s.pinned.Version
	}
	return who
}

// namesPostgres reports whether a statement names the database that holds PostgreSQL's catalog.
func namesPostgres(sql string) bool {
	return slices.ContainsFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool {
		return (t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord) && t.Name(sql) == pgcatalog.Database
	})
}
