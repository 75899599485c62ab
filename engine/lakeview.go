package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tarn/catalog"
	"tarn/catalog/viewfile"
	"tarn/engine/sqltext"
)

// A view that a user made is no view of DuckDB's: a statement that names it gets its query in the place of the name, so that what
// is known of statements (which files they need, what the catalog answers, hidden columns) holds for those with views, too. Views of
// the lake are in the state directory, temporary ones in their session.

// viewTx is what a session sees of views and macros, with the changes of its transaction.
type viewTx struct {
	lake    *viewfile.Set // inside a transaction: as at its beginning, and changed by it
	changes []viewChange  // to make when it ends
	temp    *viewfile.Set // of the session
	before  *viewfile.Set // temp when the transaction began

	macros, macrosBefore *macros // the same of macros
}

// viewChange changes a set, or says why it cannot.
type viewChange func(*viewfile.Set) (*viewfile.Set, error)

// noViews is the temporary views of a session that made none.
var noViews = &viewfile.Set{NextID: 1}

// tempSchema is that of temporary views, as it may stand before their names.
const tempSchema = "pg_temp"

// begin fixes what the transaction sees.
func (v *viewTx) begin(now *viewfile.Set) {
	v.lake, v.before, v.macrosBefore, v.changes = now, v.temp, v.macros, nil
}

// rollback forgets what the transaction did.
func (v *viewTx) rollback() { v.lake, v.temp, v.macros, v.changes = nil, v.before, v.macrosBefore, nil }

// commit makes the changes of the transaction for all sessions.
func (v *viewTx) commit(file *viewfile.File) error {
	changes := v.changes
	v.lake, v.changes = nil, nil
	if len(changes) == 0 {
		return nil
	}
	return updateViews(file, func(set *viewfile.Set) (*viewfile.Set, error) {
		var err error
		for _, change := range changes {
			if set, err = change(set); err != nil {
				return nil, err
			}
		}
		return set, nil
	})
}

// updateViews changes the views of the lake.
func updateViews(file *viewfile.File, change viewChange) error {
	var refused error
	err := file.Update(func(set *viewfile.Set) (*viewfile.Set, error) {
		next, err := change(set)
		refused = err
		return next, err
	})
	if err != nil && refused == nil {
		return &Error{Kind: KindIO, Message: err.Error(), Err: err}
	}
	return err
}

// lakeViews returns the views of the lake as the session's next statement sees them.
func (s *Session) lakeViews() (*viewfile.Set, error) {
	if s.views.lake != nil {
		return s.views.lake, nil
	}
	set, err := s.db.views.Load()
	if err != nil {
		return nil, &Error{Kind: KindIO, Message: err.Error(), Err: err}
	}
	return set, nil
}

// changeViews changes the views of the lake, in a transaction when it ends.
func (s *Session) changeViews(change viewChange) error {
	if s.views.lake == nil {
		return updateViews(s.db.views, change)
	}
	next, err := change(s.views.lake)
	if err == nil {
		s.views.lake, s.views.changes = next, append(slices.Clip(s.views.changes), change)
	}
	return err
}

// viewsKey is equal as long as the names of views and macros mean the same to the session.
func (s *Session) viewsKey(lake *viewfile.Set) viewsKey {
	return viewsKey{lake: lake, temp: s.views.temp, macros: s.views.macros}
}

type viewsKey struct {
	lake, temp *viewfile.Set
	macros     *macros
}

// named returns the views that a statement may name, found in its text by name alone.
func (k viewsKey) named(sql string) bool {
	if len(k.lake.Views) == 0 && len(k.temp.Views) == 0 {
		return false
	}
	names := map[string]bool{}
	for _, v := range slices.Concat(k.lake.Views, k.temp.Views) {
		names[strings.ToLower(v.Name)] = true
	}
	for _, tok := range sqltext.Tokens(sql) {
		if tok.Kind != sqltext.Comment && names[strings.ToLower(tableName(sql, tok))] {
			return true
		}
	}
	return false
}

// ViewInfo is a view that a user made, and what it returns.
type ViewInfo struct {
	viewfile.View
	Temporary bool
	Output    []Column // nil if the query cannot be bound any more
	Err       error    // why not
}

