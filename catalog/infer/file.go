package infer

import (
	"fmt"
	"io"
	"strings"

	"tarn/catalog/sqltype"
)

// File is what one file holds.
type File struct {
	Columns  []Column
	Rows     int64    // that a query returns: rejected ones are not among them
	CSV      *Dialect // for delimited text
	JSON     *Layout  // for JSON
	Notices  []string // what a user should know about how the file was read
	Rejected int64    // malformed rows, which no query returns
	Rejects  []Reject // the first of them, up to maxRejects; only set by inference, the catalog keeps them elsewhere
}

// Column is one column as one file has it.
type Column struct {
	Name   string
	Source string // the name in the file, if the catalog gives the column another; inference leaves it empty
	Type   sqltype.Type
	Text   *TextForm // how the text becomes a value of the type; nil if a cast of the engine's reads it
	Stats  Stats
	Proof  Proof
}

// From is the name of the column in the file.
func (c *Column) From() string {
	if c.Source != "" {
		return c.Source
	}
	return c.Name
}

// TextForm says how the cells of one column of delimited text are spelled, where a cast of the engine's does not read them.
// Only Rows reads such a column.
type TextForm struct {
	Nulls     []string `json:"nulls,omitempty"`     // spellings of NULL in this column, besides those of the dialect
	Layout    string   `json:"layout,omitempty"`    // of dates and times, as strptime has it: %d/%m/%Y; with ? in front if day and month may be either
	Decimal   string   `json:"decimal,omitempty"`   // the decimal mark, if it is no point
	Thousands string   `json:"thousands,omitempty"` // what parts groups of three digits
	Trim      bool     `json:"trim,omitempty"`      // spaces around the values are no part of them
	NoQuoted  bool     `json:"noquoted,omitempty"`  // empty quotes are NULL
	Keep      bool     `json:"keep,omitempty"`      // spellings of NULL are text, but for the empty cell and \N
	Doubt     Doubt    `json:"doubt,omitempty"`     // what the file alone does not decide
	Pinned    string   `json:"pinned,omitempty"`    // the type that was given, not proven: rows with other values are rejected
}

// Doubt is what a file leaves open about a column. Other files of the table may tell.
type Doubt string

// The doubts: what a comma or a point in numbers is, the mark before the fraction or one between thousands; and whether the
// column's only values, Nulls, are text or spellings of NULL.
const (
	CommaDoubt Doubt = "comma"
	PointDoubt Doubt = "point"
	NullDoubt  Doubt = "nulls"
)

// Plain reports whether a cast of the engine's reads the column as it is spelled.
func (f *TextForm) Plain() bool {
	return f == nil || (len(f.Nulls) == 0 || f.Doubt == NullDoubt) && !f.Keep && (f.Layout == "" || f.Layout[0] == '?') && f.Decimal == "" && f.Thousands == "" && !f.Trim && !f.NoQuoted && (f.Pinned == "" || f.Pinned == sqltype.Of(sqltype.Varchar).String())
}

// Undecided reports whether the column holds dates of which day and month may be either, and returns their layout if the
// day is first, or the month.
func (f *TextForm) Undecided() (dayFirst, monthFirst string, ok bool) {
	if f == nil || !strings.HasPrefix(f.Layout, "?") {
		return "", "", false
	}
	dayFirst = f.Layout[1:]
	return dayFirst, strings.NewReplacer("%d", "%m", "%m", "%d").Replace(dayFirst), true
}

// Stats are a column's statistics within one file. Min and Max are exact bounds over all non-NULL values, in the text
// that a cast to the column's type accepts; HasMinMax is false if they are not known.
type Stats struct {
	Nulls     int64 // -1 if not known
	HasMinMax bool
	Min, Max  string
	Distinct  int64 // estimate of the number of distinct values, within some per cent; 0 if not known
}

// Proof is the value that decided a column's type: without it the type would be a narrower one. Line is 0 if no single
// value did, that is, if all values are of the narrowest type they could be of.
type Proof struct {
	Line  int64
	Value string // cut short
}

// Reject is one malformed row.
type Reject struct {
	Line   int64  // physical line on which it begins, from 1
	Column string // whose value is at fault; empty if the row as a whole is
	Reason string // in words, lower case
	Text   string // the row as it stands in the file, cut after 1,000 bytes, or 100 once there are many
}

