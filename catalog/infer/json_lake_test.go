package infer

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
)

// TestJSONPaths infers the files named in TARN_INFER_JSON, separated by line feeds, and prints one line of JSON for each: a way
// to compare inference with a reader outside of this package.
func TestJSONPaths(t *testing.T) {
	paths := os.Getenv("TARN_INFER_JSON")
	if paths == "" {
		t.Skip("TARN_INFER_JSON names no files")
	}
	for path := range strings.Lines(paths) {
		path = strings.TrimSuffix(path, "\n")
		file, err := JSON(t.Context(), func() (io.ReadCloser, error) { return os.Open(path) })
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
