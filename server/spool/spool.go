package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// MemoryLimit is how many bytes of rows a spool keeps in memory; what comes after them goes to a file.
const MemoryLimit = 16 << 20

// Spool keeps batches of rows, which can be read from any row on. One goroutine uses it. It is to be closed.
type Spool struct {
	first  int64   // rows before the first one that is kept
	ends   []int64 // the number of the last row of each batch, from 1
	memory []arrow.RecordBatch
	used   int64
	file   *os.File // of the batches behind those in memory; nil if there are none
	places []int64  // where each of those ends in the file
	cached arrow.RecordBatch
	which  int // of the batches is cached
	limit  int64
}

// New returns a spool whose first row has the number skipped+1.
func New(skipped int64) *Spool { return &Spool{first: skipped, which: -1, limit: MemoryLimit} }

// Add keeps a batch, which the caller still has to release.
func (s *Spool) Add(rec arrow.RecordBatch) error {
	last := s.first
	if n := len(s.ends); n > 0 {
		last = s.ends[n-1]
	}
	size := sizeOf(rec)
	if s.file == nil && s.used+size <= s.limit {
		rec.Retain()
		s.memory = append(s.memory, rec)
		s.used += size
	} else if err := s.write(rec); err != nil {
		return fmt.Errorf("keep the rows of a cursor in a temporary file: %w", err)
	}
	s.ends = append(s.ends, last+rec.NumRows())
	return nil
}

// write appends a batch to the file, which has no name: it is gone when the process is.
func (s *Spool) write(rec arrow.RecordBatch) error {
	if s.file == nil {
		f, err := os.CreateTemp("", "tarn-cursor-*")
		if err != nil {
			return err
		}
		if err := os.Remove(f.Name()); err != nil {
			return errors.Join(err, f.Close())
		}
		s.file = f
	}
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(rec.Schema()))
	if err := errors.Join(w.Write(rec), w.Close()); err != nil {
		return err
	}
	at := int64(0)
	if n := len(s.places); n > 0 {
		at = s.places[n-1]
	}
	if _, err := s.file.WriteAt(buf.Bytes(), at); err != nil {
		return err
	}
	s.places = append(s.places, at+int64(buf.Len()))
	return nil
}

// Read returns up to limit rows from row n on, which the caller releases: no more than are in one batch. Row n must be kept.
func (s *Spool) Read(n, limit int64) (arrow.RecordBatch, error) {
	i := sort.Search(len(s.ends), func(i int) bool { return s.ends[i] >= n })
	if n <= s.first || i == len(s.ends) {
		return nil, fmt.Errorf("row %d of a cursor is not kept", n)
	}
	rec, err := s.batch(i)
	if err != nil {
		return nil, fmt.Errorf("read the rows of a cursor from a temporary file: %w", err)
	}
	from := n - 1 - (s.ends[i] - rec.NumRows())
	return rec.NewSlice(from, min(from+limit, rec.NumRows())), nil
}

// batch returns a batch that stays the spool's own.
func (s *Spool) batch(i int) (arrow.RecordBatch, error) {
	if i < len(s.memory) {
		return s.memory[i], nil
	}
	if s.which == i {
		return s.cached, nil
	}
	start, at := int64(0), i-len(s.memory)
	if at > 0 {
		start = s.places[at-1]
	}
	r, err := ipc.NewReader(io.NewSectionReader(s.file, start, s.places[at]-start))
	if err != nil {
		return nil, err
	}
	defer r.Release()
	rec, err := r.Read()
	if err != nil {
		return nil, err
	}
	rec.Retain()
	s.forget()
	s.cached, s.which = rec, i
	return rec, nil
}

func (s *Spool) forget() {
	if s.cached != nil {
		s.cached.Release()
	}
	s.cached, s.which = nil, -1
}

// Close frees the rows.
func (s *Spool) Close() error {
	for _, rec := range s.memory {
		rec.Release()
	}
	s.forget()
	s.memory, s.ends, s.places = nil, nil, slices.Clip(s.places[:0])
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	return f.Close()
}

// sizeOf is how much memory the values take.
func sizeOf(rec arrow.RecordBatch) (n int64) {
	for i := range int(rec.NumCols()) {
		n += dataSize(rec.Column(i).Data())
	}
	return n
}

func dataSize(d arrow.ArrayData) (n int64) {
	for _, b := range d.Buffers() {
		if b != nil {
			n += int64(b.Len())
		}
	}
	for _, c := range d.Children() {
		n += dataSize(c)
	}
	return n
}
