package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/engine/sqltext"
	"tarn/storage"
)

// source is a table that a statement reads, with the hidden columns that it names.
type source struct {
	table *catalog.Table
	extra provenance
}

// chooser decides which files of the sources a statement is bound to.
type chooser func(ctx context.Context, c *conn, to *target) ([]*scan, error)

// shape chooses what tells a statement's columns and types: nothing of a table of several files, since its columns are known.
// A table of one file is chosen as it will be read, so that the statement need not be bound again.
func (st *Statement) shape(ctx context.Context, c *conn, to *target) ([]*scan, error) {
	if readsAtPrepare(st.reach) || st.s.indirect {
		return st.everything(ctx, c, to)
	}
	var out []*scan
	for _, src := range to.sources {
		var ch choice
		if len(src.table.Files) == 1 {
			ch = st.s.db.copied(st.s, src, allFiles(src.table))
			ch.summed = len(st.called) == 0 && onlySummed(to.sql, src.table)
		}
		out = append(out, st.s.db.scans.of(src, ch))
	}
	return out, nil
}

// everything chooses all files as they stand in the lake.
func (st *Statement) everything(_ context.Context, _ *conn, to *target) ([]*scan, error) {
	var out []*scan
	for _, src := range to.sources {
		out = append(out, st.s.db.scans.of(src, allFiles(src.table)))
	}
	return out, nil
}

// choose chooses the files that can hold rows for args, and their columnar copies, unless it is for a plan that outlasts the
// statement: copies may go away.
func (st *Statement) choose(ctx context.Context, to *target, args []Arg) []*scan {
	st.cuts = st.cut(ctx, to, args)
	lasting := st.s.indirect || queryStart(to.sql) < 0
	var out []*scan
	for _, src := range to.sources {
		ch := st.cuts.chooseFiles(src.table, queryVariable(src.table, src.extra))
		if !lasting {
			ch = st.s.db.copied(st.s, src, ch)
			ch.summed = len(st.called) == 0 && onlySummed(to.sql, src.table)
		}
		out = append(out, st.s.db.scans.of(src, ch))
	}
	return out
}

// readsAtPrepare reports whether DuckDB reads rows to prepare a statement: a PIVOT without a list of values looks for them.
func readsAtPrepare(sql string) bool {
	return slices.ContainsFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool {
		return t.Kind == sqltext.Word && strings.Contains(strings.ToUpper(t.Text(sql)), "PIVOT")
	})
}

// scanCache keeps scans, so that a statement that reads the same files again finds its variables set. It is safe for
// concurrent use.
type scanCache struct {
	root  *storage.Root
	mu    sync.Mutex
	byKey map[string]*scan
	bytes int // that byKey takes

	serial map[int64]bool // tables, by number, of which DuckDB's threads may not share a file
}

// maxScans and maxScanBytes are how many scans are kept, and how much of them.
const (
	maxScans     = 256
	maxScanBytes = 64 << 20
)

// size is what a scan takes in memory, in bytes.
func (s *scan) size() int {
	n := 500 + len(s.query) + 8*len(s.chosen.files)
	for _, l := range s.lists {
		n += len(l.sql)
	}
	for _, path := range s.chosen.copies {
		n += len(path) + 50
	}
	return n
}

// of returns the scan of a source's chosen files.
func (sc *scanCache) of(src source, ch choice) *scan {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	ch.serial = sc.serial[src.table.ID]
	key := queryVariable(src.table, src.extra) + " " + ch.key(src.table)
	if s := sc.byKey[key]; s != nil && s.table == src.table {
		return s
	}
	s := newScan(sc.root, src.table, src.extra, ch)
	size := len(key) + s.size()
	if sc.byKey == nil || len(sc.byKey) >= maxScans || sc.bytes+size > maxScanBytes {
		sc.byKey, sc.bytes = map[string]*scan{}, 0
	}
	sc.byKey[key] = s
	sc.bytes += size
	return s
}

// key is equal for equal choices of the files of one table.
func (ch choice) key(t *catalog.Table) string {
	var b strings.Builder
	if ch.summed {
		b.WriteString("summed ")
	}
	if ch.serial {
		b.WriteString("serial ")
	}
	if len(ch.files) == len(t.Files) && len(ch.copies) == 0 {
		return b.String() + "all"
	}
	for _, i := range ch.files {
		b.WriteString(strconv.Itoa(i))
		if path, ok := ch.copies[i]; ok {
			b.WriteString(strconv.Quote(path))
		}
		b.WriteByte(',')
	}
	return b.String()
}

// useFiles sets the variables of scans on the connection.
func (db *DB) useFiles(c *conn, scans []*scan) error {
	for _, s := range scans {
		if err := c.useFiles(s); err != nil {
			return err
		}
	}
	return nil
}

// readFiles calls f for every file of the lake that scans read, as opposed to its copy.
func readFiles(scans []*scan, f func(t *catalog.Table, file *catalog.File) error) error {
	for _, s := range scans {
		for _, i := range s.chosen.files {
			if _, copied := s.chosen.copies[i]; copied {
				continue
			}
			if err := f(s.table, s.table.Files[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// sourcesOf returns the tables as sources without hidden columns, then those with.
func sourcesOf(tables []*catalog.Table, hidden []source) []source {
	var out []source
	for _, t := range tables {
		out = append(out, source{table: t})
	}
	return slices.Concat(out, hidden)
}
