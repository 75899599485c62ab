// Package repl is the door for people and scripts: it reads statements and backslash commands, runs them in a session,
// and writes results, notices and errors as text. It does not know DuckDB or sockets.
package repl
