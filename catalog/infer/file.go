package infer

import (
	"fmt"
	"io"

	"tarn/catalog/sqltype"
)

// File is what one file holds.
type File struct {
	Columns []Column
	Rows    int64
	CSV     *Dialect // for delimited text
	JSON    *Layout  // for JSON
	Notices []string // what a user should know about how the file was read
}

// Column is one column as one file has it.
type Column struct {
	Name  string
	Type  sqltype.Type
	Stats Stats
}

// Stats are a column's statistics within one file. Min and Max are exact bounds over all non-NULL values, in the text
// that a cast to the column's type accepts; HasMinMax is false if they are not known.
type Stats struct {
	Nulls     int64 // -1 if not known
	HasMinMax bool
	Min, Max  string
}

// Dialect is how one delimited text file is written. It is complete: a reader given it needs no detection.
type Dialect struct {
	Delimiter  string   // one or more characters
	Quote      string   // one character, or empty if the file quotes nothing
	Escape     string   // one character, or empty
	Header     bool     // the first line that is not skipped names the columns
	Skip       int      // physical lines before the header or the first row
	NullText   []string // spellings of NULL in unquoted fields; the empty string among them if empty means NULL
	QuotedNull bool     // the spellings mean NULL inside quotes too
	Encoding   string   // utf-8, utf-16 or latin-1
	NewLine    string   // \n, \r\n or \r, as those characters; \n if the lines end in different ways
	MixedLines bool     // the lines end in different ways
	NullPad    bool     // some rows lack trailing columns, which are NULL
	MaxLine    int64    // length of the longest record in bytes
}

// Layout is how the records of one JSON file are arranged.
type Layout struct {
	// Shape is newline_delimited, array (one array of records) or unstructured (records one after another).
	Shape     string
	Records   bool  // each record is an object whose keys are columns; else there is one column, "json"
	MaxRecord int64 // length of the longest record in bytes
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
