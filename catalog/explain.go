package catalog

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// Explanation says why one thing about a table is as it is.
type Explanation struct {
	Subject  string // table, reading, column ..., rejects or notice
	Decision string
	Reason   string
	Path     string // the file that decided, or an example; empty if there is none
	Line     int64  // in it; 0 if no line did
}

// Why says why these files are one table of this name.
func (t *Table) Why() string {
	if t.score == 0 && t.near != "" {
		return t.why + "; " + t.near
	}
	if t.score == 0 {
		return t.why
	}
	return fmt.Sprintf("%s (score %.2f of 1; files of %.2f and above are one table)", t.why, t.score, alikeFrom)
}

// Explain says why the table, the reading of its files and its columns are as they are: first the table, then each way in
// which files are read, each column, the malformed rows, and the notices.
func (t *Table) Explain() []Explanation {
	rows := "an unknown number of rows"
	if n := t.Rows(); n >= 0 {
		rows = counted(n, "row", "rows")
	}
	out := []Explanation{{Subject: "table", Decision: fmt.Sprintf("%s.%s: %s, %s", t.Schema, t.Name, countFiles(len(t.Files)), rows), Reason: t.Why()}}
	for _, p := range t.Pins {
		where, what, _ := strings.Cut(p, ": ")
		out = append(out, Explanation{Subject: "setting", Decision: what, Reason: where + " says so"})
	}
	out = append(out, t.explainReading()...)
	for _, c := range t.Columns {
		out = append(out, t.explainColumn(c))
	}
	if n := t.Rejected(); n > 0 {
		e := Explanation{Subject: "rejects", Decision: counted(n, "row is malformed and in no answer", "rows are malformed and in no answer"), Reason: "SELECT * FROM tarn.rejects lists them"}
		for _, f := range t.Files {
			if f.Rejected > 0 {
				e.Path = f.Path
				break
			}
		}
		out = append(out, e)
	}
	for _, n := range t.Notices {
		out = append(out, Explanation{Subject: "notice", Decision: n})
	}
	for _, n := range t.fileNotices() {
		out = append(out, Explanation{Subject: "notice", Decision: n.text, Path: n.path})
	}
	return out
}

// fileNotice is a notice that one or more files of a table have.
type fileNotice struct {
	text, path string // of the first file
	files      int
}

// fileNotices returns the notices of the files, each text once.
func (t *Table) fileNotices() []fileNotice {
	var out []fileNotice
	at := map[string]int{}
	for _, f := range t.Files {
		for _, n := range f.Notices {
			i, ok := at[n]
			if !ok {
				i = len(out)
				at[n] = i
				out = append(out, fileNotice{text: n, path: f.Path})
			}
			out[i].files++
		}
	}
	for i := range out {
		if out[i].files > 1 {
			out[i].text = fmt.Sprintf("in %d files: %s", out[i].files, out[i].text)
		}
	}
	return out
}

// explainReading returns an explanation for each way in which files of the table are read.
func (t *Table) explainReading() []Explanation {
	var ways []string
	first, count := map[string]*File{}, map[string]int{}
	for _, f := range t.Files {
		way := describe(f)
		if count[way]++; count[way] == 1 {
			first[way] = f
			ways = append(ways, way)
		}
	}
	var out []Explanation
	for _, way := range ways {
		f := first[way]
		e := Explanation{Subject: "reading", Decision: fmt.Sprintf("%s: %s", countFiles(count[way]), way), Path: f.Path}
		switch {
		case f.CSV != nil && len(f.Columns) == 1:
			e.Reason = "no delimiter cuts the lines into several columns evenly"
		case f.CSV != nil:
			e.Reason = fmt.Sprintf("no other way of reading makes the rows as even and the cells as typed: score %.2f of 1", f.CSV.Score)
		case f.Kind.Format == storage.Parquet:
			e.Reason = "Parquet says itself how it is written"
		default:
			e.Reason = "every record was read so"
		}
		out = append(out, e)
	}
	return out
}

