package infer

import (
	"io"
	"slices"
)

// Cell is one value of a row as text; its bytes are valid until the next row is read.
type Cell struct {
	Text []byte
	Null bool
}

// Rows reads the rows of one delimited file exactly as CSV proved them: what CSV counts as a row is one, what it
// rejected is passed over. It holds the longest record and a buffer, and does not allocate per row.
type Rows struct {
	src     io.Closer
	records *records
	dialect Dialect
	header  bool
	cells   []Cell
}

// NewRows opens a file's rows. Every column whose form is nil comes as it is spelled in the file; the others come
// as a cast of the engine's reads them: 1.234,50 as 1234.50, 31/12/2024 as 2024-12-31. The caller closes the Rows.
func NewRows(open Opener, d *Dialect, columns []*TextForm) (*Rows, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	r := &Rows{src: src, dialect: *d, header: d.Header, cells: make([]Cell, len(columns))}
	r.records = newRecords(newTextCheck(src, d.Encoding), d, 256<<10)
	r.records.oneColumn = len(columns) == 1
	if err := r.records.skipLines(d.Skip); err != nil && err != io.EOF {
		src.Close()
		return nil, err
	}
	return r, nil
}

// Next returns the cells of the next row, one for each column, and the physical line on which it begins, from 1. It
// returns io.EOF after the last row.
func (r *Rows) Next() (cells []Cell, line int64, err error) {
	for {
		fields, err := r.records.next()
		if err != nil {
			return nil, 0, err
		}
		if r.header {
			r.header = false
			continue
		}
		for i := range r.cells {
			if i >= len(fields) {
				r.cells[i] = Cell{Null: true}
				continue
			}
			f := fields[i]
			null := (!f.quoted || r.dialect.QuotedNull) && slices.Contains(r.dialect.NullText, string(f.text))
			r.cells[i] = Cell{Text: f.text, Null: null}
		}
		return r.cells, r.records.start, nil
	}
}

// Close closes the file.
func (r *Rows) Close() error { return r.src.Close() }
