package catalog

import (
	"sync"

	"tarn/catalog/infer"
	"tarn/catalog/lakefile"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// Snapshot is the catalog at one moment. It never changes; any number of goroutines may read it.
type Snapshot struct {
	Version int64          // grows with every crawl that changed something
	Tables  []*Table       // sorted by schema, then name
	Skipped []storage.Skip // files that are in no table, with the reason, sorted by path

	once   sync.Once
	byName map[string][]*Table // in the order of Tables
}

// Lookup returns the table of a schema and name, both as SQL folds them, or nil.
func (s *Snapshot) Lookup(schema, name string) *Table {
	for _, t := range s.Find(name) {
		if t.Schema == schema {
			return t
		}
	}
	return nil
}

// Find returns the tables of a name in all schemas, sorted by schema. The caller must not change the slice.
func (s *Snapshot) Find(name string) []*Table {
	s.once.Do(func() {
		s.byName = make(map[string][]*Table, len(s.Tables))
		for _, t := range s.Tables {
			s.byName[t.Name] = append(s.byName[t.Name], t)
		}
	})
	return s.byName[name]
}

// Table is a set of files that answer as one table.
type Table struct {
	ID      int64 // stable while the table's schema and name stay
	Schema  string
	Name    string
	Version int64          // grows with every change of its columns or files
	Columns []Column       // the join of the files' columns, in order of first appearance, partition columns last
	Files   []*File        // sorted by path
	Notices []string       // what a user of the table should know, e.g. columns that drift between files
	LeftOut []storage.Skip // files that belong here by folder and format but cannot be read, so that their rows are missing
	// OnReject says what a query does about malformed rows: OnRejectError fails, anything else passes them over and says so.
	OnReject string
	Pins     []string // what lake.yaml decides about the table, each with its line

	said *lakefile.Table // what lake.yaml says of the table; may be nil

	why   string  // why these files are a table of this name
	score float64 // how alike they are, from alikeFrom to 1; 0 for one file
	near  string  // for one file, which other of its folder is most like it; may be empty
}

// The policies for malformed rows.
const (
	OnRejectSkip  = string(lakefile.Skip)
	OnRejectError = string(lakefile.Fail)
)

// Rows is the number of rows, or -1 if it is not known for every file.
func (t *Table) Rows() int64 {
	var n int64
	for _, f := range t.Files {
		if f.Rows < 0 {
			return -1
		}
		n += f.Rows
	}
	return n
}

// Bytes is the size of all files on disk.
func (t *Table) Bytes() int64 {
	var n int64
	for _, f := range t.Files {
		n += f.ID.Size
	}
	return n
}

// Column is one column of a table.
type Column struct {
	Name      string
	Type      sqltype.Type
	Partition bool   // its value comes from the path of each file
	Pinned    string // the line of lake.yaml that gives its name or type, in words; empty if none does
}

// File is one file of a table with all that a query needs to read it without looking into it first.
type File struct {
	Path       string // below the root, separated by slashes
	ID         storage.Identity
	Kind       storage.Kind
	infer.File // what it holds; Rows is -1 if not known
	Partition  []PartitionValue

	form        *form // shared with all files of the same columns and dialect
	firstReject int64 // the line of the first malformed row, if this process read the file; for the history
	of          *File // the file as it is by itself, if its table reads it in another way; else nil
}

// PartitionValue is what a file's path says about one partition column.
type PartitionValue struct {
	Key   string
	Value string // unescaped
	Null  bool

	dated bool // the key is no word of the path: the folder is named by a date
}
