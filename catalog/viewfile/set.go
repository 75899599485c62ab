package viewfile

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// View is a named query. It holds no rows: a statement that names it runs the query.
type View struct {
	Schema  string    `json:"schema"`            // in lower case unless it was quoted
	Name    string    `json:"name"`              // the same
	Columns []string  `json:"columns,omitempty"` // names for the first columns of the query; may be fewer than it has
	Query   string    `json:"query"`             // as the user wrote it
	Path    []string  `json:"path,omitempty"`    // schemas in which the query's names are looked up; empty for all, public first
	Comment string    `json:"comment,omitempty"`
	ID      int64     `json:"id"` // never given to another view of the lake
	Made    time.Time `json:"made"`
}

// FullName returns schema.name.
func (v *View) FullName() string { return v.Schema + "." + v.Name }

// Set is the views and schemas of a lake at one moment. It never changes.
type Set struct {
	Format  int      `json:"format"`  // of the file
	NextID  int64    `json:"next_id"` // of the next view
	Schemas []string `json:"schemas,omitempty"`
	Views   []*View  `json:"views,omitempty"` // by schema and name

	// Seq tells the sets apart that one process has seen.
	Seq int64 `json:"-"`
}

// format is the only layout of the file that there has been.
const format = 1

// Lookup returns a view, or nil. Names are compared without regard to case, as those of tables are.
func (s *Set) Lookup(schema, name string) *View {
	for _, v := range s.Views {
		if strings.EqualFold(v.Name, name) && strings.EqualFold(v.Schema, schema) {
			return v
		}
	}
	return nil
}

// Find returns the views of a name in all schemas.
func (s *Set) Find(name string) (found []*View) {
	for _, v := range s.Views {
		if strings.EqualFold(v.Name, name) {
			found = append(found, v)
		}
	}
	return found
}

// HasSchema reports whether a user made the schema.
func (s *Set) HasSchema(name string) bool {
	return slices.ContainsFunc(s.Schemas, func(have string) bool { return strings.EqualFold(have, name) })
}

// With returns the set with a view in the place of the one of its name. A view without an ID gets one.
func (s *Set) With(v View) *Set {
	out := s.Without(v.Schema, v.Name)
	if v.ID == 0 {
		v.ID = out.NextID
		out.NextID++
	}
	at, _ := slices.BinarySearchFunc(out.Views, &v, func(a, b *View) int { return strings.Compare(a.FullName(), b.FullName()) })
	out.Views = slices.Insert(out.Views, at, &v)
	return out
}

// Without returns the set without a view.
func (s *Set) Without(schema, name string) *Set {
	out := *s
	out.Views = slices.DeleteFunc(slices.Clone(s.Views), func(v *View) bool { return strings.EqualFold(v.Name, name) && strings.EqualFold(v.Schema, schema) })
	return &out
}

// WithSchema returns the set with a schema.
func (s *Set) WithSchema(name string) *Set {
	out := s.WithoutSchema(name)
	out.Schemas = append(out.Schemas, name)
	slices.Sort(out.Schemas)
	return out
}

// WithoutSchema returns the set without a schema; views in it stay.
func (s *Set) WithoutSchema(name string) *Set {
	out := *s
	out.Schemas = slices.DeleteFunc(slices.Clone(s.Schemas), func(have string) bool { return strings.EqualFold(have, name) })
	return &out
}

// check reports what is wrong with a set that was read from a file.
func (s *Set) check() error {
	if s.Format != format {
		return fmt.Errorf("it has format %d, this version of tarn knows %d", s.Format, format)
	}
	seen := map[string]bool{}
	for i, v := range s.Views {
		switch {
		case v == nil || v.Name == "" || v.Schema == "" || v.Query == "":
			return fmt.Errorf("view %d has no name, schema or query", i+1)
		case v.ID <= 0 || v.ID >= s.NextID:
			return fmt.Errorf("view %s has the number %d, which is not below next_id", v.FullName(), v.ID)
		case seen[strings.ToLower(v.FullName())]:
			return fmt.Errorf("view %s is there twice", v.FullName())
		}
		seen[strings.ToLower(v.FullName())] = true
	}
	return nil
}
