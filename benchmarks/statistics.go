package main

import (
	"math"
	"slices"
)

// spread is a median with its range.
type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// spreadOf is exact for any number of values but none, for which it is zero.
func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	return spread{median(values), slices.Min(values), slices.Max(values)}
}

// median returns the middle value, or the mean of the two middle ones. It does not change values.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// paired returns the ratios a/b of the rounds that both have: what disturbed a round disturbed both of it.
func paired(a, b []float64) []float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if b[i] > 0 && !math.IsInf(a[i]/b[i], 0) {
			ratios = append(ratios, a[i]/b[i])
		}
	}
	return ratios
}

// addRounds adds the samples of another piece of work, round by round, for as many rounds as both have.
func addRounds(sum, samples []float64) []float64 {
	if sum == nil {
		return slices.Clone(samples)
	}
	sum = sum[:min(len(sum), len(samples))]
	for i := range sum {
		sum[i] += samples[i]
	}
	return sum
}
