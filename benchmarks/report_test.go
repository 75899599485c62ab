package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// made is a measure with programs and their seconds in turns; a text instead of seconds is a failure.
func made(suite, format, way, work string, programs ...any) measure {
	m := measure{Suite: suite, Format: format, Way: way, Work: work}
	for i := 0; i < len(programs); i += 2 {
		e := entry{Program: programs[i].(string), PeakMB: 100}
		switch got := programs[i+1].(type) {
		case []float64:
			e.Seconds = got
		case string:
			e.Failure, e.Differs = got, strings.HasPrefix(got, "differs")
		}
		m.Entries = append(m.Entries, e)
	}
	m.finish()
	return m
}

// sample has a little of everything: what is met, what is not, what failed and what was not measured.
func sample() *report {
	z := presets["smoke"]
	z.WireRows = 1000
	r := &report{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Seconds: 90, Size: "smoke", Sizes: z, Notes: []string{"PostgreSQL is missing"},
		Machine: machine{System: "linux/amd64", Processor: "Fast One", Cores: 2, MemoryMB: 2048}, Versions: map[string]string{"tarn": "tarn 1", "duckdb": "1.5.6"}}
	r.Measures = []measure{
		made("tpch", "parquet", "warm", "Q1", tarnLabel, []float64{0.05, 0.05}, tarnRaw, []float64{0.101, 0.103}, "duckdb", []float64{0.1, 0.1}, "polars", []float64{0.15, 0.16}),
		made("tpch", "parquet", "warm", "Q2", tarnLabel, []float64{0.01, 0.01}, "duckdb", []float64{0.01, 0.01}, "polars", "timed out after 20s"),
		made("tpch", "csv", "warm", "Q1", tarnLabel, []float64{0.1}, tarnRaw, []float64{1}, "duckdb", []float64{0.9}, "polars", []float64{0.7}),
		made("many", "parquet", "warm", workKey, tarnLabel, []float64{0.002, 0.004}, "duckdb", []float64{0.2, 0.2}, "chdb", "no such | function"),
		made("many", "csv", "warm", workKey, tarnLabel, []float64{0.001}, tarnRaw, []float64{0.02}, "duckdb", []float64{1}),
		made("many", "parquet", "repeated", workDashboard, tarnLabel, []float64{0.0012, 0.001}, "duckdb", []float64{0.2, 0.2}),
		made("one", "csv", "cold", workAggregate, tarnLabel, []float64{1.2}, "duckdb", []float64{1}),
		made("one", "csv", "warm", workAggregate, tarnLabel, []float64{0.05}, "duckdb", []float64{1}, "chdb", `differs: ["2"] instead of ["1"]`),
		made("one", "parquet", "warm", workAggregate, tarnLabel, []float64{0.102}, "duckdb", []float64{0.1}),
		made("start", "none", "cold", "select 1", tarnLabel, []float64{0.03, 0.05, 0.04}),
	}
	wire := made("wire", "parquet", "warm", wireWork(14, "text"), tarnLabel, []float64{0.001}, pgSelect, []float64{0.004}, pgCopy, "failed to start")
	wire.Rows = 1000
	crawl := made("one-make", "csv", "cold", makings[0], tarnLabel, []float64{0.5})
	crawl.Bytes = 300e6
	r.Measures = append(r.Measures, wire, crawl, made("one-make", "csv", "cold", makings[2], tarnLabel, []float64{2}),
		made("tpch-make", "csv", "cold", makings[2], tarnLabel, []float64{3}))
	for i, scale := range []float64{1, 3} {
		g := made("growth-one", "csv", "warm", workCount, tarnLabel, []float64{0.001 * float64(i+1)}, "duckdb", []float64{0.1 * scale})
		g.Scale = scale
		r.Measures = append(r.Measures, g)
	}
	r.conclude()
	return r
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test ./benchmarks -update writes it anew): %s", file, diff)
	}
}

func TestMarkdown(t *testing.T) { golden(t, "report.md", sample().markdown()) }

func TestVerdicts(t *testing.T) {
	got := map[string]string{}
	for _, v := range sample().Targets {
		got[v.Work+" / "+v.Against] = strings.TrimSpace(v.Met + " " + v.Got + " " + v.Detail)
	}
	for name, want := range map[string]string{
		"selective by a key, 60 Parquet files / DuckDB glob, warm":                                 "met 75x (50x to 100x)",
		"selective by a key, 20 CSV files, not cached / DuckDB glob, warm":                         "**not met** 50x",
		"selective by a key, 20 NDJSON files, not cached / DuckDB glob, warm":                      "not measured",
		"aggregate over one CSV of 300 MB, first query of a new process / DuckDB command line":     "**not met** 1.20x",
		"aggregate over one CSV of 300 MB, cached / DuckDB, warm":                                  "met 20x",
		"TPC-H, scale factor 0.01, over Parquet, sum, warm / DuckDB":                               "met 0.545x",
		"TPC-H, scale factor 0.01, over Parquet, sum, warm, files as they stand / DuckDB":          "met 1.020x (1.010x to 1.030x)",
		"TPC-H, scale factor 0.01, over Parquet, sum, warm, files as they stand / best other peer": "met 1.52x (1.49x to 1.55x) polars, 1 of 2 queries answered rightly",
		"TPC-H, scale factor 0.01, over Parquet, sum, warm / best other peer":                      "met 3.10x (3x to 3.20x) polars, 1 of 2 queries answered rightly",
		"TPC-H, scale factor 0.01, over CSV, sum, warm / best peer":                                "**not met** 7x polars, 1 of 1 queries answered rightly",
		"a repeated dashboard query over many Parquet files / DuckDB":                              "met 1.10 ms (1 ms to 1.20 ms) 183x faster than DuckDB",
		"aggregate over one Parquet, what Tarn adds / DuckDB, warm":                                "met -6.0 ms of that bound",
		"opening a crawled lake and `SELECT 1` / -":                                                "met 40 ms (30 ms to 50 ms)",
		"wire, text, 14 columns / PostgreSQL SELECT":                                               "met 4x",
		"wire, text, 14 columns / PostgreSQL COPY":                                                 "not measured",
		"wire, binary, 6 columns / -":                                                              "not measured",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// TestNothingCached expects no verdict on the cache where it could not be built.
func TestNothingCached(t *testing.T) {
	r := sample()
	for i := range r.Measures {
		if m := &r.Measures[i]; m.Work == makings[2] {
			m.Entries[0].fail(errLimit)
		}
	}
	r.conclude()
	n := 0
	for _, v := range r.Targets {
		if strings.HasSuffix(v.Work, ", cached") || v.Detail == "no cache was built" {
			n++
			if v.Met != notMeasured {
				t.Errorf("%s: %s", v.Work, v.Met)
			}
		}
	}
	if n != 4 {
		t.Errorf("%d verdicts are about the cache, want 4", n)
	}
}

func TestDocs(t *testing.T) {
	dir := t.TempDir()
	r := sample()
	if err := r.writeDocs(dir); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "benchmarks.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tpch", "many", "one", "wire", "growth"} {
		svg, err := os.ReadFile(filepath.Join(dir, "benchmarks", name+".svg"))
		if err != nil || !strings.Contains(string(svg), "</svg>") {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(string(page), "](benchmarks/"+name+".svg)") {
			t.Errorf("the page does not show %s.svg", name)
		}
	}
	again, err := loadReport(filepath.Join(dir, "benchmarks", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	again.conclude()
	if diff := cmp.Diff(r.markdown(), again.markdown()); diff != "" {
		t.Errorf("read again, the report says something else: %s", diff)
	}
}
