// Package complete says how the word before the cursor may go on: with tables and columns of the catalog, with SQL
// keywords, or with what a backslash command takes.
package complete
