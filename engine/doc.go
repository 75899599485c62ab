// Package engine is the only importer of DuckDB. It gives sessions that run SQL over a catalog's tables and stream
// results as Arrow record batches, and errors that say what went wrong in which file. It does not know PostgreSQL
// messages, terminals or flags.
package engine
