package catalog

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// typeUse is one type that a column has in some files of a table.
type typeUse struct {
	t     sqltype.Type
	file  *File // the first that has it
	exact bool  // the values are proven to be integers that a DOUBLE holds exactly, in every file
	nanos bool  // the values are proven to be within the range of TIMESTAMP_NS, in every file
	proof *File // the first in which one value decided the type; may be nil
	whole int   // how many digits integers are proven to have at most, in every file; a great many if that is not known
}

// columnUse is what the files of a table say about one column.
type columnUse struct {
	name     string
	types    []typeUse
	declared sqltype.Type // the type of the first file in which it has no values, if types is empty
	files    int          // that have it
	without  *File        // the first that lacks it
	drifts   bool         // its type differs between files
}

// joinColumns returns the columns of a table of files, without partition columns, in order of first appearance, and
// notices of columns that differ between files; pins are types that are given. Names are one if they differ in case only.
func joinColumns(files []*File, pins map[string]sqltype.Type) ([]Column, []string) {
	uses, notices := useColumns(files)
	out := make([]Column, len(uses))
	for i, u := range uses {
		out[i] = Column{Name: u.name, Type: u.join()}
		if t, ok := pins[foldName(u.name)]; ok {
			out[i].Type = t
		} else if len(u.types) > 1 {
			notices = append(notices, u.driftNotice(out[i].Type))
		}
		if n := len(files) - u.files; n > 0 {
			notices = append(notices, fmt.Sprintf("column %s is missing in %s and NULL there, e.g. %s", u.name, countFiles(n), u.without.Path))
		}
	}
	return out, notices
}

// useColumns looks at the columns of each form, and at those of each file where the forms differ in type.
func useColumns(files []*File) (uses []*columnUse, notices []string) {
	at := map[string]int{}
	places := map[*form][]int{} // where a form's columns are among uses
	for n, f := range files {
		if places[f.form] != nil {
			continue
		}
		own := make([]int, 0, len(f.Columns))
		seen := map[int]bool{}
		for i := range f.Columns {
			c := &f.Columns[i]
			k, ok := at[foldName(c.Name)]
			if !ok {
				k = len(uses)
				at[foldName(c.Name)] = k
				uses = append(uses, &columnUse{name: c.Name})
				if n > 0 {
					uses[k].without = files[0]
				}
			}
			if seen[k] {
				notices = append(notices, fmt.Sprintf("columns of %s differ in case only: %s cannot be told from %s; rename one",
					f.Path, c.Name, uses[k].name))
			}
			seen[k] = true
			uses[k].declare(f, c)
			own = append(own, k)
		}
		for k, u := range uses {
			if u.without == nil && !seen[k] {
				u.without = f
			}
		}
		places[f.form] = own
	}
	for _, u := range uses {
		u.drifts = len(u.types) > 1 || u.types[0].t.Kind == sqltype.Null
		if u.drifts {
			u.types = u.types[:0]
		}
	}
	for _, f := range files {
		for i, k := range places[f.form] {
			if uses[k].files++; uses[k].drifts {
				uses[k].add(f, &f.Columns[i])
			}
		}
	}
	return uses, notices
}

// declare takes account of the column's type in one more form.
func (u *columnUse) declare(f *File, c *infer.Column) {
	if !slices.ContainsFunc(u.types, func(t typeUse) bool { return t.t.Equal(c.Type) }) {
		u.types = append(u.types, typeUse{t: c.Type, file: f})
	}
}

// add takes account of the column in one more file. In text, a column without values says nothing about the type.
func (u *columnUse) add(f *File, c *infer.Column) {
	if c.Type.Kind == sqltype.Null || f.Kind.Format != storage.Parquet && c.Stats.Nulls >= 0 && c.Stats.Nulls == f.Rows {
		if u.declared.Kind == sqltype.Invalid && c.Type.Kind != sqltype.Null {
			u.declared = c.Type
		}
		return
	}
	i := slices.IndexFunc(u.types, func(t typeUse) bool { return t.t.Equal(c.Type) })
	if i < 0 {
		i = len(u.types)
		u.types = append(u.types, typeUse{t: c.Type, file: f, exact: true, nanos: true})
	}
	t := &u.types[i]
	if t.proof == nil && c.Proof.Line > 0 {
		t.proof = f
	}
	t.exact = t.exact && isExact(c, f.Rows)
	t.nanos = t.nanos && isNanos(c, f.Rows)
	switch {
	case c.Stats.HasMinMax:
		t.whole = max(t.whole, wholeDigits(c.Stats.Min), wholeDigits(c.Stats.Max))
	case f.Rows < 0 || c.Stats.Nulls != f.Rows:
		t.whole = math.MaxInt
	}
}

// maxExact is the largest integer below which a DOUBLE holds every integer; exactDigits are the decimal digits that it
// keeps.
const (
	maxExact    = 1 << 53
	exactDigits = 15
)

