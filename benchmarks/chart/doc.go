// Package chart draws the benchmarks' charts as SVG: bars on a logarithmic scale, and lines over growing sizes.
package chart
