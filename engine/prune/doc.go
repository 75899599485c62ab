// Package prune decides which files of a table can hold rows that a scan needs, from partition values and the statistics of
// each file. It is conservative: what it does not understand leaves no file out.
package prune
