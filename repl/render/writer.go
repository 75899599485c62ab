package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tarn/catalog/sqltype"
	"tarn/engine/cell"
)

// Column is one column of a result.
type Column struct {
	Name string
	Type sqltype.Type
}

// Options say how much room there is. The formats that machines read ignore them.
type Options struct {
	Width   int  // columns of the terminal, in cells; 0 means that lines may have any length
	MaxRows int  // rows that box shows, half of them from the end; 0 means all
	Color   bool // escape codes may be written
}

// Writer writes one result: Begin once, Batch for each batch, End once. After an error it must not be used again; a
// result that ends early has no End, so that JSON stays visibly cut. Batches are not changed and belong to the
// caller, who may release them after the call.
type Writer interface {
	Begin(columns []Column, style cell.Style) error
	Batch(rec arrow.RecordBatch) error
	// End writes the rest. elapsed is how long the statement took, for formats that have a footer; 0 is not shown.
	End(elapsed time.Duration) error
}

// Format is one way to write results.
type Format struct {
	Name   string
	Help   string // in a few words
	Footer bool   // for people: it counts the rows, and says how long the statement took
	make   func(io.Writer, Options) Writer
}

// formats are all formats in the order in which help lists them.
var formats = []Format{
	{"box", "a table cut to the terminal", true, newBox},
	{"table", "a table in plain ASCII, never cut", true, newTable},
	{"line", "one line for each value", true, newLine},
	{"csv", "comma-separated, RFC 4180; NULL is empty, an empty text is \"\"", false, newCSV},
	{"tsv", "tab-separated with escapes as PostgreSQL's COPY writes; NULL is \\N", false, newTSV},
	{"json", "one array of objects", false, newJSON},
	{"jsonl", "one object on each line", false, newJSONLines},
	{"markdown", "a Markdown table", false, newMarkdown},
}

// Formats returns all formats.
func Formats() []Format { return slices.Clone(formats) }

// Lookup finds a format by its name, or says which there are.
func Lookup(name string) (Format, error) {
	var names []string
	for _, f := range formats {
		if f.Name == strings.ToLower(name) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(names, ", "))
}

// New returns a writer of one result. It writes in pieces of 64 KiB, and the rest in End.
func (f Format) New(out io.Writer, opts Options) Writer { return f.make(out, opts) }

// pieceSize is how many bytes are collected before they are written.
const pieceSize = 64 << 10

// sink collects text and writes it in large pieces.
type sink struct {
	w   io.Writer
	buf []byte
}

func newSink(w io.Writer) sink { return sink{w: w, buf: make([]byte, 0, pieceSize+pieceSize/4)} }

// spill writes what is collected if it is enough for a piece.
func (s *sink) spill() error {
	if len(s.buf) < pieceSize {
		return nil
	}
	return s.flush()
}

func (s *sink) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

// table holds what every writer knows after Begin.
type table struct {
	sink
	columns []Column
	style   cell.Style
	arrays  []arrow.Array // of the current batch
}

func (t *table) begin(columns []Column, style cell.Style) { t.columns, t.style = columns, style }

// eachRow calls row for each row of rec, with the arrays in place, and writes full pieces.
func (t *table) eachRow(rec arrow.RecordBatch, row func(i int)) error {
	t.arrays = append(t.arrays[:0], rec.Columns()...)
	for i := range int(rec.NumRows()) {
		row(i)
		if err := t.spill(); err != nil {
			return err
		}
	}
	return nil
}

// isNull reports whether the value of column c in the row is NULL.
func (t *table) isNull(c, row int) bool {
	return t.columns[c].Type.Kind == sqltype.Null || t.arrays[c].IsNull(row)
}
