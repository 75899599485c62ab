// Package catalog turns files into tables: it names them, infers and joins their schemas, finds partitions, keeps
// versions and statistics, and stores all of it in SQLite so that the next start reads only what changed. It does
// not know DuckDB, SQL statements or the network.
package catalog
