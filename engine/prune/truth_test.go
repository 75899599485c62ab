package prune

import "testing"

// TestOutcomes compares, for every small range, what the tests say with what the values in it give.
func TestOutcomes(t *testing.T) {
	holds := map[Op]func(a, b int64) bool{
		Equal: func(a, b int64) bool { return a == b }, NotDistinct: func(a, b int64) bool { return a == b },
		NotEqual: func(a, b int64) bool { return a != b }, Distinct: func(a, b int64) bool { return a != b },
		Less: func(a, b int64) bool { return a < b }, LessEqual: func(a, b int64) bool { return a <= b },
		Greater: func(a, b int64) bool { return a > b }, GreaterEqual: func(a, b int64) bool { return a >= b },
	}
	for op, hold := range holds {
		for lo := range int64(5) {
			for hi := lo; hi < 5; hi++ {
				for v := range int64(5) {
					var want truth
					for x := lo; x <= hi; x++ {
						want |= outcomes(hold(x, v), !hold(x, v))
					}
					if got := tests[op](Int(v))(Int(lo), Int(hi)); got != want {
						t.Errorf("%d to %d %s %d: %03b, want %03b", lo, hi, op, v, got, want)
					}
				}
			}
		}
	}
}

// TestConnectives compares AND, OR and NOT of sets of outcomes with those of all outcomes in them: none may be missing.
func TestConnectives(t *testing.T) {
	each := []truth{canFalse, canNull, canTrue}
	least := map[truth]int{canFalse: 0, canNull: 1, canTrue: 2} // AND is the least of two, OR the greatest
	for a := truth(1); a <= anything; a++ {
		for b := truth(1); b <= anything; b++ {
			var both, one truth
			for _, x := range each {
				for _, y := range each {
					if a&x != 0 && b&y != 0 {
						both |= each[min(least[x], least[y])]
						one |= each[max(least[x], least[y])]
					}
				}
			}
			if got := (all{fixed(a), fixed(b)}).eval(0); both&^got != 0 || both&canTrue != got&canTrue {
				t.Errorf("%03b AND %03b: %03b, want %03b", a, b, got, both)
			}
			if got := (some{fixed(a), fixed(b)}).eval(0); one&^got != 0 || one&canTrue != got&canTrue {
				t.Errorf("%03b OR %03b: %03b, want %03b", a, b, got, one)
			}
		}
		if got := (negated{fixed(a)}).eval(0); got&canNull != a&canNull || (got&canTrue != 0) != (a&canFalse != 0) || (got&canFalse != 0) != (a&canTrue != 0) {
			t.Errorf("NOT %03b: %03b", a, got)
		}
	}
}
