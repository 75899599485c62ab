package textscan

import (
	"errors"
	"io"
	"path/filepath"
	"sync/atomic"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog/infer"
	"tarn/storage"
)

// call is one use of the function in a bound statement. It does not change while the statement runs.
type call struct {
	root  *storage.Root
	paths []string
	spec  *Spec
	stop  *Stop // nil if nothing stops it
}

// newCall reads the arguments. Paths are taken only below the root, because users can call the function by hand.
func newCall(root *storage.Root, paths, spec string) (*call, error) {
	s, err := parseSpec(spec)
	if err != nil {
		return nil, &Failure{Reason: err.Error()}
	}
	c := &call{root: root, paths: splitPaths(paths), spec: s}
	for _, p := range c.paths {
		if !filepath.IsLocal(filepath.FromSlash(p)) {
			return nil, &Failure{File: p, Reason: "the path does not lead to a file of the lake"}
		}
	}
	return c, nil
}

// scan is one execution of a call; threads share it.
type scan struct {
	*call
	at     []place // of the columns that are asked for
	wanted []bool  // by place in the file
	next   atomic.Int64
}

// place says which vector of the chunk holds which column.
type place struct{ column, vector int }

// The columns behind those of the file's text.
const (
	lineColumn = iota
	indexColumn
	fileColumn
	extraColumns
)

func newScan(c *call, columns []duck.IdxT) *scan {
	n := len(c.spec.names())
	s := &scan{call: c, wanted: make([]bool, n)}
	for v, col := range columns {
		if col >= duck.IdxT(n+extraColumns) {
			continue // a virtual column, which only counts rows
		}
		s.at = append(s.at, place{int(col), v})
		if int(col) < n {
			s.wanted[col] = true
		}
	}
	return s
}

// worker is one thread's part of a scan: it reads one file after the other.
type worker struct {
	*scan
	rows  reader // nil between files
	file  int
	chunk chunk
}

// fill writes the next rows, all of one file, and returns how many; 0 at the end.
func (w *worker) fill(out duck.DataChunk) (int, error) {
	for {
		if w.rows == nil {
			w.file = int(w.next.Add(1) - 1)
			if w.file >= len(w.paths) {
				return 0, nil
			}
			if err := w.open(); err != nil {
				return 0, fileFailure(w.paths[w.file], err)
			}
		}
		n, err := w.read(out)
		if err != nil && err != io.EOF {
			return 0, fileFailure(w.paths[w.file], err)
		}
		if err == io.EOF {
			if err := w.close(); err != nil {
				return 0, fileFailure(w.paths[w.file], err)
			}
		}
		if n > 0 {
			return n, nil
		}
	}
}

func (w *worker) open() error {
	path := w.paths[w.file]
	var err error
	w.rows, err = w.spec.open(func() (io.ReadCloser, error) {
		f, err := w.root.Open(path, w.spec.Compression)
		if err != nil {
			return nil, err
		}
		return &stoppable{f, w.stop}, nil
	}, w.wanted)
	return err
}

func (w *worker) close() error {
	if w.rows == nil {
		return nil
	}
	err := w.rows.Close()
	w.rows = nil
	return err
}

// read copies rows until the chunk is full or the file ends, which is io.EOF.
func (w *worker) read(out duck.DataChunk) (int, error) {
	w.chunk.begin(out, w.at, len(w.wanted))
	var err error
	n := 0
	for n < w.chunk.rows && w.chunk.bytes < maxChunkBytes {
		var cells []infer.Cell
		var line int64
		if cells, line, err = w.rows.Next(); err != nil {
			break
		}
		w.chunk.row(n, cells, line)
		n++
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	w.chunk.end(n, w.file, w.paths[w.file])
	if err != nil {
		err = io.EOF
	}
	return n, err
}
