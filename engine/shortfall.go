package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// shortfall says what is missing from the result of the statement: rows of files that cannot be read, and malformed rows. It
// is an error if a table does not allow that. It must be called while nothing runs on c.
func (st *Statement) shortfall(ctx context.Context, c *conn) ([]Notice, error) {
	out := st.hiddenViews()
	for _, t := range st.lacking(c) {
		out = append(out, leftOut(t)...)
		n, err := st.s.db.rejected(ctx, t)
		if err != nil {
			return nil, err
		}
		out = append(out, n...)
	}
	return out, nil
}

// lacking returns the tables that the statement reads and that lack rows.
func (st *Statement) lacking(c *conn) []*catalog.Table {
	var lacking []*catalog.Table
	for _, t := range st.tables {
		if len(t.LeftOut) > 0 || t.Rejected() > 0 {
			lacking = append(lacking, t)
		}
	}
	if lacking == nil || !readsRows(st.sql) {
		return nil
	}
	read := st.reads(c)
	if read == nil {
		return lacking
	}
	return slices.DeleteFunc(lacking, func(t *catalog.Table) bool { return !read[t.ID] })
}

// readsRows reports whether a statement reads rows at all, and does not only look at names and types.
func readsRows(sql string) bool {
	words := sqltext.Words(sql, 6)
	if len(words) == 0 {
		return true
	}
	switch words[0] {
	case "DESCRIBE", "DESC", "SHOW", "SET", "RESET", "USE", "DROP", "ALTER":
		return false
	case "EXPLAIN":
		return slices.Contains(words, "ANALYZE") || len(words) == 1 // EXPLAIN (ANALYZE)
	case "CREATE":
		return slices.Contains(words, "TABLE")
	}
	return true
}

// reads returns the IDs of the lake's tables that the statement names where tables are read, or nil if only a guess could be
// made. DuckDB's parser tells; a name that is a column, too, is no table.
func (st *Statement) reads(c *conn) map[int64]bool {
	cut := queryStart(st.text)
	if cut < 0 || len(st.called) > 0 {
		return nil
	}
	tree, err := c.parse(st.text[cut:])
	if tree == nil || err != nil || callsAny(tree, map[string]bool{"query": true, "query_table": true}) {
		return nil
	}
	h := &hiding{c: c, snap: st.s.Snapshot(), ownPath: st.s.ownPath, scans: map[string]source{}, read: map[int64]bool{}}
	if st.s.indirect || len(st.s.temporaryTables) > 0 {
		if made, err := c.names(indirections); err != nil || callsAny(tree, made) {
			return nil
		}
		if h.temporary, err = c.temporaryNames(); err != nil {
			return nil
		}
	}
	if err := h.statement(tree); err != nil {
		return nil
	}
	return h.read
}

// indirections lists the views and macros of the session, which read tables that a statement does not name.
const indirections = "SELECT lower(view_name) AS name FROM duckdb_views() WHERE temporary AND NOT internal UNION ALL " +
	"SELECT lower(function_name) FROM duckdb_functions() WHERE function_type IN ('macro', 'table_macro') AND NOT internal"

// callsAny reports whether a tree names one of these relations or functions.
func callsAny(tree node, names map[string]bool) (found bool) {
	visit(tree, func(n node) {
		for _, key := range []string{"function_name", "table_name"} {
			name, _ := n[key].(string)
			found = found || names[strings.ToLower(name)]
		}
	})
	return found
}

// leftOut tells of files whose rows are missing from a table.
func leftOut(t *catalog.Table) []Notice {
	n := len(t.LeftOut)
	if n == 0 {
		return nil
	}
	return []Notice{{
		Message: fmt.Sprintf("table %s.%s lacks the rows of %d of its files, which cannot be read, e.g. %s: %s",
			t.Schema, t.Name, n, t.LeftOut[0].Path, t.LeftOut[0].Reason),
		Hint: "SELECT * FROM tarn.skipped lists them all."}}
}

// rejected tells of malformed rows of a table; it is an error if the table does not allow them.
func (db *DB) rejected(ctx context.Context, t *catalog.Table) ([]Notice, error) {
	total := t.Rejected()
	if total == 0 {
		return nil, nil
	}
	first := db.firstReject(ctx, t)
	files := 0
	for _, f := range t.Files {
		if f.Rejected > 0 {
			files++
		}
	}
	if t.OnReject == catalog.OnRejectError {
		return nil, &Error{Kind: KindCorruptFile, File: first.Path, Line: first.Line,
			Message: fmt.Sprintf("table %s.%s has %s, and its on_reject policy is error: %s", t.Schema, t.Name, count(total, "malformed row"), first.Reason),
			Hint:    "SELECT * FROM tarn.rejects lists them. Mend the file, or set on_reject: skip for the table in lake.yaml."}
	}
	place := first.Path
	if first.Line > 0 {
		place += fmt.Sprintf(" line %d", first.Line)
	}
	if first.Column != "" {
		place += ", column " + first.Column
	}
	were := "were"
	if total == 1 {
		were = "was"
	}
	return []Notice{{Message: fmt.Sprintf("table %s.%s: %s of %s %s passed over, first %s: %s", t.Schema, t.Name,
		count(total, "malformed row"), count(int64(files), "file"), were, place, first.Reason),
		Hint: "SELECT * FROM tarn.rejects lists them."}}, nil
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// firstReject returns a table's first malformed row, or what is known of it.
func (db *DB) firstReject(ctx context.Context, t *catalog.Table) catalog.RejectedRow {
	r, ok, err := db.cat.FirstReject(ctx, t)
	if err != nil {
		db.log.Warn("cannot read a malformed row from the catalog", "table", t.Schema+"."+t.Name, "error", err)
	}
	if ok {
		return r
	}
	r.Reason = "malformed"
	for _, f := range t.Files {
		if f.Rejected > 0 {
			r.Path = f.Path
			break
		}
	}
	return r
}
