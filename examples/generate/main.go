// Command generate writes the example lake: the made-up books of a small chain of coffee roasters.
//
// Usage: go run ./examples/generate [-out DIR]
//
// The same data comes out every time, so a change here shows as a change of the files under examples/lake.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", filepath.Join("examples", "lake"), "directory to write the lake to")
	flag.Parse()
	if err := generate(*out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate writes all files of the lake below dir, over those that are there.
func generate(dir string) error {
	files, err := lake()
	if err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// lake returns every file by its path below the lake's root.
func lake() (map[string][]byte, error) {
	files := map[string][]byte{
		"notes.md":               notes(),
		"stores.csv":             stores(),
		"products.json":          products(),
		"roasts/roasts_2024.csv": roasts(2024, false),
		"roasts/roasts_2025.csv": roasts(2025, true),
		"web/reviews.jsonl.gz":   nil,
	}
	var err error
	if files["web/reviews.jsonl.gz"], err = reviews(); err != nil {
		return nil, fmt.Errorf("packing the reviews: %w", err)
	}
	for _, m := range orderMonths {
		name := fmt.Sprintf("orders/year=%d/month=%d/orders.parquet", m.year, m.month)
		if files[name], err = orders(m); err != nil {
			return nil, fmt.Errorf("making %s: %w", name, err)
		}
	}
	return files, nil
}
