package engine

import (
	"slices"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/engine/sqltext"
)

// The catalog knows how many rows each file has, how many NULLs each column has in it, and often the least and the greatest
// value. A query that asks for no more gets a relation of those numbers in the place of its table: for each file, or for each
// combination of the partition columns that it names, one row. DuckDB computes the rest, so that grouping, filters on partition
// columns and expressions around the aggregates mean what they always mean. Where anything is in doubt the files are read.

// answered is a statement of which the catalog answers some queries.
type answered struct {
	sql    string
	edits  []edit           // of the statement that it was made of
	tables []*catalog.Table // whose files are not read for those queries
	read   map[int64]bool   // the IDs of those among them that other queries of the statement read
}

// fromCatalog returns the statement with relations of the catalog in the place of those tables of which it asks no more than
// the catalog knows for certain; nil if there are none. Parsing costs 0.3 ms, which is why the outcome is remembered.
func (st *Statement) fromCatalog(c *conn, snap *catalog.Snapshot, sql string) (*answered, error) {
	s := st.s
	if !s.asksCatalog() || s.indirect || len(st.called) > 0 || s.ownPath || st.noCatalog || !mayAnswer(sql, snap) || namesOf(sql, s.temporaryTables) {
		return nil, nil
	}
	if a, ok := s.db.answers.get(snap, sql); ok {
		return a, nil
	}
	a, err := takeApart(c, snap, sql)
	if err != nil {
		return nil, err
	}
	s.db.answers.put(snap, sql, a)
	return a, nil
}

// asksCatalog reports whether the session lets the catalog answer.
func (s *Session) asksCatalog() bool { return s.switches.pruning }

// mayAnswer reports whether it is worth parsing a statement.
func mayAnswer(sql string, snap *catalog.Snapshot) bool {
	aggregate, distinct, table, partitioned := false, false, false, false
	for _, t := range sqltext.Tokens(sql) {
		if t.Kind != sqltext.Word && t.Kind != sqltext.QuotedWord {
			continue
		}
		name := strings.ToLower(t.Name(sql))
		switch name {
		case "count", "count_star", "min", "max":
			aggregate = true
		case "distinct", "group":
			distinct = true
		}
		for _, found := range snap.Find(name) {
			table = true
			partitioned = partitioned || slices.ContainsFunc(found.Columns, func(c catalog.Column) bool { return c.Partition })
		}
	}
	return aggregate && table || distinct && partitioned
}

// takeApart finds what the catalog answers; it returns nil if that is nothing.
func takeApart(c *conn, snap *catalog.Snapshot, sql string) (*answered, error) {
	cut := queryStart(sql)
	if cut < 0 {
		return nil, nil
	}
	tree, err := c.parse(sql[cut:])
	if tree == nil || err != nil {
		return nil, err
	}
	m := &asking{c: c, sql: sql[cut:], names: &hiding{c: c, snap: snap}, answered: map[*catalog.Table]bool{}, read: map[int64]bool{}}
	markUnnamed(tree)
	eachNode(tree, scope{}, func(n node, in scope) {
		if n["type"] == "SELECT_NODE" {
			m.query(n, in)
		}
	})
	if len(m.answered) == 0 {
		return nil, nil
	}
	eachNode(tree, scope{}, func(n node, in scope) {
		if n["type"] == "BASE_TABLE" && n["answered"] == nil {
			if t := m.names.resolve(n, in); t != nil {
				m.read[t.ID] = true
			}
		}
	})
	text, edits := m.edited(cut)
	a := &answered{sql: sql[:cut] + text, edits: edits, read: m.read}
	for _, t := range snap.Tables {
		if m.answered[t] {
			a.tables = append(a.tables, t)
		}
	}
	return a, nil
}

// without leaves out of tables those that need not be read.
func (a *answered) without(tables []*catalog.Table) []*catalog.Table {
	return slices.DeleteFunc(slices.Clone(tables), func(t *catalog.Table) bool {
		return !a.read[t.ID] && slices.Contains(a.tables, t)
	})
}

// answerMemo remembers what became of statements in one snapshot. It is safe for concurrent use.
type answerMemo struct {
	mu    sync.Mutex
	snap  *catalog.Snapshot
	bySQL map[string]*answered // nil for those that read files
	bytes int
}

// maxAnswers is how many bytes of statements are remembered.
const maxAnswers = 4 << 20

func (m *answerMemo) get(snap *catalog.Snapshot, sql string) (*answered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.snap != snap {
		return nil, false
	}
	a, ok := m.bySQL[sql]
	return a, ok
}

func (m *answerMemo) put(snap *catalog.Snapshot, sql string, a *answered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := len(sql) + 100
	if a != nil {
		size += len(a.sql)
	}
	if m.snap != snap || m.bytes+size > maxAnswers {
		m.snap, m.bySQL, m.bytes = snap, map[string]*answered{}, 0
	}
	if size <= maxAnswers {
		m.bySQL[sql] = a
		m.bytes += size
	}
}
