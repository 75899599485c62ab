package catalog

import (
	"fmt"
	"slices"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// settleSpelling decides what some files of a table leave open about the spelling of a column, dates of which day and month may
// be either, numbers with a mark of two meanings and words that may be NULL, by what the other files prove. It returns the
// files, with changed copies of those concerned, and what there is to tell.
func settleSpelling(files []*File) (out []*File, told []settled) {
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
		columns, own := slices.Clone(f.Columns), f.Notices
		for i := range columns {
			how := proven[foldName(columns[i].Name)].settle(f, &columns[i])
			if how == "" {
				continue
			}
			own, told = withoutDoubt(own, &columns[i]), tell(told, &columns[i], f, how)
			out[at] = f.with(columns)
			out[at].Notices = own
		}
	}
	return out, told
}

// spellingNotices tells what was settled, but not of dates and numbers in columns that are text for another reason.
func spellingNotices(told []settled, columns []Column) (notices []string) {
	for _, s := range told {
		if c := findColumn(columns, s.column); c == nil || !s.typed || c.Type.Kind != sqltype.Varchar {
			notices = append(notices, s.String())
		}
	}
	return notices
}

// withoutDoubt returns the notices but for the one that says that the column is text, which is no longer so.
func withoutDoubt(notices []string, c *infer.Column) []string {
	lead := fmt.Sprintf("column %q is VARCHAR because ", c.From())
	return slices.DeleteFunc(slices.Clone(notices), func(n string) bool { return strings.HasPrefix(n, lead) })
}

// settled is what there is to tell of a column that other files settle.
type settled struct {
	column, how string
	typed       bool // it is no text in this file
	first       *File
	files       int
}

// tell adds one more file.
func tell(told []settled, c *infer.Column, f *File, how string) []settled {
	for i := range told {
		if told[i].column == c.Name && told[i].how == how {
			told[i].files++
			return told
		}
	}
	return append(told, settled{c.Name, how, c.Type.Kind != sqltype.Varchar, f, 1})
}

