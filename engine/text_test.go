package engine

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/engine/textscan"
	"tarn/storage"
)

// Tarn's own reader is forced by naming _line in the WHERE clause.
const ownReader = " where _line > 0"

// TestOwnReaderAgreesOnCSV compares both readers on random tables, row by row.
func TestOwnReaderAgreesOnCSV(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("t%d/t%d.csv", i, i)] = randomCSV(r).text
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	for _, table := range db.cat.Snapshot().Tables {
		want := answer(s, "select * from "+table.Name)
		if d := cmp.Diff(want, answer(s, "select * from "+table.Name+ownReader)); d != "" {
			t.Errorf("%s (-DuckDB +own)\n%s\nfile:\n%q", table.Name, d, files[table.Files[0].Path])
		}
		if strings.HasPrefix(want, "ERROR") {
			t.Errorf("%s: %s", table.Name, want)
		}
	}
}

// TestOwnReaderAgreesOnJSON compares both readers on all shapes and types.
func TestOwnReaderAgreesOnJSON(t *testing.T) {
	records := []string{
		`{"i": 1, "h": 170141183460469231731687303715884105727, "f": 0.1, "b": true, "t": "2024-01-02", "ts": "2024-01-02T03:04:05", "ns": "2024-01-02 03:04:05.123456789", "z": "2024-01-02T03:04:05Z", "s": {"x": 1, "y": ["a"]}, "l": [1, null, 3], "m": {"k1": 1}, "j": 1, "u": "é\n\"long enough to be no short text\""}`,
		`{"i": null, "s": {"x": null}, "l": [], "m": {}, "j": "x", "late": {"deep": {"d": "2024-05-06"}}}`,
		`{"i": 9007199254740993, "h": -1, "f": 1e300, "b": false, "s": {"y": [null]}, "m": {"k2": 2, "k3": 3}, "j": {"a": [1]}}`,
		`{}`,
	}
	files := map[string]string{
		"lines.ndjson":  strings.Join(records, "\n") + "\n",
		"blanks.ndjson": "\n\n" + strings.Join(records, "\n\n"),
		"arr.json":      "[\n" + strings.Join(records, ",\n") + "\n]",
		"flat.json":     "[" + strings.Join(records, ",") + "]",
		"behind.json":   strings.ReplaceAll(strings.Join(records, " "), ", ", ",\n "),
		"scalar.json":   "[1, 2, null, 4]",
		"lists.json":    "[[1, 2], [3], []]",
	}
	db, _ := openLake(t, files)
	s := openSession(t, db)
	if n := len(db.cat.Snapshot().Tables); n != len(files) {
		t.Fatalf("%d tables of %d files", n, len(files))
	}
	for _, table := range db.cat.Snapshot().Tables {
		want := answer(s, "select * from "+table.Name)
		if d := cmp.Diff(want, answer(s, "select * from "+table.Name+ownReader)); d != "" || strings.HasPrefix(want, "ERROR") {
			t.Errorf("%s (-DuckDB +own)\n%s\n%s", table.Name, d, want)
		}
	}
}

// bigLake has texts of every length around what DuckDB keeps in its vectors, NULLs, and more rows and files than one vector
// and one thread take.
func bigLake(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for f := range 7 {
		var b strings.Builder
		b.WriteString("id,short,text,empty\n")
		for i := range 3000 {
			text := strings.Repeat("aé日x", i%9) + strings.Repeat("-", i%17)
			if i%11 == 0 {
				text = ""
			}
			fmt.Fprintf(&b, "%d,s%d,%s,\n", f*10000+i, i%13, text)
		}
		b.WriteString("99,s," + strings.Repeat("very long ", 20000) + ",\n")
		writeFile(t, filepath.Join(dir, "big", fmt.Sprintf("part%d.csv", f)), b.String())
	}
	return dir
}

