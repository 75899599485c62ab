package engine

import (
	"fmt"
	"slices"

	"tarn/catalog"
)

// decisions tells with an EXPLAIN what the plan does not show: for which tables the catalog answers, and with ANALYZE what the
// result cache does with the query. Nothing runs on c.
func (st *Statement) decisions(c *conn, args []Arg) []string {
	var out []string
	if a := st.target.answer; a != nil {
		for _, t := range a.tables {
			files := fmt.Sprintf("none of its %s read", plural(int64(len(t.Files)), "file"))
			if a.read[t.ID] {
				files = "other parts of the statement read its files, this one does not"
			}
			out = append(out, fmt.Sprintf("table %s.%s: the catalog answers, %s", t.Schema, t.Name, files))
		}
	}
	if cut := queryStart(st.sql); cut >= 0 && st.explain.analyze {
		note, err := st.resultNote(c, st.target.snap, st.sql[cut:], args)
		if err != nil {
			note = "not known: " + err.Error()
		}
		out = append(out, "result cache: "+note)
	}
	return out
}

// resultNote says in words what the result cache does with a query: for EXPLAIN ANALYZE. Nothing runs on c.
func (st *Statement) resultNote(c *conn, snap *catalog.Snapshot, query string, args []Arg) (string, error) {
	switch s := st.s; {
	case !s.switches.resultCache:
		return "off (tarn.result_cache)", nil
	case !s.keepsResults():
		return "not used in a transaction, with a search path of the session's own, or once it has made temporary objects", nil
	}
	key, err := st.s.shapeKey(query, st.params)
	if err != nil {
		return "", err
	}
	text := rewriteStatement(query, st.s.db.name, st.params, st.mode).sql
	if st.s.namesView(query) {
		text = st.text[max(queryStart(st.text), 0):]
	}
	why, err := st.s.db.unkept(c, snap, text)
	if err != nil {
		return "", err
	}
	if why != "" {
		return "not kept: " + why, nil
	}
	kept := st.s.db.results.get(key.withArgs(args))
	defer kept.release()
	tables := findReferences(text, snap).tables
	if kept == nil || !slices.Equal(kept.named, versionsOf(tables)) {
		return fmt.Sprintf("no result is kept; one of up to %d bytes would be", maxResult), nil
	}
	return fmt.Sprintf("a result of %d bytes is kept; without EXPLAIN ANALYZE the statement returns it and reads no file", kept.bytes), nil
}