// String is the notice.
func (s settled) String() string {
	if s.files == 1 {
		return fmt.Sprintf("column %s of %s %s", s.column, s.first.Path, s.how)
	}
	return fmt.Sprintf("column %s of %d files, e.g. %s, %s", s.column, s.files, s.first.Path, s.how)
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

// spelling is what the files of a table prove about the spelling of one column.
type spelling struct {
	dates                      map[datePattern]*File // the first file of each
	decimalComma, decimalPoint []*File
	typed, text                *File // a file with values of a type, or of text
}

// datePattern is an order of day and month with the mark between them.
type datePattern struct {
	monthFirst bool
	mark       byte
}

// patternOf returns the pattern of a layout; ok is false if it begins with neither, or names the month.
func patternOf(layout string) (p datePattern, ok bool) {
	if len(layout) < 3 || strings.Contains(layout, "%b") || layout[:2] != "%d" && layout[:2] != "%m" {
		return p, false
	}
	return datePattern{layout[:2] == "%m", layout[2]}, true
}

// add takes account of one file.
func (s *spelling) add(f *File, c *infer.Column) {
	if c.Text != nil && c.Text.Doubt != "" || f.CSV == nil {
		return
	}
	if f.Rows < 0 || c.Stats.Nulls != f.Rows {
		if c.Type.Kind == sqltype.Varchar {
			s.text = f
		} else {
			s.typed = f
		}
	}
	if c.Text != nil {
		if p, ok := patternOf(c.Text.Layout); ok && s.dates[p] == nil {
			if s.dates == nil {
				s.dates = map[datePattern]*File{}
			}
			s.dates[p] = f
		}
	}
	switch {
	case c.Text != nil && c.Text.Decimal == ",":
		s.decimalComma = append(s.decimalComma, f)
	case c.Type.Kind == sqltype.Double || c.Type.Kind == sqltype.Decimal:
		s.decimalPoint = append(s.decimalPoint, f)
	}
}

// settle changes a column of a file that leaves it open, and says in words how it is read; empty if nothing is decided.
func (s *spelling) settle(f *File, c *infer.Column) string {
	dayFirst, monthFirst, dates := c.Text.Undecided()
	switch {
	case dates:
		return s.settleDates(f, c, dayFirst, monthFirst)
	case c.Text == nil:
		return ""
	}
	switch c.Text.Doubt {
	case infer.NullDoubt:
		if s.typed == nil || s.text != nil {
			return ""
		}
		form := *c.Text
		form.Doubt = ""
		*c = infer.Column{Name: c.Name, Source: c.Source, Type: c.Type, Text: &form, Stats: infer.Stats{Nulls: f.Rows}}
		return fmt.Sprintf("is NULL: it holds nothing but %q, and other files have values of a type", form.Nulls)
	case infer.CommaDoubt, infer.PointDoubt:
		return s.settleNumbers(f, c)
	}
	return ""
}

// settleDates decides the order of day and month by files with the same mark, if they agree and no other column of the file
// itself says otherwise.
func (s *spelling) settleDates(f *File, c *infer.Column, dayFirst, monthFirst string) string {
	p, _ := patternOf(dayFirst)
	first, second := s.dates[p], s.dates[datePattern{true, p.mark}]
	layout, by := dayFirst, first
	if first == nil {
		layout, by = monthFirst, second
	}
	if (first == nil) == (second == nil) {
		return ""
	}
	for i := range f.Columns {
		if form := f.Columns[i].Text; form != nil {
			if own, ok := patternOf(form.Layout); ok && own.monthFirst != (layout == monthFirst) {
				return ""
			}
		}
	}
	respell(c, layout)
	return "is read as dates written " + layout + ", as " + by.Path + " proves"
}

// settleNumbers decides what a mark means by files with the same delimiter. A column that its file only takes for numbers
// by habit is text where another file contradicts.
func (s *spelling) settleNumbers(f *File, c *infer.Column) string {
	sameDelimiter := func(o *File) bool { return o.CSV.Delimiter == f.CSV.Delimiter }
	if c.Type.Kind != sqltype.Varchar {
		i := slices.IndexFunc(s.decimalComma, func(o *File) bool { return c.Text.Doubt == infer.CommaDoubt || sameDelimiter(o) })
		if i < 0 {
			return ""
		}
		by := s.decimalComma[i]
		*c = infer.Column{Name: c.Name, Source: c.Source, Type: sqltype.Of(sqltype.Varchar), Stats: infer.Stats{Nulls: -1, Distinct: c.Stats.Distinct}}
		return "is VARCHAR: " + by.Path + " proves that a comma stands before the fraction in this column, and here the marks may be either"
	}
	comma, point := slices.IndexFunc(s.decimalComma, sameDelimiter), slices.IndexFunc(s.decimalPoint, sameDelimiter)
	if (comma < 0) == (point < 0) {
		return ""
	}
	form, t := *c.Text, sqltype.Of(sqltype.Double)
	form.Doubt, form.Decimal, form.Thousands = "", ",", "."
	by := ""
	if comma >= 0 {
		by = s.decimalComma[comma].Path
	} else {
		by = s.decimalPoint[point].Path
		form.Decimal, form.Thousands = ".", ","
	}
	if (c.Text.Doubt == infer.PointDoubt) == (comma >= 0) { // the mark in doubt parts thousands
		t = sqltype.Of(sqltype.BigInt)
	}
	*c = infer.Column{Name: c.Name, Source: c.Source, Type: t, Text: &form, Stats: infer.Stats{Nulls: c.Stats.Nulls, Distinct: c.Stats.Distinct}}
	return fmt.Sprintf("is read as numbers with %q before the fraction, as %s proves", form.Decimal, by)
}

// respell makes a column of undecided dates one of dates in a layout.
func respell(c *infer.Column, layout string) {
	form := *c.Text
	form.Layout = layout
	t := sqltype.Of(sqltype.Date)
	if strings.ContainsAny(layout, "HI") {
		t = sqltype.Of(sqltype.Timestamp)
	}
	*c = infer.Column{Name: c.Name, Source: c.Source, Type: t, Text: &form, Stats: infer.Stats{Nulls: c.Stats.Nulls, Distinct: c.Stats.Distinct}}
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
