package engine

import (
	"strings"
	"testing"
)

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

// TestSettingsDoNotPileUp sets the same again and again, as clients do before each statement.
func TestSettingsDoNotPileUp(t *testing.T) {
	db, _ := openLake(t, map[string]string{"t.csv": "a\n1\n"})
	s := openSession(t, db)
	for range 20 {
		for _, sql := range []string{"SET TimeZone = 'Asia/Tokyo'", "SET VARIABLE v = 1", "SET SESSION integer_division = false", "RESET integer_division", "set timezone = 'Europe/Oslo'"} {
			if got := answer(s, sql); !strings.HasSuffix(got, "SET") {
				t.Fatal(sql, got)
			}
		}
	}
	if n := len(s.settings); n != 22 { // a variable may be made of others
		t.Errorf("%d settings are kept: %q", n, s.settings)
	}
	rows, err := s.Query(t.Context(), "SELECT * FROM range(100000)") // the next one runs on another connection
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if got := answer(s, "SELECT current_setting('TimeZone'), getvariable('v')"); got != "Europe/Oslo|1" {
		t.Error(got)
	}
}
