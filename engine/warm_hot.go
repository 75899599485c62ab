package engine

import (
	"fmt"
	"time"

	"tarn/catalog"
	"tarn/catalog/sqltype"
)

// A Parquet file gets a copy unasked once statements have spent as long on it as its copy will take to make: whoever decompresses
// the same file again and again has it kept in a form that need not be. So the copy costs at most about as much as was spent already.

const (
	hotLeast  = 8 << 20  // bytes of a Parquet file whose copy is worth the trouble
	copySpeed = 50 << 20 // bytes of a Parquet file that one thread copies in a second
)

// spent notes that a statement took so long for a Parquet file as it stands, and asks for a copy if that is worth it. It does not wait for it.
func (db *DB) spent(t *catalog.Table, f *catalog.File, took time.Duration) {
	w := db.copies.work
	if w == nil || !w.parquet || f.ID.Size < hotLeast {
		return
	}
	key := db.copies.keys.of(t, f)
	if key == "" {
		return
	}
	if w.heat(key, took) >= time.Duration(float64(f.ID.Size)/copySpeed*float64(time.Second)) && db.copies.spare(f) {
		w.want(job{t, f, key})
	}
}

// heat adds to what was spent on a file, and returns the sum.
func (w *worker) heat(key string, took time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.spent) >= maxWanted { // most are of files that are no more
		clear(w.spent)
	}
	w.spent[key] += took
	return w.spent[key]
}

// spare reports whether there is room for a copy that could be done without: it drives out none, and leaves half of the cache to text.
func (c *copies) spare(f *catalog.File) bool {
	u, err := c.cache.Usage()
	return err == nil && u.Bytes+f.ID.Size <= u.Limit/2
}

// decompresses returns a *notCopied if a Parquet file is no slower to read than its copy would be: not half of it is compressed in a way
// that takes long.
func (c *conn) decompresses(path string) error {
	text, err := c.text(fmt.Sprintf("SELECT CAST(2 * sum(total_compressed_size) FILTER (compression NOT IN ('UNCOMPRESSED', 'LZ4_RAW')) >= sum(total_compressed_size) AS VARCHAR) FROM parquet_metadata(%s)",
		sqltype.QuoteText(escapeGlob(path))))
	if err == nil && text != "true" {
		err = &notCopied{"it is as fast to read as its copy would be"}
	}
	return err
}
