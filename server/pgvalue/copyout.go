package pgvalue

import (
	"bytes"
	"encoding/binary"
	"math"

	"tarn/engine"
	"tarn/engine/cell"
)

// CopyFormat is how COPY writes rows.
type CopyFormat struct {
	Binary     bool
	CSV        bool
	Delimiter  byte
	Quote      byte // of CSV, as Escape
	Escape     byte
	Null       string
	ForceQuote []bool // of CSV: which columns are always quoted; may be nil
}

// CopySignature begins a COPY in the binary format: the signature, no flags, no extension.
var CopySignature = []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")

// CopyEncoder writes the rows of one result as CopyData messages, as PostgreSQL's copyto.c does. A cell costs no allocation.
type CopyEncoder struct {
	*Encoder
	f       CopyFormat
	special [256]bool // bytes that make an escape (text) or quotes (CSV) necessary
	header  []byte
}

// NewCopyEncoder returns the encoder for a result with these columns.
func NewCopyEncoder(columns []engine.Column, f CopyFormat, style cell.Style) *CopyEncoder {
	formats := make([]Format, len(columns))
	if f.Binary {
		for i := range formats {
			formats[i] = Binary
		}
	}
	e := &CopyEncoder{Encoder: NewEncoder(columns, formats, style), f: f}
	special := "\\\b\f\n\r\t\v"
	if f.CSV {
		special = "\n\r" + string(rune(f.Quote))
	}
	for _, c := range []byte(special) {
		e.special[c] = true
	}
	e.special[f.Delimiter] = true
	for i, c := range columns {
		if i > 0 {
			e.header = append(e.header, f.Delimiter)
		}
		e.header = e.finish(append(e.header, c.Name...), len(e.header), false, len(columns) == 1)
	}
	e.header = append(e.header, '\n')
	return e
}

// Header is the line of the columns' names.
func (e *CopyEncoder) Header() []byte { return e.header }

// AppendRow appends row of the current batch as a whole CopyData message.
func (e *CopyEncoder) AppendRow(dst []byte, row int) ([]byte, error) {
	start := len(dst)
	if e.f.Binary { // the same as a DataRow, save for its first byte
		dst, err := e.Encoder.AppendRow(dst, row)
		if err == nil {
			dst[start] = 'd'
		}
		return dst, err
	}
	dst = append(dst, 'd', 0, 0, 0, 0)
	for i := range e.columns {
		if i > 0 {
			dst = append(dst, e.f.Delimiter)
		}
		c := &e.columns[i]
		if c.valid != nil && c.isNull(row) {
			dst = append(dst, e.f.Null...)
			continue
		}
		// The value is written with its length over the four bytes before it, which are then as they were.
		at := len(dst)
		before := [4]byte(dst[at-4 : at])
		buf, end := c.put(grow(dst, room), at-4, row, room, &e.faults)
		dst = buf[:end]
		copy(dst[at-4:at], before[:])
		dst = e.finish(dst, at, e.f.ForceQuote != nil && e.f.ForceQuote[i], len(e.columns) == 1)
	}
	dst = append(dst, '\n')
	if e.faults.err != nil {
		return dst[:start], e.faults.err
	}
	if len(dst)-start-1 > math.MaxInt32 {
		return dst[:start], &engine.Error{Kind: engine.KindOutOfRange, Message: "a row has more than 2 GiB",
			Hint: "Select fewer or shorter columns."}
	}
	binary.BigEndian.PutUint32(dst[start+1:], uint32(len(dst)-start-1))
	return dst, nil
}

// finish escapes or quotes the value that stands at the end of dst.
func (e *CopyEncoder) finish(dst []byte, at int, force, alone bool) []byte {
	first, n := -1, 0
	for i, c := range dst[at:] {
		if e.special[c] {
			if n++; first < 0 {
				first = at + i
			}
		}
	}
	if e.f.CSV {
		value := dst[at:]
		if n == 0 && !force && string(value) != e.f.Null && !(alone && string(value) == `\.`) {
			return dst
		}
		return e.quote(dst, at)
	}
	if n == 0 {
		return dst
	}
	return e.escape(dst, first, n)
}

// escape puts backslashes into dst from its first special byte on; n of them.
func (e *CopyEncoder) escape(dst []byte, first, n int) []byte {
	end := len(dst)
	dst = append(dst, make([]byte, n)...)
	for r, w := end-1, len(dst)-1; r >= first; r, w = r-1, w-1 {
		c := dst[r]
		if !e.special[c] {
			dst[w] = c
			continue
		}
		if i := bytes.IndexByte([]byte("\b\f\n\r\t\v"), c); i >= 0 {
			c = "bfnrtv"[i]
		}
		dst[w], dst[w-1] = c, '\\'
		w--
	}
	return dst
}

// quote puts quotes around the value at the end of dst.
func (e *CopyEncoder) quote(dst []byte, at int) []byte {
	n := 2
	for _, c := range dst[at:] {
		if c == e.f.Quote || c == e.f.Escape {
			n++
		}
	}
	end := len(dst)
	for range n {
		dst = append(dst, e.f.Quote)
	}
	for r, w := end-1, len(dst)-2; r >= at; r, w = r-1, w-1 {
		c := dst[r]
		dst[w] = c
		if c == e.f.Quote || c == e.f.Escape {
			w--
			dst[w] = e.f.Escape
		}
	}
	dst[at] = e.f.Quote
	return dst
}
