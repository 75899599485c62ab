// Package ducktest has DuckDB write the Parquet files of a lake for tests. Only tests import it.
package ducktest
