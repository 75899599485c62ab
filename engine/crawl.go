package engine

import (
	"context"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

var (
	refreshColumns = []Column{{Name: "change", Type: sqltype.Of(sqltype.Varchar)}, {Name: "name", Type: sqltype.Of(sqltype.Varchar)}, {Name: "detail", Type: sqltype.Of(sqltype.Varchar)}}
	explainColumns = []Column{{Name: "subject", Type: sqltype.Of(sqltype.Varchar)}, {Name: "decision", Type: sqltype.Of(sqltype.Varchar)},
		{Name: "reason", Type: sqltype.Of(sqltype.Varchar)}, {Name: "path", Type: sqltype.Of(sqltype.Varchar)}, {Name: "line", Type: sqltype.Of(sqltype.BigInt)}}
)

// runRefresh crawls; with a table it reads all of its files again. A table that is not known may have come since the last
// crawl: then the crawl itself reads it.
func runRefresh(ctx context.Context, s *Session, o *ownStatement) ([][]any, error) {
	if s.pinned != nil {
		return nil, &Error{Kind: KindTransaction, Message: "REFRESH cannot run inside a transaction block",
			Detail: "A transaction sees one version of the lake from its beginning to its end.", Hint: "End the transaction first."}
	}
	defer s.tellCrawl()()
	cat := s.db.cat
	skipped := map[storage.Skip]bool{}
	for _, skip := range cat.Snapshot().Skipped {
		skipped[skip] = true
	}
	var name any
	var r *catalog.Report
	var err error
	if len(o.name) == 0 {
		r, err = cat.Refresh(ctx)
	} else {
		var t *catalog.Table
		if t, err = o.table(cat.Snapshot()); err == nil {
			r, err = cat.RefreshTable(ctx, t)
		} else if r, err = cat.Refresh(ctx); err == nil {
			if t, err = o.table(cat.Snapshot()); err != nil {
				return nil, err
			}
		}
		if err == nil {
			name = t.Schema + "." + t.Name
		}
	}
	if err != nil {
		return nil, &Error{Kind: KindIO, Message: "cannot crawl the lake", Detail: err.Error(), Err: err}
	}
	rows := append([][]any{{"crawled", name, r.String()}}, changeRows(r)...)
	for _, skip := range r.Skipped {
		if !skipped[skip] {
			rows = append(rows, []any{"file skipped", skip.Path, skip.Reason})
		}
	}
	return rows, nil
}

// changeRows lists what a crawl changed.
func changeRows(r *catalog.Report) [][]any {
	var rows [][]any
	for _, list := range []struct {
		change string
		names  []string
	}{
		{"file added", r.Added}, {"file changed", r.Changed}, {"file removed", r.Removed},
		{"table added", r.NewTables}, {"table dropped", r.Dropped},
	} {
		for _, n := range list.names {
			rows = append(rows, []any{list.change, n, nil})
		}
	}
	for _, a := range r.Altered {
		for _, c := range a.Changes {
			rows = append(rows, []any{"table altered", a.Table, c})
		}
	}
	for _, n := range r.Notices {
		rows = append(rows, []any{"notice", nil, n})
	}
	return rows
}

// runExplain says why the catalog has a table, or all tables, as they are.
func runExplain(ctx context.Context, s *Session, o *ownStatement) ([][]any, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	tables := snap.Tables
	if len(o.name) > 0 {
		t, err := o.table(snap)
		if err != nil {
			return nil, err
		}
		tables = []*catalog.Table{t}
	}
	var rows [][]any
	for _, t := range tables {
		for _, e := range t.Explain() {
			var line any
			if e.Line > 0 {
				line = e.Line
			}
			rows = append(rows, []any{e.Subject, orNull(e.Decision), orNull(e.Reason), orNull(e.Path), line})
		}
	}
	return rows, nil
}

// orNull turns an empty text into NULL.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
