// Package sqltype describes the SQL types of columns: their structure, their spelling, and the least
// common type of two of them.
//
// The names and the structure are DuckDB's (https://duckdb.org/docs/stable/sql/data_types/overview), written
// down here without DuckDB so that the catalog, which does not know the engine, can hold them.
package sqltype
