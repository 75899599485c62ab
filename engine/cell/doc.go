// Package cell writes single values of Arrow columns as text: in SQL's spelling and as JSON. It allocates nothing
// per value; every function appends to a slice that the caller owns.
package cell
