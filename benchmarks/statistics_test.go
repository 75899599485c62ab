package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{5}, 5}, {[]float64{3, 1}, 2}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5},
	} {
		before := append([]float64{}, c.values...)
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.values, got, c.want)
		}
		if diff := cmp.Diff(before, c.values); diff != "" {
			t.Errorf("median changed its argument: %s", diff)
		}
	}
}

func TestPaired(t *testing.T) {
	if diff := cmp.Diff([]float64{2, 3}, paired([]float64{2, 3, 9}, []float64{1, 1})); diff != "" {
		t.Error(diff)
	}
	if got := paired([]float64{1}, []float64{0}); got != nil {
		t.Errorf("a ratio to nothing is %v", got)
	}
}

func TestSpread(t *testing.T) {
	if got := spreadOf([]float64{3, 1, 2}); got != (spread{2, 1, 3}) {
		t.Errorf("got %v", got)
	}
	if got := spreadOf(nil); got != (spread{}) {
		t.Errorf("got %v of nothing", got)
	}
}

func TestAddRounds(t *testing.T) {
	first := []float64{1, 2, 3}
	got := addRounds(addRounds(nil, first), []float64{10, 20})
	if diff := cmp.Diff([]float64{11, 22}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{1, 2, 3}, first); diff != "" {
		t.Errorf("addRounds changed its argument: %s", diff)
	}
}

func TestDigits(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 1: "1", 1.2345: "1.23", 12.345: "12.3", 1234.5: "1234", 0.012345: "0.0123", -2.5: "-2.50", 100: "100"} {
		if got := digits(f); got != want {
			t.Errorf("digits(%v) = %q, want %q", f, got, want)
		}
	}
	for s, want := range map[float64]string{0.0000012: "1.20 µs", 0.0421: "42.1 ms", 2: "2 s", 0.99999: "1.00 s"} {
		if got := writeSeconds(s); got != want {
			t.Errorf("writeSeconds(%v) = %q, want %q", s, got, want)
		}
	}
	if got := spreadOfSeconds(spread{0.5, 0.4, 1.2}); got != "500 ms (400–1200)" {
		t.Errorf("got %q", got)
	}
}
