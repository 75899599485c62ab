package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// summary is what the runs of one program on one query come to. Times are milliseconds.
type summary struct {
	Runs     int     `json:"runs"`
	MedianMS float64 `json:"median_ms"`
	MinMS    float64 `json:"min_ms"`
	MaxMS    float64 `json:"max_ms"`
	CPUMS    float64 `json:"cpu_median_ms"`
	PeakMB   float64 `json:"peak_memory_mb"` // the most of all runs, in 10^6 bytes
}

// result is one line of the report.
type result struct {
	Format     string   `json:"format"`
	Query      string   `json:"query"`
	Bytes      int64    `json:"file_bytes"`
	Tarn       summary  `json:"tarn"`
	DuckDB     *summary `json:"duckdb,omitempty"` // nil where only tarn does it
	Same       bool     `json:"same_answer"`
	Difference string   `json:"difference,omitempty"`
}

// report is everything that a run of the harness found.
type report struct {
	Time    time.Time `json:"time"`
	System  string    `json:"system"`
	CPUs    int       `json:"cpus"`
	Tarn    string    `json:"tarn_version"`
	DuckDB  string    `json:"duckdb_version"`
	Rows    int       `json:"rows"`
	Results []result  `json:"results"`
}

func newReport(ctx context.Context, opts options, duckdb string) *report {
	return &report{
		Time: time.Now().UTC().Truncate(time.Second), System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Tarn: versionOf(ctx, opts.tarn, "version"), DuckDB: versionOf(ctx, duckdb, "--version"), Rows: opts.rows,
	}
}

// versionOf asks a program for its version.
func versionOf(ctx context.Context, command, arg string) string {
	out, err := exec.CommandContext(ctx, command, arg).Output()
	if err != nil {
		return "unknown (" + err.Error() + ")"
	}
	return strings.TrimSpace(string(out))
}

// summarize is exact for any number of samples but none.
func summarize(samples []sample) summary {
	var wall, cpu []float64
	var peak int64
	for _, s := range samples {
		wall = append(wall, float64(s.wall)/1e6)
		cpu = append(cpu, float64(s.cpu)/1e6)
		peak = max(peak, s.memory)
	}
	return summary{Runs: len(samples), MedianMS: median(wall), MinMS: slices.Min(wall), MaxMS: slices.Max(wall),
		CPUMS: median(cpu), PeakMB: float64(peak) / 1e6}
}

// median returns the middle value, or the mean of the two middle ones. It does not change values.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// writeMarkdown writes the results as a table for people.
func (r *report) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s and DuckDB %s, %d rows, %s, %d processors. Median (least to most) of cold processes; memory is the peak.\n\n",
		r.Tarn, r.DuckDB, r.Rows, r.System, r.CPUs)
	b.WriteString("| format | query | tarn | duckdb | duckdb ÷ tarn | tarn memory | duckdb memory |\n")
	b.WriteString("|---|---|---:|---:|---:|---:|---:|\n")
	for _, res := range r.Results {
		duck, ratio, memory := "", "", ""
		if res.DuckDB != nil {
			duck, memory = res.DuckDB.times(), fmt.Sprintf("%.0f MB", res.DuckDB.PeakMB)
			ratio = fmt.Sprintf("%.2f", res.DuckDB.MedianMS/res.Tarn.MedianMS)
		}
		if !res.Same {
			ratio = "answers differ"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.0f MB | %s |\n", res.Format, res.Query, res.Tarn.times(), duck, ratio, res.Tarn.PeakMB, memory)
	}
	for _, res := range r.Results {
		if !res.Same {
			fmt.Fprintf(&b, "\n%s, %s: the answers differ: %s\n", res.Format, res.Query, res.Difference)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// times is the median with its range, of several runs.
func (s summary) times() string {
	if s.Runs < 2 {
		return fmt.Sprintf("%.0f ms", s.MedianMS)
	}
	return fmt.Sprintf("%.0f ms (%.0f–%.0f)", s.MedianMS, s.MinMS, s.MaxMS)
}

// mismatches counts the queries on which the answers differ.
func (r *report) mismatches() (n int) {
	for _, res := range r.Results {
		if !res.Same {
			n++
		}
	}
	return n
}

// save writes the results as JSON.
func (r *report) save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	return nil
}
