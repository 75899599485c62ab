// Package plan finds out, on an instance of DuckDB that holds empty stand-ins of the lake's tables, which rows of each table a
// statement can need.
package plan
