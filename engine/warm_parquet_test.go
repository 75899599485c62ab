package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// writeParquet writes what a query returns below a folder.
func writeParquet(t *testing.T, dir, name, query string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	runFree(t, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet)", query, path))
}

// TestParquetCopies makes copies of Parquet files when told to, and asks the same of the files and of the copies.
func TestParquetCopies(t *testing.T) {
	db, dir := openLake(t, map[string]string{"text.csv": "a\n1\n"})
	writeParquet(t, dir, "kinds.parquet", "SELECT * EXCLUDE (\"union\", geometry, \"bignum\", \"time_tz\", \"interval\", small_enum, medium_enum, large_enum, uhugeint, hugeint, bit, timestamp_s, timestamp_ms)"+
		" REPLACE (abs(float) AS float, abs(double) AS double) FROM test_all_types()")
	writeParquet(t, dir, "many/k=1/a.parquet", "SELECT i, i % 7 AS j, 'x' || i AS s, [i, NULL] AS l FROM range(3000) r(i)")
	writeParquet(t, dir, "many/k=2/b.parquet", "SELECT i, i % 7 AS j, 'y' || i AS s, [i] AS l FROM range(5000) r(i)")
	writeParquet(t, dir, "mixed/a.parquet", "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' AS t, 1 AS n")
	writeParquet(t, dir, "mixed/b.parquet", "SELECT 'x' AS t, 2 AS n")
	writeParquet(t, dir, "signed.parquet", "SELECT unnest(['0.0', '-0.0', '1.5'])::DOUBLE AS d")
	writeParquet(t, dir, "spans.parquet", "SELECT INTERVAL 3 DAYS AS v")
	s := uncachedSession(t, db)
	answer(s, "refresh")
	copies := regexp.MustCompile(`table public\.(\w+):.*?(?:, ([0-9]+) from the columnar cache|$)`)
	from := func() (n []string) {
		for _, table := range []string{"kinds", "many", "mixed", "signed", "spans", "text"} {
			m := copies.FindStringSubmatch(answer(s, "EXPLAIN SELECT * FROM "+table))
			n = append(n, m[1]+" "+m[2])
		}
		return n
	}
	raw := openSession(t, db)
	for _, name := range []string{"columnar_cache", "result_cache"} {
		answer(raw, "SET tarn."+name+" = off")
	}
	if got := answer(s, "WARM"); !strings.HasPrefix(got, "public.text|1|1|1|") || strings.Contains(got, "\n") {
		t.Errorf("WARM: %s", got)
	}
	if diff := cmp.Diff([]string{"kinds ", "many ", "mixed ", "signed ", "spans ", "text 1"}, from()); diff != "" {
		t.Error(diff)
	}
	if got := answer(s, "WARM TABLE many WITH PARQUET"); !strings.HasPrefix(got, "public.many|2|2|2|") {
		t.Errorf("of one table: %s", got)
	}
	got := answer(s, "warm with parquet")
	for _, want := range []string{"public.kinds|1|1|1|", "public.many|2|2|0|", "public.mixed|2|1|1|", "public.signed|1|0|0|", "it holds a negative zero", "column \"v\" is INTERVAL, which copies keep as text",
		"column \"t\" is TIMESTAMP WITH TIME ZONE in it and VARCHAR in the table"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if diff := cmp.Diff([]string{"kinds 1", "many 2", "mixed 1", "signed ", "spans ", "text 1"}, from()); diff != "" {
		t.Error(diff)
	}
	for _, q := range []string{"SELECT * FROM kinds", "SELECT *, _file FROM many", "DESCRIBE kinds", "SELECT s FROM many WHERE i > 4990 ORDER BY i", "SELECT k, count(*), sum(i), max(s) FROM many WHERE j = 3 GROUP BY k ORDER BY k",
		"SELECT t FROM mixed ORDER BY n", "SELECT l FROM many WHERE len(l) = 2 AND i = 2999"} {
		want := sortedAnswer(raw, q)
		if got := sortedAnswer(s, q); got != want || strings.HasPrefix(want, "ERROR") {
			t.Errorf("%s:\n got %.500s\nwant %.500s", q, got, want)
		}
	}
	writeParquet(t, dir, "many/k=2/b.parquet", "SELECT 1::BIGINT AS i, 2::BIGINT AS j, 'new' AS s, [3::BIGINT] AS l")
	if got := answer(s, "SELECT count(*), max(s) FROM many"); got != "3001|x999" {
		t.Errorf("after a change: %s", got)
	}
	if got := from()[1]; got != "many 1" {
		t.Errorf("after a change: %s", got)
	}
}

// TestBytesRead counts what a statement reads of columns, of which the profile of DuckDB leaves out the most.
func TestBytesRead(t *testing.T) {
	db, dir := openLake(t, map[string]string{"text.csv": "a\n1\n"})
	writeParquet(t, dir, "t.parquet", "SELECT hash(i) AS a, hash(-i) AS b FROM range(200000) r(i)")
	s := uncachedSession(t, db)
	answer(s, "refresh")
	number := regexp.MustCompile(`bytes read: ([0-9.]+) MB`)
	for q, want := range map[string]float64{"EXPLAIN ANALYZE SELECT max(a + 1) FROM t": 1.6, "EXPLAIN ANALYZE SELECT max(a + b % 2) FROM t": 3.2} {
		for range 2 {
			got := answer(s, q)
			m := number.FindStringSubmatch(got)
			if m == nil {
				t.Fatal(got)
			}
			if n, err := strconv.ParseFloat(m[1], 64); err != nil || n < want*0.95 || n > want*1.1 {
				t.Errorf("%s: %s", q, m[0])
			}
		}
	}
	if got := answer(s, "SELECT count(*) FROM duckdb_logs"); got != "0" {
		t.Errorf("the log holds %s lines afterwards", got)
	}
}
