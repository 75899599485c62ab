// Package pgwire is a client of the PostgreSQL protocol that costs next to nothing: it drains results and counts them.
// It knows what the benchmarks need: trust authentication, one statement at a time, text and binary rows, and COPY.
package pgwire