// explainColumn says why a column has its type.
func (t *Table) explainColumn(c Column) (e Explanation) {
	e = Explanation{Subject: "column " + c.Name, Decision: c.Type.String()}
	if c.Partition {
		e.Decision += " (partition)"
	}
	if _, typed := namedTypes(t.said)[foldName(c.Name)]; typed {
		e.Reason = c.Pinned + " says so"
		return e
	}
	if c.Pinned != "" {
		defer func() { e.Reason += "; " + c.Pinned + " names it" }()
	}
	if c.Partition {
		e.Reason = "the folders of the files' paths say so"
		e.Path = t.Files[0].Path
		return e
	}
	ev := t.evidenceOf(c)
	e.Path, e.Line = ev.path, ev.line
	parquet := t.Files[0].Kind.Format == storage.Parquet
	switch {
	case ev.deciding == nil:
	case len(ev.types) == 1 && c.Type.Kind == sqltype.Varchar && t.Files[0].JSON != nil && ev.line > 0:
		e.Reason = fmt.Sprintf("its values are of several kinds, and text holds them all; %q on line %d is unlike those before", ev.deciding.Proof.Value, ev.line)
	case len(ev.types) > 1:
		e.Reason = ev.joined(c.Type)
	case parquet:
		e.Reason = "Parquet declares it"
	default:
		proof := *ev.deciding
		if form := proof.Text; form != nil && form.Layout != ev.layout {
			plain := *form
			plain.Layout = ""
			proof.Text = &plain
		}
		proof.Stats.HasMinMax = proof.Stats.HasMinMax && len(t.Files) == 1 // the bounds are of one file
		e.Reason = proofText(c.Type, &proof, ev.values)
	}
	if ev.nulls > 0 && !parquet {
		e.Reason += "; " + counted(ev.nulls, "is NULL", "are NULL")
	}
	if ev.without > 0 {
		e.Reason += fmt.Sprintf("; %s without it, where it is NULL", isOrAre(ev.without))
	}
	return e
}

// evidence is what the files of a table say about one column.
type evidence struct {
	values, nulls int64
	types         []typeCount   // those that have values, in order of first appearance
	deciding      *infer.Column // with the value that decides; may be nil
	path          string
	line          int64
	without       int    // files
	layout        string // in which dates are written, in all files that have values
}

// typeCount is one type that a column has in some files.
type typeCount struct {
	t      sqltype.Type
	path   string // of the first
	values int64  // as far as they are known
}

// evidenceOf gathers what there is about a column.
func (t *Table) evidenceOf(c Column) *evidence {
	ev := &evidence{}
	for _, f := range t.Files {
		own := findIn(f, c.Name)
		if own == nil {
			ev.without++
			continue
		}
		var values int64
		if f.Rows >= 0 && own.Stats.Nulls >= 0 {
			values = f.Rows - own.Stats.Nulls
			ev.values, ev.nulls = ev.values+values, ev.nulls+own.Stats.Nulls
			if values == 0 && f.Kind.Format != storage.Parquet && ev.deciding != nil {
				continue // an empty column of text says nothing about the type
			}
		}
		layout := ""
		if own.Text != nil {
			layout = own.Text.Layout
		}
		if ev.deciding == nil {
			ev.layout = layout
		} else if ev.layout != layout {
			ev.layout = "" // that is no longer the whole truth
		}
		if d := ev.deciding; d == nil || own.Type.Equal(c.Type) && own.Proof.Line > 0 && (d.Proof.Line == 0 || !d.Type.Equal(c.Type)) {
			ev.deciding, ev.path, ev.line = own, f.Path, own.Proof.Line
		}
		i := slices.IndexFunc(ev.types, func(o typeCount) bool { return o.t.Equal(own.Type) })
		if i < 0 {
			i = len(ev.types)
			ev.types = append(ev.types, typeCount{t: own.Type, path: f.Path})
		}
		ev.types[i].values += values
	}
	ev.types = slices.DeleteFunc(ev.types, func(o typeCount) bool {
		return len(ev.types) > 1 && ev.values > 0 && o.values == 0 && !o.t.Equal(c.Type)
	})
	return ev
}

