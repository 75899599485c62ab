// Package remote is a session of a running server, over the PostgreSQL protocol, for the REPL: statements go there, rows come
// back as Arrow batches.
package remote
