package catalog

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tarn/catalog/infer"
	"tarn/storage"
)

// listMost is how many names of a kind a report lists without explain.
const listMost = 50

// String returns the report in one line.
func (r *Report) String() string {
	text := fmt.Sprintf("%s in tables, %s looked into (%s), %d skipped", countFiles(r.Files), countFiles(r.Read), storage.Bytes(r.Bytes), len(r.Skipped))
	if r.same {
		return text + "; nothing changed"
	}
	return text + fmt.Sprintf("; %d added, %d changed, %d removed", len(r.Added), len(r.Changed), len(r.Removed))
}

// Write prints the report for people, with the tables of the snapshot that the crawl made. With explain it says, too, why
// the tables are as they are and how each kind of file is read, and it leaves nothing out.
func (r *Report) Write(w io.Writer, s *Snapshot, explain bool) error {
	b := bufio.NewWriter(w)
	p := &printer{w: b, explain: explain}
	if explain {
		for i, t := range s.Tables {
			if i > 0 {
				fmt.Fprintln(b)
			}
			p.explained(t)
		}
	} else {
		p.tables(s.Tables)
	}
	if !r.same {
		p.changes(r)
	}
	if len(r.Notices) > 0 {
		fmt.Fprintf(b, "\nnotices of the lake's settings:\n")
		p.list("  ", r.Notices, "")
	}
	if len(r.Skipped) > 0 {
		fmt.Fprintf(b, "\nskipped:\n")
		var lines []string
		for _, skip := range r.Skipped {
			lines = append(lines, skip.Path+"\t"+skip.Reason)
		}
		p.list("  ", lines, "; the table tarn.skipped has all")
	}
	fmt.Fprintf(b, "\n%s\n", r)
	return b.Flush()
}

// printer writes parts of a report. Errors stay in the writer until it is flushed.
type printer struct {
	w       *bufio.Writer
	explain bool
}

// list prints lines, cut into columns at tabs; without explain at most listMost of them; rest says where the others are.
func (p *printer) list(lead string, lines []string, rest string) {
	tw := tabwriter.NewWriter(p.w, 0, 0, 3, ' ', 0)
	for i, l := range lines {
		if i == listMost && !p.explain {
			fmt.Fprintf(tw, "%s... and %d more%s\n", lead, len(lines)-i, rest)
			break
		}
		fmt.Fprintln(tw, lead+printable(l))
	}
	tw.Flush()
}

// printable keeps control characters in names off the terminal; the tab parts columns.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, s)
}

// tables prints a line for each table, and then what should be known of some.
func (p *printer) tables(tables []*Table) {
	lines := []string{"table\tformat\tfiles\trows\tsize"}
	for _, t := range tables {
		lines = append(lines, summary(t))
	}
	tw := tabwriter.NewWriter(p.w, 0, 0, 3, ' ', 0)
	for _, l := range lines {
		fmt.Fprintln(tw, printable(l))
	}
	tw.Flush()
	var notices []string
	for _, t := range tables {
		for _, n := range t.Notices {
			notices = append(notices, t.Schema+"."+t.Name+"\t"+n)
		}
		for _, n := range t.fileNotices() {
			notices = append(notices, t.Schema+"."+t.Name+"\t"+n.path+": "+n.text)
		}
	}
	if len(notices) > 0 {
		fmt.Fprintf(p.w, "\nnotices:\n")
		p.list("  ", notices, "; --explain shows all")
	}
}

// summary is a table in one line, cut by tabs.
func summary(t *Table) string {
	rows := "?"
	if n := t.Rows(); n >= 0 {
		rows = fmt.Sprint(n)
	}
	return fmt.Sprintf("%s.%s\t%s\t%d\t%s\t%s", t.Schema, t.Name, t.Files[0].Kind.Format, len(t.Files), rows, storage.Bytes(t.Bytes()))
}

