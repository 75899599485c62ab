package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tarn/catalog"
	"tarn/catalog/viewfile"
)

// parseView returns the statement if it is one about views or schemas; nil if not, as an ALTER TABLE of no view.
func (s *Session) parseView(sql string) (*ownStatement, error) {
	v, err := parseView(sql)
	if v == nil || err != nil {
		return nil, err
	}
	if v.table {
		lake, err := s.lakeViews()
		if err != nil {
			return nil, err
		}
		if s.findView(lake, v.names[0]) == nil {
			return nil, nil
		}
	}
	return &ownStatement{tag: v.tag(), run: func(ctx context.Context, s *Session, o *ownStatement) ([][]any, error) {
		o.notices = nil
		defer s.turn()
		return nil, s.runView(ctx, v, o)
	}}, nil
}

// runView carries a statement about views out.
func (s *Session) runView(ctx context.Context, v *viewStatement, o *ownStatement) error {
	snap, err := s.current(ctx)
	if err != nil {
		return err
	}
	lake, err := s.lakeViews()
	if err != nil {
		return err
	}
	switch v.verb {
	case createView:
		return s.createView(ctx, v, o, snap, lake)
	case dropView:
		return s.dropViews(v, o, snap, lake)
	case createSchema, dropSchema:
		return s.runSchema(v, o, snap)
	}
	found := s.findView(lake, v.names[0])
	if found == nil {
		if v.lenient {
			o.remark(KindInternal, "view %q does not exist, skipping", v.names[0].String())
			return nil
		}
		return noView(v.names[0], snap)
	}
	next := *found
	switch v.verb {
	case renameView:
		next.Name = v.text
	case moveView:
		if next.Schema = v.text; !slices.Contains(lakeSchemas(snap, lake), v.text) {
			return noSchema(v.text, 0)
		}
	case commentView:
		next.Comment = v.text
	}
	if v.verb != commentView && snap.Lookup(next.Schema, strings.ToLower(next.Name)) != nil {
		return exists(&next)
	}
	return s.replaceView(found, next, v.verb != commentView)
}

// replaceView puts next in the place of a view; free says that no view may have its name.
func (s *Session) replaceView(old *viewfile.View, next viewfile.View, free bool) error {
	change := func(set *viewfile.Set) (*viewfile.Set, error) {
		if set.Lookup(old.Schema, old.Name) == nil {
			return nil, noView(namedView{schema: old.Schema, name: old.Name}, nil)
		}
		set = set.Without(old.Schema, old.Name)
		if free && set.Lookup(next.Schema, next.Name) != nil {
			return nil, exists(&next)
		}
		return set.With(next), nil
	}
	if old.Schema != tempSchema {
		return s.changeViews(change)
	}
	set, err := change(s.views.temp)
	if err == nil {
		s.views.temp = set
	}
	return err
}

// createView makes a view of a query that can be bound.
func (s *Session) createView(ctx context.Context, v *viewStatement, o *ownStatement, snap *catalog.Snapshot, lake *viewfile.Set) error {
	view := viewfile.View{Schema: v.names[0].schema, Name: v.names[0].name, Columns: v.columns, Query: v.query, Made: time.Now().UTC().Truncate(time.Second)}
	x, err := s.checkQuery(ctx, v, snap, lake)
	if err != nil {
		return err
	}
	view.Path = x.path
	temporary := v.temporary
	if x.usesTemp && !temporary {
		temporary = true
		o.remark(KindInternal, "view %q will be a temporary view, because it reads a temporary one or a temporary table", view.Name)
	}
	if temporary {
		if view.Schema != "" && view.Schema != tempSchema {
			return &Error{Kind: KindInvalidValue, Message: "cannot create a temporary view in schema " + view.Schema, Hint: "Leave out the schema.", Position: v.names[0].position}
		}
		view.Schema = tempSchema
	} else if view.Schema, err = s.schemaFor(view.Schema, snap, lake, v.names[0].position); err != nil {
		return err
	}
	if err := checkColumns(v, x.output); err != nil {
		return err
	}
	if snap.Lookup(view.Schema, strings.ToLower(view.Name)) != nil || temporary && x.temporary[strings.ToLower(view.Name)] {
		return exists(&view)
	}
	change := func(set *viewfile.Set) (*viewfile.Set, error) {
		if old := set.Lookup(view.Schema, view.Name); old != nil && !v.replace {
			if v.lenient {
				o.remark(KindDuplicate, "relation %q already exists, skipping", view.Name)
				return set, nil
			}
			return nil, exists(&view)
		} else if old != nil {
			view.ID, view.Comment = old.ID, old.Comment
		}
		return set.With(view), nil
	}
	if !temporary {
		err = s.changeViews(change)
	} else if set, e := change(s.views.temp); e == nil {
		s.views.temp = set
	} else {
		err = e
	}
	if err == nil {
		s.tempColumns[view.Query] = x.output
	}
	return err
}

