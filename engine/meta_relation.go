package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// relation is the numbers of the catalog that one query asks for.
type relation struct {
	counts map[int]bool    // columns of which the values are counted
	bounds map[string]bool // and those whose bounds are asked for: "min 3"

	names   []string // of its own columns
	types   []sqltype.Type
	rowsOf  [][]string // by column
	grouped map[string]int
}

// The texts below compute an aggregate from the relation.

// rows counts all rows.
func (r *relation) rows() string { return "CAST(coalesce(sum(tarn_rows), 0) AS BIGINT)" }

// rowsWith counts the rows that have a value in a partition column.
func (r *relation) rowsWith(c catalog.Column) string {
	return "CAST(coalesce(sum(tarn_rows) FILTER (WHERE " + sqltype.QuoteName(c.Name) + " IS NOT NULL), 0) AS BIGINT)"
}

// values counts the values of a column of the files.
func (r *relation) values(at int) string {
	if r.counts == nil {
		r.counts = map[int]bool{}
	}
	r.counts[at] = true
	return fmt.Sprintf("CAST(coalesce(sum(tarn_values%d), 0) AS BIGINT)", at)
}

// bound is the least or the greatest value of a column of the files.
func (r *relation) bound(at int, which string) string {
	if r.bounds == nil {
		r.bounds = map[string]bool{}
	}
	r.bounds[which+" "+strconv.Itoa(at)] = true
	return "tarn_" + which + strconv.Itoa(at)
}

// fill takes the numbers from the catalog; it is false if one of them is not known for certain. There is one row for each combination
// of the partition columns, or several where DuckDB has to compare bounds, and none of files without rows.
func (r *relation) fill(t *catalog.Table, parts map[int]bool) bool {
	var keys []int
	for _, at := range slices.Sorted(maps.Keys(parts)) {
		keys = append(keys, at)
		r.column(t.Columns[at].Name, t.Columns[at].Type)
	}
	r.column("tarn_rows", sqltype.Of(sqltype.BigInt))
	counts := slices.Sorted(maps.Keys(r.counts))
	for _, at := range counts {
		r.column("tarn_values"+strconv.Itoa(at), sqltype.Of(sqltype.BigInt))
	}
	bounds := slices.Sorted(maps.Keys(r.bounds))
	for _, b := range bounds {
		which, at := splitBound(b)
		r.column("tarn_"+which+strconv.Itoa(at), t.Columns[at].Type)
	}
	r.rowsOf = make([][]string, len(r.names))
	r.grouped = map[string]int{}
	for _, f := range t.Files {
		if f.Rows < 0 {
			return false
		}
		if f.Rows == 0 {
			continue
		}
		row, ok := numbersOf(t, f, keys, counts, bounds)
		if !ok {
			return false
		}
		r.add(row, len(keys), len(keys)+1+len(counts))
	}
	return true
}

func splitBound(b string) (which string, at int) {
	which, number, _ := strings.Cut(b, " ")
	at, err := strconv.Atoi(number)
	if err != nil {
		panic("a bound that is not of this file's making: " + b)
	}
	return which, at
}

func (r *relation) column(name string, t sqltype.Type) {
	r.names, r.types = append(r.names, name), append(r.types, t)
}

// numbersOf is the row of one file: its partition values, then its numbers.
func numbersOf(t *catalog.Table, f *catalog.File, keys, counts []int, bounds []string) (row []string, ok bool) {
	for _, at := range keys {
		row = append(row, partitionValue(f, t.Columns[at]))
	}
	row = append(row, strconv.FormatInt(f.Rows, 10))
	for _, at := range counts {
		n, ok := valuesIn(f, t.Columns[at])
		if !ok {
			return nil, false
		}
		row = append(row, strconv.FormatInt(n, 10))
	}
	for _, b := range bounds {
		which, at := splitBound(b)
		value, ok := boundIn(f, t.Columns[at], which == "min")
		if !ok {
			return nil, false
		}
		row = append(row, value)
	}
	return row, true
}

// add adds a row, to an earlier one with the same keys if that can be done here. The columns from keys on are counts, those from
// bounds on are bounds.
func (r *relation) add(row []string, keys, bounds int) {
	key := strings.Join(row[:keys], "\x00")
	at, ok := r.grouped[key]
	joined := slices.Clone(row)
	for i := keys; ok && i < len(row); i++ {
		if i < bounds {
			joined[i] = addTexts(r.rowsOf[i][at], row[i])
		} else {
			joined[i], ok = outer(r.rowsOf[i][at], row[i], r.types[i], strings.HasPrefix(r.names[i], "tarn_min"))
		}
	}
	if ok {
		for i, v := range joined {
			r.rowsOf[i][at] = v
		}
		return
	}
	r.grouped[key] = len(r.rowsOf[0])
	for i, v := range row {
		r.rowsOf[i] = append(r.rowsOf[i], v)
	}
}

// outer returns the lesser or the greater of two bounds of a type; ok is false for types and values that DuckDB has to compare.
func outer(a, b string, t sqltype.Type, least bool) (bound string, ok bool) {
	switch {
	case a == partNull:
		return b, true
	case b == partNull:
		return a, true
	}
	less := a < b
	switch {
	case isInteger(t.Kind):
		x, err1 := strconv.ParseInt(a, 10, 64)
		y, err2 := strconv.ParseInt(b, 10, 64)
		if less = x < y; err1 != nil || err2 != nil {
			return "", false
		}
	case t.Kind == sqltype.Varchar: // by bytes
	case t.Kind == sqltype.Date && len(a) == len("2006-01-02") && len(b) == len(a):
	case t.Kind == sqltype.Timestamp && isPlainStamp(a) && isPlainStamp(b): // a fraction makes it greater
	default:
		return "", false
	}
	if less == least {
		return a, true
	}
	return b, true
}

// isPlainStamp reports whether a timestamp is of the years up to 9999 and has a time of day.
func isPlainStamp(s string) bool {
	return len(s) >= len("2006-01-02 15:04:05") && s[4] == '-' && s[10] == ' ' && strings.IndexByte(s, '+') < 0
}

// addTexts adds two counts.
func addTexts(a, b string) string {
	x, err1 := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err1 != nil || err2 != nil {
		panic("counts of this file's making are no numbers: " + a + ", " + b)
	}
	return strconv.FormatInt(x+y, 10)
}

// sql returns the query whose rows are the relation's.
func (r *relation) sql() string {
	exprs := make([]string, len(r.names))
	n := len(r.rowsOf[0])
	for i, name := range r.names {
		var value string
		switch n {
		case 0:
			value = "NULL"
		case 1:
			value = "NULL"
			if v := r.rowsOf[i][0]; v != partNull {
				value = sqltype.QuoteText(v)
			}
		default:
			exprs[i] = "unnest(" + textList(r.rowsOf[i], r.types[i]) + ") AS " + sqltype.QuoteName(name)
			continue
		}
		exprs[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", value, r.types[i], sqltype.QuoteName(name))
	}
	query := "SELECT " + strings.Join(exprs, ", ")
	if n == 0 {
		query += " WHERE false"
	}
	return query
}
