// Package unixsocket listens on a Unix socket where PostgreSQL's clients look for one, DIR/.s.PGSQL.PORT, and knows
// which of the machine's users is at the other end.
package unixsocket