// changes prints what differs from before. Of a lake's first crawl the lists of tables and skipped files say it all.
func (p *printer) changes(r *Report) {
	var lines []string
	add := func(verb string, names []string) {
		for _, n := range names {
			lines = append(lines, verb+"\t"+n)
		}
	}
	if !r.first {
		add("added", r.Added)
	}
	add("changed", r.Changed)
	add("removed", r.Removed)
	if !r.first {
		for _, s := range r.NewSkips {
			lines = append(lines, "skipped\t"+s.Path+": "+s.Reason)
		}
		add("new table", r.NewTables)
	}
	add("dropped table", r.Dropped)
	for _, a := range r.Altered {
		for _, c := range a.Changes {
			lines = append(lines, "altered table\t"+a.Table+": "+c)
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(p.w, "\nchanges:\n")
		p.list("  ", lines, "")
	}
}

// explained prints all of one table.
func (p *printer) explained(t *Table) {
	fmt.Fprintln(p.w, printable(strings.ReplaceAll(summary(t), "\t", "  ")))
	var columns []string
	flush := func() {
		p.list("    ", columns, "")
		columns = nil
	}
	for _, e := range t.Explain() {
		name, isColumn := strings.CutPrefix(e.Subject, "column ")
		if isColumn {
			columns = append(columns, name+"\t"+e.Decision+"\t"+e.Reason+place(e, len(t.Files) > 1))
			continue
		}
		flush()
		switch e.Subject {
		case "table":
			fmt.Fprintf(p.w, "  because %s\n", printable(e.Reason))
		case "reading":
			fmt.Fprintf(p.w, "  read as %s, e.g. %s\n    because %s\n", printable(e.Decision), printable(e.Path), printable(e.Reason))
		case "setting":
			fmt.Fprintf(p.w, "  %s, because %s\n", printable(e.Decision), e.Reason)
		default:
			fmt.Fprintf(p.w, "  %s: %s%s\n", e.Subject, printable(e.Decision), printable(place(e, true)))
		}
	}
	flush()
}

// place names the file that decided, if there are several, since the reason has the line.
func place(e Explanation, several bool) string {
	if e.Path == "" || !several {
		return ""
	}
	switch column := strings.HasPrefix(e.Subject, "column "); {
	case e.Line > 0:
		return fmt.Sprintf(" (%s)", e.Path)
	case column:
		return ""
	}
	return " (e.g. " + e.Path + ")"
}

// describe says how a file is written.
func describe(f *File) string {
	text := f.Kind.Format.String()
	if f.Kind.Compression != storage.None {
		text += " in " + f.Kind.Compression.String()
	}
	switch {
	case f.CSV != nil:
		return text + ", " + describeCSV(f.CSV)
	case f.JSON != nil && !f.JSON.Records:
		return text + ", " + f.JSON.Shape + ", values that are no records"
	case f.JSON != nil:
		return text + ", " + f.JSON.Shape
	}
	return text
}

func describeCSV(d *infer.Dialect) string {
	header := "no header line"
	switch {
	case d.HeaderRows > 1:
		header = fmt.Sprintf("%d header lines", d.HeaderRows)
	case d.Header:
		header = "a header line"
	}
	parts := []string{fmt.Sprintf("delimiter %q", d.Delimiter), header}
	if d.Skip > 0 {
		parts = append(parts, fmt.Sprintf("%d lines skipped", d.Skip))
	}
	if d.Quote != "" {
		parts = append(parts, fmt.Sprintf("quote %s", d.Quote))
	}
	if d.Escape != "" && d.Escape != d.Quote {
		parts = append(parts, fmt.Sprintf("escape %s", d.Escape))
	}
	if len(d.NullText) > 0 {
		parts = append(parts, fmt.Sprintf("NULL is %q", d.NullText))
	}
	if d.NullPad {
		parts = append(parts, "missing columns are NULL")
	}
	if d.End > 0 {
		parts = append(parts, fmt.Sprintf("the table ends before line %d", d.End))
	}
	return strings.Join(append(parts, d.Encoding), ", ")
}
