// Package chart draws numbers as text: bars, lines, points, histograms and sparklines, for a terminal of a given width.
package chart
