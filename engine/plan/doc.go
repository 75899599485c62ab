// Package plan finds out which rows of each of the lake's tables a statement can need, by optimising it on an instance of DuckDB
// that holds empty stand-ins of the tables.
//
// DuckDB folds constants, pushes conditions down to the tables and carries some of them over joins. What it leaves, this package
// carries on: lists of values and conditions over joins, LIMIT, and ORDER BY with LIMIT. A condition that is not understood
// narrows nothing.
package plan
