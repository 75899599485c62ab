package prune

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
	"tarn/storage"
)

// fileOf describes a file: "rows year type nulls min max", each of which may be - for what is not known.
func fileOf(t testing.TB, spec string) *catalog.File {
	t.Helper()
	var year, typ, low, high string
	var rows, nulls int64
	if _, err := fmt.Sscanf(spec, "%d %s %s %d %s %s", &rows, &year, &typ, &nulls, &low, &high); err != nil {
		t.Fatalf("%q: %v", spec, err)
	}
	f := &catalog.File{Path: "p" + year}
	f.Rows = rows
	if year != "-" {
		f.Partition = []catalog.PartitionValue{{Key: "Year", Value: year}}
	}
	if typ != "-" {
		stats := infer.Stats{Nulls: nulls}
		if low != "-" {
			unspace := strings.NewReplacer("_", " ", "''", "")
			stats.HasMinMax, stats.Min, stats.Max = true, unspace.Replace(low), unspace.Replace(high)
		}
		f.Columns = []infer.Column{{Name: "C", Type: typeOf(t, typ), Stats: stats}}
	}
	return f
}

func typeOf(t testing.TB, s string) sqltype.Type {
	t.Helper()
	typ, err := sqltype.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

var (
	ints = []string{"10 2020 BIGINT 0 1 10", "10 2021 BIGINT 2 11 20", "10 - BIGINT 10 - -", "10 2022 - 0 - -", "10 2023 BIGINT -1 - -", "-1 2023 BIGINT -1 5 7"}
	// In the last the least and the greatest value are one, and there may be NULLs.
	sevens = []string{"3 1 BIGINT 0 7 7", "3 1 BIGINT 0 7 8", "3 1 BIGINT 1 7 7"}
)

// to makes a comparison of what test makes of column c.
func to(op Op, v Value) func(Term) Expr { return func(c Term) Expr { return Compare{c, op, v} } }

// through makes a condition of one on the term after a step.
func through(s Step, ok bool) func(Op, Value) func(Term) Expr {
	return func(op Op, v Value) func(Term) Expr {
		return func(c Term) Expr {
			if !ok {
				return Unknown("no step")
			}
			c.Steps = append(c.Steps, s)
			return Compare{c, op, v}
		}
	}
}

func not(test func(Term) Expr) func(Term) Expr { return func(c Term) Expr { return Not{test(c)} } }

func isNull(c Term) Expr { return Null{c} }

func all2(a, b func(Term) Expr) func(Term) Expr { return func(c Term) Expr { return And{a(c), b(c)} } }

func either(a, b func(Term) Expr) func(Term) Expr { return func(c Term) Expr { return Or{a(c), b(c)} } }

func something(Term) Expr { return Unknown("") }

// TestCut cuts tables of a column c by conditions. The files that are left are told by their places.
func TestCut(t *testing.T) {
	year := Term{Column: "year", Type: sqltype.Of(sqltype.BigInt)}
	call := func(name, argument, result string, after ...Value) (Step, bool) {
		return Call{Name: name, Argument: typeOf(t, argument), Result: typeOf(t, result), After: after}.Step()
	}
	for _, test := range []struct {
		name, typ string
		files     []string
		test      func(Term) Expr
		want      string
	}{
		{"equal", "BIGINT", ints, to(Equal, Int(10)), "0 4"},
		{"unequal", "BIGINT", sevens, to(NotEqual, Int(7)), "1"},
		{"less", "BIGINT", ints, to(Less, Int(5)), "0 4"},
		{"at most", "BIGINT", ints, to(LessEqual, Int(5)), "0 4 5"},
		{"more", "BIGINT", ints, to(Greater, Int(20)), "4"},
		{"at least", "BIGINT", ints, to(GreaterEqual, Int(20)), "1 4"},
		{"in", "BIGINT", ints, func(c Term) Expr { return NewIn(c, []Value{Int(30), Int(15), Int(-1)}) }, "1 4"},
		{"not in", "BIGINT", sevens, func(c Term) Expr { return Not{NewIn(c, []Value{Int(30), Int(7)})} }, "1"},
		{"in nothing", "BIGINT", sevens, func(c Term) Expr { return NewIn(c, nil) }, "0 1 2"},
		{"is null", "BIGINT", ints, isNull, "1 2 3 4 5"},
		{"is not null", "BIGINT", ints, not(isNull), "0 1 4 5"},
		{"differs", "BIGINT", sevens, to(Distinct, Int(7)), "1 2"},
		{"is the same", "BIGINT", ints, to(NotDistinct, Int(3)), "0 4"},
		{"not the same", "BIGINT", ints, not(to(NotDistinct, Int(3))), "0 1 2 3 4 5"},
		{"not less", "BIGINT", ints, not(to(Less, Int(11))), "1 4"},
		{"or", "BIGINT", ints, either(to(Equal, Int(3)), to(Equal, Int(12))), "0 1 4"},
		{"or unknown", "BIGINT", ints, either(to(Equal, Int(3)), something), "0 1 2 3 4 5"},
		{"and unknown", "BIGINT", ints, all2(to(Equal, Int(3)), something), "0 4"},
		{"not and", "BIGINT", ints, not(all2(to(Less, Int(100)), to(Greater, Int(0)))), "4"},
		{"not and of NULL and false", "BIGINT", []string{"5 1 - 0 - -"}, not(all2(to(Equal, Int(1)), func(Term) Expr { return Const(false) })), "0"},
		{"false", "BIGINT", ints, func(Term) Expr { return Const(false) }, ""},
		{"partition", "BIGINT", ints, func(Term) Expr { return Compare{year, Greater, Int(2021)} }, "3 4 5"},
		{"partition is null", "BIGINT", ints, func(Term) Expr { return Null{year} }, "2"},
		{"the file", "BIGINT", ints, func(Term) Expr {
			return Compare{Term{Column: "_file", Type: sqltype.Of(sqltype.Varchar)}, Equal, Text("p2021")}
		}, "1"},
		{"a column that is not there", "BIGINT", sevens, func(Term) Expr { return Compare{Term{Column: "other"}, Equal, Int(1)} }, "0 1 2"},
		{"a column of another type", "BIGINT", sevens, func(Term) Expr {
			return Compare{Term{Column: "c", Type: sqltype.Of(sqltype.Double)}, Equal, Int(1)}
		}, "0 1 2"},
		{"a constant of another type", "BIGINT", sevens, to(Equal, Float(100)), "0 1 2"},
		{"NaN", "DOUBLE", []string{"5 1 DOUBLE 0 -1.5 2.5", "5 1 DOUBLE 0 - -", "5 1 FLOAT 0 3.5 4.5"}, to(Equal, Float(math.NaN())), "1"},
		{"below NaN", "DOUBLE", []string{"5 1 DOUBLE 0 -1.5 2.5", "5 1 DOUBLE 0 - -"}, to(Less, Float(math.NaN())), "0 1"},
		{"negative zero", "DOUBLE", []string{"1 1 DOUBLE 0 0 0", "1 1 DOUBLE 0 -0 -0"}, to(Equal, Float(math.Copysign(0, -1))), "0 1"},
		{"infinite bounds are none", "DOUBLE", []string{"1 1 DOUBLE 0 1 inf", "1 1 DOUBLE 0 0x1p2 1e5"}, to(Less, Float(-5)), "0 1"},
		{"wider integers", "BIGINT", []string{"1 1 INTEGER 0 1 5", "1 1 SMALLINT 0 6 7"}, to(Greater, Int(5)), "1"},
		{"integers as DOUBLE", "DOUBLE", []string{"1 1 BIGINT 0 1 5", "1 1 BIGINT 0 1 9007199254740993"}, to(GreaterEqual, Float(9007199254740992)), "1"},
		{"integers as text", "VARCHAR", []string{"1 1 BIGINT 0 1 5"}, to(Greater, Text("7")), "0"},
		{"NULL words as text", "VARCHAR", []string{"1 1 BIGINT 1 - -"}, not(isNull), "0"},
		{"text as a number", "BIGINT", []string{"1 1 VARCHAR 0 1 5"}, to(Greater, Int(7)), "0"},
		{"decimals of another scale", "DECIMAL(12,3)", []string{"1 1 DECIMAL(10,2) 0 1.50 2.25", "1 1 BIGINT 0 3 4"}, to(Greater, Int(2250)), "1"},
		{"decimals of a lesser scale", "DECIMAL(12,1)", []string{"1 1 DECIMAL(10,2) 0 1.50 2.25"}, to(Greater, Int(50)), "0"},
		{"decimals as DOUBLE", "DOUBLE", []string{"1 1 DECIMAL(10,2) 0 1.50 2.25"}, to(Greater, Float(2.26)), ""},
		{"bytes of UTF-8", "VARCHAR", []string{"1 1 VARCHAR 0 Zebra apple", "1 1 VARCHAR 0 b größer", "1 1 VARCHAR 0 '' ''"}, to(Less, Text("a")), "0 2"},
		{"prefix", "VARCHAR", []string{"1 1 VARCHAR 0 aa ab", "1 1 VARCHAR 0 abc abd", "1 1 VARCHAR 0 a b", "1 1 VARCHAR 0 ac b"}, func(c Term) Expr { return Prefix{c, "ab"} }, "0 1 2"},
		{"no prefix", "VARCHAR", []string{"1 1 VARCHAR 0 abc abd", "1 1 VARCHAR 0 abc b"}, func(c Term) Expr { return Not{Prefix{c, "ab"}} }, "1"},
		{"bytes", "BLOB", []string{`1 1 BLOB 0 \x00 \x00\xFF`, `1 1 BLOB 0 \x80 \xFF`, `1 1 BLOB 0 A a`}, to(Greater, Text("\x7f")), "1 2"},
		{"dates as timestamps", "TIMESTAMP", []string{"1 1 DATE 0 2024-01-01 2024-01-02", "1 1 TIMESTAMP 0 2024-01-02_10:00:00 2024-01-03_00:00:00.5"}, to(Greater, Int(1704153600000000)), "1"},
		{"coarser timestamps", "TIMESTAMP", []string{"1 1 TIMESTAMP_S 0 2024-01-01_00:00:00 2024-01-01_00:00:01", "1 1 TIMESTAMP_MS 0 2024-01-01_00:00:00.002 2024-01-01_00:00:01.001"}, to(Greater, Int(1704067201000000)), "1"},
		{"bounds finer than their type", "TIMESTAMP_S", []string{"1 1 TIMESTAMP_S 0 2024-01-01_00:00:00 2024-01-01_00:00:01.5"}, to(Greater, Int(1e18)), "0"},
		{"years before ours and infinity", "DATE", []string{"1 1 DATE 0 0044-03-15_(BC) 2024-01-02", "1 1 DATE 0 2024-01-02 infinity"}, to(Greater, Int(30000)), "0 1"},
		{"time", "TIME", []string{"1 1 TIME 0 08:00:00.000000 09:30:00.5"}, to(Greater, Int(9*3600e6+30*60e6+500000)), ""},
		{"huge", "HUGEINT", []string{"1 1 HUGEINT 0 1 99999999999999999999999999999999999999", "1 1 HUGEINT 0 1 9223372036854775808"}, to(Greater, Wide(1, 0)), "0"},
		{"below zero", "HUGEINT", []string{"1 1 HUGEINT 0 -99999999999999999999999999999999999999 -5", "1 1 BIGINT 0 -4 9"}, to(Less, Int(-4)), "0"},
		{"UUID", "UUID", []string{"1 1 UUID 0 00000000-0000-0000-0000-000000000001 7FFFFFFF-0000-0000-0000-000000000000", "1 1 UUID 0 x y"}, to(Greater, Text("80000000-0000-0000-0000-000000000000")), "1"},
		{"BOOLEAN", "BOOLEAN", []string{"1 1 BOOLEAN 0 false false", "1 1 BOOLEAN 0 false true"}, to(Equal, Int(1)), "1"},
		{"no order", "JSON", []string{"1 1 JSON 0 1 5"}, to(Equal, Text("7")), "0"},
		{"swapped bounds are none", "BIGINT", []string{"1 1 BIGINT 0 5 1"}, to(Equal, Int(9)), "0"},
		{"year", "DATE", []string{"1 1 DATE 0 2023-01-01 2023-12-31", "1 1 DATE 0 2023-12-31 2024-01-01"}, through(call("year", "DATE", "BIGINT"))(Equal, Int(2024)), "1"},
		{"year in a zone", "TIMESTAMP WITH TIME ZONE", []string{"1 1 TIMESTAMPTZ 0 2023-12-31_00:00:00+00 2023-12-31_12:00:00+00"}, through(call("year", "TIMESTAMP WITH TIME ZONE", "BIGINT"))(Equal, Int(2024)), "0"},
		{"month", "DATE", []string{"1 1 DATE 0 2023-02-01 2023-03-31", "1 1 DATE 0 2023-12-31 2024-01-01"}, through(call("month", "DATE", "BIGINT"))(Equal, Int(5)), "1"},
		{"format", "DATE", []string{"1 1 DATE 0 2023-02-01 2023-03-31", "1 1 DATE 0 0999-12-31 2024-01-01"}, through(call("strftime", "DATE", "VARCHAR", Text("%Y-%m")))(Equal, Text("2023-04")), "1"},
		{"front of a text", "VARCHAR", []string{"1 1 VARCHAR 0 großes größer", "1 1 VARCHAR 0 gra grz"}, through(call("left", "VARCHAR", "VARCHAR", Int(3)))(Equal, Text("gra")), "1"},
		{"a negative front", "VARCHAR", []string{"1 1 VARCHAR 0 a b"}, through(call("left", "VARCHAR", "VARCHAR", Int(-1)))(Equal, Text("z")), "0"},
		{"cast that rounds", "DECIMAL(10,2)", []string{"1 1 DECIMAL(10,2) 0 1.00 1.49"}, through(Cast(typeOf(t, "DECIMAL(10,2)"), typeOf(t, "INTEGER")))(Equal, Int(7)), "0"},
		{"IS NULL of a function", "DATE", []string{"1 1 DATE 0 2023-02-01 2023-03-31"}, func(c Term) Expr {
			s, _ := call("year", "DATE", "BIGINT")
			c.Steps = append(c.Steps, s)
			return Null{c}
		}, "0"},
	} {
		table := tableOf(t, test.typ, test.files...)
		got := Cut(table, []Scan{{Filter: test.test(Term{Column: "c", Type: table.Columns[0].Type}), Limit: -1}})
		check(t, test.name, table, got, test.want)
	}
}

// tableOf makes a table of a column c and a partition column year.
func tableOf(t testing.TB, typ string, files ...string) *catalog.Table {
	t.Helper()
	table := &catalog.Table{Columns: []catalog.Column{{Name: "c", Type: typeOf(t, typ)}, {Name: "year", Type: sqltype.Of(sqltype.BigInt), Partition: true}}}
	for _, spec := range files {
		table.Files = append(table.Files, fileOf(t, spec))
	}
	return table
}

func check(t *testing.T, name string, table *catalog.Table, got Outcome, want string) {
	t.Helper()
	if text := strings.Trim(fmt.Sprint(got.Files), "[]"); text != want {
		t.Errorf("%s: files %s, want %s", name, text, want)
	}
	left := 0
	for _, r := range got.Reasons {
		left += r.Files
	}
	if left != len(table.Files)-len(got.Files) {
		t.Errorf("%s: reasons %v for %d files of %d", name, got.Reasons, len(got.Files), len(table.Files))
	}
}

// TestFirst cuts tables by LIMIT and by ORDER BY with LIMIT.
func TestFirst(t *testing.T) {
	c := Term{Column: "c", Type: sqltype.Of(sqltype.BigInt)}
	least := func(rows int64) Scan { return Scan{Limit: -1, Top: &Top{Column: c, Rows: rows}} }
	greatest := func(rows int64, nullsFirst bool) Scan {
		return Scan{Limit: -1, Top: &Top{Column: c, Rows: rows, Descending: true, NullsFirst: nullsFirst}}
	}
	with := func(s Scan, e Expr) Scan { s.Filter = e; return s }
	for _, test := range []struct {
		name  string
		files []string
		scan  Scan
		want  string
	}{
		{"all", ints, Scan{Limit: -1}, "0 1 2 3 4 5"},
		{"limit", ints, Scan{Limit: 15}, "0 1"},
		{"limit of nothing", ints, Scan{Limit: 0}, ""},
		{"limit over unknown numbers of rows", []string{"-1 1 BIGINT 0 1 2", "5 1 BIGINT 0 1 2", "5 1 BIGINT 0 1 2"}, Scan{Limit: 3}, "0 1"},
		{"limit with a condition that may fail", ints, Scan{Filter: Unknown(""), Limit: 1}, "0 1 2 3 4 5"},
		{"limit with a condition that holds for whole files", ints, Scan{Filter: Compare{c, Greater, Int(0)}, Limit: 10}, "0"},
		{"limit with a condition that NULLs do not fulfil", ints[1:], Scan{Filter: Compare{c, Greater, Int(0)}, Limit: 8}, "0 3 4"},
		{"greatest", ints[:4], greatest(3, false), "1"},
		{"greatest, NULLs first", ints[:4], greatest(3, true), "1 2 3"},
		{"greatest, few NULLs first", ints[:2], greatest(5, true), "1"},
		{"least", ints[:4], least(10), "0"},
		{"least, more than one file has", ints[:4], least(11), "0 1"},
		{"least of all", ints[:4], least(1000), "0 1 2 3"},
		{"least, with ties", []string{"5 1 BIGINT 0 1 3", "5 1 BIGINT 0 3 9", "5 1 BIGINT 0 4 9"}, least(2), "0 1"},
		{"least, unknown bounds", ints, least(3), "0 4 5"},
		{"least under a condition", ints[:4], with(least(3), Compare{c, Greater, Int(5)}), "0 1"},
		{"least under a condition that holds for a file", ints[:4], with(least(3), Compare{c, Greater, Int(0)}), "0"},
	} {
		table := tableOf(t, "BIGINT", test.files...)
		check(t, test.name, table, Cut(table, []Scan{test.scan}), test.want)
	}
	table := tableOf(t, "BIGINT", ints...)
	check(t, "two scans", table, Cut(table, []Scan{{Filter: Compare{c, Equal, Int(10)}, Limit: -1}, {Filter: Null{c}, Limit: 0}}), "0 4")
	check(t, "no scan", table, Cut(table, nil), "0 1 2 3 4 5")
}

// TestDoubt has files whose statistics are not to be trusted.
func TestDoubt(t *testing.T) {
	c := Term{Column: "c", Type: sqltype.Of(sqltype.BigInt)}
	for name, change := range map[string]func(*catalog.File){
		"malformed rows":        func(f *catalog.File) { f.Rejected = 1; f.Columns[0].Stats = infer.Stats{Nulls: f.Rows} },
		"the comma":             func(f *catalog.File) { f.Columns[0].Text = &infer.TextForm{Doubt: infer.CommaDoubt} },
		"two columns":           func(f *catalog.File) { f.Columns = append(f.Columns, infer.Column{Name: "c", Type: c.Type}) },
		"NULLs beside a value":  func(f *catalog.File) { f.Columns[0].Stats.Nulls = f.Rows },
		"NULLs, but how many":   func(f *catalog.File) { f.Columns[0].Stats = infer.Stats{Nulls: -1} },
		"a bound that is NULL":  func(f *catalog.File) { f.Columns[0].Stats.Max = "" },
		"a bound with a letter": func(f *catalog.File) { f.Columns[0].Stats.Min = "1x" },
	} {
		table := tableOf(t, "BIGINT", "3 1 BIGINT 0 5 7")
		change(table.Files[0])
		want := "0"
		if name == "NULLs beside a value" {
			want = ""
		}
		check(t, name, table, Cut(table, []Scan{{Filter: Or{Compare{c, Equal, Int(100)}}, Limit: -1}}), want)
	}
	zoned := tableOf(t, "TIMESTAMPTZ", "3 1 TIMESTAMPTZ 0 1960-01-01_00:00:00+00 1960-01-01_00:00:00+00")
	zoned.Files[0].Kind.Format = storage.Parquet
	before := Compare{Term{Column: "c", Type: zoned.Columns[0].Type}, Less, Int(-315619200000000)}
	check(t, "nanoseconds that are cut", zoned, Cut(zoned, []Scan{{Filter: before, Limit: -1}}), "0")
}

// BenchmarkCut cuts a table of 3,000 files by two conditions.
func BenchmarkCut(b *testing.B) {
	table := tableOf(b, "BIGINT")
	for i := range 3000 {
		table.Files = append(table.Files, fileOf(b, fmt.Sprintf("10 %d BIGINT 0 %d %d", i, i*10, i*10+9)))
	}
	c := Term{Column: "c", Type: sqltype.Of(sqltype.BigInt)}
	scan := Scan{Limit: -1, Filter: And{Compare{c, GreaterEqual, Int(15000)}, Compare{c, Less, Int(15100)}}}
	for b.Loop() {
		if got := Cut(table, []Scan{scan}); len(got.Files) != 10 {
			b.Fatal(got)
		}
	}
}
