package catalog

import (
	"encoding/json"
	"fmt"
	"slices"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// form is what many files of a lake have in common: their columns, and how their text is written. Files share one form
// in memory and in the store; it never changes.
type form struct {
	key     string // the form as JSON, which names it in the store
	columns []infer.Column
	csv     *infer.Dialect // MaxLine is 0, since it differs from file to file
	json    *infer.Layout  // MaxRecord is 0
	names   []string       // of the columns, folded and sorted
}

// storedForm is a form as the store holds it.
type storedForm struct {
	Columns []storedColumn `json:"columns"`
	CSV     *infer.Dialect `json:"csv,omitempty"`
	JSON    *infer.Layout  `json:"json,omitempty"`
}

// storedColumn is a column of a storedForm.
type storedColumn struct {
	Name string          `json:"name"`
	Type string          `json:"type"`
	Text *infer.TextForm `json:"text,omitempty"`
}

// formKey returns the key of the form that a file has.
func formKey(f *infer.File) string {
	s := storedForm{Columns: make([]storedColumn, len(f.Columns))}
	for i, c := range f.Columns {
		s.Columns[i] = storedColumn{c.Name, c.Type.String(), c.Text}
	}
	if f.CSV != nil {
		d := *f.CSV
		d.MaxLine, d.Score = 0, 0
		s.CSV = &d
	}
	if f.JSON != nil {
		l := *f.JSON
		l.MaxRecord = 0
		s.JSON = &l
	}
	key, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings, numbers and flags always marshal
	}
	return string(key)
}

// parseForm makes a form of its key.
func parseForm(key string) (*form, error) {
	var s storedForm
	if err := json.Unmarshal([]byte(key), &s); err != nil {
		return nil, fmt.Errorf("read a stored schema: %w", err)
	}
	f := &form{key: key, csv: s.CSV, json: s.JSON, columns: make([]infer.Column, len(s.Columns))}
	for i, c := range s.Columns {
		t, err := sqltype.Parse(c.Type)
		if err != nil {
			return nil, fmt.Errorf("read a stored schema: %w", err)
		}
		f.columns[i] = infer.Column{Name: c.Name, Type: t, Text: c.Text}
		f.names = append(f.names, foldName(c.Name))
	}
	slices.Sort(f.names)
	return f, nil
}

// headerless reports whether the column names are made up because the file has none.
func (f *form) headerless() bool { return f.csv != nil && !f.csv.Header }

// forms holds each form once.
type forms map[string]*form

// share makes the forms of known records be used for new files, too.
func (fs forms) share(records []*record) {
	var last *form
	for _, r := range records {
		if r.file != nil && r.file.form != last {
			last = r.file.form
			fs[last.key] = last
		}
	}
}

// of returns the form of a file.
func (fs forms) of(f *infer.File) (*form, error) {
	key := formKey(f)
	if known := fs[key]; known != nil {
		return known, nil
	}
	made, err := parseForm(key)
	if err == nil {
		fs[key] = made
	}
	return made, err
}
