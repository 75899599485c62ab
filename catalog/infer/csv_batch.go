package infer

import "slices"

// batchCells is about how many cells a batch holds.
const batchCells = 1 << 14

// rowBatch is a copy of some rows, which one goroutine fills and another takes into the columns.
type rowBatch struct {
	text  []byte
	cells []batchCell
	rows  []batchRow
}

// batchCell is where a cell ends in the text of its batch.
type batchCell struct {
	end    uint32
	quoted bool
}

// batchRow is how many cells a row has, and the line on which it begins.
type batchRow struct {
	cells int
	line  int64
}

// columnFeed takes rows into columns, in batches and beside the goroutine that cuts the rows. Methods are for that one
// goroutine.
type columnFeed struct {
	columns []*csvColumn
	filling *rowBatch
	full    chan *rowBatch // to the goroutine that takes them
	free    chan *rowBatch // back
	drained int            // how often the columns had to be waited for
}

// feedBatches is how many batches go round.
const feedBatches = 4

func newColumnFeed(columns []*csvColumn) *columnFeed {
	f := &columnFeed{columns: columns, filling: &rowBatch{}, full: make(chan *rowBatch, feedBatches), free: make(chan *rowBatch, feedBatches)}
	for range feedBatches - 1 {
		f.free <- &rowBatch{}
	}
	go func() {
		for b := range f.full {
			b.take(columns)
			f.free <- b
		}
	}()
	return f
}

// add copies a row.
func (f *columnFeed) add(fields []field, line int64) {
	b := f.filling
	for i := range fields {
		b.text = append(b.text, fields[i].text...)
		b.cells = append(b.cells, batchCell{uint32(len(b.text)), fields[i].quoted})
	}
	b.rows = append(b.rows, batchRow{len(fields), line})
	if len(b.cells) >= batchCells || len(b.text) >= batchCells<<6 {
		f.send()
	}
}

// send passes on what is filled, and waits until a batch is free.
func (f *columnFeed) send() {
	f.full <- f.filling
	f.filling = <-f.free
}

// drain returns when the columns have all rows; then they may be looked at until the next add.
func (f *columnFeed) drain() {
	f.drained++
	if len(f.filling.rows) > 0 {
		f.send()
	}
	var back []*rowBatch
	for range feedBatches - 1 {
		back = append(back, <-f.free)
	}
	for _, b := range back {
		f.free <- b
	}
}

// maxDrained is how often columns may be waited for before it is faster to do without the goroutine.
const maxDrained = 1000

// close ends the goroutine; the columns have what was drained.
func (f *columnFeed) close() { close(f.full) }

// take takes the rows into the columns, and empties the batch.
func (b *rowBatch) take(columns []*csvColumn) {
	b.text = slices.Grow(b.text, 8) // a cell's first eight bytes are looked at in one go
	at, start := 0, uint32(0)
	for _, r := range b.rows {
		for i, c := range b.cells[at : at+r.cells] {
			columns[i].add(field{text: b.text[start:c.end], quoted: c.quoted}, r.line)
			start = c.end
		}
		for _, c := range columns[r.cells:] {
			c.empty++
		}
		at += r.cells
	}
	b.text, b.cells, b.rows = b.text[:0], b.cells[:0], b.rows[:0]
}
