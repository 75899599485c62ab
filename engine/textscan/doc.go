// Package textscan is a table function of DuckDB that reads delimited text and JSON through the catalog's own readers. It serves
// the files that DuckDB's readers would not read as they were proven, and the numbers of lines, which those do not tell.
package textscan
