package textscan

import (
	"encoding/json"
	"fmt"
	"strings"

	"tarn/catalog/infer"
	"tarn/storage"
)

// Name is the function's name in SQL: tarn_text(paths VARCHAR, spec VARCHAR). Its columns are c0, c1, ... for delimited text or
// json for JSON, all VARCHAR; then line BIGINT, file_index UBIGINT and file VARCHAR, the path.
const Name = "tarn_text"

// Spec is what the files of one call have in common.
type Spec struct {
	Compression storage.Compression `json:"compression"`
	CSV         *infer.Dialect      `json:"csv,omitempty"`
	JSON        *infer.Layout       `json:"json,omitempty"`
	Columns     []*infer.TextForm   `json:"columns,omitempty"` // of delimited text, one for each; nil: as it is spelled
	Rows        int64               `json:"rows"`              // of all files, for the planner; -1 if not known
}

// String returns the spec as the function's second argument.
func (s *Spec) String() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("a spec of plain values does not marshal: %v", err))
	}
	return string(text)
}

func parseSpec(text string) (*Spec, error) {
	s := &Spec{}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("read the description of the files: %w", err)
	}
	if (s.CSV == nil) == (s.JSON == nil) {
		return nil, fmt.Errorf("the files are described neither as delimited text nor as JSON")
	}
	return s, nil
}

// names are those of the columns that hold the files' text.
func (s *Spec) names() []string {
	if s.JSON != nil {
		return []string{"json"}
	}
	names := make([]string, len(s.Columns))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return names
}

// open begins to read one file; wanted says which columns are asked for.
func (s *Spec) open(open infer.Opener, wanted []bool) (reader, error) {
	if s.JSON != nil {
		r, err := infer.NewRecords(open, s.JSON)
		if err != nil {
			return nil, err
		}
		return &recordReader{Records: r, cell: make([]infer.Cell, 1)}, nil
	}
	forms := make([]*infer.TextForm, len(s.Columns))
	for i, f := range s.Columns {
		if f != nil && (wanted[i] || f.Pinned != "") { // a pinned type decides which rows there are
			forms[i] = f
		}
	}
	r, err := infer.NewRows(open, s.CSV, forms)
	if err != nil {
		return nil, err // not a nil *Rows, which would be no nil reader
	}
	return r, nil
}

// reader is what infer.Rows is, for all formats.
type reader interface {
	Next() (cells []infer.Cell, line int64, err error)
	Close() error
}

// recordReader makes a row of one cell of every JSON record.
type recordReader struct {
	*infer.Records
	cell []infer.Cell
}

// Next returns the next record as one cell.
func (r *recordReader) Next() ([]infer.Cell, int64, error) {
	text, line, err := r.Records.Next()
	r.cell[0].Text = text
	return r.cell, line, err
}

// PathSeparator stands between the paths of the first argument: no clean path below the root holds two slashes in a row.
const PathSeparator = "//"

func splitPaths(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, PathSeparator)
}
