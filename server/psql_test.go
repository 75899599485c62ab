package server

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// psqlLake has a table of each format, a partitioned one, a folder that is a schema, and types of several kinds.
var psqlLake = map[string]string{
	"items.csv":             "id,name,price,day\n1,apple,1.5,2024-01-01\n2,pear,2.25,2024-01-02\n",
	"sales/year=2023/a.csv": "id,amount\n1,10\n2,20\n",
	"sales/year=2024/b.csv": "id,amount\n3,30\n",
	"geo/places.json":       `{"n":1,"tags":["a","b"],"at":{"x":1,"y":2}}` + "\n",
}

// TestPsqlCommands runs psql's backslash commands. Each file of testdata/psql holds commands, on lines with "$ ", and what psql
// prints on them; it was compared with what psql prints on PostgreSQL 15 with such tables.
func TestPsqlCommands(t *testing.T) {
	install(t, "psql")
	dir := filepath.Join(t.TempDir(), "lake")
	when := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, text := range psqlLake {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	_, addr := startLakeIn(t, dir, Options{})
	host, port, _ := net.SplitHostPort(addr)
	files, err := filepath.Glob("testdata/psql/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no files in testdata/psql")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for line := range strings.Lines(string(text)) {
				command, ok := strings.CutPrefix(line, "$ ")
				if !ok {
					continue
				}
				b.WriteString(line)
				cmd := clientCommand(t, "psql", "-X", "-h", host, "-p", port, "-U", "ann", "lake", "-c", strings.TrimSpace(command))
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Errorf("psql %s: %v\n%s", command, err, out)
				}
				for l := range strings.Lines(string(out)) {
					b.WriteString(strings.TrimRight(l, " \n") + "\n")
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if b.String() != string(text) {
				t.Errorf("psql prints\n%s", b.String())
			}
		})
	}
}
