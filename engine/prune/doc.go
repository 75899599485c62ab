// Package prune decides which files of a table can hold rows that a scan needs, from partition values and per-file statistics.
//
// A condition is evaluated once per file over ranges instead of values: the outcome is the set of truth values that some
// row of the file may give it. A file is left out only if true is not among them. What is not known is in the set.
package prune
