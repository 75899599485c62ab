package engine

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestChoosesInside tells statements that may choose among rows below a join from those that do not.
func TestChoosesInside(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want bool
	}{
		{"select * from t order by a limit 5", false},
		{"from t limit 5 offset 2", false},
		{"select distinct a from t", false},
		{"select * from t where a in (select b from u) order by a fetch first 5 rows only", false},
		{"select count(distinct a) from (select 1 as a)", false},
		{"select 'limit', \"limit\" /* limit */ from (select 1 as \"limit\")", false},
		{"select * from (select * from t limit 5) x join u using (a)", true},
		{"with x as (select * from t order by a offset 3) select * from x join u using (a)", true},
		{"with x as (select distinct on (a) a from t) select * from x join u using (a)", true},
		{"select * from (from t select distinct a) join u using (a)", true},
		{"(select a from t fetch first row only) union all select a from u", true},
		{"select * from t qualify row_number() over (order by a) = 1", true},
		{"select * from t tablesample 5 percent join u using (a)", true},
		{"from t join u using (a) using sample 5", true},
		{"select * from query('select * from t limit 5')", true},
		{"select [x for x in (select a from t limit 5)]", true},
	} {
		if got := choosesInside(c.sql); got != c.want {
			t.Errorf("choosesInside(%q) = %v", c.sql, got)
		}
	}
}

// TestJoinFilter shows that what a join needs is told to the reading of its table, unless the table's rows are chosen first: whatever
// hides the choice, and while other sessions plan statements of the other kind.
func TestJoinFilter(t *testing.T) {
	db := wideLake(t)
	var wg sync.WaitGroup
	for _, c := range []struct {
		made, from string
		told       bool
	}{
		{"", "t", true},
		{"create temp view plain as select * from t", "plain", true},
		{"", "(select * from t limit 400000) x", false},
		{"create temp view chosen as select * from t limit 400000", "chosen", false},
		{"create temp macro rows_of() as table select * from t limit 400000", "rows_of()", false},
		{"", "query('select * from t limit 400000')", false},
	} {
		s := openSession(t, db)
		for _, sql := range []string{"set tarn.result_cache = off", cmp.Or(c.made, "select 1")} {
			if got := answer(s, sql); strings.HasPrefix(got, "ERROR") {
				t.Fatalf("%s: %s", sql, got)
			}
		}
		sql := "explain analyze select count(*) from " + c.from + " join one on a = m where m > 0"
		wg.Go(func() {
			for range 20 {
				if got := answer(s, sql); strings.Contains(got, "Dynamic Filter") != c.told {
					t.Errorf("%s: a filter of the join should be there: %v\n%s", sql, c.told, got)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestOptimizersAreTarns refuses to users what would change the planning of all sessions.
func TestOptimizersAreTarns(t *testing.T) {
	db, _ := openLake(t, map[string]string{"one.csv": "m\n1\n"})
	s := openSession(t, db)
	for _, sql := range []string{"set disabled_optimizers = ''", "set global disabled_optimizers = 'join_filter_pushdown'", "reset disabled_optimizers",
		"pragma disabled_optimizers = ''", "set session \"disabled_optimizers\" = ''"} {
		if got := answer(s, sql); !strings.HasPrefix(got, "ERROR") {
			t.Errorf("%s: %s, want an error", sql, got)
		}
	}
	const show = "select current_setting('disabled_optimizers')"
	if got := fmt.Sprint(answer(s, show)); !strings.HasPrefix(got, "ERROR") && got != neverUsed {
		t.Errorf("%s: %s, want %s", show, got, neverUsed)
	}
}
