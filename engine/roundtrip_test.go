package engine

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/testing/sqltest"
)

// roundKinds are the types of which every format holds the values, with a way to make one.
var roundKinds = []struct {
	typ  string
	cell func(r *rand.Rand) any
}{
	{"BIGINT", func(r *rand.Rand) any { return json.Number(fmt.Sprint(r.Int64() >> r.IntN(60))) }},
	{"DOUBLE", func(r *rand.Rand) any { return json.Number(fmt.Sprintf("%d.%d5", r.IntN(1e6), 1+r.IntN(998))) }},
	{"BOOLEAN", func(r *rand.Rand) any { return r.IntN(2) == 0 }},
	{"DATE", func(r *rand.Rand) any {
		return fmt.Sprintf("%04d-%02d-%02d", 1900+r.IntN(200), 1+r.IntN(12), 1+r.IntN(28))
	}},
	{"TIMESTAMP", func(r *rand.Rand) any {
		return fmt.Sprintf("2024-%02d-%02d %02d:%02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	}},
	{"VARCHAR", func(r *rand.Rand) any {
		return []string{"Oslo", "a b", "größer", "x,y;z|w", `say "x"`, "one\ntwo", "it's", "50%", "back\\slash", "日本"}[r.IntN(10)]
	}},
}

// randomTable has a first column that numbers the rows, and rows enough for each type to show.
func randomTable(r *rand.Rand) *sqltest.Table {
	t := &sqltest.Table{Columns: []sqltest.Column{{Name: "id", Type: "BIGINT"}}}
	kinds := []int{0}
	for i := range 2 + r.IntN(5) {
		k := r.IntN(len(roundKinds))
		kinds = append(kinds, k)
		t.Columns = append(t.Columns, sqltest.Column{Name: fmt.Sprintf("c%d", i), Type: roundKinds[k].typ})
	}
	for i := range 5 + r.IntN(30) {
		row := []any{json.Number(fmt.Sprint(i + 1))}
		for _, k := range kinds[1:] {
			if i > 1 && r.IntN(6) == 0 {
				row = append(row, nil)
			} else {
				row = append(row, roundKinds[k].cell(r))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// inDialect writes the table as delimited text in a random dialect.
func inDialect(t *sqltest.Table, r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	delim, quote, end := pick(",", ";", "\t", "|", "\x01", "||", "::", "~"), pick(`"`, `"`, "'"), pick("\n", "\r\n")
	var b strings.Builder
	b.WriteString(pick("", "", "\ufeff", "Made on Monday"+end+end))
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(delim)
		}
		b.WriteString(c.Name)
	}
	b.WriteString(end)
	for _, row := range t.Rows {
		for i, v := range row {
			if i > 0 {
				b.WriteString(delim)
			}
			text := ""
			if v != nil {
				text = fmt.Sprint(v)
			}
			if strings.ContainsAny(text, delim+quote+"\"'\n \\") {
				text = quote + strings.ReplaceAll(text, quote, quote+quote) + quote
			}
			b.WriteString(text)
		}
		b.WriteString(end)
	}
	return b.String()
}

// asArray turns newline-delimited JSON into one array, some on a line each, some across lines.
func asArray(ndjson string, r *rand.Rand) string {
	lines := strings.Split(strings.TrimSpace(ndjson), "\n")
	if r.IntN(2) == 0 {
		return "[" + strings.Join(lines, ",\n") + "]"
	}
	for i, l := range lines {
		var v map[string]any
		d := json.NewDecoder(strings.NewReader(l))
		d.UseNumber()
		if d.Decode(&v) == nil && i%3 == 0 {
			if text, err := json.MarshalIndent(v, "  ", "  "); err == nil {
				lines[i] = string(text)
			}
		}
	}
	return "[\n  " + strings.Join(lines, ",\n  ") + "\n]\n"
}

// TestFormatsReadBackEqual writes random tables as Parquet, as delimited text in a random dialect, as NDJSON and as a JSON
// array. All four are of one schema and give the same rows.
func TestFormatsReadBackEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	const tables = 60
	files, all := map[string]string{}, map[string]*sqltest.Table{}
	for i := range tables {
		name, table := fmt.Sprintf("t%d", i), randomTable(r)
		all[name] = table
		encoded := map[string]string{"c": inDialect(table, r)}
		for format, schema := range map[string]string{"parquet": "p", "ndjson": "n"} {
			text, err := table.Encode(format)
			if err != nil {
				t.Fatal(err)
			}
			encoded[schema] = string(text)
		}
		encoded["a"] = asArray(encoded["n"], r)
		for schema, suffix := range map[string]string{"p": "parquet", "c": "csv", "n": "ndjson", "a": "json"} {
			files[schema+"/"+name+"/"+name+"."+suffix] = encoded[schema]
		}
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	for name, table := range all {
		var types []string
		for _, c := range table.Columns {
			types = append(types, c.Name+" "+c.Type)
		}
		want := ""
		for _, schema := range []string{"p", "c", "n", "a"} {
			var got []string
			found := db.cat.Snapshot().Lookup(schema+"_"+name, name)
			if found == nil {
				t.Errorf("no table %s.%s: %v", schema, name, db.cat.Snapshot().Skipped)
				continue
			}
			for _, c := range found.Columns {
				got = append(got, c.Name+" "+c.Type.String())
			}
			slices.Sort(got) // the keys of an object have no order
			slices.Sort(types)
			if d := cmp.Diff(types, got); d != "" {
				t.Errorf("%s.%s (-want +got)\n%s\n%q", schema, name, d, files["c/"+name+"/"+name+".csv"])
			}
			var columns []string
			for _, c := range table.Columns {
				columns = append(columns, c.Name)
			}
			rows := answer(s, "select "+strings.Join(columns, ", ")+" from "+schema+"_"+name+"."+name+" order by id")
			if want == "" {
				want = rows
			}
			if d := cmp.Diff(want, rows); d != "" {
				t.Errorf("%s.%s (-parquet +this)\n%s\n%q", schema, name, d, files["c/"+name+"/"+name+".csv"])
			}
		}
	}
}
