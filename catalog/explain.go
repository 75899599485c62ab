package catalog

import (
	"fmt"
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
	for _, f := range t.Files {
		for _, n := range f.Notices {
			out = append(out, Explanation{Subject: "notice", Decision: n, Path: f.Path})
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
			e.Reason = fmt.Sprintf("so the rows are most even and most cells are typed: score %.2f of 1", f.CSV.Score)
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
	u := columnUse{name: c.Name}
	var values, nulls int64
	var deciding *infer.Column
	without := 0
	for _, f := range t.Files {
		own := findIn(f, c.Name)
		if own == nil {
			without++
			continue
		}
		u.declare(f, own)
		if f.Rows >= 0 && own.Stats.Nulls >= 0 {
			values, nulls = values+f.Rows-own.Stats.Nulls, nulls+own.Stats.Nulls
		}
		if deciding == nil || own.Proof.Line > 0 && deciding.Proof.Line == 0 && own.Type.Equal(c.Type) {
			deciding, e.Path, e.Line = own, f.Path, own.Proof.Line
		}
	}
	parquet := t.Files[0].Kind.Format == storage.Parquet
	switch {
	case deciding == nil:
	case len(u.types) == 1 && c.Type.Kind == sqltype.Varchar && t.Files[0].JSON != nil && deciding.Proof.Line > 0:
		e.Reason = fmt.Sprintf("its values are of several kinds, and text holds them all; %q on line %d is unlike those before", deciding.Proof.Value, deciding.Proof.Line)
	case len(u.types) > 1:
		var parts []string
		for _, d := range u.types[:min(len(u.types), 4)] {
			parts = append(parts, fmt.Sprintf("%s in %s", d.t, d.file.Path))
		}
		e.Reason = "it holds every value of " + strings.Join(parts, " and of ")
	case parquet:
		e.Reason = "Parquet declares it"
	default:
		proof := *deciding
		proof.Stats.HasMinMax = proof.Stats.HasMinMax && len(t.Files) == 1 // the bounds are of one file
		e.Reason = proofText(c.Type, &proof, values)
	}
	if nulls > 0 && !parquet {
		e.Reason += "; " + counted(nulls, "is NULL", "are NULL")
	}
	if without > 0 {
		e.Reason += fmt.Sprintf("; %s without it, where it is NULL", isOrAre(without))
	}
	return e
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
	bounds := ""
	if c.Stats.HasMinMax && t.Kind != sqltype.Varchar {
		bounds = fmt.Sprintf(", from %s to %s", c.Stats.Min, c.Stats.Max)
	}
	form := c.Text
	layout := ""
	if form != nil && form.Layout != "" {
		layout = " written as " + form.Layout
	}
	marks := ""
	if form != nil && form.Decimal != "" {
		marks = fmt.Sprintf(" with %q before the fraction", form.Decimal)
	}
	switch k := t.Kind; {
	case form != nil && form.Pinned != "":
		return "lake.yaml says so"
	case values == 0:
		return "there are no values"
	case k == sqltype.Varchar && c.Proof.Line > 0:
		return fmt.Sprintf("it is text, first on line %d: %q", c.Proof.Line, c.Proof.Value)
	case k == sqltype.Varchar:
		return each + "text"
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
