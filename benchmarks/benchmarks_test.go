package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{5}, 5}, {[]float64{3, 1}, 2}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5},
	} {
		before := append([]float64{}, c.values...)
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.values, got, c.want)
		}
		if diff := cmp.Diff(before, c.values); diff != "" {
			t.Errorf("median changed its argument: %s", diff)
		}
	}
}

func TestSummarize(t *testing.T) {
	got := summarize([]sample{
		{30 * time.Millisecond, 50 * time.Millisecond, 7e6}, {10 * time.Millisecond, 40 * time.Millisecond, 9e6}, {20 * time.Millisecond, 10 * time.Millisecond, 8e6},
	})
	want := summary{Runs: 3, MedianMS: 20, MinMS: 10, MaxMS: 30, CPUMS: 40, PeakMB: 9}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSameAnswer(t *testing.T) {
	a := [][]string{{"n"}, {"1"}}
	for _, c := range []struct {
		tarn, duck [][]string
		want       string
	}{
		{a, [][]string{{"n"}, {"1"}}, ""},
		{a, [][]string{{"n"}, {"2"}}, `line 2: tarn has ["1"], DuckDB ["2"]`},
		{a, [][]string{{"n"}}, "tarn has 2 lines, DuckDB 1"},
		{a, [][]string{{"n"}, {"1", "2"}}, `line 2: tarn has ["1"], DuckDB ["1" "2"]`},
	} {
		same, got := sameAnswer(c.tarn, c.duck)
		if got != c.want || same != (c.want == "") {
			t.Errorf("sameAnswer(%q, %q) = %v, %q; want %q", c.tarn, c.duck, same, got, c.want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	duck := summary{Runs: 3, MedianMS: 50.4, MinMS: 49, MaxMS: 61, PeakMB: 80}
	r := &report{System: "linux/amd64", CPUs: 2, Tarn: "tarn 1", DuckDB: "v1.5.6", Rows: 1000, Results: []result{
		{Format: "csv", Query: "first crawl (once)", Tarn: summary{Runs: 1, MedianMS: 70}, Same: true},
		{Format: "csv", Query: "count", Tarn: summary{Runs: 3, MedianMS: 25.2, MinMS: 20, MaxMS: 30, PeakMB: 60}, DuckDB: &duck, Same: true},
		{Format: "json", Query: "count", Tarn: summary{Runs: 3, MedianMS: 1, MinMS: 1, MaxMS: 1}, DuckDB: &duck, Difference: "line 2"},
	}}
	var b strings.Builder
	if err := r.writeMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	const want = `tarn 1 and DuckDB v1.5.6, 1000 rows, linux/amd64, 2 processors. Median (least to most) of cold processes; memory is the peak.

| format | query | tarn | duckdb | duckdb ÷ tarn | tarn memory | duckdb memory |
|---|---|---:|---:|---:|---:|---:|
| csv | first crawl (once) | 70 ms |  |  | 0 MB |  |
| csv | count | 25 ms (20–30) | 50 ms (49–61) | 2.00 | 60 MB | 80 MB |
| json | count | 1 ms (1–1) | 50 ms (49–61) | answers differ | 0 MB | 80 MB |

json, count: the answers differ: line 2
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if r.mismatches() != 1 {
		t.Errorf("%d mismatches, want 1", r.mismatches())
	}
}

func TestParseFlags(t *testing.T) {
	opts, err := parseFlags([]string{"-rows", "2000", "-formats", "csv,json"})
	if err != nil || opts.rows != 2000 || opts.runs != 5 || len(opts.formats) != 2 {
		t.Errorf("got %+v, %v", opts, err)
	}
	for _, args := range [][]string{{"-formats", "xml"}, {"-rows", "1"}, {"-runs", "0"}, {"-rows", "many"}} {
		if _, err := parseFlags(args); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

// fakeProgram answers like tarn and like DuckDB, but one line differently when asked as DuckDB for the top riders.
const fakeProgram = `#!/bin/sh
case "$*" in
*version*) echo fake 1 ;;
*COPY*) echo data > "$(echo "$*" | sed -n "s/.*TO '\([^']*\)'.*/\1/p")" ;;
*-csv*rider,*count*) echo n; echo 2 ;;
crawl*) ;;
*) echo n; echo 1 ;;
esac
`

// TestBench runs the whole harness with a stand-in for both programs.
func TestBench(t *testing.T) {
	dir := t.TempDir()
	fake := filepath.Join(dir, "fake")
	if err := os.WriteFile(fake, []byte(fakeProgram), 0o755); err != nil {
		t.Fatal(err)
	}
	duck := filepath.Join(dir, "duck")
	if err := os.Symlink(fake, duck); err != nil {
		t.Fatal(err)
	}
	opts := options{rows: 1000, runs: 2, formats: []string{"csv"}, out: filepath.Join(dir, "out", "r.json"),
		tarn: fake, duckdb: duck, work: dir}
	if err := bench(context.Background(), opts); err == nil || err.Error() != "the answers of 1 queries differ" {
		t.Errorf("got %v, want one difference", err)
	}
	text, err := os.ReadFile(opts.out)
	if err != nil {
		t.Fatal(err)
	}
	var got report
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != 1+len(queries) || got.Tarn != "fake 1" || got.Results[1].DuckDB.Runs != 2 {
		t.Errorf("the file says %+v", got)
	}
	for _, r := range got.Results {
		if r.Same != (r.Query != "top riders") {
			t.Errorf("%s: same answer: %v", r.Query, r.Same)
		}
	}
}
