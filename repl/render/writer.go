package render

import (
	"fmt"
	"io"
	"path/filepath"
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

// Options say how much room there is, and what the user chose. The formats that machines read ignore the room.
type Options struct {
	Width    int  // columns of the terminal, in cells; 0 means that lines may have any length
	MaxRows  int  // rows that box shows, half of them from the end; 0 means all
	MaxWidth int  // cells of one column in box; 0 means no limit but Width
	Color    bool // escape codes may be written

	Null      *string // the sign for NULL in text; nil is the format's own. JSON and binary formats have but one.
	Separator string  // between the fields of csv and tsv; empty is the format's own
	NoHeader  bool    // no names of columns, in grids and in csv and tsv
	NoFooter  bool    // no line below box, table and vertical
	Table     string  // that insert names; empty is result
}

// null is the sign for NULL: the user's, or the format's own.
func (o Options) null(own string) string {
	if o.Null != nil {
		return *o.Null
	}
	return own
}

// Summary is what is known at the end of a result, for formats that have a footer.
type Summary struct {
	Elapsed time.Duration // how long the statement took; 0 is not shown
	Notes   []string      // further parts of the footer: what was read
	More    string        // how to see the rows that are not shown
}

// Writer writes one result: Begin once, Batch for each batch, End once. After an error it must not be used again; a
// result that ends early has no End, so that JSON stays visibly cut. Batches are not changed and belong to the
// caller, who may release them after the call.
type Writer interface {
	Begin(columns []Column, style cell.Style) error
	Batch(rec arrow.RecordBatch) error
	// End writes the rest.
	End(s Summary) error
}

// Discard frees what a writer holds that did not come to its End; after End it does nothing.
func Discard(w Writer) {
	if d, ok := w.(interface{ discard() }); ok {
		d.discard()
	}
}

// Format is one way to write results.
type Format struct {
	Name     string
	Aliases  []string
	Suffixes []string // of files that hold it
	Help     string   // in a few words
	Footer   bool     // for people: it counts the rows, and says how long the statement took
	Binary   bool     // no text: not for terminals, and one result in each file
	make     func(io.Writer, Options) Writer
}

// formats are all formats in the order in which help lists them.
var formats = []Format{
	{Name: "box", Help: "a table cut to the terminal", Footer: true, make: newBox},
	{Name: "table", Aliases: []string{"ascii"}, Help: "a table in plain ASCII, never cut", Footer: true, make: newTable},
	{Name: "vertical", Aliases: []string{"line", "expanded"}, Help: "one line for each value", Footer: true, make: newVertical},
	{Name: "csv", Suffixes: []string{".csv"}, Help: "comma-separated, RFC 4180; NULL is empty, an empty text is \"\"", make: newCSV},
	{Name: "tsv", Aliases: []string{"tabs"}, Suffixes: []string{".tsv"}, Help: "tab-separated with escapes as PostgreSQL's COPY writes; NULL is \\N", make: newTSV},
	{Name: "json", Suffixes: []string{".json"}, Help: "one array of objects", make: newJSON},
	{Name: "jsonl", Aliases: []string{"jsonlines", "ndjson"}, Suffixes: []string{".jsonl", ".ndjson"}, Help: "one object on each line", make: newJSONLines},
	{Name: "markdown", Aliases: []string{"md"}, Suffixes: []string{".md"}, Help: "a Markdown table", make: newMarkdown},
	{Name: "html", Suffixes: []string{".html", ".htm"}, Help: "an HTML table", make: newHTML},
	{Name: "latex", Suffixes: []string{".tex"}, Help: "a LaTeX tabular", make: newLatex},
	{Name: "insert", Suffixes: []string{".sql"}, Help: "INSERT statements", make: newInsert},
	{Name: "parquet", Suffixes: []string{".parquet"}, Help: "a Parquet file", Binary: true, make: newParquet},
	{Name: "arrow", Aliases: []string{"arrows"}, Suffixes: []string{".arrows"}, Help: "an Arrow IPC stream", Binary: true, make: newArrowStream},
	{Name: "feather", Aliases: []string{"arrowfile"}, Suffixes: []string{".arrow", ".feather"}, Help: "an Arrow IPC file", Binary: true, make: newArrowFile},
	{Name: "xlsx", Aliases: []string{"excel"}, Suffixes: []string{".xlsx"}, Help: "an Excel workbook", Binary: true, make: newXLSX},
}

// Formats returns all formats.
func Formats() []Format { return slices.Clone(formats) }

// Lookup finds a format by its name or an alias of it, or says which there are.
func Lookup(name string) (Format, error) {
	var names []string
	name = strings.ToLower(name)
	for _, f := range formats {
		if f.Name == name || slices.Contains(f.Aliases, name) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(names, ", "))
}

// ForFile finds the format that the suffix of a file's name means.
func ForFile(name string) (Format, bool) {
	suffix := strings.ToLower(filepath.Ext(name))
	for _, f := range formats {
		if slices.Contains(f.Suffixes, suffix) {
			return f, true
		}
	}
	return Format{}, false
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
	opts    Options
	columns []Column
	style   cell.Style
	arrays  []arrow.Array // of the current batch
	text    []byte        // of the current value
}

func newTableOf(w io.Writer, opts Options) table { return table{sink: newSink(w), opts: opts} }

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
