package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tarn/catalog/sqltype"
)

// csvTable is a random table, as cells (nil is NULL) and as delimited text.
type csvTable struct {
	cells [][]*string
	text  string
}

// csvKinds make the cells of one column: as the engine answers them, and as a file may spell them.
var csvKinds = []func(r *rand.Rand) (answer, spelled string){
	func(r *rand.Rand) (string, string) { n := fmt.Sprint(r.Int64N(2000) - 1000); return n, n },
	func(r *rand.Rand) (string, string) { n := fmt.Sprint(r.Int64()); return n, n },
	func(r *rand.Rand) (string, string) {
		n := fmt.Sprintf("9%038d", r.Int64())[:20+r.IntN(18)]
		return n, n
	},
	func(r *rand.Rand) (string, string) { n := fmt.Sprintf("%d.%d", r.IntN(1000), 1+r.IntN(9)); return n, n },
	func(r *rand.Rand) (string, string) {
		d := fmt.Sprintf("%04d-%02d-%02d", 1900+r.IntN(200), 1+r.IntN(12), 1+r.IntN(28))
		return d, d
	},
	func(r *rand.Rand) (string, string) {
		d, t := fmt.Sprintf("20%02d-%02d-%02d", r.IntN(90), 1+r.IntN(12), 1+r.IntN(28)), fmt.Sprintf("%02d:%02d:%02d", r.IntN(24), r.IntN(60), r.IntN(60))
		return d + " " + t, d + []string{" ", "T"}[r.IntN(2)] + t
	},
	func(r *rand.Rand) (string, string) { b := fmt.Sprint(r.IntN(2) == 0); return b, b },
	func(r *rand.Rand) (string, string) { z := fmt.Sprintf("%05d", r.IntN(99999)); return z, z },
	func(r *rand.Rand) (string, string) {
		pieces := []string{"a", "Bc", " ", "é", "日本", "\"", "'", ",", ";", "|", "\t", "x y", "1", "-", "."}
		var b strings.Builder
		b.WriteString("w") // no space in front, which DuckDB may take off before a quote
		for range r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String(), b.String()
	},
	func(r *rand.Rand) (string, string) { s := "two\nlines " + fmt.Sprint(r.IntN(99)); return s, s },
}