// checked is what is known of a view's query.
type checked struct {
	*inlining
	output []Column
}

// checkQuery binds the query of a view to be, and makes sure that it is not made of itself.
func (s *Session) checkQuery(ctx context.Context, v *viewStatement, snap *catalog.Snapshot, lake *viewfile.Set) (*checked, error) {
	st, err := s.prepare(ctx, v.query, nil)
	if err != nil {
		var e *Error
		if at := strings.LastIndex(v.source, v.query); errors.As(err, &e) && e.Position > 0 && at >= 0 {
			e.Position += utf8.RuneCountInString(v.source[:at])
		}
		return nil, err
	}
	defer st.Close()
	if len(st.params) > 0 {
		return nil, &Error{Kind: KindUnsupported, Message: "a view takes no parameters", Hint: "Write the values into the query."}
	}
	c, err := s.idle()
	if err != nil {
		return nil, err
	}
	defer s.release(c)
	views := s.viewsKey(lake)
	self := viewfile.View{Schema: v.names[0].schema, Name: v.names[0].name, Query: v.query}
	if v.temporary {
		self.Schema = tempSchema
		views.temp = views.temp.With(self)
	} else {
		if self.Schema == "" {
			self.Schema = "public"
		}
		views.lake = views.lake.With(self)
	}
	x, err := s.inliner(c, snap, views)
	if err != nil {
		return nil, err
	}
	self.Path = x.path
	if _, err := x.query(&self); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(x.used[1:], func(u *viewfile.View) bool { return u.Schema == self.Schema && u.Name == self.Name }) {
		return nil, &Error{Kind: KindInvalidValue, Message: "view " + self.Name + " would be made of itself"}
	}
	return &checked{inlining: x, output: st.columns}, nil
}

// checkColumns refuses names of columns that are too many, or there twice.
func checkColumns(v *viewStatement, output []Column) error {
	if len(v.columns) > len(output) {
		return &Error{Kind: KindSyntax, Message: fmt.Sprintf("the view names %d columns, its query has %d", len(v.columns), len(output))}
	}
	seen := map[string]bool{}
	for i, c := range output {
		name := c.Name
		if i < len(v.columns) {
			name = v.columns[i]
		}
		if seen[strings.ToLower(name)] {
			return &Error{Kind: KindDuplicateColumn, Message: "column \"" + name + "\" is there twice", Hint: "Give it another name with AS, or list names behind the view's."}
		}
		seen[strings.ToLower(name)] = true
	}
	return nil
}

// schemaFor returns the schema in which a view is made.
func (s *Session) schemaFor(schema string, snap *catalog.Snapshot, lake *viewfile.Set, position int) (string, error) {
	if schema == "" && !s.ownPath {
		return "public", nil
	}
	if schema == "" {
		c, err := s.idle()
		if err != nil {
			return "", err
		}
		defer s.release(c)
		if schema, err = c.text("SELECT current_schema()"); err != nil {
			return "", err
		}
	}
	switch {
	case slices.Contains(lakeSchemas(snap, lake), schema):
		return schema, nil
	case ownSchema(schema):
		return "", &Error{Kind: KindPermission, Message: "schema " + schema + " is Tarn's own", Position: position}
	}
	return "", noSchema(schema, position)
}

// ownSchema reports whether a schema is the system's.
func ownSchema(name string) bool {
	return name == "tarn" || name == "information_schema" || strings.HasPrefix(name, "pg_")
}

// dropViews drops all of the views that are named, or none.
func (s *Session) dropViews(v *viewStatement, o *ownStatement, snap *catalog.Snapshot, lake *viewfile.Set) error {
	var drop []*viewfile.View
	for _, name := range v.names {
		found := s.findView(lake, name)
		switch {
		case found != nil:
			drop = append(drop, found)
		case v.lenient:
			o.remark(KindInternal, "view %q does not exist, skipping", name.String())
		default:
			return noView(name, snap)
		}
	}
	needed, err := s.dependents(drop, snap, lake)
	if err != nil {
		return err
	}
	for _, d := range needed {
		if !v.cascade {
			return &Error{Kind: KindDependent, Message: "cannot drop the view because view " + d.FullName() + " depends on it",
				Hint: "DROP VIEW ... CASCADE drops both."}
		}
		o.remark(KindInternal, "drop cascades to view %s", d.FullName())
	}
	drop = append(drop, needed...)
	var lasting []*viewfile.View
	for _, d := range drop {
		if d.Schema == tempSchema {
			s.views.temp = s.views.temp.Without(d.Schema, d.Name)
		} else {
			lasting = append(lasting, d)
		}
	}
	if len(lasting) == 0 {
		return nil
	}
	return s.changeViews(func(set *viewfile.Set) (*viewfile.Set, error) {
		for _, d := range lasting {
			set = set.Without(d.Schema, d.Name)
		}
		return set, nil
	})
}

