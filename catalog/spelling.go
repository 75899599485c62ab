package catalog

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// settleSpelling decides what some files of a table leave open about the spelling of a column, dates of which day and month may
// be either and numbers with a mark of two meanings, by what the other files prove. It returns the files, with changed
// copies of those concerned, and notices.
func settleSpelling(files []*File) (out []*File, notices []string) {
	if !slices.ContainsFunc(files, leavesOpen) {
		return files, nil
	}
	proven := map[string]*spelling{}
	for _, f := range files {
		for i := range f.Columns {
			c := &f.Columns[i]
			s := proven[foldName(c.Name)]
			if s == nil {
				s = &spelling{}
				proven[foldName(c.Name)] = s
			}
			s.add(f, c)
		}
	}
	out = slices.Clone(files)
	for at, f := range files {
		if !leavesOpen(f) {
			continue
		}
		columns := slices.Clone(f.Columns)
		for i := range columns {
			if file := proven[foldName(columns[i].Name)].settle(&columns[i]); file != nil {
				notices = append(notices, fmt.Sprintf("column %s of %s is read as %s proves that this column is spelled", columns[i].Name, f.Path, file.Path))
				out[at] = f.with(columns)
			}
		}
	}
	return out, notices
}

// leavesOpen reports whether the spelling of a column of the file is not decided by the file.
func leavesOpen(f *File) bool {
	return slices.ContainsFunc(f.Columns, func(c infer.Column) bool {
		_, _, dates := c.Text.Undecided()
		return dates || c.Text != nil && c.Text.Doubt != ""
	})
}

// with returns a copy of the file that has other columns.
func (f *File) with(columns []infer.Column) *File {
	out := *f
	out.Columns, out.of = columns, f.origin()
	form := *f.form
	form.columns, form.names = columns, nil
	for _, c := range columns {
		form.names = append(form.names, foldName(c.Name))
	}
	slices.Sort(form.names)
	out.form = &form
	if f.CSV != nil {
		csv := *f.CSV
		csv.Own = csv.Own || slices.ContainsFunc(columns, func(c infer.Column) bool { return !c.Text.Plain() })
		out.CSV, form.csv = &csv, &csv
	}
	return &out
}

// origin returns the file as it is by itself.
func (f *File) origin() *File {
	if f.of != nil {
		return f.of
	}
	return f
}

// spelling is what the files of a table prove about the spelling of one column: the first file for each of two
// contradicting ways.
type spelling struct {
	dayFirst, monthFirst       *File
	decimalComma, decimalPoint *File
}

// add takes account of one file.
func (s *spelling) add(f *File, c *infer.Column) {
	set := func(place **File) {
		if *place == nil {
			*place = f
		}
	}
	if c.Text != nil && c.Text.Doubt != "" {
		return
	}
	switch form := c.Text; {
	case form != nil && strings.HasPrefix(form.Layout, "%d") && !strings.Contains(form.Layout, "%b"):
		set(&s.dayFirst)
	case form != nil && strings.HasPrefix(form.Layout, "%m"):
		set(&s.monthFirst)
	case form != nil && form.Decimal == ",":
		set(&s.decimalComma)
	case f.CSV != nil && (c.Type.Kind == sqltype.Double || c.Type.Kind == sqltype.Decimal):
		set(&s.decimalPoint)
	}
}

// settle changes a column that is left open, if the files agree, and returns the file that decides.
func (s *spelling) settle(c *infer.Column) *File {
	dayFirst, monthFirst, dates := c.Text.Undecided()
	switch {
	case dates && s.dayFirst != nil && s.monthFirst == nil:
		respell(c, dayFirst)
		return s.dayFirst
	case dates && s.monthFirst != nil && s.dayFirst == nil:
		respell(c, monthFirst)
		return s.monthFirst
	case dates || c.Text == nil || c.Text.Doubt == "" || (s.decimalComma == nil) == (s.decimalPoint == nil):
		return nil
	}
	form := *c.Text
	form.Doubt = ""
	form.Decimal, form.Thousands = ",", "."
	whole, by := c.Text.Doubt == infer.PointDoubt, s.decimalComma
	if by == nil {
		form.Decimal, form.Thousands = ".", ","
		whole, by = c.Text.Doubt == infer.CommaDoubt, s.decimalPoint
	}
	if by == s.decimalPoint && c.Text.Doubt == infer.PointDoubt {
		return nil // as it is read already
	}
	*c = infer.Column{Name: c.Name, Type: sqltype.Of(sqltype.Double), Text: &form, Stats: infer.Stats{Nulls: c.Stats.Nulls, Distinct: c.Stats.Distinct}}
	if whole {
		c.Type = sqltype.Of(sqltype.BigInt)
	}
	return by
}

// respell makes a column of undecided dates one of dates in a layout.
func respell(c *infer.Column, layout string) {
	form := *c.Text
	form.Layout = layout
	t := sqltype.Of(sqltype.Date)
	if strings.ContainsAny(layout, "HI") {
		t = sqltype.Of(sqltype.Timestamp)
	}
	*c = infer.Column{Name: c.Name, Type: t, Text: &form, Stats: infer.Stats{Nulls: c.Stats.Nulls, Distinct: c.Stats.Distinct}}
}

// sameFiles reports whether two lists are of the same versions of the same files, read in the same way.
func sameFiles(a, b []*File) bool {
	return slices.EqualFunc(a, b, func(x, y *File) bool {
		return x == y || x.of != nil && x.of == y.of && slices.Equal(x.Partition, y.Partition) && slices.EqualFunc(x.Columns, y.Columns, func(c, d infer.Column) bool {
			return c.Name == d.Name && c.Source == d.Source && c.Type.Equal(d.Type) && (c.Text == nil) == (d.Text == nil) && (c.Text == nil || c.Text.Layout == d.Text.Layout &&
				c.Text.Decimal == d.Text.Decimal)
		})
	})
}
