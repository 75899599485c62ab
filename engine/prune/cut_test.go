package prune

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/catalog/infer"
	"tarn/catalog/sqltype"
)

// fileOf describes a file: "rows year type nulls min max", each of which may be - for what is not known.
func fileOf(t *testing.T, spec string) *catalog.File {
	t.Helper()
	var year, typ, low, high string
	var rows, nulls int64
	if _, err := fmt.Sscanf(spec, "%d %s %s %d %s %s", &rows, &year, &typ, &nulls, &low, &high); err != nil {
		t.Fatalf("%q: %v", spec, err)
	}
	f := &catalog.File{}
	f.Rows = rows
	if year != "-" {
		f.Partition = []catalog.PartitionValue{{Key: "year", Value: year}}
	}
	if typ != "-" {
		parsed, err := sqltype.Parse(typ)
		if err != nil {
			t.Fatal(err)
		}
		stats := infer.Stats{Nulls: nulls}
		if low != "-" {
			stats.HasMinMax, stats.Min, stats.Max = true, strings.ReplaceAll(low, "_", " "), strings.ReplaceAll(high, "_", " ")
		}
		f.Columns = []infer.Column{{Name: "c", Type: parsed, Stats: stats}}
	}
	return f
}

// TestCut cuts tables of a column c and a partition column year. Files are told by their places, from 0.
func TestCut(t *testing.T) {
	whole := func(typ string, n int64) Value { return WholeOf(mustType(t, typ), big.NewInt(n)) }
	c := func(op Operator, v Value) Expr { return Compare{Term{Column: "c"}, op, v} }
	ints := []string{"10 2020 BIGINT 0 1 10", "10 2021 BIGINT 2 11 20", "10 - BIGINT 10 - -", "10 2022 - 0 - -", "10 2023 BIGINT -1 - -", "-1 2023 BIGINT -1 5 7"}
	floats := []string{"5 1 DOUBLE 0 -1.5 2.5", "5 1 DOUBLE 0 - -", "5 1 FLOAT 0 3.5 4.5"}
	for _, test := range []struct {
		name, typ string
		files     []string
		scan      Scan
		want      string
	}{
		{"equal", "BIGINT", ints, Scan{Filters: []Expr{c(Equal, whole("BIGINT", 10))}}, "0 4"},
		{"unequal", "BIGINT", []string{"3 1 BIGINT 0 7 7", "3 1 BIGINT 0 7 8"}, Scan{Filters: []Expr{c(Unequal, whole("BIGINT", 7))}}, "1"},
		{"less", "BIGINT", ints, Scan{Filters: []Expr{c(Less, whole("BIGINT", 5))}}, "0 4"},
		{"at most", "BIGINT", ints, Scan{Filters: []Expr{c(LessEqual, whole("BIGINT", 5))}}, "0 4 5"},
		{"more", "BIGINT", ints, Scan{Filters: []Expr{c(More, whole("BIGINT", 20))}}, "4"},
		{"with NULL", "BIGINT", ints, Scan{Filters: []Expr{c(Equal, NullOf(mustType(t, "BIGINT")))}}, ""},
		{"is null", "BIGINT", ints, Scan{Filters: []Expr{IsNull{"c"}}}, "1 2 3 4 5"},
		{"is not null", "BIGINT", ints, Scan{Filters: []Expr{Not{IsNull{"c"}}}}, "0 1 4 5"},
		{"same as NULL", "BIGINT", ints, Scan{Filters: []Expr{c(Same, NullOf(mustType(t, "BIGINT")))}}, "1 2 3 4 5"},
		{"differs", "BIGINT", []string{"3 1 BIGINT 0 7 7", "3 1 BIGINT 1 7 7", "3 1 BIGINT 0 7 8"}, Scan{Filters: []Expr{c(Differs, whole("BIGINT", 7))}}, "1 2"},
		{"not less", "BIGINT", ints, Scan{Filters: []Expr{Not{c(Less, whole("BIGINT", 11))}}}, "1 4"},
		{"or", "BIGINT", ints, Scan{Filters: []Expr{Or{c(Equal, whole("BIGINT", 3)), c(Equal, whole("BIGINT", 12))}}}, "0 1 4"},
		{"or unknown", "BIGINT", ints, Scan{Filters: []Expr{Or{c(Equal, whole("BIGINT", 3)), Unknown{}}}}, "0 1 2 3 4 5"},
		{"and unknown", "BIGINT", ints, Scan{Filters: []Expr{And{c(Equal, whole("BIGINT", 3)), Unknown{}}}}, "0 4"},
		{"not and", "BIGINT", ints, Scan{Filters: []Expr{Not{And{c(Less, whole("BIGINT", 100)), c(More, whole("BIGINT", 0))}}}}, "4"},
		{"partition", "BIGINT", ints, Scan{Filters: []Expr{Compare{Term{Column: "YEAR"}, More, whole("BIGINT", 2021)}}}, "3 4 5"},
		{"partition is null", "BIGINT", ints, Scan{Filters: []Expr{IsNull{"year"}}}, "2"},
		{"column of another name", "BIGINT", ints, Scan{Filters: []Expr{Compare{Term{Column: "other"}, Equal, whole("BIGINT", 1)}}}, "0 1 2 3 4 5"},
		{"constant of another type", "BIGINT", ints, Scan{Filters: []Expr{c(Equal, FloatOf(mustType(t, "DOUBLE"), 100))}}, "0 1 4 5"},
		{"NaN is above all", "DOUBLE", floats, Scan{Filters: []Expr{c(Equal, FloatOf(mustType(t, "DOUBLE"), math.NaN()))}}, "1"},
		{"below NaN", "DOUBLE", floats, Scan{Filters: []Expr{c(Less, FloatOf(mustType(t, "DOUBLE"), math.NaN()))}}, "0 1 2"},
		{"zero and its negative", "DOUBLE", []string{"1 1 DOUBLE 0 0 0", "1 1 DOUBLE 0 -0 -0"}, Scan{Filters: []Expr{c(Equal, FloatOf(mustType(t, "DOUBLE"), math.Copysign(0, -1)))}}, "0 1"},
		{"infinite bounds are none", "DOUBLE", []string{"1 1 DOUBLE 0 1 inf"}, Scan{Filters: []Expr{c(More, FloatOf(mustType(t, "DOUBLE"), 5))}}, "0"},
		{"wider integers", "BIGINT", []string{"1 1 INTEGER 0 1 5", "1 1 SMALLINT 0 6 7"}, Scan{Filters: []Expr{c(More, whole("BIGINT", 5))}}, "1"},
		{"integers as DOUBLE", "DOUBLE", []string{"1 1 BIGINT 0 1 5", "1 1 BIGINT 0 1 9007199254740993"}, Scan{Filters: []Expr{c(More, FloatOf(mustType(t, "DOUBLE"), 9007199254740992))}}, "1"},
		{"integers as text", "VARCHAR", []string{"1 1 BIGINT 0 1 5"}, Scan{Filters: []Expr{c(More, TextOf(mustType(t, "VARCHAR"), "7"))}}, "0"},
		{"text as a number", "BIGINT", []string{"1 1 VARCHAR 0 1 5"}, Scan{Filters: []Expr{Not{IsNull{"c"}}}}, "0"},
		{"decimals of another scale", "DECIMAL(12,3)", []string{"1 1 DECIMAL(10,2) 0 1.50 2.25", "1 1 BIGINT 0 3 4"}, Scan{Filters: []Expr{c(More, whole("DECIMAL(12,3)", 2250))}}, "1"},
		{"decimals in DOUBLE", "DOUBLE", []string{"1 1 DECIMAL(10,2) 0 1.50 2.25"}, Scan{Filters: []Expr{c(More, FloatOf(mustType(t, "DOUBLE"), 5))}}, "0"},
		{"text", "VARCHAR", []string{"1 1 VARCHAR 0 Zebra apple", "1 1 VARCHAR 0 b größer"}, Scan{Filters: []Expr{c(Less, TextOf(mustType(t, "VARCHAR"), "a"))}}, "0"},
		{"dates as timestamps", "TIMESTAMP", []string{"1 1 DATE 0 2024-01-01 2024-01-02", "1 1 TIMESTAMP 0 2024-01-02_10:00:00 2024-01-03_00:00:00.5"},
			Scan{Filters: []Expr{c(More, whole("TIMESTAMP", 1704153600000000))}}, "1"},
		{"before our era is not known", "DATE", []string{"1 1 DATE 0 0044-03-15_(BC) 2024-01-02"}, Scan{Filters: []Expr{c(More, whole("DATE", 30000))}}, "0"},
		{"year of a date", "DATE", []string{"1 1 DATE 0 2023-01-01 2023-12-31", "1 1 DATE 0 2023-12-31 2024-01-01"},
			Scan{Filters: []Expr{Compare{Term{"c", []Step{{"year", mustType(t, "BIGINT")}}}, Equal, whole("BIGINT", 2024)}}}, "1"},
		{"time", "TIME", []string{"1 1 TIME 0 08:00:00.000000 09:30:00.5"}, Scan{Filters: []Expr{c(More, whole("TIME", 9*3600e6+30*60e6+500000))}}, ""},
		{"huge", "HUGEINT", []string{"1 1 HUGEINT 0 1 170141183460469231731687303715884105727", "1 1 HUGEINT 0 1 9223372036854775808"},
			Scan{Filters: []Expr{c(More, WholeOf(mustType(t, "HUGEINT"), new(big.Int).Lsh(big.NewInt(1), 64)))}}, "0"},
		{"limit", "BIGINT", ints, Scan{Limit: 15}, "0 1"},
		{"limit of nothing", "BIGINT", ints, Scan{Limit: 0}, ""},
		{"limit with a filter", "BIGINT", ints, Scan{Filters: []Expr{Unknown{}}, Limit: 1}, "0 1 2 3 4 5"},
		{"limit over unknown numbers of rows", "BIGINT", []string{"-1 1 BIGINT 0 1 2", "5 1 BIGINT 0 1 2", "5 1 BIGINT 0 1 2"}, Scan{Limit: 3}, "0 1"},
		{"greatest", "BIGINT", ints[:4], Scan{Limit: -1, Top: &Top{"c", true, false, 3}}, "1"},
		{"greatest, NULLs first", "BIGINT", ints[:4], Scan{Limit: -1, Top: &Top{"c", true, true, 3}}, "1 2 3"},
		{"greatest, few NULLs first", "BIGINT", ints[:2], Scan{Limit: -1, Top: &Top{"c", true, true, 5}}, "1"},
		{"least", "BIGINT", ints[:4], Scan{Limit: -1, Top: &Top{"c", false, false, 10}}, "0"},
		{"least, more than one file has", "BIGINT", ints[:4], Scan{Limit: -1, Top: &Top{"c", false, false, 11}}, "0 1"},
		{"least of all", "BIGINT", ints[:4], Scan{Limit: -1, Top: &Top{"c", false, false, 1000}}, "0 1 2 3"},
		{"least, with ties", "BIGINT", []string{"5 1 BIGINT 0 1 3", "5 1 BIGINT 0 3 9", "5 1 BIGINT 0 4 9"}, Scan{Limit: -1, Top: &Top{"c", false, false, 2}}, "0 1"},
		{"least, unknown bounds", "BIGINT", ints, Scan{Limit: -1, Top: &Top{"c", false, false, 3}}, "0 4 5"},
	} {
		table := &catalog.Table{Columns: []catalog.Column{{Name: "c", Type: mustType(t, test.typ)}, {Name: "year", Type: mustType(t, "BIGINT"), Partition: true}}}
		for _, spec := range test.files {
			table.Files = append(table.Files, fileOf(t, spec))
		}
		if test.scan.Limit == 0 && test.scan.Filters != nil {
			test.scan.Limit = -1
		}
		got := Cut(table, []Scan{test.scan})
		if text := strings.Trim(fmt.Sprint(got.Files), "[]"); text != test.want {
			t.Errorf("%s: files %s, want %s", test.name, text, test.want)
		}
		left := 0
		for _, r := range got.Reasons {
			left += r.Files
		}
		if left != len(table.Files)-len(got.Files) {
			t.Errorf("%s: reasons %v for %d files of %d", test.name, got.Reasons, len(got.Files), len(table.Files))
		}
	}
}

func mustType(t testing.TB, s string) sqltype.Type {
	t.Helper()
	typ, err := sqltype.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// BenchmarkCut cuts a table of 3,000 files by two conditions.
func BenchmarkCut(b *testing.B) {
	table := &catalog.Table{Columns: []catalog.Column{{Name: "c", Type: mustType(b, "BIGINT")}}}
	for i := range 3000 {
		f := &catalog.File{}
		f.Rows = 10
		f.Columns = []infer.Column{{Name: "c", Type: mustType(b, "BIGINT"), Stats: infer.Stats{HasMinMax: true, Min: fmt.Sprint(i * 10), Max: fmt.Sprint(i*10 + 9)}}}
		table.Files = append(table.Files, f)
	}
	scan := Scan{Limit: -1, Filters: []Expr{Compare{Term{Column: "c"}, MoreEqual, WholeOf(mustType(b, "BIGINT"), big.NewInt(15000))},
		Compare{Term{Column: "c"}, Less, WholeOf(mustType(b, "BIGINT"), big.NewInt(15100))}}}
	for b.Loop() {
		if got := Cut(table, []Scan{scan}); len(got.Files) != 10 {
			b.Fatal(got)
		}
	}
}
