package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sharedFiles are delimited files that are large enough for DuckDB's threads to share them.
func sharedFiles(r *rand.Rand) map[string]string {
	prose := func(words ...string) func(i int) string {
		return func(i int) string {
			var b strings.Builder
			for range r.IntN(60) {
				b.WriteString(words[r.IntN(len(words))])
			}
			return fmt.Sprintf(`%d,"%s",x%d`, i, b.String(), i%9)
		}
	}
	files := map[string]string{}
	for name, k := range map[string]struct {
		size int
		row  func(i int) string
	}{
		"plain": {600_000, func(i int) string { return fmt.Sprintf("%d,w%d,%d", i, i%7, r.IntN(1000)) }},
		"prose": {600_000, prose("word ", "and, ", `""Hi"" `, "end. ", "1,2,3", `"",""`)},
		"lines": {600_000, prose("word ", "and, ", `""Hi"" `, "end. ", "1,2,3", "END", "END1,2,3END")},
	} {
		for at, end := range []string{"\n", "\r\n", "\r"} {
			var b strings.Builder
			b.WriteString("id,text,last" + end)
			for i := 0; b.Len() < k.size; i++ {
				b.WriteString(strings.ReplaceAll(k.row(i), "END", end) + end)
			}
			files[fmt.Sprintf("%s%d/%[1]s%[2]d.csv", name, at)] = b.String()
		}
	}
	return files
}

// TestSharedFiles compares DuckDB's reader with Tarn's own on files that threads share, or must not: those with line ends in quotes.
func TestSharedFiles(t *testing.T) {
	files := sharedFiles(rand.New(rand.NewPCG(7, 8)))
	for _, name := range []string{"plain", "lines"} {
		files["both/"+name+".csv"] = files[name+"0/"+name+"0.csv"]
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	for _, table := range db.cat.Snapshot().Tables {
		sql := "select count(*), sum(id), sum(length(text)), max(last), sum(hash(text)::hugeint), sum(hash(last, id)::hugeint) from " + table.Name
		if d := cmp.Diff(answer(s, sql+ownReader), answer(s, sql)); d != "" {
			t.Errorf("%s (-own +DuckDB)\n%s", table.Name, d)
		}
		query := newScan(db.cat.Root(), table, provenance{}, allFiles(table)).query
		if lines := !strings.HasPrefix(table.Name, "p"); strings.Contains(query, "parallel = true") == lines {
			t.Errorf("%s is read by %s", table.Name, query)
		}
	}
}

// TestReadSerially checks that a file that threads cannot share is read by one of them, once that is known.
func TestReadSerially(t *testing.T) {
	db, _ := openLake(t, map[string]string{"a/a.csv": "i,t\n1,x\n", "b/b.ndjson": "{\"i\": 1}\n"})
	scans := func() (out []*scan) {
		for _, table := range db.cat.Snapshot().Tables {
			out = append(out, db.scans.of(source{table: table}, allFiles(table)))
		}
		return out
	}
	refused := &Error{Message: "the Parallel CSV Reader currently does not support a full read on this file"}
	if db.readSerially(&Error{Message: "another"}, scans()) || !db.readSerially(refused, scans()) || db.readSerially(refused, scans()) {
		t.Error("a statement is not run again exactly once")
	}
	if query := scans()[0].query; !strings.Contains(query, "parallel = false") {
		t.Errorf("the table is read by %s", query)
	}
}
