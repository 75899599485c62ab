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

// fill takes the numbers from the catalog; it is false if one of them is not known for certain. There is one row for each file
// that has rows, or, if no bounds are asked for, for each combination of the partition columns.
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
		r.add(row, len(keys), len(bounds) == 0)
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

// add adds a row, to an earlier one with the same keys if that is allowed.
func (r *relation) add(row []string, keys int, join bool) {
	key := strings.Join(row[:keys], "\x00")
	if at, ok := r.grouped[key]; ok && join {
		for i := keys; i < len(row); i++ {
			r.rowsOf[i][at] = addTexts(r.rowsOf[i][at], row[i])
		}
		return
	}
	r.grouped[key] = len(r.rowsOf[0])
	for i, v := range row {
		r.rowsOf[i] = append(r.rowsOf[i], v)
	}
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
