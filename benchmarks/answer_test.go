package main

import "testing"

func TestSameCell(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"1", "1.0", true}, {"0.1", "0.10000000001", true}, {"0.1", "0.1000001", false},
		{"532348211.65", "532348211.6499983", true}, {"100000000", "100000001", false},
		{"25.575154", "25.575154611454693", true}, {"25.575155", "25.575154611454693", true}, {"25.575153", "25.575154611454693", false}, {"25.575151", "25.575154611454693", false},
		{"0E-10", "0.0", true}, {"15.486", "15.48654", false}, {"0.05", "0.06", false},
		{"1995-03-11", "1995-03-11 00:00:00", true}, {"1995-03-11", "1995-03-11T00:00:00", true}, {"1995-03-11", "1995-03-12", false},
		{"2024-12-30 19:37:12", "2024-12-30 19:37:12.000000", true}, {"2024-12-30 19:37:12", "2024-12-30 19:37:13", false},
		{"2024-12-30 19:37:12Z", "2024-12-30 19:37:12+00:00", true},
		{"true", "t", true}, {"True", "f", false}, {"Ann", "Ann  ", true}, {"Tom", " om", false}, {"", "0", false}, {"", "", true},
	} {
		if got := sameCell(c.a, c.b); got != c.same {
			t.Errorf("sameCell(%q, %q) = %v", c.a, c.b, got)
		}
		if got := sameCell(c.b, c.a); got != c.same {
			t.Errorf("sameCell(%q, %q) = %v", c.b, c.a, got)
		}
	}
}

func TestDifference(t *testing.T) {
	right := [][]string{{"a", "1"}, {"b", "2"}, {"c", "2"}}
	for _, c := range []struct {
		name    string
		ordered []int
		rows    [][]string
		want    string
	}{
		{"the same", []int{2}, right, ""},
		{"a tie in another order", []int{2}, [][]string{{"a", "1"}, {"c", "2"}, {"b", "2"}}, ""},
		{"another order", []int{2}, [][]string{{"b", "2"}, {"a", "1"}, {"c", "2"}}, `row 1 is ordered differently: ["b" "2"] instead of ["a" "1"]`},
		{"any order", nil, [][]string{{"c", "2"}, {"a", "1.0"}, {"b", "2"}}, ""},
		{"fewer rows", nil, right[:2], "2 rows instead of 3"},
		{"another row", nil, [][]string{{"a", "1"}, {"b", "2"}, {"c", "3"}}, `["c" "3"] instead of ["c" "2"]`},
		{"a row twice", nil, [][]string{{"a", "1"}, {"b", "2"}, {"b", "2"}}, `["b" "2"] instead of ["c" "2"]`},
		{"fewer columns", []int{2}, [][]string{{"a"}, {"b"}, {"c"}}, `row 1 is ordered differently: ["a"] instead of ["a" "1"]`},
	} {
		if got := (expected{rows: right, ordered: c.ordered}).difference(c.rows); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
