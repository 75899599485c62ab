package repl

import (
	"fmt"

	"tarn/repl/render"
)

// The values of \x.
const (
	expandedOff  = "off"
	expandedOn   = "on"
	expandedAuto = "auto"
)

// display is how results are shown: what \pset and its kin set.
type display struct {
	format    render.Format
	expanded  string // empty is off
	timing    bool
	maxRows   int // that box shows; 0 means all
	maxWidth  int // of a column in box; 0 means what the screen has
	null      *string
	separator string
	noHeader  bool
	noFooter  bool
	pager     string
	table     string // that the format insert names
}

// mustFormat returns a format that is there.
func mustFormat(name string) render.Format {
	f, err := render.Lookup(name)
	if err != nil {
		panic("repl: the format " + name + " is gone")
	}
	return f
}

// shownFormat is the format of lists and of the next result, if its output does not say another.
func (r *REPL) shownFormat() render.Format {
	if r.expanded == expandedOn && (r.format.Name == "box" || r.format.Name == "table") {
		return mustFormat("vertical")
	}
	return r.format
}

// formatFor is the format of a result for an output: the one asked for, else that of the file's name, else the session's. A
// binary format is refused where it would do harm.
func (r *REPL) formatFor(out *output, asked *render.Format) (render.Format, error) {
	f := r.shownFormat()
	if out.format != nil {
		f = *out.format
	}
	if asked != nil {
		f = *asked
	}
	switch {
	case f.Binary && out.terminal:
		return f, fmt.Errorf("%s is no text for a terminal: write it to a file, with \\g FILE, \\o FILE or -o FILE", f.Name)
	case out.results > 0 && (f.Binary || out.binary != ""):
		return f, fmt.Errorf("%s holds a %s result already, and nothing can follow that: write each result to a file of its own, with \\g FILE", out.name, f.Name)
	}
	if f.Binary {
		out.binary = f.Name
	}
	return f, nil
}

// room is how much of a result an output can show now, and how.
func (r *REPL) room(out *output) render.Options {
	o := render.Options{Null: r.null, Separator: r.separator, NoHeader: r.noHeader, NoFooter: r.noFooter, Table: r.table, MaxWidth: r.maxWidth}
	if out == r.std {
		o.Width, o.MaxRows = terminalWidth(out.w), r.maxRows
	}
	o.Color = r.colour && out == r.std
	return o
}
