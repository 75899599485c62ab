package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"tarn/catalog/sqltype"
	"tarn/catalog/viewfile"
	"tarn/engine/pgcatalog"
)

var declaration = regexp.MustCompile(`CREATE TABLE tarndb\.tarn\.(\w+) \(([^;]*)\);`)

// ownRelations are the relations of schema tarn, as system.sql declares them.
func ownRelations() []pgcatalog.Other {
	var out []pgcatalog.Other
	for i, m := range declaration.FindAllStringSubmatch(systemSQL, -1) {
		o := pgcatalog.Other{OID: pgcatalog.FirstOwn + 4*int64(i), Schema: "tarn", Name: m[1], Kind: "r", Comment: "what the catalog knows"}
		for column := range strings.SplitSeq(m[2], ",") {
			name, typ, _ := strings.Cut(strings.TrimSpace(column), " ")
			t, err := sqltype.Parse(typ)
			if err != nil {
				panic(fmt.Sprintf("system.sql: %s.%s: %v", m[1], name, err))
			}
			o.Columns = append(o.Columns, pgcatalog.OtherColumn{Name: name, Type: t})
		}
		out = append(out, o)
	}
	return out
}

// describeViews describes the lake's views. One that cannot be bound, because a table of it is gone, has no columns.
func (db *DB) describeViews(views *viewfile.Set) []pgcatalog.Other {
	if len(views.Views) == 0 {
		return nil
	}
	var out []pgcatalog.Other
	ctx := context.Background()
	s, err := db.NewSession(ctx)
	if err == nil {
		defer s.Close()
	}
	for _, v := range views.Views {
		o := pgcatalog.Other{OID: pgcatalog.FirstView + 4*v.ID, Schema: v.Schema, Name: v.Name, Kind: "v",
			Definition: " " + strings.TrimRight(strings.TrimSpace(v.Query), ";") + ";", Comment: v.Comment}
		if s != nil {
			st, err := s.Prepare(ctx, "SELECT * FROM "+sqltype.QuoteName(v.Schema)+"."+sqltype.QuoteName(v.Name), nil)
			if err != nil {
				db.log.Debug("a view cannot be described", "view", v.FullName(), "error", err)
			} else {
				for _, c := range st.Columns() {
					o.Columns = append(o.Columns, pgcatalog.OtherColumn{Name: c.Name, Type: c.Type})
				}
				st.Close()
			}
		}
		out = append(out, o)
	}
	return out
}

// temporaryQuery describes the temporary tables of a connection, as JSON.
const temporaryQuery = `SELECT CAST(to_json(coalesce(list(t ORDER BY t.name), [])) AS VARCHAR) FROM (
	SELECT table_name AS name, list({name: column_name, type: data_type, not_null: NOT is_nullable} ORDER BY column_index) AS columns
	FROM duckdb_columns() WHERE database_name = 'temp' AND NOT internal GROUP BY ALL) AS t`

// findTemporary looks at the session's temporary views and tables, if it ever made one.
func (s *Session) findTemporary(c *conn) error {
	views, err := s.ownViews()
	if err != nil {
		return err
	}
	if len(s.temporaryTables) == 0 || c != s.main {
		s.temporary = append(slices.DeleteFunc(s.temporary, func(t pgcatalog.TempTable) bool { return t.View }), views...)
		return nil
	}
	text, err := c.text(temporaryQuery)
	if err != nil {
		return err
	}
	var found []struct {
		Name    string `json:"name"`
		Columns []struct {
			Name    string `json:"name"`
			Type    string `json:"type"`
			NotNull bool   `json:"not_null"`
		} `json:"columns"`
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		return err
	}
	s.temporary = views
	for _, t := range found {
		one := pgcatalog.TempTable{Name: t.Name, Rows: -1}
		for _, col := range t.Columns {
			one.Columns = append(one.Columns, pgcatalog.TempColumn(col))
		}
		s.temporary = append(s.temporary, one)
	}
	return nil
}

// ownViews describes the views that only the session sees: temporary ones, and those of the lake that its transaction made or changed. It
// notes those that others still see in their place.
func (s *Session) ownViews() (out []pgcatalog.TempTable, err error) {
	for _, v := range s.views.temp.Views {
		out = append(out, s.ownView("", v))
	}
	s.hidden = nil
	if s.views.lake == nil || len(s.views.changes) == 0 {
		return out, nil
	}
	shared, err := s.db.views.Load()
	if err != nil {
		return nil, &Error{Kind: KindIO, Message: err.Error(), Err: err}
	}
	for _, v := range shared.Views {
		if now := s.views.lake.Lookup(v.Schema, v.Name); now == nil || !reflect.DeepEqual(now, v) {
			s.hidden = append(s.hidden, pgcatalog.FirstView+4*v.ID)
		}
	}
	for _, v := range s.views.lake.Views {
		if others := shared.Lookup(v.Schema, v.Name); others == nil || !reflect.DeepEqual(others, v) {
			out = append(out, s.ownView(v.Schema, v))
		}
	}
	return out, nil
}

// ownView describes one. Its columns are known from its making.
func (s *Session) ownView(schema string, v *viewfile.View) pgcatalog.TempTable {
	one := pgcatalog.TempTable{Schema: schema, Name: v.Name, View: true, SQL: v.Query, Rows: -1}
	if _, known := s.tempColumns[v.Query]; !known {
		if st, err := s.prepare(context.Background(), v.Query, nil); err == nil { // it was made before the transaction, which changed its name or comment
			s.tempColumns[v.Query] = st.columns
			st.Close()
		}
	}
	for i, c := range s.tempColumns[v.Query] {
		name := c.Name
		if i < len(v.Columns) {
			name = v.Columns[i]
		}
		one.Columns = append(one.Columns, pgcatalog.TempColumn{Name: name, Type: c.Type.String()})
	}
	return one
}
