// Package spool keeps the rows of a cursor: in memory up to a bound, and in a file beyond it.
package spool
