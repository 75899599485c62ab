// Package sqltest reads SQL golden files and writes the same tables as Parquet, CSV and NDJSON for them to run over.
// Only tests import it.
package sqltest
