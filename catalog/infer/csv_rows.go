package infer

import (
	"fmt"
	"io"

	"tarn/catalog/sqltype"
)

// Cell is one value of a row as text; its bytes are valid until the next row is read.
type Cell struct {
	Text []byte
	Null bool
}

// Rows reads the rows of one delimited file exactly as CSV proved them: what CSV counts as a row is one, what it
// rejected is passed over. It holds the longest record and a buffer, and does not allocate per row.
type Rows struct {
	src    io.Closer
	reader *rowReader
	spell  []*speller
	cells  []Cell
}

// NewRows opens a file's rows. Every column whose form is nil comes as it is spelled in the file; the others come
// as a cast of the engine's reads them: 1.234,50 as 1234.50, 31/12/2024 as 2024-12-31. The caller closes the Rows.
func NewRows(open Opener, d *Dialect, columns []*TextForm) (*Rows, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	r := &Rows{src: src, cells: make([]Cell, len(columns))}
	if r.reader, err = newRowReader(src, d, len(columns), false, nil); err != nil && err != io.EOF {
		src.Close()
		return nil, err
	}
	for _, form := range columns {
		r.spell = append(r.spell, newSpeller(form))
	}
	if r.reader.pins, err = pinsOf(columns); err != nil {
		src.Close()
		return nil, err
	}
	return r, nil
}

// pinsOf returns the columns of given types; nil if there are none.
func pinsOf(columns []*TextForm) ([]*pin, error) {
	var out []*pin
	for i, form := range columns {
		if form == nil || form.Pinned == "" {
			continue
		}
		t, err := sqltype.Parse(form.Pinned)
		if err != nil {
			return nil, fmt.Errorf("read the type given for column %d: %w", i+1, err)
		}
		if out == nil {
			out = make([]*pin, len(columns))
		}
		out[i] = &pin{t: t, spell: newSpeller(form)}
	}
	return out, nil
}

// Next returns the cells of the next row, one for each column, and the physical line on which it begins, from 1. It
// returns io.EOF after the last row.
func (r *Rows) Next() (cells []Cell, line int64, err error) {
	fields, err := r.reader.row()
	if err != nil {
		return nil, 0, err
	}
	for i := range r.cells {
		if i >= len(fields) {
			r.cells[i] = Cell{Null: true}
			continue
		}
		text, null := r.spell[i].cell(fields[i], r.reader.dialect)
		r.cells[i] = Cell{Text: text, Null: null}
	}
	return r.cells, r.reader.start, nil
}

// Close closes the file.
func (r *Rows) Close() error { return r.src.Close() }
