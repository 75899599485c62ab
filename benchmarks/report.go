package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// report is everything that one run found.
type report struct {
	Time     time.Time         `json:"time"`
	Seconds  float64           `json:"seconds"` // of the whole run
	Machine  machine           `json:"machine"`
	Versions map[string]string `json:"versions"`
	Size     string            `json:"size"`
	Sizes    sizes             `json:"sizes"`
	Notes    []string          `json:"notes,omitempty"`
	Targets  []verdict         `json:"targets"`
	Sums     []sum             `json:"sums"`
	Measures []measure         `json:"measures"`
}

// machine is where it ran.
type machine struct {
	System    string `json:"system"`
	Processor string `json:"processor,omitempty"`
	Cores     int    `json:"cores"`
	MemoryMB  int64  `json:"memory_mb,omitempty"`
}

func thisMachine() machine {
	m := machine{System: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU()}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if kb, err := strconv.ParseInt(strings.TrimSuffix(field(string(text), "MemTotal"), " kB"), 10, 64); err == nil {
			m.MemoryMB = kb / 1024
		}
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		m.Processor = field(string(text), "model name")
	}
	return m
}

// field returns the value of the first line "name: value".
func field(text, name string) string {
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// note adds a remark, once.
func (r *report) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(r.Notes, n) {
		r.Notes = append(r.Notes, n)
	}
}

// versions asks everyone.
func (r *report) askVersions(ctx context.Context, b *bench) {
	r.Versions = map[string]string{"go": runtime.Version()}
	if f, err := execute(ctx, "", b.tarn.path, "version"); err == nil {
		r.Versions["tarn"] = strings.TrimSpace(string(f.out))
	}
	for _, peer := range b.peers {
		r.Versions[peer] = b.tools.version(ctx, peer)
	}
}

// find returns the measure of a piece of work at the run's own size, or nil.
func (r *report) find(suite, format, way, work string) *measure {
	for i, m := range r.Measures {
		if m.Suite == suite && m.Format == format && m.Way == way && m.Work == work && m.Scale == 0 {
			return &r.Measures[i]
		}
	}
	return nil
}

// conclude derives the sums and the verdicts.
func (r *report) conclude() {
	r.Sums = nil
	for _, format := range formats {
		for _, way := range []string{"warm", "cold"} {
			r.Sums = append(r.Sums, sums(r.Measures, "tpch", format, way)...)
		}
	}
	r.Targets = verdicts(r)
}

// save writes the report as JSON.
func (r *report) save(path string) error {
	text, err := json.MarshalIndent(r, "", " ")
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

// loadReport reads what save wrote, for -render.
func loadReport(path string) (*report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return r, nil
}
