package infer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tarn/catalog/sqltype"
)

// csvKinds are kinds of columns with a way to make a random cell of each.
var csvKinds = []struct {
	kind sqltype.Kind
	cell func(r *rand.Rand) string
}{
	{sqltype.BigInt, func(r *rand.Rand) string { return fmt.Sprint(r.Int64() >> r.IntN(63)) }},
	{sqltype.HugeInt, func(r *rand.Rand) string { return fmt.Sprintf("-%d%018d", 10+r.IntN(1e6), r.Int64N(1e18)) }},
	{sqltype.Double, func(r *rand.Rand) string { return fmt.Sprintf("%.*f", 1+r.IntN(5), r.NormFloat64()*100) }},
	{sqltype.Boolean, func(r *rand.Rand) string { return []string{"true", "false", "TRUE"}[r.IntN(3)] }},
	{sqltype.Date, func(r *rand.Rand) string {
		return fmt.Sprintf("%04d-%02d-%02d", 1+r.IntN(9999), 1+r.IntN(12), 1+r.IntN(28))
	}},
	{sqltype.Time, func(r *rand.Rand) string { return fmt.Sprintf("%02d:%02d:%02d", r.IntN(24), r.IntN(60), r.IntN(60)) }},
	{sqltype.Timestamp, func(r *rand.Rand) string {
		return fmt.Sprintf("2024-01-%02dT%02d:00:00.%d", 1+r.IntN(31), r.IntN(24), r.IntN(1e6))
	}},
	{sqltype.TimestampTZ, func(r *rand.Rand) string { return fmt.Sprintf("2024-01-02 %02d:00:00+%02d:30", r.IntN(24), r.IntN(12)) }},
	{sqltype.UUID, func(r *rand.Rand) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), r.Uint32()) }},
	{sqltype.Varchar, func(r *rand.Rand) string { return fmt.Sprintf("%05d", r.IntN(1e4)) }},
	{sqltype.Varchar, func(r *rand.Rand) string {
		return []string{"Oslo", "a b", "größer", "1, 2; 3|4\t5", `say "x"`, "one\ntwo", " padded ", "ends"}[r.IntN(8)]
	}},
}

// csvSample is a random table and the text that a dialect makes of it.
type csvSample struct {
	dialect Dialect
	kinds   []int // places in csvKinds
	rows    [][]string
	text    string
}

// newCSVSample makes a table whose first column numbers the rows, so that a header can be told, in a random dialect.
func newCSVSample(r *rand.Rand) csvSample {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	s := csvSample{kinds: []int{0}}
	s.dialect = Dialect{Delimiter: pick(",", ";", "\t", "|", "\x01"), Quote: pick(`"`, `"`, "'"), Header: r.IntN(2) == 0, NewLine: pick("\n", "\r\n", "\r"), Encoding: "utf-8"}
	s.dialect.Escape = pick(s.dialect.Quote, s.dialect.Quote, `\`)
	for range 1 + r.IntN(5) {
		s.kinds = append(s.kinds, r.IntN(len(csvKinds)))
	}
	var names []string
	for i := range s.kinds {
		names = append(names, fmt.Sprintf("name %d", i))
	}
	var b strings.Builder
	if s.dialect.Header {
		b.WriteString(strings.Join(names, s.dialect.Delimiter) + s.dialect.NewLine)
	}
	for i := range 3 + r.IntN(20) {
		row := []string{fmt.Sprint(i)}
		for _, k := range s.kinds[1:] {
			if i > 0 && r.IntN(8) == 0 {
				row = append(row, "")
			} else {
				row = append(row, csvKinds[k].cell(r))
			}
		}
		s.rows = append(s.rows, row)
		for j, c := range row {
			b.WriteString(map[bool]string{true: s.dialect.Delimiter}[j > 0] + s.quoted(c, s.dialect.Quote == "'" || r.IntN(4) == 0))
		}
		b.WriteString(s.dialect.NewLine)
	}
	s.text = b.String()
	return s
}

// quoted writes a cell, in quotes if it needs them or wants them.
func (s *csvSample) quoted(c string, wants bool) string {
	d := s.dialect
	c = strings.ReplaceAll(c, "\n", d.NewLine)
	if c == "" || !wants && !strings.ContainsAny(c, d.Delimiter+"\r\n"+d.Quote+" ") {
		return c
	}
	if d.Escape == `\` {
		c = strings.ReplaceAll(c, `\`, `\\`)
	}
	return d.Quote + strings.ReplaceAll(c, d.Quote, d.Escape+d.Quote) + d.Quote
}

// check compares what inference says with what was written.
func (s *csvSample) check(f *File) error {
	got, want := *f.CSV, s.dialect
	if !strings.Contains(s.text, want.Quote) {
		want.Quote, want.Escape = got.Quote, got.Escape
	}
	if !strings.Contains(s.text, want.Escape+want.Quote) {
		want.Escape = got.Escape
	}
	if got.Delimiter != want.Delimiter || got.Quote != want.Quote || got.Escape != want.Escape || got.Header != want.Header ||
		got.NewLine != want.NewLine || got.Skip != 0 || got.NullPad || got.MixedLines {
		return fmt.Errorf("dialect %+v, want %+v", got, want)
	}
	if f.Rows != int64(len(s.rows)) || len(f.Columns) != len(s.kinds) {
		return fmt.Errorf("%d rows of %d columns, want %d of %d", f.Rows, len(f.Columns), len(s.rows), len(s.kinds))
	}
	for i, c := range f.Columns {
		var cells []string
		for _, row := range s.rows {
			if row[i] != "" {
				cells = append(cells, strings.ReplaceAll(row[i], "\n", want.NewLine))
			}
		}
		if kind := csvKinds[s.kinds[i]].kind; c.Type.Kind != kind || c.Stats.Nulls != f.Rows-int64(len(cells)) || !c.Stats.HasMinMax {
			return fmt.Errorf("column %d is %s with %d NULLs, want %s with %d", i, c.Type, c.Stats.Nulls, kind, f.Rows-int64(len(cells)))
		} else if kind == sqltype.Varchar && (c.Stats.Min != slices.Min(cells) || c.Stats.Max != slices.Max(cells)) {
			return fmt.Errorf("column %d is from %q to %q, want %q to %q", i, c.Stats.Min, c.Stats.Max, slices.Min(cells), slices.Max(cells))
		}
	}
	return nil
}

// TestCSVFindsDialects writes random tables in random dialects and infers them back.
func TestCSVFindsDialects(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 1500 {
		s := newCSVSample(r)
		f, err := CSV(t.Context(), opener(s.text), Hints{})
		if err == nil {
			err = s.check(f)
		}
		if err != nil {
			t.Fatalf("%v\n%+v\n%q", err, s.dialect, s.text)
		}
	}
}
