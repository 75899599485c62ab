// Package storage knows where the bytes of a lake are: its root, the files under it, their identity, format and
// compression, and what a Parquet footer says. It knows nothing of SQL, tables or DuckDB.
package storage
