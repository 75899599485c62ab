package catalog

import (
	"fmt"

	"tarn/catalog/infer"
)

// Explanation says why one thing about a table is as it is.
type Explanation struct {
	Subject  string // the table, a file, a column, ...
	Decision string
	Reason   string
	Path     string // the file that decided, or empty
	Line     int64  // in it; 0 if not known
}

// Why says why these files are one table of this name.
func (t *Table) Why() string { return t.why }

// Explain says why the table, its columns and the reading of its files are as they are.
func (t *Table) Explain() []Explanation {
	out := []Explanation{{Subject: "table " + t.Schema + "." + t.Name, Decision: countFiles(len(t.Files)) + " are one table", Reason: t.why}}
	for _, c := range t.Columns {
		e := Explanation{Subject: "column " + c.Name, Decision: c.Type.String()}
		for _, f := range t.Files {
			if own := findIn(f, c.Name); own != nil && own.Proof.Line > 0 && own.Type.Equal(c.Type) {
				e.Path, e.Line, e.Reason = f.Path, own.Proof.Line, fmt.Sprintf("because of %q", own.Proof.Value)
				break
			}
		}
		out = append(out, e)
	}
	for _, n := range t.Notices {
		out = append(out, Explanation{Subject: "notice", Decision: n})
	}
	for _, f := range t.Files {
		for _, n := range f.Notices {
			out = append(out, Explanation{Subject: "notice", Decision: n, Path: f.Path})
		}
	}
	return out
}

func findIn(f *File, name string) *infer.Column {
	for i := range f.Columns {
		if foldName(f.Columns[i].Name) == foldName(name) {
			return &f.Columns[i]
		}
	}
	return nil
}