// lakeSchemas are the schemas of the lake's tables and those that users made.
func lakeSchemas(snap *catalog.Snapshot, set *viewfile.Set) []string {
	names := map[string]bool{"public": true}
	for _, t := range snap.Tables {
		names[t.Schema] = true
	}
	for _, s := range set.Schemas {
		names[s] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// sameViews reports whether the statement, bound before, would get the same queries for the names of views.
func (st *Statement) sameViews() bool {
	lake, err := st.s.lakeViews()
	return err == nil && st.target.views == st.s.viewsKey(lake)
}

// expanded returns the statement with its views put in, of one that need not be bound.
func (st *Statement) expanded(snap *catalog.Snapshot) (string, error) {
	if !st.s.namesView(st.rewrite.sql) {
		return st.rewrite.sql, nil
	}
	c, err := st.s.idle()
	if err != nil {
		return "", err
	}
	defer st.s.release(c)
	return st.inlineViews(c, snap)
}

// namesView reports whether a statement may name a view.
func (s *Session) namesView(sql string) bool {
	lake, err := s.lakeViews()
	return err == nil && s.viewsKey(lake).named(sql)
}

// namesOwn reports whether a statement may name a temporary table or view of the session, or one of its macros.
func (s *Session) namesOwn(sql string) bool {
	return len(s.views.macros.called(sql)) > 0 || namesOf(sql, s.temporaryTables) || viewsKey{lake: noViews, temp: s.views.temp}.named(sql)
}

// made takes note of what a statement has made in DuckDB. A temporary table, type, sequence or macro concerns the statements that name it;
// a macro with the name of a function changes what that means to others, too.
func (s *Session) made(sql string) {
	tokens := slices.DeleteFunc(sqltext.Tokens(sql), func(t sqltext.Token) bool { return t.Kind == sqltext.Comment })
	for i, t := range tokens {
		if t.Kind != sqltext.Word {
			continue
		}
		switch strings.ToUpper(t.Text(sql)) {
		case "TABLE":
			s.temporaryTables[madeName(sql, tokens[i+1:])] = true
			return
		case "TYPE", "SEQUENCE", "INDEX":
			return
		case "MACRO", "FUNCTION":
			s.indirect = s.indirect || functions()[madeName(sql, tokens[i+1:])] != unknownFunction
			s.views.macros = s.views.macros.made(sql, tokens[i+1:])
			return
		}
	}
	s.indirect = true
}

// madeName is the name behind CREATE TABLE, in lower case and without schema.
func madeName(sql string, tokens []sqltext.Token) string {
	name := ""
	for i, t := range tokens {
		word := strings.ToUpper(t.Text(sql))
		switch {
		case t.Kind == sqltext.Word && i < 3 && name == "" && (word == "IF" || word == "NOT" || word == "EXISTS"):
		case t.Kind == sqltext.Word || t.Kind == sqltext.QuotedWord:
			if name != "" && tokens[i-1].Text(sql) != "." {
				return name
			}
			name = strings.ToLower(t.Name(sql))
		case t.Kind != sqltext.Operator || word != ".":
			return name
		}
	}
	return name
}

// viewRow is a row of tarn.views.
type viewRow struct {
	TableSchema string    `json:"table_schema"`
	TableName   string    `json:"table_name"`
	ColumnNames []string  `json:"column_names"`
	Definition  string    `json:"view_definition"`
	Comment     *string   `json:"comment"`
	MadeAt      time.Time `json:"made_at"`
}

// fillViews fills tarn.views.
func (db *DB) fillViews(set *viewfile.Set) error {
	rows := make([]viewRow, 0, len(set.Views))
	for _, v := range set.Views {
		row := viewRow{TableSchema: v.Schema, TableName: v.Name, ColumnNames: v.Columns, Definition: v.Query, MadeAt: v.Made}
		if v.Comment != "" {
			row.Comment = &v.Comment
		}
		rows = append(rows, row)
	}
	return replaceRows(db.admin, "views", rows)
}

// aboutViews completes an error of a statement that may name views.
func (st *Statement) aboutViews(e *Error) {
	switch {
	case e.Kind != KindUndefinedTable && e.Kind != KindUndefinedColumn && e.Kind != KindUndefinedFunction || !st.s.namesView(st.rewrite.sql):
	case st.text != st.rewrite.sql && e.Detail == "":
		e.Detail = "The statement reads views. Their queries, in which the name may stand, are in tarn.views."
	case e.Kind == KindUndefinedTable && e.Hint == "":
		e.Hint = "Views can be named in queries, in CREATE TEMP TABLE ... AS, INSERT ... SELECT and EXPLAIN, and PIVOT takes one in a subquery."
	}
}

// hiddenViews tells of views that a table, found after they were made, hides.
func (st *Statement) hiddenViews() (out []Notice) {
	if st.target == nil || st.target.views.lake == nil {
		return nil
	}
	for _, t := range st.tables {
		if v := st.target.views.lake.Lookup(t.Schema, t.Name); v != nil {
			out = append(out, Notice{Message: fmt.Sprintf("table %s.%s of the lake hides the view of that name, which is older", t.Schema, t.Name),
				Hint: "ALTER VIEW " + v.FullName() + " RENAME TO ... gives it another name."})
		}
	}
	return out
}