func TestOwnReaderManyFilesAndThreads(t *testing.T) {
	dir := bigLake(t)
	root, err := storage.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 4} {
		cat, err := catalog.Open(t.Context(), root, catalog.Options{StateDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer cat.Close()
		db, err := Open(t.Context(), cat, Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		s := openSession(t, db)
		for _, sql := range []string{
			"select * from big%s",
			"select text, id from big%s",
			"select count(*), count(text), sum(length(text)), sum(id), max(short), count(empty), count(distinct hash(text)) from big%s",
			"select count(*) from big%s",
			"select short, count(*), min(text) from big%s group by all order by 1",
			"select a.id from big a join big b using (id) %s order by 1 limit 5",
			"select id from big%s limit 3",
		} {
			own := strings.Replace(strings.Replace(sql, "%s", ownReader, 1), "where _line", "where a._line", strings.Count(sql, " a join"))
			if d := cmp.Diff(answer(s, strings.Replace(sql, "%s", "", 1)), answer(s, own)); d != "" {
				t.Errorf("%d threads, %s (-DuckDB +own)\n%.2000s", threads, own, d)
			}
		}
	}
}

// TestOwnReaderLines checks that lines are those of the file, rows of several lines and long files included.
func TestOwnReaderLines(t *testing.T) {
	dir := bigLake(t)
	writeFile(t, filepath.Join(dir, "multi.csv"), "a,b\n1,\"x\ny\"\n2,\"z\"\n\n3,\"\n\n\"\n4,w\n")
	s := openSession(t, openDir(t, dir))
	if got, want := answer(s, "select a, _line from multi order by a"), "1|2\n2|4\n3|6\n4|9"; got != want {
		t.Errorf("lines of multi.csv:\n%s\nwant\n%s", got, want)
	}
	if got := answer(s, "select count(*) from big where id <> 99 and (_line <> id % 10000 + 2 or _file <> 'big/part' || id // 10000 || '.csv')"); got != "0" {
		t.Errorf("%s rows have the line or file of another", got)
	}
}

// The errors of files that are not what the spec says come from calls by hand: the catalog leaves such files out.
func TestOwnReaderErrors(t *testing.T) {
	db, dir := openLake(t, map[string]string{"good.csv": "a,b\n1,2\n"})
	writeFile(t, filepath.Join(filepath.Dir(dir), "outside.csv"), "a,b\n1,2\n")
	s := openSession(t, db)
	spec := `'{"csv":{"Delimiter":",","Header":true,"Encoding":"utf-8","NewLine":"\n"},"columns":[null,null],"rows":-1}'`
	for _, c := range []struct{ sql, want string }{
		{"select c0, c1, line, file_index, file from tarn_text('good.csv//good.csv', " + spec + ")", "1|2|2|0|good.csv\n1|2|2|1|good.csv"},
		{"select count(*) from tarn_text('', " + spec + ")", "0"},
		{"select * from tarn_text('../outside.csv', " + spec + ")", fmt.Sprintf("ERROR %d: the path does not lead to a file of the lake (../outside.csv)", KindCorruptFile)},
		{"select * from tarn_text('" + dir + "/good.csv', " + spec + ")", fmt.Sprintf("ERROR %d: the path does not lead to a file of the lake (good.csv)", KindCorruptFile)},
		{"select * from tarn_text('gone.csv', " + spec + ")", fmt.Sprintf(`ERROR %d: open "gone.csv": no such file or directory; it was removed since the lake was crawled (gone.csv)`, KindCorruptFile)},
		{"select * from tarn_text('good.csv', '{}')", fmt.Sprintf("ERROR %d: the files are described neither as delimited text nor as JSON", KindCorruptFile)},
		{"select 1", "1"},
	} {
		if got := answer(s, c.sql); got != c.want {
			t.Errorf("%s\n%s\nwant\n%s", c.sql, got, c.want)
		}
	}
	// An error in the middle: the compressed data is cut short.
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for i := range 100_000 {
		fmt.Fprintf(z, "%d,%x\n", i, i*7919)
	}
	z.Close()
	writeFile(t, filepath.Join(dir, "cut.csv.gz"), packed.String()[:packed.Len()/2])
	cut := &textscan.Spec{Compression: storage.Gzip, CSV: &infer.Dialect{Delimiter: ",", Encoding: "utf-8", NewLine: "\n"}, Columns: make([]*infer.TextForm, 2)}
	got := answer(s, "select count(*) from tarn_text('cut.csv.gz', '"+cut.String()+"')")
	if want := fmt.Sprintf("ERROR %d: read \"cut.csv.gz\": the gzip data is cut short", KindCorruptFile); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "(cut.csv.gz)") {
		t.Errorf("an error in the middle of a file: %s", got)
	}
}

// TestColumnCalledFileIndex checks that a column with the name of DuckDB's own does not take a row's partition and file from it.
func TestColumnCalledFileIndex(t *testing.T) {
	dir := t.TempDir()
	for i, part := range []string{"y=1/[a]?.", "y=2/b."} {
		writeFile(t, filepath.Join(dir, "c", part+"csv"), fmt.Sprintf("file_index,filename\n%d,x\n", i+5))
		writeFile(t, filepath.Join(dir, "j", part+"ndjson"), fmt.Sprintf("{\"FILE_INDEX\": %d, \"filename\": \"x\"}\n", i+5))
		path := filepath.Join(dir, "p", part+"parquet")
		writeFile(t, path, "")
		runFree(t, fmt.Sprintf("COPY (SELECT %d AS file_index, 'x' AS filename) TO '%s' (FORMAT parquet)", i+5, path))
	}
	s := openSession(t, openDir(t, dir))
	for table, suffix := range map[string]string{"c": "csv", "j": "ndjson", "p": "parquet"} {
		if got, want := answer(s, "select * from "+table+" order by 1"), "5|x|1\n6|x|2"; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", table, got, want)
		}
		if got := answer(s, "select file_index from "+table+" where filename = 'x' order by 1"); got != "5\n6" {
			t.Errorf("%s: a filter on filename: got\n%s", table, got)
		}
		want := fmt.Sprintf("5|x|1|%[1]s/y=1/[a]?.%[2]s\n6|x|2|%[1]s/y=2/b.%[2]s", table, suffix)
		if got := answer(s, "select *, _file from "+table+" order by 1"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", table, got, want)
		}
	}
}