// isExact reports whether the values are proven to be integers, or decimals, that a DOUBLE holds to the last digit.
func isExact(c *infer.Column, rows int64) bool {
	if !c.Stats.HasMinMax {
		return rows >= 0 && c.Stats.Nulls == rows
	}
	if c.Type.Kind == sqltype.Decimal {
		most := max(wholeDigits(c.Stats.Min), wholeDigits(c.Stats.Max))
		return most+int(c.Type.Scale) <= exactDigits
	}
	low, err1 := strconv.ParseInt(c.Stats.Min, 10, 64)
	high, err2 := strconv.ParseInt(c.Stats.Max, 10, 64)
	return err1 == nil && err2 == nil && low >= -maxExact && high <= maxExact
}

// maxDecimal is how many digits a DECIMAL has at most.
const maxDecimal = 38

// wholeDigits counts the digits before the point.
func wholeDigits(number string) int {
	whole, _, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	return len(whole)
}

// isNanos reports whether the values are proven to be within the years that TIMESTAMP_NS holds wholly, 1678 to 2261.
func isNanos(c *infer.Column, rows int64) bool {
	if !c.Stats.HasMinMax {
		return rows >= 0 && c.Stats.Nulls == rows
	}
	low, high := c.Stats.Min, c.Stats.Max
	return len(low) >= 10 && len(high) >= 10 && low[4] == '-' && high[4] == '-' && low >= "1678" && high < "2262"
}

// join returns the least type that holds the values of all files exactly. Integers of more than 15 digits join a DOUBLE
// if the statistics prove that it holds each of them; otherwise the column is text.
func (u *columnUse) join() sqltype.Type {
	floats := slices.ContainsFunc(u.types, func(t typeUse) bool { return isFloat(t.t.Kind) })
	decimals := slices.ContainsFunc(u.types, func(t typeUse) bool { return t.t.Kind == sqltype.Decimal })
	nanos := slices.ContainsFunc(u.types, func(t typeUse) bool { return t.t.Kind == sqltype.TimestampNS })
	out := sqltype.Of(sqltype.Null)
	for _, t := range asMaps(u.types) {
		next := t.t
		if floats && t.exact && (isInt(next.Kind) || next.Kind == sqltype.Decimal) {
			next = sqltype.Of(sqltype.Double)
		}
		if decimals && !floats && isInt(next.Kind) && t.whole <= maxDecimal {
			next = sqltype.DecimalOf(uint8(max(t.whole, 1)), 0)
		}
		if nanos && !t.nanos && coarseTime(next.Kind) {
			next = sqltype.Of(sqltype.Varchar)
		}
		if t.file.Kind.Format == storage.JSON && caseDiffers(out, next) {
			return sqltype.Of(sqltype.JSON)
		}
		out = sqltype.Join(out, next)
	}
	switch {
	case out.Kind != sqltype.Null:
		return settle(out)
	case u.declared.Kind != sqltype.Invalid:
		return u.declared
	default:
		return sqltype.Of(sqltype.Varchar)
	}
}

// caseDiffers reports whether structs in a and b have fields whose names differ in case only. SQL takes them for one
// field, but DuckDB's JSON reader looks for one spelling and would give NULL for the other.
func caseDiffers(a, b sqltype.Type) bool {
	if a.Kind != b.Kind || len(a.Fields) == 0 {
		return false
	}
	if a.Kind != sqltype.Struct {
		return len(a.Fields) == len(b.Fields) && caseDiffers(a.Elem(), b.Elem())
	}
	for _, f := range a.Fields {
		for _, g := range b.Fields {
			if foldName(f.Name) == foldName(g.Name) && (f.Name != g.Name || caseDiffers(f.Type, g.Type)) {
				return true
			}
		}
	}
	return false
}

// settle replaces the type of what was never seen within a nested type: DuckDB would make it INTEGER.
func settle(t sqltype.Type) sqltype.Type {
	if t.Kind == sqltype.Null {
		return sqltype.Of(sqltype.Varchar)
	}
	if t.Fields != nil {
		t.Fields = slices.Clone(t.Fields)
		for i := range t.Fields {
			t.Fields[i].Type = settle(t.Fields[i].Type)
		}
	}
	return t
}

func isFloat(k sqltype.Kind) bool { return k == sqltype.Float || k == sqltype.Double }
func isInt(k sqltype.Kind) bool   { return k >= sqltype.TinyInt && k <= sqltype.UHugeInt }

func coarseTime(k sqltype.Kind) bool {
	return k == sqltype.Date || k >= sqltype.TimestampS && k <= sqltype.Timestamp
}

// driftNotice says which files have which type.
func (u *columnUse) driftNotice(joined sqltype.Type) string {
	text := fmt.Sprintf("column %s is %s because it differs between files: ", u.name, joined)
	for i, t := range u.types {
		switch {
		case i == 4:
			return text + fmt.Sprintf(" and %d more types", len(u.types)-i)
		case i > 0:
			text += ", "
		}
		if t.proof != nil && t.t.Equal(joined) {
			text += fmt.Sprintf("%s in %s", t.t, proofOf(t.proof, u.name))
		} else {
			text += fmt.Sprintf("%s in %s", t.t, t.file.Path)
		}
	}
	return text
}

// proofOf names the value that decided the type of a column in a file.
func proofOf(f *File, column string) string {
	p := findIn(f, column).Proof
	return fmt.Sprintf("%s because of %q on line %d", f.Path, p.Value, p.Line)
}