// joined says why files with several types give this one.
func (ev *evidence) joined(t sqltype.Type) string {
	var parts []string
	for _, o := range ev.types {
		part := fmt.Sprintf("%s in %s", o.t, o.path)
		if o.values > 0 {
			part += fmt.Sprintf(" (%s)", counted(o.values, "value", "values"))
		}
		if len(parts) < 4 {
			parts = append(parts, part)
		}
	}
	text := "it holds every value of " + strings.Join(parts, " and of ")
	if p := ev.deciding.Proof; p.Line > 0 && ev.deciding.Type.Equal(t) {
		text += fmt.Sprintf("; %q on line %d decides it", p.Value, p.Line)
	}
	return text
}

// proofText says what proves a type of text, of which there are so many values.
func proofText(t sqltype.Type, c *infer.Column, values int64) string {
	each := fmt.Sprintf("each of %d values is ", values)
	if values == 1 {
		each = "its only value is "
	}
	because := ""
	if c.Proof.Line > 0 {
		because = fmt.Sprintf("; %q on line %d decides it", c.Proof.Value, c.Proof.Line)
	}
	form := c.Text
	if form == nil {
		form = &infer.TextForm{}
	}
	layout := ""
	if form.Layout != "" {
		layout = " written as " + form.Layout
	}
	marks := ""
	if form.Decimal != "" {
		marks = fmt.Sprintf(" with %q before the fraction", form.Decimal)
	}
	bounds := boundsText(t, c)
	switch k := t.Kind; {
	case form.Pinned != "":
		return "lake.yaml says so"
	case values == 0:
		return "there are no values"
	case k == sqltype.Varchar:
		return textReason(c, each)
	case k == sqltype.Boolean:
		return each + "true or false"
	case isInt(k):
		return each + "a whole number" + marks + bounds + because
	case k == sqltype.Decimal:
		return fmt.Sprintf("%sa number with at most %d digits behind the point%s%s%s", each, t.Scale, marks, bounds, because)
	case isFloat(k):
		return each + "a number" + marks + bounds + because
	case k == sqltype.Date:
		return each + "a date" + layout + bounds + because
	case k == sqltype.Time:
		return each + "a time of day" + bounds
	case k >= sqltype.TimestampS && k <= sqltype.TimestampTZ:
		return each + "a point in time" + layout + bounds + because
	case k == sqltype.UUID:
		return each + "a UUID"
	}
	return each + "of this shape" + because
}

// boundsText says between what the values are.
func boundsText(t sqltype.Type, c *infer.Column) string {
	switch {
	case !c.Stats.HasMinMax || t.Kind == sqltype.Varchar:
		return ""
	case c.Stats.Min == c.Stats.Max:
		return ", " + c.Stats.Min
	}
	return fmt.Sprintf(", from %s to %s", c.Stats.Min, c.Stats.Max)
}

// textReason says why a column is text.
func textReason(c *infer.Column, each string) string {
	v := c.Proof.Value
	digits := strings.TrimLeft(v, "+-")
	_, _, open := c.Text.Undecided()
	switch {
	case open:
		return each + "a date, and none tells whether the day or the month comes first"
	case c.Proof.Line == 0:
		return each + "text"
	case len(digits) > 1 && strings.Trim(digits, "0123456789") == "" && (digits[0] == '0' || v[0] == '+'):
		return fmt.Sprintf("as a number %q on line %d would lose what it begins with", v, c.Proof.Line)
	}
	return fmt.Sprintf("it is text, first on line %d: %q", c.Proof.Line, v)
}

func findIn(f *File, name string) *infer.Column {
	for i := range f.Columns {
		if foldName(f.Columns[i].Name) == foldName(name) {
			return &f.Columns[i]
		}
	}
	return nil
}

// counted puts a number before the words that go with it.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

func isOrAre(n int) string {
	if n == 1 {
		return "1 file is"
	}
	return fmt.Sprintf("%d files are", n)
}