// rejectNotice tells of a file's malformed rows.
func rejectNotice(n int64, first Reject) string {
	return fmt.Sprintf("%s and not part of the table; the first is on line %d: %s", counted(n, "row is malformed", "rows are malformed"), first.Line, first.Reason)
}

// The most that is kept of the malformed rows of a file, and of the text of each, in bytes: less once there are many.
const (
	maxRejects     = 100_000
	maxRejectText  = 1000
	manyRejects    = 1000
	manyRejectText = 100
)

// keepReject adds a malformed row to those of its file, if they are not too many.
func keepReject(list []Reject, r Reject) []Reject {
	if len(list) >= maxRejects {
		return list
	}
	if len(list) >= manyRejects && len(r.Text) > manyRejectText {
		r.Text = strings.Clone(r.Text[:lastRune([]byte(r.Text[:manyRejectText]))])
	}
	return append(list, r)
}

// Dialect is how one delimited text file is written. It is complete: a reader given it needs no detection.
type Dialect struct {
	Delimiter  string   // one or more characters
	Quote      string   // one character, or empty if the file quotes nothing
	Escape     string   // one character, or empty
	Header     bool     // the first line that is not skipped names the columns
	HeaderRows int      `json:",omitempty"` // how many lines the header has, if more than one
	Skip       int      // physical lines before the header or the first row
	End        int64    `json:",omitempty"` // the physical line before which the table ends; 0 if it reaches to the end of the file
	Comment    string   `json:",omitempty"` // lines that begin with it are no rows; empty if there are none
	SkipLines  []int64  `json:",omitempty"` // physical lines on which records begin that are no rows, ascending, besides those that break the dialect
	Collapse   bool     `json:",omitempty"` // spaces behind a delimiter belong to it, and those around a line part nothing
	Framed     bool     `json:",omitempty"` // spaces around the values are no part of them, and a delimiter may stand at both ends of each line
	Rulers     bool     `json:",omitempty"` // lines of dashes are no rows
	NullText   []string // spellings of NULL in unquoted fields; the empty string among them if empty means NULL
	QuotedNull bool     // the spellings mean NULL inside quotes too
	Encoding   string   // utf-8, utf-16, utf-16be, latin-1 or windows-1252
	NewLine    string   // \n, \r\n or \r, as those characters; \n if the lines end in different ways
	MixedLines bool     // the lines end in different ways
	NullPad    bool     // some rows lack trailing columns, which are NULL
	Own        bool     `json:",omitempty"` // only Rows reads the file as it was proven; the engine's reader would read it differently
	Score      float64  `json:",omitempty"` // of the dialect against the others tried, 0 to 1: how regular the rows and typed the cells are
	OneLine    bool     `json:",omitempty"` // no record has a line end inside quotes
	MaxLine    int64    // length of the longest record in bytes
}

// Layout is how the records of one JSON file are arranged.
type Layout struct {
	// Shape is newline_delimited, array (one array of records) or unstructured (records one after another).
	Shape     string
	Records   bool              // each record is an object whose keys are columns; else there is one column, "json"
	Own       bool              `json:",omitempty"` // only Records reads the file as it was proven; the engine's reader would read it differently
	Encoding  string            // utf-8, utf-16, utf-16be, latin-1 or windows-1252; Records gives UTF-8
	Keys      map[string]string `json:",omitempty"` // spellings of keys of records that Records replaces, and the names of their columns
	MaxRecord int64             // length of the longest record in bytes
}

// Hints are what a user has said of a file in lake.yaml. What is not said is inferred. The zero value says nothing.
type Hints struct {
	Delimiter  *string
	Quote      *string // empty: the file quotes nothing
	Escape     *string
	Header     *bool
	Skip       *int
	Comment    *string
	Encoding   string
	Nulls      []string                // spellings of NULL in all columns; nil: inferred
	Decimal    string                  // the decimal mark
	Thousands  string                  // what parts groups of three digits
	DateLayout string                  // of dates, as strptime has it
	Names      []string                // of the columns, by place, instead of the header's
	Types      map[string]sqltype.Type // of columns, by their names in lower case
}

// Opener opens the file's text, decompressed, from its start. Infer may call it twice: for a sample and for all rows.
type Opener func() (io.ReadCloser, error)

// Error says why a file cannot be a table.
type Error struct {
	Reason string // in words, lower case, e.g. "quote opened here is never closed"
	Line   int64  // from 1; 0 if not known
	Hint   string
}

// Error returns the reason with the line.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return e.Reason
}
