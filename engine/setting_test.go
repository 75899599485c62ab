package engine

import "testing"

func TestSwitches(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t.csv": "a\n1\n"})
	s := openSession(t, db)
	for _, c := range []struct{ sql, want string }{
		{"SHOW tarn.pruning", "on"},
		{"SET tarn.pruning = off", "SET"},
		{"show TARN.pruning;", "off"},
		{"SET SESSION tarn.pruning TO 'on'", "SET"},
		{"SHOW tarn.pruning", "on"},
		{"SET tarn.columnar_cache = false", "SET"},
		{"SHOW tarn.columnar_cache", "off"},
		{"RESET tarn.columnar_cache", "RESET"},
		{"SHOW tarn.columnar_cache", "on"},
		{"SHOW tarn.result_cache", "on"},
		{"SET LOCAL tarn.pruning = off", "ERROR 16: SET LOCAL is not supported here"},
		{"SHOW tarn.pruning", "on"},
		{"SET tarn.speed = on", "ERROR 6: there is no setting tarn.speed"},
		{"SET tarn.pruning = maybe", "ERROR 10: tarn.pruning is on or off"},
	} {
		if got := answer(s, c.sql); got != c.want {
			t.Errorf("%s: %q, want %q", c.sql, got, c.want)
		}
	}
}
