// Package pgsql says in DuckDB's SQL what PostgreSQL's means, as edits of a statement's text. Statements may mix both: what is
// DuckDB's own, or not understood, stays as it is.
package pgsql
