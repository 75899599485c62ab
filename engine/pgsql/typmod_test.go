package pgsql

import (
	"fmt"
	"testing"
)

func TestSized(t *testing.T) {
	for sql, want := range map[string]string{
		"select 1.5": "[false]", "select n from t": "[true]", "select t.n, n + 1, n as x, sum(n) y from t": "[true false true false]",
		"select n::numeric(4,1), cast(n as numeric(5,2)), n::numeric": "[true true false]", "select *, n + 1 from t": "[true true true false]",
		"with x as (select 1.5) select n, -n from x": "[true false]", "values (1.5)": "[true]", "select n x, 1 x, f(n) x": "[true false false]",
		"select max(n) - min(n) from t": "[false]", "from t": "[true true]", "select n::numeric(3,1)[]": "[true]",
	} {
		n := 0
		for _, c := range want {
			if c == 'e' {
				n++
			}
		}
		if got := fmt.Sprint(Sized(sql, n)); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}
