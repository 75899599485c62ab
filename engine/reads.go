package engine

import "tarn/catalog"

// Reads is what a statement read of the lake, in numbers for people. The bytes are the sizes of the files, or of their columnar
// copies, of which a query of few columns reads a part.
type Reads struct {
	Files, Of int   // files read, of the files of the tables
	Copies    int   // of Files, those whose columnar copy was read
	Bytes     int64 // of the files that were read themselves
	Kept      bool  // nothing was read: the result had been kept
	Catalog   bool  // nothing was read: the catalog had the answer
}

// Reads returns what was read, once all rows have been. ok is false for results that do not come from the lake's tables, and where it is not
// certain. It asks DuckDB's parser, which takes about a millisecond.
func (r *Rows) Reads() (reads Reads, ok bool) {
	switch s := r.stream.(type) {
	case *replayed:
		return Reads{Kept: true}, true
	case *stream:
		return s.counted()
	}
	return Reads{}, false
}

// counted adds up the files of the scans of tables that the statement reads, not only names.
func (st *stream) counted() (out Reads, ok bool) {
	c, err := st.s.idle()
	if err != nil {
		return Reads{}, false
	}
	defer st.s.release(c)
	named := st.of.reads(c)
	if named == nil {
		return Reads{}, false
	}
	var scans []*scan
	for _, s := range st.scans {
		if !named[s.table.ID] {
			continue
		}
		scans = append(scans, s)
		out.Files += len(s.chosen.files)
		out.Of += len(s.table.Files)
		out.Copies += len(s.chosen.copies)
	}
	_ = readFiles(scans, func(_ *catalog.Table, f *catalog.File) error { // the error is f's own
		out.Bytes += f.ID.Size
		return nil
	})
	if a := st.of.target; len(scans) == 0 && a != nil && a.answer != nil {
		out.Catalog = len(a.answer.tables) > 0
	}
	return out, len(scans) > 0 || out.Catalog
}
