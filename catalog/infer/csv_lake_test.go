package infer

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
)

// TestCSVPaths infers the files named in TARN_INFER_CSV, separated by line feeds, and prints one line of JSON for each: a
// way to compare inference with a reader outside of this package.
func TestCSVPaths(t *testing.T) {
	paths := os.Getenv("TARN_INFER_CSV")
	if paths == "" {
		t.Skip("TARN_INFER_CSV names no files")
	}
	if list, ok := strings.CutPrefix(paths, "@"); ok {
		text, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		paths = string(text)
	}
	for path := range strings.Lines(paths) {
		path = strings.TrimSuffix(path, "\n")
		file, err := CSV(t.Context(), func() (io.ReadCloser, error) { return os.Open(path) }, Hints{})
		out := map[string]any{"path": path, "file": file}
		if err != nil {
			out["error"] = err.Error()
		}
		if file != nil {
			types := make([]string, len(file.Columns))
			for i, c := range file.Columns {
				types[i] = c.Type.String()
			}
			out["types"] = types
		}
		if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
			t.Fatal(err)
		}
	}
}
