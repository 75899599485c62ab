package catalog

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

func TestNames(t *testing.T) {
	for path, want := range map[string]string{
		"cities.csv":                   "cities",
		"a/b/Cities.CSV.GZ":            "cities",
		"My Sales (2024).csv":          "my_sales_2024",
		"it's.csv":                     "it_s",
		"star*[x]?.csv":                "star_x",
		"forår-日本.csv":                 "forår_日本",
		"fora\u030ar.csv":              "forår", // decomposed, as macOS spells it
		"हिन्दी.csv":                   "हिन्दी",
		"2024.csv":                     "_2024",
		"v1.2.csv":                     "v1_2",
		"readings.log":                 "readings",
		"part-0.snappy.parquet":        "part_0",
		"no_suffix":                    "no_suffix",
		"__x__.json":                   "x",
		"-.csv":                        "table",
		"a.jsonl.zst":                  "a",
		".csv":                         "csv",
		"tab\tnew\nline\"quote.ndjson": "tab_new_line_quote",
	} {
		if got := cleanName(stem(path)); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

func TestSchemaNames(t *testing.T) {
	for dir, want := range map[string]string{
		"": "public", "sales": "sales", "sales/2024": "sales_2024", "2024/sales": "_2024_sales", "A b/(c)/!": "a_b_c_table",
		"public": "public", "tarn": "tarn_lake", "Main": "main_lake", "pg/x": "pg_x_lake", "pg_toast": "pg_toast_lake",
		"pgdata": "pgdata", "information_schema": "information_schema_lake", "temp": "temp_lake", "tarndb": "tarndb_lake",
	} {
		if got := schemaName(dir); got != want {
			t.Errorf("%q: got %q, want %q", dir, got, want)
		}
	}
}

func TestUniqueNames(t *testing.T) {
	for in, want := range map[string]string{
		"a b c": "a b c", "a a a": "a a_2 a_3", "a a a_2": "a a_3 a_2", "a_2 a a": "a_2 a a_3", "a a a_2 a_2": "a a_3 a_2 a_2_2",
	} {
		if got := strings.Join(uniqueNames(strings.Fields(in)), " "); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestPartitionTypes(t *testing.T) {
	for values, want := range map[string]string{
		"1 2 30": "BIGINT", "-5 0": "BIGINT", "01 02": "VARCHAR", "1 02": "VARCHAR", "-0": "VARCHAR", "+1": "VARCHAR",
		"9223372036854775807": "BIGINT", "9223372036854775808": "VARCHAR", "2024-01-31 2024-02-29": "DATE",
		"2023-02-29": "VARCHAR", "1900-02-29": "VARCHAR", "2000-02-29": "DATE", "0000-01-01": "VARCHAR", "2024-1-1": "VARCHAR",
		"2024-01-01 5": "VARCHAR", "true false": "VARCHAR", "1.5": "VARCHAR", "": "VARCHAR", "2024-00-01": "VARCHAR", "2024-01-+1": "VARCHAR",
	} {
		if got := partitionType(strings.Fields(values)).String(); got != want {
			t.Errorf("%q: got %s, want %s", values, got, want)
		}
	}
}

func TestSplitPartitions(t *testing.T) {
	for path, want := range map[string]string{
		"a.csv":             "",
		"x/a.csv":           "x",
		"x/y=1/a.csv":       "x y:1",
		"y=1/a.csv":         " y:1",
		"x/y=1/w/z=2/a.csv": "x y:1 z:2",
		"x/=1/a.csv":        "x/=1",
		"x/y=/z=__HIVE_DEFAULT_PARTITION__/a.csv": "x y:NULL z:NULL",
		"x/y=1/Y=2/a.csv":                         "x y:2",
		"x/a=b=c.csv":                             "x",
		"x/a=b=c/d.csv":                           "x a:b=c",
		"x/a%20b=%41%zz/d.csv":                    "x a_b:%41%zz",
		"x/1=%41/d.csv":                           "x _1:A",
	} {
		base, values := splitPartitions(path)
		for _, v := range values {
			if v.Null {
				v.Value = "NULL"
			}
			base += " " + v.Key + ":" + v.Value
		}
		if base != want {
			t.Errorf("%s: got %q, want %q", path, base, want)
		}
	}
}

// TestAlike compares two lists of columns; those beginning with # have no header line.
func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a b c", "a b c", true},
		{"a b c", "C B A", true},
		{"a b c d", "a b x y", false}, // 2 of 6
		{"a b c", "a b d", true},      // 2 of 4
		{"a b c", "a b c d e f g h i j k l", true},
		{"a b c", "a b c d e f g h i j k l m", false},
		{"a b", "a b c d e", false}, // two columns prove too little
		{"a", "a", false},           // but for names that are a series
		{"a", "b", false},
		{"a b", "#column0 column1", false},
		{"column0 column1", "#column0 column1", false},
		{"#column0 column1", "#column0 column1", true},
		{"#column0 column1", "#column0 column1 column2", false},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := schemaScore(formOf(t, pair[0]), formOf(t, pair[1])) >= alikeFrom; got != c.want {
				t.Errorf("%q and %q: got %t", pair[0], pair[1], got)
			}
		}
	}
}

func formOf(t *testing.T, columns string) *form {
	t.Helper()
	text, headerless := strings.CutPrefix(columns, "#")
	f := &infer.File{CSV: &infer.Dialect{Header: !headerless}}
	for name := range strings.FieldsSeq(text) {
		f.Columns = append(f.Columns, infer.Column{Name: name, Type: sqltype.Of(sqltype.BigInt)})
	}
	fm, err := forms{}.of(f)
	if err != nil {
		t.Fatal(err)
	}
	return fm
}

// TestClusters sorts files, each "name: columns", into sets.
func TestClusters(t *testing.T) {
	for in, want := range map[string]string{
		"1: a b, 2: c d, 3: a b, 4: a x, 5: e f, 6: a b, 7: g h": "1 3 6/2/4/5/7",
		"s1: a b c, s2: a b d e, t: a b f g":                     "s1 s2/t", // 0.4 and a series
		"v1: x, v2: x, w: x":                                     "v1 v2/w", // one column
		"names: x, namen: x, domains: x":                         "namen names/domains",
		"jan: x, feb: x, may2: x":                                "feb jan may2",
		"a: i j k, b: i j k, c: #0 1 2":                          "a b c", // as all others are one table
		"a: i j k, b: i j k, c: #0 1 2, d: x y z":                "a b/c/d",
		"a: i j, b: i j, c: #0 1":                                "a b c",
		"a: i j k, c: #0 1 2":                                    "a/c",
		"customers: i j, customer_types: #0 1":                   "customers/customer_types", // not a series
		"s1: i j k, s2: #0 1 2":                                  "s1 s2",
	} {
		var records []*record
		for part := range strings.SplitSeq(in, ", ") {
			name, columns, _ := strings.Cut(part, ": ")
			fm := formOf(t, columns)
			in := infer.File{Columns: slices.Clone(fm.columns), CSV: fm.csv}
			records = append(records, newRecord(name+".csv", storage.Identity{}, storage.Kind{Format: storage.CSV}, &in, fm))
		}
		var sets []string
		for _, c := range clusters(records) {
			var names []string
			for _, r := range c.files {
				names = append(names, stem(r.path))
			}
			sets = append(sets, strings.Join(names, " "))
		}
		if got := strings.Join(sets, "/"); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestScores checks the examples of DESIGN.md.
func TestScores(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"orders_1: id day price", "orders_2: id day price shop", 0.9}, {"a: id name", "b: id amount", 0.33},
		{"sales_jan: id day net", "sales_feb: id day gross tax", 0.55}, {"a_1: id name", "a_2: #0 1", 0.55}, {"a: id name", "b: #0 1", 0.4},
		{"a: x", "b: x", 0.4}, {"v_1: x", "v_2: x", 0.55}, {"a: x y", "b: x y", 1},
	} {
		var kinds []*fileKind
		for _, text := range []string{c.a, c.b} {
			name, columns, _ := strings.Cut(text, ": ")
			fm := formOf(t, columns)
			in := infer.File{Columns: slices.Clone(fm.columns), CSV: fm.csv}
			r := newRecord(name+".csv", storage.Identity{}, storage.Kind{Format: storage.CSV}, &in, fm)
			kinds = append(kinds, kindsOf([]*record{r})...)
		}
		for _, got := range []float64{kinds[0].score(kinds[1]), kinds[1].score(kinds[0])} {
			if math.Abs(got-c.want) > 0.005 {
				t.Errorf("%s and %s: got %.2f, want %.2f", c.a, c.b, got, c.want)
			}
		}
	}
}

func TestSeries(t *testing.T) {
	for name, want := range map[string]string{
		"orders_2024-01.csv": "orders", "Orders (2).csv": "orders", "2024_orders.csv": "orders", "sales_jan_eu.csv": "sales_eu", "march.csv": "",
		"marching.csv": "marching", "q1.csv": "", "v1.2.csv": "v", "2024.csv": "", "a1b2.csv": "ab", "part-00-x.parquet": "part-x",
	} {
		if got := seriesOf(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// FuzzDecodeRecord feeds records with a right checksum to the decoder, which must not fail in another way than by an error.
func FuzzDecodeRecord(f *testing.F) {
	fm := &form{columns: []infer.Column{{Name: "a", Type: sqltype.Of(sqltype.BigInt)}}, csv: &infer.Dialect{}}
	in := infer.File{Columns: slices.Clone(fm.columns), CSV: &infer.Dialect{MaxLine: 7}, Notices: []string{"n"}, Rows: -1}
	in.Columns[0].Stats = infer.Stats{Nulls: 3, HasMinMax: true, Min: "-5", Max: "70000"}
	r := newRecord("p", storage.Identity{Device: 1, Inode: 1 << 63, Size: 5, MtimeNS: -1, CtimeNS: 1 << 62}, storage.Kind{Format: storage.CSV}, &in, fm)
	f.Add(r.encode(1)[4:])
	f.Add((&record{reason: "why", again: true}).encode(0)[4:])
	f.Fuzz(func(t *testing.T, body []byte) {
		e := encoder{b: append(make([]byte, 4), body...)}
		got, err := decodeRecord("p", e.sum(), []*form{nil, fm})
		if err != nil {
			return
		}
		id := int64(0)
		if got.file != nil {
			id = 1
		}
		again, err := decodeRecord("p", got.encode(id), []*form{nil, fm})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.encode(id), got.encode(id)) {
			t.Error("a record changed by being stored")
		}
	})
}

// TestReportWrite compares what people read of a crawl.
func TestReportWrite(t *testing.T) {
	dir := newLake(t, map[string]string{"t/a.csv": "rows 1200\n" + idName, "t/b.csv": "rows -1\n" + idName,
		"o/year=2024/x.parquet": "notice it is odd\n" + idDay, "bad.csv": "broken quote\n"})
	c, _ := mustOpen(t, dir, Options{})
	var plain, explained, later, quiet bytes.Buffer
	r := c.Opened()
	if err := r.Write(&plain, c.Snapshot(), false); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(&explained, c.Snapshot(), true); err != nil {
		t.Fatal(err)
	}
	put(t, dir, map[string]string{"t/a.csv": idName + "age BIGINT\n", "n\new.csv": idName})
	refresh(t, c).Write(&later, c.Snapshot(), false)
	refresh(t, c).Write(&quiet, c.Snapshot(), false)
	for _, w := range []struct {
		name, text string
		want, not  []string
	}{
		{"plain", plain.String(), []string{"public.t   csv       2       ?      64 B\n", "public.o   parquet   1       1",
			"public.o   o/year=2024/x.parquet: it is odd", "bad.csv   line 3: quote; mend it", "3 files in tables, 4 files looked into"},
			[]string{"because", "nothing changed", "added "}},
		{"explained", explained.String(), []string{"because it is the only file in the partition folders of o/", "year   BIGINT (partition)",
			`2 files: csv, delimiter ",", a header line, quote ", NULL is [""], utf-8, e.g. t/a.csv`}, nil},
		{"later", later.String(), []string{"changed         t/a.csv", "added           n\uFFFDew.csv", "new table       public.n_ew",
			"altered table   public.t: column age BIGINT added, first in t/a.csv"}, []string{"nothing changed"}},
		{"quiet", quiet.String(), []string{"4 files in tables, 0 files looked into (0 B), 1 skipped; nothing changed"}, []string{"changes:"}},
	} {
		for _, s := range w.want {
			if !strings.Contains(w.text, s) {
				t.Errorf("%s lacks %q:\n%s", w.name, s, w.text)
			}
		}
		for _, s := range w.not {
			if strings.Contains(w.text, s) {
				t.Errorf("%s has %q:\n%s", w.name, s, w.text)
			}
		}
	}
}
