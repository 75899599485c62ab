// Package copyin reads the rows that COPY FROM STDIN gets, as text, CSV or PostgreSQL's binary format, from pieces of any size.
package copyin
