package engine

import (
	"strings"
	"testing"
)

// TestUnset runs statements that were given no files: none of them may answer as if there were no rows.
func TestUnset(t *testing.T) {
	db, _ := openLake(t, cutLake())
	s := openSession(t, db)
	if got := answer(s, "SELECT count(*) FROM t WHERE id > 5 AND name LIKE 'c%'"); got == "" {
		t.Fatal("the view is not there")
	}
	for _, sql := range []string{
		"SELECT * FROM t", "SELECT count(*) FROM t", "SELECT name FROM t WHERE id > 5 AND name LIKE 'c%'", "SELECT count(*) FROM t WHERE id IS NOT NULL", "SELECT max(id) FROM t",
		"SELECT 1 FROM t LIMIT 1", "SELECT * FROM t JOIN (SELECT 7 AS id) u USING (id)", "SELECT i FROM range(3) r(i) WHERE NOT EXISTS (SELECT 1 FROM t WHERE id = i)",
	} {
		_, err := db.admin.text(strings.Replace(sql, "FROM t", "FROM "+database+".public.t", 1))
		if err == nil || !strings.Contains(err.Error(), "no files were chosen for table public.t") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
