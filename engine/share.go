package engine

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/storage"
)

// Sizes in bytes at which DuckDB's threads share one delimited file.
const (
	leastPiece = 128 << 10 // below, a thread costs more than it reads
	mostPiece  = 8 << 20   // DuckDB's own pieces of a file
	leastLine  = 2 << 20   // DuckDB's own limit of a line
)

// shares reports whether DuckDB's threads may share a delimited file of the group. Where they part it, each looks for the next record's
// beginning and takes a line end inside quotes for one: files that have such are read by one thread each.
func (s *scan) shares(g *scanGroup) bool {
	return !s.chosen.serial && !slices.ContainsFunc(g.files, func(f *catalog.File) bool { return !f.CSV.OneLine || f.CSV.NullPad })
}

// bufferSQL returns the options of read_csv for how much is read at once. DuckDB gives a thread 8 MiB, which leaves a smaller file to
// one of them: a file that is read alone is shared by all processors. A piece is the greater of a quarter of the buffer and the
// longest line that is allowed.
func (s *scan) bufferSQL(g *scanGroup) string {
	f, line := g.files[0], 2*g.longest()
	size := f.ID.Size
	piece := max(size/int64(runtime.NumCPU())+1, leastPiece, line)
	if len(g.files) > 1 || !s.shares(g) || f.CSV.Encoding != "utf-8" || f.Kind.Compression != storage.None || piece >= min(size, mostPiece) {
		return fmt.Sprintf("max_line_size = %d", max(leastLine, line))
	}
	return fmt.Sprintf("buffer_size = %d, max_line_size = %d", size+leastPiece, piece)
}

// readSerially has the delimited files of scans read by one thread each from now on, if an error may be due to threads that shared them:
// DuckDB's do not always find where a record begins, and then refuse the file, or a row that is none. It reports whether that is new.
func (db *DB) readSerially(err error, scans []*scan) bool {
	var e *Error
	if !errors.As(err, &e) || e.Line == 0 && !strings.Contains(e.Message, "Parallel CSV Reader") {
		return false
	}
	found := false
	for _, s := range scans {
		if s.sharesFiles() {
			db.scans.serialise(s.table)
			found = true
		}
	}
	return found
}

func (sc *scanCache) serialise(t *catalog.Table) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if sc.serial == nil {
		sc.serial = map[int64]bool{}
	}
	sc.serial[t.ID] = true
}

func (sc *scanCache) serially(t *catalog.Table) bool {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return sc.serial[t.ID]
}

// sharesFiles reports whether there is a delimited file that DuckDB's threads may share.
func (s *scan) sharesFiles() bool {
	return slices.ContainsFunc(s.groups, func(g *scanGroup) bool {
		return g.files[0].CSV != nil && g.copies == nil && s.shares(g)
	})
}
