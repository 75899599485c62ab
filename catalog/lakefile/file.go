package lakefile

import (
	"tarn/catalog/sqltype"
)

// Names are the names under which a lake.yaml is found at the root of a lake.
var Names = []string{"lake.yaml", "lake.yml"}

// File is what a lake.yaml says. It never changes.
type File struct {
	Name     string    // of the file
	Include  []Pattern // if there are any, only files that match one are in the lake
	Exclude  []Pattern
	OnReject Policy // of tables that do not say; Skip if nothing is said
	CSV      CSV    // of all delimited files
	Files    []Files
	Tables   []Table
}

// Policy says what becomes of malformed rows.
type Policy string

// The policies. Skip passes over the rows with a notice, Fail makes a query of the table an error.
const (
	Skip Policy = "skip"
	Fail Policy = "error"
)

// Files says how the files that match one of the patterns are written.
type Files struct {
	Line     int
	Patterns []Pattern
	CSV      CSV
}

// Table says of which files a table is, or changes one that the catalog finds.
type Table struct {
	Line         int
	Schema, Name string
	Files        []Pattern // empty: the table is one that the catalog finds
	Rename       *Name     // what such a table is called instead
	OnReject     Policy    // empty: not said
	PolicyLine   int
	CSV          CSV
	Columns      []Column
}

// Name is a new name of a table.
type Name struct {
	Line         int
	Schema, Name string
}

// Column changes one column of a table.
type Column struct {
	Line int
	Key  string        // the name in the files
	Name string        // the name in the table; empty: the same
	Type *sqltype.Type // nil: as it is found
}

// Option is one thing that a user says about delimited text. Its value is checked.
type Option struct {
	Line   int
	Key    string
	Value  string   // of options that have one value: true or false of header, digits of skip
	Values []string // of nulls and names
}

// CSV is what a user says about delimited text: each option at most once.
type CSV []Option

// Over returns the options of c, and those of base that c does not have.
func (c CSV) Over(base CSV) CSV {
	if len(base) == 0 {
		return c
	}
	out := append(CSV(nil), c...)
	for _, o := range base {
		if c.find(o.Key) == nil {
			out = append(out, o)
		}
	}
	return out
}

// Cuts reports whether the options say how lines are cut into columns, so that they are meant for delimited text only.
func (c CSV) Cuts() bool { return c.find("delimiter") != nil || c.find("names") != nil }

func (c CSV) find(key string) *Option {
	for i := range c {
		if c[i].Key == key {
			return &c[i]
		}
	}
	return nil
}