// TestOwnReaderForms reads what no cast of DuckDB's reads, alone and where other files make the column text.
func TestOwnReaderForms(t *testing.T) {
	db, _ := openLake(t, map[string]string{
		"money.csv":    "id;amount;day\n1;1.234,50;31/12/2024\n2;-5,25;13/02/2024\n3;;\n",
		"mix/a.csv":    "id;day\n1;31/12/2024\n",
		"mix/b.csv":    "id;day\n2;hello\n",
		"twin.csv":     "a||b\n1||x\n2||y\n",
		"broken.csv":   "a,b\n1,2\n3,4,5\n6,7\n",
		"names.ndjson": "{\"id\":1,\"A\":1}\n{\"id\":2,\"a\":2}\n{\"id\":\n{\"id\":3,\"a\":12345678901234567.89}\n",
	})
	s := openSession(t, db)
	for sql, want := range map[string]string{
		"select amount + 1, day + 1 from money":  "1235.50|2025-01-01\n-4.25|2024-02-14\nNULL|NULL",
		"select id, day, _line from mix":         "1|31/12/2024|2\n2|hello|2",
		"select sum(a), max(b) from twin":        "3|y",
		"select a, b, _line from broken":         "1|2|2\n6|7|4",
		"select id, a, _line from names":         "1|1.00|1\n2|2.00|2\n3|12345678901234567.89|4",
		"select b from broken where a = 6":       "7",
		"select count(*), count(day) from money": "3|2",
	} {
		if got := answer(s, sql); got != want {
			t.Errorf("%s\n%s\nwant\n%s", sql, got, want)
		}
	}
}

// TestOwnReaderCancel cancels reads that would take long: one that returns rows all the time, and one that finds none.
func TestOwnReaderCancel(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "rows.csv"), "id,text\n"+strings.Repeat("1,some text that is not short\n", 2_000_000))
	writeFile(t, filepath.Join(dir, "none.csv"), "number,word\nx,x\n"+strings.Repeat("# a comment and nothing else\n", 2_000_000))
	db := openDir(t, dir)
	spec := `{"csv":{"Delimiter":",","Header":true,"Encoding":"utf-8","NewLine":"\n","Comment":"#"},"columns":[null,null],"rows":-1}`
	for _, sql := range []string{
		"select sum(length(text)) from rows a where _line > 0",
		"select count(*) from tarn_text('" + strings.Repeat("none.csv//", 20) + "none.csv', '" + spec + "')",
	} {
		s := openSession(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		st, err := s.Prepare(ctx, sql, nil)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(30*time.Millisecond, cancel)
		began := time.Now()
		rows, err := st.Run(ctx, nil)
		if err == nil {
			_, err = drain(rows)
		}
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindCancelled {
			t.Errorf("%s: %v after %v, want cancelled", sql, err, time.Since(began))
		}
		if took := time.Since(began); took > 500*time.Millisecond {
			t.Errorf("%s: cancelled after %v", sql, took)
		}
		st.Close()
	}
}
