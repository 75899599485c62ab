package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tarn/storage"
)

// derive makes the state that follows from what a crawl found, and what is to be written for it.
func (c *Catalog) derive(base *state, found *findings, walked []storage.Skip, cfg *config) (*state, *change) {
	next := &stored{lake: lakePath(c.root), config: cfg.stored(), version: base.stored.version + 1, walked: walked, records: found.records,
		tables: map[tableName]tableRow{}, forms: maps.Clone(base.stored.forms)}
	ch := &change{put: found.fresh}
	for _, r := range found.gone {
		ch.drop = append(ch.drop, r.path)
	}
	used := map[string]bool{}
	for _, r := range found.records {
		for _, r := range []*record{r, r.effective()} {
			if r.file != nil {
				used[r.file.form.key] = true
			}
		}
	}
	for key, id := range next.forms {
		if !used[key] {
			delete(next.forms, key)
			ch.forms = append(ch.forms, id)
		}
	}
	tables := buildTables(found.records, c.rootName(), cfg)
	for _, t := range tables {
		name := tableName{t.Schema, t.Name}
		row, known := base.stored.tables[name]
		old := base.snap.Lookup(t.Schema, t.Name)
		if known && old != nil && sameTable(old, t) {
			t.ID, t.Version, next.tables[name] = row.id, row.version, row // t and not old, since what is near may differ
			continue
		}
		t.ID, t.Version = row.id, next.version
		next.tables[name] = row // the ID of a new table comes when it is written
		ch.tables = append(ch.tables, t)
		ch.history = append(ch.history, historyOf(name, old, t)...)
	}
	for name := range base.stored.tables {
		if _, ok := next.tables[name]; !ok {
			ch.dropped = append(ch.dropped, name)
		}
	}
	slices.SortFunc(ch.dropped, func(a, b tableName) int {
		return cmp.Or(strings.Compare(a.schema, b.schema), strings.Compare(a.name, b.name))
	})
	for _, name := range ch.dropped {
		ch.history = append(ch.history, historyRow{table: name, change: "dropped, since its files are gone or in other tables"})
	}
	snap := &Snapshot{Version: next.version, Tables: tables, Skipped: allSkips(walked, found.records)}
	return &state{stored: next, snap: snap, config: cfg}, ch
}

// sameTable reports whether two versions of a table are the same. Files that did not change are shared by both.
func sameTable(a, b *Table) bool {
	return a.why == b.why && a.OnReject == b.OnReject && slices.Equal(a.Pins, b.Pins) && sameFiles(a.Files, b.Files) && slices.Equal(a.Notices, b.Notices) && slices.Equal(a.LeftOut, b.LeftOut) &&
		slices.EqualFunc(a.Columns, b.Columns, func(x, y Column) bool {
			return x.Name == y.Name && x.Partition == y.Partition && x.Pinned == y.Pinned && x.Type.Equal(y.Type)
		})
}
