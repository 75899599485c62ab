package engine

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2/mapping"

	"tarn/catalog"
)

// copyFormat grows with every change of how copies are written or read.
const copyFormat = 1

// cacheKey names the columnar copy of a file. It is another one if the file is another, is read in another way, or if the table gives
// its columns other names or types; so that whatever is found under it answers as the file does.
func cacheKey(t *catalog.Table, f *catalog.File) string {
	h := sha256.New()
	names := make(map[string]string, len(t.Columns))
	for _, c := range t.Columns {
		names[strings.ToLower(c.Name)] = c.Name
	}
	fmt.Fprintf(h, "%d %s %q %+v %d\n%s\n", copyFormat, duck.LibraryVersion(), f.Path, f.ID, f.Rows, groupKey(f, names))
	for _, c := range copiedColumns(t, f) {
		fmt.Fprintf(h, "%q %s\n", c.Name, c.Type)
	}
	for _, c := range f.Columns {
		text, err := json.Marshal(c.Text)
		if err != nil {
			panic(fmt.Sprintf("the form of a column does not marshal: %v", err))
		}
		fmt.Fprintf(h, "%q %q %s %s\n", c.Name, c.From(), c.Type, text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}