// dependents returns the views that are made of some that are to be dropped.
func (s *Session) dependents(drop []*viewfile.View, snap *catalog.Snapshot, lake *viewfile.Set) ([]*viewfile.View, error) {
	if len(drop) == 0 {
		return nil, nil
	}
	c, err := s.idle()
	if err != nil {
		return nil, err
	}
	defer s.release(c)
	key := s.viewsKey(lake)
	var out []*viewfile.View
	for _, v := range slices.Concat(lake.Views, key.temp.Views) {
		if slices.Contains(drop, v) {
			continue
		}
		x, err := s.inliner(c, snap, key)
		if err != nil {
			return nil, err
		}
		if _, err := x.query(v); err != nil {
			continue // broken already
		}
		if slices.ContainsFunc(x.used, func(u *viewfile.View) bool { return slices.Contains(drop, u) }) {
			out = append(out, v)
		}
	}
	return out, nil
}

// runSchema makes or drops a schema for views.
func (s *Session) runSchema(v *viewStatement, o *ownStatement, snap *catalog.Snapshot) error {
	return s.changeViews(func(set *viewfile.Set) (*viewfile.Set, error) {
		for _, name := range v.names {
			schema := name.name
			there := slices.Contains(lakeSchemas(snap, set), schema)
			switch {
			case ownSchema(schema):
				return nil, &Error{Kind: KindPermission, Message: "schema " + schema + " is Tarn's own", Position: name.position}
			case v.verb == createSchema && there && v.lenient:
				o.remark(KindDuplicateSchema, "schema %q already exists, skipping", schema)
			case v.verb == createSchema && there:
				return nil, &Error{Kind: KindDuplicateSchema, Message: "schema \"" + schema + "\" already exists", Position: name.position}
			case v.verb == createSchema:
				set = set.WithSchema(schema)
			case !there && v.lenient:
				o.remark(KindInternal, "schema %q does not exist, skipping", schema)
			case !there:
				return nil, noSchema(schema, name.position)
			default:
				var err error
				if set, err = dropSchemaOf(set, schema, v.cascade); err != nil {
					return nil, err
				}
			}
		}
		return set, nil
	})
}

// dropSchemaOf drops a schema that a user made.
func dropSchemaOf(set *viewfile.Set, schema string, cascade bool) (*viewfile.Set, error) {
	if !set.HasSchema(schema) {
		return nil, &Error{Kind: KindReadOnly, Message: "cannot drop schema " + schema + ": it is a folder of the lake, which is read-only"}
	}
	for _, view := range set.Views {
		if view.Schema != schema {
			continue
		}
		if !cascade {
			return nil, &Error{Kind: KindDependent, Message: "cannot drop schema " + schema + " because view " + view.FullName() + " is in it", Hint: "DROP SCHEMA ... CASCADE drops both."}
		}
		set = set.Without(view.Schema, view.Name)
	}
	return set.WithoutSchema(schema), nil
}

// findView returns the view that a name in a statement about views means, or nil.
func (s *Session) findView(lake *viewfile.Set, n namedView) *viewfile.View {
	if n.schema == tempSchema || n.schema == "" {
		if v := s.views.temp.Lookup(tempSchema, n.name); v != nil || n.schema == tempSchema {
			return v
		}
	}
	if n.schema != "" {
		return lake.Lookup(n.schema, n.name)
	}
	if v := lake.Lookup("public", n.name); v != nil {
		return v
	}
	if found := lake.Find(n.name); len(found) == 1 {
		return found[0]
	}
	return nil
}

// String is the name as the statement has it, without quotes.
func (n namedView) String() string {
	if n.schema == "" {
		return n.name
	}
	return n.schema + "." + n.name
}

func noView(n namedView, snap *catalog.Snapshot) error {
	if snap != nil && (n.schema != "" && snap.Lookup(n.schema, n.name) != nil || n.schema == "" && len(snap.Find(n.name)) > 0) {
		return &Error{Kind: KindWrongObject, Message: "\"" + n.name + "\" is not a view", Hint: "It is a table of the lake, which is read-only.", Position: n.position}
	}
	return &Error{Kind: KindUndefinedTable, Message: "view \"" + n.String() + "\" does not exist", Hint: "SELECT * FROM tarn.views lists the views.", Position: n.position}
}

func noSchema(name string, position int) error {
	return &Error{Kind: KindUndefinedSchema, Message: "schema \"" + name + "\" does not exist", Hint: "CREATE SCHEMA makes it.", Position: position}
}

func exists(v *viewfile.View) error {
	return &Error{Kind: KindDuplicate, Message: "relation \"" + v.Name + "\" already exists", Hint: "CREATE OR REPLACE VIEW takes the place of a view."}
}
