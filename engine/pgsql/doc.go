// Package pgsql says in DuckDB's SQL what PostgreSQL's means, as edits of a statement's text. Statements may mix both: what is
// DuckDB's own, or not understood, stays as it is. What depends on the types of expressions, which are not known here, is left to
// macros with an overload for each type (typed.sql).
package pgsql
