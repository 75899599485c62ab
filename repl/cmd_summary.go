package repl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tarn/catalog"
	"tarn/catalog/sqltype"
	"tarn/repl/chart"
	"tarn/repl/render"
)

// summaryBins is how many cells a sparkline has; fewDistinct is up to how many different texts are counted one by one.
const (
	summaryBins = 16
	fewDistinct = 16
)

// summarize shows every column of a table with type, nulls, distinct values, least, greatest and distribution: numbers and times in bins of
// equal width, texts and truth values of few kinds by how often each is there, the most frequent first.
func (r *REPL) summarize(ctx context.Context, name string) error {
	if name == "" {
		return errors.New(`name the table: \ss TABLE; the last result is _`)
	}
	ctx, done := r.waits(ctx)
	defer done()
	defer r.beside()()
	t, err := r.findRelation(ctx, name)
	if err != nil {
		return err
	}
	facts, err := r.columnFacts(ctx, t)
	if err != nil {
		return err
	}
	shapes, err := r.distributions(ctx, t, facts)
	if err != nil {
		return err
	}
	columns := []render.Column{{Name: "column", Type: textType}, {Name: "type", Type: textType}, {Name: "nulls", Type: numberType},
		{Name: "distinct", Type: numberType}, {Name: "min", Type: textType}, {Name: "max", Type: textType}, {Name: "distribution", Type: textType}}
	var rows [][]any
	for i, c := range t.columns {
		f := facts.columns[i]
		rows = append(rows, []any{c.Name, render.TypeName(c.Type), facts.rows - f.count, f.distinct, text(f.least), text(f.greatest), shapes[i]})
	}
	if err := r.showList(columns, rows); err != nil {
		return err
	}
	if r.shownFormat().Footer {
		return r.print(render.Count(facts.rows, "row") + " in " + t.sql + "; distinct values are an estimate\n")
	}
	return nil
}

// text is *s, or NULL.
func text(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// tableFacts is what one look at a table tells.
type tableFacts struct {
	rows    int64
	columns []columnFacts
}

type columnFacts struct {
	count, distinct int64
	least, greatest *string // NULL for nested types
	low, step       float64 // of the bins; a step of 0 means none
}

// axis is the SQL expression for where a value of a column lies on a line; empty if the type has none.
func axis(c catalog.Column) string {
	name := sqltype.QuoteName(c.Name)
	switch {
	case c.Type.IsNumeric() && c.Type.Kind != sqltype.BigNum:
		return "CASE WHEN isfinite(" + name + "::DOUBLE) THEN " + name + "::DOUBLE END"
	case isTime(c.Type.Kind):
		return "CASE WHEN isfinite(" + name + ") THEN epoch(" + name + ")::DOUBLE END"
	}
	return ""
}

// columnFacts reads the table once.
func (r *REPL) columnFacts(ctx context.Context, t relation) (tableFacts, error) {
	sql := "SELECT count(*)"
	for _, c := range t.columns {
		name := sqltype.QuoteName(c.Name)
		least, greatest := "min("+name+")::VARCHAR", "max("+name+")::VARCHAR"
		distinct := "approx_count_distinct(" + name + ")"
		if c.Type.IsNested() {
			least, greatest, distinct = "NULL::VARCHAR", "NULL::VARCHAR", "approx_count_distinct("+name+"::VARCHAR)"
		}
		low, high := "NULL::DOUBLE", "NULL::DOUBLE"
		if a := axis(c); a != "" {
			low, high = "min("+a+")", "max("+a+")"
		}
		sql += fmt.Sprintf(",\n count(%s), %s, %s, %s, %s, %s", name, distinct, least, greatest, low, high)
	}
	sql += " FROM " + t.sql
	got, err := r.collect(ctx, query{sql: sql, text: sql}, 1)
	if err != nil {
		return tableFacts{}, err
	}
	row := got.rows[0]
	out := tableFacts{rows: whole(row[0])}
	for i := range t.columns {
		v := row[1+6*i:]
		f := columnFacts{count: whole(v[0]), distinct: whole(v[1]), least: v[2], greatest: v[3]}
		f.distinct = min(f.distinct, f.count)
		if v[4] != nil && v[5] != nil {
			f.low, _ = strconv.ParseFloat(*v[4], 64) // DuckDB's own spelling
			high, _ := strconv.ParseFloat(*v[5], 64)
			f.step = (high - f.low) / summaryBins
		}
		out.columns = append(out.columns, f)
	}
	return out, nil
}

// whole reads a count.
func whole(s *string) int64 {
	if s == nil {
		return 0
	}
	n, _ := strconv.ParseInt(*s, 10, 64) // DuckDB's own spelling
	return n
}

// distributions reads the table once more and returns the sparkline of each column; nil for those that have none.
func (r *REPL) distributions(ctx context.Context, t relation, facts tableFacts) ([]any, error) {
	out := make([]any, len(t.columns))
	var parts []string
	var at []int
	for i, c := range t.columns {
		f := facts.columns[i]
		name := sqltype.QuoteName(c.Name)
		switch a := axis(c); {
		case f.count == 0:
		case a != "" && f.step > 0:
			parts = append(parts, fmt.Sprintf("map_entries(histogram(least(%d, greatest(0, floor(((%s) - %s::DOUBLE) / %s::DOUBLE)::INTEGER))))",
				summaryBins-1, a, strconv.FormatFloat(f.low, 'e', -1, 64), strconv.FormatFloat(f.step, 'e', -1, 64)))
			at = append(at, i)
		case a != "":
			out[i] = chart.Spark([]int64{f.count})
		case !c.Type.IsNested() && f.distinct <= fewDistinct:
			parts = append(parts, "map_entries(histogram("+name+"::VARCHAR))")
			at = append(at, i)
		}
	}
	if len(parts) == 0 {
		return out, nil
	}
	for i, p := range parts { // as text of numbers alone, "bin count bin count"
		if axis(t.columns[at[i]]) != "" {
			parts[i] = "array_to_string(list_transform(" + p + ", e -> e.key || ' ' || e.value), ' ')"
		} else {
			parts[i] = "array_to_string(list_transform(" + p + ", e -> e.value), ' ')"
		}
	}
	sql := "SELECT " + strings.Join(parts, ",\n ") + " FROM " + t.sql
	got, err := r.collect(ctx, query{sql: sql, text: sql}, 1)
	if err != nil {
		return nil, err
	}
	for n, i := range at {
		if s := got.rows[0][n]; s != nil {
			out[i] = sparkOf(*s, axis(t.columns[i]) != "")
		}
	}
	return out, nil
}

// sparkOf draws counts, which stand behind their bins or alone; alone, the largest first.
func sparkOf(text string, binned bool) string {
	var counts []int64
	words := strings.Fields(text)
	if binned {
		counts = make([]int64, summaryBins)
		for i := 0; i+1 < len(words); i += 2 {
			if bin := whole(&words[i]); bin >= 0 && bin < summaryBins {
				counts[bin] = whole(&words[i+1])
			}
		}
		return chart.Spark(counts)
	}
	for i := range words {
		counts = append(counts, whole(&words[i]))
	}
	slices.Sort(counts)
	slices.Reverse(counts)
	return chart.Spark(counts[:min(len(counts), 2*fewDistinct)])
}