// randomCSV makes a table of a few columns and writes it in a random dialect.
func randomCSV(r *rand.Rand) csvTable {
	delim := []string{",", ";", "\t", "|"}[r.IntN(4)]
	end := []string{"\n", "\r\n"}[r.IntN(2)]
	always := r.IntN(4) == 0
	spell := func(s string) string {
		if always || s == "" || strings.ContainsAny(s, delim+"\"\r\n") {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		return s
	}
	kinds := make([]int, 2+r.IntN(5))
	names := make([]string, len(kinds))
	for i := range kinds {
		kinds[i], names[i] = r.IntN(len(csvKinds)), fmt.Sprintf("column_%c", 'a'+i)
	}
	var t csvTable
	lines := []string{strings.Join(names, delim)}
	for range 3 + r.IntN(40) {
		row, line := make([]*string, len(kinds)), make([]string, len(kinds))
		for i, k := range kinds {
			if r.IntN(8) == 0 && i > 0 {
				continue // NULL: an empty cell
			}
			answer, text := csvKinds[k](r)
			row[i], line[i] = &answer, spell(text)
		}
		t.cells, lines = append(t.cells, row), append(lines, strings.Join(line, delim))
	}
	t.text = strings.Join(lines, end)
	if r.IntN(3) > 0 {
		t.text += end
	}
	return t
}

// TestRandomCSVAgrees writes random tables in random dialects; the engine, which reads by what the catalog inferred, must
// give every cell back, and the catalog's counts and bounds must be those of the data.
func TestRandomCSVAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const tables = 150
	files, want := map[string]string{}, map[string]csvTable{}
	for i := range tables {
		name := fmt.Sprintf("t%d", i)
		want[name] = randomCSV(r)
		files[name+"/"+name+".csv"] = want[name].text
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	for name, w := range want {
		var lines []string
		for _, row := range w.cells {
			var cells []string
			for _, c := range row {
				if c == nil {
					cells = append(cells, "NULL")
				} else {
					cells = append(cells, *c)
				}
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		got := answer(s, "select * from "+name)
		if d := cmp.Diff(strings.Join(lines, "\n"), got); d != "" {
			t.Errorf("%s (-want +got)\n%s\nfile:\n%q\n%s", name, d, w.text, answer(s, "select dialect from tarn.files where table_name = '"+name+"'"))
		}
		checkStatistics(t, db, s, name)
	}
}

// checkStatistics compares what the catalog knows of a table's files with what the engine reads.
func checkStatistics(t *testing.T, db *DB, s *Session, name string) {
	t.Helper()
	table := db.cat.Snapshot().Find(name)[0]
	f := table.Files[0]
	if got := answer(s, "select count(*) from "+table.Schema+"."+name); got != fmt.Sprint(f.Rows) {
		t.Errorf("%s has %s rows, the catalog says %d", name, got, f.Rows)
	}
	for _, c := range f.Columns {
		q := sqltype.QuoteName(c.Name)
		sql := fmt.Sprintf("select count(*) - count(%s) from %s.%s", q, table.Schema, name)
		want := fmt.Sprint(c.Stats.Nulls)
		if c.Stats.HasMinMax {
			sql = fmt.Sprintf("select count(*) - count(%[1]s), min(%[1]s) = cast('%[4]s' as %[6]s), max(%[1]s) = cast('%[5]s' as %[6]s) from %[2]s.%[3]s",
				q, table.Schema, name, strings.ReplaceAll(c.Stats.Min, "'", "''"), strings.ReplaceAll(c.Stats.Max, "'", "''"), c.Type)
			want += "|true|true"
		}
		if got := answer(s, sql); got != want {
			t.Errorf("%s.%s %s: %s, want %s (%+v)", name, c.Name, c.Type, got, want, c.Stats)
		}
	}
}

// TestOddCSVAgrees reads scraps of text that look like delimited files. Most are refused; those that the catalog takes must
// be answered by the engine with the rows, NULLs and bounds that the catalog found.
func TestOddCSVAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"a", "B", "1", "22", "-3", "0.5", ".5", "1e3", "007", ",", ",", ",", ";", "\"", "\"\"", "\n", "\n", "\n", "\r\n", "\t", " ", "'",
		"NA", `\N`, "NaN", "true", "2024-01-02", "é", "x y", "\\", "|", "2024-01-02 03:04:05", "null", "-"}
	files := map[string]string{}
	for i := range 250 {
		var b strings.Builder
		if r.IntN(2) == 0 {
			b.WriteString("id,name\n")
		}
		for range 2 + r.IntN(30) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		files[fmt.Sprintf("t%d/t%d.csv", i, i)] = b.String()
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	taken := 0
	for _, table := range db.cat.Snapshot().Tables {
		taken++
		if got := answer(s, "select * from "+table.Name); strings.HasPrefix(got, "ERROR") {
			t.Errorf("%q: %s", files[table.Files[0].Path], got)
			continue
		}
		checkStatistics(t, db, s, table.Name)
		if d := cmp.Diff(answer(s, "select * from "+table.Name), answer(s, "select * from "+table.Name+ownReader)); d != "" {
			t.Errorf("the readers differ (-DuckDB +own)\n%s", d)
		}
		if t.Failed() {
			t.Fatalf("%q\n%s", files[table.Files[0].Path], answer(s, "select dialect from tarn.files where table_name = '"+table.Name+"'"))
		}
	}
	if taken < 50 {
		t.Errorf("only %d of %d files became tables", taken, len(files))
	}
}
